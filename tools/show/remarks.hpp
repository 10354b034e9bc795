// What a rule file says in comments: above a statement or row, beside it, and at the top.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"

namespace toll::tools::show {

class Remarks {
 public:
  explicit Remarks(const dsl::File& file);

  /// The comment that follows the language line: what the file is about.
  [[nodiscard]] const std::string& heading() const { return heading_; }
  /// The comment lines directly above, as one text; empty if there are none.
  [[nodiscard]] std::string above(dsl::SourceSpan span) const;
  /// The comment after it in the same line.
  [[nodiscard]] std::string beside(dsl::SourceSpan span) const;
  /// Both.
  [[nodiscard]] std::string of(dsl::SourceSpan span) const;

 private:
  [[nodiscard]] bool is_comment(std::string_view line) const;
  /// Without its mark.
  [[nodiscard]] std::string_view said(std::string_view comment) const;
  [[nodiscard]] std::size_t line_of(std::size_t byte) const;
  [[nodiscard]] std::string_view line(std::size_t index) const;

  std::string_view text_;
  bool lua_;
  std::vector<std::size_t> starts_;
  std::string heading_;
  std::set<std::size_t> heading_lines_;
};

/// The title that a text begins with, up to its first colon or full stop, and the rest.
struct TitledText {
  std::string title;
  std::string rest;
};
TitledText split_title(const std::string& text);

}  // namespace toll::tools::show
