#include "tools/show/words.hpp"

#include <algorithm>

#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::tools::show {
namespace {

std::string grouped(const std::string& digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i < point && (point - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

/// "1_000", "1.5" with the sign of ten thousand: digits as the author wrote them.
bool reads_as_number(std::string_view text) {
  constexpr std::string_view kScales[] = {"\u4e07", "\u4ebf"};
  for (const std::string_view scale : kScales) {
    const std::size_t at = text.find(scale);
    if (at != std::string_view::npos) text = text.substr(0, at);
  }
  return !text.empty() && text.find_first_not_of("0123456789_.") == std::string_view::npos;
}

}  // namespace

Inline Words::list(const std::vector<Inline>& items) const {
  Inline out;
  for (const Inline& item : items) out = out.empty() ? item : say("show.list", {out, item});
  return out;
}

Inline Words::series(const std::vector<Inline>& items) const {
  Inline out;
  for (const Inline& item : items) out = out.empty() ? item : say("show.series", {out, item});
  return out;
}

void Words::declare(std::string_view kind, std::string_view name, std::string id) {
  targets_.emplace(std::string(kind) + ":" + dsl::fold(name), std::move(id));
}

Inline Words::ref(std::string_view kind, const std::string& name) const {
  const auto found = targets_.find(std::string(kind) + ":" + dsl::fold(name));
  return show::name(name, found == targets_.end() ? std::string_view() : found->second);
}

Inline Words::ref(std::string_view kind, const dsl::Token& token) const {
  return ref(kind, token.raw);
}

std::string Words::number(const dsl::Token& token) const {
  if (language_ == Language::en) return grouped(token.raw);
  std::string written(sources_.slice(token.span));
  while (written.ends_with('%')) written.pop_back();
  if (!reads_as_number(written)) return token.raw;
  written.erase(std::remove(written.begin(), written.end(), '_'), written.end());
  return written;
}

Inline Words::span_of_time(const dsl::Token& token, std::string_view word) const {
  const std::string count = number(token);
  const auto spell = [&](std::string_view id) { return say(id, {value(count), token.raw}); };
  if (word.starts_with("second")) return spell("show.seconds");
  if (word.starts_with("minute")) return spell("show.minutes");
  if (word.starts_with("hour")) return spell("show.hours");
  if (word.starts_with("day")) return spell("show.days");
  if (word.starts_with("month")) return spell("show.months");
  return spell("show.years");
}

std::string Words::unit_word(const dsl::Token& token) const {
  if (!dsl::is_time_word(token)) return token.raw;
  if (token.word.starts_with("second")) return say("show.second");
  if (token.word.starts_with("minute")) return say("show.minute");
  if (token.word.starts_with("hour")) return say("show.hour");
  if (token.word.starts_with("day")) return say("show.day");
  if (token.word.starts_with("month")) return say("show.month");
  return say("show.year");
}

std::string Words::unit(const Tokens& unit) const {
  std::string out;
  for (const dsl::Token& token : unit) out += unit_word(token);
  return out;
}

Inline Words::quantity(const dsl::Token& token, const Tokens& unit) const {
  if (token.kind == dsl::TokenKind::percent) return value(number(token) + "%");
  if (unit.size() == 1 && dsl::is_time_word(unit[0])) return span_of_time(token, unit[0].word);
  return value(number(token) + (unit.empty() ? "" : " " + this->unit(unit)));
}

std::string Words::time(const dsl::Token& token) {
  std::string text = token.raw;
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

Inline Words::numeric(std::string_view id, std::string_view id_of_unit, dsl::Cursor& head) const {
  Tokens unit;
  // `file "x"` goes on with what stands before.
  const auto at_file = [&] {
    return head.at_word("file") && head.peek(1).kind == dsl::TokenKind::string;
  };
  while (!at_file() && dsl::can_be_unit(head.peek())) {
    unit.push_back(head.next());
    if (!head.at_symbol("/") && !head.at_symbol("*")) break;
    unit.push_back(head.next());
  }
  return unit.empty() ? say(id) : say(id_of_unit, {value(this->unit(unit))});
}

Inline Words::type(dsl::Cursor& head) const {
  const auto is_domain = [this](const dsl::Token& token) {
    return std::any_of(core_.domains.begin(), core_.domains.end(), [&](const Domain& domain) {
      return dsl::fold(domain.name) == dsl::fold(token.raw);
    });
  };
  const dsl::Token token = head.next();
  Inline said;
  const auto domain_after = [&](std::string_view id) {
    const Inline domain = ref("domain", head.next());
    if (!head.accept_word("else")) return say(id, {domain});
    return say("show.type.else", {say(id, {domain}), code(head.next().raw)});
  };
  if (is_domain(token)) {
    said = ref("domain", token);
  } else if (token.word == "bool") {
    said = say("show.type.bool");
  } else if (token.word == "text") {
    said = say("show.type.text");
  } else if (token.word == "instant") {
    said = say("show.type.instant");
  } else if (token.word == "date") {
    said = say("show.type.date");
  } else if (token.word == "month") {
    said = say("show.type.month");
  } else if (token.word == "span") {
    said = say("show.type.span");
  } else if (token.word == "money") {
    said = say("show.type.money");
  } else if (token.word == "number" || token.word == "count") {
    said = numeric("show.type.number", "show.type.number-of", head);
  } else if (token.word == "decimal") {
    said = numeric("show.type.decimal", "show.type.decimal-of", head);
  } else if (token.word == "price") {
    said = numeric("show.type.price", "show.type.price-of", head);
  } else if (token.word == "set") {
    said = domain_after("show.type.set");
  } else if (token.word == "known") {
    said = domain_after("show.type.known");
  } else if (token.word == "open") {
    said = domain_after("show.type.open");
  } else if (token.word == "row") {
    said = say("show.type.row", {ref("family", head.next())});
  } else if (token.word == "record") {
    said = say("show.type.record");
  } else if (token.word == "list") {
    said = say("show.type.list");
  } else if (token.word == "counts") {
    said = domain_after("show.type.counts");
    head.accept_word("as");
    const Inline names = name(head.next().raw);
    head.accept_symbol(",");
    const Inline counts = name(head.next().raw);
    const Inline number = numeric("show.type.number", "show.type.number-of", head);
    said = say("show.type.counts-as", {said, names, counts, number});
  } else {
    said = name(token.raw);
  }
  if (head.at_word("at") && head.at_word("least", 1)) {
    head.next();
    head.next();
    said = say("show.type.at-least", {said, value(number(head.next()))});
  }
  return head.accept_symbol("?") ? say("show.type.optional", {said}) : said;
}

std::string text_of(const Tokens& tokens, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) {
    if (i > first && tokens[i].spaced) text += ' ';
    text += tokens[i].raw;
  }
  return text;
}

dsl::ExprPtr read_expression(const Tokens& tokens) {
  dsl::Diagnostics none;
  dsl::Cursor head(tokens, {}, none);
  return head.expression();
}

Tokens tokens_until(dsl::Cursor& head, std::initializer_list<std::string_view> stops) {
  Tokens tokens;
  int depth = 0;
  while (!head.done()) {
    if (depth == 0 && std::any_of(stops.begin(), stops.end(), [&](std::string_view stop) {
          return head.at_word(stop) || head.at_symbol(stop);
        })) {
      break;
    }
    if (head.at_symbol("(") || head.at_symbol("[")) ++depth;
    if (head.at_symbol(")") || head.at_symbol("]")) --depth;
    tokens.push_back(head.next());
  }
  return tokens;
}

}  // namespace toll::tools::show
