// Folded names for looking up: most are written as they are compared, and are not copied.
#pragma once

#include <string>
#include <string_view>

#include "dsl/syntax/name.hpp"

namespace toll::dsl {

/// Is fold() surely the name itself? (What it says no to may be folded all the same.)
bool is_folded(std::string_view name);

class Folded {
 public:
  /// `name` must stay where it is.
  explicit Folded(std::string_view name) : text_(name) {
    if (is_folded(name)) return;
    made_ = fold(name);
    text_ = made_;
  }
  Folded(const Folded&) = delete;
  Folded& operator=(const Folded&) = delete;

  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string made_;
  std::string_view text_;
};

}  // namespace toll::dsl
