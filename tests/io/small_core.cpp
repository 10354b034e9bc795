#include "tests/io/small_core.hpp"

#include <utility>

namespace toll::test {
namespace {

using Read = FieldType::Read;

constexpr std::uint32_t kThing = 0;
constexpr std::uint32_t kPlace = 1;
constexpr std::uint32_t kMode = 2;
constexpr std::uint8_t kYuan = 1;

Type type_of(Kind kind, std::uint32_t ref = 0) {
  Type type;
  type.kind = kind;
  type.ref = ref;
  type.optional = true;
  return type;
}

Type money(std::uint8_t scale) {
  Type type = type_of(Kind::number);
  type.scale = scale;
  type.dimension.powers[0] = {kYuan, 1};
  return type;
}

Type rows_type() {
  Type type = type_of(Kind::list);
  type.of = Of::list;
  return type;
}

Field field(const char* name, Read read, Type type) {
  Field made;
  made.name = made.wire = name;
  made.type.read = read;
  made.type.type = type;
  return made;
}

Domain domain(const char* name, bool exact, std::vector<Domain::Name> names) {
  Domain made;
  made.name = name;
  made.exact = exact;
  made.names = std::move(names);
  return made;
}

EntryKind::Member member(const char* wire, Type type) {
  EntryKind::Member made;
  made.name = made.wire = wire;
  made.type = type;
  return made;
}

EntryKind::Member rows_member(const char* wire, std::vector<EntryKind::Member> columns) {
  EntryKind::Member made = member(wire, rows_type());
  made.rows = true;
  made.columns = std::move(columns);
  return made;
}

NodeId add(Core& core, Op op, Type type, std::uint32_t a = 0, std::vector<NodeId> args = {},
           Value value = 0) {
  Node node;
  node.op = op;
  node.type = type;
  node.a = a;
  node.args = std::move(args);
  node.value = value;
  core.nodes.push_back(std::move(node));
  return static_cast<NodeId>(core.nodes.size() - 1);
}

/// Repeats the rows of a list field, in the slot `slot`.
Effect::EmitRows repeat_rows(Core& core, std::uint32_t member_index, std::uint32_t field_index,
                             std::uint32_t list, std::uint32_t slot) {
  Type row = type_of(Kind::row);
  row.of = Of::list;
  row.ref = list;
  row.optional = false;
  Type whole = rows_type();
  whole.ref = list;
  Effect::EmitRows rows;
  rows.member = member_index;
  rows.source.of = Source::Of::list;
  rows.source.list = add(core, Op::field, whole, field_index);
  rows.source.slot = slot;
  for (std::uint32_t column = 0; column < core.lists[list].columns.size(); ++column) {
    const NodeId at = add(core, Op::local, row, slot);
    rows.columns.push_back(
        add(core, Op::row_field, core.lists[list].columns[column].type.type, column, {at}));
  }
  return rows;
}

EventType echo_event() {
  EventType echo;
  echo.name = echo.wire = "echo";
  echo.fields = {
      field("b", Read::boolean, type_of(Kind::boolean)),
      field("t", Read::text, type_of(Kind::text)),
      field("n", Read::count, type_of(Kind::number)),
      field("k", Read::count, type_of(Kind::number)),
      field("m", Read::money, money(6)),
      field("price", Read::money, money(12)),
      field("i", Read::instant, type_of(Kind::instant)),
      field("d", Read::date, type_of(Kind::date)),
      field("thing", Read::name, type_of(Kind::name, kThing)),
      field("place", Read::name, type_of(Kind::name, kPlace)),
      field("known", Read::known, type_of(Kind::name, kThing)),
      field("mode", Read::known, type_of(Kind::name, kMode)),
      field("things", Read::set, type_of(Kind::set, kThing)),
      field("rows", Read::list, rows_type()),
      field("counts", Read::counts, rows_type()),
      field("paid", Read::record, type_of(Kind::boolean)),
      field("cash", Read::money, money(6)),
      field("gift", Read::money, money(6)),
  };
  echo.fields[2].initial = 0;
  echo.fields[3].initial = 1;
  echo.fields[3].type.at_least = 1;
  echo.fields[9].type.empty_is_absent = true;
  echo.fields[10].type.unknown_code = "unknown-thing";
  echo.fields[11].type.unknown_code = "bad-event";
  echo.fields[12].type.unknown_code = "unknown-thing";
  echo.fields[13].type.list = 0;
  echo.fields[14].type.list = 1;
  echo.fields[14].type.type.ref = 1;
  echo.fields[15].type.empty_is_absent = true;
  echo.fields[16].parent = 15;
  echo.fields[17].parent = 15;
  echo.fields[17].initial = 0;
  return echo;
}

EntryKind echo_entry(const EventType& echo) {
  EntryKind entry;
  entry.name = entry.wire = "echo";
  for (const Field& declared : echo.fields) {
    if (declared.type.type.kind != Kind::list)
      entry.members.push_back(member(declared.wire.c_str(), declared.type.type));
  }
  entry.members[4].null_if_absent = true;
  entry.members.push_back(
      rows_member("rows", {member("from", type_of(Kind::number)), member("price", money(12))}));
  entry.members.push_back(rows_member("counts", {member("thing", type_of(Kind::name, kThing)),
                                                 member("n", type_of(Kind::number))}));
  return entry;
}

/// Emits the entry, and arms the timer if `k` is 7.
Block echo_block(Core& core) {
  Effect emit;
  emit.what = Effect::Do::emit;
  emit.a = 0;
  emit.clause = 0;
  const EventType& echo = core.events[0];
  std::uint32_t member_index = 0;
  for (std::uint32_t i = 0; i < echo.fields.size(); ++i) {
    if (echo.fields[i].type.type.kind == Kind::list) continue;
    emit.fields.push_back(member_index++);
    emit.args.push_back(add(core, Op::field, echo.fields[i].type.type, i));
  }
  emit.rows.push_back(repeat_rows(core, member_index, 13, 0, 0));
  emit.rows.push_back(repeat_rows(core, member_index + 1, 14, 1, 1));

  const Type number = type_of(Kind::number);
  const NodeId seven = add(core, Op::constant, number, 0, {}, 7);
  const NodeId k = add(core, Op::field, number, 3);
  Rule wake;
  wake.guard = add(core, Op::eq, Type{}, 0, {k, seven});
  wake.clause = 0;
  Effect arm;
  arm.what = Effect::Do::arm;
  arm.clause = 0;
  const Value at = static_cast<Value>(1893427200) * 1000000000;  // 2030-01-01T00:00:00+08:00
  arm.args = {add(core, Op::constant, type_of(Kind::instant), 0, {}, at)};
  wake.effects.push_back(arm);
  Effect choose;
  choose.what = Effect::Do::choose;
  choose.clause = 0;
  choose.rules.push_back(wake);

  Block block;
  block.name = "echo";
  block.frame = 2;
  block.clause = 0;
  block.effects = {emit, choose};
  return block;
}

}  // namespace

Core small_core() {
  Core core;
  core.name = "small";
  core.zone_name = "Asia/Shanghai";
  core.zone = {{INT64_MIN, 8 * 3600}};
  core.units = {{}, {"yuan", true, "CNY"}};
  core.clauses.push_back({"echo", "small.toll", 12, 3, "", "", kNone});
  core.domains = {
      domain("thing", false,
             {{"\u5C0F \u7968", "\u5C0F\u7968", {"ticket"}, 0}, {"Bill (A)", "bill(A)", {}, 0}}),
      domain("place", true, {{"north", "north", {}, 0}, {"South", "South", {}, 0}}),
      domain("mode", true, {{"fast", "fast", {}, 0}, {"slow", "slow", {}, 0}}),
  };
  core.lists.resize(2);
  core.lists[0].columns = {field("from", Read::count, type_of(Kind::number)),
                           field("price", Read::money, money(12))};
  core.lists[0].columns[0].required = true;
  core.lists[1].columns = {field("thing", Read::name, type_of(Kind::name, kThing)),
                           field("n", Read::count, type_of(Kind::number))};

  core.events.push_back(echo_event());
  core.entries.push_back(echo_entry(core.events[0]));
  core.blocks.push_back(echo_block(core));
  core.events[0].block = 0;
  core.events[0].clause = 0;

  EntryKind woke;
  woke.name = woke.wire = "woke";
  core.entries.push_back(woke);
  Effect emit;
  emit.what = Effect::Do::emit;
  emit.a = 1;
  emit.clause = 0;
  Block wake;
  wake.name = "wake";
  wake.effects.push_back(emit);
  core.blocks.push_back(wake);
  core.timers.push_back({"wake", "wake", 0, 1, 0});

  EventType order;
  order.name = order.wire = "order";
  order.fields = {field("id", Read::text, type_of(Kind::text)),
                  field("size", Read::count, type_of(Kind::number))};
  order.fields[0].required = order.fields[1].required = true;
  const NodeId size = add(core, Op::field, type_of(Kind::number), 1);
  const NodeId thirteen = add(core, Op::constant, type_of(Kind::number), 0, {}, 13);
  order.refusals.push_back({add(core, Op::eq, Type{}, 0, {size, thirteen}), "unlucky", 0});
  core.events.push_back(order);

  EventType nothing;
  nothing.name = nothing.wire = "nothing";
  core.events.push_back(nothing);
  return core;
}

std::string event_line(const std::string& type, const std::string& data) {
  return R"({"id":"e1","subject":"a","time":"2025-07-01T10:00:00+08:00","type":")" + type +
         R"(","data":)" + data + "}";
}

}  // namespace toll::test
