#include "dsl/lua/reasons.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dsl/syntax/unicode.hpp"

namespace toll::dsl::lua {
namespace {

constexpr std::size_t kLongestReason = 200;
// messages: hook-failed.*

/// What stands in the holes of `form` where `text` is one of it: two at most, the last to the end.
std::optional<Message> read_as(const CatalogueEntry& form, std::string_view text) {
  Message message(form.id);
  std::string_view rest = form.text;
  for (std::size_t number = 0; number < 3; ++number) {
    const std::string mark = '{' + std::to_string(number) + '}';
    const std::size_t hole = rest.find(mark);
    const std::string_view before = rest.substr(0, hole);
    if (!text.starts_with(before)) return std::nullopt;
    text.remove_prefix(before.size());
    if (hole == std::string_view::npos) break;
    rest.remove_prefix(hole + mark.size());
    const std::string_view next = rest.substr(0, rest.find('{'));
    // The last hole reaches as far as it can: a reason may hold anything.
    const bool last = next.size() == rest.size();
    const std::size_t end =
        next.empty() ? text.size() : (last ? text.rfind(next) : text.find(next));
    if (end == std::string_view::npos) return std::nullopt;
    message.arguments.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return text.empty() ? std::optional(std::move(message)) : std::nullopt;
}

/// The message of our own that an English text is; of two, the one with more words of ours.
std::optional<Message> recognised(std::string_view text, std::string_view id) {
  std::optional<Message> best;
  std::size_t holes = SIZE_MAX;
  for (const CatalogueEntry& entry : entries_of(Language::en)) {
    if (!entry.id.starts_with(id)) continue;
    std::optional<Message> message = read_as(entry, text);
    if (!message) continue;
    std::size_t size = 0;
    for (const Argument& argument : message->arguments) size += argument.text.size();
    if (size >= holes) continue;
    best = std::move(message);
    holes = size;
  }
  return best;
}

}  // namespace

std::string reason_of(const Outcome& outcome, const HookLimits& limits) {
  Message why;
  Message help;
  switch (outcome.kind) {
    case Outcome::Kind::steps:
      why = Message("hook-failed.why.steps", {std::to_string(limits.steps)});
      break;
    case Outcome::Kind::memory:
      why = Message("hook-failed.why.memory", {std::to_string(limits.memory_bytes >> 10U)});
      break;
    case Outcome::Kind::text:
      why = Message("hook-failed.why.text", {std::to_string(limits.text_bytes >> 10U)});
      break;
    case Outcome::Kind::nesting:
      why = Message("hook-failed.why.nesting");
      break;
    default:
      why = message_of(outcome, {}, help);
      break;
  }
  if (outcome.line != 0) {
    why = Message("hook-failed.line", {std::move(why), std::to_string(outcome.line)});
  }
  std::string reason = say(why, Language::en);
  if (const std::size_t bad = find_invalid_utf8(reason); bad != std::string_view::npos) {
    reason.resize(bad);
  }
  std::size_t size = std::min(reason.size(), kLongestReason);
  while (size < reason.size() && (static_cast<unsigned char>(reason[size]) & 0xC0U) == 0x80U)
    --size;
  reason.resize(size);
  for (char& c : reason) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return reason;
}

std::string retold(std::string_view message, Language language) {
  std::optional<Message> whole = recognised(message, "hook-failed.hook");
  if (!whole || whole->arguments.size() != 2) return std::string(message);
  std::string_view why = whole->arguments[1].text;
  // What a program says may look like a line too: the last one is ours.
  const std::size_t at = why.rfind(" (line ");
  std::optional<Message> line =
      at == std::string_view::npos ? std::nullopt : recognised(why.substr(at), "hook-failed.line");
  if (line) why = why.substr(0, at);
  std::optional<Message> reason = recognised(why, "hook-failed.why.");
  Argument told = reason ? Argument(std::move(*reason)) : Argument(why);
  if (line) {
    told = Argument(Message("hook-failed.line", {std::move(told), line->arguments[1]}));
  }
  return say(Message("hook-failed.hook", {whole->arguments[0], std::move(told)}), language);
}

}  // namespace toll::dsl::lua
