#include <algorithm>

#include "tools/review/review.hpp"

namespace toll::review {
namespace {

constexpr std::size_t kMostRows = 12;
constexpr std::size_t kMostNamed = 20;

std::string text_of(std::string_view id, Language language, std::vector<Argument> arguments = {}) {
  // messages: review.*
  return toll::say(Message("review." + std::string(id), std::move(arguments)), language);
}

std::string_view word_of(Answer answer) {
  return answer == Answer::good ? "good" : answer == Answer::look ? "look" : "bad";
}

void append_row(std::string& out, const std::vector<std::string>& cells, std::size_t columns) {
  out += "|";
  for (std::size_t i = 0; i < columns; ++i)
    out += " " + (i < cells.size() ? plain(cells[i]) : std::string()) + " |";
  out += "\n";
}

/// Rows that begin with nothing go on with the row before: their texts are lines of its cells.
std::vector<std::vector<std::string>> joined(const std::vector<tools::StatementTable::Row>& rows) {
  std::vector<std::vector<std::string>> out;
  for (const tools::StatementTable::Row& row : rows) {
    const bool goes_on = !out.empty() && !row.cells.empty() && row.cells.front().empty();
    if (!goes_on) {
      out.push_back(row.cells);
      continue;
    }
    for (std::size_t i = 0; i < row.cells.size() && i < out.back().size(); ++i) {
      if (!row.cells[i].empty()) out.back()[i] += "\n" + row.cells[i];
    }
  }
  return out;
}

}  // namespace

Answer Page::worst() const {
  Answer worst = Answer::good;
  for (const Section& section : sections) worst = std::max(worst, section.answer);
  return worst;
}

std::string plain(std::string_view text) {
  if (const std::size_t end = text.find('\n'); end != std::string_view::npos)
    return plain(text.substr(0, end)) + "<br>" + plain(text.substr(end + 1));
  std::string out;
  for (const char c : tools::harmless(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '@':
        out += "&#64;";
        break;
      case '#':
        out += "&#35;";
        break;
      case '|':
      case '*':
      case '_':
      case '`':
      case '[':
      case ']':
      case '\\':
      case '~':
        out += '\\';
        out += c;
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string fenced(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  std::string out = fence + "text\n" + std::string(text);
  if (out.back() != '\n') out += '\n';
  return out + fence + "\n";
}

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kMostNamed; ++i)
    out += "- " + plain(names[i]) + "\n";
  if (names.size() > kMostNamed) out += "- ..\n";
  return out;
}

std::string tables_of(const tools::StatementDocument& document, Language language) {
  std::string out;
  for (const std::string& warning : document.warnings) out += "**" + plain(warning) + "**\n\n";
  for (const tools::StatementSection& section : document.sections) {
    out += "**" + plain(section.heading) + "**";
    if (!section.unit.empty()) out += " (" + plain(section.unit) + ")";
    out += "\n\n";
    const std::size_t columns = section.table.columns.size();
    std::vector<std::string> head;
    std::string rule = "|";
    for (const tools::StatementTable::Column& column : section.table.columns) {
      head.push_back(column.heading);
      rule += column.number ? " ---: |" : " --- |";
    }
    append_row(out, head, columns);
    out += rule + "\n";
    const auto rows = joined(section.table.rows);
    // The last row may be the total: it is never left out.
    const std::size_t shown = rows.size() > kMostRows + 1 ? kMostRows : rows.size();
    for (std::size_t i = 0; i < shown; ++i) append_row(out, rows[i], columns);
    if (shown < rows.size() && section.table.rows.back().total)
      append_row(out, rows.back(), columns);
    out += "\n";
    if (shown < rows.size())
      out += text_of("more-rows", language, {std::to_string(rows.size() - shown)}) + "\n\n";
    for (const std::string& note : section.notes) out += plain(note) + "\n\n";
  }
  return out;
}

std::string to_markdown(const Page& page, Language language) {
  const Answer worst = page.worst();
  std::string out =
      "## " + text_of("title", language, {plain(page.before), plain(page.after)}) + "\n\n";
  std::string named;
  for (const Section& section : page.sections) {
    if (section.answer == worst)
      named += (named.empty() ? ""
                : language == Language::zh ? "\u3001"
                                           : ", ") +
               text_of("name-" + section.id, language);
  }
  out += "**" + text_of("verdict-" + std::string(word_of(worst)), language, {named}) + "**\n\n";
  out += "| | | |\n| --- | --- | --- |\n";
  for (const Section& section : page.sections) {
    out += "| " + text_of("name-" + section.id, language) + " | " +
           text_of(word_of(section.answer), language) + " | " + plain(section.sentence) + " |\n";
  }
  for (const Section& section : page.sections) {
    if (section.details.empty()) continue;
    out += "\n<details><summary>" + text_of("name-" + section.id, language) + "</summary>\n\n" +
           section.details;
    while (out.ends_with("\n\n")) out.pop_back();
    out += "\n</details>\n";
  }
  return out;
}

nlohmann::json to_json(const Page& page) {
  nlohmann::json sections = nlohmann::json::array();
  for (const Section& section : page.sections) {
    sections.push_back({{"id", section.id},
                        {"answer", word_of(section.answer)},
                        {"sentence", section.sentence},
                        {"details", section.details}});
  }
  return {{"old", page.before},
          {"new", page.after},
          {"answer", word_of(page.worst())},
          {"sections", std::move(sections)}};
}

}  // namespace toll::review
