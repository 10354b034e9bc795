#include "io/line_reader.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

using toll::io::LineReader;

namespace {

struct Read {
  std::vector<std::string> lines;  ///< "<too long>" for those
  std::uint64_t last_number = 0;
};

/// Sends the text through a pipe, in pieces of odd sizes, as a shell would.
Read read_piped(const std::string& text, std::size_t max_line) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::thread writer([&text, out = ends[1]] {
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t count =
          ::write(out, text.data() + at, std::min<std::size_t>(text.size() - at, 4093));
      if (count <= 0) break;
      at += static_cast<std::size_t>(count);
    }
    ::close(out);
  });
  Read result;
  LineReader reader(ends[0], max_line);
  LineReader::Line line;
  while (reader.next(line)) {
    result.lines.push_back(line.too_long ? "<too long>" : std::string(line.text));
    result.last_number = line.number;
  }
  writer.join();
  ::close(ends[0]);
  CHECK(reader.failed() == 0);
  CHECK(reader.bytes_read() == text.size());
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines end with a newline or with the input") {
  CHECK(read_piped("", 10).lines == Lines{});
  CHECK(read_piped("a", 10).lines == Lines{"a"});
  CHECK(read_piped("a\n", 10).lines == Lines{"a"});
  CHECK(read_piped("\n\na\n\n", 10).lines == Lines{"", "", "a", ""});
  CHECK(read_piped(std::string("a\0b\r\nc", 6), 10).lines == Lines{std::string("a\0b\r", 4), "c"});
}

TEST_CASE("a line of exactly the limit is kept, one byte more is not") {
  const std::string ten(10, 'x');
  CHECK(read_piped(ten + "\n" + ten + "y\nz\n", 10).lines == Lines{ten, "<too long>", "z"});
  CHECK(read_piped(ten, 10).lines == Lines{ten});
  CHECK(read_piped(ten + "y", 10).lines == Lines{"<too long>"});
}

TEST_CASE("a line of 10 MB is read past") {
  const std::string text = "first\n" + std::string(10'000'000, '[') + "\nlast";
  const Read result = read_piped(text, std::size_t{1} << 20);
  CHECK(result.lines == Lines{"first", "<too long>", "last"});
  CHECK(result.last_number == 3);
  CHECK(read_piped(std::string(5'000'000, ' '), 100).lines == Lines{"<too long>"});
}

TEST_CASE("many lines of all lengths come through whole") {
  std::string text;
  Lines expected;
  for (std::size_t i = 0; i < 30000; ++i) {
    expected.emplace_back(i * 7 % 211, static_cast<char>('a' + i % 26));
    text += expected.back() + "\n";
  }
  CHECK(read_piped(text, 210).lines == expected);
}

TEST_CASE("a descriptor that cannot be read is told apart from the end") {
  LineReader reader(-1, 10);
  LineReader::Line line;
  CHECK_FALSE(reader.next(line));
  CHECK(reader.failed() != 0);
}
