// The ids of events that were applied, each in 16 bytes (or 21, where a policy forgets ids after
// some time and each needs its own): 80 bits of identity, 48 bits of content, the time in seconds.
//
// Open addressing with entries kept in the order of their home slots, so that a search for an id
// that is new, which nearly all are, ends early although the table is 5/6 full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace toll {

class DigestSet {
 public:
  struct Entry {
    std::uint64_t high = 0;
    std::uint16_t low = 0;
    std::uint64_t content = 0;  ///< 48 bits
    std::int64_t seconds = 0;   ///< when it was remembered; only kept if the set is timed
  };

  explicit DigestSet(bool timed = false) : timed_(timed) {}

  static constexpr std::uint64_t kContentMask = (std::uint64_t{1} << 48) - 1;

  /// Fills in content and time of the id; false: it is not remembered.
  bool find(Entry& entry) const;
  /// Remembers an id. Ids remembered before `horizon` seconds are dropped when room is needed.
  void insert(const Entry& entry, std::int64_t horizon);

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  /// All entries, in order of identity.
  [[nodiscard]] std::vector<Entry> entries() const;
  /// Makes room as an earlier set had it; false: no set of `count` entries is so large.
  bool reserve(std::size_t capacity, std::size_t count);
  [[nodiscard]] std::size_t bytes() const { return capacity_ * slot_size(); }

 private:
  [[nodiscard]] std::size_t slot_size() const { return timed_ ? 21 : 16; }
  [[nodiscard]] std::size_t home(const Entry& entry) const;
  [[nodiscard]] std::size_t distance_of(const Entry& entry, std::size_t slot) const;
  [[nodiscard]] bool read(std::size_t slot, Entry& entry) const;  // false: the slot is empty
  void write(std::size_t slot, const Entry& entry);
  void grow(std::int64_t horizon);
  bool place(const Entry& entry);  // false: the id was there
  void move_up(std::size_t from);

  std::unique_ptr<unsigned char[]> slots_;
  std::uint32_t capacity_ = 0;
  std::uint32_t count_ = 0;
  bool timed_ = false;
};

}  // namespace toll
