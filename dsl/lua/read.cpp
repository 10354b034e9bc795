#include "dsl/lua/read.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "dsl/lua/library.hpp"
#include "dsl/lua/tree.hpp"
#include "dsl/syntax/unicode.hpp"
#include "messages/messages.hpp"

namespace toll::dsl::lua {

/// Generated at build time from prelude.lua.
std::string_view prelude_text();

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

Message message_of(const Outcome& outcome, const Limits& limits) {
  switch (outcome.kind) {
    case Outcome::Kind::syntax:
      return Message("E1101.syntax", {outcome.message});
    case Outcome::Kind::steps:
      return Message("E1103.steps", {std::to_string(limits.steps)});
    case Outcome::Kind::memory:
      return Message("E1103.memory", {std::to_string(limits.memory_bytes >> 20U)});
    case Outcome::Kind::text:
      return Message("E1103.text", {std::to_string(limits.text_bytes)});
    case Outcome::Kind::nesting:
      return Message("E1103.nesting");
    default:
      break;
  }
  const std::string_view text = outcome.message;
  if (text.substr(0, Sandbox::kUnknownName.size()) == Sandbox::kUnknownName) {
    return Message("E1104.unknown-name", {text.substr(Sandbox::kUnknownName.size())});
  }
  if (!text.empty() && text[0] == kMessageMark) return message_from(text);
  return Message("E1102.failed", {outcome.message});
}

}  // namespace

File read_file(SourceSet& sources, std::string path, std::string text, Diagnostics& diagnostics,
               const Limits& limits) {
  File file;
  file.path = path;
  file.text = std::move(text);
  file.skin = "en";
  file.id = sources.add(std::move(path), file.text);
  Places places(file.text, file.id);
  if (file.text.size() > limits.source_bytes) {
    diagnostics.error({file.id, 0, 0},
                      Message("E1103.source", {std::to_string(limits.source_bytes >> 10U)}));
    return file;
  }
  if (const std::size_t bad = find_invalid_utf8(file.text); bad != std::string_view::npos) {
    const auto at = static_cast<std::uint32_t>(bad);
    diagnostics.error({file.id, at, at + 1}, Message("E1101.not-text", {std::to_string(bad)}));
    return file;
  }
  Sandbox sandbox(limits);
  Outcome outcome = sandbox.prelude("toll", prelude_text());
  if (outcome.kind == Outcome::Kind::done) outcome = sandbox.run(file.text);
  if (outcome.kind != Outcome::Kind::done) {
    diagnostics.error(places.line(outcome.line), message_of(outcome, limits));
  }
  if (sandbox.state() == nullptr || outcome.kind == Outcome::Kind::memory) return file;
  Tree tree = read_tree(sandbox.state(), places);
  if (tree.too_large) {
    diagnostics.error(places.line(1), Message("E1103.size"));
  } else if (tree.broken) {
    diagnostics.error(places.line(1), Message("E1105.broken"));
  } else {
    file.clauses = std::move(tree.clauses);
  }
  return file;
}

}  // namespace toll::dsl::lua
