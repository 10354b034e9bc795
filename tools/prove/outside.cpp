#include "tools/prove/outside.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "dsl/checks/walk.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::tools::prover {
namespace {

/// Which tables are asked for what is in force at the time of the event or timer, and nothing else.
std::vector<bool> asked_now(const Core& core) {
  std::vector<bool> only(core.tables.size(), true);
  const auto is_now = [&](NodeId at) { return at != kNoNode && core.nodes[at].op == Op::now; };
  const auto look = [&](const Source& source) {
    if (source.of == Source::Of::table && !is_now(source.at)) only[source.index] = false;
  };
  for (const Node& node : core.nodes) {
    if (node.op == Op::lookup && core.tables[node.a].dated &&
        (node.args.empty() || !is_now(node.args.back()))) {
      only[node.a] = false;
    }
  }
  for (const Aggregate& one : core.aggregates) look(one.source);
  for (const Block& block : core.blocks) {
    dsl::each_effect(block.effects, [&](const Effect& effect) {
      if (effect.what == Effect::Do::each || effect.what == Effect::Do::draw) look(effect.source);
      for (const Effect::EmitRows& rows : effect.rows) look(rows.source);
    });
  }
  return only;
}

/// Decides what the time decides, from the leaves up.
class Fold {
 public:
  Fold(Core& core, Value before)
      : core_(core), before_(before), calendar_(core.zone), done_(core.nodes.size(), false) {}

  void all() {
    for (NodeId id = 0; id < core_.nodes.size(); ++id) node(id);
    for (Block& block : core_.blocks) effects(block.effects);
    for (EventType& event : core_.events) {
      std::vector<EventType::Refusal> kept;
      for (const EventType::Refusal& one : event.refusals) {
        if (known(one.guard) != false) kept.push_back(one);
      }
      event.refusals = std::move(kept);
    }
  }

 private:
  /// Is it decided?
  [[nodiscard]] std::optional<bool> known(NodeId id) const {
    if (id == kNoNode) return true;
    const Node& node = core_.nodes[id];
    if (node.op != Op::constant || node.type.kind != Kind::boolean || node.value == kAbsent) {
      return std::nullopt;
    }
    return node.value == 1;
  }

  void decide(NodeId id, bool holds) {
    Node& node = core_.nodes[id];
    node.op = Op::constant;
    node.a = node.b = 0;
    node.value = holds ? 1 : 0;
    node.args.clear();
    node.case_clauses.clear();
  }

  void node(NodeId id) {
    if (id == kNoNode || done_[id]) return;
    done_[id] = true;
    const std::vector<NodeId> args = core_.nodes[id].args;
    for (const NodeId arg : args) node(arg);
    switch (core_.nodes[id].op) {
      case Op::eq:
      case Op::ne:
      case Op::lt:
      case Op::le:
      case Op::gt:
      case Op::ge:
        return compare(id);
      case Op::logical_and:
      case Op::logical_or:
        return junction(id);
      case Op::logical_not:
        if (const auto holds = known(args[0])) decide(id, !*holds);
        return;
      case Op::cases:
        return cases(id);
      case Op::call: {
        const NodeId body = core_.definitions[core_.nodes[id].a].body;
        node(body);
        const bool fine =
            std::all_of(args.begin(), args.end(), [&](NodeId one) { return safe(one); });
        if (const auto holds = known(body); holds && fine) decide(id, *holds);
        return;
      }
      case Op::row_field:
        return setting(id);
      default:
        return;
    }
  }

  /// Surely its value never leaves its range.
  [[nodiscard]] bool safe(NodeId id) const {
    const Node& node = core_.nodes[id];
    switch (node.op) {
      case Op::constant:
      case Op::local:
      case Op::reg:
      case Op::state:
      case Op::field:
      case Op::row_field:
      case Op::cell:
      case Op::lookup:
      case Op::now:
      case Op::clock:
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
        return std::all_of(node.args.begin(), node.args.end(),
                           [&](NodeId one) { return safe(one); });
      default:
        return false;
    }
  }

  /// The time of the event against an instant that has not come.
  void compare(NodeId id) {
    const Node& node = core_.nodes[id];
    if (node.args.size() != 2) return;
    const auto time = [&](NodeId arg) {
      const Node& one = core_.nodes[arg];
      const bool day = one.op == Op::date_of || one.op == Op::month_of;
      const Op op = day ? core_.nodes[one.args[0]].op : one.op;
      return op == Op::now || op == Op::clock;
    };
    const auto later = [&](NodeId arg) {
      const auto begins = start_of(arg);
      return begins && *begins >= before_;
    };
    const bool less = time(node.args[0]) && later(node.args[1]);
    const bool more = later(node.args[0]) && time(node.args[1]);
    if (!less && !more) return;
    const bool below = node.op == Op::lt || node.op == Op::le;
    const bool above = node.op == Op::gt || node.op == Op::ge;
    decide(id, node.op == Op::ne || (less ? below : above));
  }

  /// When a constant time, day or month begins.
  [[nodiscard]] std::optional<Value> start_of(NodeId id) const {
    const Node& node = core_.nodes[id];
    if (node.op == Op::date_start) return start_of(node.args[0]);
    if (node.op != Op::constant || node.value == kAbsent) return std::nullopt;
    if (node.type.kind == Kind::instant) return node.value;
    const bool day = node.type.kind == Kind::date && Calendar::is_day(node.value);
    const bool month = node.type.kind == Kind::month && Calendar::is_month(node.value);
    if (!day && !month) return std::nullopt;
    const auto number = static_cast<std::int64_t>(node.value);
    return calendar_.instant({day ? number : month_start(number), 0});
  }

  void junction(NodeId id) {
    const bool both = core_.nodes[id].op == Op::logical_and;
    std::vector<NodeId> open;
    for (const NodeId arg : core_.nodes[id].args) {
      const auto holds = known(arg);
      if (holds && *holds != both) {
        // What is asked before it may fail, and would be asked no more.
        if (std::all_of(open.begin(), open.end(), [&](NodeId one) { return safe(one); })) {
          decide(id, !both);
        }
        return;
      }
      if (!holds) open.push_back(arg);
    }
    if (open.empty()) return decide(id, both);
    if (open.size() == 1) {
      become(id, open[0]);
    } else {
      core_.nodes[id].args = std::move(open);
    }
  }

  void become(NodeId id, NodeId other) {
    const Node copy = core_.nodes[other];
    core_.nodes[id] = copy;
  }

  void cases(NodeId id) {
    Node made = core_.nodes[id];
    made.args.clear();
    made.case_clauses.clear();
    const Node& node = core_.nodes[id];
    for (std::size_t i = 0; i + 1 < node.args.size(); i += 2) {
      const auto holds = known(node.args[i]);
      if (holds == false) continue;
      made.args.push_back(holds == true ? kNoNode : node.args[i]);
      made.args.push_back(node.args[i + 1]);
      if (i / 2 < node.case_clauses.size()) made.case_clauses.push_back(node.case_clauses[i / 2]);
      if (holds == true) break;
    }
    if (made.args.size() == 2 && made.args[0] == kNoNode) return become(id, made.args[1]);
    if (!made.args.empty()) core_.nodes[id] = std::move(made);
  }

  /// A setting with dates, of which one value is left, is that value.
  void setting(NodeId id) {
    Node& node = core_.nodes[id];
    const Node& row = core_.nodes[node.args[0]];
    if (row.op != Op::lookup) return;
    const Table& table = core_.tables[row.a];
    const bool one = row.args.empty() && table.keys.empty() && table.band == kNone &&
                     table.rows.size() == 1 && table.rows[0].since == kAbsent &&
                     table.rows[0].until == kAbsent;
    if (!one) return;
    const Value value = table.rows[0].cells[node.a];
    const Type type = table.columns[node.a].type;
    decide(id, false);
    node.value = value;
    node.type = type;
  }

  void effects(Effects& list) {
    for (std::size_t i = 0; i < list.size();) {
      effects(list[i].effects);
      for (Rule& rule : list[i].rules) effects(rule.effects);
      if (list[i].what != Effect::Do::choose) {
        ++i;
        continue;
      }
      std::vector<Rule> kept;
      for (Rule& rule : list[i].rules) {
        const auto holds = known(rule.guard);
        if (holds == false) continue;
        if (holds == true) rule.guard = kNoNode;
        kept.push_back(std::move(rule));
        if (holds == true) break;
      }
      const auto at = list.begin() + static_cast<std::ptrdiff_t>(i);
      if (kept.empty()) {
        list.erase(at);
      } else if (kept.front().guard == kNoNode) {
        const Effects chosen = std::move(kept.front().effects);
        list.insert(list.erase(at), chosen.begin(), chosen.end());
        i += chosen.size();
      } else {
        list[i++].rules = std::move(kept);
      }
    }
  }

  Core& core_;
  const Value before_;
  const Calendar calendar_;
  std::vector<bool> done_;
};

/// Tables whose rows are all in force at any time are asked without one.
void undate(Core& core, const std::vector<bool>& only_now) {
  std::vector<bool> plain(core.tables.size(), false);
  for (std::size_t i = 0; i < core.tables.size(); ++i) {
    Table& table = core.tables[i];
    const bool always = std::all_of(table.rows.begin(), table.rows.end(), [](const auto& row) {
      return row.since == kAbsent && row.until == kAbsent;
    });
    plain[i] = table.dated && only_now[i] && always;
    if (plain[i]) table.dated = false;
  }
  const auto ask = [&](Source& source) {
    if (source.of == Source::Of::table && plain[source.index]) source.at = kNoNode;
  };
  for (Node& node : core.nodes) {
    if (node.op == Op::lookup && plain[node.a]) node.args.pop_back();
  }
  for (Aggregate& one : core.aggregates) ask(one.source);
  const auto visit = [&](const auto& self, Effects& list) -> void {
    for (Effect& effect : list) {
      ask(effect.source);
      for (Effect::EmitRows& rows : effect.rows) ask(rows.source);
      for (Rule& rule : effect.rules) self(self, rule.effects);
      self(self, effect.effects);
    }
  };
  for (Block& block : core.blocks) visit(visit, block.effects);
  for (View& view : core.views) ask(view.source);
}

void before(Core& core, Value date) {
  const std::vector<bool> only_now = asked_now(core);
  for (std::size_t i = 0; i < core.tables.size(); ++i) {
    Table& table = core.tables[i];
    if (!table.dated || !only_now[i]) continue;
    std::vector<Table::Row> kept;
    for (Table::Row& row : table.rows) {
      if (row.since != kAbsent && row.since >= date) continue;
      if (row.until != kAbsent && row.until >= date) row.until = kAbsent;
      kept.push_back(std::move(row));
    }
    table.rows = std::move(kept);
  }
  undate(core, only_now);
  Fold(core, date).all();
}

}  // namespace

std::shared_ptr<const Core> outside(const Core& core, const Outside& what) {
  auto made = std::make_shared<Core>(core);
  for (EventType& event : made->events) {
    if (what.events.count(event.wire) == 0) continue;
    event.fields.clear();
    event.refusals.clear();
    event.bounded.clear();
    event.block = kNone;
  }
  if (what.before != kAbsent) before(*made, what.before);
  return made;
}

}  // namespace toll::tools::prover
