#include "tools/lint/fix.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "dsl/policy.hpp"
#include "dsl/syntax/lexemes.hpp"
#include "dsl/syntax/parse.hpp"
#include "tools/lint/lint.hpp"

namespace toll::tools {
namespace {

namespace fs = std::filesystem;

constexpr int kMostRounds = 50;  // a name may be used by unused ones alone, and so on

/// Findings that are put right by taking out the statement that they are about.
constexpr std::array<std::string_view, 5> kTakenOut = {
    "W1001.unused", "W1001.unarmed", "W1001.unwritten", "W1002.nothing", "W1003.otherwise"};

// ---- Where a statement stands -------------------------------------------------------------------

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The statement that begins at this byte, with its block; nothing if none does.
std::optional<Range> statement_at(const std::vector<dsl::Lexeme>& lexemes, std::size_t begin) {
  using Kind = dsl::Lexeme::Kind;
  const auto first = std::find_if(lexemes.begin(), lexemes.end(), [&](const dsl::Lexeme& one) {
    return one.span.begin == begin && (one.kind == Kind::token || one.kind == Kind::bar);
  });
  if (first == lexemes.end()) return std::nullopt;
  Range range = {begin, first->span.end};
  const auto start = static_cast<std::size_t>(first - lexemes.begin());
  for (std::size_t i = start; i < lexemes.size(); ++i) {
    const dsl::Lexeme& here = lexemes[i];
    if (here.kind == Kind::newline || here.kind == Kind::semicolon || here.kind == Kind::close ||
        here.kind == Kind::comment)
      break;
    range.end = here.span.end;
    if (here.kind == Kind::open) {
      range.end = lexemes[here.partner].span.end;
      break;
    }
  }
  return range;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool is_comment(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  return at != std::string_view::npos && line[at] == '#';
}

/// Whole lines, if nothing else stands in them: with the comment behind, with the comment above if
/// a blank line follows (else it is about more than this), and with one of two blank lines.
Range widened(std::string_view text, Range range) {
  const auto line_start = [&](std::size_t at) {
    const std::size_t found = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    return found == std::string::npos ? 0 : found + 1;
  };
  const auto line_end = [&](std::size_t at) { return std::min(text.find('\n', at), text.size()); };
  const auto line = [&](std::size_t start) {
    return std::string_view(text).substr(start, line_end(start) - start);
  };
  const std::size_t start = line_start(range.begin);
  const std::size_t stop = line_end(range.end);
  const std::string_view before(text.data() + start, range.begin - start);
  const std::string_view after(text.data() + range.end, stop - range.end);
  if (!is_blank(before) || !(is_blank(after) || is_comment(after))) {
    // Beside others: with the `;` that ends it.
    const std::size_t next = text.find_first_not_of(" \t", range.end);
    if (next != std::string::npos && text[next] == ';')
      range.end = std::min(text.find_first_not_of(" \t", next + 1), text.size());
    return range;
  }
  range = {start, std::min(stop + 1, text.size())};
  const bool gap_below = range.end >= text.size() || is_blank(line(range.end));
  std::size_t top = range.begin;
  while (top > 0 && is_comment(line(line_start(top - 1)))) top = line_start(top - 1);
  // A comment below a line, such as at the head of a file, is about more too.
  if (gap_below && top > 0 && is_blank(line(line_start(top - 1)))) range.begin = top;
  const bool gap_above = range.begin == 0 || is_blank(line(line_start(range.begin - 1)));
  if (gap_above && gap_below && range.end < text.size())
    range.end = std::min(line_end(range.end) + 1, text.size());
  return range;
}

// ---- Whole policies -----------------------------------------------------------------------------

std::string normal(const std::string& path) { return fs::path(path).lexically_normal().string(); }

using Texts = std::vector<dsl::RuleFile>;

/// The edits of one round, by path. None if the policy does not load.
std::map<std::string, std::vector<Range>> edits_of(const Texts& texts) {
  std::map<std::string, std::vector<Range>> edits;
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy(texts, sources, diagnostics);
  if (policy.core == nullptr || diagnostics.has_errors()) return edits;
  dsl::SourceSet apart;
  dsl::Diagnostics ignored;
  std::vector<dsl::File> files;
  for (const dsl::RuleFile& text : texts) {
    if (fs::path(text.path).extension() != ".lua")
      files.push_back(dsl::parse_file(apart, text.path, text.text, ignored));
  }
  std::vector<dsl::Diagnostic> found = diagnostics.sorted();
  add_fixes(found, files, sources);
  for (const dsl::Diagnostic& one : found) {
    for (const dsl::Fix& fix : one.fixes) {
      std::vector<Range>& ranges = edits[normal(sources.path(fix.span.file))];
      const Range range = {fix.span.begin, fix.span.end};
      const bool clear = std::all_of(ranges.begin(), ranges.end(), [&](const Range& other) {
        return range.end <= other.begin || other.end <= range.begin;
      });
      if (clear) ranges.push_back(range);
    }
  }
  return edits;
}

bool loads(const Texts& texts) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy(texts, sources, diagnostics);
  return policy.core != nullptr && !diagnostics.has_errors();
}

void take_out(std::string& text, std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.begin > b.begin; });
  for (const Range& range : ranges) text.erase(range.begin, range.end - range.begin);
}

/// As it was laid out, if it was.
std::string in_layout(const std::string& path, const std::string& before, const std::string& text) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const auto formatted = [&](const std::string& of) {
    return format({{{path, of}}, "", ""}, sources, diagnostics).front();
  };
  return formatted(before).outcome == Formatted::Outcome::same ? formatted(text).after : text;
}

}  // namespace

void add_fixes(std::vector<dsl::Diagnostic>& found, const std::vector<dsl::File>& files,
               const dsl::SourceSet& sources) {
  std::map<std::string, std::vector<dsl::Lexeme>> lexemes;
  for (dsl::Diagnostic& one : found) {
    const bool fixable =
        std::find(kTakenOut.begin(), kTakenOut.end(), one.message.id) != kTakenOut.end();
    if (!fixable || one.span.file >= sources.size()) continue;
    const std::string& path = sources.path(one.span.file);
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const dsl::File& each) { return each.path == path; });
    if (file == files.end() || fs::path(path).extension() == ".lua") continue;
    const auto [known, fresh] = lexemes.try_emplace(path);
    if (fresh) known->second = dsl::lexemes_of(*file);
    const auto range = statement_at(known->second, one.span.begin);
    if (!range) continue;
    const Range lines = widened(file->text, *range);
    one.fixes.push_back({{one.span.file, static_cast<std::uint32_t>(lines.begin),
                          static_cast<std::uint32_t>(lines.end)},
                         ""});
  }
}

std::vector<Formatted> fix_policy(const std::string& path) {
  Texts texts;
  {
    dsl::SourceSet sources;
    dsl::Diagnostics ignored;
    for (const dsl::File& file : dsl::read_files(path, sources, ignored))
      texts.push_back({file.path, std::string(file.text)});
  }
  const Texts before = texts;
  std::error_code error;
  const bool folder = fs::is_directory(path, error);
  const auto own = [&](const std::string& file) {
    const fs::path here = normal(file);
    return folder ? normal((here.parent_path() / "").string()) == normal((fs::path(path) / "").string())
                  : here == fs::path(normal(path));
  };
  for (int round = 0; round < kMostRounds; ++round) {
    const auto edits = edits_of(texts);
    bool changed = false;
    for (dsl::RuleFile& file : texts) {
      const auto ranges = edits.find(normal(file.path));
      if (ranges == edits.end() || !own(file.path)) continue;
      const std::string kept = file.text;
      take_out(file.text, ranges->second);
      if (loads(texts)) {
        changed = changed || file.text != kept;
        continue;
      }
      file.text = kept;  // one of them is needed after all: the first of those that are not goes
      for (const Range& range : ranges->second) {
        take_out(file.text, {range});
        if (loads(texts)) {
          changed = true;
          break;
        }
        file.text = kept;
      }
    }
    if (!changed) break;
  }
  std::vector<Formatted> results;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].text == before[i].text) continue;
    results.push_back({texts[i].path, before[i].text,
                       in_layout(texts[i].path, before[i].text, texts[i].text),
                       Formatted::Outcome::changed});
  }
  return results;
}

}  // namespace toll::tools
