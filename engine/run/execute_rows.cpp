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
  const Term& term = terms_[ins.x];
  const std::int64_t of = r_[ins.b];
  const std::int64_t by = term.y == kNoNode ? kNothing : r_[ins.c];
  // Months, or instants of different months, stand in different places.
  const std::uint64_t apart = static_cast<std::uint64_t>(of ^ of >> 51) % 16;
  Workspace::Date& known = w_.dates[(ins.x + 37 * apart) % Workspace::kDates];
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

// Nearly all events are of the month of the one before, or of the one that they end. Where clocks
// change in a month, each instant is looked at by itself.
std::int64_t Run::month_of(std::int64_t instant) {
  for (unsigned i = 0; i < Workspace::kMonths; ++i) {
    const unsigned place = (w_.month + i) % Workspace::kMonths;
    const Workspace::Month& one = w_.months[place];
    if (instant < one.from || instant >= one.until) continue;
    w_.month = place;
    return one.month;
  }
  const Calendar& calendar = p_.calendar;
  Workspace::Month found;
  found.month = month_of_day(calendar.local(instant).day);
  const Value from = calendar.instant({month_start(found.month), 0});
  const Value until = calendar.instant({month_start(found.month + 1), 0});
  const bool fits = narrow(from, found.from) && narrow(until, found.until);
  if (fits && calendar.one_offset(from, until)) {
    w_.month = (w_.month + 1) % Workspace::kMonths;
    w_.months[w_.month] = found;
  }
  return found.month;
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

bool Run::lookup_into(const Ins& ins) {
  const TableData& table = p_.tables[ins.x];
  if (table.narrow.is_there()) {
    r_[ins.a] = table.narrow.find(table.keys, r_ + ins.b);
    return true;
  }
  const std::uint32_t row = row_in_force(ins.x, Keys(r_ + ins.b, table.all_keys()).data());
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

std::int64_t Run::last_of_chain(const Ins& ins) const {
  const FamilyShape& shape = p_.families[ins.x];
  unsigned char value[sizeof(Value)];
  if (!pack_narrow(value, shape.layout.cell(shape.index).store, r_[ins.b])) return kNothing;
  const std::uint32_t last = family(ins.x).chain_packed(shape, value);
  return last == FamilyState::kMissing ? kNothing : std::int64_t{last};
}

bool Run::list_cell_into(const Ins& ins) {
  const std::int64_t row = r_[ins.b];
  const auto list = static_cast<std::size_t>(row >> 32);
  r_[ins.a] = kNothing;
  if (row < 0 || list >= w_.lists.size()) return true;
  const ListView& view = w_.lists[list];
  const std::size_t cell = static_cast<std::uint32_t>(row) * view.columns + ins.c;
  if (ins.c >= view.columns || cell >= view.cells.size()) return true;
  return narrow(view.cells[cell], r_[ins.a]);
}

void Run::list_rows(const Ins& ins) {
  const std::int64_t list = r_[ins.b];
  r_[ins.a] = -1;
  r_[ins.a + 1] = 0;
  if (list < 0 || list >= static_cast<std::int64_t>(w_.lists.size())) return;
  const ListView& view = w_.lists[static_cast<std::size_t>(list)];
  const std::size_t rows = view.columns == 0 ? 0 : view.cells.size() / view.columns;
  r_[ins.a] = (list << 32) - 1;
  r_[ins.a + 1] = (list << 32) + static_cast<std::int64_t>(rows);
}

bool Run::put_row(const Ins& ins, std::int64_t& row) {
  const Put& put = p_.code.puts[ins.x];
  const FamilyShape& shape = p_.families[put.family];
  FamilyState& rows = family_to_write(put.family);
  unsigned char* const packed = rows.next_row(shape);
  std::memcpy(packed, put.blank.data(), put.blank.size());
  for (const Put::Field& field : put.fields) {
    const std::int64_t value = r_[field.reg];
    if (!pack_narrow(packed + field.cell.offset, field.cell.store, value)) return false;
    const bool is_text = field.cell.store == RecordLayout::Store::handle;
    if (is_text && value > kMostShared && !shape.event_scope) keep(field.cell.kind, widen(value));
  }
  row = rows.add_row(shape);
  row_added(put.family, shape, row);
  return true;
}

// The keys are in registers, all else is as it begins.
bool Run::make_row(const Ins& ins, std::int64_t& row) {
  const FamilyShape& shape = p_.families[ins.x];
  FamilyState& rows = family_to_write(ins.x);
  unsigned char* const packed = rows.next_row(shape);
  std::memcpy(packed, shape.blank.data(), shape.stride);
  if (!pack_cells(shape, shape.key_count, r_ + ins.b, packed)) return false;
  row = rows.add_row(shape);
  row_added(ins.x, shape, row);
  return true;
}

/// Puts the first fields of a row down. False: a field cannot hold its value.
bool Run::pack_cells(const FamilyShape& shape, std::uint32_t count, const std::int64_t* values,
                     unsigned char* row) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::int64_t value = values[i];
    const RecordLayout::Cell& cell = shape.layout.cell(i);
    if (!pack_narrow(row + cell.offset, cell.store, value)) return false;
    if (value > kMostShared && !shape.event_scope) keep(cell.kind, widen(value));
  }
  return true;
}

void Run::row_added(std::uint32_t family, const FamilyShape& shape, std::int64_t row) {
  if (!shape.event_scope) w_.journal.row_added(family);
  if (shape.tracked) set_mark(family, static_cast<std::uint32_t>(row), true);
}

/// Of a family of the event: it is found by the key of the row that it would be.
bool Run::find_or_make(const Ins& ins, std::int64_t& row) {
  const FamilyShape& shape = p_.families[ins.x];
  FamilyState& rows = w_.event_families[p_.family_places[ins.x]];
  unsigned char* const packed = rows.next_row(shape);
  std::memcpy(packed, shape.blank.data(), shape.stride);
  for (std::uint32_t i = 0; i < shape.key_count; ++i) {
    const RecordLayout::Cell& cell = shape.layout.cell(i);
    if (!pack_narrow(packed + cell.offset, cell.store, r_[ins.b + i])) return false;
  }
  const bool none = rows.count() == 0;
  const std::uint32_t found = none ? FamilyState::kMissing : rows.find_packed(shape, packed);
  if (found != FamilyState::kMissing) {
    row = found;
    return true;
  }
  row = rows.add_row(shape);
  row_added(ins.x, shape, row);
  return true;
}

/// As set_global().
bool Run::set_global_narrow(std::uint32_t cell, std::int64_t value) {
  const RecordLayout::Cell& place = p_.globals.cell(cell);
  unsigned char* const at = s_->globals() + place.offset;
  std::int64_t old = 0;
  if (!read_narrow(at, place.store, old)) return false;
  if (old == value) return true;
  w_.journal.global(cell, widen(old));
  const bool is_text = place.store == RecordLayout::Store::handle;
  if (is_text && value > kMostShared) keep(place.kind, widen(value));
  return pack_narrow(at, place.store, value);
}

/// As arm().
bool Run::arm_narrow(std::uint32_t timer, std::int64_t deadline) {
  const std::uint32_t cell = p_.timer_cell(timer);
  const Value before = s_->global(cell);
  if (!set_global_narrow(cell, deadline)) return false;
  s_->refresh_deadline(before, widen(deadline));
  return true;
}

/// As fire() from where the next timer is known.
bool Run::fire_narrow(std::int64_t deadline, std::uint32_t code) {
  if (!arm_narrow(timer_, kNothing)) return false;
  s_->set_clock(deadline);
  begin_narrow(deadline, deadline);
  return execute(code);
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

/// Most rows that an account keeps are over, which is seen at once.
class Run::Over {
 public:
  Over(const Filter& filter, const std::int64_t* r) {
    if (!filter.ends || r[filter.tests[0].reg] == kNothing) return;
    limit_ = r[filter.tests[0].reg];
    offset_ = filter.tests[0].offset;
  }
  /// `certain`: a row that is not over has passed the first test.
  [[nodiscard]] bool operator()(const unsigned char* record, bool& certain) const {
    const auto value = packed::load<std::int64_t>(record + offset_);
    const auto high = packed::load<std::int16_t>(record + offset_ + sizeof value);
    certain = limit_ != kNothing && value > 0 && high == 0;
    return certain && value <= limit_;
  }
  [[nodiscard]] bool operator()(const unsigned char* record) const {
    bool certain = false;
    return (*this)(record, certain);
  }

 private:
  std::int64_t limit_ = kNothing;  // nothing is over by then
  std::uint32_t offset_ = 0;
};

/// Whether a row passes a filter. False: that cannot be told here.
[[gnu::always_inline]] inline bool test_row(const Filter& filter, const unsigned char* record,
                                            const std::int64_t* r, std::size_t from, bool& fits) {
  for (std::size_t i = from; i < filter.tests.size(); ++i) {
    const Filter::Test& test = filter.tests[i];
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

/// Of a chain, from its first row on; kMissing: all are over. What is found out is noted, unless
/// the time is earlier than that of notes that there are, as it is for late events.
[[gnu::always_inline]] inline std::uint32_t Run::first_not_over(const Filter& filter,
                                                                const Over& over,
                                                                std::uint32_t first) {
  FamilyState& rows = s_->families()[filter.place];
  const std::int64_t now = r_[filter.tests[0].reg];
  if (now == kNothing || now < s_->over_by()) return first;
  const std::uint32_t noted = rows.skip(filter.skip, filter.stride, first);
  const std::uint32_t from = noted == FamilyState::kMissing ? first : noted;
  if (noted == first) return FamilyState::kMissing;
  std::uint32_t row = from;
  while (over(rows.record(filter.stride, row))) {
    row = packed::load<std::uint32_t>(rows.record(filter.stride, row) + filter.next);
    if (row == first) break;
  }
  if (row == from) return row;
  s_->to_keep().over_by = now;
  rows.note_skip(filter.skip, filter.stride, first, row);
  return row == first ? FamilyState::kMissing : row;
}

bool Run::scan(const Ins& ins, bool& found) {
  const Filter& filter = p_.code.filters[ins.x];
  if (ins.act != Act::scan_rows) return scan_chain(ins, filter, found);
  const FamilyState& rows = family(filter.family);
  const std::uint32_t stride = filter.stride;
  const std::int64_t before = r_[ins.a];
  const std::uint32_t count = rows.count();
  std::uint32_t row = before == kNothing ? 0 : static_cast<std::uint32_t>(before) + 1;
  const unsigned char* record = rows.record(stride, row);
  for (; row < count && !found; ++row, record += stride) {
    if (!test_row(filter, record, r_, 0, found)) return false;
  }
  if (found) r_[ins.a] = std::int64_t{row} - 1;
  return true;
}

// Chains are round: the first row follows the last, or the last the first.
bool Run::scan_chain(const Ins& ins, const Filter& filter, bool& found) {
  const unsigned char* const rows = family(filter.family).record(filter.stride, 0);
  const std::size_t stride = filter.stride;
  const std::size_t next = filter.next;
  const auto follower = [=](std::uint32_t row) {
    return packed::load<std::uint32_t>(rows + row * stride + next);
  };
  const Over over(filter, r_);
  const std::int64_t before = r_[ins.a];
  const auto last = static_cast<std::uint32_t>(r_[ins.b]);
  const std::uint32_t first = ins.act == Act::scan_back ? last : follower(last);
  const bool begins = before == kNothing;
  std::uint32_t row = begins ? first : follower(static_cast<std::uint32_t>(before));
  if (!begins && row == first) return true;
  if (begins && filter.skip != 0) {
    row = first_not_over(filter, over, first);
    if (row == FamilyState::kMissing) return true;
  }
  do {
    const unsigned char* const record = rows + row * stride;
    bool passed = false;  // the first test
    if (!over(record, passed)) {
      if (!test_row(filter, record, r_, passed ? 1 : 0, found)) return false;
      if (found) {
        r_[ins.a] = row;
        return true;
      }
    }
    row = packed::load<std::uint32_t>(record + next);
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

void Run::fields_from_registers() {
  w_.fields.resize(fields_in_registers_);
  for (std::uint32_t i = 0; i < fields_in_registers_; ++i) {
    w_.fields[i] = widen(r_[p_.code.first_field + i]);
  }
  fields_ = w_.fields;
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
