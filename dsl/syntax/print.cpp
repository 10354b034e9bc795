#include "dsl/syntax/print.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/syntax/literals.hpp"
#include "dsl/syntax/naming.hpp"
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
  Printer(const File& file, const Skin& from, const Skin& to, const PrintOptions& options)
      : file_(file), from_(from), to_(to), options_(options) {}

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
        if (cell.size() == 1 && !is_word(cell, 0, "because")) place_.columns.insert(cell[0].raw);
      }
      return;
    }
  }

  void clauses(const std::vector<Clause>& list) {
    for (const Clause& clause : list) {
      const bool header = std::exchange(place_.header, false);
      tokens(clause.head);
      place_.header = header;
      place_.cell = true;
      for (const std::vector<Token>& cell : clause.cells) tokens(cell);
      place_.cell = false;
      if (clause.kind == Clause::Kind::row) {
        place_.header = false;
        continue;
      }
      const bool examples = is_word(clause.head, 0, "examples");
      const bool table = is_word(clause.head, 0, "table") || examples;
      if (table || is_word(clause.head, 0, "header")) place_.header = true;
      if (examples) read_columns(clause);
      const bool domain = std::exchange(place_.domain, is_word(clause.head, 0, "domain"));
      clauses(clause.body);
      place_.domain = domain;
      if (examples) place_.columns.clear();
      if (table) place_.header = false;
    }
  }

  /// Would this word of the new skin, bare, be read as a name here?
  [[nodiscard]] bool is_safe_name(const std::vector<Token>& list, std::size_t at) const {
    const Skin::Entry* entry = to_.find(list[at].raw);
    return !options_.cautious && entry != nullptr && entry->canonical.size() == 1 &&
           is_xid_start(decode_utf8(entry->canonical.front(), 0).code) &&
           would_be_name(list, at, entry->canonical.front(), place_);
  }

  void tokens(const std::vector<Token>& list) {
    for (std::size_t i = 0; i < list.size();) {
      const Token& token = list[i];
      if (is_spelled(token) || begins_phrase(list, i)) {
        i = spelled(list, i);
        continue;
      }
      if (token.kind == TokenKind::symbol) sign(token);
      const bool number = token.kind == TokenKind::number || token.kind == TokenKind::percent;
      if (number) respell_number(list, i);
      const bool reserved = to_.is_reserved(token.raw);
      if (token.kind == TokenKind::word && reserved && !after_dot(list, i) &&
          !is_safe_name(list, i)) {
        replace(token.span, quoted(token.raw));
      }
      if (token.kind == TokenKind::quoted && is_bare_word(token.raw) && stands_alone(token)) {
        // Quoted because the skin it is in or comes from would take it for its own word.
        const bool needless = from_.is_reserved(token.raw) && !reserved;
        if (needless || (reserved && is_safe_name(list, i))) replace(token.span, token.raw);
      }
      ++i;
    }
  }

  /// A word that means something only with those behind it, and is one word in the new skin.
  [[nodiscard]] bool begins_phrase(const std::vector<Token>& list, std::size_t at) const {
    // Words of another skin are names as far as the tree can tell.
    if (options_.cautious && from_.name() == to_.name()) return false;
    CanonicalWords words;
    for (std::size_t i = at; i < list.size() && words.size() < to_.longest_entry(); ++i) {
      if (list[i].kind != TokenKind::word) break;
      words.push_back(list[i].word);
      const Skin::Entry* entry = to_.spelling_of(words);
      if (words.size() > 1 && entry != nullptr && !entry->spellings.empty()) return true;
    }
    return false;
  }

  /// A sign that has a word in this skin and none in English: both would come back as the sign.
  void sign(const Token& token) {
    const Skin::Entry* entry = to_.spelling_of({token.word});
    const Skin::Entry* plain = english().spelling_of({token.word});
    const bool worded = entry != nullptr && !entry->spellings.empty() && plain != nullptr &&
                        plain->spellings.empty();
    if (!worded) return;
    const auto blank_at = [this](std::uint32_t at) {
      return at < file_.text.size() && is_blank(file_.text[at]);
    };
    const std::string before = token.spaced ? "" : " ";
    const std::string after = blank_at(token.span.end) ? "" : " ";
    replace(token.span, before + entry->spellings.front() + after);
  }

  static std::string quoted(const std::string& name) { return "\u300c" + name + "\u300d"; }

  /// A keyword, or one where only a name can stand; returns the index after it.
  std::size_t spelled(const std::vector<Token>& list, std::size_t at) {
    const Token& token = list[at];
    const bool name = token.keyword && token.kind == TokenKind::word &&
                      would_be_name(list, at, token.word, place_);
    if (!name) return keywords(list, at);
    if (to_.is_reserved(token.raw) && !is_safe_name(list, at) &&
        !(options_.cautious && from_.name() == to_.name())) {
      replace(token.span, quoted(token.raw));
    }
    return at + 1;
  }

  /// Only where `_` or a scale word shows that its author cares, and nothing goes on after it.
  void respell_number(const std::vector<Token>& list, std::size_t at) {
    const Token& token = list[at];
    const auto runs_on = [](const Token& next) {
      const bool figures = next.kind == TokenKind::number || next.kind == TokenKind::percent ||
                           next.kind == TokenKind::date || next.kind == TokenKind::time;
      return !next.spaced && (figures || (next.kind == TokenKind::word && !next.keyword));
    };
    const bool goes_on = at + 1 < list.size() && runs_on(list[at + 1]);
    const bool plain =
        std::all_of(written(token.span).begin(), written(token.span).end(),
                    [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '%'; });
    if (goes_on || plain) return;
    const std::string text =
        spell_number(token.raw, to_) + (token.kind == TokenKind::percent ? "%" : "");
    if (written(token.span) != text) replace(token.span, text);
  }

  /// `1 day`, `7 days` in English; one word in skins that have only one.
  [[nodiscard]] std::string length_of_time(const std::vector<Token>& list, std::size_t at) const {
    struct Unit {
      std::string_view one;
      std::string_view many;
    };
    static constexpr std::array<Unit, 6> kUnits = {{{"second", "seconds"},
                                                    {"minute", "minutes"},
                                                    {"hour", "hours"},
                                                    {"day", "days"},
                                                    {"month", "months"},
                                                    {"year", "years"}}};
    const Token& token = list[at];
    if (at == 0 || list[at - 1].kind != TokenKind::number || options_.cautious) return token.word;
    for (const Unit& unit : kUnits) {
      if (token.word != unit.one && token.word != unit.many) continue;
      if (options_.units.count(std::string(unit.one)) != 0) break;
      const bool one = list[at - 1].raw == "1" && to_.name() == english().name();
      return std::string(one ? unit.one : unit.many);
    }
    return token.word;
  }

  /// Nothing touches it that would become part of the word.
  [[nodiscard]] bool stands_alone(const Token& token) const {
    const auto harmless = [](char c) {
      return std::string_view(" \t\r\n()[]{}|,;:.?=+*/<>!#\"").find(c) != std::string_view::npos;
    };
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
      words.push_back(length_of_time(list, i));
      const Skin::Entry* entry = to_.spelling_of(words);
      if (entry != nullptr && !entry->spellings.empty() && word_end(list, i) == i + 1) {
        longest = entry;
        end = i + 1;
      }
    }
    std::string text;
    if (longest != nullptr) {
      const std::string_view head = list[0].word;
      text = Skin::printed(*longest, first == 0 && !place_.cell, list[0].keyword ? head : "");
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
            token.word == "/" || token.word == "*" || token.word == "?");
  }

  /// `yuan/call` is a unit only if nothing stands between its words.
  static bool is_opening(const Token& token) {
    return token.kind == TokenKind::symbol &&
           (token.word == "(" || token.word == "[" || token.word == "/" || token.word == "*" ||
            token.word == "-");
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
  const PrintOptions& options_;
  std::vector<Edit> edits_;
  NamingPlace place_;
};

}  // namespace

std::string print(const File& file, const Skin& to, const PrintOptions& options) {
  const Skin* from = find_skin(file.skin);
  TOLL_ASSERT(from != nullptr);
  return Printer(file, *from, to, options).run();
}

}  // namespace toll::dsl
