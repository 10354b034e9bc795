#include "tools/canonical_json.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

std::string quoted(const std::string& text) { return json(text).dump(); }

/// Appends the value on one line, with a space after `:` and `,`. False, as soon as it is known, if
/// `out` would grow beyond `limit`.
bool append_line(std::string& out, const json& value, std::size_t limit) {
  if (!value.is_structured()) {
    out += value.dump();
    return out.size() <= limit;
  }
  out += value.is_array() ? '[' : '{';
  for (auto item = value.begin(); item != value.end(); ++item) {
    if (item != value.begin()) out += ", ";
    if (value.is_object()) out += quoted(item.key()) + ": ";
    if (!append_line(out, *item, limit)) return false;
  }
  out += value.is_array() ? ']' : '}';
  return out.size() <= limit;
}

/// `column` is where the value starts.
void append(std::string& out, const json& value, std::size_t indent, std::size_t column,
            std::size_t width) {
  std::string line;
  // One column is left for the comma that may follow.
  const std::size_t room = width > column + 1 ? width - column - 1 : 0;
  if (append_line(line, value, room) || !value.is_structured() || value.empty()) {
    out += line;
    return;
  }
  out += value.is_array() ? '[' : '{';
  const std::size_t inner = indent + 1;
  for (auto item = value.begin(); item != value.end(); ++item) {
    out += item == value.begin() ? "\n" : ",\n";
    out.append(inner, ' ');
    std::size_t start = inner;
    if (value.is_object()) {
      const std::string key = quoted(item.key()) + ": ";
      out += key;
      start += key.size();
    }
    append(out, *item, inner, start, width);
  }
  out += '\n';
  out.append(indent, ' ');
  out += value.is_array() ? ']' : '}';
}

}  // namespace

std::string canonical_json(const json& value, std::size_t width) {
  std::string out;
  append(out, value, 0, 0, width);
  return out + "\n";
}

}  // namespace toll::tools
