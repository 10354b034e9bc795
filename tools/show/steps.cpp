#include "tools/show/steps.hpp"

namespace toll::tools::show {
namespace {

using dsl::Clause;
using dsl::Cursor;

dsl::Diagnostics& nowhere() {
  thread_local dsl::Diagnostics none;
  return none;
}

Item plain_item(Inline text) { return {std::move(text), {}, false}; }

Inline argument_list(const Words& words, const Phrases& phrases, Cursor& head, const Scope& scope) {
  std::vector<Inline> arguments;
  if (head.accept_symbol("(") && !head.at_symbol(")")) {
    do {
      arguments.push_back(phrases.part(tokens_until(head, {",", ")"}), scope));
    } while (head.accept_symbol(","));
  }
  return words.list(arguments);
}

/// The effect's word, or nothing if the statement assigns to something called like one.
std::string lead_of(const Clause& clause, Cursor& head) {
  if (clause.head.empty() || head.peek().kind != dsl::TokenKind::word) return {};
  const bool assigns = head.at_symbol(".", 1) || head.at_symbol(":=", 1) ||
                       head.at_symbol("+=", 1) || (head.at_symbol("[", 1) && !head.peek(1).spaced);
  return assigns ? std::string() : head.peek().word;
}

}  // namespace

Item remarked(const Words& words, Item item, const std::string& remark) {
  if (!remark.empty()) item.text = words.say("show.remarked", {item.text, value(remark)});
  return item;
}

std::vector<Item> Steps::of(const std::vector<Clause>& body, const Remarks& remarks,
                            Scope scope) const {
  std::vector<Item> items;
  for (const Clause& clause : body) {
    if (clause.kind == Clause::Kind::row || clause.head.empty()) continue;
    const bool source = clause.head[0].word == "source" && clause.head.size() == 2 &&
                        clause.head[1].kind == dsl::TokenKind::string;
    if (source || clause.head[0].word == "allow") continue;  // the latter is said to the checker
    items.push_back(remarked(words_, step(clause, remarks, scope), remarks.of(clause.span)));
  }
  return items;
}

Item Steps::step(const Clause& clause, const Remarks& remarks, Scope& scope) const {
  Cursor head(clause.head, clause.span, nowhere());
  const std::string word = lead_of(clause, head);
  if (word == "when" || word == "otherwise") return rule(clause, remarks, scope);
  if (word == "choose") return choose(clause, remarks, scope);
  if (word.empty()) return assignment(head, scope);
  head.next();
  if (word == "let") return let(head, scope);
  if (word == "put") return put(clause, head, scope);
  if (word == "draw") return draw(clause, head, remarks, scope);
  if (word == "each") return each(clause, head, remarks, scope);
  if (word == "emit") return emit_from(clause, head, scope);
  if (word == "arm" || word == "disarm" || word == "move") {
    head.rewind(0);
    return timing(head, scope);
  }
  if (word == "clear")
    return plain_item(words_.say("show.do-clear", {words_.ref("family", head.next())}));
  if (word == "run") {
    const Inline called = words_.ref("procedure", head.next());
    const Inline arguments = argument_list(words_, phrases_, head, scope);
    if (arguments.empty()) return plain_item(words_.say("show.do-run", {called}));
    return plain_item(words_.say("show.do-run-with", {called, arguments}));
  }
  head.rewind(0);
  if (word == "offer" || word == "begin" || word == "resume" || word == "wake" ||
      word == "measure") {
    return program(head, scope);
  }
  return assignment(head, scope);
}

/// `(when .. => .., otherwise => ..)` becomes steps of its own; anything else stays in the line.
Item Steps::with_cases(std::string_view id, const Inline& name, const Tokens& value,
                       const Scope& scope) const {
  const std::vector<Inline> cases = phrases_.cases(value, scope);
  if (cases.empty()) return plain_item(words_.say(id, {name, phrases_.expression(value, scope)}));
  Item item = plain_item(words_.say(id, {name, words_.say("show.first-that-holds")}));
  for (const Inline& one : cases) item.items.push_back(plain_item(one));
  item.ordered = true;
  return item;
}

Item Steps::let(Cursor& head, Scope& scope) const {
  const dsl::Token called = head.next();
  head.accept_symbol("=");
  const Tokens value = tokens_until(head);
  Item item = with_cases("show.do-let", name(called.raw), value, scope);
  const dsl::ExprPtr expr = read_expression(value);
  scope.locals.push_back(
      {called.raw, expr == nullptr ? std::nullopt : phrases_.type_of(*expr, scope), false});
  return item;
}

Item Steps::put(const Clause& clause, Cursor& head, Scope& scope) const {
  const dsl::Token list = head.next();
  const Inline members = fields(clause.body, scope);
  if (!head.accept_word("as")) {
    return plain_item(words_.say("show.do-put", {words_.ref("family", list), members}));
  }
  const dsl::Token called = head.next();
  scope.locals.push_back({called.raw, phrases_.row_of_family(list), false});
  return plain_item(
      words_.say("show.do-put-as", {words_.ref("family", list), members, name(called.raw)}));
}

Inline Steps::fields(const std::vector<Clause>& body, const Scope& scope) const {
  std::vector<Inline> all;
  for (const Clause& clause : body) {
    Cursor line(clause.head, clause.span, nowhere());
    if (line.at_word("rows") && !line.at_symbol("=", 1)) {
      line.next();
      const Inline member = name(line.next().raw);
      line.accept_word("for");
      Scope inner = scope;
      const Inline rows = phrases_.traversal(line.traversal(), scope, inner);
      all.push_back(words_.say("show.member-rows", {member, rows, fields(clause.body, inner)}));
      continue;
    }
    const Inline member = name(line.next().raw);
    if (!line.accept_symbol("=")) continue;
    all.push_back(words_.say("show.assign", {member, phrases_.part(tokens_until(line), scope)}));
  }
  return words_.series(all);
}

Item Steps::emit(const Clause& clause, const Scope& scope) const {
  Cursor head(clause.head, clause.span, nowhere());
  while (!head.done() && !head.accept_word("emit")) head.next();
  return emit_from(clause, head, scope);
}

Item Steps::emit_from(const Clause& clause, Cursor& head, const Scope& scope) const {
  const Inline entry = words_.ref("entry", head.next());
  const Inline members = fields(clause.body, scope);
  if (members.empty()) return plain_item(words_.say("show.do-emit", {entry}));
  return plain_item(words_.say("show.do-emit-with", {entry, members}));
}

Item Steps::draw(const Clause& clause, Cursor& head, const Remarks& remarks, Scope& scope) const {
  Scope inner = scope;
  const dsl::Traversal over = head.traversal();
  const Inline rows = phrases_.traversal(over, scope, inner);
  head.accept_word("take");
  const Tokens amount = tokens_until(head, {"from"});
  head.accept_word("from");
  const Inline field = name(head.next().raw);
  Item item =
      plain_item(words_.say("show.do-draw", {phrases_.expression(amount, scope), field, rows}));
  for (Scope::Local& local : inner.locals) local.at_hand = false;
  if (!clause.body.empty()) {
    const Inline row = name(over.variable.raw);
    item.text = words_.say("show.do-draw-each", {item.text, row});
    item.items = of(clause.body, remarks, inner);
  }
  return item;
}

Item Steps::each(const Clause& clause, Cursor& head, const Remarks& remarks,
                 const Scope& scope) const {
  Scope inner = scope;
  const dsl::Traversal over = head.traversal();
  const Inline rows = phrases_.traversal(over, scope, inner);
  for (Scope::Local& local : inner.locals) local.at_hand = false;
  Item item = plain_item(words_.say("show.do-each", {name(over.variable.raw), rows}));
  item.items = of(clause.body, remarks, inner);
  return item;
}

Item Steps::choose(const Clause& clause, const Remarks& remarks, const Scope& scope) const {
  Item item = plain_item(words_.say("show.do-first"));
  item.ordered = true;
  for (const Clause& one : clause.body) {
    item.items.push_back(remarked(words_, rule(one, remarks, scope), remarks.of(one.span)));
  }
  return item;
}

Item Steps::rule(const Clause& clause, const Remarks& remarks, const Scope& scope) const {
  Cursor head(clause.head, clause.span, nowhere());
  Item item;
  if (head.accept_word("otherwise")) {
    item.text = words_.say("show.do-otherwise");
  } else {
    head.accept_word("when");
    item.text = words_.say("show.do-when", {phrases_.condition(tokens_until(head, {"as"}), scope)});
  }
  item.items = of(clause.body, remarks, scope);
  if (item.items.empty()) item.items.push_back(plain_item(words_.say("show.do-nothing")));
  return item;
}

Item Steps::timing(Cursor& head, const Scope& scope) const {
  const std::string word = head.next().word;
  const dsl::Token what = head.next();
  if (word == "disarm")
    return plain_item(words_.say("show.do-disarm", {words_.ref("timer", what)}));
  head.next();  // at, to
  const Tokens value = tokens_until(head);
  if (word == "arm") return with_cases("show.do-arm", words_.ref("timer", what), value, scope);
  return with_cases("show.do-move", words_.ref("machine", what), value, scope);
}

Item Steps::program(Cursor& head, const Scope& scope) const {
  const std::string word = head.next().word;
  const dsl::Token what = head.next();
  if (word == "measure")
    return plain_item(words_.say("show.do-measure", {words_.ref("measure", what)}));
  const Inline program = words_.ref("issue", what);
  if (word == "begin") return plain_item(words_.say("show.do-begin", {program}));
  if (word == "resume") return plain_item(words_.say("show.do-resume", {program}));
  if (word == "wake") return plain_item(words_.say("show.do-wake", {program}));
  return plain_item(
      words_.say("show.do-offer", {program, phrases_.expression(tokens_until(head), scope)}));
}

Item Steps::assignment(Cursor& head, const Scope& scope) const {
  const Tokens target = tokens_until(head, {":=", "+="});
  const bool adds = head.accept_symbol("+=");
  if (!adds) head.accept_symbol(":=");
  const Tokens value = tokens_until(head);
  const Inline what = phrases_.expression(target, scope);
  // What no version of this page knows is shown as it is written.
  if (value.empty()) return plain_item(code(text_of(target, 0, target.size())));
  return with_cases(adds ? "show.do-add" : "show.do-set", what, value, scope);
}

}  // namespace toll::tools::show
