// The words of a saved state, one after the other.
//
// Nothing is thrown: the first error is kept, and what is read after it is empty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "toll/value.hpp"

namespace toll {

class StateWords {
 protected:
  explicit StateWords(std::string_view bytes) : in_(bytes) {}

  [[nodiscard]] bool failed() const { return !error_.empty(); }
  void fail(std::string_view what) {
    if (failed()) return;
    error_ = "state cannot be read: ";
    error_ += what;
  }

  void skip_space() {
    const std::size_t at = in_.find_first_not_of(" \n");
    in_.remove_prefix(at == std::string_view::npos ? in_.size() : at);
  }

  std::string_view word() {
    skip_space();
    const std::string_view text = in_.substr(0, in_.find_first_of(" \n"));
    in_.remove_prefix(text.size());
    if (text.empty()) fail("it ends too early");
    return text;
  }

  void expect(std::string_view wanted) {
    if (word() != wanted) fail("the word '" + std::string(wanted) + "' is missing");
  }

  Value number(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    Value value = 0;
    if (text.empty() || text.size() > 39) return fail("a number is wrong"), 0;
    for (const char digit : text) {
      if (digit < '0' || digit > '9' || __builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, digit - '0', &value)) {
        return fail("a number is wrong"), 0;
      }
    }
    return negative ? -value : value;
  }

  /// A count of things that take `least` bytes each of what follows.
  std::uint32_t count(std::size_t least) {
    const Value value = number(word());
    if (value < 0 || value > static_cast<Value>(in_.size() / least))
      return fail("a count is wrong"), 0;
    return static_cast<std::uint32_t>(value);
  }

  std::string_view string() {
    skip_space();
    return string_here();
  }

  std::string_view string_here() {
    const std::size_t colon = in_.substr(0, 12).find(':');
    if (colon == std::string_view::npos) return fail("a text is wrong"), std::string_view{};
    const Value size = number(in_.substr(0, colon));
    in_.remove_prefix(colon + 1);
    if (size < 0 || size > static_cast<Value>(in_.size())) {
      return fail("a text is wrong"), std::string_view{};
    }
    const std::string_view text = in_.substr(0, static_cast<std::size_t>(size));
    in_.remove_prefix(text.size());
    return text;
  }

  std::uint64_t hex(std::size_t digits) { return hex_of(word(), digits); }

  std::uint64_t hex_of(std::string_view text, std::size_t digits) {
    std::uint64_t value = 0;
    if (text.size() != digits) fail("a hexadecimal number is wrong");
    for (const char digit : text) {
      const std::size_t at = std::string_view("0123456789abcdef").find(digit);
      if (at == std::string_view::npos) return fail("a hexadecimal number is wrong"), 0;
      value = value << 4 | at;
    }
    return value;
  }

  std::string_view in_;
  std::string error_;
};

}  // namespace toll
