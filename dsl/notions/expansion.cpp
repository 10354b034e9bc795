#include <map>

#include "dsl/notions/notions.hpp"
#include "dsl/syntax/parse.hpp"

namespace toll::dsl {
namespace {

using Expand = void (*)(const Clause&, Diagnostics&, std::vector<Clause>&);

const std::map<std::string_view, Expand>& notions() {
  static const std::map<std::string_view, Expand> kNotions = {{"decide", expand_decide},
                                                              {"grant", expand_grant},
                                                              {"issue", expand_issue},
                                                              {"measure", expand_measure}};
  return kNotions;
}

void fill(std::vector<Token>& tokens, const std::vector<Filling>& fillings) {
  std::vector<Token> filled;
  for (Token& token : tokens) {
    if (token.kind != TokenKind::hole) {
      filled.push_back(std::move(token));
      continue;
    }
    const Tokens& inner = fillings[token.index].tokens;
    filled.insert(filled.end(), inner.begin(), inner.end());
  }
  tokens = std::move(filled);
}

void fill(std::vector<Clause>& clauses, const std::vector<Filling>& fillings) {
  std::vector<Clause> filled;
  for (Clause& clause : clauses) {
    if (clause.head.size() == 1 && clause.head[0].kind == TokenKind::hole &&
        fillings[clause.head[0].index].tokens.empty()) {
      const auto& inner = fillings[clause.head[0].index].clauses;
      filled.insert(filled.end(), inner.begin(), inner.end());
      continue;
    }
    fill(clause.head, fillings);
    for (auto& cell : clause.cells) fill(cell, fillings);
    fill(clause.body, fillings);
    filled.push_back(std::move(clause));
  }
  clauses = std::move(filled);
}

Token symbol(std::string_view text, SourceSpan span) {
  Token token;
  token.kind = TokenKind::symbol;
  token.raw = token.word = text;
  token.span = span;
  token.spaced = true;
  return token;
}

}  // namespace

Expansion& Expansion::operator<<(std::string_view text) {
  text_ += text;
  return *this;
}

void Expansion::hole(Filling filling) {
  text_ += " $" + std::to_string(fillings_.size());
  fillings_.push_back(std::move(filling));
}

Expansion& Expansion::operator<<(const Tokens& tokens) {
  const SourceSpan span = tokens.empty() ? origin_ : tokens.front().span;
  Tokens bracketed = {symbol("(", span)};
  bracketed.insert(bracketed.end(), tokens.begin(), tokens.end());
  bracketed.push_back(symbol(")", span));
  hole({std::move(bracketed), {}});
  return *this;
}

Expansion& Expansion::raw(const Tokens& tokens) {
  hole({tokens, {}});
  return *this;
}

Expansion& Expansion::operator<<(const Token& name) {
  hole({{name}, {}});
  return *this;
}

Expansion& Expansion::operator<<(const std::vector<Clause>& clauses) {
  text_ += "\n";
  hole({{}, clauses});
  text_ += "\n";
  return *this;
}

std::vector<Clause> Expansion::clauses() const {
  std::vector<Clause> made = parse_template(text_, origin_);
  fill(made, fillings_);
  return made;
}

Token made_name(std::string_view prefix, const Token& name) {
  Token token = name;
  token.kind = TokenKind::quoted;
  token.raw = std::string(prefix) + " " + name.raw;
  token.word = token.raw;
  token.keyword = false;
  return token;
}

Tokens rest_of(Cursor& head, std::initializer_list<std::string_view> stops) {
  Tokens tokens;
  int depth = 0;
  while (!head.done()) {
    for (const std::string_view stop : stops) {
      if (depth == 0 && head.at_word(stop)) return tokens;
    }
    if (head.at_symbol("(") || head.at_symbol("[")) ++depth;
    if (head.at_symbol(")") || head.at_symbol("]")) --depth;
    tokens.push_back(head.next());
  }
  return tokens;
}

std::vector<Clause> expand(std::vector<Clause> clauses, Diagnostics& diagnostics,
                           std::vector<NotionUse>& uses) {
  std::vector<Clause> out;
  for (Clause& clause : clauses) {
    const bool word = clause.kind == Clause::Kind::statement && !clause.head.empty() &&
                      clause.head[0].kind == TokenKind::word && clause.head[0].keyword;
    const auto found = word ? notions().find(clause.head[0].word) : notions().end();
    if (found == notions().end()) {
      out.push_back(std::move(clause));
    } else {
      const std::size_t before = out.size();
      found->second(clause, diagnostics, out);
      NotionUse use;
      use.lead = clause.head[0].word;
      if (clause.head.size() > 1) use.name = clause.head[1].raw;
      use.span = clause.span;
      for (std::size_t i = before; i < out.size(); ++i) {
        const Tokens& head = out[i].head;
        if (head.size() > 1) use.parts.push_back(head[0].word + ":" + head[1].raw);
        for (const Clause& value : out[i].body) {
          if (head[0].word == "account") use.parts.push_back("account:" + value.head[0].raw);
        }
      }
      uses.push_back(std::move(use));
    }
  }
  return out;
}

}  // namespace toll::dsl
