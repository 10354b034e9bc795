#include "io/json_document.hpp"

#include <simdjson.h>

#include <algorithm>

#include "io/json_scan.hpp"

namespace toll::io {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | (code >> 6));
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0U | (code >> 12));
    byte(0x80U | ((code >> 6) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | (code >> 18));
    byte(0x80U | ((code >> 12) & 0x3FU));
    byte(0x80U | ((code >> 6) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
}

}  // namespace

/// A recursive descent over the grammar of RFC 8259; each function leaves `at_` after what it read.
class JsonDocument::Parser {
 public:
  Parser(JsonDocument& document, std::string_view text)
      : document_(document),
        nodes_(document.nodes_),
        begin_(text.data()),
        at_(text.data()),
        end_(text.data() + text.size()) {}

  bool text() {
    skip_space();
    if (!value(0)) return false;
    skip_space();
    return at_ == end_ || fail("more text after the value");
  }

 private:
  bool fail(std::string_view reason) {
    document_.error_ = {reason, static_cast<std::size_t>(at_ - begin_) + 1};
    return false;
  }

  void skip_space() {
    if (at_ != end_ && *at_ > ' ') return;
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }

  [[nodiscard]] bool next_is(char c) const { return at_ != end_ && *at_ == c; }

  std::uint32_t add(JsonNode::Kind kind, std::string_view text = {}, bool truth = false) {
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({kind, truth, 0, index + 1, text});
    return index;
  }

  bool value(int depth) {
    if (at_ == end_) return fail("a value is missing");
    switch (*at_) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return string();
      case 't':
        return literal("true", JsonNode::Kind::boolean, true);
      case 'f':
        return literal("false", JsonNode::Kind::boolean, false);
      case 'n':
        return literal("null", JsonNode::Kind::null, false);
      default:
        return number();
    }
  }

  bool literal(std::string_view word, JsonNode::Kind kind, bool truth) {
    if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, word.size()) != word)
      return fail("not a value");
    at_ += word.size();
    add(kind, {}, truth);
    return true;
  }

  bool digits() {
    if (at_ == end_ || !is_digit(*at_)) return fail("a digit is missing");
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return true;
  }

  bool number() {
    const char* const start = at_;
    if (next_is('-')) ++at_;
    if (at_ == end_ || !is_digit(*at_)) return fail("not a value");
    if (*at_ == '0') {
      ++at_;
      if (at_ != end_ && is_digit(*at_)) return fail("a number starts with 0");
    } else if (!digits()) {
      return false;
    }
    if (next_is('.')) {
      ++at_;
      if (!digits()) return false;
    }
    if (next_is('e') || next_is('E')) {
      ++at_;
      if (next_is('+') || next_is('-')) ++at_;
      if (!digits()) return false;
    }
    add(JsonNode::Kind::number, {start, static_cast<std::size_t>(at_ - start)});
    return true;
  }

  void skip_plain() { at_ = io::skip_plain(at_, end_); }

  bool string() {
    const char* start = ++at_;
    skip_plain();
    if (next_is('"')) {
      add(JsonNode::Kind::string, {start, static_cast<std::size_t>(at_ - start)});
      ++at_;
      return true;
    }
    std::string& out = document_.unescaped_;  // reserved: no view into it ever moves
    const std::size_t first = out.size();
    while (true) {
      out.append(start, at_);
      if (at_ == end_) return fail("a string does not end");
      if (*at_ == '"') break;
      if (*at_ != '\\') return fail("a control character in a string");
      ++at_;
      if (!escape(out)) return false;
      start = at_;
      skip_plain();
    }
    ++at_;
    add(JsonNode::Kind::string, std::string_view(out).substr(first));
    return true;
  }

  bool escape(std::string& out) {
    if (at_ == end_) return fail("a string does not end");
    switch (*at_++) {
      case '"':
        out.push_back('"');
        return true;
      case '\\':
        out.push_back('\\');
        return true;
      case '/':
        out.push_back('/');
        return true;
      case 'b':
        out.push_back('\b');
        return true;
      case 'f':
        out.push_back('\f');
        return true;
      case 'n':
        out.push_back('\n');
        return true;
      case 'r':
        out.push_back('\r');
        return true;
      case 't':
        out.push_back('\t');
        return true;
      case 'u':
        return code_point(out);
      default:
        --at_;
        return fail("no such escape");
    }
  }

  bool code_point(std::string& out) {
    std::uint32_t code = 0;
    if (!four_hex(code)) return false;
    if (code >= 0xDC00 && code < 0xE000) return fail("half a surrogate pair");
    if (code >= 0xD800 && code < 0xDC00) {
      if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != 'u') return fail("half a surrogate pair");
      at_ += 2;
      std::uint32_t low = 0;
      if (!four_hex(low)) return false;
      if (low < 0xDC00 || low >= 0xE000) return fail("half a surrogate pair");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  bool four_hex(std::uint32_t& code) {
    code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ == end_) return fail("a string does not end");
      const char c = *at_;
      const int lower = c | 0x20;
      if (!is_digit(c) && (lower < 'a' || lower > 'f')) return fail("no such escape");
      const int digit = is_digit(c) ? c - '0' : lower - 'a' + 10;
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  bool array(int depth) {
    if (depth > kMaxDepth) return fail("nested too deeply");
    const std::uint32_t self = add(JsonNode::Kind::array);
    std::uint32_t size = 0;
    ++at_;
    skip_space();
    if (!next_is(']')) {
      while (true) {
        skip_space();
        if (!value(depth)) return false;
        ++size;
        skip_space();
        if (!next_is(',')) break;
        ++at_;
      }
      if (!next_is(']')) return fail("expected `,` or `]`");
    }
    ++at_;
    close(self, size);
    return true;
  }

  bool object(int depth) {
    if (depth > kMaxDepth) return fail("nested too deeply");
    const std::uint32_t self = add(JsonNode::Kind::object);
    std::uint32_t size = 0;
    ++at_;
    skip_space();
    if (!next_is('}')) {
      while (true) {
        skip_space();
        if (!next_is('"')) return fail("expected a key in quotes");
        if (!string()) return false;
        skip_space();
        if (!next_is(':')) return fail("expected `:`");
        ++at_;
        skip_space();
        if (!value(depth)) return false;
        ++size;
        skip_space();
        if (!next_is(',')) break;
        ++at_;
      }
      if (!next_is('}')) return fail("expected `,` or `}`");
    }
    close(self, size);
    if (has_duplicate_keys(self)) return fail("two equal keys in one object");
    ++at_;
    return true;
  }

  void close(std::uint32_t self, std::uint32_t size) {
    nodes_[self].size = size;
    nodes_[self].end = static_cast<std::uint32_t>(nodes_.size());
  }

  bool has_duplicate_keys(std::uint32_t object) {
    std::vector<std::string_view>& keys = document_.keys_;
    keys.clear();
    const std::uint32_t end = nodes_[object].end;
    for (std::uint32_t i = object + 1; i < end; i = nodes_[i + 1].end)
      keys.push_back(nodes_[i].text);
    constexpr std::size_t kFew = 16;  // comparing all pairs is cheaper than sorting up to here
    if (keys.size() > kFew) {
      std::sort(keys.begin(), keys.end());
      return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
    }
    for (std::size_t i = 1; i < keys.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (keys[i] == keys[j]) return true;
    return false;
  }

  JsonDocument& document_;
  std::vector<JsonNode>& nodes_;
  const char* const begin_;
  const char* at_;
  const char* const end_;
};

std::string JsonError::text() const {
  std::string text(reason);
  if (column != 0) text += " at byte " + std::to_string(column);
  return text;
}

bool JsonDocument::parse(std::string_view text) {
  current_ = &nodes_;
  if (!simdjson::validate_utf8(text)) {
    nodes_.clear();
    error_ = {"broken UTF-8", 0};
    return false;
  }
  return parse_utf8(text);
}

bool JsonDocument::parse_utf8(std::string_view text) {
  current_ = &nodes_;
  if (match(text)) return true;
  nodes_.clear();
  unescaped_.clear();
  unescaped_.reserve(text.size());  // decoding never makes a string longer
  if (!Parser(*this, text).text()) return false;
  learn(text);
  return true;
}

/// Is its shape known? That of the line before is the likeliest.
bool JsonDocument::match(std::string_view text) {
  for (std::size_t tried = 0; tried < kShapes; ++tried) {
    const std::size_t i = (shape_ + tried) % kShapes;
    if (shapes_[i].serial() == 0 || !shapes_[i].match(text)) continue;
    shape_ = i;
    current_ = &shapes_[i].nodes();
    return true;
  }
  return false;
}

void JsonDocument::learn(std::string_view text) {
  if (shapes_[next_shape_].learn(text, nodes_, serials_ + 1)) {
    ++serials_;
    next_shape_ = (next_shape_ + 1) % kShapes;
  }
}

}  // namespace toll::io
