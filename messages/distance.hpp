// How far two texts are apart: what "did you mean" asks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace toll {

/// The fewest characters to insert, delete or replace that make one of the other.
template <typename Character>
std::size_t edit_distance(std::basic_string_view<Character> a,
                          std::basic_string_view<Character> b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + change});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace toll
