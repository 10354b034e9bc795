#include "tools/why/unfold.hpp"

#include <algorithm>

namespace toll::why {
namespace {

constexpr int kDeep = 40;  ///< an explanation ends somewhere

}  // namespace

void Unfolder::limit(std::vector<Reason>& reasons, std::size_t most) const {
  if (all_ || reasons.size() <= most) return;
  const std::size_t left_out = reasons.size() - most;
  reasons.resize(most);
  Reason more;
  more.kind = "more";
  more.text = words_.say({"why.more", {left_out}});
  reasons.push_back(std::move(more));
}

/// Says nothing that its text does not.
bool Unfolder::is_plain(const Record& eval) const {
  switch (node(eval).op) {
    case Op::constant:
    case Op::now:
    case Op::clock:
    case Op::universe:
      return true;
    case Op::rescale:
    case Op::date_start:
    case Op::neg:
      return eval.inside.size() == 1 && is_plain(*eval.inside[0]);
    default:
      return false;
  }
}

/// The place that an expression reads, if it reads one.
bool Unfolder::place_read(const Record& eval, Place& place) const {
  const Node& read = node(eval);
  switch (read.op) {
    case Op::reg:
      place = recorder_.current(Change::Of::reg, read.a);
      return true;
    case Op::state:
      place = recorder_.current(Change::Of::state, read.a);
      return true;
    case Op::row_field: {
      const Type& row = core_.nodes[read.args[0]].type;
      if (row.of != Of::family || eval.inside.empty() || eval.inside[0]->value == kAbsent)
        return false;
      place = recorder_.current(Change::Of::field, row.ref, eval.inside[0]->value, read.a);
      return true;
    }
    case Op::cell: {
      // The row with these keys, among the rows that were ever made.
      const Family& family = core_.families[read.a];
      const auto same = [&](const std::vector<Value>& keys) {
        for (std::size_t i = 0; i < family.key_count; ++i)
          if (i >= keys.size() || i >= eval.inside.size() || keys[i] != eval.inside[i]->value)
            return false;
        return true;
      };
      if (family.event_scope) {
        Place rows = recorder_.current(Change::Of::field, read.a);
        for (std::uint32_t row = 0;; ++row) {
          rows.row = row;
          rows.field = read.b;
          const std::vector<const Record*> changes = recorder_.changes(eval, rows);
          if (changes.empty()) return false;
          if (changes[0]->place.of == Change::Of::row && same(changes[0]->fields)) {
            place = rows;
            return true;
          }
        }
      }
      for (std::uint32_t row = 0;; ++row) {
        std::vector<Value> keys;
        for (std::uint32_t i = 0; i < family.key_count; ++i) {
          const auto& writes =
              recorder_.writes(recorder_.current(Change::Of::field, read.a, row, i));
          if (writes.empty()) break;
          keys.push_back(writes[0].value);
        }
        if (keys.empty()) return false;
        if (!same(keys)) continue;
        place = recorder_.current(Change::Of::field, read.a, row, read.b);
        return true;
      }
    }
    default:
      return false;
  }
}

/// The expression that a change within the step stored in a field.
const Record* Unfolder::argument_of(const Record& change, std::uint32_t field) const {
  if (change.effect == nullptr) return nullptr;
  const Effect& effect = *change.effect;
  const Record* of = change.parent;
  while (of != nullptr && of->effect != &effect) of = of->parent;
  if (of == nullptr || of->what != Record::What::effect) return nullptr;
  std::size_t at = 0;
  switch (effect.what) {
    case Effect::Do::set_register:
    case Effect::Do::set_cell:
    case Effect::Do::add_cell:
    case Effect::Do::move:
      break;
    case Effect::Do::set_row:
      at = 1;
      break;
    case Effect::Do::put: {
      // Given fields are evaluated in the order of the fields.
      std::vector<std::uint32_t> given = effect.fields;
      std::sort(given.begin(), given.end());
      const auto found = std::find(given.begin(), given.end(), field);
      if (found == given.end()) return nullptr;
      at = static_cast<std::size_t>(found - given.begin());
      break;
    }
    default:
      return nullptr;
  }
  std::vector<const Record*> evals;
  for (const Record* one : of->inside)
    if (one->what == Record::What::eval) evals.push_back(one);
  return at < evals.size() ? evals[at] : nullptr;
}

const Record* Unfolder::given_by(const Record& eval) {
  Place place;
  if (!place_read(eval, place) || node(eval).op == Op::state) return nullptr;
  std::vector<const Record*> changes = recorder_.changes(eval, place);
  const Record* value = nullptr;
  for (const Record* change : changes) {
    if (change->effect == nullptr) return nullptr;
    if (adds(*change->effect)) return nullptr;
    if (change->place.of == Change::Of::row && change->effect->what != Effect::Do::put) continue;
    value = argument_of(*change, place.field);
  }
  return value;
}

const Record& Unfolder::core_of(const Record& eval) {
  const Record* at = &eval;
  for (int i = 0; i < kDeep; ++i) {
    const Node& here = node(*at);
    const Record* next = nullptr;
    if (here.op == Op::local && at->made_by != nullptr && at->made_by->what == Record::What::eval) {
      next = at->made_by;
    } else if ((here.op == Op::call || here.op == Op::cases || here.op == Op::coalesce) &&
               !at->inside.empty()) {
      next = at->inside.back();
      if (here.op != Op::call && next->value != at->value) next = nullptr;
    } else if (here.op == Op::row_field || here.op == Op::cell || here.op == Op::reg) {
      next = given_by(*at);
    }
    if (next == nullptr) return *at;
    at = next;
  }
  return *at;
}

Reason Unfolder::value(const Record& eval) { return value(words_.text(eval.node), eval); }

Reason Unfolder::value(const std::string& name, const Record& eval) {
  Reason reason;
  reason.kind = "value";
  reason.place = words_.place(eval.node);
  const std::string shown = show(eval);
  reason.fact("expression", name).fact("value", shown);
  const Record& core = core_of(eval);
  reason.text = name.empty() || name == shown ? shown : words_.say({"why.value", {name, shown}});
  if (computes(node(core).op)) {
    const std::string numbers = words_.in_numbers(core);
    if (numbers != shown) {
      reason.text += " = " + numbers;
      reason.fact("computed", numbers);
    }
    if (const std::string place = words_.place(core.node); !place.empty()) reason.place = place;
  }
  reason.inside = because(eval);
  return reason;
}

/// The operands of a computation that are not plain, those of nested computations too.
std::vector<Reason> Unfolder::operands(const Record& eval) {
  std::vector<Reason> reasons;
  for (const Record* part : eval.inside) {
    if (is_plain(*part)) continue;
    // How a tariff cuts units into tiers nobody wrote: the numbers are in the computation.
    const Op op = node(*part).op;
    const bool made = op == Op::minimum || op == Op::maximum || op == Op::coalesce;
    if (made && !words_.has_text(part->node)) continue;
    const bool nested = computes(op);
    if (nested) {
      for (Reason& one : operands(*part)) reasons.push_back(std::move(one));
    } else {
      reasons.push_back(value(*part));
    }
  }
  return reasons;
}

std::vector<Reason> Unfolder::because(const Record& eval) {
  if (depth_ >= kDeep) return {};
  struct Depth {
    explicit Depth(int& at) : at_(at) { ++at_; }
    ~Depth() { --at_; }
    int& at_;
  } const depth(depth_);
  const Node& here = node(eval);
  switch (here.op) {
    case Op::local: {
      const Record* const made = eval.made_by;
      if (made == nullptr) return {};
      if (made->what == Record::What::eval) return because(*made);
      if (made->what == Record::What::took) return {taken(*made)};
      if (made->what == Record::What::effect && made->effect->what == Effect::Do::draw)
        return {draw(*made)};
      return {};
    }
    case Op::reg:
    case Op::cell: {
      Place place;
      if (!place_read(eval, place)) {
        Reason never;
        never.kind = "never";
        never.text = words_.say({"why.never-written"});
        return {never};
      }
      return reading(eval, place, here.type);
    }
    case Op::state:
      return moves(eval, here.a);
    case Op::row_field: {
      const Record& row = *eval.inside[0];
      const Type& type = core_.nodes[here.args[0]].type;
      if (type.of == Of::table) return table_row(row, type.ref, row.value);
      Place place;
      if (type.of == Of::family && place_read(eval, place)) return reading(eval, place, here.type);
      return {};
    }
    case Op::lookup:
      return table_row(eval, here.a, eval.value);
    case Op::cases:
      return cases(eval);
    case Op::call:
      return eval.inside.empty() ? std::vector<Reason>{} : because(*eval.inside.back());
    case Op::coalesce:
      return eval.inside.empty() ? std::vector<Reason>{} : because(*eval.inside.back());
    case Op::aggregate:
      return aggregate(eval);
    case Op::present:
    case Op::rescale:
      return eval.inside.empty() ? std::vector<Reason>{} : because(*eval.inside[0]);
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::in_set:
      return condition(eval).inside;
    case Op::text_of:
      return {};
    case Op::hook: {
      const Hook& hook = core_.hooks[here.a];
      Reason opaque;
      opaque.kind = "hook";
      opaque.text = words_.say({"why.hook", {hook.file}});
      opaque.place = words_.place_of(hook.clause);
      opaque.fact("program", hook.file);
      for (std::size_t i = 0; i < eval.inside.size(); ++i) {
        opaque.inside.push_back(value(hook.parameters[i].name, *eval.inside[i]));
      }
      return {std::move(opaque)};
    }
    default:
      return operands(eval);
  }
}

/// The case that held, and why the ones before it did not.
std::vector<Reason> Unfolder::cases(const Record& eval) {
  const Node& here = node(eval);
  std::vector<Reason> reasons;
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < here.args.size(); i += 2) {
    const bool otherwise = here.args[i] == kNoNode;
    const Record* const guard = otherwise || at >= eval.inside.size() ? nullptr : eval.inside[at++];
    const ClauseId clause = i / 2 < here.case_clauses.size() ? here.case_clauses[i / 2] : kNone;
    if (guard != nullptr && guard->value != 1) continue;
    const std::string label = words_.label(clause);
    if (guard != nullptr && words_.has_text(guard->node)) {
      Reason held = condition(*guard);
      held.kind = "case";
      held.place = words_.place_of(clause);
      held.source = words_.source_of(clause);
      if (!label.empty()) {
        held.text = words_.say({"why.case", {label, held.text}});
        held.fact("label", label);
      }
      reasons.push_back(std::move(held));
    } else if (!label.empty() && at > 0 && words_.has_text(eval.inside[at - 1]->node)) {
      Reason held;
      held.kind = "case";
      held.text = words_.say({"why.otherwise", {label}});
      held.place = words_.place_of(clause);
      held.fact("label", label);
      for (std::size_t j = 0; j < at; ++j) held.inside.push_back(condition(*eval.inside[j]));
      reasons.push_back(std::move(held));
    }
    break;
  }
  if (!eval.inside.empty() && at < eval.inside.size())
    for (Reason& one : because(*eval.inside.back())) reasons.push_back(std::move(one));
  return reasons;
}

}  // namespace toll::why
