// The parts of a page that goldens show only by example: runs of text, line breaks, remarks, and
// diagrams of any shape.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dsl/syntax/parse.hpp"
#include "dsl/syntax/unicode.hpp"
#include "tools/show/diagram.hpp"
#include "tools/show/inline.hpp"
#include "tools/show/remarks.hpp"

using namespace toll;
using namespace toll::tools::show;

namespace {

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size()))
    ++found;
  return found;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("a name keeps its style and target, and cannot forge marks") {
  const Inline text = "when " + name("x\x01n\x02y", "table-x") + " is " + code("a<b");
  const std::vector<Run> runs = runs_of(text, Language::en);
  REQUIRE(runs.size() == 4);
  CHECK(runs[1].style == Run::Style::name);
  CHECK(runs[1].target == "table-x");
  CHECK(runs[1].text == "x n y");
  CHECK(runs[3].style == Run::Style::code);
  CHECK(plain(text, Language::en) == "when x n y is a<b");
}

TEST_CASE("in Chinese, Latin words and numbers stand apart from ideographs, but not inside names") {
  const Inline text = "\u5f53" + name("QPS\u5305") + "\u5927\u4e8e" + value("100");
  CHECK(plain(text, Language::zh) == "\u5f53 QPS\u5305\u5927\u4e8e 100");
  CHECK(plain(text, Language::en) == "\u5f53QPS\u5305\u5927\u4e8e100");
}

TEST_CASE("lines are as wide as asked, lose nothing, and do not begin with a comma") {
  const std::string text =
      "a sentence of some words, \u4e00\u53e5\u4e2d\u6587\uff0c\u591a\u5c11\u5b57\u90fd"
      "\u884c\u3002 and a_word_that_is_longer_than_any_line_can_be (in brackets)";
  for (int width = 4; width < 60; ++width) {
    std::string rest;
    for (const std::string& line : wrapped(text, width)) {
      CAPTURE(width);
      CAPTURE(line);
      // Punctuation may hang over by its own width.
      CHECK(dsl::display_width(line) <= width + 2);
      CHECK_FALSE(line.starts_with("\uff0c"));
      CHECK_FALSE(line.starts_with("\u3002"));
      rest += line;
    }
    const auto solid = [](std::string all) {
      all.erase(std::remove(all.begin(), all.end(), ' '), all.end());
      return all;
    };
    CHECK(solid(rest) == solid(text));
  }
}

TEST_CASE("comments belong to what they stand above or beside") {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::File file = dsl::parse_file(sources, "x.toll",
                                         "language 1\n# The file: all of it.\n# And more\n"
                                         "setting a = 1  # beside\n\n# apart\n\n# above\n"
                                         "setting b = \"#no\"; setting c = 2 # last\n",
                                         diagnostics);
  REQUIRE(diagnostics.empty());
  REQUIRE(file.clauses.size() == 3);
  const Remarks remarks(file);
  CHECK(remarks.heading() == "The file: all of it. And more");
  CHECK(remarks.of(file.clauses[0].span) == "beside");
  CHECK(remarks.of(file.clauses[1].span) == "above");
  CHECK(remarks.of(file.clauses[2].span) == "last");
  CHECK(split_title(remarks.heading()).title == "The file");
  CHECK(split_title(remarks.heading()).rest == "all of it. And more");
  CHECK(split_title("one sentence.").title == "one sentence");
}

TEST_CASE("every way of a diagram is drawn once, between its states, and no label covers another") {
  // All graphs of up to four states with edges chosen by the bits of a number.
  std::size_t drawn = 0;
  for (std::size_t states = 1; states <= 4; ++states) {
    for (std::size_t mask = 0; mask < 4096; mask += states == 4 ? 7 : 1) {
      Diagram diagram;
      for (std::size_t i = 0; i < states; ++i)
        diagram.states.push_back("state " + std::to_string(i));
      for (std::size_t bit = 0; bit < states * states && bit < 12; ++bit) {
        if ((mask >> bit & 1U) == 0) continue;
        Diagram::Edge edge{{bit / states}, bit % states, "edge " + std::to_string(bit)};
        if (bit % 5 == 4) edge.from.push_back((bit + 1) % states);
        if (edge.from.size() == 2 && edge.from[0] == edge.from[1]) edge.from.pop_back();
        diagram.edges.push_back(edge);
      }
      const Layout layout = lay_out(diagram);
      const std::string text = joined(draw_text(layout));
      CAPTURE(text);
      // One arrow for each way, and one into the first state.
      CHECK(count(text, "\u25b6") + count(text, "\u25b2") == diagram.edges.size() + 1);
      REQUIRE(layout.labels.size() == diagram.edges.size());
      CHECK(layout.ways.size() + layout.lanes.size() == diagram.edges.size());
      for (std::size_t i = 0; i < layout.labels.size(); ++i) {
        const Layout::Label& a = layout.labels[i];
        CHECK(count(text, a.text) >= 1);
        for (std::size_t j = i + 1; j < layout.labels.size(); ++j) {
          const Layout::Label& b = layout.labels[j];
          const bool apart = a.y != b.y || a.x + dsl::display_width(a.text) <= b.x ||
                             b.x + dsl::display_width(b.text) <= a.x;
          CHECK(apart);
        }
      }
      for (const Layout::Lane& lane : layout.lanes) {
        std::vector<int> ends = lane.tails;
        ends.push_back(lane.head);
        for (const int x : ends) {
          const bool under = std::any_of(
              layout.boxes.begin(), layout.boxes.end(),
              [x](const Layout::Box& box) { return x > box.x && x < box.x + box.width - 1; });
          CHECK(under);
        }
      }
      const std::string svg = draw_svg(layout, "<title>");
      CHECK(count(svg, "marker-end") == diagram.edges.size() + 1);
      CHECK(svg.find("<title><") == std::string::npos);
      drawn += diagram.edges.size();
    }
  }
  CHECK(drawn > 10000);
}
