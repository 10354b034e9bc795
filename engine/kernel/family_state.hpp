// The rows of one family of one account (or of one event).
//
// Rows are packed records in order of making. Rows of a keyed family are found by their first
// fields; rows of a serial family with an index are chained by the value of that field, in order of
// arrival. A tracked family remembers which rows were marked since they were last visited.
//
// All of it is one piece of memory: how many rows there are, where they are found, the rows. Who
// looks for a row of a small family finds all three within two cache lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "engine/kernel/family_memory.hpp"
#include "engine/kernel/hash.hpp"
#include "engine/kernel/record.hpp"
#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

/// What all states of a family have in common.
struct FamilyShape {
  FamilyShape() = default;
  /// `initial` are the fields' initial values. `names`: how many names there are, if rows are found
  /// by a name; 0: they are not, or it is not known.
  FamilyShape(const Family& family, const std::vector<Value>& initial, std::uint32_t names = 0);

  /// A field by which the rows of a chain are put in order.
  struct OrderKey {
    std::uint32_t field = 0;
    bool descending = false;
    friend bool operator==(const OrderKey&, const OrderKey&) = default;
  };
  /// Chains are to be in this order, not in that of arrival; equal rows stay as they arrived.
  void keep_in_order(std::vector<OrderKey> keys);

  RecordLayout layout;
  std::vector<Value> initial;
  std::vector<unsigned char> blank;  ///< a new row
  std::uint32_t key_count = 0;
  std::uint32_t key_offset = 0;  ///< where in a row that stands by which it is found: its key,
  std::uint32_t key_bytes = 0;   ///< or the value of its index
  std::uint32_t index = kNone;
  std::uint32_t link = 0;  ///< serial with index: offset of the next row of the chain
  std::uint32_t back = 0;  ///< chains in order: offset of the row before
  std::uint32_t skip = 0;  ///< the same: of what FamilyState::skip tells
  std::vector<OrderKey> order;
  std::uint32_t marks = 0;  ///< tracked: offset of the flags
  std::uint32_t stride = 0;
  std::uint32_t places = 0;  ///< of a map by name: one a name, and one for none; 0: no map
  bool keyed = false;
  bool event_scope = false;
  bool tracked = false;
};

/// Whether two keys are the same.
inline bool same_key(const unsigned char* row, const unsigned char* key, std::uint32_t bytes) {
  if (bytes == 4) return packed::load<std::uint32_t>(row) == packed::load<std::uint32_t>(key);
  if (bytes == 8) return packed::load<std::uint64_t>(row) == packed::load<std::uint64_t>(key);
  return std::memcmp(row, key, bytes) == 0;
}

class FamilyState {
 public:
  static constexpr std::uint32_t kMissing = 0xffffffffU;
  static constexpr unsigned char kMarked = 1;  ///< of a row's flags

  FamilyState() = default;
  /// Rows are to lie in this memory, which has to outlive them.
  explicit FamilyState(FamilyMemory& memory) : block_(memory.empty()) {}
  ~FamilyState() { drop(); }
  FamilyState(FamilyState&& other) noexcept
      : block_(std::exchange(other.block_, other.empty_block())) {}
  FamilyState& operator=(FamilyState&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  [[nodiscard]] FamilyState copy(const FamilyShape& shape) const;
  /// Has no rows, but room for as many and the same kind of index.
  [[nodiscard]] FamilyState room_again(const FamilyShape& shape) const;

  [[nodiscard]] std::uint32_t count() const { return block_->count; }
  /// It never had rows, and holds no memory.
  [[nodiscard]] bool is_new() const { return block_->capacity == 0; }
  /// What it holds lies in the memory it was given.
  [[nodiscard]] bool is_in_memory() const { return is_new() || block_->units != 0; }
  [[nodiscard]] bool has(Value row) const { return row >= 0 && row < count(); }
  /// There are no rows from now on. What memory there is is kept for those to come.
  void clear() {
    if (is_new()) return;
    block_->count = 0;
    if (block_->rows_at != sizeof(Block)) [[unlikely]]
      clear_index();
    if (block_->lists) [[unlikely]]
      list()->clear();
  }
  /// The same, and no memory is held.
  void drop();

  [[nodiscard]] Value read(const FamilyShape& shape, std::uint32_t row, std::uint32_t field) const {
    return shape.layout.read(record(shape, row), field);
  }
  /// False: the field cannot hold the value; nothing is written.
  bool write(const FamilyShape& shape, std::uint32_t row, std::uint32_t field, Value value);

  /// Adds a row with these fields; kMissing: a field cannot hold its value, nothing is added.
  std::uint32_t append(const FamilyShape& shape, const Value* fields);
  /// Where the next row is to be put together; then it is added.
  unsigned char* next_row(const FamilyShape& shape) {
    if (block_->count == block_->capacity) [[unlikely]]
      grow_by_one(shape);
    return record(shape, block_->count);
  }
  std::uint32_t add_row(const FamilyShape& shape) {
    const std::uint32_t row = block_->count;
    const bool scanned = block_->found == Found::by_scan && row < kScanned / 2;
    if (shape.index == kNone && (!shape.keyed || scanned)) {
      ++block_->count;
    } else {
      added(shape, row);
    }
    return row;
  }
  /// Takes back the row added last.
  void drop_last(const FamilyShape& shape);

  /// Keyed: the row with this key.
  [[nodiscard]] std::uint32_t find(const FamilyShape& shape, const Value* key) const;
  /// The same for a key as it lies in a row.
  [[nodiscard]] std::uint32_t find_packed(const FamilyShape& shape, const unsigned char* key) const;
  /// The same for one name as a key.
  [[nodiscard]] std::uint32_t find_handle(const FamilyShape& shape, std::uint32_t handle) const;
  /// Whether there is a byte for each name, and which row it tells. 0 is no name, 1 the first.
  [[nodiscard]] bool is_mapped() const { return block_->found == Found::by_map; }
  [[nodiscard]] std::uint32_t mapped(std::uint64_t place) const {
    return std::uint32_t{map()[place]} - 1;
  }
  /// Serial with index: the last row of the chain. Its next is the first, and so on, and back.
  [[nodiscard]] std::uint32_t chain(const FamilyShape& shape, Value value) const;
  [[nodiscard]] std::uint32_t chain_packed(const FamilyShape& shape,
                                           const unsigned char* value) const {
    return find_in_index(shape, value);
  }
  [[nodiscard]] std::uint32_t next(const FamilyShape& shape, std::uint32_t row) const {
    return packed::load<std::uint32_t>(record(shape, row) + shape.link);
  }
  /// The row before, where chains are kept in order.
  [[nodiscard]] std::uint32_t back(const FamilyShape& shape, std::uint32_t row) const {
    return packed::load<std::uint32_t>(record(shape, row) + shape.back);
  }

  /// Where chains are kept in order, their first row has room for a note: that rows from it on need
  /// not be looked at, up to this one. It is gone when the chain changes. kMissing: there is none.
  [[nodiscard]] std::uint32_t skip(std::uint32_t offset, std::uint32_t stride,
                                   std::uint32_t first) const {
    return packed::load<std::uint32_t>(record(stride, first) + offset) - 1;
  }
  void note_skip(std::uint32_t offset, std::uint32_t stride, std::uint32_t first,
                 std::uint32_t to) {
    ++to;
    std::memcpy(record(stride, first) + offset, &to, sizeof to);
  }

  [[nodiscard]] bool marked(const FamilyShape& shape, std::uint32_t row) const;
  /// Returns what restore_mark needs to undo it.
  unsigned char set_mark(const FamilyShape& shape, std::uint32_t row, bool marked);
  void restore_mark(const FamilyShape& shape, std::uint32_t row, unsigned char before);
  /// Rows that are or were marked since the last tidy_marks, in no useful order.
  [[nodiscard]] const std::vector<std::uint32_t>& listed() const;
  /// Forgets rows that are no longer marked. Not between a mark and its undoing.
  void tidy_marks(const FamilyShape& shape);

  [[nodiscard]] std::size_t bytes(const FamilyShape& shape) const;
  /// Brings near what stands before the rows, and the first of them.
  [[gnu::always_inline]] void prefetch() const {
    __builtin_prefetch(block_);
    __builtin_prefetch(reinterpret_cast<const unsigned char*>(block_) + 64);
  }
  [[nodiscard]] const unsigned char* record(const FamilyShape& shape, std::uint32_t row) const {
    return record(shape.stride, row);
  }
  unsigned char* record(const FamilyShape& shape, std::uint32_t row) {
    return record(shape.stride, row);
  }
  [[nodiscard]] unsigned char* record(std::uint32_t stride, std::uint64_t row) const {
    return start(block_) + block_->rows_at + row * stride;
  }

 private:
  static constexpr std::uint32_t kScanned = 8;  // so few keyed rows are found without an index
  static constexpr std::uint32_t kChained = 4;  // so few rows of chains
  static constexpr std::size_t kList = sizeof(std::vector<std::uint32_t>*);
  static constexpr std::uint32_t kMostMapped = 254;  // rows and names of a map: a byte each

  using Block = FamilyBlock;
  using Found = FamilyBlock::Found;
  static constexpr std::uint32_t kHashHead = 2;
  static Block kEmpty;  // of all that have neither rows nor a memory of their own; never written

  [[nodiscard]] Block* empty_block() const {
    return block_->home == nullptr ? &kEmpty : block_->home->empty();
  }
  static Block* allocate(std::size_t size, const Block& like);
  static void free(Block* block);
  /// Of a block that lists rows.
  [[nodiscard]] std::vector<std::uint32_t>*& list() const {
    return *reinterpret_cast<std::vector<std::uint32_t>**>(start(block_) - kList);
  }
  void clear_index();
  static unsigned char* start(Block* block) { return reinterpret_cast<unsigned char*>(block); }
  [[nodiscard]] unsigned char* map() const { return start(block_) + sizeof(Block); }
  /// Of a hash: how many slots there are, a power of two, and how many of them are taken.
  [[nodiscard]] std::uint32_t& slots() const { return hash()[0]; }
  [[nodiscard]] std::uint32_t& used() const { return hash()[1]; }
  [[nodiscard]] std::uint32_t* hashed() const { return hash() + kHashHead; }
  [[nodiscard]] std::uint32_t* hash() const {
    return reinterpret_cast<std::uint32_t*>(start(block_) + sizeof(Block));
  }
  /// Where a map has a key; kMissing: it has no place.
  static std::uint32_t place_of(const FamilyShape& shape, const unsigned char* key) {
    const auto handle = packed::load<std::uint32_t>(key) + 1;  // none: 0
    return handle < shape.places ? handle : kMissing;
  }
  [[nodiscard]] const unsigned char* key_of(const FamilyShape& shape, std::uint32_t row) const {
    return record(shape, row) + shape.key_offset;
  }

  void grow(const FamilyShape& shape, std::uint32_t capacity, Found found, std::uint32_t slots);
  void grow_by_one(const FamilyShape& shape);
  void added(const FamilyShape& shape, std::uint32_t row);
  void index_all(const FamilyShape& shape, std::uint32_t rows);
  /// Of the first rows.
  void make_index(const FamilyShape& shape, Found found, std::uint32_t rows);
  [[nodiscard]] std::uint32_t find_in_index(const FamilyShape& shape, const unsigned char* key,
                                            std::uint32_t but = kMissing) const;
  [[nodiscard]] std::uint32_t last_by_scan(const FamilyShape& shape, const unsigned char* key,
                                           std::uint32_t but) const;
  void put_in_index(const FamilyShape& shape, std::uint32_t row);
  void place_hashed(const FamilyShape& shape, std::uint32_t row);
  void replace_in_index(const FamilyShape& shape, std::uint32_t row, std::uint32_t by);
  void take_from_index(const FamilyShape& shape, std::uint32_t row);
  [[nodiscard]] std::uint32_t slot_of(const FamilyShape& shape, std::uint32_t row) const;
  [[nodiscard]] bool comes_before(const FamilyShape& shape, std::uint32_t a, std::uint32_t b) const;
  /// The row that `row` is to follow in the chain that ends with `last`; kMissing: it comes first.
  [[nodiscard]] std::uint32_t row_before(const FamilyShape& shape, std::uint32_t row,
                                         std::uint32_t last) const;
  void follow(const FamilyShape& shape, std::uint32_t row, std::uint32_t next);
  void forget_skip(const FamilyShape& shape, std::uint32_t row);
  void link(const FamilyShape& shape, std::uint32_t row);
  void unlink(const FamilyShape& shape, std::uint32_t row);

  Block* block_ = &kEmpty;
};

/// `but` is a row that is not to be found: where there is an index, it is not in it.
inline std::uint32_t FamilyState::find_in_index(const FamilyShape& shape, const unsigned char* key,
                                                std::uint32_t but) const {
  if (block_->found == Found::by_map) {
    const std::uint32_t place = place_of(shape, key);
    return place == kMissing ? kMissing : std::uint32_t{map()[place]} - 1;
  }
  if (block_->found == Found::by_scan) {
    return shape.index == kNone ? kMissing : last_by_scan(shape, key, but);
  }
  const std::uint32_t mask = slots() - 1;
  const std::uint32_t* slots = hashed();
  auto slot = static_cast<std::uint32_t>(hash_bytes(key, shape.key_bytes)) & mask;
  for (; slots[slot] != 0; slot = (slot + 1) & mask) {
    if (same_key(key_of(shape, slots[slot] - 1), key, shape.key_bytes)) break;
  }
  return slots[slot] - 1;
}

inline std::uint32_t FamilyState::find_handle(const FamilyShape& shape,
                                              std::uint32_t handle) const {
  if (block_->found == Found::by_map) {
    const std::uint32_t place = handle + 1;  // none: 0
    return place < shape.places ? std::uint32_t{map()[place]} - 1 : kMissing;
  }
  if (block_->found == Found::by_hash || shape.index != kNone) {
    unsigned char key[sizeof(Value)] = {};
    std::memcpy(key, &handle, sizeof handle);
    return find_in_index(shape, key);
  }
  const unsigned char* at = record(shape, 0);
  for (std::uint32_t row = 0; row < block_->count; ++row, at += shape.stride) {
    if (packed::load<std::uint32_t>(at) == handle) return row;
  }
  return kMissing;
}

inline std::uint32_t FamilyState::find_packed(const FamilyShape& shape,
                                              const unsigned char* key) const {
  if (block_->found != Found::by_scan) return find_in_index(shape, key);
  const unsigned char* at = record(shape, 0);
  for (std::uint32_t row = 0; row < block_->count; ++row, at += shape.stride) {
    if (same_key(at, key, shape.key_bytes)) return row;
  }
  return kMissing;
}

}  // namespace toll
