// How a store reads events that lie in structs of the caller's: numbers as they are, names by a
// table that is checked beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/fast/code.hpp"
#include "engine/jit/machine_reader.hpp"
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

  /// Shifting and masking is all there is to it.
  [[nodiscard]] bool is_plain() const { return plain_; }
  [[nodiscard]] const EventLayout::Part& part() const { return part_; }
  [[nodiscard]] std::int64_t read_plain(const unsigned char* event) const {
    return static_cast<std::int64_t>(packed::load<std::uint64_t>(event + at_) >> shift_ & mask_);
  }
  [[nodiscard]] std::int64_t read(const unsigned char* event) const {
    return plain_ ? read_plain(event) : read_odd(event + part_.offset);
  }

 private:
  [[nodiscard]] std::int64_t read_odd(const unsigned char* at) const;

  std::size_t at_ = 0;
  std::uint64_t mask_ = 0;
  unsigned char shift_ = 0;
  bool plain_ = true;
  EventLayout::Part part_;
};

/// A field that is a number of something known beforehand: a name, mostly.
struct MeaningPlan {
  PartReader part;
  std::uint32_t field = 0;
  std::uint64_t count = 0;
  const std::int64_t* meanings = nullptr;  ///< of LayoutPlan
  std::int64_t none = 0;                   ///< what other numbers mean

  [[nodiscard]] std::int64_t meaning(std::int64_t number) const {
    return static_cast<std::uint64_t>(number) < count ? meanings[number] : none;
  }
};

/// A field whose number is its value.
struct NumberPlan {
  PartReader part;
  std::uint32_t field = 0;
  std::int64_t times = 1;
  std::int64_t least = kNothing + 1;
  std::int64_t most = INT64_MAX;
  std::int64_t none = 0;  ///< what no number means

  /// LayoutPlan::kBad: it may not be.
  [[nodiscard]] std::int64_t checked(std::int64_t number) const;
  /// Of a number that stands in an event.
  [[nodiscard]] std::int64_t value(std::int64_t number) const;
};

/// How events of one layout are read: meanings are checked beforehand, so that an event is but
/// looked up.
struct LayoutPlan {
  LayoutPlan(const Program& program, const EventLayout& layout);
  LayoutPlan(const LayoutPlan&) = delete;
  LayoutPlan& operator=(const LayoutPlan&) = delete;

  /// Puts an event's fields into registers. False: the event is bad.
  [[gnu::always_inline]] bool read_fields(const unsigned char* event, std::int64_t* into) const {
    if (reader != nullptr) [[likely]]
      return reader->read(event, into);
    if (!is_plain) [[unlikely]]
      return read_odd(event, into);
    return read_with(event, into, [](const PartReader& part, const unsigned char* at) {
      return part.read_plain(at);
    });
  }
  [[nodiscard]] std::uint64_t account_of(const unsigned char* event) const {
    return static_cast<std::uint64_t>(is_plain ? account.read_plain(event) : account.read(event));
  }
  [[nodiscard]] std::int64_t ticks_of(const unsigned char* event) const {
    return is_plain ? time.read_plain(event) : time.read(event);
  }
  /// The name that tells an event's row.
  [[nodiscard]] std::int64_t row_name(const unsigned char* event) const {
    const std::int64_t number = row_part.read(event);
    return row_meanings == nullptr ? number : row_meanings->meaning(number);
  }
  [[nodiscard]] Value instant(std::int64_t ticks) const {
    return static_cast<Value>(ticks) * nanos_per_tick;
  }

  /// What makes an event a bad one.
  static constexpr std::int64_t kBad = INT64_MIN + 1;

  bool is_plain = true;  ///< all of its parts are
  std::uint32_t type = 0;
  std::size_t stride = 0;
  PartReader account;
  PartReader time;
  std::int64_t nanos_per_tick = 1;
  std::vector<MeaningPlan> names;
  std::vector<NumberPlan> numbers;
  std::vector<std::vector<std::int64_t>> meanings;
  std::vector<std::int64_t> initial;    ///< values of all fields
  std::vector<std::uint32_t> families;  ///< places of those that its events look into
  Entries::Row row;                     ///< that its events look for first
  PartReader row_part;
  const MeaningPlan* row_meanings = nullptr;  ///< null: it is the name itself
  std::int64_t row_names = 0;                 ///< 0: the row is not known beforehand
  const Entries* code = nullptr;
  bool has_code = false;                        ///< there is straight code for all of it
  std::unique_ptr<const MachineReader> reader;  ///< null: there is none

 private:
  bool read_odd(const unsigned char* event, std::int64_t* into) const;
  template <class Read>
  [[gnu::always_inline]] bool read_with(const unsigned char* event, std::int64_t* into,
                                        Read read) const {
    for (const MeaningPlan& plan : names) {
      const std::int64_t value = plan.meaning(read(plan.part, event));
      if (value == kBad) [[unlikely]]
        return false;
      into[plan.field] = value;
    }
    for (const NumberPlan& plan : numbers) {
      std::int64_t value = read(plan.part, event);
      if (plan.times != 1 || value < plan.least || value > plan.most) [[unlikely]]
        value = plan.value(value);
      if (value == kBad) [[unlikely]]
        return false;
      into[plan.field] = value;
    }
    return true;
  }
};

}  // namespace toll
