#include "toll/lines.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "io/event_reader.hpp"
#include "io/field_reader.hpp"
#include "io/json_document.hpp"
#include "io/json_scan.hpp"
#include "io/name_index.hpp"
#include "io/time_text.hpp"

namespace toll {
namespace {

using io::JsonDocument;
using io::JsonNode;
using Read = FieldType::Read;

constexpr std::size_t kMostDigits = 18;  ///< of a number that fits 64 bits for sure
constexpr std::size_t kBlock = 512;      ///< events that the store is given at once
constexpr std::int64_t kNothing = EventLayout::kNothing;  ///< no value
constexpr std::int64_t kUnknown = -1;  ///< a name that is none: the store refuses it

/// False if the node is no whole number, or one of very many digits.
bool read_integer(const JsonNode& node, Value& out) {
  if (node.kind != JsonNode::Kind::number) return false;
  std::string_view digits = node.text;
  const bool negative = digits[0] == '-';
  if (negative) digits.remove_prefix(1);
  if (digits.size() > 2 * kMostDigits) return false;
  out = 0;
  for (const char c : digits) {
    if (!io::is_digit(c)) return false;
    out = out * 10 + (c - '0');
  }
  if (negative) out = -out;
  return true;
}

}  // namespace

struct JsonLines::Impl {
  /// Where the members are in all lines of a shape.
  struct Places {
    std::uint64_t serial = 0;
    std::vector<std::uint32_t> nodes;  ///< account, time, then fields as they are listed
    bool usual = false;                ///< all there, names in strings and numbers in digits
  };
  /// What is usual for account, time and each field: a name, or a number within limits.
  struct Part {
    const FieldType* name = nullptr;
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    bool readable = true;  ///< else the line is always read exactly
  };

  Impl(std::shared_ptr<const Core> of, const LineLayout& given, AccountStore& accounts,
       BatchSink& entries, Refused told)
      : core(std::move(of)),
        layout(given),
        type(core->events[given.type]),
        zone(core->zone),
        names(*core),
        fields(*core, names, zone),
        store(accounts),
        sink(entries),
        refused(std::move(told)),
        width(2 + given.fields.size()) {
    // The exact way reads the object as if it were the `data` of the contract: the keys are the
    // line's, and what the line does not have is absent.
    constexpr const char* kNoKey = "\xff";  // is not UTF-8
    std::vector<std::string> keys(type.fields.size(), kNoKey);
    for (const LineLayout::Field& field : layout.fields) keys[field.field] = field.key;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      type.fields[i].required = type.fields[i].required && keys[i] != kNoKey;
      type.fields[i].wire = keys[i];
    }
    const auto part = [](std::size_t place) {
      return EventLayout::Part{place * sizeof(std::int64_t), sizeof(std::int64_t), true};
    };
    events.type = layout.type;
    events.stride = width * sizeof(std::int64_t);
    events.account = part(0);
    events.time = part(1);
    events.nanos_per_tick = layout.nanos_per_tick;
    for (std::size_t i = 0; i < layout.fields.size(); ++i)
      events.fields.push_back({layout.fields[i].field, part(2 + i), 1, {}});
    known_events = store.add_layout(events);
    block.resize(kBlock * width);
    make_parts();
  }

  void make_parts() {
    parts.resize(width);
    parts[0].most = UINT64_MAX;
    parts[1].most = static_cast<std::uint64_t>(last);
    for (std::size_t i = 0; i < layout.fields.size(); ++i) {
      Part& part = parts[2 + i];
      const FieldType& read = type.fields[layout.fields[i].field].type;
      if (read.read == Read::name || read.read == Read::known) {
        part.name = &read;
      } else if (read.read == Read::count && read.type.scale == 0) {
        part.least = static_cast<std::uint64_t>(std::max(read.at_least, std::int64_t{0}));
        part.most = kLargest;
      } else {
        part.readable = false;
      }
    }
  }

  void line(std::string_view text, bool is_utf8) {
    ++lines;
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;
    std::int64_t* const event = block.data() + filled * width;
    if (!parse(text, is_utf8) || !(read_known(event) || read_exactly(event))) {
      if (refused) refused(lines, error.code, error.message);
      return;
    }
    if (++filled == kBlock) flush();
  }

  void flush() {
    store.apply(known_events, block.data(), filled, sink);
    filled = 0;
  }

  bool parse(std::string_view text, bool is_utf8) {
    if (text.size() > io::kMaxLine)
      return fail("bad-json", "a line longer than " + std::to_string(io::kMaxLine) + " bytes");
    if (is_utf8 ? document.parse_utf8(text) : document.parse(text)) return true;
    return fail("bad-json", document.error().text());
  }

  bool fail(std::string_view code, std::string message) {
    error.code = code;
    error.message = std::move(message);
    return false;
  }

  /// A line of a known shape with nothing unusual in it. False: it is to be read exactly.
  bool read_known(std::int64_t* event) {
    if (document.serial() == 0) return false;
    Places& places = known[document.shape()];
    if (places.serial != document.serial()) find_places(places);
    if (!places.usual) return false;
    const JsonNode* const nodes = document.nodes().data();
    for (std::size_t i = 0; i < width; ++i) {
      const JsonNode& node = nodes[places.nodes[i]];
      const Part& part = parts[i];
      if (part.name != nullptr) {
        if (!read_name(node, *part.name, event[i])) return false;
        continue;
      }
      // In a text of a known shape numbers are digits.
      if (node.text.size() > kMostDigits) return false;
      const std::uint64_t number = io::number_of(node.text.data(), node.text.size());
      if (number < part.least || number > part.most) return false;
      event[i] = static_cast<std::int64_t>(number);
    }
    return true;
  }

  bool read_name(const JsonNode& node, const FieldType& read, std::int64_t& out) const {
    if (node.text.empty() && read.empty_is_absent) {
      out = kNothing;
      return true;
    }
    const std::optional<std::uint32_t> name = names.find(read.type.ref, node.text);
    if (!name) return false;
    out = *name;
    return true;
  }

  void find_places(Places& places) const {
    places.serial = document.serial();
    places.nodes.assign(width, JsonDocument::kNoNode);
    if (document[0].kind != JsonNode::Kind::object) return;
    document.each_member(0, [&](std::string_view key, std::uint32_t value) {
      if (key == layout.account) places.nodes[0] = value;
      if (key == layout.time) places.nodes[1] = value;
      for (std::size_t i = 0; i < layout.fields.size(); ++i)
        if (key == layout.fields[i].key) places.nodes[2 + i] = value;
    });
    places.usual = true;
    for (std::size_t i = 0; i < width; ++i) {
      const auto kind = parts[i].name != nullptr ? JsonNode::Kind::string : JsonNode::Kind::number;
      places.usual = places.usual && parts[i].readable &&
                     places.nodes[i] != JsonDocument::kNoNode &&
                     document[places.nodes[i]].kind == kind;
    }
  }

  /// The reference: every kind of field, every error.
  bool read_exactly(std::int64_t* event) {
    if (document[0].kind != JsonNode::Kind::object) return fail("bad-event", "not an object");
    Places places;
    find_places(places);
    const auto whole = [&](std::size_t i, Value& out) {
      return places.nodes[i] != JsonDocument::kNoNode &&
             read_integer(document[places.nodes[i]], out);
    };
    Value account = 0;
    Value time = 0;
    if (!whole(0, account) || account < 0 || account > Value{UINT64_MAX})
      return fail("bad-event", "`" + layout.account + "` must be the number of an account");
    if (!whole(1, time) || time > last || time < first)
      return fail("bad-event", "`" + layout.time + "` must be a number of ticks since 1970");
    if (!fields.read(document, 0, type, error)) return false;
    EventView view;
    fields.lend(view);
    event[0] = static_cast<std::int64_t>(static_cast<std::uint64_t>(account));
    event[1] = static_cast<std::int64_t>(time);
    for (std::size_t i = 0; i < layout.fields.size(); ++i) {
      const Value value = view.fields[layout.fields[i].field];
      const bool name = type.fields[layout.fields[i].field].type.type.kind == Kind::name;
      if (value == kAbsent) {
        event[2 + i] = kNothing;
      } else if (name && (value & kUnknownName) != 0) {
        event[2 + i] = kUnknown;
      } else if (value <= kNothing || value > INT64_MAX) {
        return fail("bad-event", "`" + layout.fields[i].key + "` is too large");
      } else {
        event[2 + i] = static_cast<std::int64_t>(value);
      }
    }
    return true;
  }

  static constexpr std::int64_t kLargest = 1'000'000'000'000;
  // The years 0002 to 9998, so that a day more or less in the policy's zone makes no difference.
  static constexpr Value kFirstNanos = Value{-62'104'060'800} * io::kNanosPerSecond;
  static constexpr Value kLastNanos = Value{253'370'764'799} * io::kNanosPerSecond;
  [[nodiscard]] std::int64_t ticks(Value nanos) const {
    const Value whole = nanos / layout.nanos_per_tick;
    return static_cast<std::int64_t>(std::clamp(whole, Value{INT64_MIN}, Value{INT64_MAX}));
  }

  std::shared_ptr<const Core> core;
  LineLayout layout;
  EventType type;
  io::Zone zone;
  io::NameIndex names;
  io::FieldReader fields;
  AccountStore& store;
  BatchSink& sink;
  Refused refused;
  std::size_t width;  ///< numbers of an event
  std::int64_t first = ticks(kFirstNanos);
  std::int64_t last = ticks(kLastNanos);
  EventLayout events;
  std::uint32_t known_events = 0;  // the same to the store
  std::vector<Part> parts;
  std::vector<std::int64_t> block;
  std::size_t filled = 0;
  JsonDocument document;
  Places known[JsonDocument::kShapes];
  io::EventError error;
  std::uint64_t lines = 0;
};

JsonLines::JsonLines(std::shared_ptr<const Core> core, const LineLayout& layout,
                     AccountStore& store, BatchSink& sink, Refused refused)
    : impl_(std::make_unique<Impl>(std::move(core), layout, store, sink, std::move(refused))) {}
JsonLines::~JsonLines() = default;
JsonLines::JsonLines(JsonLines&&) noexcept = default;
JsonLines& JsonLines::operator=(JsonLines&&) noexcept = default;

std::size_t JsonLines::feed(std::string_view text) {
  const std::size_t whole = text.rfind('\n') + 1;  // 0 if there is none
  const bool is_utf8 = simdjson::validate_utf8(text.data(), whole);
  const char* at = text.data();
  const char* const end = at + whole;
  while (at != end) {
    const auto* const newline =
        static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    impl_->line({at, static_cast<std::size_t>(newline - at)}, is_utf8);
    at = newline + 1;
  }
  impl_->flush();
  return whole;
}

void JsonLines::finish(std::string_view rest) {
  if (!rest.empty()) impl_->line(rest, false);
  impl_->flush();
}

std::uint64_t JsonLines::lines() const { return impl_->lines; }

}  // namespace toll
