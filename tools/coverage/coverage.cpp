#include "tools/coverage/coverage.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "tools/analysis/limits.hpp"
#include "tools/analysis/signs.hpp"
#include "tools/coverage/exercise.hpp"
#include "tools/coverage/paragraphs.hpp"
#include "tools/coverage/reach.hpp"

namespace toll::tools {
namespace {

using What = CoverageItem::Kind;

constexpr std::array<std::pair<What, std::string_view>, 9> kNames = {{
    {What::row, "row"},
    {What::rule, "rule"},
    {What::loop, "loop"},
    {What::procedure, "procedure"},
    {What::transition, "transition"},
    {What::timer, "timer"},
    {What::event, "event"},
    {What::bound, "bound"},
    {What::paragraph, "paragraph"},
}};

bool decides(Op op) { return op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge; }

class Measure {
 public:
  Measure(const dsl::Policy& policy, const dsl::SourceSet& sources, const Exercised& done)
      : policy_(policy),
        core_(*policy.core),
        places_(policy, sources),
        done_(done),
        reach_(core_),
        limits_(core_),
        signs_(core_) {}

  std::vector<CoverageItem> items() {
    for (std::uint32_t table = 0; table < core_.tables.size(); ++table) rows(table);
    for (std::uint32_t block = 0; block < core_.blocks.size(); ++block)
      if (reach_.blocks()[block]) procedure(block);
    for (NodeId node = 0; node < core_.nodes.size(); ++node)
      if (reach_.nodes[node]) expression(node);
    events();
    for (std::uint32_t i = 0; i < core_.timers.size(); ++i)
      add(What::timer, core_.timers[i].clause, {}, {"coverage.timer", {core_.timers[i].name}},
          done_.timers[i]);
    for (std::uint32_t i = 0; i < core_.machines.size(); ++i) machine(i);
    for (const ParagraphUse& use : paragraphs_of(policy_))
      add(What::paragraph, kNone, use.paragraph->span,
          {"coverage.paragraph", {use.paragraph->id, use.document->title}}, use.implemented);
    std::stable_sort(out_.begin(), out_.end(), [](const CoverageItem& a, const CoverageItem& b) {
      return std::tie(a.place.file, a.place.line, a.place.column, a.kind) <
             std::tie(b.place.file, b.place.line, b.place.column, b.kind);
    });
    return std::move(out_);
  }

 private:
  void add(What kind, ClauseId clause, dsl::SourceSpan span, Message says, bool covered) {
    CoverageItem item;
    item.kind = kind;
    item.place = places_.place(clause, span);
    if (item.place.line == 0) return;  // nobody wrote it
    item.says = std::move(says);
    item.line = span.end != 0 ? places_.line_text(span) : places_.line_text(clause);
    item.covered = covered;
    out_.push_back(std::move(item));
  }

  /// A table that nothing reads is none that scenarios could exercise.
  [[nodiscard]] bool is_read(std::uint32_t table) const {
    for (NodeId node = 0; node < core_.nodes.size(); ++node)
      if (reach_.nodes[node] && core_.nodes[node].op == Op::lookup && core_.nodes[node].a == table)
        return true;
    return std::any_of(reach_.columns.begin(), reach_.columns.end(),
                       [table](const Reach::Read& read) { return read.table == table; });
  }

  void rows(std::uint32_t index) {
    const Table& table = core_.tables[index];
    if (!is_read(index)) return;
    for (std::uint32_t i = 0; i < table.rows.size(); ++i) {
      const Table::Row& row = table.rows[i];
      const Exercised::Row& done = done_.rows[index][i];
      // Nobody can have so many: `toll lint` says so of the row.
      const std::optional<Value> most = limits_.of(table, row);
      if (most && row.cells[table.band] > *most) continue;
      const std::string name = places_.row_name(table, row);
      add(What::row, row.clause, {}, {"coverage.row", {table.name, name}}, done.read);
      if (table.band == kNone || row.cells[table.band] == 0) continue;
      const Type& type = table.columns[table.band].type;
      const Value bound = row.cells[table.band];
      add(What::bound, row.clause, {},
          {"coverage.at-bound", {table.name, name, places_.value(type, bound)}}, done.at_bound);
      if (i == 0 || (most && bound - 1 > *most)) continue;
      add(What::bound, table.rows[i - 1].clause, {},
          {"coverage.below-bound",
           {table.name, places_.row_name(table, table.rows[i - 1]),
            places_.value(type, bound - 1)}},
          done_.rows[index][i - 1].below);
    }
  }

  void procedure(std::uint32_t index) {
    const Block& block = core_.blocks[index];
    // Events and timers are told as such.
    const bool own = std::any_of(core_.timers.begin(), core_.timers.end(),
                                 [&](const Timer& timer) { return timer.block == index; }) ||
                     std::any_of(core_.events.begin(), core_.events.end(),
                                 [&](const EventType& event) { return event.block == index; });
    if (!block.effects.empty() && !own) {
      const Effect& first = block.effects.front();
      const dsl::SourceSpan span = places_.span_in(first);
      if (span.end != 0 && block.clause != kNone && told_.insert(block.clause).second)
        add(What::procedure, block.clause, {}, {"coverage.procedure", {block.name}},
            done_.effects.count(&first) != 0);
    }
    effects(block.effects);
  }

  void effects(const Effects& all) {
    for (const Effect& effect : all) {
      if (effect.what == Effect::Do::choose) {
        for (const Rule& rule : effect.rules) choice(rule);
      }
      if (dsl::has_source(effect) && !effect.effects.empty()) {
        const dsl::SourceSpan span = places_.span_in(effect.effects.front());
        if (span.end != 0)
          add(What::loop, effect.clause, span, {"coverage.loop", {places_.line_text(span)}},
              done_.effects.count(&effect.effects.front()) != 0);
      }
      effects(effect.effects);
      for (const Rule& rule : effect.rules) effects(rule.effects);
    }
  }

  void choice(const Rule& rule) {
    dsl::SourceSpan span = places_.span_in(rule.guard);
    for (const Effect& effect : rule.effects)
      if (span.end == 0) span = places_.span_in(effect);
    if (rule.clause == kNone || span.end == 0 || !told_.insert(rule.clause).second) return;
    add(What::rule, rule.clause, {}, {"coverage.rule", {places_.line_text(rule.clause)}},
        done_.clauses[rule.clause]);
  }

  void expression(NodeId id) {
    const Node& node = core_.nodes[id];
    if (node.op == Op::cases) {
      for (std::size_t i = 0; i < node.case_clauses.size(); ++i) {
        const ClauseId clause = node.case_clauses[i];
        const dsl::SourceSpan span = places_.span_in(node.args[2 * i + 1]);
        if (clause == kNone || !told_.insert(clause).second) continue;
        add(What::rule, clause, span, {"coverage.case", {places_.line_text(clause)}},
            done_.clauses[clause]);
      }
      return;
    }
    const dsl::SourceSpan span = places_.span_of(id);
    if (!decides(node.op) || span.end == 0 || !signs_.can_equal(id)) return;
    // Each copy of it that a declaration became would do.
    const auto [place, fresh] =
        bounds_.emplace(std::tuple(span.file, span.begin, span.end), out_.size());
    if (!fresh) {
      if (done_.equal[id]) out_[place->second].covered = true;
      return;
    }
    add(What::bound, kNone, span, {"coverage.equal", {places_.text(span)}}, done_.equal[id]);
  }

  void events() {
    for (std::uint32_t i = 0; i < core_.events.size(); ++i) {
      const EventType& event = core_.events[i];
      add(What::event, event.clause, {}, {"coverage.event", {event.name}}, done_.events[i]);
      for (const EventType::Refusal& refusal : event.refusals) {
        if (refusal.clause == kNone || !told_.insert(refusal.clause).second) continue;
        add(What::rule, refusal.clause, {}, {"coverage.rule", {places_.line_text(refusal.clause)}},
            done_.clauses[refusal.clause]);
      }
    }
  }

  void machine(std::uint32_t index) {
    const Machine& machine = core_.machines[index];
    const auto state = [&](Value value) {
      return core_.domains[machine.domain].names[static_cast<std::size_t>(value)].shown;
    };
    for (const Machine::Edge& edge : machine.edges) {
      for (const Value from : edge.from) {
        if (from == edge.to) continue;
        add(What::transition, edge.clause, {},
            {"coverage.transition", {machine.name, state(from), state(edge.to)}},
            done_.moves.count({index, from, edge.to}) != 0);
      }
    }
  }

  const dsl::Policy& policy_;
  const Core& core_;
  PolicyPlaces places_;
  const Exercised& done_;
  Reach reach_;
  Limits limits_;
  Signs signs_;
  std::set<ClauseId> told_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::size_t> bounds_;
  std::vector<CoverageItem> out_;
};

}  // namespace

std::string_view to_string(What kind) {
  for (const auto& [known, name] : kNames)
    if (known == kind) return name;
  return {};
}

std::size_t Coverage::covered() const {
  return static_cast<std::size_t>(std::count_if(
      items.begin(), items.end(), [](const CoverageItem& item) { return item.covered; }));
}

std::map<What, Coverage::Count> Coverage::by_kind() const {
  std::map<What, Count> counts;
  for (const CoverageItem& item : items) {
    Count& count = counts[item.kind];
    ++count.total;
    count.covered += item.covered ? 1 : 0;
  }
  return counts;
}

std::size_t Coverage::permille() const { return total() == 0 ? 1000 : covered() * 1000 / total(); }

std::string Coverage::percent() const {
  return std::to_string(permille() / 10) + "." + std::to_string(permille() % 10) + "%";
}

Coverage measure_coverage(const dsl::Policy& policy, const dsl::SourceSet& sources,
                          const std::function<bool(const dsl::Scenario&)>& wanted) {
  const std::shared_ptr<const Program> program = prepare(policy.core);
  Exercised done(*policy.core);
  for (const dsl::Scenario& scenario : policy.scenarios)
    if (wanted(scenario)) done.add(exercise(program, scenario));
  Coverage coverage;
  coverage.items = Measure(policy, sources, done).items();
  return coverage;
}

}  // namespace toll::tools
