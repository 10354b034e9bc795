#include "dsl/resolve/scenarios.hpp"

#include <array>

#include "dsl/resolve/literals.hpp"
#include "dsl/resolve/scenario_json.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

constexpr std::uint32_t kMostEntries = 1000;  ///< that a step may expect
// What is set aside for most texts; longer ones grow.
constexpr std::size_t kEventLength = 220;
constexpr std::size_t kEntryLength = 120;

bool is_literal(const Expr& expr) {
  switch (expr.kind) {
    case Expr::Kind::number:
    case Expr::Kind::percent:
    case Expr::Kind::text:
    case Expr::Kind::date:
    case Expr::Kind::time:
    case Expr::Kind::constant:
      return true;
    case Expr::Kind::unary:
      return is_literal(*expr.args[0]);
    default:
      return false;
  }
}

SourceSpan span_of(const std::vector<Token>& tokens, std::size_t first) {
  return {tokens[first].span.file, tokens[first].span.begin, tokens.back().span.end};
}

}  // namespace

/// NAME ["SOURCE"] [file "ROWS.csv"]
bool ScenarioReader::head(Scenario& scenario, Token* file) {
  Cursor head = builder_.cursor(clause_);
  head.next();
  scenario.name =
      head.peek().kind == TokenKind::string ? head.next().raw : head.name("what.scenario").raw;
  if (head.peek().kind == TokenKind::string) scenario.source = head.next().raw;
  if (file != nullptr && head.accept_word("file")) *file = head.string("what.csv");
  scenario.span = clause_.span;
  return head.finish();
}

void ScenarioReader::read(std::vector<Scenario>& out) {
  Scenario scenario;
  if (!head(scenario, nullptr)) return;
  scenario.steps.reserve(clause_.body.size());
  for (const Clause& item : clause_.body) {
    if (item.kind == Clause::Kind::row) {
      builder_.error(item.span, "E0908.row");
    } else {
      step(item, scenario);
    }
  }
  out.push_back(std::move(scenario));
}

void ScenarioReader::step(const Clause& clause, Scenario& scenario) {
  Cursor head = builder_.cursor(clause);
  if (head.accept_word("at")) return at_step(clause, head, scenario);
  if (head.accept_word("expect")) {
    if (head.accept_word("that") || is_condition(head)) return that_step(clause, head, scenario);
    return expect_step(clause, head, scenario);
  }
  if (head.at_word("source")) return;
  builder_.error(clause.span, "E0901.step");
}

/// `MACHINE is STATE`, `balance < 0`: no entry and no member is called like a sign.
bool ScenarioReader::is_condition(const Cursor& head) {
  constexpr std::array<std::string_view, 7> kSigns = {"=", "!=", "<", "<=", ">", ">=", "."};
  const TokenKind kind = head.peek().kind;
  if (kind != TokenKind::word && kind != TokenKind::quoted) return false;
  for (const std::string_view sign : kSigns) {
    if (head.at_symbol(sign, 1)) return true;
  }
  return (head.at_symbol("[", 1) || head.at_symbol("(", 1)) && !head.peek(1).spaced;
}

void ScenarioReader::at_step(const Clause& clause, Cursor& head, Scenario& scenario) {
  const Token* time = &head.next();
  if (Cell* const cell = column(*time); cell != nullptr) {
    cell->used = true;
    ++cells_read_;
    Cursor inner(*cell->tokens, cell->span, builder_.diagnostics_);
    time = &inner.next();
    if (time->kind != TokenKind::date && time->kind != TokenKind::time)
      return inner.fail("what.time");
    if (!inner.finish()) return;
  }
  if (time->kind != TokenKind::date && time->kind != TokenKind::time) return head.fail("what.time");
  ScenarioStep step;
  step.span = clause.span;
  step.time = time_text(*time);
  if (head.done()) {
    step.kind = ScenarioStep::Kind::until;
    scenario.steps.push_back(std::move(step));
    return;
  }
  const Token& name = head.name("what.event");
  const auto event = event_called(name);
  if (head.failed()) return;
  if (!event) return builder_.unknown(name, builder_.events_, "noun.event");
  const std::string number = "s" + std::to_string(++events_);
  std::string_view id = number;
  if (head.at_word("id") && head.peek(1).kind == TokenKind::string) {
    head.next();
    id = head.next().raw;
  }
  std::string& json = step.json;
  json.reserve(kEventLength);
  json = R"({"specversion":"1.0","id":)";
  add_json_text(json, id);
  json += R"(,"source":"scenario","type":)";
  add_json_text(json, builder_.core_.events[*event].wire);
  json += R"(,"subject":"scenario","time":")";
  json += step.time;
  json += R"(","data":{)";
  if (!head.done() && !event_fields(head, *event, kNone, json)) return;
  if (!head.finish()) return;
  json += "}}";
  scenario.steps.push_back(std::move(step));
}

/// By its name, or by the one it has on the wire.
std::optional<std::uint32_t> ScenarioReader::event_called(const Token& name) const {
  const auto known = builder_.find(builder_.events_, name);
  for (std::uint32_t i = 0; !known && i < builder_.core_.events.size(); ++i) {
    if (builder_.core_.events[i].wire == name.raw) return i;
  }
  return known;
}

void ScenarioReader::expect_step(const Clause& clause, Cursor& head, Scenario& scenario) {
  ScenarioStep step;
  step.kind = ScenarioStep::Kind::expect;
  step.span = clause.span;
  step.negated = head.accept_word("no");
  if (!step.negated && head.peek().kind == TokenKind::number) {
    const Token& number = head.next();
    const auto count = decimal_value(number.raw, 0);
    if (!count || *count < 1 || *count > kMostEntries)
      return builder_.error(number.span, "E0909.how-many");
    step.count = static_cast<std::uint32_t>(*count);
  }
  std::string& json = step.json;
  json.reserve(kEntryLength);
  json = "{";
  if (step.negated && head.at_word("entry") && head.peek(1).raw.empty()) {
    head.next();  // no entry of any kind
  } else if (head.at_word("error") || head.at_word("duplicate")) {
    // The two entries that every policy has.
    json += "\"kind\":";
    add_json_text(json, head.next().word);
    const auto read = [](Cursor& at, std::string& out) {
      add_json_text(out, at.string("what.error-code").raw);
      return !at.failed();
    };
    if (!head.done()) {
      json += ",\"code\":";
      if (!value_or_column(head, nullptr, nullptr, json, read)) return;
    }
  } else {
    const Token& name = head.name("what.entry");
    const auto entry = builder_.find(builder_.entries_, name);
    if (head.failed()) return;
    if (!entry) return builder_.unknown(name, builder_.entries_, "noun.entry");
    const EntryKind& kind = builder_.core_.entries[*entry];
    json += "\"kind\":";
    add_json_text(json, kind.wire);
    if (!head.done() && !members(head, kind, json)) return;
  }
  if (!head.finish()) return;
  json += '}';
  scenario.steps.push_back(std::move(step));
}

/// The rest of the head with the cells of the row in place of the columns' names.
std::vector<Token> ScenarioReader::without_columns(const Cursor& head, const Clause& clause) {
  std::vector<Token> made;
  for (std::size_t i = head.position(); i < clause.head.size(); ++i) {
    const Token& token = clause.head[i];
    const bool member =
        !made.empty() && made.back().kind == TokenKind::symbol && made.back().word == ".";
    Cell* const cell = member ? nullptr : column(token);
    if (cell == nullptr) {
      made.push_back(token);
      continue;
    }
    for (const NameMap* names : {&builder_.registers_, &builder_.definitions_, &builder_.machines_,
                                 &builder_.settings_, &builder_.families_}) {
      if (token.kind == TokenKind::word && builder_.find(*names, token))
        builder_.error(token.span, {"E0907.value", {token.raw}});
    }
    cell->used = true;
    ++cells_read_;
    Token bracket;
    bracket.kind = TokenKind::symbol;
    bracket.span = token.span;
    bracket.raw = bracket.word = "(";
    bracket.spaced = token.spaced;
    made.push_back(bracket);
    const bool dash = cell->tokens->size() == 1 && cell->tokens->front().word == "-";
    for (Token inner : *cell->tokens) {
      if (dash) {
        inner.kind = TokenKind::word;
        inner.raw = inner.word = "none";
        inner.keyword = true;
      }
      inner.span = token.span;
      made.push_back(inner);
    }
    bracket.raw = bracket.word = ")";
    made.push_back(bracket);
  }
  return made;
}

std::uint32_t ScenarioReader::define(NodeId node, const Context& context,
                                     const Scenario& scenario) {
  Definition definition;
  definition.name = "scenario " + scenario.name + " " + std::to_string(scenario.steps.size());
  definition.body = node;
  definition.frame = context.frame;
  definition.clause = context.clause;
  builder_.core_.definitions.push_back(std::move(definition));
  return static_cast<std::uint32_t>(builder_.core_.definitions.size() - 1);
}

/// A condition on the account as it is: a definition of the core that only scenarios use.
void ScenarioReader::that_step(const Clause& clause, Cursor& head, Scenario& scenario) {
  if (head.done()) return head.fail("role.condition");
  const std::vector<Token> tokens = without_columns(head, clause);
  Cursor condition(tokens, clause.span, builder_.diagnostics_);
  const ExprPtr expr = condition.expression();
  if (expr == nullptr || !condition.finish()) return;
  Context context;
  context.clause = builder_.clause("scenario:" + scenario.name + "/that", clause.span);
  const Typed holds = builder_.guard(*expr, context);
  if (!holds.ok()) return;
  ScenarioStep step;
  step.kind = ScenarioStep::Kind::that;
  step.span = clause.span;
  step.condition = span_of(clause.head, head.position());
  step.definition = define(holds.node, context, scenario);
  parts(*expr, holds.node, context, scenario, step);
  scenario.steps.push_back(std::move(step));
}

/// What a condition compares, so that its values can be shown. The expression and its node have the
/// same shape down to the comparisons; where they have not, nothing is shown.
void ScenarioReader::parts(const Expr& expr, NodeId id, const Context& context,
                           const Scenario& scenario, ScenarioStep& step) {
  const Node& node = builder_.core_.nodes[id];
  const std::string& word = expr.token.word;
  const auto is_column = [this](std::string_view written) {
    return cells_.count(fold(written)) != 0;
  };
  const auto part = [&](const Expr& of, NodeId value) {
    const Type type = builder_.core_.nodes[value].type;
    const bool literal = is_literal(of) && !is_column(builder_.sources_.slice(of.span));
    const bool name = type.kind == Kind::name && builder_.core_.nodes[value].op == Op::constant;
    const bool shown = type.kind == Kind::boolean || type.kind == Kind::number ||
                       type.kind == Kind::name || type.kind == Kind::date ||
                       type.kind == Kind::month || type.kind == Kind::instant;
    // A text made on the spot is gone when it could be shown; one that an account keeps is not.
    const bool kept = type.kind == Kind::text && builder_.core_.nodes[value].op == Op::reg;
    if (literal || name || !(shown || kept)) return;
    step.parts.push_back({of.span, define(value, context, scenario), type});
  };
  if (expr.kind == Expr::Kind::binary && node.args.size() == 2) {
    const bool both = word == "and" || word == "or";
    if (both && (node.op == Op::logical_and || node.op == Op::logical_or)) {
      parts(*expr.args[0], node.args[0], context, scenario, step);
      parts(*expr.args[1], node.args[1], context, scenario, step);
    } else if (!both) {
      part(*expr.args[0], node.args[0]);
      part(*expr.args[1], node.args[1]);
    }
  } else if (expr.kind == Expr::Kind::unary && node.args.size() == 1) {
    if (node.op == Op::logical_not && word == "not") {
      parts(*expr.args[0], node.args[0], context, scenario, step);
    } else if (node.op == Op::present) {
      part(*expr.args[0], node.args[0]);
    }
  }
}

}  // namespace toll::dsl
