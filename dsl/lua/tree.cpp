#include "dsl/lua/tree.hpp"

#include <algorithm>
#include <lua.hpp>
#include <string_view>

#include "dsl/lua/sandbox.hpp"

namespace toll::dsl::lua {
namespace {

// What prelude.lua keeps in a part.
constexpr int kTokens = 2;
constexpr int kLine = 3;
constexpr int kBody = 4;
constexpr int kTaken = 7;

constexpr int kMostDepth = 150;               // of parts in parts, and of blocks
constexpr std::size_t kMostTokens = 200'000;  // of one file: a part may stand in many places
constexpr std::uint32_t kLinesAhead = 60;     // how far a call's text may reach

std::string text_of(lua_State* state, int index) {
  std::size_t size = 0;
  if (lua_type(state, index) != LUA_TSTRING) return {};
  const char* const text = lua_tolstring(state, index, &size);
  return {text, size};
}

std::uint32_t number_of(lua_State* state, int index) {
  const lua_Integer value = lua_isinteger(state, index) ? lua_tointeger(state, index) : 0;
  return value < 0 || value > 1'000'000'000 ? 0 : static_cast<std::uint32_t>(value);
}

class Reader {
 public:
  Reader(lua_State* state, Places& places) : state_(state), places_(places) {}

  std::vector<Clause> declared() {
    std::vector<Clause> clauses;
    lua_getfield(state_, LUA_REGISTRYINDEX, Sandbox::kDeclared);
    if (lua_istable(state_, -1)) {
      const auto count = static_cast<lua_Integer>(lua_rawlen(state_, -1));
      for (lua_Integer i = 1; i <= count; ++i) {
        lua_rawgeti(state_, -1, i);
        if (lua_istable(state_, -1) && !is_taken()) clause(clauses);
        lua_pop(state_, 1);
      }
    }
    lua_pop(state_, 1);
    return clauses;
  }

  bool broken = false;
  bool too_large = false;

 private:
  bool is_taken() {
    lua_rawgeti(state_, -1, kTaken);
    const bool taken = lua_toboolean(state_, -1) != 0;
    lua_pop(state_, 1);
    return taken;
  }

  bool enter() {
    if (++depth_ <= kMostDepth && lua_checkstack(state_, 10) != 0) return true;
    too_large = true;
    return false;
  }

  /// The part at the top of the stack, as a clause.
  void clause(std::vector<Clause>& out) {
    Clause made;
    lua_rawgeti(state_, -1, kLine);
    const std::uint32_t line = number_of(state_, -1);
    lua_pop(state_, 1);
    if (enter()) {
      lua_rawgeti(state_, -1, kTokens);
      tokens(made.head);
      lua_pop(state_, 1);
      made.span = span_of(made.head, line);
      lua_rawgeti(state_, -1, kBody);
      if (lua_istable(state_, -1)) {
        made.has_block = true;
        body(made.body);
      }
      lua_pop(state_, 1);
    }
    --depth_;
    out.push_back(std::move(made));
  }

  void body(std::vector<Clause>& out) {
    const auto count = static_cast<lua_Integer>(lua_rawlen(state_, -1));
    for (lua_Integer i = 1; i <= count; ++i) {
      lua_rawgeti(state_, -1, i);
      if (!lua_istable(state_, -1)) {
        broken = true;
      } else {
        lua_pushliteral(state_, "row");
        lua_rawget(state_, -2);
        const bool is_row = lua_istable(state_, -1);
        if (is_row) row(out);
        lua_pop(state_, 1);
        if (!is_row) clause(out);
      }
      lua_pop(state_, 1);
    }
  }

  void row(std::vector<Clause>& out) {
    Clause made;
    made.kind = Clause::Kind::row;
    const auto count = static_cast<lua_Integer>(lua_rawlen(state_, -1));
    for (lua_Integer c = 1; c <= count; ++c) {
      lua_rawgeti(state_, -1, c);
      std::vector<Token> cell;
      if (lua_istable(state_, -1)) {
        lua_pushliteral(state_, "tokens");
        lua_rawget(state_, -2);
        tokens(cell);
        lua_pop(state_, 1);
      }
      lua_pop(state_, 1);
      made.cell_spans.push_back(span_of(cell, 0));
      made.cells.push_back(std::move(cell));
    }
    if (!made.cell_spans.empty()) {
      made.span = made.cell_spans.front();
      made.span.end = std::max(made.span.end, made.cell_spans.back().end);
    }
    out.push_back(std::move(made));
  }

  /// The list of tokens and parts at the top of the stack.
  void tokens(std::vector<Token>& out) {
    if (!lua_istable(state_, -1) || !enter()) {
      --depth_;
      return;
    }
    const auto count = static_cast<lua_Integer>(lua_rawlen(state_, -1));
    for (lua_Integer i = 1; i <= count; ++i) {
      // A part may stand in many places: a short file can say a very long text.
      if (made_ >= kMostTokens) too_large = true;
      if (too_large) break;
      lua_rawgeti(state_, -1, i);
      if (lua_istable(state_, -1)) {
        const bool is_part = lua_getmetatable(state_, -1) != 0;
        if (is_part) {
          lua_pop(state_, 1);
          lua_rawgeti(state_, -1, kTokens);
          tokens(out);
          lua_pop(state_, 1);
        } else {
          token(out);
        }
      } else {
        broken = true;
      }
      lua_pop(state_, 1);
    }
    --depth_;
  }

  /// {kind, text, line, tight} at the top of the stack.
  void token(std::vector<Token>& out) {
    const auto item = [this](lua_Integer at) {
      lua_rawgeti(state_, -1, at);
      std::string text = text_of(state_, -1);
      lua_pop(state_, 1);
      return text;
    };
    lua_rawgeti(state_, -1, 3);
    const std::uint32_t line = number_of(state_, -1);
    lua_pop(state_, 1);
    lua_rawgeti(state_, -1, 4);
    const bool tight = lua_toboolean(state_, -1) != 0;
    lua_pop(state_, 1);
    const std::string kind = item(1);
    Token made;
    made.raw = item(2);
    made.spaced = !tight;
    if (!set_kind(made, kind)) {
      broken = true;
      return;
    }
    ++made_;
    made.span = places_.find(line, made.kind == TokenKind::symbol ? std::string() : made.raw);
    out.push_back(std::move(made));
  }

  static bool set_kind(Token& token, std::string_view kind) {
    const char letter = kind.size() == 1 ? kind[0] : '\0';
    switch (letter) {
      case 'w':
      case 'u':
      case 'f':
        token.kind = TokenKind::word;
        token.keyword = letter == 'w';
        break;
      case 'n':
        token.kind = TokenKind::quoted;
        break;
      case 's':
        token.kind = TokenKind::symbol;
        break;
      case 't':
        token.kind = TokenKind::string;
        return true;
      case 'd':
        token.kind = TokenKind::number;
        return true;
      case 'p':
        token.kind = TokenKind::percent;
        return true;
      case 'D':
        token.kind = TokenKind::date;
        return true;
      case 'T':
        token.kind = TokenKind::time;
        return true;
      default:
        return false;
    }
    token.word = token.raw;
    return true;
  }

  SourceSpan span_of(const std::vector<Token>& tokens, std::uint32_t line) {
    if (tokens.empty()) return places_.line(line);
    SourceSpan span = tokens.front().span;
    for (const Token& token : tokens) {
      if (token.span.begin < span.begin) span.begin = token.span.begin;
      if (token.span.end > span.end) span.end = token.span.end;
    }
    return span;
  }

  lua_State* state_;
  Places& places_;
  int depth_ = 0;
  std::size_t made_ = 0;
};

}  // namespace

Places::Places(std::string_view text, std::uint32_t file) : text_(text), file_(file) {
  starts_.push_back(0);
  for (std::uint32_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') starts_.push_back(at + 1);
  }
}

SourceSpan Places::line(std::uint32_t number) const {
  if (number == 0 || number > starts_.size()) number = 1;
  std::uint32_t begin = starts_[number - 1];
  std::uint32_t end =
      number < starts_.size() ? starts_[number] - 1 : static_cast<std::uint32_t>(text_.size());
  while (begin < end && (text_[begin] == ' ' || text_[begin] == '\t')) ++begin;
  while (end > begin && (text_[end - 1] == '\r' || text_[end - 1] == ' ')) --end;
  return {file_, begin, end};
}

SourceSpan Places::find(std::uint32_t number, const std::string& written) {
  // A word that is a part of its own (`bool`, `exact`) was made before the file: it stands where
  // the words round it do.
  if (number == 0) number = last_line_;
  if (number == 0 || number > starts_.size()) return line(1);
  if (number != last_line_) {
    last_line_ = number;
    last_end_ = starts_[number - 1];
  }
  if (written.empty()) return {file_, last_end_, last_end_};
  const auto here = std::upper_bound(starts_.begin(), starts_.end(), last_end_);
  const auto ahead = starts_.end() - here > kLinesAhead ? here + kLinesAhead : starts_.end();
  const std::string_view near(text_.data(), ahead == starts_.end() ? text_.size() : *ahead);
  // From where the last token ended; else from the line's begin, for what was made out of order.
  for (const std::uint32_t from : {last_end_, starts_[number - 1]}) {
    const std::size_t at = near.find(written, from);
    if (at == std::string_view::npos) continue;
    last_end_ = static_cast<std::uint32_t>(at + written.size());
    return {file_, static_cast<std::uint32_t>(at), last_end_};
  }
  return line(number);
}

Tree read_tree(lua_State* state, Places& places) {
  Reader reader(state, places);
  Tree tree;
  tree.clauses = reader.declared();
  tree.broken = reader.broken;
  tree.too_large = reader.too_large;
  return tree;
}

}  // namespace toll::dsl::lua
