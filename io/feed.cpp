#include "io/feed.hpp"

#include <string_view>

#include "io/event_reader.hpp"
#include "io/line_reader.hpp"

namespace toll::io {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::uint64_t kLinesBetweenQuestions = 4096;

}  // namespace

int read_events(int descriptor, const LineTaker& taker, const KeepGoing& keep_going) {
  LineReader lines(descriptor, kMaxLine);
  LineReader::Line line;
  while (lines.next(line)) {
    if (line.number % kLinesBetweenQuestions == 0 && !keep_going(lines.bytes_read())) break;
    if (line.too_long) {
      taker.too_long(line.number);
      continue;
    }
    if (line.number == 1 && line.text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
      line.text.remove_prefix(kByteOrderMark.size());
    if (line.text.find_first_not_of(" \t\r") != std::string_view::npos)
      taker.line(line.text, line.number);
  }
  return lines.failed();
}

int feed_all(int descriptor, JsonRunner& runner, const KeepGoing& keep_going) {
  const LineTaker taker = {
      [&runner](std::string_view line, std::uint64_t number) { runner.feed(line, number); },
      [&runner](std::uint64_t number) { runner.feed_too_long(number); }};
  return read_events(descriptor, taker, keep_going);
}

}  // namespace toll::io
