// What is written and read: registers, states, rows, and the sums over rows.
#include <algorithm>

#include "dsl/checks/walk.hpp"
#include "tools/prove/symbolic.hpp"

namespace toll::tools::prover {
namespace {

bool same_expression(const Core& core, NodeId a, NodeId b, std::uint32_t slot_a,
                     std::uint32_t slot_b) {
  if (a == kNoNode || b == kNoNode) return a == b;
  const Node& x = core.nodes[a];
  const Node& y = core.nodes[b];
  if (x.op != y.op || x.b != y.b || x.value != y.value || x.args.size() != y.args.size()) {
    return false;
  }
  if (x.op == Op::aggregate) return a == b;
  const bool row = x.op == Op::local && x.a == slot_a && y.a == slot_b;
  if (x.a != y.a && !row) return false;
  for (std::size_t i = 0; i < x.args.size(); ++i) {
    if (!same_expression(core, x.args[i], y.args[i], slot_a, slot_b)) return false;
  }
  return true;
}

}  // namespace

void reads_of(const Core& core, NodeId root, Places& out) {
  std::set<std::uint32_t> seen;
  const auto visit = [&](const auto& self, NodeId from) -> void {
    dsl::each_node(core, from, [&](NodeId id) {
      const Node& node = core.nodes[id];
      if (node.op == Op::reg) out.insert({Place::Of::reg, node.a});
      if (node.op == Op::state) out.insert({Place::Of::machine, node.a});
      if (node.op == Op::cell) out.insert({Place::Of::family, node.a});
      if (node.op == Op::row_field || node.op == Op::arrival) {
        const Type& row = core.nodes[node.args[0]].type;
        if (row.of == Of::family) out.insert({Place::Of::family, row.ref});
      }
      if (node.op == Op::aggregate) {
        const Source& source = core.aggregates[node.a].source;
        if (source.of == Source::Of::family || source.of == Source::Of::changed) {
          out.insert({Place::Of::family, source.index});
        }
      }
      if (node.op == Op::call && seen.insert(node.a).second) {
        self(self, core.definitions[node.a].body);
      }
    });
  };
  visit(visit, root);
}

void writes_of(const Core& core, const Effects& effects, Places& out) {
  std::set<std::uint32_t> seen;
  const auto visit = [&](const auto& self, const Effects& list) -> void {
    dsl::each_effect(list, [&](const Effect& effect) {
      using Do = Effect::Do;
      switch (effect.what) {
        case Do::set_register:
          out.insert({Place::Of::reg, effect.a});
          break;
        case Do::move:
          out.insert({Place::Of::machine, effect.a});
          break;
        case Do::set_cell:
        case Do::add_cell:
        case Do::set_row:
        case Do::put:
        case Do::draw:
        case Do::clear:
          out.insert({Place::Of::family, effect.a});
          break;
        case Do::run:
          if (seen.insert(effect.a).second) self(self, core.blocks[effect.a].effects);
          break;
        default:
          break;
      }
    });
  };
  visit(visit, effects);
}

State Symbolic::beginning() {
  State state;
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    Linear total;
    total.factors[atoms_.fresh()] = 1;
    state.totals.push_back(std::move(total));
  }
  return state;
}

Symbol Symbolic::read(std::uint32_t family, const Linear& row, std::uint32_t field, State& state) {
  auto& fields = state.fields[family];
  const State::Cell cell{key_of(row), field};
  const auto known = fields.find(cell);
  if (known != fields.end()) return known->second;
  const Symbol made =
      opaque("F" + std::to_string(family) + "@" + std::to_string(state.versions[{family, field}]) +
                 "[" + cell.first + "]." + std::to_string(field),
             core_.families[family].fields[field].type);
  fields.emplace(cell, made);
  return made;
}

Linear Symbolic::contribution(const Total& total, const Linear& row, State& state) {
  Slots slots;
  slots[total.slot] = {row, yes()};
  const Symbol part = value(total.body, state, slots);
  if (total.where == kNoNode) return part.value;
  const FormP counts = form(total.where, state, slots);
  Symbol none;
  none.value = constant(0);
  return chosen({{counts, part}, {yes(), none}}, state).value;
}

void Symbolic::write(std::uint32_t family, const Linear& row, std::uint32_t field, const Symbol& to,
                     State& state) {
  std::vector<Linear> before;
  for (const Total& total : totals_) {
    if (total.family == family) before.push_back(contribution(total, row, state));
  }
  // This field of rows that may be the same one is not known any more; that of this row is.
  auto& fields = state.fields[family];
  const std::string name = key_of(row);
  for (auto cell = fields.begin(); cell != fields.end();) {
    cell = cell->first.second == field ? fields.erase(cell) : std::next(cell);
  }
  fields[{name, field}] = to;
  state.wrote({Place::Of::family, family});
  state.versions[{family, field}] = state.time;
  if (core_.families[family].keyed) state.rows[family] = state.time;
  state.touched[family][name] = {row, state.time};
  std::size_t at = 0;
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    if (totals_[i].family != family) continue;
    const Linear after = contribution(totals_[i], row, state);
    state.totals[i] = sum(state.totals[i], sum(after, before[at++], -1));
  }
}

Linear Symbolic::put(std::uint32_t family, const std::map<std::uint32_t, Symbol>& given,
                     State& state) {
  Linear row;
  row.factors[atoms_.fresh()] = 1;
  const std::string name = key_of(row);
  const Family& of = core_.families[family];
  for (std::uint32_t i = 0; i < of.fields.size(); ++i) {
    const auto found = given.find(i);
    Symbol to;
    if (found != given.end()) {
      to = found->second;
    } else if (of.fields[i].initial == kAbsent) {
      to.value = constant(0);
      to.present = no();
    } else {
      to.value = constant(of.fields[i].initial);
    }
    state.fields[family][{name, i}] = to;
  }
  state.wrote({Place::Of::family, family});
  state.rows[family] = state.time;
  state.touched[family][name] = {row, state.time};
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    if (totals_[i].family == family) {
      state.totals[i] = sum(state.totals[i], contribution(totals_[i], row, state));
    }
  }
  return row;
}

/// The row of a counter: one term for the same keys. Before it is written it has no part in sums,
/// and neither have its first values, if they are nothing.
Linear Symbolic::cell(std::uint32_t family, const std::vector<Symbol>& keys, State& state) {
  std::string name = "cell " + std::to_string(family);
  for (const Symbol& key : keys) name += "(" + key_of(key.value) + key_of(key.present) + ")";
  Linear row;
  row.factors[atoms_.named(name)] = 1;
  // Its keys are what they were asked by.
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    state.fields[family].emplace(State::Cell{key_of(row), i}, keys[i]);
  }
  return row;
}

void Symbolic::forget(const Places& places, State& state) {
  for (const Place& place : places) {
    state.wrote(place);
    if (place.of == Place::Of::reg) {
      state.registers[place.index] = anything(core_.registers[place.index].type);
    } else if (place.of == Place::Of::machine) {
      const Machine& machine = core_.machines[place.index];
      Symbol any = anything(Type{});
      atoms_.bound(any.value.factors.begin()->first, 0,
                   static_cast<Value>(core_.domains[machine.domain].names.size()) - 1);
      state.machines[place.index] = any;
    } else {
      for (std::uint32_t i = 0; i < core_.families[place.index].fields.size(); ++i) {
        state.versions[{place.index, i}] = state.time;
      }
      state.rows[place.index] = state.time;
      state.fields[place.index].clear();
      state.touched[place.index].clear();
      for (std::size_t i = 0; i < totals_.size(); ++i) {
        if (totals_[i].family != place.index) continue;
        Linear total;
        total.factors[atoms_.fresh()] = 1;
        state.totals[i] = std::move(total);
      }
    }
  }
}

bool Symbolic::plain_sum(const Aggregate& sum, std::size_t& total) const {
  if (sum.fn != Aggregate::Fn::sum || sum.source.of != Source::Of::family) return false;
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    const Total& one = totals_[i];
    if (one.family == sum.source.index &&
        same_expression(core_, one.where, sum.source.where, one.slot, sum.source.slot) &&
        same_expression(core_, one.body, sum.body, one.slot, sum.source.slot)) {
      total = i;
      return true;
    }
  }
  return false;
}

}  // namespace toll::tools::prover
