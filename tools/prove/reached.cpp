#include "tools/prove/reached.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "dsl/checks/walk.hpp"
#include "tools/analysis/signs.hpp"
#include "tools/coverage/reach.hpp"
#include "tools/prove/symbolic.hpp"

namespace toll::tools {
namespace {

using prover::at_least;
using prover::at_least_0;
using prover::FormP;
using prover::Slots;
using prover::State;

constexpr std::uint64_t kSteps = 30'000;

/// Along the ways through one event's block, as far as nothing is written.
class Ways {
 public:
  Ways(const Core& core, const Signs& signs, std::uint32_t table, const Table::Row& row, Value from)
      : core_(core), signs_(signs), table_(table), row_(row), from_(from), symbolic_(core, {}) {}

  /// False: a way may lead there.
  bool event(std::uint32_t event) {
    event_ = event;
    symbolic_.handle(event);
    State state = symbolic_.beginning();
    return effects(core_.blocks[core_.events[event].block].effects, state, {}, false);
  }
  [[nodiscard]] const std::set<NodeId>& met() const { return met_; }

 private:
  bool effects(const Effects& all, State state, Slots slots, bool written) {
    for (const Effect& effect : all) {
      bool fine = true;
      dsl::each_root(effect, [&](NodeId root) {
        dsl::each_node(core_, root, [&](NodeId id) {
          const Node& node = core_.nodes[id];
          if (node.op != Op::lookup || node.a != table_) return;
          met_.insert(id);
          fine = fine && !written && excluded(node, state, slots);
        });
      });
      if (!fine) return false;
      switch (effect.what) {
        case Effect::Do::let:
          slots[effect.a] = symbolic_.value(effect.args[0], state, slots);
          if (!signs_.of(effect.args[0], {}, event_).has(Sign::minus))
            state.facts.push_back(prover::either(
                {prover::opposite(slots[effect.a].present), at_least_0(slots[effect.a].value)}));
          break;
        case Effect::Do::emit:
          break;
        case Effect::Do::choose: {
          State here = state;
          for (const Rule& rule : effect.rules) {
            const FormP holds = symbolic_.form(rule.guard, here, slots);
            State within = here;
            within.facts.push_back(holds);
            if (!effects(rule.effects, std::move(within), slots, written)) return false;
            here.facts.push_back(prover::opposite(holds));
          }
          written = true;  // by one of the rules, perhaps
          break;
        }
        default:
          written = true;
          if (!effects(effect.effects, state, slots, true)) return false;
      }
    }
    return true;
  }

  bool excluded(const Node& lookup, const State& state, const Slots& slots) {
    State here = state;
    const Table& table = core_.tables[table_];
    std::vector<FormP> asked;
    for (std::size_t i = 0; i < table.keys.size(); ++i) {
      const prover::Symbol key = symbolic_.value(lookup.args[i], here, slots);
      asked.push_back(key.present);
      asked.push_back(prover::equal(key.value, prover::constant(row_.cells[table.keys[i]])));
    }
    const prover::Symbol quantity = symbolic_.value(lookup.args[table.keys.size()], here, slots);
    asked.push_back(quantity.present);
    asked.push_back(at_least(quantity.value, prover::constant(from_)));
    here.facts.push_back(prover::both(std::move(asked)));
    return prover::Solver(symbolic_.atoms(), kSteps).excluded(here.facts);
  }

  const Core& core_;
  const Signs& signs_;
  std::uint32_t table_;
  const Table::Row& row_;
  Value from_;
  std::uint32_t event_ = kNone;
  prover::Symbolic symbolic_;
  std::set<NodeId> met_;
};

/// Where a key is read of a row that is looked up once in all the policy, that row is one that says
/// so: the others need not be thought of.
void narrow(Core& core, const Reach& reach, std::uint32_t table, const Table::Row& row) {
  const auto lookups = [&](std::uint32_t of) {
    std::vector<NodeId> out;
    for (NodeId id = 0; id < core.nodes.size(); ++id)
      if (reach.nodes[id] && core.nodes[id].op == Op::lookup && core.nodes[id].a == of)
        out.push_back(id);
    return out;
  };
  const auto traversed = [&](std::uint32_t of) {
    bool found = false;
    const auto look = [&](const Source& source) {
      found = found || (source.of == Source::Of::table && source.index == of);
    };
    for (const Aggregate& aggregate : core.aggregates) look(aggregate.source);
    for (const Block& block : core.blocks)
      dsl::each_effect(block.effects, [&](const Effect& effect) {
        if (dsl::has_source(effect)) look(effect.source);
        for (const Effect::EmitRows& rows : effect.rows) look(rows.source);
      });
    return found;
  };
  const std::vector<std::uint32_t> keys = core.tables[table].keys;
  const std::vector<NodeId> asks = lookups(table);
  if (asks.size() != 1) return;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Node& key = core.nodes[core.nodes[asks[0]].args[i]];
    if (key.op != Op::row_field) continue;
    const Type& from = core.nodes[key.args[0]].type;
    if (from.of != Of::table || from.ref == table || lookups(from.ref).size() != 1 ||
        traversed(from.ref))
      continue;
    std::vector<Table::Row>& rows = core.tables[from.ref].rows;
    const Value wanted = row.cells[keys[i]];
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [&](const Table::Row& one) { return one.cells[key.a] != wanted; }),
               rows.end());
  }
}

}  // namespace

bool never_reached(const Core& core, std::uint32_t table, const Table::Row& row, Value from) {
  if (core.tables[table].band == kNone || from == kAbsent) return false;
  const Reach reach(core);
  std::set<NodeId> asked;
  for (NodeId id = 0; id < core.nodes.size(); ++id)
    if (reach.nodes[id] && core.nodes[id].op == Op::lookup && core.nodes[id].a == table)
      asked.insert(id);
  for (NodeId id = 0; id < core.nodes.size(); ++id) {
    if (!reach.nodes[id] || core.nodes[id].op != Op::aggregate) continue;
    const Source& source = core.aggregates[core.nodes[id].a].source;
    if (source.of == Source::Of::table && source.index == table) return false;
  }
  for (const Block& block : core.blocks) {
    bool through = false;
    dsl::each_effect(block.effects, [&](const Effect& effect) {
      const auto look = [&](const Source& source) {
        through = through || (source.of == Source::Of::table && source.index == table);
      };
      if (dsl::has_source(effect)) look(effect.source);
      for (const Effect::EmitRows& rows : effect.rows) look(rows.source);
    });
    if (through) return false;
  }
  Core narrowed = core;
  narrow(narrowed, reach, table, row);
  const Signs signs(core);
  std::set<NodeId> met;
  for (std::uint32_t event = 0; event < core.events.size(); ++event) {
    if (core.events[event].block == kNone) continue;
    bool here = false;
    dsl::each_effect(core.blocks[core.events[event].block].effects, [&](const Effect& effect) {
      dsl::each_root(effect, [&](NodeId root) {
        dsl::each_node(core, root, [&](NodeId id) { here = here || asked.count(id) != 0; });
      });
    });
    if (!here) continue;
    Ways ways(narrowed, signs, table, row, from);
    if (!ways.event(event)) return false;
    met.insert(ways.met().begin(), ways.met().end());
  }
  // Those in definitions, procedures and timers were not looked at.
  return std::includes(met.begin(), met.end(), asked.begin(), asked.end());
}

}  // namespace toll::tools
