#include "dsl/syntax/print.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/syntax/unicode.hpp"
#include "engine/kernel/assert.hpp"

namespace toll::dsl {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Bare words hold no blanks and no punctuation but the hyphen and full-width brackets.
bool is_bare_word(std::string_view name) {
  const char32_t first = decode_utf8(name, 0).code;
  if (!is_xid_start(first) && first != '_') return false;
  for (std::size_t at = 0; at < name.size();) {
    const DecodedCharacter character = decode_utf8(name, at);
    if (!is_xid_continue(character.code)) return false;
    at += character.size;
  }
  return true;
}

class Printer {
 public:
  Printer(const File& file, const Skin& from, const Skin& to) : file_(file), from_(from), to_(to) {}

  std::string run() {
    language_line();
    clauses(file_.clauses);
    for (const SourceSpan filler : file_.fillers) remove(filler);
    return edited();
  }

 private:
  struct Edit {
    std::uint32_t begin;
    std::uint32_t end;
    std::string text;
  };

  [[nodiscard]] std::string_view written(SourceSpan span) const {
    return std::string_view(file_.text).substr(span.begin, span.end - span.begin);
  }

  void replace(SourceSpan span, std::string text) {
    edits_.push_back({span.begin, span.end, std::move(text)});
  }

  /// With the blanks before it, or after it if it stands first in its line.
  void remove(SourceSpan span) {
    std::uint32_t begin = span.begin;
    while (begin > 0 && is_blank(file_.text[begin - 1])) --begin;
    if (begin > 0 && file_.text[begin - 1] != '\n') {
      span.begin = begin;
    } else {
      while (span.end < file_.text.size() && is_blank(file_.text[span.end])) ++span.end;
    }
    replace(span, "");
  }

  void language_line() {
    const std::vector<Token>& head = file_.language.head;
    if (head.size() < 2) return;
    if (head.size() > 2) remove(head[2].span);
    if (to_.name() == "en") return;
    const std::uint32_t end = head[1].span.end;
    replace({file_.id, end, end}, " " + to_.name());
  }

  /// The columns of `examples`, which its steps name.
  void read_columns(const Clause& examples) {
    for (const Clause& item : examples.body) {
      if (item.kind != Clause::Kind::row) continue;
      for (const std::vector<Token>& cell : item.cells) {
        if (cell.size() == 1 && !is_word(cell, 0, "because")) columns_.insert(cell[0].raw);
      }
      return;
    }
  }

  void clauses(const std::vector<Clause>& list) {
    for (const Clause& clause : list) {
      tokens(clause.head, false);
      for (const std::vector<Token>& cell : clause.cells) tokens(cell, header_);
      if (clause.kind == Clause::Kind::row) {
        header_ = false;
        continue;
      }
      const bool examples = is_word(clause.head, 0, "examples");
      const bool table = is_word(clause.head, 0, "table") || examples;
      if (!columns_.empty() && clause.body.empty()) continue;  // a step: it leaves the header alone
      header_ = is_word(clause.head, 0, "header") || table;
      if (examples) read_columns(clause);
      clauses(clause.body);
      columns_.clear();
      if (table) header_ = false;
    }
  }

  static bool is_word(const std::vector<Token>& list, std::size_t at, std::string_view word) {
    return at < list.size() && list[at].keyword && list[at].word == word;
  }

  static bool is_one_of(const std::vector<Token>& list, std::size_t at,
                        std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return is_word(list, at, word); });
  }

  static bool is_symbol(const std::vector<Token>& list, std::size_t at, std::string_view symbol) {
    return at < list.size() && list[at].kind == TokenKind::symbol && list[at].raw == symbol;
  }

  /// A keyword where only a name can stand, such as a field called `text`. The tree does not tell
  /// (words mean nothing there yet), so this knows the few places where names are given or asked
  /// for: declarations, members, columns, aliases, the fields in a scenario.
  [[nodiscard]] bool names_something(const std::vector<Token>& list, std::size_t at,
                                     bool header) const {
    if (!list[at].keyword || list[at].kind != TokenKind::word) return false;
    if (header && list.size() == 1)
      return !is_word(list, 0, "above") && !(is_word(list, 0, "because") && !columns_.empty());
    if (at > 0 && columns_.count(list[at].raw) != 0) return true;
    if (is_symbol(list, at + 1, ":")) return true;
    if (at > 0 && is_word(list, at - 1, "as")) return true;
    // Words that lead a declaration mean nothing later in it.
    if (at > 0 &&
        is_one_of(list, at, {"policy",   "import",  "unit",     "zone",      "setting", "domain",
                             "table",    "account", "define",   "hook", "procedure", "entry",   "timer",
                             "timeline", "machine", "scenario", "examples",  "decide",  "grant",
                             "issue",    "measure", "tariff",   "statement", "prove"})) {
      return true;
    }
    if (is_word(list, 0, "table") && at > 1 &&
        (is_symbol(list, at - 1, ",") || is_one_of(list, at - 1, {"by", "band", "across"}))) {
      return true;
    }
    if (is_type_of(list, at) && !is_type_word(list, at)) return true;
    const bool value =
        is_one_of(list, at, {"true", "false", "none", "now", "clock", "took", "rest", "event"});
    if (is_symbol(list, at + 1, "=") && !value) {
      return at < 2 || (is_symbol(list, at - 1, ",") && at + 2 < list.size() &&
                        list[at + 2].kind == TokenKind::string);
    }
    if (at == 1) {
      return is_one_of(list, 0,
                       {"field", "domain", "table", "list", "counter", "define", "hook", "procedure",
                        "event", "entry", "timer", "machine", "setting", "statement", "prove"});
    }
    const bool step =
        is_word(list, 0, "at") || (is_word(list, 0, "expect") && !is_word(list, 1, "that"));
    if (!step || value || at + 1 >= list.size() || is_word(list, at, "id")) return false;
    if (is_symbol(list, at + 1, ",") || is_symbol(list, at + 1, ")")) return false;
    const std::size_t first = is_word(list, 0, "at") || is_word(list, 1, "no") ? 3 : 2;
    return at == first || is_symbol(list, at - 1, ",") || is_symbol(list, at - 1, "(");
  }

  static bool is_type_word(const std::vector<Token>& list, std::size_t at) {
    return is_one_of(
        list, at,
        {"bool", "text", "instant", "date", "month", "span", "number", "decimal", "count", "money",
         "price", "set", "row", "list", "record", "counts", "known", "open"});
  }

  /// `: TYPE`, `: set TYPE`
  static bool is_type_of(const std::vector<Token>& list, std::size_t at) {
    if (at > 1 && is_one_of(list, at - 1, {"set", "row", "known", "open", "counts"})) --at;
    return at > 0 && is_symbol(list, at - 1, ":");
  }

  void tokens(const std::vector<Token>& list, bool header) {
    for (std::size_t i = 0; i < list.size();) {
      const Token& token = list[i];
      if (is_spelled(token) && names_something(list, i, header)) {
        if (to_.is_reserved(token.raw) || token.raw != token.word)
          replace(token.span, "\u300c" + token.raw + "\u300d");
        ++i;
        continue;
      }
      if (is_spelled(token)) {
        i = keywords(list, i);
        continue;
      }
      if (token.kind == TokenKind::word && to_.is_reserved(token.raw) && !after_dot(list, i)) {
        replace(token.span, "\u300c" + token.raw + "\u300d");
      }
      // Quoted by an earlier printing, from a skin where it is no keyword.
      if (token.kind == TokenKind::quoted && from_.is_reserved(token.raw) &&
          !to_.is_reserved(token.raw) && is_bare_word(token.raw) && stands_alone(token)) {
        replace(token.span, token.raw);
      }
      ++i;
    }
  }

  /// Nothing touches it that would become part of the word.
  [[nodiscard]] bool stands_alone(const Token& token) const {
    const auto harmless = [](char c) { return static_cast<unsigned char>(c) < 0x30; };
    return (token.span.begin == 0 || harmless(file_.text[token.span.begin - 1])) &&
           (token.span.end == file_.text.size() || harmless(file_.text[token.span.end]));
  }

  static bool after_dot(const std::vector<Token>& list, std::size_t at) {
    return at > 0 && list[at - 1].kind == TokenKind::symbol && list[at - 1].word == "." &&
           !list[at].spaced;
  }

  /// A keyword, a word of a phrase such as `at least`, or a symbol written as a word.
  [[nodiscard]] bool is_spelled(const Token& token) const {
    if (token.kind == TokenKind::word) return token.keyword || token.word != token.raw;
    return token.kind == TokenKind::symbol && from_.find(token.raw) != nullptr;
  }

  [[nodiscard]] bool only_blanks_between(const Token& a, const Token& b) const {
    if (a.span.begin == b.span.begin) return true;
    return std::all_of(file_.text.begin() + a.span.end, file_.text.begin() + b.span.begin,
                       is_blank);
  }

  /// Index after the tokens of the written word that `at` belongs to.
  static std::size_t word_end(const std::vector<Token>& list, std::size_t at) {
    const std::uint32_t begin = list[at].span.begin;
    while (at < list.size() && list[at].span.begin == begin) ++at;
    return at;
  }

  /// Spells the written words from `first` on as few words as the other skin can; returns the index
  /// after them. A word that the other skin cannot say in one is said in several.
  std::size_t keywords(const std::vector<Token>& list, std::size_t first) {
    const std::size_t own_end = word_end(list, first);
    std::size_t end = first;  // of the longest entry that ends where a written word ends
    const Skin::Entry* longest = nullptr;
    CanonicalWords words;
    for (std::size_t i = first; i < list.size() && words.size() < to_.longest_entry(); ++i) {
      const bool usable = list[i].kind == TokenKind::word || is_spelled(list[i]);
      if (!usable || (i > first && !only_blanks_between(list[i - 1], list[i]))) break;
      words.push_back(list[i].word);
      const Skin::Entry* entry = to_.spelling_of(words);
      if (entry != nullptr && !entry->spellings.empty() && word_end(list, i) == i + 1) {
        longest = entry;
        end = i + 1;
      }
    }
    std::string text;
    if (longest != nullptr) {
      text = longest->spellings.front();
    } else {
      end = own_end;
      for (std::size_t i = first; i < end; ++i) {
        const Skin::Entry* entry = to_.spelling_of({list[i].word});
        const bool spelled = entry != nullptr && !entry->spellings.empty();
        text += (text.empty() ? "" : " ") + (spelled ? entry->spellings.front() : list[i].word);
      }
    }
    const SourceSpan span = {file_.id, list[first].span.begin, list[end - 1].span.end};
    if (written(span) != text) {
      // A word may stand against a number or bracket; its new spelling might run into it.
      if (first > 0 && !list[first].spaced && !is_opening(list[first - 1])) text = " " + text;
      // `max(` is a call, `max (` is none.
      const bool call = end < list.size() && list[end - 1].kind == TokenKind::word &&
                        (list[end].word == "(" || list[end].word == "[");
      if (end < list.size() && !list[end].spaced && !is_closing(list[end]) && !call) text += " ";
      replace(span, text);
    }
    if (longest != nullptr && !longest->filler.empty()) add_filler(list, end, longest->filler);
    return end;
  }

  static bool is_closing(const Token& token) {
    return token.kind == TokenKind::symbol &&
           (token.word == ")" || token.word == "]" || token.word == "," || token.word == "." ||
            token.word == "/" || token.word == "*");
  }

  /// `yuan/call` is a unit only if nothing stands between its words.
  static bool is_opening(const Token& token) {
    return token.kind == TokenKind::symbol &&
           (token.word == "(" || token.word == "[" || token.word == "/" || token.word == "*");
  }

  static bool is_unit(const Token& token) {
    static constexpr std::array<std::string_view, 10> kTimes = {
        "second", "seconds", "minute", "minutes", "hour",
        "hours",  "day",     "days",   "months",  "years"};
    if (token.kind != TokenKind::word) return false;
    return !token.keyword || std::find(kTimes.begin(), kTimes.end(), token.word) != kTimes.end();
  }

  /// After the operand at `at`: one token with all that touches it, and the unit of a number.
  void add_filler(const std::vector<Token>& list, std::size_t at, const std::string& filler) {
    if (at >= list.size() || is_spelled(list[at])) return;
    std::size_t last = at;
    int depth = 0;
    for (std::size_t i = at; i < list.size(); ++i) {
      const Token& token = list[i];
      const bool symbol = token.kind == TokenKind::symbol;
      const bool unit = i > at && list[i - 1].kind == TokenKind::number && is_unit(token);
      const bool touches = i == at || (!token.spaced && token.word != ",");
      if (depth == 0 && !touches && !unit) break;
      if (symbol && (token.word == "(" || token.word == "[")) ++depth;
      if (symbol && (token.word == ")" || token.word == "]") && --depth < 0) break;
      last = i;
    }
    const std::uint32_t end = list[last].span.end;
    replace({file_.id, end, end}, " " + filler);
  }

  std::string edited() {
    std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) {
      return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    std::string result;
    std::uint32_t copied = 0;
    for (const Edit& edit : edits_) {
      // Removing two fillers side by side, the second finds its blanks gone.
      const std::uint32_t begin = std::max(edit.begin, copied);
      result.append(file_.text, copied, begin - copied);
      result += edit.text;
      copied = std::max(edit.end, copied);
    }
    result.append(file_.text, copied);
    return result;
  }

  const File& file_;
  const Skin& from_;
  const Skin& to_;
  std::vector<Edit> edits_;
  bool header_ = false;            ///< the next row names columns
  std::set<std::string> columns_;  ///< of the examples being printed
};

}  // namespace

std::string print(const File& file, const Skin& to) {
  const Skin* from = find_skin(file.skin);
  TOLL_ASSERT(from != nullptr);
  if (from->name() == to.name()) return file.text;
  return Printer(file, *from, to).run();
}

}  // namespace toll::dsl
