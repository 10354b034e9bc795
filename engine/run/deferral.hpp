// Loops that can be put off: what they give an account is owed to it, and made when somebody asks.
//
// A loop over a table's rows that reads and writes nothing of the account but rows under one key,
// which is a column of the row at hand, does the same for a key whenever it is done, as long as it
// is done before anybody else looks at rows under that key. So is all that is given away by the
// rows of a table once a month: of most keys nobody ever asks for it.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

class Program;
struct Step;

struct Deferral {
  /// A slot of the loop's block that it reads, as it is when it is put off.
  struct Capture {
    std::uint32_t slot = 0;
    Kind kind = Kind::number;
  };
  struct Row {
    std::int64_t key = 0;
    std::uint32_t row = 0;  ///< of the table
  };

  std::uint32_t step = 0;  ///< the loop: Program::steps
  ClauseId clause = kNone;
  std::uint32_t table = 0;
  std::uint32_t frame = 0;  ///< slots of its block
  std::vector<Capture> captures;
  std::vector<std::uint32_t> families;  ///< that it makes rows of
  std::uint32_t most_made = 0;          ///< rows of one family, for one row of the table
  std::vector<Row> rows;                ///< of the table, by key and then as they stand

  [[nodiscard]] std::span<const Row> rows_of(std::int64_t key) const;
};

/// Times between which nothing that a loop reckons goes out of range: 1970 to 2200.
inline constexpr std::int64_t kLastDeferred = 7'258'118'400'000'000'000;

/// The loops of a program whose tree is compiled.
[[nodiscard]] std::vector<Deferral> find_deferrals(const Program& program);

}  // namespace toll
