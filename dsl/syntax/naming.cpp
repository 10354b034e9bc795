#include "dsl/syntax/naming.hpp"

#include <algorithm>

namespace toll::dsl {
namespace {

bool is_among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_type_word(std::string_view word) {
  return is_among(word,
                  {"bool", "text", "instant", "date", "month", "span", "number", "decimal", "count",
                   "money", "price", "set", "row", "list", "record", "counts", "known", "open"});
}

/// `: TYPE`, `: set TYPE`
bool is_type_of(const std::vector<Token>& list, std::size_t at) {
  if (at > 1 && is_one_of(list, at - 1, {"set", "row", "known", "open", "counts"})) --at;
  return at > 0 && is_symbol(list, at - 1, ":");
}

bool is_in_brackets(const std::vector<Token>& list, std::size_t at) {
  int depth = 0;
  for (std::size_t i = 0; i < at; ++i) {
    if (is_symbol(list, i, "(") || is_symbol(list, i, "[")) ++depth;
    if (is_symbol(list, i, ")") || is_symbol(list, i, "]")) --depth;
  }
  return depth > 0;
}

/// `A, B -> C`
bool is_state(const std::vector<Token>& list, std::size_t at) {
  for (std::size_t i = at; i < list.size(); ++i) {
    if (list[i].word == "->") return true;
  }
  return at > 0 && list[at - 1].word == "->";
}

/// `x + TYPE`, `f(a, TYPE)`: no type stands where a value is asked for, unless it is a function.
bool is_operand(const std::vector<Token>& list, std::size_t at) {
  if (is_symbol(list, at + 1, "(")) return false;
  if (is_state(list, at)) return true;
  if (at == 0) return false;
  if (list[at - 1].kind != TokenKind::symbol)
    return is_one_of(list, at - 1, {"and", "or", "not", "has", "no", "when", "in", "to"});
  if (is_symbol(list, at - 1, ","))
    return is_in_brackets(list, at) || is_one_of(list, 3, {"counts"});
  static constexpr std::string_view kBefore[] = {"(",  "[", "=",  ":=", "+=", "+",  "-", "*",
                                                 "//", "<", "<=", ">",  ">=", "!=", "=>"};
  return std::find(std::begin(kBefore), std::end(kBefore), list[at - 1].word) != std::end(kBefore);
}

/// Cells hold values; a unit stands behind a number.
bool is_name_in_cell(const std::vector<Token>& list, std::size_t at, std::string_view word) {
  if (at > 0 && (list[at - 1].kind == TokenKind::number || list[at - 1].word == "/" ||
                 list[at - 1].word == "to")) {
    return false;
  }
  return !is_among(word, {"true", "false", "none", "quote", "above", "otherwise", "exact", "and",
                          "or", "to", "not", "in", "at", "from", "until", "=", "end", "of", "day"});
}

bool is_step(const std::vector<Token>& list) {
  return is_word(list, 0, "at") || (is_word(list, 0, "expect") && !is_word(list, 1, "that"));
}

/// The fields and members in the steps of a scenario.
bool is_field_of_step(const std::vector<Token>& list, std::size_t at) {
  if (!is_step(list) || at + 1 >= list.size()) return false;
  if (is_symbol(list, at + 1, ",") || is_symbol(list, at + 1, ")")) return false;
  const std::size_t first = is_word(list, 0, "at") || is_word(list, 1, "no") ? 3 : 2;
  return at == first || is_symbol(list, at - 1, ",") || is_symbol(list, at - 1, "(");
}

}  // namespace

bool is_word(const std::vector<Token>& list, std::size_t at, std::string_view word) {
  return at < list.size() && list[at].keyword && list[at].word == word;
}

bool is_one_of(const std::vector<Token>& list, std::size_t at,
               std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(list, at, word); });
}

bool is_symbol(const std::vector<Token>& list, std::size_t at, std::string_view symbol) {
  return at < list.size() && list[at].kind == TokenKind::symbol && list[at].raw == symbol;
}

bool would_be_name(const std::vector<Token>& list, std::size_t at, std::string_view word,
                   const NamingPlace& place) {
  if (place.header && list.size() == 1)
    return word != "above" && !(word == "because" && !place.columns.empty());
  if (at > 0 && place.columns.count(list[at].raw) != 0) return true;
  if (place.domain) return word != "aka" && word != "includes";
  if (place.cell && !place.header) return is_name_in_cell(list, at, word);
  if (is_word(list, 0, "expect") && (word == "entry" || word == "error")) return false;
  const bool function = is_among(word, {"any", "all", "sum", "min", "max", "first", "last", "round",
                                        "start", "weekday", "year", "arrival", "either"});
  if (is_step(list) && (is_type_word(word) || function) && !is_symbol(list, at + 1, "("))
    return true;
  const bool states =
      is_word(list, 0, "state") && !is_symbol(list, 1, "=") && !is_symbol(list, 1, ":");
  if (states && at > 0 && word != "final") return true;
  if (is_symbol(list, at + 1, ":")) return true;
  if (at > 0 && is_word(list, at - 1, "as")) return true;
  // Words that lead a declaration mean nothing later in it.
  if (at > 0 &&
      is_among(word, {"policy", "import",  "unit",     "zone",      "setting",  "domain",
                      "table",  "account", "define",   "procedure", "entry",    "timer",
                      "hook",   "prove",   "timeline", "machine",   "scenario", "examples",
                      "decide", "grant",   "issue",    "measure",   "tariff",   "statement",
                      "document"})) {
    return true;
  }
  if (is_word(list, 0, "table") && at > 1 &&
      (is_symbol(list, at - 1, ",") || is_one_of(list, at - 1, {"by", "band", "across"}))) {
    return true;
  }
  if (is_type_of(list, at) && !is_type_word(word)) return true;
  if (is_type_word(word) && is_operand(list, at)) return true;
  const bool value =
      is_among(word, {"true", "false", "none", "now", "clock", "took", "rest", "event"});
  if (is_symbol(list, at + 1, "=") && !value) {
    return at < 2 || (is_symbol(list, at - 1, ",") && at + 2 < list.size() &&
                      list[at + 2].kind == TokenKind::string);
  }
  if (at == 1) {
    return is_one_of(list, 0, {"field",     "domain",  "table",   "list",   "counter", "define",
                               "procedure", "event",   "entry",   "timer",  "machine", "setting",
                               "statement", "tariff",  "grant",   "grants", "hook",    "prove",
                               "issue",     "monthly", "measure", "decide"});
  }
  return !value && word != "id" && is_field_of_step(list, at);
}

}  // namespace toll::dsl
