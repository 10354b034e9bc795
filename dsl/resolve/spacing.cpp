#include "dsl/resolve/spacing.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "dsl/syntax/name.hpp"
#include "dsl/syntax/parse.hpp"

namespace toll::dsl {
namespace {

/// A keyword longer than this is none.
constexpr std::size_t kLongestKeyword = 48;
/// Nobody forgets the spaces of a whole page.
constexpr std::size_t kLongestWord = 200;

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_end(std::string_view word, std::size_t at) {
  while (at < word.size() && is_ascii_digit(word[at])) ++at;
  return at;
}

/// The end of a number or date that begins here. Months, days and what separates them are no matter
/// here: the reader of dates looks at them.
std::size_t figure_end(std::string_view word, std::size_t at, bool& date) {
  constexpr std::size_t kYear = 4;
  const std::size_t end = digits_end(word, at);
  const std::size_t month = digits_end(word, std::min(end + 1, word.size()));
  date = end == at + kYear && end < word.size() && word[end] == '-' && month > end + 1;
  if (!date) return end;
  std::size_t last = month;
  while (last < word.size() &&
         (is_ascii_digit(word[last]) || word[last] == '-' || word[last] == 'T'))
    ++last;
  return last;
}

struct Splitter {
  std::string_view word;
  const Skin& skin;
  const IsKnown& is_known;
  std::vector<std::string> parts;
  bool date = false;
  std::set<std::size_t> dead;  ///< where it does not go on

  /// Reads the word from `at` to its end, the longest keywords first.
  bool rest(std::size_t at) {
    if (at == word.size()) return true;
    if (dead.count(at) != 0) return false;
    if (is_ascii_digit(word[at])) {
      bool dated = false;
      const std::size_t end = figure_end(word, at, dated);
      parts.emplace_back(word.substr(at, end - at));
      date = date || dated;
      if (rest(end)) return true;
      parts.pop_back();
      dead.insert(at);
      return false;
    }
    for (std::size_t size = std::min(kLongestKeyword, word.size() - at); size > 0; --size) {
      const std::string part(word.substr(at, size));
      if (!skin.is_reserved(part) && (at == 0 || at + size != word.size() || !is_known(part))) {
        continue;
      }
      parts.push_back(part);
      if (rest(at + size)) return true;
      parts.pop_back();
    }
    dead.insert(at);
    return false;
  }
};

/// The words of a file that are not keywords, in their order.
void collect(const std::vector<Clause>& clauses, std::vector<Token>& words) {
  const auto add = [&words](const std::vector<Token>& tokens) {
    for (const Token& token : tokens) {
      if (token.kind == TokenKind::word && !token.keyword) words.push_back(token);
    }
  };
  for (const Clause& clause : clauses) {
    add(clause.head);
    for (const std::vector<Token>& cell : clause.cells) add(cell);
    collect(clause.body, words);
  }
}

std::vector<Token> words_of(const SourceSet& sources, std::uint32_t file) {
  SourceSet again;
  Diagnostics said_before;
  std::vector<Token> words;
  const File read = parse_file(again, sources.path(file), sources.text(file), said_before);
  collect(read.clauses, words);
  for (Token& word : words) {
    word.span.file = file;
    word.raw = std::string_view(word.raw);  // of their own: they outlive what was read
    word.word = std::string_view(word.word);
  }
  return words;
}

bool is_name(const Token& token) {
  return token.kind == TokenKind::quoted || (token.kind == TokenKind::word && !token.keyword);
}

/// What the clauses call by name: declarations, names of domains and machines, units, members.
std::set<std::string> declared_names(const std::vector<Clause>& clauses) {
  std::set<std::string> names;
  const auto add = [&names](const std::vector<Token>& head, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < std::min(last, head.size()); ++i) {
      if (is_name(head[i])) names.insert(fold(head[i].raw));
    }
  };
  for (const Clause& clause : clauses) {
    if (clause.head.empty()) continue;
    const std::string& lead = clause.head[0].word;
    const bool all = lead == "domain" || lead == "unit";
    add(clause.head, 1, all ? clause.head.size() : 2);
    for (const Clause& item : clause.body) {
      if (item.head.empty()) continue;
      const std::string& first = item.head[0].word;
      if (all || first == "state") add(item.head, 0, item.head.size());
      if (first == "field") add(item.head, 1, 2);
      if (lead == "account" || lead == "entry" || lead == "list" || lead == "counter") {
        add(item.head, 0, 1);
      }
    }
  }
  return names;
}

/// Errors of values and types are about words that were understood.
bool may_be_spacing(const Diagnostic& diagnostic) {
  const std::string code = diagnostic.code();
  return diagnostic.severity == Severity::error && diagnostic.fixes.empty() &&
         !code.starts_with("E04") && !code.starts_with("E00");
}

/// What stands in the line up to the next blank: a word may go on in other tokens, as a time does.
std::string tail(const SourceSet& sources, const Token& word) {
  SourceSpan rest = sources.line_at(word.span.file, word.span.begin);
  rest.begin = word.span.end;
  const std::string_view text = sources.slice(rest);
  std::size_t end = 0;
  while (end < text.size() && (is_ascii_digit(text[end]) || text[end] == ':')) ++end;
  return std::string(text.substr(0, end));
}

}  // namespace

std::vector<std::string> split_words(std::string_view word, const Skin& skin,
                                     const IsKnown& is_known) {
  if (word.size() > kLongestWord) return {};
  Splitter split{word, skin, is_known, {}, false, {}};
  // Letters of an alphabet stand in words; `entry2` and `information` are none of ours.
  const bool letters = !word.empty() && static_cast<unsigned char>(word[0]) < 0x80U;
  if (split.rest(0)) {
    const bool sure = split.date || split.parts.size() > (letters ? 2U : 1U);
    return sure ? std::move(split.parts) : std::vector<std::string>();
  }
  if (letters) return {};
  for (std::size_t size = std::min(kLongestKeyword, word.size()); size > 0; --size) {
    if (size == word.size() || !is_ascii_digit(word[size])) continue;
    if (!skin.is_reserved(word.substr(0, size))) continue;
    return {std::string(word.substr(0, size)), std::string(word.substr(size))};
  }
  return {};
}

namespace {

/// What one error is told, if the word that it begins with is several.
void advise(const SourceSet& sources, const IsKnown& is_known,
            std::map<std::uint32_t, std::vector<Token>>& files, Diagnostic& diagnostic) {
  const SourceSpan at = diagnostic.span;
  if (!may_be_spacing(diagnostic) || at.file >= sources.size()) return;
  if (sources.path(at.file).ends_with(".lua")) return;
  auto known = files.find(at.file);
  if (known == files.end()) known = files.emplace(at.file, words_of(sources, at.file)).first;
  // The word that the error begins with.
  const std::vector<Token>& words = known->second;
  const auto word = std::lower_bound(
      words.begin(), words.end(), at.begin,
      [](const Token& token, std::uint32_t begin) { return token.span.begin < begin; });
  if (word == words.end() || word->span.begin != at.begin || is_known(word->raw)) return;
  const Skin* const skin = find_skin(sources.skin(at.file));
  if (skin == nullptr) return;
  const std::vector<std::string> parts = split_words(word->raw, *skin, is_known);
  if (parts.empty()) return;
  // `rate2` beside `rate1` is a name, whatever it begins with.
  const bool number = parts.size() == 2 && digits_end(parts[1], 0) == parts[1].size();
  if (number && diagnostic.help.id == "advice.did-you-mean") return;
  std::string spaced;
  std::vector<Fix> fixes;
  std::uint32_t end = word->span.begin;
  for (const std::string& part : parts) {
    if (!spaced.empty()) {
      spaced += ' ';
      fixes.push_back({{at.file, end, end}, " "});
    }
    spaced += part;
    end += static_cast<std::uint32_t>(part.size());
  }
  diagnostic.help = {"advice.spaces", {spaced + tail(sources, *word)}};
  diagnostic.fixes = std::move(fixes);
}

}  // namespace

void advise_spaces(const SourceSet& sources, const std::vector<Clause>& clauses,
                   Diagnostics& diagnostics) {
  if (!diagnostics.has_errors()) return;
  const std::set<std::string> names = declared_names(clauses);
  const IsKnown is_known = [&names](const std::string& name) {
    return names.count(fold(name)) != 0;
  };
  std::map<std::uint32_t, std::vector<Token>> files;
  Diagnostics advised;
  for (Diagnostic diagnostic : diagnostics.all()) {
    advise(sources, is_known, files, diagnostic);
    advised.add(std::move(diagnostic));
  }
  diagnostics = std::move(advised);
}

}  // namespace toll::dsl
