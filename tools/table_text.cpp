#include "tools/table_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dsl/syntax/csv.hpp"
#include "dsl/syntax/unicode.hpp"
#include "io/time_text.hpp"
#include "tools/policy_text.hpp"

namespace toll::tools {
namespace {

/// A currency sign and the message that names it.
struct Sign {
  std::string_view sign;
  std::string_view name;
};
constexpr std::array<Sign, 6> kSigns = {{{"\u00a5", "csv.yuan"},
                                         {"\uffe5", "csv.yuan"},
                                         {"$", "csv.dollar"},
                                         {"\uff04", "csv.dollar"},
                                         {"\u20ac", "csv.euro"},
                                         {"\u00a3", "csv.pound"}}};
constexpr std::array<std::string_view, 3> kDashes = {"-", "\u2013", "\u2014"};
constexpr std::array<std::string_view, 2> kScales = {"\u4e07", "\u4ebf"};  // 10^4, 10^8

bool digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, std::string_view start) {
  if (text.substr(0, start.size()) != start) return false;
  text.remove_prefix(start.size());
  return true;
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
}

/// Blanks of all kinds and line ends as one blank, none at the ends.
std::string tidied(std::string_view text) {
  std::string out;
  bool blank = false;
  for (std::size_t at = 0; at < text.size();) {
    const dsl::DecodedCharacter here = dsl::decode_utf8(text, at);
    if (dsl::is_white_space(here.code) || here.code == U'\u00a0') {
      blank = true;
    } else {
      if (blank && !out.empty()) out += ' ';
      blank = false;
      out += text.substr(at, here.size);
    }
    at += here.size;
  }
  return out;
}

class Cells {
 public:
  Cells(const dsl::Skin& skin, const std::string& currency, Language language, bool comma_decimals)
      : skin_(skin), currency_(currency), language_(language), comma_(comma_decimals) {}

  struct Cell {
    std::string text;
    bool number = false;
    Message problem;
  };

  /// Header cells and others are read alike: columns across are headed by numbers.
  [[nodiscard]] Cell read(const std::string& raw) const {
    const std::string text = tidied(raw);
    if (text.empty() || std::find(kDashes.begin(), kDashes.end(), text) != kDashes.end())
      return {"-", true, {}};
    if (const std::string word = keyword(text); !word.empty()) return {word, true, {}};
    if (auto date = read_date(text)) return {*date, true, {}};
    std::string_view rest = text;
    std::string bound;
    for (const std::string_view sign : {"<=", "<"}) {
      if (bound.empty() && take(rest, sign)) bound = std::string(sign) + " ";
    }
    skip_blanks(rest);
    const bool numeric =
        !rest.empty() && (digit(rest[0]) || rest[0] == '-' || !sign_of(rest).empty());
    if (!numeric) return bound.empty() ? names(text) : Cell{"", false, {"csv.no-number", {text}}};
    const std::optional<std::string> amount = read_amount(rest);
    if (!amount) return {"", false, {"csv.no-number", {text}}};
    return {bound + *amount, true, {}};
  }

 private:
  [[nodiscard]] std::string keyword(const std::string& text) const {
    for (const std::string& name : dsl::skin_names()) {
      const dsl::Skin::Entry* entry = dsl::find_skin(name)->find(text);
      if (entry == nullptr || entry->canonical.size() != 1) continue;
      const std::string& word = entry->canonical[0];
      if (word != "quote" && word != "above" && word != "true" && word != "false") continue;
      const dsl::Skin::Entry* here = skin_.spelling_of({word});
      return here == nullptr || here->spellings.empty() ? word : here->spellings.front();
    }
    return {};
  }

  /// 2025-07-01, 2025/7/1, perhaps with a time.
  [[nodiscard]] static std::optional<std::string> read_date(const std::string& text) {
    std::array<std::string, 3> parts;
    std::size_t part = 0;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
      if (digit(text[at])) {
        parts[part] += text[at];
      } else if ((text[at] == '-' || text[at] == '/') && part < 2) {
        ++part;
      } else {
        break;
      }
    }
    if (part != 2 || parts[0].size() != 4) return {};
    for (std::size_t i = 1; i < 3; ++i) {
      if (parts[i].empty() || parts[i].size() > 2) return {};
      parts[i].insert(0, 2 - parts[i].size(), '0');
    }
    const std::string date = parts[0] + "-" + parts[1] + "-" + parts[2];
    if (!io::parse_date(date)) return {};
    if (at == text.size()) return date;
    const std::string time = text.substr(at + 1);
    const std::vector<ZoneRule> utc = {{INT64_MIN, 0}};
    const bool minutes = time.size() == 5;
    const std::string whole = date + "T" + time + (minutes ? ":00Z" : "Z");
    if ((text[at] != ' ' && text[at] != 'T') || !io::parse_instant(whole, io::Zone(utc))) return {};
    return date + " " + time;
  }

  [[nodiscard]] static std::string_view sign_of(std::string_view text) {
    for (const Sign& sign : kSigns)
      if (text.substr(0, sign.sign.size()) == sign.sign) return sign.name;
    return {};
  }

  /// Takes a sign and gives the name of its currency.
  [[nodiscard]] std::string take_sign(std::string_view& text) const {
    for (const Sign& sign : kSigns) {
      if (!take(text, sign.sign)) continue;
      skip_blanks(text);
      return currency_.empty() ? say(Message(sign.name), language_) : currency_;
    }
    return {};
  }

  /// Digits with thousands separators and a decimal sign, as a literal; nothing if one cannot be
  /// told from the other.
  [[nodiscard]] std::optional<std::string> take_digits(std::string_view& text) const {
    std::string run;
    while (!text.empty()) {
      const bool blank = text[0] == ' ' && text.size() > 3 && digit(text[1]) && digit(text[2]) &&
                         digit(text[3]) && (text.size() == 4 || !digit(text[4]));
      const bool quote = text[0] == '\'' || text[0] == '_';
      if (!digit(text[0]) && text[0] != ',' && text[0] != '.' && !quote && !(blank && !run.empty()))
        break;
      run += quote || text[0] == ' ' ? '_' : text[0];
      text.remove_prefix(1);
    }
    const char decimal = comma_ ? ',' : '.';
    const char thousands = comma_ ? '.' : ',';
    std::string whole = run.substr(0, run.find(decimal));
    std::string part =
        run.find(decimal) == std::string::npos ? "" : run.substr(run.find(decimal) + 1);
    std::replace(whole.begin(), whole.end(), thousands, '_');
    std::size_t group = 0;  // digits since the separator
    bool first = true;
    for (std::size_t i = 0; i <= whole.size(); ++i) {
      if (i < whole.size() && whole[i] != '_') {
        ++group;
        continue;
      }
      const bool only = first && i == whole.size();
      if (group == 0 || (!only && (first ? group > 3 : group != 3))) return {};
      first = false;
      group = 0;
    }
    const bool ambiguous = comma_ && part.size() == 3 && whole.find('_') == std::string::npos;
    const bool empty_part = run.find(decimal) != std::string::npos && part.empty();
    if (ambiguous || empty_part || part.find_first_not_of("0123456789") != std::string::npos ||
        whole.size() + part.size() > 18)
      return {};
    return part.empty() ? whole : whole + "." + part;
  }

  /// [sign] [-] digits [%] [10^4, 10^8] [unit [/ unit]]
  [[nodiscard]] std::optional<std::string> read_amount(std::string_view text) const {
    std::string minus = take(text, "-") ? "-" : "";
    const std::string currency = take_sign(text);
    if (minus.empty() && take(text, "-")) minus = "-";
    std::optional<std::string> number = take_digits(text);
    if (!number) return {};
    *number = minus + *number;
    if (take(text, "%"))
      return text.empty() && currency.empty() ? std::optional(*number + "%") : std::nullopt;
    for (const std::string_view scale : kScales) {
      if (take(text, scale)) *number += scale;
    }
    std::string unit = currency;
    skip_blanks(text);
    if (unit.empty()) {
      if (const std::string after = take_sign(text); !after.empty()) unit = after;
    }
    while (!text.empty()) {
      skip_blanks(text);
      if (take(text, "/")) {
        if (unit.empty()) return {};
        unit += "/";
        skip_blanks(text);
      } else if (!unit.empty() && unit.back() != '/') {
        return {};
      }
      const std::size_t end = std::min(text.find('/'), text.size());
      std::string word(text.substr(0, end));
      while (!word.empty() && word.back() == ' ') word.pop_back();
      const auto name = plain_name(word, skin_);
      if (!name || digit(word[0])) return {};
      unit += *name;
      text.remove_prefix(end);
    }
    return unit.empty() ? *number : *number + " " + unit;
  }

  /// Names, with commas between; in quotes where they would be read as something else.
  [[nodiscard]] Cell names(const std::string& text) const {
    Cell cell;
    std::string name;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && text[i] != ',') {
        name += text[i];
        continue;
      }
      const std::string one = tidied(name);
      const auto said = plain_name(one, skin_);
      if (!said) return {"", false, {"csv.no-name", {text}}};
      cell.text += (cell.text.empty() ? "" : ", ") + *said;
      name.clear();
    }
    return cell;
  }

  const dsl::Skin& skin_;
  const std::string& currency_;
  Language language_;
  bool comma_;
};

using TextRow = std::vector<Cells::Cell>;

std::string aligned(const std::vector<TextRow>& rows) {
  const std::size_t columns = rows.front().size();
  std::vector<int> widths(columns, 0);
  std::vector<bool> numbers(columns, rows.size() > 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], dsl::display_width(rows[i][c].text));
      if (i > 0 && !rows[i][c].number) numbers[c] = false;
    }
  }
  std::string out;
  for (const TextRow& row : rows) {
    out += " ";
    for (std::size_t c = 0; c < columns; ++c) {
      const auto missing = static_cast<std::size_t>(widths[c] - dsl::display_width(row[c].text));
      const std::string pad(missing, ' ');
      out += " | " + (numbers[c] ? pad + row[c].text : row[c].text + pad);
    }
    out += " |\n";
  }
  return out;
}

}  // namespace

TableText table_text(std::string_view csv, const dsl::Skin& skin, const std::string& currency,
                     Language language) {
  TableText made;
  if (const std::size_t bad = dsl::find_invalid_utf8(csv); bad != std::string_view::npos) {
    const auto lines =
        std::count(csv.begin(), csv.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
    made.problems.push_back({static_cast<std::size_t>(lines) + 1, 0, "csv.not-utf8"});
    return made;
  }
  const char separator = dsl::csv_separator(csv);
  const Cells cells(skin, currency, language, separator == ';');
  std::vector<TextRow> rows;
  std::size_t columns = 0;
  const auto records = dsl::csv_records(csv, separator);
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::vector<dsl::CsvCell> record = records[i];
    const auto is_empty = [](const dsl::CsvCell& cell) { return tidied(cell.text).empty(); };
    if (std::all_of(record.begin(), record.end(), is_empty)) continue;
    const std::size_t wanted = rows.empty() ? 1 : columns;
    while (record.size() > wanted && is_empty(record.back())) record.pop_back();
    if (rows.empty()) columns = record.size();
    if (record.size() != columns) {
      made.problems.push_back({i + 1, 0, {"csv.cells", {record.size(), columns}}});
      continue;
    }
    TextRow row;
    for (std::size_t c = 0; c < columns; ++c) {
      Cells::Cell cell = cells.read(record[c].text);
      if (rows.empty() && cell.text == "-") cell.problem = "csv.no-heading";
      if (!cell.problem.empty()) made.problems.push_back({i + 1, c + 1, cell.problem});
      row.push_back(std::move(cell));
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty() && made.problems.empty()) made.problems.push_back({1, 0, "csv.empty"});
  if (made.problems.empty()) made.text = aligned(rows);
  return made;
}

}  // namespace toll::tools
