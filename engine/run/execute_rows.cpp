// What straight code does with rows, memos and entries, and what it leaves to the tree.
#include <algorithm>
#include <cstring>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/checked.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"

namespace toll {
namespace {

constexpr std::size_t kMostKeyBytes = 256;  // FamilyShape sees to it

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
    const std::int64_t instant = r_[ins.b];
    if (instant == kNothing || (instant >= w_.month_from && instant < w_.month_until)) {
      r_[ins.a] = instant == kNothing ? kNothing : w_.month;
      return true;
    }
    w_.month = month_of_day(p_.calendar.local(instant).day);
    r_[ins.a] = w_.month;
    remember_month();
    return true;
  }
  const Term& term = terms_[ins.x];
  const std::int64_t of = r_[ins.b];
  const std::int64_t by = term.y == kNoNode ? kNothing : r_[ins.c];
  Workspace::Date& known = w_.dates[ins.x % Workspace::kDates];
  if (known.term != ins.x || known.of != of || known.by != by) {
    const Value result = date_value(term, widen(of), widen(by));
    if (failed() || !narrow(result, known.value)) {
      known.term = kNone;
      return false;
    }
    known.term = ins.x;
    known.of = of;
    known.by = by;
  }
  r_[ins.a] = known.value;
  return true;
}

// Nearly all events are of the month of the one before. Where clocks change in a month, each
// instant is looked at by itself.
void Run::remember_month() {
  const Calendar& calendar = p_.calendar;
  const Value from = calendar.instant({month_start(w_.month), 0});
  const Value until = calendar.instant({month_start(w_.month + 1), 0});
  const bool fits = narrow(from, w_.month_from) && narrow(until, w_.month_until);
  if (!fits || !calendar.one_offset(from, until)) w_.month_from = w_.month_until = 0;
}

bool Run::round_into(const Ins& ins) {
  const Value a = widen(r_[ins.b]);
  const Value b = widen(r_[ins.c]);
  r_[ins.a] = kNothing;
  if (a == kAbsent) return true;
  Value result = 0;
  if (ins.act == Act::rescale) {
    auto product = static_cast<std::int64_t>(a);
    bool fits = true;
    for (std::uint32_t k = 0; k < ins.x && fits; ++k) {
      fits = !__builtin_mul_overflow(product, 10, &product);
    }
    if (fits && product != kNothing) {
      r_[ins.a] = product;
      return true;
    }
    return checked::rescale(a, ins.x, result) && narrow(result, r_[ins.a]);
  }
  if (b == kAbsent || b == 0) return true;
  if (ins.act == Act::floor_div && a >= 0 && b > 0) {
    r_[ins.a] = static_cast<std::int64_t>(a) / static_cast<std::int64_t>(b);
    return true;
  }
  if (ins.act == Act::floor_div) return narrow(checked::floor_div(a, b), r_[ins.a]);
  if (ins.act == Act::modulo) return narrow(checked::modulo(a, b), r_[ins.a]);
  const Value multiple = widen(r_[ins.x]);
  if (multiple == kAbsent || multiple == 0) return true;
  return checked::round_div(a, b, multiple, result) && narrow(result, r_[ins.a]);
}

/// As row_in_force().
std::int64_t Run::row_of_narrow(const TableData& table, const std::int64_t* key) {
  const bool banded = table.band != kNone;
  const std::int64_t number = banded ? key[table.key_count] : 0;
  const std::int64_t at = table.dated ? key[table.key_count + (banded ? 1 : 0)] : 0;
  if (number == kNothing || at == kNothing) return kNothing;
  std::int64_t best = kNothing;
  std::int64_t best_band = kNothing;
  for (const std::uint32_t row : table.keys.find_narrow(key)) {
    const TableData::Narrow& told = table.narrow_rows[row];
    if (table.dated &&
        (told.since > at || (told.until <= at && told.until != TableData::kForEver))) {
      continue;
    }
    if (told.band == kNothing || told.band > number || told.band < best_band) continue;
    best = row;
    best_band = told.band;
  }
  return best;
}

bool Run::lookup_into(const Ins& ins) {
  const TableData& table = p_.tables[ins.x];
  if (table.narrow) {
    r_[ins.a] = row_of_narrow(table, r_ + ins.b);
    return true;
  }
  const std::size_t keys =
      table.key_count + (table.band != kNone ? 1U : 0U) + (table.dated ? 1U : 0U);
  const std::uint32_t row = row_in_force(ins.x, Keys(r_ + ins.b, keys).data());
  r_[ins.a] = row == kNone ? kNothing : std::int64_t{row};
  return true;
}

// A key that its cells cannot hold is no row's.
std::int64_t Run::find_row(const Ins& ins) {
  const FamilyShape& shape = p_.families[ins.x];
  unsigned char packed[kMostKeyBytes];
  for (std::uint32_t i = 0; i < shape.key_count; ++i) {
    const RecordLayout::Cell& cell = shape.layout.cell(i);
    if (!pack_narrow(packed + cell.offset, cell.store, r_[ins.b + i])) return kNothing;
  }
  const std::uint32_t row = family(ins.x).find_packed(shape, packed);
  return row == FamilyState::kMissing ? kNothing : std::int64_t{row};
}

bool Run::put_row(const Ins& ins, std::int64_t& row) {
  const Put& put = p_.code.puts[ins.x];
  const bool keeps = !p_.families[put.family].event_scope;
  unsigned char* const packed = w_.row.data();
  std::memcpy(packed, put.blank.data(), put.blank.size());
  for (const Put::Field& field : put.fields) {
    const std::int64_t value = r_[field.reg];
    if (!pack_narrow(packed + field.cell.offset, field.cell.store, value)) return false;
    if (value > kMostShared && keeps) keep(field.cell.kind, widen(value));
  }
  return append_row(put.family, row);
}

/// Appends the row that was put together.
bool Run::append_row(std::uint32_t index, std::int64_t& row) {
  const FamilyShape& shape = p_.families[index];
  FamilyState& rows = family_to_write(index);
  std::uint32_t made = rows.append_plain(shape, w_.row.data());
  if (made == FamilyState::kMissing) made = rows.append_packed(shape, w_.row.data());
  if (!shape.event_scope) w_.journal.row_added(index);
  if (shape.tracked) set_mark(index, made, true);
  row = made;
  return true;
}

// The keys are in registers, all else is as it begins.
bool Run::make_row(const Ins& ins, std::int64_t& row) {
  const FamilyShape& shape = p_.families[ins.x];
  unsigned char* const packed = w_.row.data();
  std::memcpy(packed, shape.blank.data(), shape.stride);
  for (std::uint32_t i = 0; i < shape.key_count; ++i) {
    const std::int64_t key = r_[ins.b + i];
    const RecordLayout::Cell& cell = shape.layout.cell(i);
    if (!pack_narrow(packed + cell.offset, cell.store, key)) return false;
    if (key > kMostShared && !shape.event_scope) keep(cell.kind, widen(key));
  }
  return append_row(ins.x, row);
}

/// As set_global().
bool Run::set_global_narrow(std::uint32_t cell, std::int64_t value) {
  const RecordLayout::Cell& place = p_.globals.cell(cell);
  unsigned char* const at = s_->globals() + place.offset;
  std::int64_t old = 0;
  if (!read_narrow(at, place.store, old)) return false;
  if (old == value) return true;
  w_.journal.global(cell, widen(old));
  if (value > kMostShared) keep(place.kind, widen(value));
  return pack_narrow(at, place.store, value);
}

/// Where what the cell says is not all that is to be done.
bool Run::write_with_care(const CellRef& cell, std::int64_t row, std::int64_t value) {
  set_field(cell.family, widen(row), cell.field, widen(value));
  return !failed();
}

// A name that is in no domain has no memo; it is worked out each time.
bool Run::memo_into(const Ins& ins) {
  const Memo& memo = p_.code.memos[ins.x];
  std::size_t place = memo.dated ? w_.era : 0;
  const std::size_t inputs = memo.inputs.size();
  for (const Memo::Input *input = memo.inputs.data(), *end = input + inputs; input != end;
       ++input) {
    const std::int64_t name = r_[input->reg];
    const std::uint64_t one = name == kNothing ? 0 : static_cast<std::uint64_t>(name) + 1;
    if (one > input->size) {
      memo_place_ = nullptr;
      return false;
    }
    place = place * (input->size + 1) + static_cast<std::size_t>(one);
  }
  std::unique_ptr<std::int64_t[]>& answers = w_.memos[ins.x];
  if (answers != nullptr && answers[place] != kUnknownMemo) [[likely]] {
    r_[ins.a] = answers[place];
    return true;
  }
  memo_place_ = nullptr;
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

namespace {

inline bool passes(Filter::Ask ask, std::int64_t value, std::int64_t with) {
  using Ask = Filter::Ask;
  switch (ask) {
    case Ask::eq:
      return value == with;
    case Ask::ne:
      return value != with;
    case Ask::lt:
      return less(value, with);
    case Ask::le:
      return less_or_equal(value, with);
    case Ask::gt:
      return less(with, value);
    case Ask::ge:
      return less_or_equal(with, value);
    case Ask::present:
      return value != kNothing;
    case Ask::absent:
      return value == kNothing;
  }
  return false;
}

}  // namespace

/// Whether a row passes a filter. False: that cannot be told here.
[[gnu::always_inline]] inline bool test_row(const Filter& filter, const unsigned char* record,
                                            const std::int64_t* r, bool& fits) {
  for (const Filter::Test& test : filter.tests) {
    std::int64_t value = 0;
    if (test.store == RecordLayout::Store::int64) {
      value = packed::load<std::int64_t>(record + test.offset);
    } else if (!read_narrow(record + test.offset, test.store, value)) {
      return false;
    }
    fits = passes(test.ask, value, r[test.reg]);
    if (!fits) return true;
  }
  fits = true;
  for (const std::uint32_t name : filter.names) {
    const auto handle = packed::load<std::uint32_t>(record + name);
    if ((handle & packed::kUnknownBit) != 0 && handle != packed::kNoHandle) return false;
  }
  return true;
}

/// Most rows that an account keeps are over, which is seen at once.
class Over {
 public:
  Over(const Filter& filter, const std::int64_t* r) {
    if (!filter.ends || r[filter.tests[0].reg] == kNothing) return;
    limit_ = r[filter.tests[0].reg];
    offset_ = filter.tests[0].offset;
  }
  [[nodiscard]] bool operator()(const unsigned char* record) const {
    const auto value = packed::load<std::int64_t>(record + offset_);
    const auto high = packed::load<std::int16_t>(record + offset_ + sizeof value);
    return value <= limit_ && value > 0 && high == 0;
  }

 private:
  std::int64_t limit_ = kNothing;  // nothing is over by then
  std::uint32_t offset_ = 0;
};

bool Run::scan(const Ins& ins, bool& found) {
  const Filter& filter = p_.code.filters[ins.x];
  const FamilyState& rows = family(filter.family);
  const std::uint32_t stride = filter.stride;
  const std::int64_t before = r_[ins.a];
  if (ins.act == Act::scan_rows) {
    const std::uint32_t count = rows.count();
    std::uint32_t row = before == kNothing ? 0 : static_cast<std::uint32_t>(before) + 1;
    const unsigned char* record = rows.record(stride, row);
    for (; row < count && !found; ++row, record += stride) {
      if (!test_row(filter, record, r_, found)) return false;
    }
    if (found) r_[ins.a] = std::int64_t{row} - 1;
    return true;
  }
  // Chains are round: the first row follows the last, or the last the first.
  const unsigned char* const first_record = rows.record(stride, 0);
  const auto record_of = [=](std::uint32_t row) {
    return first_record + std::uint64_t{row} * stride;
  };
  const auto follower = [&](const unsigned char* record) {
    return packed::load<std::uint32_t>(record + filter.next);
  };
  const Over over(filter, r_);
  const auto last = static_cast<std::uint32_t>(r_[ins.b]);
  const std::uint32_t first = ins.act == Act::scan_back ? last : follower(record_of(last));
  std::uint32_t row = first;
  if (before != kNothing) {
    row = follower(record_of(static_cast<std::uint32_t>(before)));
    if (row == first) return true;
  }
  do {
    const unsigned char* const record = record_of(row);
    if (!over(record)) {
      if (!test_row(filter, record, r_, found)) return false;
      if (found) {
        r_[ins.a] = row;
        return true;
      }
    }
    row = follower(record);
  } while (row != first);
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
  if (!family(ins.x).has(r_[ins.b])) return false;
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
  entry_.members = emission.members.size();
  entry_.first_rows = w_.entry_rows.size();
  entry_.rows = emission.rows;
  for (const Reg reg : emission.members) w_.entry_values.push_back(widen(r_[reg]));
}

void Run::fields_from_registers() {
  w_.fields.resize(fields_in_registers_);
  for (std::uint32_t i = 0; i < fields_in_registers_; ++i) {
    w_.fields[i] = widen(r_[p_.code.first_field + i]);
  }
  fields_ = w_.fields;
}

bool Run::evaluate(const Ins& ins, std::int64_t& result) {
  const Escape& escaped = p_.code.escapes[ins.x];
  Workspace::Steady& known = w_.steady[ins.x];
  if (known.step == w_.step) {
    result = known.value;
    return true;
  }
  if (!escape(escaped, result)) return false;
  if (escaped.steady) known = {w_.step, result};
  return true;
}

bool Run::escape(const Escape& escape, std::int64_t& result) {
  if (fields_in_registers_ != 0 && timer_ == kNone) fields_from_registers();
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
