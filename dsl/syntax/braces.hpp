// Where braces are missing or too many, told by indentation.
//
// Braces that pair off are never looked at twice. Only if a file has one too many or too few are
// the lines asked what was meant: a line that stands no further right than the statement whose
// block is open ends that block; a `}` belongs to the statement that stands as far right as it
// does. The tree is then built as if the braces were right, so one brace costs one diagnostic.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace toll::dsl {

struct Brace {
  std::uint32_t at = 0;
  std::uint32_t end = 0;
  bool open = false;
};

struct ByteRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct BracePlan {
  /// A block that has to end although no brace says so.
  struct Close {
    std::uint32_t at = 0;    ///< the reader is at or past this byte
    std::uint32_t told = 0;  ///< where the brace is missing, for people
  };
  std::vector<Close> closes;          ///< ascending
  std::vector<std::uint32_t> opens;   ///< ends of lines that should have opened a block, ascending
  std::vector<std::uint32_t> strays;  ///< braces that are none, ascending
};

/// `braces` are those that are no part of strings, names and comments; lines that begin inside one
/// of the `groups` (round and square brackets) say nothing by their indentation.
BracePlan plan_braces(std::string_view text, const std::vector<Brace>& braces,
                      const std::vector<ByteRange>& groups);

}  // namespace toll::dsl
