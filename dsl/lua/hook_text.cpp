// Looks through the text of a program for floating point. Without fractions, `/` and `^` Lua has
// whole numbers only, and none of its functions here makes anything else.
#include <cstddef>

#include "dsl/lua/hooks.hpp"

namespace toll::dsl::lua {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t file, Diagnostics& diagnostics)
      : text_(text), file_(file), diagnostics_(diagnostics) {}

  bool run() {
    while (at_ < text_.size()) step();
    return fine_;
  }

 private:
  [[nodiscard]] char next(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void step() {
    const char c = next();
    if (c == '-' && next(1) == '-') {
      at_ += 2;
      if (!long_text()) at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '[' && long_text()) {
    } else if (c == '"' || c == '\'') {
      quoted(c);
    } else if (is_digit(c) || (c == '.' && is_digit(next(1)))) {
      number();
    } else if (is_letter(c)) {
      while (is_letter(next()) || is_digit(next())) ++at_;
    } else if (c == '.') {
      while (next() == '.') ++at_;
    } else if (c == '/' && next(1) == '/') {
      at_ += 2;
    } else {
      if (c == '/' || c == '^') say(at_, at_ + 1, c == '/' ? "E1110.quotient" : "E1110.power");
      ++at_;
    }
  }

  /// [[ .. ]], [=[ .. ]=]: false if there is none here.
  bool long_text() {
    std::size_t level = 0;
    while (next(1 + level) == '=') ++level;
    if (next() != '[' || next(1 + level) != '[') return false;
    const std::string close = "]" + std::string(level, '=') + "]";
    const std::size_t end = text_.find(close, at_ + level + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + close.size();
    return true;
  }

  void quoted(char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += text_[at_] == '\\' ? 2U : 1U;
    }
    ++at_;
  }

  /// As Lua reads it: digits, letters, points, and a sign after an exponent.
  void number() {
    constexpr std::size_t kMostDigits = 18;  // beyond 64 bits Lua makes a fraction of it
    const std::size_t begin = at_;
    const bool hex = next() == '0' && (next(1) == 'x' || next(1) == 'X');
    bool fraction = false;
    if (hex) at_ += 2;
    for (;; ++at_) {
      const char c = next();
      const bool exponent = hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
      fraction = fraction || exponent || c == '.';
      if (exponent && (next(1) == '+' || next(1) == '-')) {
        ++at_;
      } else if (!is_digit(c) && !is_letter(c) && c != '.') {
        break;
      }
    }
    if (fraction) {
      say(begin, at_, "E1110.fraction");
    } else if (at_ - begin > kMostDigits) {
      say(begin, at_, "E1110.long");
    }
  }

  void say(std::size_t begin, std::size_t end, const char* id) {
    diagnostics_.error({file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
                       Message(id));
    fine_ = false;
  }

  std::string_view text_;
  std::uint32_t file_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  bool fine_ = true;
};

}  // namespace

bool check_numbers(std::string_view text, std::uint32_t file, Diagnostics& diagnostics) {
  return Scanner(text, file, diagnostics).run();
}

}  // namespace toll::dsl::lua
