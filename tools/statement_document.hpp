// A statement laid out as people read it: headings and tables of texts, for a terminal or a page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/statement.hpp"
#include "tools/statement_words.hpp"

namespace toll::tools {

struct StatementTable {
  struct Column {
    std::string heading;
    bool number = false;
    bool whole = false;  ///< not to be broken into lines: times
  };
  struct Row {
    std::vector<std::string> cells;
    bool total = false;
    bool remark = false;  ///< about other rows: told in a lighter voice
  };
  std::vector<Column> columns;
  std::vector<Row> rows;
};

struct StatementSection {
  std::string heading;
  std::string unit;  ///< of its numbers, if they have but one
  StatementTable table;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;  ///< what does not add up
};

struct StatementDocument {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;  ///< account, period, policy
  std::vector<StatementSection> sections;
  std::vector<std::string> warnings;
};

StatementDocument document_of(const MonthStatement& statement, const StatementWords& words);

/// What an entry says, in one line: names and values.
std::string details_of(const EntryCopy& entry, const StatementWords& words);

/// Without what would move a terminal's cursor, reverse the text or hide in it.
std::string harmless(std::string_view text);

/// For a terminal: columns by display width. Ends in a line end.
std::string as_text(const StatementDocument& document);
/// A page in parts: head, statements, foot. It loads nothing from elsewhere, and runs no script but
/// those that it holds itself, if it holds any.
enum class Scripts : std::uint8_t { none, own };
std::string html_head(const std::string& title, Language language, Scripts scripts = Scripts::none);
std::string as_html(const StatementDocument& document);
std::string html_foot();

}  // namespace toll::tools
