// No price is missing in silence: the names that a tariff prices have rows or are excepted from it,
// and an amount that a ledger entry may leave out is declared with `?`.

#include <algorithm>
#include <map>
#include <set>

#include "dsl/checks/conditions.hpp"
#include "dsl/checks/coverage.hpp"
#include "dsl/checks/walk.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

/// Tables that tariffs price by say of each name whether it has a price.
void look_at_tariffs(const Subject& subject, Findings& found) {
  const Core& core = subject.core;
  std::set<std::uint32_t> seen;
  std::map<std::string, std::vector<std::uint32_t>> tables;  // by the part that a table is
  for (std::uint32_t index = 0; index < core.tables.size(); ++index) {
    tables["table:" + core.tables[index].name].push_back(index);
  }
  for (const Declaration& tariff : core.declarations) {
    if (tariff.lead != "tariff") continue;
    std::set<std::uint32_t> priced;
    for (const std::string& part : tariff.parts) {
      const auto known = tables.find(part);
      if (known != tables.end()) priced.insert(known->second.begin(), known->second.end());
    }
    for (const std::uint32_t index : priced) {
      const Table& table = core.tables[index];
      if (has_otherwise(table) || !seen.insert(index).second) continue;
      Findings ignored;  // check_once says what is wrong with them
      const std::vector<Coverage> said = coverages_of(subject, index, ignored);
      for (const std::uint32_t key : table.keys) {
        const Type& type = table.columns[key].type;
        const bool covered = std::any_of(said.begin(), said.end(),
                                         [&](const Coverage& one) { return one.column == key; });
        if (type.kind != Kind::name || covered) continue;
        const Domain& domain = core.domains[type.ref];
        const auto periods = periods_of(table, key, domain.names.size());
        for (std::size_t name = 0; name < domain.names.size(); ++name) {
          if (!periods[name].empty()) continue;
          const Domain::Name& one = domain.names[name];
          found.push_back({subject.span(table.clause),
                           {"E1011.tariff", {one.shown, table.name}},
                           one.shown,
                           {{subject.span(one.clause), {"check.named-here", {one.shown}}},
                            {subject.span(tariff.clause), {"check.tariff-here", {tariff.name}}}},
                           {"E1011.tariff.help", {table.columns[key].name, one.shown}}});
          break;  // one name is enough to see what is missing
        }
      }
    }
  }
}

bool is_money(const Core& core, const Type& type) {
  if (type.kind != Kind::number || type.scale == 0) return false;
  return std::any_of(std::begin(type.dimension.powers), std::end(type.dimension.powers),
                     [&](const Dimension::Power& power) {
                       return power.unit != 0 && core.units[power.unit].currency;
                     });
}

/// Is a value surely there, although its type says that it may be absent?
class Presence {
 public:
  /// `around`: the conditions that hold where the value is used.
  Presence(const Core& core, Question around) : core_(core), question_(std::move(around)) {
    const std::uint32_t event = question_.event;
    if (event == kNone) return;
    // What was refused never comes here.
    for (const EventType::Refusal& refusal : core.events[event].refusals) {
      question_.fail.push_back(refusal.guard);
    }
  }

  bool sure(NodeId id) {
    const Node& node = core_.nodes[id];
    if (!node.type.optional) return true;
    const auto all = [&] {
      return std::all_of(node.args.begin(), node.args.end(), [&](NodeId arg) { return sure(arg); });
    };
    const auto any = [&] {
      return std::any_of(node.args.begin(), node.args.end(), [&](NodeId arg) { return sure(arg); });
    };
    switch (node.op) {
      case Op::constant:
        return node.value != kAbsent;
      case Op::local: {
        const auto let = question_.lets->find(node.a);
        return let != question_.lets->end() && sure(let->second);
      }
      case Op::row_field: {
        const Type& row = core_.nodes[node.args[0]].type;
        const bool kept =
            row.of == Of::table && !core_.tables[row.ref].columns[node.a].type.optional;
        return (kept && sure(node.args[0])) || excluded(id);
      }
      case Op::lookup:
        return always_found(node) || excluded(id);
      case Op::add:
      case Op::sub:
      case Op::mul:
      case Op::neg:
      case Op::rescale:
      case Op::round_div:
        return all();
      case Op::coalesce:
      case Op::minimum:
      case Op::maximum:
        return any();
      case Op::cases:
        return cases(node);
      case Op::aggregate:
        return core_.aggregates[node.a].fn == Aggregate::Fn::sum &&
               sure(core_.aggregates[node.a].body);
      default:
        return excluded(id);
    }
  }

 private:
  bool cases(const Node& node) {
    const Question before = question_;
    bool found = true;
    for (std::size_t i = 0; i + 1 < node.args.size() && found; i += 2) {
      Question inside = question_;
      inside.hold.push_back(node.args[i]);
      std::swap(question_, inside);
      found = sure(node.args[i + 1]);
      std::swap(question_, inside);
      question_.fail.push_back(node.args[i]);
    }
    question_ = before;
    return found;
  }

  /// No situation is left in which the value is absent.
  bool excluded(NodeId id) const {
    Question question = question_;
    question.absent.push_back(id);
    return !possible(core_, question);
  }

  /// A table without dates that has a row for all values of its keys: bands have no gaps.
  bool always_found(const Node& lookup) const {
    const Table& table = core_.tables[lookup.a];
    if (table.dated || table.rows.empty()) return false;
    std::size_t combinations = 1;
    for (std::size_t i = 0; i < table.keys.size(); ++i) {
      const Type& type = table.columns[table.keys[i]].type;
      const Node& key = core_.nodes[lookup.args[i]];
      const bool known = !key.type.optional && type.kind == Kind::name &&
                         key.type.ref == type.ref &&
                         is_known_name(core_, lookup.args[i], question_.event);
      if (!known) return false;
      combinations *= core_.domains[type.ref].names.size();
      if (combinations > table.rows.size()) return false;
    }
    std::set<std::vector<Value>> found;
    for (const Table::Row& row : table.rows) {
      std::vector<Value> keys;
      for (const std::uint32_t key : table.keys) keys.push_back(row.cells[key]);
      found.insert(std::move(keys));
    }
    return found.size() >= combinations;
  }

  const Core& core_;
  Question question_;
};

/// The members of entries that rules fill in, each for every event at hand.
class Entries {
 public:
  Entries(const Subject& subject, Findings& found)
      : subject_(subject), core_(subject.core), found_(found) {}

  void look() {
    for (std::uint32_t i = 0; i < core_.events.size(); ++i) {
      event_ = i;
      seen_.clear();
      block(core_.events[i].block);
    }
    event_ = kNone;
    seen_.clear();
    for (const Timer& timer : core_.timers) block(timer.block);
  }

 private:
  void block(std::uint32_t index) {
    if (index == kNone || !seen_.insert(index).second) return;
    effects(core_.blocks[index].effects, {}, {});
  }

  void effects(const Effects& list, Lets lets, const Question& around) {
    for (const Effect& effect : list) {
      if (effect.what == Effect::Do::run) block(effect.a);
      if (effect.what == Effect::Do::emit) emit(effect, lets, around);
      Lets inside = lets;
      if (has_source(effect)) inside.erase(effect.source.slot);
      inside.erase(effect.took_slot);
      effects(effect.effects, std::move(inside), around);
      Question rules = around;
      for (const Rule& rule : effect.rules) {
        Question one = rules;
        one.hold.push_back(rule.guard);
        effects(rule.effects, lets, one);
        rules.fail.push_back(rule.guard);
      }
      lets.erase(effect.rest_slot);
      if (effect.what == Effect::Do::put) lets.erase(effect.b);
      if (effect.what == Effect::Do::let) lets[effect.a] = effect.args[0];
    }
  }

  void emit(const Effect& effect, const Lets& lets, Question around) {
    around.event = event_;
    around.lets = &lets;
    const EntryKind& entry = core_.entries[effect.a];
    for (std::size_t i = 0; i < effect.fields.size(); ++i) {
      value(around, entry, entry.members[effect.fields[i]], effect.args[i]);
    }
    for (const Effect::EmitRows& rows : effect.rows) {
      const auto& columns = entry.members[rows.member].columns;
      for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        value(around, entry, columns[i], rows.columns[i]);
      }
    }
  }

  void value(const Question& around, const EntryKind& entry, const EntryKind::Member& member,
             NodeId id) {
    if (id == kNoNode || member.null_if_absent || !is_money(core_, member.type)) return;
    const Node& node = core_.nodes[id];
    // A literal `none` is said in so many words.
    if (!node.type.optional || node.op == Op::constant || said_.count(id) != 0) return;
    if (Presence(core_, around).sure(id)) return;
    said_.insert(id);
    found_.push_back(
        {subject_.node_span(id),
         {"E1011.entry", {member.name, entry.name}},
         member.name,
         {{subject_.named_in(entry.clause, member.name), {"check.member-here", {member.name}}}},
         {}});
  }

  const Subject& subject_;
  const Core& core_;
  Findings& found_;
  std::uint32_t event_ = kNone;
  std::set<std::uint32_t> seen_;
  std::set<NodeId> said_;
};

}  // namespace

void check_prices(const Subject& subject, Findings& found) {
  look_at_tariffs(subject, found);
  Entries(subject, found).look();
}

}  // namespace toll::dsl
