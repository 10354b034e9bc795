// Zones to rules: fixed offsets, and the compiled files of the tz database (TZif, RFC 9636).
//
// A file is outside data: whatever does not hold together in it makes the zone unknown, and nothing
// of it is used.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "dsl/resolve/literals.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::dsl {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kLastYear = 2500;  // no bill is written later
constexpr std::size_t kMaxFile = 1U << 20U;

bool is_digit(char c) { return '0' <= c && c <= '9'; }
bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }

/// "+08:00": nothing if the text has another form.
std::optional<std::int32_t> fixed_offset(std::string_view text) {
  constexpr std::string_view kForm = "+00:00";
  if (text.size() != kForm.size() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (kForm[i] == '0' ? !is_digit(text[i]) : text[i] != kForm[i]) return std::nullopt;
  }
  const std::int32_t hours = 10 * (text[1] - '0') + (text[2] - '0');
  const std::int32_t minutes = 10 * (text[4] - '0') + (text[5] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::int32_t seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

/// The name is part of a path, so it must stay below the folder: no "/" in front, no "..".
bool is_safe(std::string_view name) {
  if (name.empty() || name.size() > 255) return false;
  std::size_t dots = 0;
  std::size_t length = 0;
  for (const char c : name) {
    if (c == '/') {
      if (length == dots) return false;  // empty, or dots alone
      dots = length = 0;
      continue;
    }
    if (!is_letter(c) && !is_digit(c) && c != '_' && c != '-' && c != '+' && c != '.') return false;
    if (c == '.') ++dots;
    ++length;
  }
  return length != dots;
}

// ---- The rule for years after the last transition: "PST8PDT,M3.2.0,M11.1.0"

/// A day of any year, and a time of that day, which may lie outside it.
struct YearlyDay {
  enum class Form : std::uint8_t { weekday, day, day_without_leap };
  Form form = Form::weekday;
  int month = 1;
  int week = 1;  ///< 5 is the last
  int day = 0;   ///< weekday (0 is Sunday), or day of the year
  std::int64_t seconds = 2 * kHour;
};

struct Footer {
  std::int32_t standard = 0;
  std::int32_t summer = 0;
  bool changes = false;  ///< the clocks are changed every year, at these times:
  YearlyDay summer_start;
  YearlyDay summer_end;
};

/// Reads the text from left to right; `ok` stays false once something did not fit.
class FooterReader {
 public:
  explicit FooterReader(std::string_view text) : rest_(text) {}

  std::optional<Footer> read() {
    Footer footer;
    name();
    footer.standard = -offset();  // counted westward
    if (!rest_.empty()) {
      footer.changes = true;
      name();
      footer.summer = footer.standard + static_cast<std::int32_t>(kHour);
      if (!rest_.empty() && rest_[0] != ',') footer.summer = -offset();
      footer.summer_start = yearly_day();
      footer.summer_end = yearly_day();
    }
    if (!ok_ || !rest_.empty()) return std::nullopt;
    return footer;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok_ = take(c) && ok_; }

  std::int32_t number(std::int32_t least, std::int32_t most) {
    std::int32_t value = 0;
    std::size_t digits = 0;
    while (digits < 3 && !rest_.empty() && is_digit(rest_[0])) {
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
      ++digits;
    }
    if (digits == 0 || value < least || value > most) ok_ = false;
    return value;
  }

  /// "PST" or "<+08>": only passed over.
  void name() {
    const bool quoted = take('<');
    std::size_t length = 0;
    while (length < rest_.size() && (is_letter(rest_[length]) ||
                                     (quoted && (is_digit(rest_[length]) || rest_[length] == '+' ||
                                                 rest_[length] == '-')))) {
      ++length;
    }
    if (length < 3) ok_ = false;
    rest_.remove_prefix(length);
    if (quoted) expect('>');
  }

  std::int32_t time(std::int32_t most_hours) {
    const bool minus = take('-');
    if (!minus) take('+');
    std::int32_t seconds = number(0, most_hours) * 3600;
    if (take(':')) seconds += number(0, 59) * 60;
    if (take(':')) seconds += number(0, 59);
    return minus ? -seconds : seconds;
  }

  std::int32_t offset() { return time(23); }

  YearlyDay yearly_day() {
    YearlyDay day;
    expect(',');
    if (take('M')) {
      day.month = number(1, 12);
      expect('.');
      day.week = number(1, 5);
      expect('.');
      day.day = number(0, 6);
    } else if (take('J')) {
      day.form = YearlyDay::Form::day_without_leap;
      day.day = number(1, 365);
    } else {
      day.form = YearlyDay::Form::day;
      day.day = number(0, 365);
    }
    if (take('/')) day.seconds = time(167);  // up to a week away
    return day;
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// The local time on the wall, in seconds as if it were UTC.
std::int64_t wall_time(const YearlyDay& yearly, std::int64_t year) {
  const std::int64_t january = day_of({year, 1, 1});
  std::int64_t day = 0;
  switch (yearly.form) {
    case YearlyDay::Form::day:
      day = january + yearly.day;
      break;
    case YearlyDay::Form::day_without_leap: {
      // 29 February is not counted: day 60 is 1 March in every year.
      const bool leap = day_of({year, 3, 1}) - january == 60;
      day = january + yearly.day - 1 + (leap && yearly.day >= 60 ? 1 : 0);
      break;
    }
    case YearlyDay::Form::weekday: {
      const std::int64_t first = day_of({year, yearly.month, 1});
      const int ahead = (yearly.day - weekday_of(first) % 7 + 7) % 7;
      day = first + ahead + 7 * (yearly.week - 1);
      if (day >= add_months(first, 1)) day -= 7;
      break;
    }
  }
  return day * kDaySeconds + yearly.seconds;
}

// ---- The file

/// Numbers of a TZif file, big-endian. Past the end it reads zeros and says so.
class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_(data) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view rest() const { return data_; }

  std::string_view take(std::size_t size) {
    if (size > data_.size()) {
      ok_ = false;
      size = data_.size();
    }
    const std::string_view taken = data_.substr(0, size);
    data_.remove_prefix(size);
    return taken;
  }

  std::int64_t number(std::size_t size) {
    const std::string_view bytes = take(size);
    const bool negative = !bytes.empty() && (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0;
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
  }

 private:
  std::string_view data_;
  bool ok_ = true;
};

struct Header {
  char version = 0;
  std::size_t ut_marks = 0, standard_marks = 0, leap_seconds = 0, transitions = 0, types = 0,
              name_bytes = 0;

  [[nodiscard]] std::size_t body_size(std::size_t time_size) const {
    return transitions * (time_size + 1) + types * 6 + name_bytes + leap_seconds * (time_size + 4) +
           standard_marks + ut_marks;
  }
};

std::optional<Header> read_header(Bytes& in) {
  if (in.take(4) != "TZif") return std::nullopt;
  Header header;
  const std::string_view version = in.take(16);
  for (std::size_t* count : {&header.ut_marks, &header.standard_marks, &header.leap_seconds,
                             &header.transitions, &header.types, &header.name_bytes}) {
    const std::int64_t read = in.number(4);
    if (read < 0 || read > static_cast<std::int64_t>(kMaxFile)) return std::nullopt;
    *count = static_cast<std::size_t>(read);
  }
  if (!in.ok() || header.types == 0) return std::nullopt;
  header.version = version[0];
  return header;
}

/// Rules in order of time; what changes only a name or a flag is left out.
class RuleList {
 public:
  explicit RuleList(std::int32_t first) {
    rules_.push_back({std::numeric_limits<std::int64_t>::min(), first});
  }

  void add(std::int64_t from, std::int32_t offset) {
    if (rules_.back().from_seconds == from) rules_.pop_back();
    if (rules_.empty() || rules_.back().offset_seconds != offset) rules_.push_back({from, offset});
  }

  [[nodiscard]] std::vector<ZoneRule> take() { return std::move(rules_); }

 private:
  std::vector<ZoneRule> rules_;
};

/// Every change after `last`, up to the last year.
void add_yearly(const Footer& footer, std::int64_t last, std::int64_t first_year, RuleList& rules) {
  if (!footer.changes) return;
  std::vector<ZoneRule> changes;
  for (std::int64_t year = first_year; year <= kLastYear; ++year) {
    changes.push_back({wall_time(footer.summer_start, year) - footer.standard, footer.summer});
    changes.push_back({wall_time(footer.summer_end, year) - footer.summer, footer.standard});
  }
  // Stable: where summer ends the instant the next one starts, it never ends.
  std::stable_sort(changes.begin(), changes.end(), [](const ZoneRule& a, const ZoneRule& b) {
    return a.from_seconds < b.from_seconds;
  });
  for (const ZoneRule& change : changes) {
    if (change.from_seconds > last) rules.add(change.from_seconds, change.offset_seconds);
  }
}

std::vector<ZoneRule> read_tzif(std::string_view data) {
  Bytes in(data);
  const auto old_header = read_header(in);
  if (!old_header || old_header->version < '2') return {};
  in.take(old_header->body_size(4));  // the same in 32 bits
  const auto header = read_header(in);
  if (!header || header->body_size(8) > in.rest().size()) return {};
  // Files under "right/" count leap seconds in their times; instants here do not.
  if (header->leap_seconds != 0) return {};

  Bytes times(in.take(header->transitions * 8));
  Bytes indexes(in.take(header->transitions));
  std::vector<std::int32_t> offsets;
  for (std::size_t i = 0; i < header->types; ++i) {
    const std::int64_t offset = in.number(4);
    in.take(2);
    if (std::abs(offset) >= kDaySeconds) return {};
    offsets.push_back(static_cast<std::int32_t>(offset));
  }
  in.take(header->name_bytes + header->standard_marks + header->ut_marks);

  RuleList rules(offsets[0]);
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < header->transitions; ++i) {
    const std::int64_t at = times.number(8);
    const auto type = static_cast<std::size_t>(static_cast<unsigned char>(indexes.take(1)[0]));
    if (at <= last || type >= offsets.size()) return {};
    rules.add(at, offsets[type]);
    last = at;
  }

  const std::string_view footer = in.rest();
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return {};
  const std::string_view rule = footer.substr(1, footer.size() - 2);
  if (rule.empty()) return rules.take();  // nobody knows what comes
  const auto read = FooterReader(rule).read();
  if (!read) return {};
  if (header->transitions == 0) {
    rules = RuleList(read->standard);
    add_yearly(*read, last, 1900, rules);
  } else if (last < day_of({kLastYear, 1, 1}) * kDaySeconds) {
    // The year before too: in it the local year of the last change may lie.
    const std::int64_t first_year =
        civil_of(std::max(last / kDaySeconds, day_of({1800, 1, 1}))).year - 1;
    add_yearly(*read, last, first_year, rules);
  }
  return rules.take();
}

}  // namespace

std::vector<ZoneRule> load_zone(const std::string& name) {
  constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min();
  if (name == "UTC") return {{kAlways, 0}};
  if (const auto offset = fixed_offset(name)) return {{kAlways, *offset}};
  if (!is_safe(name)) return {};
  const char* folder = std::getenv("TZDIR");
  if (folder == nullptr || *folder == '\0') folder = "/usr/share/zoneinfo";
  std::ifstream file(std::string(folder) + "/" + name, std::ios::binary);
  std::string data(kMaxFile + 1, '\0');
  file.read(data.data(), static_cast<std::streamsize>(data.size()));
  data.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (data.size() > kMaxFile) return {};
  return read_tzif(data);
}

}  // namespace toll::dsl
