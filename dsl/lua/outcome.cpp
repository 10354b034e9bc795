#include "dsl/lua/outcome.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/lua/library.hpp"

namespace toll::dsl::lua {
namespace {

/// What tools.fail of the prelude was given.
Message message_from(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t at = 1; at <= text.size();) {
    const std::size_t end = std::min(text.find(kMessageMark, at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  Message message(parts.front());
  message.arguments.assign(parts.begin() + 1, parts.end());
  return message;
}

}  // namespace

Message message_of(const Outcome& outcome, const Limits& limits, Message& help) {
  switch (outcome.kind) {
    case Outcome::Kind::syntax:
      return Message("E1101.syntax", {outcome.message});
    case Outcome::Kind::steps:
      return Message("E1103.steps", {std::to_string(limits.steps)});
    case Outcome::Kind::memory:
      return Message("E1103.memory", {std::to_string(limits.memory_bytes >> 20U)});
    case Outcome::Kind::text:
      return Message("E1103.text", {std::to_string(limits.text_bytes)});
    case Outcome::Kind::time:
      return Message("E1103.time", {std::to_string(limits.milliseconds)});
    case Outcome::Kind::nesting:
      return Message("E1103.nesting");
    default:
      break;
  }
  const std::string_view text = outcome.message;
  if (text.substr(0, Sandbox::kUnknownName.size()) == Sandbox::kUnknownName) {
    const std::string_view name = text.substr(Sandbox::kUnknownName.size());
    const std::size_t meant = name.find(kMessageMark);
    if (meant != std::string_view::npos) {
      help = Message("advice.did-you-mean", {name.substr(meant + 1)});
    }
    return Message("E1104.unknown-name", {name.substr(0, meant)});
  }
  if (!text.empty() && text[0] == kMessageMark) return message_from(text);
  return Message("E1102.failed", {outcome.message});
}

}  // namespace toll::dsl::lua
