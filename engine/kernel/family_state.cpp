#include "engine/kernel/family_state.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/hash.hpp"

namespace toll {
namespace {

constexpr unsigned char kListed = 2;
constexpr std::uint32_t kMostKeyBytes = 256;

}  // namespace

FamilyBlock FamilyState::kEmpty;

/// A block like another one, but for where it lies.
FamilyBlock* FamilyState::allocate(std::size_t size, const Block& like) {
  const std::size_t before = like.lists ? kList : 0;
  std::uint16_t units = 0;
  void* memory = like.home == nullptr ? nullptr : like.home->get(before + size, units);
  if (memory == nullptr) memory = ::operator new(before + size);
  auto* const made = new (static_cast<unsigned char*>(memory) + before) Block(like);
  made->units = units;
  return made;
}

void FamilyState::free(Block* block) {
  unsigned char* const memory = start(block) - (block->lists ? kList : 0);
  if (block->units != 0) {
    block->home->give_back(memory, block->units);
  } else {
    ::operator delete(memory);
  }
}

void FamilyState::clear_index() {
  const bool hash = block_->found == Found::by_hash;
  const std::uint32_t slots = hash ? this->slots() : 0;
  std::memset(map(), 0, block_->rows_at - sizeof(Block));
  if (hash) this->slots() = slots;
}

FamilyShape::FamilyShape(const Family& family, const std::vector<Value>& initial_values,
                         std::uint32_t names)
    : initial(initial_values),
      key_count(family.keyed ? family.key_count : 0),
      index(family.keyed ? kNone : family.index),
      keyed(family.keyed),
      event_scope(family.event_scope),
      tracked(family.tracked) {
  constexpr std::uint32_t kMostMapped = 254;
  for (const Family::Field& field : family.fields) layout.add(field.type);
  stride = layout.size();
  if (key_count != 0) {
    const RecordLayout::Cell& last = layout.cell(key_count - 1);
    key_bytes = last.offset + RecordLayout::width(last.store);
    TOLL_ASSERT(key_bytes <= kMostKeyBytes);
  } else if (index != kNone) {
    key_offset = layout.cell(index).offset;
    key_bytes = RecordLayout::width(layout.cell(index).store);
  }
  if (names != 0 && names < kMostMapped) places = names + 1;
  link = stride;
  if (index != kNone) stride += sizeof(std::uint32_t);
  marks = stride;
  if (tracked) stride += 1;
  blank.assign(stride, 0);
  for (std::uint32_t i = 0; i < layout.cells(); ++i) {
    TOLL_ASSERT(layout.write(blank.data(), i, initial[i]));
  }
}

void FamilyShape::keep_in_order(std::vector<OrderKey> keys) {
  TOLL_ASSERT(index != kNone);
  order = std::move(keys);
  back = stride;
  skip = back + sizeof(std::uint32_t);
  stride += 2 * sizeof(std::uint32_t);
  blank.resize(stride, 0);
}

FamilyState FamilyState::copy(const FamilyShape& shape) const {
  FamilyState made;
  if (is_new()) return made;
  const std::size_t size = block_->rows_at + std::size_t{block_->capacity} * shape.stride;
  Block like = *block_;
  like.home = nullptr;
  made.block_ = allocate(size, like);
  std::memcpy(start(made.block_) + sizeof(Block), start(block_) + sizeof(Block),
              size - sizeof(Block));
  if (block_->lists) made.list() = new std::vector<std::uint32_t>(*list());
  return made;
}

FamilyState FamilyState::room_again(const FamilyShape& shape) const {
  FamilyState made;
  Block like = *block_;
  like.count = 0;
  made.block_ = allocate(like.rows_at + std::size_t{like.capacity} * shape.stride, like);
  if (like.lists) made.list() = new std::vector<std::uint32_t>;
  std::memset(made.map(), 0, like.rows_at - sizeof(Block));
  if (like.found == Found::by_hash) made.slots() = slots();
  return made;
}

void FamilyState::drop() {
  if (is_new()) return;
  Block* const empty = empty_block();
  if (block_->lists) delete list();
  free(block_);
  block_ = empty;
}

bool FamilyState::write(const FamilyShape& shape, std::uint32_t row, std::uint32_t field,
                        Value value) {
  TOLL_ASSERT(row < count() && field >= shape.key_count);
  if (field != shape.index) return shape.layout.write(record(shape, row), field, value);
  unlink(shape, row);
  const bool fits = shape.layout.write(record(shape, row), field, value);
  link(shape, row);
  return fits;
}

void FamilyState::grow_by_one(const FamilyShape& shape) {
  const std::uint32_t row = count();
  TOLL_ASSERT(row < kMissing - 1);
  grow(shape, row + 1 + row / 4, block_->found, block_->found == Found::by_hash ? slots() : 0);
}

std::uint32_t FamilyState::append(const FamilyShape& shape, const Value* fields) {
  const std::uint32_t row = count();
  if (row == block_->capacity) grow_by_one(shape);
  unsigned char* const at = record(shape, row);
  std::memcpy(at, shape.blank.data(), shape.stride);
  for (std::uint32_t i = 0; i < shape.layout.cells(); ++i) {
    if (!shape.layout.write(at, i, fields[i])) return kMissing;
  }
  added(shape, row);
  return row;
}

void FamilyState::added(const FamilyShape& shape, std::uint32_t row) {
  ++block_->count;
  if (shape.index != kNone) {
    link(shape, row);
  } else if (shape.keyed) {
    const bool map = shape.places != 0;
    if (block_->found != Found::by_scan) {
      put_in_index(shape, row);
    } else if (row >= (map ? kScanned / 2 : kScanned)) {
      make_index(shape, map ? Found::by_map : Found::by_hash, count());
    }
  }
}

void FamilyState::drop_last(const FamilyShape& shape) {
  TOLL_ASSERT(count() > 0);
  const std::uint32_t row = count() - 1;
  if (shape.index != kNone) {
    unlink(shape, row);
  } else if (block_->found != Found::by_scan) {
    take_from_index(shape, row);
  }
  --block_->count;
}

/// Moves all to a larger piece of memory, the index empty.
void FamilyState::grow(const FamilyShape& shape, std::uint32_t capacity, Found found,
                       std::uint32_t slots) {
  std::size_t rows_at = sizeof(Block);
  if (found == Found::by_map) rows_at += (shape.places + 3) / 4 * 4;
  if (found == Found::by_hash) rows_at += (kHashHead + slots) * sizeof(std::uint32_t);
  TOLL_ASSERT(rows_at < kMissing);
  Block* const old = block_;
  const bool same = found == old->found && (found != Found::by_hash || slots == this->slots());
  const std::size_t size = rows_at + std::size_t{capacity} * shape.stride;
  Block like = *old;
  like.lists = shape.tracked;
  std::vector<std::uint32_t>* const rows = old->lists ? list() : nullptr;
  block_ = allocate(size, like);
  if (shape.tracked) list() = rows != nullptr ? rows : new std::vector<std::uint32_t>;
  block_->rows_at = static_cast<std::uint32_t>(rows_at);
  block_->capacity = capacity;
  block_->found = found;
  if (same) {
    std::memcpy(map(), start(old) + sizeof(Block), rows_at - sizeof(Block));
  } else {
    std::memset(map(), 0, rows_at - sizeof(Block));
    if (found == Found::by_hash) this->slots() = slots;
  }
  std::memcpy(start(block_) + rows_at, start(old) + old->rows_at,
              std::size_t{old->count} * shape.stride);
  if (old->capacity != 0) free(old);
}

// Of chains, the last row is the one that is found: rows are put in as they arrived.
void FamilyState::index_all(const FamilyShape& shape, std::uint32_t rows) {
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (shape.back != 0) {
      const std::uint32_t after = next(shape, row);
      if (after == row || comes_before(shape, after, row)) put_in_index(shape, row);
      continue;
    }
    const std::uint32_t before = find_in_index(shape, key_of(shape, row));
    if (before == kMissing) {
      put_in_index(shape, row);
    } else {
      replace_in_index(shape, before, row);
    }
  }
}

void FamilyState::make_index(const FamilyShape& shape, Found found, std::uint32_t rows) {
  if (found == Found::by_map) {
    for (std::uint32_t row = 0; row < block_->count && found == Found::by_map; ++row) {
      const bool fits = row < kMostMapped && place_of(shape, key_of(shape, row)) != kMissing;
      if (!fits) found = Found::by_hash;
    }
  }
  std::uint32_t slots = 0;
  if (found == Found::by_hash) {
    slots = 4;
    while (slots * 3 < (block_->count + 1) * 4) slots *= 2;
  }
  grow(shape, std::max(block_->capacity, 1U), found, slots);
  index_all(shape, rows);
}

/// Adds a row that is not there.
void FamilyState::put_in_index(const FamilyShape& shape, std::uint32_t row) {
  if (block_->found == Found::by_scan) return;
  if (block_->found == Found::by_map) {
    const std::uint32_t place = place_of(shape, key_of(shape, row));
    if (place != kMissing && row < kMostMapped) {
      map()[place] = static_cast<unsigned char>(row + 1);
    } else {
      make_index(shape, Found::by_hash, count());
    }
    return;
  }
  if (slots() * 3 < (used() + 1) * 4) {
    const std::vector<std::uint32_t> old(hashed(), hashed() + slots());
    grow(shape, block_->capacity, Found::by_hash, 2 * slots());
    for (const std::uint32_t entry : old) {
      if (entry != 0) place_hashed(shape, entry - 1);
    }
  }
  place_hashed(shape, row);
}

void FamilyState::place_hashed(const FamilyShape& shape, std::uint32_t row) {
  const std::uint32_t mask = slots() - 1;
  const std::uint64_t hash = hash_bytes(key_of(shape, row), shape.key_bytes);
  std::uint32_t slot = static_cast<std::uint32_t>(hash) & mask;
  while (hashed()[slot] != 0) slot = (slot + 1) & mask;
  hashed()[slot] = row + 1;
  ++used();
}

std::uint32_t FamilyState::slot_of(const FamilyShape& shape, std::uint32_t row) const {
  const std::uint32_t mask = slots() - 1;
  const std::uint64_t hash = hash_bytes(key_of(shape, row), shape.key_bytes);
  std::uint32_t slot = static_cast<std::uint32_t>(hash) & mask;
  while (hashed()[slot] != row + 1) slot = (slot + 1) & mask;
  return slot;
}

void FamilyState::replace_in_index(const FamilyShape& shape, std::uint32_t row, std::uint32_t by) {
  if (block_->found == Found::by_scan) return;
  if (block_->found == Found::by_hash) {
    hashed()[slot_of(shape, row)] = by + 1;
  } else if (by < kMostMapped) {
    map()[place_of(shape, key_of(shape, row))] = static_cast<unsigned char>(by + 1);
  } else {
    make_index(shape, Found::by_hash, count());
  }
}

// Of a hash, later rows of the same run move up, so that no marker stays behind.
void FamilyState::take_from_index(const FamilyShape& shape, std::uint32_t row) {
  if (block_->found == Found::by_scan) return;
  if (block_->found == Found::by_map) {
    map()[place_of(shape, key_of(shape, row))] = 0;
    return;
  }
  const std::uint32_t mask = this->slots() - 1;
  std::uint32_t* const slots = hashed();
  std::uint32_t hole = slot_of(shape, row);
  for (std::uint32_t slot = (hole + 1) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint64_t hash = hash_bytes(key_of(shape, slots[slot] - 1), shape.key_bytes);
    const std::uint32_t home = static_cast<std::uint32_t>(hash) & mask;
    if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
    slots[hole] = slots[slot];
    hole = slot;
  }
  slots[hole] = 0;
  --used();
}

// A key that its cells cannot hold is no row's.
std::uint32_t FamilyState::find(const FamilyShape& shape, const Value* key) const {
  unsigned char packed_key[kMostKeyBytes];
  for (std::uint32_t i = 0; i < shape.key_count; ++i) {
    if (!shape.layout.write(packed_key, i, key[i])) return kMissing;
  }
  return find_packed(shape, packed_key);
}

std::uint32_t FamilyState::chain(const FamilyShape& shape, Value value) const {
  unsigned char packed_value[sizeof(Value)];
  if (!RecordLayout::pack(packed_value, shape.layout.cell(shape.index).store, value)) {
    return kMissing;
  }
  return chain_packed(shape, packed_value);
}

void FamilyState::follow(const FamilyShape& shape, std::uint32_t row, std::uint32_t next) {
  std::memcpy(record(shape, row) + shape.link, &next, sizeof next);
  if (shape.back != 0) std::memcpy(record(shape, next) + shape.back, &row, sizeof row);
}

// Absent values come last, whichever way; unknown names, which are put in order by their texts,
// stand in any order here, and who needs it has to look (Filter::names).
bool FamilyState::comes_before(const FamilyShape& shape, std::uint32_t a, std::uint32_t b) const {
  const unsigned char* const left = record(shape, a);
  const unsigned char* const right = record(shape, b);
  for (const FamilyShape::OrderKey& key : shape.order) {
    const RecordLayout::Cell& cell = shape.layout.cell(key.field);
    std::int64_t narrow_x = 0;
    std::int64_t narrow_y = 0;
    if (read_narrow(left + cell.offset, cell.store, narrow_x) &&
        read_narrow(right + cell.offset, cell.store, narrow_y)) {
      constexpr std::int64_t kNothing = INT64_MIN;  // absent
      if (narrow_x == narrow_y) continue;
      if (narrow_x == kNothing || narrow_y == kNothing) return narrow_y == kNothing;
      return (narrow_x < narrow_y) != key.descending;
    }
    const Value x = read(shape, a, key.field);
    const Value y = read(shape, b, key.field);
    if (x == y) continue;
    if (x == kAbsent || y == kAbsent) return y == kAbsent;
    return (x < y) != key.descending;
  }
  return a < b;
}

std::uint32_t FamilyState::row_before(const FamilyShape& shape, std::uint32_t row,
                                      std::uint32_t last) const {
  std::uint32_t before = last;
  if (shape.back != 0) {
    while (comes_before(shape, row, before)) {
      before = back(shape, before);
      if (before == last) return kMissing;
    }
  } else if (row <
             last) {  // a row that changed its index value keeps its place in order of arrival
    while (next(shape, before) < row) before = next(shape, before);
    if (before == last) return kMissing;
  }
  return before;
}

/// The last row of a chain, found by looking at all rows.
std::uint32_t FamilyState::last_by_scan(const FamilyShape& shape, const unsigned char* key,
                                        std::uint32_t but) const {
  std::uint32_t last = kMissing;
  for (std::uint32_t row = 0; row < block_->count; ++row) {
    if (row == but || !same_key(key_of(shape, row), key, shape.key_bytes)) continue;
    if (shape.back != 0) {
      const std::uint32_t after = next(shape, row);
      if (after != row && !comes_before(shape, after, row)) continue;
    }
    last = row;
  }
  return last;
}

// Chains are circular and the index has their last rows: appending needs no walk. Of the first few
// rows there is no index: the row that is one too many is not linked yet when it is made.
void FamilyState::link(const FamilyShape& shape, std::uint32_t row) {
  forget_skip(shape, row);
  if (block_->found == Found::by_scan && block_->count > kChained) {
    TOLL_ASSERT(row + 1 == block_->count);
    make_index(shape, shape.places != 0 ? Found::by_map : Found::by_hash, row);
  }
  const std::uint32_t last = find_in_index(shape, key_of(shape, row), row);
  if (last == kMissing) {
    follow(shape, row, row);
    put_in_index(shape, row);
    return;
  }
  const std::uint32_t found = row_before(shape, row, last);
  const std::uint32_t before = found == kMissing ? last : found;
  follow(shape, row, next(shape, before));
  follow(shape, before, row);
  forget_skip(shape, found == kMissing || found == last ? next(shape, row) : next(shape, last));
  if (found == last) {
    replace_in_index(shape, last, row);
  } else if (block_->found == Found::by_map && row >= kMostMapped) {
    make_index(shape, Found::by_hash, count());  // it may be the last of its chain some day
  }
}

void FamilyState::unlink(const FamilyShape& shape, std::uint32_t row) {
  const std::uint32_t last = find_in_index(shape, key_of(shape, row));
  if (next(shape, row) == row) return take_from_index(shape, row);
  std::uint32_t before = row;
  if (shape.back != 0) {
    before = back(shape, row);
  } else {
    while (next(shape, before) != row) before = next(shape, before);
  }
  const std::uint32_t first = next(shape, last);
  forget_skip(shape, first == row ? next(shape, row) : first);
  follow(shape, before, next(shape, row));
  if (last == row) replace_in_index(shape, row, before);
}

void FamilyState::forget_skip(const FamilyShape& shape, std::uint32_t row) {
  if (shape.skip != 0) note_skip(shape.skip, shape.stride, row, kMissing);
}

bool FamilyState::marked(const FamilyShape& shape, std::uint32_t row) const {
  return (record(shape, row)[shape.marks] & kMarked) != 0;
}

unsigned char FamilyState::set_mark(const FamilyShape& shape, std::uint32_t row, bool marked) {
  unsigned char& flags = record(shape, row)[shape.marks];
  const unsigned char before = flags;
  if (marked && (flags & kListed) == 0) list()->push_back(row);
  flags = static_cast<unsigned char>(marked ? kMarked | kListed : before & kListed);
  return before;
}

void FamilyState::restore_mark(const FamilyShape& shape, std::uint32_t row, unsigned char before) {
  unsigned char& flags = record(shape, row)[shape.marks];
  if ((flags & kListed) != 0 && (before & kListed) == 0) {
    TOLL_ASSERT(!list()->empty() && list()->back() == row);
    list()->pop_back();
  }
  flags = before;
}

const std::vector<std::uint32_t>& FamilyState::listed() const {
  static const std::vector<std::uint32_t> kNobody;
  return block_->lists ? *list() : kNobody;
}

void FamilyState::tidy_marks(const FamilyShape& shape) {
  if (!block_->lists) return;
  std::erase_if(*list(), [&](std::uint32_t row) {
    unsigned char& flags = record(shape, row)[shape.marks];
    if ((flags & kMarked) != 0) return false;
    flags = 0;
    return true;
  });
}

std::size_t FamilyState::bytes(const FamilyShape& shape) const {
  if (is_new()) return 0;
  const std::size_t listed =
      block_->lists ? kList + sizeof *list() + list()->capacity() * sizeof(std::uint32_t) : 0;
  return block_->rows_at + std::size_t{block_->capacity} * shape.stride + listed;
}

}  // namespace toll
