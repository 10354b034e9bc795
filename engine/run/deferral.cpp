#include "engine/run/deferral.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/kernel/calendar.hpp"
#include "engine/run/program.hpp"

namespace toll {
namespace {

constexpr Value kMostNarrow = INT64_MAX;
constexpr Value kMostDays = kLastDay / 4;
constexpr Value kMostMonths = kMostDays / 31;
constexpr Value kMostInstant = kMostDays * kNanosPerDay;

Value magnitude(Value value) { return value == kAbsent ? 0 : value < 0 ? -value : value; }

/// What a cell holds, whatever its sign; 0: anything that a value of its kind can be.
Value most_in(RecordLayout::Store store) {
  using Store = RecordLayout::Store;
  switch (store) {
    case Store::int32:
      return INT32_MAX;
    case Store::int64:
      return kMostNarrow - 1;
    case Store::int80:
      return static_cast<Value>(1) << 78;
    case Store::int128:
      return static_cast<Value>(1) << 120;
    case Store::byte:
    case Store::handle:
      return 0;
  }
  return 0;
}

/// One loop: whether it may be put off, and what it needs then.
class Loop {
 public:
  Loop(const Program& program, std::uint32_t step, std::uint32_t block, ClauseId clause)
      : p_(program), loop_(program.steps[step]) {
    made_.step = step;
    made_.clause = clause;
    made_.frame = program.blocks[block].frame;
  }

  std::optional<Deferral> find() {
    const RowSource& source = *loop_.source;
    if (source.of != Source::Of::table || !source.by.empty()) return {};
    made_.table = source.index;
    bound_.push_back(source.slot);
    const NodeId where = loop_.effect->source.where;
    if (!fine(source.at) || !fine(where) || !steps(loop_.steps) || key_ == kNone) return {};
    if (made_.captures.size() > kMostCaptures || !lay_out_rows()) return {};
    for (const std::uint32_t family : made_.families) {
      made_.most_made = std::max(made_.most_made, makes_[family]);
    }
    return std::move(made_);
  }

 private:
  static constexpr std::size_t kMostCaptures = 8;
  static constexpr int kDeepest = 40;

  bool lay_out_rows() {
    const Cells& cells = p_.tables[made_.table].cells;
    for (std::uint32_t row = 0; row < cells.rows; ++row) {
      const Value key = cells.at(row, key_);
      if (key == kAbsent || magnitude(key) >= kMostNarrow) return false;
      made_.rows.push_back({static_cast<std::int64_t>(key), row});
    }
    std::stable_sort(made_.rows.begin(), made_.rows.end(),
                     [](const Deferral::Row& a, const Deferral::Row& b) { return a.key < b.key; });
    return true;
  }

  // -- what it does
  bool steps(Range range) {
    for (std::uint32_t i = 0; i < range.count; ++i) {
      if (!step(p_.steps[range.first + i])) return false;
    }
    return true;
  }

  bool step(const Step& step) {
    const auto args = p_.at(step.args);
    switch (step.what) {
      case Effect::Do::choose:
        for (std::uint32_t i = 0; i < step.rules.count; ++i) {
          const Choice& choice = p_.choices[step.rules.first + i];
          if (!fine(choice.guard) || !steps(choice.steps)) return false;
        }
        return true;
      case Effect::Do::set_cell:
        return is_own(step.a) && keyed_by(step.a, args.subspan(1)) &&
               holds(step.a, step.b, args[0]) && makes(step.a);
      case Effect::Do::put: {
        const FamilyShape& shape = p_.families[step.a];
        if (!is_own(step.a) || step.b != kNone || shape.index == kNone) return false;
        if (!is_key(args[shape.index])) return false;
        for (std::uint32_t i = 0; i < args.size(); ++i) {
          if (args[i] != kNoNode && !holds(step.a, i, args[i])) return false;
        }
        return makes(step.a);
      }
      default:
        return false;
    }
  }

  [[nodiscard]] bool is_own(std::uint32_t family) const {
    const FamilyShape& shape = p_.families[family];
    return !shape.event_scope && !shape.tracked;
  }

  bool makes(std::uint32_t family) {
    makes_.resize(p_.families.size());
    if (makes_[family]++ == 0) made_.families.push_back(family);
    return true;
  }

  /// The column of the row at hand by which all it writes is found.
  bool is_key(NodeId node) {
    if (node == kNoNode) return false;
    const Term& term = p_.terms[node];
    if (term.op != Op::row_field || term.of != Of::table) return false;
    const Term& row = p_.terms[term.x];
    if (row.op != Op::local || row.a != loop_.source->slot) return false;
    if (key_ == kNone) key_ = term.a;
    return key_ == term.a;
  }

  bool keyed_by(std::uint32_t family, std::span<const std::uint32_t> keys) {
    if (!p_.families[family].keyed || keys.empty() || !is_key(keys[0])) return false;
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
      if (!holds(family, i, keys[i])) return false;
    }
    return true;
  }

  bool holds(std::uint32_t family, std::uint32_t field, NodeId node) {
    const std::optional<Value> most = most_of(node);
    const Value room = most_in(p_.families[family].layout.cell(field).store);
    return most && (room == 0 || *most <= room);
  }

  // -- what it reckons with
  bool fine(NodeId node) { return node == kNoNode || most_of(node).has_value(); }

  /// The greatest magnitude of what an expression comes to; nothing: it looks at more than one key,
  /// or could go out of range. (Of names, texts and the like any number will do.)
  std::optional<Value> most_of(NodeId node) {
    if (node == kNoNode || ++depth_ > kDeepest) return {};
    const std::optional<Value> most = most_of(p_.terms[node]);
    --depth_;
    return most;
  }

  std::optional<Value> most_of(const Term& term) {
    const auto operands = p_.at(term.operands);
    switch (term.op) {
      case Op::constant:
        return magnitude(p_.constants[term.a]);
      case Op::now:
      case Op::clock:
        return kLastDeferred;
      case Op::universe:
        return 0;
      case Op::local:
        return local(term);
      case Op::row_field:
        return column(term);
      case Op::cell: {
        if (!is_own(term.a) || !keyed_by(term.a, operands)) return {};
        read_.push_back(term.a);
        return term.kind == Kind::boolean || term.kind == Kind::name ? Value{1} : kMostNarrow;
      }
      case Op::lookup:
      case Op::eq:
      case Op::ne:
      case Op::lt:
      case Op::le:
      case Op::gt:
      case Op::ge:
      case Op::in_set:
      case Op::logical_and:
      case Op::logical_or:
      case Op::logical_not:
      case Op::present:
        return all_fine(operands) ? std::optional<Value>(p_.terms.size()) : std::nullopt;
      case Op::coalesce:
      case Op::minimum:
      case Op::maximum:
        return most_of_all(operands);
      case Op::cases:
        return cases(operands);
      case Op::aggregate:
        return fold(p_.folds[term.a]);
      case Op::add:
      case Op::sub:
      case Op::neg:
        return sum(operands);
      case Op::month_of:
      case Op::month_start:
      case Op::add_months:
      case Op::date_of:
      case Op::date_start:
        return date(term);
      default:
        return {};
    }
  }

  bool all_fine(std::span<const std::uint32_t> nodes) {
    return std::all_of(nodes.begin(), nodes.end(), [&](NodeId node) { return fine(node); });
  }

  std::optional<Value> most_of_all(std::span<const std::uint32_t> nodes) {
    Value most = 0;
    for (const NodeId node : nodes) {
      const std::optional<Value> one = most_of(node);
      if (!one) return {};
      most = std::max(most, *one);
    }
    return most;
  }

  std::optional<Value> sum(std::span<const std::uint32_t> nodes) {
    Value sum = 0;
    for (const NodeId node : nodes) {
      const std::optional<Value> one = most_of(node);
      if (!one || *one > static_cast<Value>(1) << 120) return {};
      sum += *one;
    }
    return sum;
  }

  std::optional<Value> cases(std::span<const std::uint32_t> nodes) {
    Value most = 0;
    for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) {
      const std::optional<Value> one = most_of(nodes[i + 1]);
      if (!fine(nodes[i]) || !one) return {};
      most = std::max(most, *one);
    }
    return most;
  }

  /// A slot set inside the loop, or one that is kept as it is.
  std::optional<Value> local(const Term& term) {
    if (std::find(bound_.begin(), bound_.end(), term.a) != bound_.end()) return 0;
    switch (term.kind) {
      case Kind::boolean:
      case Kind::name:
      case Kind::set:
      case Kind::number:
      case Kind::instant:
      case Kind::date:
      case Kind::month:
      case Kind::span:
        break;
      default:
        return {};
    }
    const auto known =
        std::find_if(made_.captures.begin(), made_.captures.end(),
                     [&](const Deferral::Capture& one) { return one.slot == term.a; });
    if (known == made_.captures.end()) made_.captures.push_back({term.a, term.kind});
    return kMostNarrow;
  }

  std::optional<Value> column(const Term& term) {
    if (term.of != Of::table || !fine(term.x)) return {};
    const Cells& cells = p_.tables[term.b].cells;
    Value most = 0;
    if (term.kind != Kind::text) {
      for (std::uint32_t row = 0; row < cells.rows; ++row) {
        most = std::max(most, magnitude(cells.at(row, term.a)));
      }
    }
    return most;
  }

  std::optional<Value> fold(const RowFold& fold) {
    const RowSource& source = fold.source;
    if (fold.fn == Aggregate::Fn::sum || source.of != Source::Of::table) return {};
    if (!fine(source.at) || !all_fine(p_.at(source.keys))) return {};
    bound_.push_back(source.slot);
    bool good = all_fine(p_.at(source.where));
    for (const RowSource::SortKey& key : source.by) good = good && fine(key.node);
    const std::optional<Value> most = fold.body == kNoNode
                                          ? std::optional<Value>(p_.tables[source.index].cells.rows)
                                          : most_of(fold.body);
    bound_.pop_back();
    return good ? most : std::nullopt;
  }

  /// Within a fourth of what the calendar knows, operations of it stay within it.
  std::optional<Value> date(const Term& term) {
    const std::optional<Value> of = most_of(term.x);
    if (!of) return {};
    const bool instant = term.arg_kind == Kind::instant;
    const bool month = term.arg_kind == Kind::month;
    if (*of > (instant ? kMostInstant : month ? kMostMonths : kMostDays)) return {};
    constexpr Value kEpoch = 720'000;  // days of the years before 1970, and some
    const Value days = instant ? *of / kNanosPerDay + 2 : *of;
    switch (term.op) {
      case Op::month_of:
        return (days + kEpoch) / 28 + 1;
      case Op::date_of:
        return days;
      case Op::month_start:
        return 31 * *of + kEpoch;
      case Op::date_start:
        return (*of + 2) * kNanosPerDay;
      default: {
        const std::optional<Value> count = most_of(term.y);
        if (!count || *count > kMostMonths) return {};
        return instant ? *of + 31 * *count * kNanosPerDay : *of + 31 * *count;
      }
    }
  }

  const Program& p_;
  const Step& loop_;
  Deferral made_;
  std::uint32_t key_ = kNone;
  std::vector<std::uint32_t> bound_;  // slots that it sets itself
  std::vector<std::uint32_t> makes_;  // by family: how many rows at most
  std::vector<std::uint32_t> read_;
  int depth_ = 0;

 public:
  /// All families whose rows it reads or writes.
  [[nodiscard]] std::vector<std::uint32_t> touched() const {
    std::vector<std::uint32_t> all = made_.families;
    all.insert(all.end(), read_.begin(), read_.end());
    return all;
  }
};

class Finder {
 public:
  explicit Finder(const Program& program) : p_(program) {}

  std::vector<Deferral> find() {
    if (keeps_rows()) return {};
    for (std::uint32_t i = 0; i < p_.blocks.size(); ++i) {
      look(p_.blocks[i].steps, i, p_.core->blocks[i].clause);
    }
    return std::move(made_);
  }

 private:
  /// Rows that are made late have other numbers for a while: nobody may keep them.
  [[nodiscard]] bool keeps_rows() const {
    const auto is_row = [](const Type& type) {
      return type.kind == Kind::row || type.kind == Kind::list;
    };
    for (const Register& reg : p_.core->registers) {
      if (is_row(reg.type)) return true;
    }
    for (const Family& family : p_.core->families) {
      if (family.event_scope) continue;
      for (const Family::Field& field : family.fields) {
        if (is_row(field.type)) return true;
      }
    }
    return false;
  }

  void look(Range steps, std::uint32_t block, ClauseId clause) {
    for (std::uint32_t i = 0; i < steps.count; ++i) {
      const Step& step = p_.steps[steps.first + i];
      const ClauseId by = step.clause != kNone ? step.clause : clause;
      for (std::uint32_t k = 0; k < step.rules.count; ++k) {
        const Choice& choice = p_.choices[step.rules.first + k];
        look(choice.steps, block, choice.clause != kNone ? choice.clause : by);
      }
      if (step.what != Effect::Do::each) continue;
      Loop loop(p_, steps.first + i, block, by);
      std::optional<Deferral> found = loop.find();
      if (!found) continue;
      // What it reads has to be its own or that of another loop like it.
      const auto touched = loop.touched();
      const bool own = std::all_of(touched.begin(), touched.end(), [&](std::uint32_t family) {
        return !moves_rows(family) && !tells_places(family) &&
               std::find(found->families.begin(), found->families.end(), family) !=
                   found->families.end();
      });
      if (own) made_.push_back(std::move(*found));
    }
  }

  /// Somebody writes what a row is found by.
  [[nodiscard]] bool moves_rows(std::uint32_t family) const {
    const std::uint32_t index = p_.families[family].index;
    return std::any_of(p_.steps.begin(), p_.steps.end(), [&](const Step& step) {
      const bool writes = step.what == Effect::Do::set_row || step.what == Effect::Do::draw;
      return writes && step.a == family && step.b == index;
    });
  }

  /// Somebody asks where a row stands, other than to put rows in order.
  [[nodiscard]] bool tells_places(std::uint32_t family) {
    if (!looked_) look_for_places();
    return tells_[family];
  }

  void look_for_places() {
    looked_ = true;
    tells_.assign(p_.families.size(), false);
    std::set<NodeId> orders;
    const auto note = [&](const RowSource& source) {
      for (const RowSource::SortKey& key : source.by) orders.insert(key.node);
    };
    for (const RowFold& fold : p_.folds) note(fold.source);
    for (const ViewPlan& view : p_.views) note(view.source);
    for (const Step& step : p_.steps) {
      if (step.source != nullptr) note(*step.source);
      for (const Step::Rows& rows : step.rows) note(rows.source);
      if (step.what != Effect::Do::emit) continue;
      told(p_.at(step.args));
      for (const Step::Rows& rows : step.rows) told(p_.at(rows.columns));
    }
    for (NodeId node = 0; node < p_.terms.size(); ++node) {
      const Term& term = p_.terms[node];
      switch (term.op) {
        case Op::arrival:
          if (!orders.contains(node)) told(p_.at(term.operands));
          break;
        case Op::row_field:
        case Op::present:
        case Op::eq:
        case Op::ne:
        case Op::coalesce:
        case Op::cases:
        case Op::call:
        case Op::cell:
        case Op::logical_and:
        case Op::logical_or:
        case Op::logical_not:
          break;
        default:
          told(p_.at(term.operands));
      }
    }
  }

  void told(std::span<const std::uint32_t> nodes) {
    for (const NodeId node : nodes) {
      if (node == kNoNode) continue;
      const Type& type = p_.core->nodes[node].type;
      if (type.kind == Kind::row && type.of == Of::family) tells_[type.ref] = true;
    }
  }

  const Program& p_;
  std::vector<Deferral> made_;
  std::vector<bool> tells_;  // by family
  bool looked_ = false;
};

}  // namespace

std::span<const Deferral::Row> Deferral::rows_of(std::int64_t key) const {
  const auto first =
      std::lower_bound(rows.begin(), rows.end(), key,
                       [](const Row& row, std::int64_t sought) { return row.key < sought; });
  auto last = first;
  while (last != rows.end() && last->key == key) ++last;
  return {first, last};
}

std::vector<Deferral> find_deferrals(const Program& program) { return Finder(program).find(); }

}  // namespace toll
