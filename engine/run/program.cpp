#include "engine/run/program.hpp"

#include <atomic>
#include <string>
#include <utility>

#include "engine/jit/machine_code.hpp"
#include "engine/kernel/assert.hpp"
#include "engine/run/row_order.hpp"
#include "engine/run/state.hpp"
#include "toll/engine.hpp"

namespace toll {
namespace {

/// Tells a program from an earlier one at the same address; nothing else depends on it.
std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

// A domain's own names follow those of the domains it includes. A front end may also have written
// the included names out, which shows in the first one.
std::vector<std::string_view> names_of(const Core& core, std::uint32_t index) {
  const Domain& domain = core.domains[index];
  std::vector<std::string_view> names;
  for (const std::uint32_t included : domain.includes) {
    const std::vector<std::string_view> first = names_of(core, included);
    names.insert(names.end(), first.begin(), first.end());
  }
  if (!names.empty() && !domain.names.empty() && domain.names.front().wire == names.front()) {
    names.clear();
  }
  for (const Domain::Name& name : domain.names) names.push_back(name.wire);
  return names;
}

}  // namespace

Program::Program(std::shared_ptr<const Core> source)
    : core(std::move(source)), id(next_id()), calendar(core->zone) {
  intern_texts();
  name_domains();
  lay_out_tables();
  lay_out_families();
  lay_out_globals();
  plan_events();
  compile(*this);
}

Value Program::own_text(Value handle) const {
  if (handle == kAbsent || text_map_.empty()) return handle;
  const Value flag = handle & kUnknownName;
  return flag | text_handle(TextSpace::policy, text_map_[static_cast<std::uint32_t>(handle)]);
}

void Program::intern_texts() {
  bool same = true;
  std::vector<std::uint32_t> map;
  for (const std::string& text : core->texts) {
    map.push_back(texts.add(chars(text)));
    same = same && map.back() + 1 == map.size();
  }
  if (!same) text_map_ = std::move(map);
}

void Program::name_domains() {
  TOLL_ASSERT(sets.add({}) == 0);
  for (std::uint32_t domain = 0; domain < core->domains.size(); ++domain) {
    std::vector<std::string_view> names = names_of(*core, domain);
    std::vector<std::uint64_t> bits((names.size() + 63) / 64);
    for (std::size_t i = 0; i < names.size(); ++i) bits[i / 64] |= std::uint64_t{1} << (i % 64);
    universes.push_back(sets.add(bits));
    wires.push_back(std::move(names));
  }
}

void Program::lay_out_tables() {
  for (const Table& table : core->tables) {
    TableData data;
    data.cells.columns = static_cast<std::uint32_t>(table.columns.size());
    data.cells.rows = static_cast<std::uint32_t>(table.rows.size());
    for (const Table::Row& row : table.rows) {
      TOLL_ASSERT(row.cells.size() == table.columns.size());
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const bool text = table.columns[i].type.kind == Kind::text;
        data.cells.values.push_back(text ? own_text(row.cells[i]) : row.cells[i]);
      }
      data.since.push_back(row.since);
      data.until.push_back(row.until);
    }
    data.keys = TableIndex(data.cells, table.keys);
    data.band = table.band;
    data.key_count = static_cast<std::uint32_t>(table.keys.size());
    data.dated = table.dated;
    data.quiet = table.quiet;
    data.narrow =
        NarrowTable(data.cells, data.keys, table.band, data.since, data.until, table.dated);
    tables.push_back(std::move(data));
  }
}

Value Program::initial_of(const Type& type, Value initial) const {
  if (type.kind == Kind::text) return own_text(initial);
  if (type.kind == Kind::set && initial == kAbsent && !type.optional) return 0;  // the empty set
  return initial;
}

void Program::lay_out_families() {
  std::vector<std::vector<FamilyShape::OrderKey>> orders = row_orders(*core);
  for (const Family& family : core->families) {
    std::vector<Value> initial;
    for (const Family::Field& field : family.fields) {
      initial.push_back(initial_of(field.type, field.initial));
    }
    const bool one_key = family.keyed ? family.key_count == 1 : family.index != kNone;
    const std::uint32_t found_by = family.keyed ? 0 : family.index;
    const bool by_name = one_key && family.fields[found_by].type.kind == Kind::name;
    const std::size_t names = by_name ? wires[family.fields[found_by].type.ref].size() : 0;
    families.emplace_back(family, initial, static_cast<std::uint32_t>(names));
    std::vector<FamilyShape::OrderKey>& order = orders[families.size() - 1];
    if (!order.empty()) families.back().keep_in_order(std::move(order));
    family_places.push_back(family.event_scope ? event_families++ : account_families++);
  }
}

void Program::lay_out_globals() {
  std::vector<Value> initial;
  for (const Register& reg : core->registers) {
    globals.add(reg.type);
    initial.push_back(initial_of(reg.type, reg.initial));
  }
  first_machine = globals.cells();
  for (const Machine& machine : core->machines) {
    globals.add(Type{Kind::name});
    initial.push_back(machine.initial);
  }
  first_timer = globals.cells();
  for (std::size_t i = 0; i < core->timers.size(); ++i) {
    globals.add(Type{Kind::instant});
    initial.push_back(kAbsent);
  }
  first_global = static_cast<std::uint32_t>(AccountState::size_of(*this) - globals.size());
  blank_globals.assign(globals.size(), 0);
  for (std::uint32_t i = 0; i < globals.cells(); ++i) {
    TOLL_ASSERT(globals.write(blank_globals.data(), i, initial[i]));
  }
}

void Program::plan_events() {
  for (const ListType& list : core->lists) {
    std::vector<Kind> kinds;
    for (const Field& column : list.columns) kinds.push_back(column.type.type.kind);
    list_columns.push_back(std::move(kinds));
  }
  for (const EventType& event : core->events) {
    EventPlan plan;
    for (std::uint32_t i = 0; i < event.fields.size(); ++i) {
      const FieldType& field = event.fields[i].type;
      switch (field.type.kind) {
        case Kind::text:
        case Kind::name:
        case Kind::set:
          plan.parts.push_back({i, field.type.kind, kNone});
          break;
        case Kind::list:
          plan.parts.push_back({i, Kind::list, field.list != kNone ? field.list : field.type.ref});
          break;
        default:
          break;
      }
    }
    events.push_back(std::move(plan));
  }
}

Program::~Program() = default;

const MachineCode* Program::machine_code() const {
  std::call_once(translated_, [&] { machine_code_ = MachineCode::make(*this); });
  return machine_code_.get();
}

std::shared_ptr<const Program> prepare(std::shared_ptr<const Core> core) {
  return std::make_shared<const Program>(std::move(core));
}

const Core& core_of(const Program& program) { return *program.core; }

}  // namespace toll
