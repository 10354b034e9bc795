// CSV as spreadsheets write it (RFC 4180): records of cells, quotes taken off, places kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace toll::dsl {

struct CsvCell {
  std::string text;
  std::uint32_t begin = 0;  ///< bytes of the file, quotes included
  std::uint32_t end = 0;
};

/// Quotes double inside quotes; a record ends at a line end outside quotes, with or without a
/// carriage return. A byte order mark is passed over. An empty line is a record of one empty cell.
std::vector<std::vector<CsvCell>> csv_records(std::string_view text, char separator = ',');

/// The separator that stands most often in the first record outside quotes: `,`, `;` or a tab.
char csv_separator(std::string_view text);

}  // namespace toll::dsl
