// Whether rows may be dealt with while they are being found, or have to be put aside before: what
// is done for one must not change which of the others are found.
#include <algorithm>

#include "engine/fast/lower.hpp"

namespace toll {
namespace {

bool has(const std::vector<std::uint32_t>& all, std::uint32_t one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

void Lowerer::writes_of(Range range, Writes& writes) const {
  for (std::uint32_t i = 0; i < range.count; ++i) {
    const Step& step = p_.steps[range.first + i];
    switch (step.what) {
      case Effect::Do::set_register:
      case Effect::Do::move:
      case Effect::Do::arm:
      case Effect::Do::disarm:
        writes.globals = true;
        break;
      case Effect::Do::set_cell:
      case Effect::Do::add_cell:
      case Effect::Do::set_row:
      case Effect::Do::put:
      case Effect::Do::draw:
      case Effect::Do::clear:
        writes.families.push_back(step.a);
        break;
      case Effect::Do::run: {
        Writes inner;  // its slots are its own
        writes_of(p_.blocks[step.a].steps, inner);
        writes.globals = writes.globals || inner.globals;
        writes.families.insert(writes.families.end(), inner.families.begin(), inner.families.end());
        break;
      }
      case Effect::Do::let:
      case Effect::Do::each:
      case Effect::Do::choose:
      case Effect::Do::emit:
        break;
    }
    assigned_slots(step, writes.slots);
    writes_of(step.steps, writes);
    for (std::uint32_t k = 0; k < step.rules.count; ++k) {
      writes_of(p_.choices[step.rules.first + k].steps, writes);
    }
    // The rows that it unmarks are not those that are marked any more.
    if (step.source != nullptr && step.source->of == Source::Of::changed) {
      writes.families.push_back(step.source->index);
    }
  }
}

/// Its value stays the same whatever is written.
bool Lowerer::may_read(NodeId node, const Writes& writes) const {
  if (node == kNoNode) return true;
  const Term& term = p_.terms[node];
  switch (term.op) {
    case Op::local:
      return !has(writes.slots, term.a);
    case Op::reg:
    case Op::state:
      if (writes.globals) return false;
      break;
    case Op::cell:
      if (has(writes.families, term.a) || term.a == writes.drawn) return false;
      break;
    case Op::row_field:
      if (term.of != Of::family) break;
      if (has(writes.families, term.b)) return false;
      if (term.b == writes.drawn) {
        const Term& row = p_.terms[term.x];
        return row.op == Op::local && has(writes.rows, row.a) && !has(writes.slots, row.a);
      }
      break;
    case Op::aggregate: {
      const RowFold& fold = p_.folds[term.a];
      if (!may_read(fold.source, writes) || !may_read(fold.body, writes)) return false;
      break;
    }
    case Op::call: {
      Writes inner = writes;
      inner.slots.clear();
      inner.rows.clear();
      const auto given = p_.at(term.operands);
      for (std::uint32_t i = 0; i < given.size(); ++i) {
        const Term& row = p_.terms[given[i]];
        if (row.op == Op::local && has(writes.rows, row.a)) inner.rows.push_back(i);
      }
      if (!may_read(p_.definitions[term.a].body, inner)) return false;
      break;
    }
    default:
      break;
  }
  return may_read(term.operands, writes);
}

bool Lowerer::may_read(Range nodes, const Writes& writes) const {
  const auto parts = p_.at(nodes);
  return std::all_of(parts.begin(), parts.end(),
                     [&](NodeId part) { return may_read(part, writes); });
}

bool Lowerer::may_read(const RowSource& source, const Writes& writes) const {
  const bool family = source.of == Source::Of::family || source.of == Source::Of::changed;
  if (family && (has(writes.families, source.index) || source.index == writes.drawn)) return false;
  return may_read(source.list, writes) && may_read(source.at, writes) &&
         may_read(source.keys, writes) && may_read(source.where, writes) &&
         std::all_of(source.by.begin(), source.by.end(),
                     [&](const RowSource::SortKey& key) { return may_read(key.node, writes); });
}

// A draw writes a field of the row at hand, which was found before; those to come are as they were.
bool Lowerer::as_found(const RowSource& source, const Step* step) const {
  if (!source.in_order || source.of == Source::Of::changed || !supported(source)) return false;
  if (step == nullptr) return true;
  Writes writes;
  writes_of(step->steps, writes);
  if (step->took_slot != kNone) writes.slots.push_back(step->took_slot);
  if (step->rest_slot != kNone) writes.slots.push_back(step->rest_slot);
  if (has(writes.slots, source.slot) || has(writes.families, source.index)) return false;
  if (step->what == Effect::Do::draw) writes.drawn = source.index;
  writes.rows.push_back(source.slot);
  return may_read(source.at, writes) && may_read(source.where, writes);
}

}  // namespace toll
