#include "tools/diff/terms.hpp"

#include <algorithm>

#include "tools/core_words.hpp"

namespace toll::diff {

Term Terms::text(std::string_view text) {
  const auto found = texts_.find(text);
  if (found != texts_.end()) return found->second;
  return texts_.emplace(std::string(text), next_++).first->second;
}

Term Terms::number(Value value) {
  std::string digits = "#";
  for (int byte = 0; byte < 16; ++byte)
    digits.push_back(static_cast<char>(static_cast<UnsignedValue>(value) >> (8 * byte) & 0xffU));
  return text(digits);
}

Term Terms::make(std::string_view head, std::vector<Term> parts) {
  parts.push_back(text(head));
  return made_again(std::move(parts));
}

Term Terms::made_again(std::vector<Term> parts) {
  const auto [place, fresh] = made_.try_emplace(std::move(parts), next_);
  if (fresh) {
    Value depth = 0;
    for (const Term part : place->first) {
      const auto deep = depths_.find(part);
      if (deep != depths_.end()) depth = std::max(depth, deep->second);
    }
    if (depth > 0) depths_.emplace(next_, depth);
    parts_.emplace(next_++, &place->first);
  }
  return place->second;
}

Term Terms::bound_within(Term term, Term slot) {
  const auto deep = depths_.find(term);
  const Value depth = deep == depths_.end() ? 1 : deep->second + 1;
  const Term within = make("within", {number(depth)});
  depths_.emplace(within, depth);
  return replaced(term, {{slot, within}});
}

Term Terms::replaced(Term term, const std::map<Term, Term>& by) {
  std::unordered_map<Term, Term> done;
  return by.empty() ? term : replaced(term, by, done);
}

Term Terms::replaced(Term term, const std::map<Term, Term>& by,
                     std::unordered_map<Term, Term>& done) {
  if (const auto found = by.find(term); found != by.end()) return found->second;
  const auto parts = parts_.find(term);
  if (parts == parts_.end()) return term;
  if (const auto known = done.find(term); known != done.end()) return known->second;
  std::vector<Term> made = *parts->second;  // the head is the last of them
  for (Term& part : made) part = replaced(part, by, done);
  const Term out = made_again(std::move(made));
  done.emplace(term, out);
  return out;
}

namespace {

template <class Item>
std::vector<std::string> unique_names(const std::vector<Item>& items) {
  std::vector<std::string> names;
  std::map<std::string, int> seen;
  for (const Item& item : items) {
    const int count = ++seen[item.name];
    names.push_back(count == 1 ? item.name : item.name + "#" + std::to_string(count));
  }
  return names;
}

/// Operators whose two operands may change places.
bool is_symmetric(Op op) {
  return op == Op::add || op == Op::mul || op == Op::eq || op == Op::ne || op == Op::minimum ||
         op == Op::maximum || op == Op::set_union;
}

}  // namespace

Names::Names(const Core& core)
    : domains(unique_names(core.domains)),
      tables(unique_names(core.tables)),
      registers(unique_names(core.registers)),
      families(unique_names(core.families)),
      machines(unique_names(core.machines)),
      timers(unique_names(core.timers)),
      events(unique_names(core.events)),
      entries(unique_names(core.entries)),
      definitions(unique_names(core.definitions)),
      hooks(unique_names(core.hooks)),
      blocks(unique_names(core.blocks)) {}

Coder::Coder(Terms& terms, const Core& core)
    : terms_(terms), core_(core), names_(core), node_terms_(core.nodes.size(), 0) {}

Term Coder::text_of(const std::vector<std::string>& names, std::uint32_t index) {
  return index < names.size() ? terms_.text(names[index]) : terms_.number(index);
}

/// What the engine and the ledger see of a type: units only tell money from numbers.
Term Coder::type(const Type& type) {
  std::vector<Term> parts = {static_cast<Term>(type.scale), static_cast<Term>(type.optional)};
  bool money = false;
  for (const Dimension::Power& power : type.dimension.powers)
    money = money || (power.exponent != 0 && power.unit < core_.units.size() &&
                      core_.units[power.unit].currency);
  parts.push_back(static_cast<Term>(money));
  if (type.kind == Kind::name || type.kind == Kind::set)
    parts.push_back(text_of(names_.domains, type.ref));
  if (type.of == Of::table) parts.push_back(text_of(names_.tables, type.ref));
  if (type.of == Of::family) parts.push_back(text_of(names_.families, type.ref));
  if (type.of == Of::list) parts.push_back(terms_.text("list"));
  return terms_.make(tools::word(type.kind), std::move(parts));
}

Term Coder::name(std::uint32_t domain, Value value) {
  const std::vector<Domain::Name>& names = core_.domains[domain].names;
  const auto index = static_cast<std::size_t>(value);
  return value >= 0 && index < names.size() ? terms_.text(names[index].shown)
                                            : terms_.number(value);
}

Term Coder::value(const Type& type, Value value) {
  if (value == kAbsent) return terms_.text("absent");
  switch (type.kind) {
    case Kind::text: {
      const auto index = static_cast<std::size_t>(value);
      if (index < core_.texts.size()) return terms_.make("text", {terms_.text(core_.texts[index])});
      break;
    }
    case Kind::name:
      return terms_.make("name", {name(type.ref, value)});
    case Kind::row:
      if (type.of == Of::table && value >= 0 &&
          static_cast<std::size_t>(value) < core_.tables[type.ref].rows.size()) {
        const Table& table = core_.tables[type.ref];
        return terms_.make("row",
                           {text_of(names_.tables, type.ref),
                            row(table, table.rows[static_cast<std::size_t>(value)], table.keys)});
      }
      break;
    default:
      break;
  }
  return terms_.number(value);
}

Term Coder::row(const Table& table, const Table::Row& row,
                const std::vector<std::uint32_t>& columns) {
  std::vector<Term> parts;
  for (const std::uint32_t column : columns)
    parts.push_back(value(table.columns[column].type, row.cells[column]));
  return terms_.make("cells", std::move(parts));
}

Term Coder::field(const Field& field, const std::vector<Field>& all) {
  std::vector<Term> parts = {terms_.text(field.wire),
                             terms_.text(tools::word(field.type.read)),
                             type(field.type.type),
                             terms_.number(field.type.at_least),
                             terms_.number(field.required),
                             terms_.number(field.type.empty_is_absent),
                             terms_.text(field.type.unknown_code),
                             value(field.type.type, field.initial)};
  if (field.parent != kNone) parts.push_back(terms_.text(all[field.parent].wire));
  if (field.type.list != kNone) {
    const std::vector<Field>& columns = core_.lists[field.type.list].columns;
    for (const Field& column : columns) parts.push_back(this->field(column, columns));
  }
  return terms_.make("field", std::move(parts));
}

void Coder::begin_shape() {
  shape_ = true;
  binders_.clear();
  slots_.clear();
  effect_terms_.clear();
  node_binders_.clear();
  rules_.clear();
}

Term Coder::closed(Term term, const Binders& binders) {
  std::map<Term, Term> by;
  for (std::size_t i = binders.first; i < binders.second && i < symbols_.size(); ++i)
    by.emplace(terms_.make("bound", {terms_.number(symbols_[i])}),
               terms_.make("inner", {terms_.number(static_cast<Value>(i - binders.first))}));
  return terms_.replaced(term, by);
}

Term Coder::closed(NodeId node) {
  const auto found = node_binders_.find(node);
  return found == node_binders_.end() ? known(node) : closed(known(node), found->second);
}

Term Coder::closed(const Rule& rule) {
  const auto& [term, binders] = rules_.at(&rule);
  return closed(term, binders);
}

void Coder::begin(const std::vector<std::uint32_t>& symbols) {
  begin_shape();
  shape_ = false;
  symbols_ = symbols;
}

void Coder::bind(std::uint32_t slot, Binder::By by, Term shape) {
  if (slot == kNone) return;
  const std::size_t order = binders_.size();
  binders_.push_back({by, shape});
  const Value symbol = shape_ || order >= symbols_.size() ? Value{0} : Value{symbols_[order]};
  slots_[slot] = terms_.make("bound", {terms_.number(symbol)});
}

Term Coder::column(const Type& row, std::uint32_t index) {
  const auto name = [&](const auto& columns) {
    return index < columns.size() ? terms_.text(columns[index].name) : terms_.number(index);
  };
  if (row.of == Of::table) return name(core_.tables[row.ref].columns);
  if (row.of == Of::family) return name(core_.families[row.ref].fields);
  if (row.of == Of::list) {
    const std::vector<Field>& columns = core_.lists[row.ref].columns;
    return index < columns.size() ? terms_.text(columns[index].wire) : terms_.number(index);
  }
  return terms_.number(index);
}

/// A field of the event at hand: of each event that it may be.
Term Coder::event_field(std::uint32_t index) {
  std::vector<Term> parts;
  for (const std::uint32_t event : events_) {
    const std::vector<Field>& fields = core_.events[event].fields;
    if (index >= fields.size()) continue;
    const std::uint32_t parent = fields[index].parent;
    parts.push_back(terms_.make("of", {terms_.text(core_.events[event].wire),
                                       terms_.text(parent == kNone ? "" : fields[parent].wire),
                                       terms_.text(fields[index].wire)}));
  }
  std::sort(parts.begin(), parts.end());
  return terms_.make("field", std::move(parts));
}

Term Coder::nodes(const std::vector<NodeId>& nodes) {
  std::vector<Term> parts;
  for (const NodeId each : nodes) parts.push_back(node(each));
  return terms_.make("list", std::move(parts));
}

/// Operands in any order. Those of `and` and `or` only where none can fail: the first may decide
/// that the second is not asked.
Term Coder::symmetric(std::string_view head, const Node& node) {
  std::vector<Term> parts;
  for (const NodeId argument : node.args) parts.push_back(this->node(argument));
  std::sort(parts.begin(), parts.end());
  parts.push_back(type(node.type));
  return terms_.make(head, std::move(parts));
}

Term Coder::constant(const Node& node) {
  return terms_.make("constant", {type(node.type), value(node.type, node.value)});
}

Term Coder::parts_of(const Node& node, std::vector<Term> parts) {
  for (const NodeId argument : node.args) parts.push_back(this->node(argument));
  parts.push_back(type(node.type));
  return terms_.make(tools::word(node.op), std::move(parts));
}

Term Coder::node(NodeId id) {
  const std::size_t first = binders_.size();
  const Term out = node_here(id);
  if (binders_.size() > first) node_binders_[id] = {first, binders_.size()};
  return out;
}

Term Coder::node_here(NodeId id) {
  if (id == kNoNode) return terms_.text("nothing");
  const Node& node = core_.nodes[id];
  Term out = 0;
  switch (node.op) {
    case Op::constant:
      out = constant(node);
      break;
    case Op::local: {
      const auto bound = slots_.find(node.a);
      out =
          bound != slots_.end() ? bound->second : terms_.make("parameter", {terms_.number(node.a)});
      break;
    }
    case Op::reg:
      out = parts_of(node, {text_of(names_.registers, node.a)});
      break;
    case Op::state:
      out = parts_of(node, {text_of(names_.machines, node.a)});
      break;
    case Op::field:
      out = parts_of(node, {event_field(node.a)});
      break;
    case Op::row_field:
      out = parts_of(node, {column(core_.nodes[node.args[0]].type, node.a)});
      break;
    case Op::cell:
      out = parts_of(node, {text_of(names_.families, node.a),
                            terms_.text(core_.families[node.a].fields[node.b].name)});
      break;
    case Op::lookup:
      out = parts_of(node, {text_of(names_.tables, node.a)});
      break;
    case Op::rescale:
      out = parts_of(node, {terms_.number(node.a)});
      break;
    case Op::universe:
      out = parts_of(node, {text_of(names_.domains, node.a)});
      break;
    case Op::call:
      out = call(node);
      break;
    case Op::hook:
      out = parts_of(node, {text_of(names_.hooks, node.a)});
      break;
    case Op::aggregate:
      out = aggregate(core_.aggregates[node.a]);
      break;
    case Op::gt:
    case Op::ge:  // a > b is b < a
      out = terms_.make(tools::word(node.op == Op::gt ? Op::lt : Op::le),
                        {this->node(node.args[1]), this->node(node.args[0]), type(node.type)});
      break;
    case Op::logical_and:
    case Op::logical_or:
      out = can_fail(id) ? parts_of(node, {}) : symmetric(tools::word(node.op), node);
      break;
    case Op::now:
    case Op::clock:  // a timer is never late: it goes off at the clock
      out = events_.empty() ? terms_.text("the clock") : parts_of(node, {});
      break;
    default:
      out = is_symmetric(node.op) ? symmetric(tools::word(node.op), node) : parts_of(node, {});
      break;
  }
  node_terms_[id] = out;
  return out;
}

/// By its name, or by what it says where the other policy has nothing of that name. An argument is
/// worked out before the definition asks for it: that matters where it can fail.
Term Coder::call(const Node& node) {
  constexpr int kMostDeep = 60;
  if (node.a >= unfolded_definitions_.size() || !unfolded_definitions_[node.a] ||
      depth_ >= kMostDeep)
    return parts_of(node, {text_of(names_.definitions, node.a)});
  std::map<std::uint32_t, Term> inside;
  std::vector<Term> failing;
  for (std::uint32_t i = 0; i < node.args.size(); ++i) {
    inside[i] = this->node(node.args[i]);
    if (can_fail(node.args[i])) failing.push_back(inside[i]);
  }
  inside.swap(slots_);
  ++depth_;
  Term out = this->node(core_.definitions[node.a].body);
  --depth_;
  inside.swap(slots_);
  for (const Term argument : failing) out = terms_.make("given", {argument, out});
  return out;
}

/// The same of a procedure: its effects stand where it is run. An argument that is more than a name
/// is a `let` before them.
void Coder::take_effects(const Effects& effects, std::vector<Term>& parts) {
  constexpr int kMostDeep = 60;
  for (const Effect& each : effects) {
    if (each.what != Effect::Do::run || each.a >= unfolded_blocks_.size() ||
        !unfolded_blocks_[each.a] || depth_ >= kMostDeep) {
      parts.push_back(effect(each));
      continue;
    }
    const std::size_t first = parts.size();
    std::map<std::uint32_t, Term> inside;
    for (std::uint32_t i = 0; i < each.args.size(); ++i) {
      const Term argument = node(each.args[i]);
      const Op op = core_.nodes[each.args[i]].op;
      inside[i] = argument;
      if (op == Op::local || op == Op::constant || op == Op::field) continue;
      parts.push_back(terms_.make(tools::word(Effect::Do::let), {argument}));
      const std::map<std::uint32_t, Term> kept = slots_;
      bind(i, Binder::By::let, argument);
      inside[i] = slots_[i];
      slots_ = kept;
    }
    inside.swap(slots_);
    ++depth_;
    take_effects(core_.blocks[each.a].effects, parts);
    --depth_;
    inside.swap(slots_);
    effect_terms_[&each] = terms_.make(
        "effects",
        std::vector<Term>(parts.begin() + static_cast<std::ptrdiff_t>(first), parts.end()));
  }
}

Term Coder::aggregate(const Aggregate& aggregate) {
  // Only the first or last row hangs on their order, and what fails before it matters.
  const bool ordered = aggregate.fn == Aggregate::Fn::first ||
                       aggregate.fn == Aggregate::Fn::last || can_fail(aggregate.source) ||
                       can_fail(aggregate.body);
  const Term rows = source(aggregate.source, ordered);
  const Term slot = slots_[aggregate.source.slot];
  const Term out = terms_.make(tools::word(aggregate.fn), {rows, node(aggregate.body)});
  return terms_.bound_within(out, slot);
}

Term Coder::source(const Source& source, bool ordered) {
  std::vector<Term> parts;
  switch (source.of) {
    case Source::Of::table:
      parts = {terms_.text("table"), text_of(names_.tables, source.index)};
      break;
    case Source::Of::family:
      parts = {terms_.text("family"), text_of(names_.families, source.index)};
      break;
    case Source::Of::changed:
      parts = {terms_.text("changed"), text_of(names_.families, source.index)};
      break;
    case Source::Of::list:
      parts = {terms_.text("list"), node(source.list)};
      break;
  }
  parts.push_back(node(source.at));
  bind(source.slot, Binder::By::row, terms_.make("of", parts));
  parts.push_back(node(source.where));
  for (std::size_t i = 0; i < source.by.size(); ++i) {
    const bool descending = i < source.descending.size() && source.descending[i];
    const Term by = node(source.by[i]);
    if (ordered) parts.push_back(terms_.make(descending ? "falling" : "rising", {by}));
  }
  return terms_.make("rows", std::move(parts));
}

Term Coder::rule(const Rule& rule) {
  const Term guard = node(rule.guard);
  const std::size_t first = binders_.size();
  const Term does = effects(rule.effects);
  rules_[&rule] = {does, {first, binders_.size()}};
  return terms_.make("rule", {guard, does});
}

Term Coder::effects(const Effects& effects) {
  std::vector<Term> parts;
  take_effects(effects, parts);
  return terms_.make("effects", std::move(parts));
}

Term Coder::emit(const Effect& effect) {
  const EntryKind& kind = core_.entries[effect.a];
  std::vector<Term> members;
  for (std::size_t i = 0; i < effect.fields.size(); ++i)
    members.push_back(terms_.make(
        "member", {terms_.text(kind.members[effect.fields[i]].wire), node(effect.args[i])}));
  for (const Effect::EmitRows& rows : effect.rows) {
    const EntryKind::Member& member = kind.members[rows.member];
    const Term from = source(rows.source);
    std::vector<Term> columns;
    for (std::size_t i = 0; i < rows.columns.size() && i < member.columns.size(); ++i)
      columns.push_back(
          terms_.make("member", {terms_.text(member.columns[i].wire), node(rows.columns[i])}));
    std::sort(columns.begin(), columns.end());
    members.push_back(terms_.make(
        "rows", {terms_.text(member.wire), from, terms_.make("columns", std::move(columns))}));
  }
  std::sort(members.begin(), members.end());
  return terms_.make("entry", {text_of(names_.entries, effect.a), terms_.make("members", members)});
}

Term Coder::effect(const Effect& effect) {
  std::vector<Term> parts;
  const auto arguments = [&] {
    for (const NodeId argument : effect.args) parts.push_back(node(argument));
  };
  const auto field = [&](std::uint32_t index) {
    return terms_.text(core_.families[effect.a].fields[index].name);
  };
  switch (effect.what) {
    case Effect::Do::let:
      arguments();
      bind(effect.a, Binder::By::let, parts.empty() ? 0 : parts[0]);
      break;
    case Effect::Do::set_register:
      parts.push_back(text_of(names_.registers, effect.a));
      arguments();
      break;
    case Effect::Do::move:
      parts.push_back(text_of(names_.machines, effect.a));
      arguments();
      break;
    case Effect::Do::set_cell:
    case Effect::Do::add_cell:
    case Effect::Do::set_row:
      parts = {text_of(names_.families, effect.a), field(effect.b)};
      arguments();
      break;
    case Effect::Do::put: {
      std::vector<Term> values;
      for (std::size_t i = 0; i < effect.fields.size(); ++i)
        values.push_back(terms_.make("field", {field(effect.fields[i]), node(effect.args[i])}));
      std::sort(values.begin(), values.end());
      parts = {text_of(names_.families, effect.a), terms_.make("fields", std::move(values))};
      bind(effect.b, Binder::By::put, parts[0]);
      break;
    }
    case Effect::Do::draw: {
      arguments();
      const Term from = source(effect.source);
      parts.insert(parts.end(), {text_of(names_.families, effect.a), field(effect.b), from});
      bind(effect.took_slot, Binder::By::took, from);
      bind(effect.rest_slot, Binder::By::rest, from);
      parts.push_back(terms_.number(effect.took_slot != kNone));
      parts.push_back(terms_.number(effect.rest_slot != kNone));
      parts.push_back(effects(effect.effects));
      break;
    }
    case Effect::Do::each:
      parts.push_back(source(effect.source));
      parts.push_back(effects(effect.effects));
      break;
    case Effect::Do::choose:
      for (const Rule& each : effect.rules) parts.push_back(rule(each));
      break;
    case Effect::Do::run:
      parts.push_back(text_of(names_.blocks, effect.a));
      arguments();
      break;
    case Effect::Do::arm:
    case Effect::Do::disarm:
      parts.push_back(text_of(names_.timers, effect.a));
      arguments();
      break;
    case Effect::Do::emit:
      parts.push_back(emit(effect));
      break;
    case Effect::Do::clear:
      parts.push_back(text_of(names_.families, effect.a));
      break;
  }
  const Term out = terms_.make(tools::word(effect.what), std::move(parts));
  effect_terms_[&effect] = out;
  return out;
}

}  // namespace toll::diff
