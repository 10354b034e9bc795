#include "dsl/lua/read.hpp"

#include <lua.hpp>
#include <string>
#include <utility>

#include "dsl/lua/outcome.hpp"
#include "dsl/lua/tree.hpp"
#include "dsl/syntax/unicode.hpp"
#include "messages/messages.hpp"

namespace toll::dsl::lua {

/// Generated at build time from prelude.lua and safe.lua.
std::string_view prelude_text();
std::string_view safe_text();

namespace {

/// "string.find" -> "find"
std::string last_name(const std::string& name) {
  const std::size_t point = name.rfind('.');
  return point == std::string::npos || point + 1 == name.size() ? name : name.substr(point + 1);
}

}  // namespace

File read_file(SourceSet& sources, std::string path, std::string text, Diagnostics& diagnostics,
               const Limits& limits) {
  File file;
  file.path = path;
  file.kept = std::make_shared<const std::string>(std::move(text));
  file.text = *file.kept;
  file.skin = "en";
  file.id = sources.add(std::move(path), file.kept);
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
  Outcome outcome = sandbox.prelude("toll", safe_text());
  if (outcome.kind == Outcome::Kind::done) outcome = sandbox.prelude("toll", prelude_text());
  if (outcome.kind == Outcome::Kind::done) outcome = sandbox.run(file.text);
  if (outcome.kind != Outcome::Kind::done) {
    Message help;
    Message message = message_of(outcome, limits, help);
    // Lua tells lines; of an unknown name the place in its line is plain.
    const bool name = message.id == "E1104.unknown-name" && outcome.line != 0;
    const SourceSpan place = name ? places.find(outcome.line, last_name(message.arguments[0].text))
                                  : places.line(outcome.line);
    diagnostics.error(place, std::move(message), std::move(help));
  }
  if (sandbox.state() == nullptr || outcome.kind == Outcome::Kind::memory) return file;
  if (lua_getfield(sandbox.state(), LUA_REGISTRYINDEX, Sandbox::kSkin) == LUA_TSTRING) {
    file.skin = lua_tostring(sandbox.state(), -1);
    sources.set_skin(file.id, file.skin);
  }
  lua_pop(sandbox.state(), 1);
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
