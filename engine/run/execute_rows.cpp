// What straight code does with rows, memos and entries, and what it leaves to the tree.
#include <algorithm>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/checked.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"

namespace toll {
namespace {

/// Keys of a row, made wide.
class Keys {
 public:
  Keys(const std::int64_t* from, std::size_t count) {
    TOLL_ASSERT(count <= kMost);
    for (std::size_t i = 0; i < count; ++i) keys_[i] = widen(from[i]);
  }
  [[nodiscard]] const Value* data() const { return keys_; }

 private:
  static constexpr std::size_t kMost = 16;
  Value keys_[kMost];
};

}  // namespace

bool Run::date_into(const Ins& ins) {
  if (ins.act == Act::month_of) {
    r_[ins.a] = kNothing;
    const std::int64_t instant = r_[ins.b];
    if (instant == kNothing) return true;
    r_[ins.a] = month_of_day(p_.calendar.local(instant).day);
    return true;
  }
  const Term& term = terms_[ins.x];
  const Value result =
      date_value(term, widen(r_[ins.b]), term.y == kNoNode ? kAbsent : widen(r_[ins.c]));
  return !failed() && narrow(result, r_[ins.a]);
}

bool Run::round_into(const Ins& ins) {
  const Value a = widen(r_[ins.b]);
  const Value b = widen(r_[ins.c]);
  r_[ins.a] = kNothing;
  if (a == kAbsent) return true;
  Value result = 0;
  if (ins.act == Act::rescale) {
    return checked::rescale(a, ins.x, result) && narrow(result, r_[ins.a]);
  }
  if (b == kAbsent || b == 0) return true;
  if (ins.act == Act::floor_div) return narrow(checked::floor_div(a, b), r_[ins.a]);
  if (ins.act == Act::modulo) return narrow(checked::modulo(a, b), r_[ins.a]);
  const Value multiple = widen(r_[ins.x]);
  if (multiple == kAbsent || multiple == 0) return true;
  return checked::round_div(a, b, multiple, result) && narrow(result, r_[ins.a]);
}

bool Run::lookup_into(const Ins& ins) {
  const TableData& table = p_.tables[ins.x];
  const std::size_t keys =
      table.key_count + (table.band != kNone ? 1U : 0U) + (table.dated ? 1U : 0U);
  const std::uint32_t row = row_in_force(ins.x, Keys(r_ + ins.b, keys).data());
  r_[ins.a] = row == kNone ? kNothing : std::int64_t{row};
  return true;
}

std::int64_t Run::find_row(const Ins& ins) {
  const FamilyState* rows = family(ins.x);
  if (rows == nullptr) return kNothing;
  const FamilyShape& shape = p_.families[ins.x];
  const std::uint32_t row = rows->find(shape, Keys(r_ + ins.b, shape.key_count).data());
  return row == FamilyState::kMissing ? kNothing : std::int64_t{row};
}

/// The first `given` fields are in registers, the others are as they begin.
bool Run::put_row(const Ins& ins, std::int64_t& row, std::uint32_t given) {
  const FamilyShape& shape = p_.families[ins.x];
  const std::uint32_t count = shape.layout.cells();
  Value* const fields = top_;
  TOLL_ASSERT(count <= end_ - fields);
  for (std::uint32_t i = 0; i < given; ++i) fields[i] = widen(r_[ins.b + i]);
  std::copy(shape.initial.begin() + given, shape.initial.end(), fields + given);
  const std::uint32_t made = add_row(ins.x, fields);
  row = made;
  return made != FamilyState::kMissing;
}

/// Where what the cell says is not all that is to be done.
bool Run::write_with_care(const CellRef& cell, std::int64_t row, std::int64_t value) {
  set_field(cell.family, widen(row), cell.field, widen(value));
  return !failed();
}

// A name that is in no domain has no memo; it is worked out each time.
bool Run::memo_into(const Ins& ins) {
  const Memo& memo = p_.code.memos[ins.x];
  memo_place_ = nullptr;
  std::size_t place = memo.dated ? w_.era : 0;
  for (const Memo::Input& input : memo.inputs) {
    const std::int64_t name = r_[input.reg];
    const std::uint64_t one = name == kNothing ? 0 : static_cast<std::uint64_t>(name) + 1;
    if (one > input.size) return false;
    place = place * (input.size + 1) + static_cast<std::size_t>(one);
  }
  std::unique_ptr<std::int64_t[]>& answers = w_.memos[ins.x];
  if (answers == nullptr) {
    const std::size_t size = memo.size * (memo.dated ? p_.code.eras.size() + 1 : 1);
    answers.reset(new std::int64_t[size]);
    std::fill(answers.get(), answers.get() + size, kUnknownMemo);
  }
  if (answers[place] == kUnknownMemo) {
    memo_place_ = &answers[place];
    return false;
  }
  r_[ins.a] = answers[place];
  return true;
}

// Put where it belongs, behind those that are equal: the order of arrival decides between them.
bool Run::gather_sorted(const Ins& ins) {
  const Order& order = p_.code.orders[ins.x];
  const std::size_t width = order.keys;
  const auto base = static_cast<std::size_t>(r_[ins.a]);
  const auto base_keys = static_cast<std::size_t>(r_[ins.a + 1]);
  const std::int64_t* keys = r_ + ins.c;
  const auto comes_before = [&](const std::int64_t* other, bool& fits) {
    for (std::size_t k = 0; k < width; ++k) {
      if (keys[k] == other[k]) continue;
      if (keys[k] == kNothing || other[k] == kNothing) return other[k] == kNothing;
      // Two unknown names are put in order by their texts.
      if (order.kinds[k] == Kind::name && (keys[k] & other[k] & kUnknownName) != 0) fits = false;
      return (keys[k] < other[k]) != order.descending[k];
    }
    return false;
  };
  std::size_t place = w_.found.size() - base;
  bool fits = true;
  while (place > 0 && comes_before(w_.found_keys.data() + base_keys + (place - 1) * width, fits)) {
    --place;
  }
  w_.found.insert(w_.found.begin() + static_cast<std::ptrdiff_t>(base + place), r_[ins.b]);
  w_.found_keys.insert(
      w_.found_keys.begin() + static_cast<std::ptrdiff_t>(base_keys + place * width), keys,
      keys + width);
  return fits;
}

void Run::gather_changed(std::uint32_t index) {
  RowSource source;
  source.index = index;
  Rows rows(w_, w_.rows.size());
  changed_rows(source, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    w_.found.push_back(static_cast<std::int64_t>(rows[i]));
  }
}

/// Unmarked before the visit: what is written during it is for the next one.
bool Run::unmark(const Ins& ins) {
  const FamilyState* rows = family(ins.x);
  if (rows == nullptr || !rows->has(r_[ins.b])) return false;
  set_mark(ins.x, static_cast<std::uint32_t>(r_[ins.b]), false);
  return true;
}

void Run::emit_begin(const Ins& ins) {
  const Emission& emission = p_.code.emissions[ins.x];
  entry_.kind = emission.kind;
  entry_.clause = emission.clause;
  entry_.time = now_;
  entry_.timer = timer_;
  entry_.first_member = w_.entry_values.size();
  entry_.members = emission.members;
  entry_.first_rows = w_.entry_rows.size();
  entry_.rows = emission.rows;
  for (std::uint32_t i = 0; i < emission.members; ++i) {
    w_.entry_values.push_back(widen(r_[ins.b + i]));
  }
}

void Run::fields_from_registers() {
  w_.fields.resize(fields_to_widen_);
  for (std::uint32_t i = 0; i < fields_to_widen_; ++i) {
    w_.fields[i] = widen(r_[p_.code.first_field + i]);
  }
  fields_ = w_.fields;
}

bool Run::escape(const Escape& escape, std::int64_t& result) {
  if (fields_to_widen_ != 0 && timer_ == kNone) fields_from_registers();
  slots_ = w_.slots.data();
  top_ = slots_ + escape.frame;
  std::fill(slots_, top_, kAbsent);
  for (const auto& [slot, reg] : escape.in) slots_[slot] = widen(r_[reg]);
  if (escape.node != kNoNode) {
    const Value value = eval(escape.node);
    top_ = slots_;
    return !failed() && narrow(value, result);
  }
  run_step(p_.steps[escape.step], escape.clause);
  top_ = slots_;
  if (failed()) return false;
  for (const auto& [slot, reg] : escape.out) {
    if (!narrow(slots_[slot], r_[reg])) return false;
  }
  return true;
}

}  // namespace toll
