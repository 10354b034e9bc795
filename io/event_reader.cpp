#include "io/event_reader.hpp"

#include <optional>

namespace toll::io {

EventReader::EventReader(const Core& core)
    : core_(core), zone_(core.zone), names_(core), fields_(core, names_, zone_) {}

bool EventReader::fail(std::string_view code, std::string message) {
  error_.code = code;
  error_.message = std::move(message);
  return false;
}

void EventReader::find_members() {
  Known& known = known_[document_.shape()];
  if (document_.serial() != 0 && known.serial == document_.serial()) {
    members_ = known.members;
    return;
  }
  constexpr std::uint32_t kNowhere = JsonDocument::kNoNode;
  members_ = {kNowhere, kNowhere, kNowhere, kNowhere, kNowhere, kNowhere};
  document_.each_member(0, [this](std::string_view key, std::uint32_t value) {
    if (key == "id") members_.id = value;
    if (key == "source") members_.source = value;
    if (key == "subject") members_.subject = value;
    if (key == "type") members_.type = value;
    if (key == "time") members_.time = value;
    if (key == "data") members_.data = value;
  });
  if (document_.serial() != 0) known = {document_.serial(), members_};
}

/// Null if there is no such member or it is no string.
const JsonNode* EventReader::string_at(std::uint32_t index) const {
  if (index == JsonDocument::kNoNode) return nullptr;
  const JsonNode& node = document_[index];
  return node.kind == JsonNode::Kind::string ? &node : nullptr;
}

void EventReader::refuse_long_line() {
  envelope_ = {};
  fail("bad-json", "a line longer than " + std::to_string(kMaxLine) + " bytes");
}

bool EventReader::read_head(std::string_view line) {
  envelope_ = {};
  if (line.size() > kMaxLine) {
    refuse_long_line();
    return false;
  }
  if (!document_.parse(line)) return fail("bad-json", document_.error().text());
  if (document_[0].kind != JsonNode::Kind::object) return fail("bad-event", "not an object");

  find_members();
  if (const JsonNode* time = string_at(members_.time))
    envelope_.time = parse_instant(time->text, zone_).value_or(kAbsent);
  if (const JsonNode* id = string_at(members_.id)) envelope_.id = id->text;
  if (const JsonNode* subject = string_at(members_.subject)) envelope_.subject = subject->text;
  const JsonNode* const source = string_at(members_.source);

  // An empty id or subject is one that is not told: CloudEvents forbids both.
  if (envelope_.id.empty()) return fail("bad-event", "`id` must be a string and not empty");
  if (envelope_.subject.empty())
    return fail("bad-event", "`subject` must be a string and not empty");
  if (source == nullptr && members_.source != JsonDocument::kNoNode)
    return fail("bad-event", "`source` must be a string");

  const KeyHash key = hash_key(source != nullptr ? source->text : "", envelope_.id, scratch_);
  envelope_.digest = {key.high, key.low, hasher_.hash(document_)};
  return true;
}

bool EventReader::read_body() {
  const JsonNode* const type = string_at(members_.type);
  if (type == nullptr) return fail("bad-event", "`type` must be a string");
  const std::optional<std::uint32_t> index = names_.event_type(type->text);
  if (!index) return fail("unknown-type", "`type` is none of this policy");
  if (envelope_.time == kAbsent)
    return fail("bad-event", "`time` must be an RFC 3339 time with an offset");
  const std::uint32_t data = members_.data;
  if (data != JsonDocument::kNoNode && document_[data].kind != JsonNode::Kind::object)
    return fail("bad-event", "`data` must be an object");
  if (!fields_.read(document_, data, core_.events[*index], error_)) return false;

  event_.type = *index;
  event_.id = envelope_.id;
  event_.time = envelope_.time;
  event_.digest = envelope_.digest;
  fields_.lend(event_);
  return true;
}

}  // namespace toll::io
