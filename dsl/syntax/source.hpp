// The texts that spans point into, and where in them a byte is.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"

namespace toll::dsl {

/// Both count from 1; a column is a character (code point), whatever its width or bytes.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// Files by number, in order of adding; references stay valid. Not thread-safe while files are
/// added.
class SourceSet {
 public:
  std::uint32_t add(std::string path, std::string text);
  std::uint32_t add(std::string path, std::shared_ptr<const std::string> text);

  [[nodiscard]] std::size_t size() const { return files_.size(); }
  [[nodiscard]] const std::string& path(std::uint32_t file) const;
  [[nodiscard]] const std::string& text(std::uint32_t file) const;

  /// The skin a file is written in ("en" until someone says else): what its reader knows words by.
  void set_skin(std::uint32_t file, std::string skin);
  [[nodiscard]] const std::string& skin(std::uint32_t file) const;

  /// What a span covers; spans beyond the text are cut to it.
  [[nodiscard]] std::string_view slice(SourceSpan span) const;

  [[nodiscard]] Position position(SourceSpan span) const;      ///< of its begin
  [[nodiscard]] Position end_position(SourceSpan span) const;  ///< of its end (exclusive)
  [[nodiscard]] Position position_at(std::uint32_t file, std::uint32_t byte) const;

  /// UTF-16 units before this byte in its line, from 0, as editors count.
  [[nodiscard]] std::uint32_t utf16_column(std::uint32_t file, std::uint32_t byte) const;

  /// The line a byte is in, without its line end.
  [[nodiscard]] SourceSpan line_at(std::uint32_t file, std::uint32_t byte) const;

 private:
  struct Entry {
    std::string path;
    std::shared_ptr<const std::string> text;
    std::string skin = "en";
    std::vector<std::uint32_t> line_starts;
  };
  [[nodiscard]] const Entry& entry(std::uint32_t file) const;

  std::deque<Entry> files_;
};

}  // namespace toll::dsl
