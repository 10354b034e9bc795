// One line of JSON -> one event of the policy, or the contract's error. The order of checks is the
// contract's: what cannot be read at all, then (the caller's) repeats, then type, time and fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/digest.hpp"
#include "io/field_reader.hpp"
#include "io/json_document.hpp"
#include "io/name_index.hpp"
#include "io/time_text.hpp"
#include "toll/core.hpp"
#include "toll/engine.hpp"

namespace toll::io {

/// An event line above this is `bad-json`.
inline constexpr std::size_t kMaxLine = std::size_t{1} << 20;

/// What a line tells of its event before its fields are looked at. Views live until the next line.
struct Envelope {
  std::string_view id;       ///< "" if not told
  std::string_view subject;  ///< "" if not told
  Value time = kAbsent;      ///< absent if not told
  EventDigest digest;        ///< set if the head could be read
};

class EventReader {
 public:
  explicit EventReader(const Core& core);
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  /// Reads the head of an event. False: error() says why; envelope() holds what the line tells.
  bool read_head(std::string_view line);

  /// What read_head would find in a line that was too long to keep.
  void refuse_long_line();

  /// After read_head: type, time and fields. False: error() says why.
  bool read_body();

  [[nodiscard]] const Envelope& envelope() const { return envelope_; }
  [[nodiscard]] const EventError& error() const { return error_; }
  [[nodiscard]] const EventView& event() const { return event_; }

 private:
  bool fail(std::string_view code, std::string message);
  void find_members();
  [[nodiscard]] const JsonNode* string_at(std::uint32_t index) const;

  const Core& core_;
  Zone zone_;
  NameIndex names_;
  FieldReader fields_;
  JsonDocument document_;
  struct Members {
    std::uint32_t id, source, subject, type, time, data;  ///< indexes of their values, or kNoNode
  };
  Members members_ = {};
  struct Known {
    std::uint64_t serial = 0;
    Members members = {};
  };
  Known known_[JsonDocument::kShapes];  ///< the members of texts by their shape
  ContentHasher hasher_;
  Envelope envelope_;
  EventView event_;
  EventError error_;
  std::string scratch_;
};

}  // namespace toll::io
