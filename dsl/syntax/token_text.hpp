// What a token says. Nearly always it stands like that in its file, and is only pointed at.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace toll::dsl {

/// A view of a text that is kept elsewhere for as long (`kept`), or of one of its own.
class TokenText : public std::string_view {
 public:
  TokenText() = default;
  explicit TokenText(std::string_view text) : std::string_view(text) { keep(); }
  TokenText& operator=(std::string_view text) { return *this = TokenText(text); }
  /// Does not copy: for a file's text (File::kept), words of skins, literals.
  static TokenText kept(std::string_view text) {
    TokenText made;
    made.view() = text;
    return made;
  }
  TokenText(const TokenText& other) : std::string_view(other) {
    if (other.own_ != nullptr) keep();
  }
  TokenText(TokenText&& other) noexcept
      : std::string_view(std::exchange(other.view(), {})), own_(std::move(other.own_)) {}
  TokenText& operator=(const TokenText& other) {
    if (this != &other) *this = TokenText(other);
    return *this;
  }
  TokenText& operator=(TokenText&& other) noexcept {
    view() = std::exchange(other.view(), {});
    own_ = std::move(other.own_);
    return *this;
  }
  ~TokenText() = default;

  operator std::string() const {  // NOLINT(google-explicit-constructor): as of a std::string
    return std::string(data(), size());
  }

  friend std::string operator+(const TokenText& a, std::string_view b) {
    std::string sum;
    sum.reserve(a.size() + b.size());
    return sum.append(a).append(b);
  }
  friend std::string operator+(const TokenText& a, const TokenText& b) {
    return a + std::string_view(b);
  }
  friend std::string operator+(const TokenText& a, const char* b) {
    return a + std::string_view(b);
  }
  friend std::string operator+(std::string a, const TokenText& b) {
    a.append(b);
    return a;
  }
  friend std::string operator+(const char* a, const TokenText& b) { return std::string(a) + b; }

 private:
  std::string_view& view() { return *this; }
  void keep() {
    if (empty()) return;
    own_ = std::make_unique<char[]>(size());
    std::copy(begin(), end(), own_.get());
    view() = {own_.get(), size()};
  }

  std::unique_ptr<char[]> own_;
};

}  // namespace toll::dsl
