#include "dsl/read/expr_text.hpp"

#include <string_view>

namespace toll::dsl {
namespace {

/// How tightly it binds: what stands in something tighter has brackets.
enum Level { kAny, kOr, kAnd, kNot, kCompared, kSum, kProduct, kUnary, kWhole };

class Writer {
 public:
  explicit Writer(const Skin& skin) : skin_(skin) {}

  std::string write(const Expr& expr, Level least = kAny) const {
    const std::string text = plain(expr);
    return level(expr) < least ? "(" + text + ")" : text;
  }

 private:
  [[nodiscard]] std::string word(std::string_view canonical) const {
    return skin_.spell(canonical);
  }

  static Level level(const Expr& expr) {
    const std::string& word = expr.token.word;
    if (expr.kind == Expr::Kind::unary) return word == "not" ? kNot : kUnary;
    if (expr.kind != Expr::Kind::binary) return kWhole;
    if (word == "or") return kOr;
    if (word == "and") return kAnd;
    if (word == "+" || word == "-") return kSum;
    return word == "*" || word == "/" || word == "//" || word == "%" ? kProduct : kCompared;
  }

  [[nodiscard]] std::string list(const Expr& expr, std::size_t first) const {
    std::string out;
    for (std::size_t i = first; i < expr.args.size(); ++i) {
      out += (i > first ? ", " : "") + write(*expr.args[i]);
    }
    if (expr.at != nullptr) {
      out += (expr.args.size() > first ? " " : "") + word("at") + " " + write(*expr.at);
    }
    return out;
  }

  [[nodiscard]] std::string plain(const Expr& expr) const {
    switch (expr.kind) {
      case Expr::Kind::number:
        return number(expr);
      case Expr::Kind::percent:
        return expr.token.raw + (expr.token.raw.ends_with('%') ? "" : "%");
      case Expr::Kind::text:
        return "\"" + expr.token.raw + "\"";
      case Expr::Kind::time: {
        std::string time = expr.token.raw;
        if (const std::size_t t = time.find('T'); t != std::string::npos) time[t] = ' ';
        return time;
      }
      case Expr::Kind::name:
      case Expr::Kind::date:
        return expr.token.raw;
      case Expr::Kind::constant:
      case Expr::Kind::now:
      case Expr::Kind::clock:
        return word(expr.token.word);
      case Expr::Kind::event: {
        // Declarations begin with its first spelling, the event at hand is called by the last.
        const Skin::Entry* const entry = skin_.spelling_of({expr.token.word});
        const bool own = entry != nullptr && !entry->spellings.empty();
        return own ? entry->spellings.back() : expr.token.word;
      }
      case Expr::Kind::member:
        return write(*expr.args[0], kWhole) + "." + expr.token.raw;
      case Expr::Kind::index:
        return write(*expr.args[0], kWhole) + "[" + list(expr, 1) + "]";
      case Expr::Kind::call:
        return name(expr.token) + "(" + list(expr, 0) + ")";
      case Expr::Kind::tuple:
        return "(" + list(expr, 0) + ")";
      case Expr::Kind::unary:
        return expr.token.word == "-"
                   ? "-" + write(*expr.args[0], kUnary)
                   : word(expr.token.word) + " " + write(*expr.args[0], kCompared);
      case Expr::Kind::binary:
        return binary(expr);
      case Expr::Kind::cases:
        return cases(expr);
      case Expr::Kind::aggregate:
        return aggregate(expr);
    }
    return {};
  }

  /// A word of the language, or a name that a policy made.
  [[nodiscard]] std::string name(const Token& token) const {
    return token.keyword ? word(token.word) : token.raw;
  }

  [[nodiscard]] std::string number(const Expr& expr) const {
    std::string out = expr.token.raw;
    for (const Token& unit : expr.unit) {
      const bool tight = unit.kind == TokenKind::symbol || !unit.spaced;
      out += (tight ? "" : " ") + name(unit);
    }
    return out;
  }

  [[nodiscard]] std::string binary(const Expr& expr) const {
    const Level own = level(expr);
    const auto tighter = static_cast<Level>(own + 1);
    const std::string& sign = expr.token.word;
    std::string out = write(*expr.args[0], own == kCompared ? tighter : own) + " " +
                      (own == kSum || own == kProduct ? sign : word(sign)) + " " +
                      write(*expr.args[1], tighter);
    if (expr.end == CalendarEnd::exact) out += " " + word("exact");
    if (expr.end == CalendarEnd::end_of_day) out += " " + word("to end of day");
    return out;
  }

  [[nodiscard]] std::string cases(const Expr& expr) const {
    std::string out = "(";
    for (std::size_t i = 0; i + 1 < expr.args.size(); i += 2) {
      out += i == 0 ? "" : ", ";
      out +=
          expr.args[i] == nullptr ? word("otherwise") : word("when") + " " + write(*expr.args[i]);
      out += " => " + write(*expr.args[i + 1]);
    }
    return out + ")";
  }

  [[nodiscard]] std::string aggregate(const Expr& expr) const {
    const Traversal& over = expr.over;
    std::string out = name(expr.token) + "(";
    if (!expr.args.empty() && expr.args[0] != nullptr) out += write(*expr.args[0]) + " ";
    out += word("for") + " " + over.variable.raw + " " + word("in") + " ";
    if (over.changed) out += word("changed") + " ";
    if (over.source != nullptr) out += write(*over.source);
    if (over.at != nullptr) out += " " + word("at") + " " + write(*over.at);
    if (over.where != nullptr) out += " " + word("where") + " " + write(*over.where);
    for (std::size_t i = 0; i < over.by.size(); ++i) {
      out += (i == 0 ? " " + word("by") + " " : ", ") + write(*over.by[i]);
      if (i < over.descending.size() && over.descending[i]) out += " " + word("descending");
    }
    return out + ")";
  }

  const Skin& skin_;
};

}  // namespace

std::string expr_text(const Expr& expr, const Skin& skin) { return Writer(skin).write(expr); }

}  // namespace toll::dsl
