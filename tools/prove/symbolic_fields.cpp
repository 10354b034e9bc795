// Fields of events and of rows, with what is known of them wherever they are read.
#include "tools/prove/symbolic.hpp"

#include <algorithm>

namespace toll::tools::prover {
namespace {

constexpr Value kMostCount = 1'000'000'000'000;  // the contract's bound

}  // namespace

void Symbolic::column_bounds(Atom atom, const Table& table, std::uint32_t column) {
  std::optional<Value> least;
  std::optional<Value> most;
  for (const Table::Row& row : table.rows) {
    const Value cell = row.cells[column];
    if (cell == kAbsent) continue;
    if (!least || cell < *least) least = cell;
    if (!most || cell > *most) most = cell;
  }
  const Kind kind = table.columns[column].type.kind;
  if (kind == Kind::number || kind == Kind::boolean) atoms_.bound(atom, least, most);
}

void Symbolic::list_bounds(Atom atom, const Field& column) {
  if (column.type.read != FieldType::Read::count) return;
  const Value least = column.type.at_least;
  atoms_.bound(atom, column.initial == kAbsent ? least : std::min(column.initial, least),
               kMostCount);
}

Symbol Symbolic::event_field(const Node& node) {
  Type type = node.type;
  if (event_ != kNone) {
    const Field& field = core_.events[event_].fields[node.a];
    type.optional = !field.required && field.initial == kAbsent;
  }
  Symbol made = opaque("E" + std::to_string(node.a), type);
  if (event_ != kNone) {
    const FieldType& read = core_.events[event_].fields[node.a].type;
    if (read.read == FieldType::Read::count) {
      const Value initial = core_.events[event_].fields[node.a].initial;
      const Value least =
          initial == kAbsent ? read.at_least : std::min(initial, Value{read.at_least});
      atoms_.bound(made.value.factors.begin()->first, least, kMostCount);
    }
    if (read.read == FieldType::Read::record) made.value = constant(1);
  }
  return made;
}

Symbol Symbolic::row_field(const Node& node, State& state, const Slots& slots) {
  Symbol made;
  const Symbol row = value(node.args[0], state, slots);
  const Type& type = core_.nodes[node.args[0]].type;
  if (type.of == Of::family) {
    made = read(type.ref, row.value, node.a, state);
  } else {
    Type plain = node.type;
    if (type.of == Of::table) plain = core_.tables[type.ref].columns[node.a].type;
    made = opaque("C" + std::to_string(static_cast<int>(type.of)) + "." + std::to_string(type.ref) +
                      "[" + key_of(row.value) + "]." + std::to_string(node.a),
                  plain);
    if (type.of == Of::table) {
      column_bounds(made.value.factors.begin()->first, core_.tables[type.ref], node.a);
    }
    if (type.of == Of::list) {
      list_bounds(made.value.factors.begin()->first, core_.lists[type.ref].columns[node.a]);
    }
  }
  made.present = both({row.present, made.present});
  return made;
}

}  // namespace toll::tools::prover
