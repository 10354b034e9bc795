// An event's fields, read by their declared types: the first field that does not fit decides what
// is wrong with the event.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_document.hpp"
#include "io/name_index.hpp"
#include "io/time_text.hpp"
#include "toll/core.hpp"
#include "toll/engine.hpp"

namespace toll::io {

/// Why an event is not applied: a code of the contract and a sentence for people.
struct EventError {
  std::string code;
  std::string message;
};

/// Buffers are reused: what it read lives until the next read.
class FieldReader {
 public:
  FieldReader(const Core& core, const NameIndex& names, const Zone& zone)
      : core_(core), names_(names), zone_(zone) {}

  /// Reads the fields of an event type from the object `data` (kNoNode: no data). False: `error`
  /// says why.
  bool read(const JsonDocument& document, std::uint32_t data, const EventType& type,
            EventError& error);

  /// Makes `event` refer to what was read.
  void lend(EventView& event) const;

 private:
  struct Range {
    std::size_t first = 0;
    std::size_t size = 0;
    std::size_t columns = 0;
  };

  /// Where the fields of texts of one shape are, and what those have that are not there.
  struct Plan {
    struct Told {
      std::uint32_t field = 0;
      std::uint32_t node = 0;
      bool may_be_empty = true;  ///< "" is as if it were not there
    };
    std::uint64_t serial = 0;  ///< of the shape; 0: none
    const EventType* type = nullptr;
    std::vector<Value> others;
    std::vector<Told> told;
  };

  void learn(std::uint32_t data, const EventType& type);
  bool read_as_planned(const Plan& plan, bool& planned);
  bool read_fields(std::uint32_t object, const std::vector<Field>& fields, std::span<Value> out);
  bool locate(std::uint32_t object, const std::vector<Field>& fields, std::uint32_t parent,
              std::size_t base);
  bool read_value(std::uint32_t node, const Field& field, Value& out);
  bool read_count(const JsonNode& node, const FieldType& type, Value& out);
  bool read_money(const JsonNode& node, const FieldType& type, Value& out);
  bool read_name(std::string_view spelling, const FieldType& type, Value& out);
  bool read_set(std::uint32_t node, const FieldType& type, Value& out);
  bool read_list(std::uint32_t node, const FieldType& type, Value& out);
  bool read_counts(std::uint32_t node, const FieldType& type, Value& out);
  Value keep_text(std::string_view text);
  Value keep_rows(const std::vector<Value>& cells, std::size_t columns);
  bool fail(std::string_view problem);

  const Core& core_;
  const NameIndex& names_;
  const Zone& zone_;
  const JsonDocument* document_ = nullptr;
  EventError* error_ = nullptr;

  Plan plans_[JsonDocument::kShapes];
  std::vector<Value> values_;
  std::string_view wire_;             ///< the field at hand, for messages
  std::vector<std::uint32_t> nodes_;  ///< a stack of frames, by field: its JSON value or kNoNode
  std::vector<std::string_view> texts_;
  std::vector<Value> cells_;
  std::vector<Range> ranges_;
  std::vector<ListView> lists_;
  std::vector<std::vector<std::uint32_t>> sets_;  ///< the first set_count_ are this event's
  std::size_t set_count_ = 0;
};

}  // namespace toll::io
