// How a store reads events that lie in structs of the caller's: numbers as they are, names by a
// table that is checked beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/fast/code.hpp"
#include "engine/kernel/record.hpp"
#include "engine/run/program.hpp"
#include "toll/batch.hpp"
#include "toll/value.hpp"

namespace toll {

/// A part of an event: eight bytes that hold it, what is in the way shifted and masked out. Jumping
/// by width takes fewer instructions and more time.
class PartReader {
 public:
  PartReader() = default;
  /// Of structs that are `stride` bytes apart.
  PartReader(const EventLayout::Part& part, std::size_t stride);

  [[nodiscard]] std::int64_t read(const unsigned char* event) const {
    if (!whole_) [[unlikely]]
      return read_small(event + part_.offset);
    const std::uint64_t bits = packed::load<std::uint64_t>(event + at_) >> shift_ & mask_;
    return static_cast<std::int64_t>((bits ^ sign_) - sign_);
  }

 private:
  [[nodiscard]] std::int64_t read_small(const unsigned char* at) const;

  std::size_t at_ = 0;
  std::uint64_t mask_ = 0;
  std::uint64_t sign_ = 0;  ///< the highest bit of a signed part
  unsigned char shift_ = 0;
  bool whole_ = true;
  EventLayout::Part part_;
};

/// How one field is read: its meanings are checked beforehand, so that an event is but looked up.
struct FieldPlan {
  static constexpr std::int64_t kBad = INT64_MIN + 1;
  PartReader part;
  std::uint32_t field = 0;
  bool direct = true;  ///< the number is the value
  std::int64_t times = 1;
  std::int64_t least = INT64_MIN;
  std::int64_t most = INT64_MAX;
  std::int64_t none = kBad;  ///< what no value means: the initial one, or that the event is bad
  std::vector<std::int64_t> meanings;
  std::uint64_t names = 0;  ///< how many meanings there are

  [[nodiscard]] std::int64_t checked(std::int64_t value) const {
    if (value == kNothing) return none;
    return value < least || value > most ? kBad : value;
  }
  [[nodiscard]] std::int64_t read(const unsigned char* event) const {
    std::int64_t value = part.read(event);
    if (!direct) {
      return static_cast<std::uint64_t>(value) < names ? meanings[static_cast<std::size_t>(value)]
                                                       : none;
    }
    if (__builtin_mul_overflow(value, times, &value)) return kBad;
    return checked(value);
  }
};

/// How events of one layout are read.
struct LayoutPlan {
  LayoutPlan(const Program& program, const EventLayout& layout);
  LayoutPlan(const LayoutPlan&) = delete;
  LayoutPlan& operator=(const LayoutPlan&) = delete;

  /// Puts an event's fields into registers. False: the event is bad.
  bool read_fields(const unsigned char* event, std::int64_t* into) const {
    for (const FieldPlan& plan : fields) {
      const std::int64_t value = plan.read(event);
      if (value == FieldPlan::kBad) return false;
      into[plan.field] = value;
    }
    return true;
  }
  [[nodiscard]] std::uint64_t account_of(const unsigned char* event) const {
    return static_cast<std::uint64_t>(account.read(event));
  }
  [[nodiscard]] Value instant(std::int64_t ticks) const {
    return static_cast<Value>(ticks) * nanos_per_tick;
  }

  std::uint32_t type = 0;
  std::size_t stride = 0;
  PartReader account;
  PartReader time;
  std::int64_t nanos_per_tick = 1;
  std::vector<FieldPlan> fields;
  std::vector<std::int64_t> initial;    ///< values of all fields
  std::vector<std::uint32_t> families;  ///< places of those that its events look into
  Entries::Row row;                     ///< that its events look for first
  const FieldPlan* row_reader = nullptr;
  std::int64_t row_names = 0;
  const Entries* code = nullptr;
  bool has_code = false;  ///< there is straight code for all of it
};

}  // namespace toll
