// Which expressions have few enough answers to keep them all: those over names that the event tells
// and over tables. This is what specialising the policy for an interface, a code and an era comes
// to, without making the code many times.
#include <algorithm>

#include "engine/fast/lower.hpp"

namespace toll {
namespace {

constexpr std::uint32_t kHeavy = 3;  // lighter ones are as fast worked out again
constexpr std::uint32_t kLookup = 3;
constexpr std::uint64_t kMostAnswers = 1 << 16;

}  // namespace

void Lowerer::join(Purity& whole, const Purity& part) {
  whole.pure = whole.pure && part.pure;
  whole.dated = whole.dated || part.dated;
  whole.local = whole.local || part.local;
  whole.weight += part.weight;
  for (const NameField& field : part.fields) {
    if (std::find(whole.fields.begin(), whole.fields.end(), field) == whole.fields.end()) {
      whole.fields.push_back(field);
    }
  }
}

Lowerer::Purity Lowerer::purity(NodeId node) {
  Purity made;
  if (node == kNoNode) return made;
  const Term& term = p_.terms[node];
  switch (term.op) {
    case Op::constant:
      return made;
    case Op::now:
      made.is_now = true;
      return made;
    case Op::local:
      made = (*frame_)[term.a].purity;
      made.pure = made.pure && (*frame_)[term.a].bound;
      made.weight = 0;
      if (frame_ == root_ && !made.inner) made.local = true;
      made.inner = false;
      return made;
    case Op::field:
      made.pure = term.kind == Kind::name || term.kind == Kind::boolean;
      made.fields.push_back({term.a, term.kind == Kind::name
                                         ? static_cast<std::uint32_t>(p_.wires[term.ref].size())
                                         : 2});
      return made;
    default:
      break;
  }
  made = purity_of(term);
  ++made.weight;
  return made;
}

Lowerer::Purity Lowerer::purity_of(const Term& term) {
  Purity made;
  const auto operands = p_.at(term.operands);
  switch (term.op) {
    case Op::lookup: {
      const bool dated = p_.tables[term.a].dated;
      for (std::size_t i = 0; i < operands.size(); ++i) {
        const Purity part = purity(operands[i]);
        join(made, part);
        const bool instant = dated && i + 1 == operands.size();
        if (part.is_now && !instant) made.pure = false;
        if (instant) {
          made.dated = true;
          // Other instants than the one at hand are told apart by nothing.
          if (!part.is_now) made.pure = false;
        }
      }
      made.weight += kLookup;
      return made;
    }
    case Op::call: {
      Frame callee(p_.definitions[term.a].frame);
      for (std::size_t i = 0; i < operands.size(); ++i) {
        callee[i].bound = true;
        callee[i].purity = purity(operands[i]);
        made.weight += callee[i].purity.weight;
      }
      Frame* const caller = frame_;
      frame_ = &callee;
      const Purity body = purity(p_.definitions[term.a].body);
      frame_ = caller;
      made.is_now = body.is_now;
      join(made, body);
      return made;
    }
    case Op::aggregate:
      return purity_of(p_.folds[term.a]);
    case Op::row_field:
      made.pure = term.of == Of::table;
      break;
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::rescale:
    case Op::floor_div:
    case Op::modulo:
    case Op::round_div:
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
    case Op::present:
    case Op::coalesce:
    case Op::minimum:
    case Op::maximum:
    case Op::cases:
    case Op::universe:
      break;
    case Op::in_set:
      break;
    default:
      made.pure = false;
      return made;
  }
  for (const NodeId operand : operands) {
    const Purity part = purity(operand);
    join(made, part);
    if (part.is_now) made.pure = false;
  }
  return made;
}

Lowerer::Purity Lowerer::purity_of(const RowFold& fold) {
  Purity made;
  const RowSource& source = fold.source;
  made.pure = source.of == Source::Of::table;
  if (!made.pure) return made;
  if (source.at != kNoNode) {
    made.dated = true;
    made.pure = purity(source.at).is_now;
  }
  Binding& row = (*frame_)[source.slot];
  const Binding before = row;
  row.bound = true;
  row.purity = {};
  row.purity.inner = true;
  const auto part = [&](NodeId node) {
    const Purity of = purity(node);
    join(made, of);
    if (of.is_now) made.pure = false;
  };
  for (const NodeId key : p_.at(source.keys)) part(key);
  for (const NodeId conjunct : p_.at(source.where)) part(conjunct);
  for (const RowSource::SortKey& key : source.by) part(key.node);
  part(fold.body);
  row = before;
  made.weight += kLookup;
  return made;
}

std::optional<Memo> Lowerer::memo_for(NodeId node) {
  if (!memos_allowed_) return {};
  const Term& term = p_.terms[node];
  if (term.op == Op::constant || term.op == Op::local || term.op == Op::field) return {};
  root_ = frame_;
  const Purity made = purity(node);
  root_ = nullptr;
  if (!made.pure || made.is_now || made.weight < kHeavy) return {};
  Memo memo;
  memo.dated = made.dated;
  memo.shared = !made.local;
  std::uint64_t size = 1;
  for (const NameField& field : made.fields) {
    memo.inputs.push_back({static_cast<Reg>(code_.first_field + field.field), field.names});
    size *= field.names + 1;
    if (size > kMostAnswers) return {};
  }
  memo.size = static_cast<std::uint32_t>(size);
  return memo;
}

bool Lowerer::steady(NodeId node) const {
  const Term& term = p_.terms[node];
  switch (term.op) {
    case Op::constant:
    case Op::now:
    case Op::clock:
    case Op::field:
      return true;
    case Op::lookup:
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::rescale:
    case Op::month_of:
    case Op::month_start:
    case Op::add_months:
    case Op::add_days:
    case Op::date_of:
    case Op::date_start:
    case Op::time_of_day:
    case Op::weekday:
    case Op::year_of:
    case Op::day_number:
    case Op::text_of:
      break;
    default:
      return false;
  }
  const auto operands = p_.at(term.operands);
  return std::all_of(operands.begin(), operands.end(),
                     [&](NodeId operand) { return steady(operand); });
}

// An expression without locals is the same wherever it stands.
std::uint32_t Lowerer::memo_number(NodeId node, const Memo& memo) {
  const auto next = static_cast<std::uint32_t>(code_.memos.size());
  if (memo.shared) {
    const auto [known, fresh] = memo_numbers_.try_emplace(node, next);
    if (!fresh) return known->second;
  }
  code_.memos.push_back(memo);
  return next;
}

}  // namespace toll
