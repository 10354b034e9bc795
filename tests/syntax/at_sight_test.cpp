// What is told at sight is what the grammar tells: whole rule files, and files that are wrong.
#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/parse.hpp"
#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

void add(std::string& text, SourceSpan span) {
  text += "@" + std::to_string(span.begin) + "-" + std::to_string(span.end) + " ";
}

void add(std::string& text, const std::vector<Token>& tokens) {
  for (const Token& token : tokens) {
    text += std::to_string(static_cast<int>(token.kind)) + (token.keyword ? "k" : "") +
            (token.spaced ? "s" : "") + "<" + token.raw + "><" + token.word + ">";
    add(text, token.span);
  }
}

/// All that a tree holds.
void add(std::string& text, const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) {
    text += clause.kind == Clause::Kind::row ? "row " : "statement ";
    add(text, clause.span);
    add(text, clause.head);
    for (const auto& cell : clause.cells) {
      text += "| ";
      add(text, cell);
    }
    for (const SourceSpan span : clause.cell_spans) add(text, span);
    text += clause.has_block ? "{" : ";";
    add(text, clause.body);
    text += clause.has_block ? "}\n" : "\n";
  }
}

using Parse = File (*)(SourceSet&, std::string, std::string, Diagnostics&);

std::string told(Parse parse, const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const File file = parse(sources, "test.toll", text, diagnostics);
  std::string all = file.skin + "\n";
  add(all, file.language.head);
  add(all, file.clauses);
  for (const SourceSpan span : file.fillers) add(all, span);
  return all + render(diagnostics, sources);
}

bool same(const std::string& text) {
  return told(parse_file, text) == told(parse_by_grammar, text);
}

std::vector<std::string> rule_files() {
  std::vector<std::string> texts;
  for (const char* const folder : {"rules", "examples"}) {
    const std::filesystem::path root = std::filesystem::path(TOLL_SOURCE_DIR) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".toll") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      texts.push_back(text.str());
    }
  }
  return texts;
}

// What makes the difference between what is plain and what is not.
constexpr std::array<std::string_view, 58> kPieces = {"，",
                                                      "（",
                                                      "）",
                                                      "（a",
                                                      "a）",
                                                      "「",
                                                      "」",
                                                      "\"",
                                                      "(",
                                                      ")",
                                                      "[",
                                                      "]",
                                                      "{",
                                                      "}",
                                                      "|",
                                                      "#",
                                                      "-",
                                                      "--",
                                                      "a-",
                                                      "a-é",
                                                      "_a-b",
                                                      "1万",
                                                      "1万亿",
                                                      "2亿",
                                                      "1.5万",
                                                      "10%",
                                                      "10％",
                                                      "1.",
                                                      "1..2",
                                                      "1_000",
                                                      "1,000",
                                                      "1000,000",
                                                      "１２",
                                                      "1２",
                                                      "12345678901234567890",
                                                      "年",
                                                      "2025年6月3日",
                                                      "2025-06-03",
                                                      "2025-6-3",
                                                      "2025-06-03 10:00",
                                                      "2025-06-03 10:00:01",
                                                      "2025-06-03T10:00",
                                                      "2025-06-03 1",
                                                      "2025-02-30",
                                                      "\n",
                                                      "\r\n",
                                                      " ",
                                                      "　",
                                                      "。",
                                                      "é",
                                                      "龿",
                                                      "鿀",
                                                      "：＝",
                                                      ":=",
                                                      "!",
                                                      "“"};

TEST_CASE("whole rule files are told at sight as by the grammar") {
  const std::vector<std::string> texts = rule_files();
  REQUIRE(texts.size() > 20);
  for (const std::string& text : texts) CHECK(same(text));
}

TEST_CASE("so are short texts of all that is not plain") {
  for (const std::string_view first : kPieces) {
    for (const std::string_view second : kPieces) {
      const std::string pair = std::string(first) + std::string(second);
      for (const std::string& text :
           {"x " + pair + " y\n", "x" + pair + "y", "| " + pair + " | 甲" + pair,
            "f(" + pair + ",\n甲 " + pair + ")", pair}) {
        CAPTURE(text);
        REQUIRE(same("language 1\n" + text));
      }
    }
  }
}

TEST_CASE("so are rule files with mistakes") {
  std::mt19937 random(20251122);  // NOLINT: the same texts each time
  const auto below = [&random](std::size_t count) { return random() % count; };
  for (const std::string& whole : rule_files()) {
    const std::size_t begin = below(whole.size());
    std::string text = whole.substr(0, 20) + "\n" + whole.substr(begin, 3000);
    for (int i = 0; i < 20; ++i) {
      const std::size_t at = below(text.size());
      if (below(3) == 0) {
        text.erase(at, 1 + below(3));
      } else {
        text.insert(at, kPieces[below(kPieces.size())]);
      }
      REQUIRE(same(text));
    }
  }
}

}  // namespace
}  // namespace toll::dsl::testing
