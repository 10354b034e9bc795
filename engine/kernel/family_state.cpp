#include "engine/kernel/family_state.hpp"

#include <algorithm>
#include <cstring>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/hash.hpp"

namespace toll {
namespace {

constexpr unsigned char kMarked = 1;
constexpr unsigned char kListed = 2;
constexpr std::uint32_t kMostKeyBytes = 256;

}  // namespace

FamilyShape::FamilyShape(const Family& family, const std::vector<Value>& initial_values)
    : initial(initial_values),
      key_count(family.keyed ? family.key_count : 0),
      index(family.keyed ? kNone : family.index),
      keyed(family.keyed),
      event_scope(family.event_scope),
      tracked(family.tracked) {
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
  link = stride;
  if (index != kNone) stride += sizeof(std::uint32_t);
  marks = stride;
  if (tracked) stride += 1;
  blank.assign(stride, 0);
  for (std::uint32_t i = 0; i < layout.cells(); ++i) {
    TOLL_ASSERT(layout.write(blank.data(), i, initial[i]));
  }
}

void FamilyState::clear() {
  rows_.clear();
  slots_.clear();
  listed_.clear();
  count_ = 0;
}

std::uint64_t FamilyState::hash_of(const FamilyShape& shape, std::uint32_t row) const {
  return hash_bytes(record(shape, row) + shape.key_offset, shape.key_bytes);
}

bool FamilyState::write(const FamilyShape& shape, std::uint32_t row, std::uint32_t field,
                        Value value) {
  TOLL_ASSERT(row < count_ && field >= shape.key_count);
  if (field != shape.index) return shape.layout.write(record(shape, row), field, value);
  unlink(shape, row);
  const bool fits = shape.layout.write(record(shape, row), field, value);
  link(shape, row);
  return fits;
}

std::uint32_t FamilyState::append(const FamilyShape& shape, const Value* fields) {
  TOLL_ASSERT(count_ < kMissing - 1);
  const std::size_t size = rows_.size() + shape.stride;
  if (size > rows_.capacity()) rows_.reserve(std::max(size, rows_.size() * 3 / 2));
  rows_.insert(rows_.end(), shape.blank.begin(), shape.blank.end());
  const std::uint32_t row = count_;
  for (std::uint32_t i = 0; i < shape.layout.cells(); ++i) {
    if (!shape.layout.write(record(shape, row), i, fields[i])) {
      rows_.resize(size - shape.stride);
      return kMissing;
    }
  }
  ++count_;
  if (shape.keyed && (count_ > kScanned || !slots_.empty())) {
    if (slots_.empty()) {
      index_keys(shape);
    } else {
      slots_.insert(hash_of(shape, row), row,
                    [&](std::uint32_t other) { return hash_of(shape, other); });
    }
  }
  if (shape.index != kNone) link(shape, row);
  return row;
}

void FamilyState::index_keys(const FamilyShape& shape) {
  const auto hash = [&](std::uint32_t row) { return hash_of(shape, row); };
  for (std::uint32_t row = 0; row < count_; ++row) slots_.insert(hash(row), row, hash);
}

void FamilyState::drop_last(const FamilyShape& shape) {
  TOLL_ASSERT(count_ > 0);
  const std::uint32_t row = count_ - 1;
  if (shape.index != kNone) unlink(shape, row);
  if (shape.keyed && !slots_.empty()) {
    slots_.erase(hash_of(shape, row), row,
                 [&](std::uint32_t other) { return hash_of(shape, other); });
  }
  rows_.resize(rows_.size() - shape.stride);
  --count_;
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

std::uint32_t FamilyState::next(const FamilyShape& shape, std::uint32_t row) const {
  std::uint32_t next = 0;
  std::memcpy(&next, record(shape, row) + shape.link, sizeof next);
  return next;
}

void FamilyState::set_next(const FamilyShape& shape, std::uint32_t row, std::uint32_t next) {
  std::memcpy(record(shape, row) + shape.link, &next, sizeof next);
}

// Chains are circular and the slots hold their last rows: appending needs no walk.
void FamilyState::link(const FamilyShape& shape, std::uint32_t row) {
  const std::uint64_t hash = hash_of(shape, row);
  const std::uint32_t last = chain(shape, read(shape, row, shape.index));
  if (last == kMissing) {
    set_next(shape, row, row);
    slots_.insert(hash, row, [&](std::uint32_t other) { return hash_of(shape, other); });
    return;
  }
  std::uint32_t before = last;
  if (row < last) {  // a row that changed its index value keeps its place in order of arrival
    while (next(shape, before) < row) before = next(shape, before);
  }
  set_next(shape, row, next(shape, before));
  set_next(shape, before, row);
  if (row > last) slots_.replace(hash, last, row);
}

void FamilyState::unlink(const FamilyShape& shape, std::uint32_t row) {
  const std::uint64_t hash = hash_of(shape, row);
  const std::uint32_t last = chain(shape, read(shape, row, shape.index));
  if (next(shape, row) == row) {
    slots_.erase(hash, row, [&](std::uint32_t other) { return hash_of(shape, other); });
    return;
  }
  std::uint32_t before = row;
  while (next(shape, before) != row) before = next(shape, before);
  set_next(shape, before, next(shape, row));
  if (last == row) slots_.replace(hash, row, before);
}

bool FamilyState::marked(const FamilyShape& shape, std::uint32_t row) const {
  return (record(shape, row)[shape.marks] & kMarked) != 0;
}

unsigned char FamilyState::set_mark(const FamilyShape& shape, std::uint32_t row, bool marked) {
  unsigned char& flags = record(shape, row)[shape.marks];
  const unsigned char before = flags;
  if (marked && (flags & kListed) == 0) listed_.push_back(row);
  flags = static_cast<unsigned char>(marked ? kMarked | kListed : before & kListed);
  return before;
}

void FamilyState::restore_mark(const FamilyShape& shape, std::uint32_t row, unsigned char before) {
  unsigned char& flags = record(shape, row)[shape.marks];
  if ((flags & kListed) != 0 && (before & kListed) == 0) {
    TOLL_ASSERT(!listed_.empty() && listed_.back() == row);
    listed_.pop_back();
  }
  flags = before;
}

void FamilyState::tidy_marks(const FamilyShape& shape) {
  std::erase_if(listed_, [&](std::uint32_t row) {
    unsigned char& flags = record(shape, row)[shape.marks];
    if ((flags & kMarked) != 0) return false;
    flags = 0;
    return true;
  });
}

std::size_t FamilyState::bytes() const {
  return rows_.capacity() + slots_.bytes() + listed_.capacity() * sizeof(std::uint32_t);
}

}  // namespace toll
