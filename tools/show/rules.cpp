// What happens with events, decisions, measures, grants and timers, as sentences and steps.

#include <algorithm>

#include "tools/show/subject.hpp"

namespace toll::tools::show {

using dsl::Clause;
using dsl::Cursor;
using dsl::Token;
using dsl::TokenKind;

namespace {

void say(Blocks& blocks, Inline text) {
  if (!text.empty()) blocks.push_back({Paragraph{std::move(text)}});
}

void steps(const Subject& subject, const std::vector<Clause>& body, const Scope& scope,
           std::string_view title, Blocks& blocks) {
  std::vector<Item> items = subject.steps.of(body, subject.remarks, scope);
  if (items.empty()) return;
  say(blocks, subject.say(title));
  blocks.push_back({List{std::move(items), false}});
}

bool is_word(const Clause& clause, std::string_view word) {
  return !clause.head.empty() && clause.head[0].kind == TokenKind::word &&
         clause.head[0].word == word;
}

Item condition(const Subject& subject, std::string_view id, Cursor& head, const Scope& scope) {
  return {subject.say(id, {subject.phrases.condition(tokens_until(head), scope)}), {}, false};
}

// ---- Events ------------------------------------------------------------------------------------

void event_fields(const Subject& subject, const std::vector<Clause>& body,
                  const std::string& within, const std::string& wire_within, Grid& grid) {
  for (const Clause& item : body) {
    if (!is_word(item, "field")) continue;
    Cursor line = read(item);
    line.next();
    const std::string called = line.next().raw;
    std::string wire = wire_name(line);
    if (wire.empty()) wire = called;
    line.accept_symbol(":");
    std::vector<Inline> holds = {subject.words.type(line)};
    if (line.accept_word("required")) holds.push_back(subject.say("show.field.required"));
    if (line.accept_word("blank")) holds.push_back(subject.say("show.field.blank"));
    if (line.accept_symbol("=")) {
      const Inline initial = subject.phrases.expression(tokens_until(line), {});
      holds.push_back(subject.say("show.field.default", {initial}));
    }
    Grid::Row row;
    row.cells = {name(within + called), code(wire_within + wire), subject.words.series(holds),
                 value(subject.remarks.of(item.span))};
    grid.rows.push_back(std::move(row));
    event_fields(subject, item.body, within + called + ".", wire_within + wire + ".", grid);
  }
}

void refusals(const Subject& subject, const Clause& clause, const Scope& scope, Blocks& blocks) {
  List list;
  list.ordered = true;
  std::vector<Inline> bounds;
  for (const Clause& item : clause.body) {
    Cursor line = read(item);
    if (line.at_word("refuse") && line.peek(1).kind == TokenKind::string) {
      line.next();
      const Inline reason = code(line.next().raw);
      line.accept_word("when");
      const Inline said = subject.say(
          "show.refuse", {reason, subject.phrases.condition(tokens_until(line), scope)});
      list.items.push_back(
          remarked(subject.words, {said, {}, false}, subject.remarks.of(item.span)));
    } else if (line.accept_word("bounded")) {
      bounds.push_back(subject.phrases.expression(tokens_until(line), scope));
    }
  }
  if (!list.items.empty()) {
    say(blocks, subject.say("show.refusals"));
    blocks.push_back({std::move(list)});
  }
  if (!bounds.empty()) say(blocks, subject.say("show.bounded", {subject.words.series(bounds)}));
}

}  // namespace

Blocks event(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  Cursor head = read(clause);
  head.next();
  Scope scope;
  scope.event = subject.phrases.event_index(head.next());
  Grid grid;
  grid.columns = {{subject.say("show.column.field"), false},
                  {subject.say("show.column.wire"), false},
                  {subject.say("show.column.holds"), false},
                  {subject.say("show.column.remark"), false}};
  event_fields(subject, clause.body, "", "", grid);
  const bool remarks = std::any_of(grid.rows.begin(), grid.rows.end(), [](const Grid::Row& row) {
    return !plain(row.cells[3], Language::en).empty();
  });
  if (!remarks) {
    grid.columns.pop_back();
    for (Grid::Row& row : grid.rows) row.cells.pop_back();
  }
  if (!grid.rows.empty()) blocks.push_back({std::move(grid)});
  refusals(subject, clause, scope, blocks);
  std::vector<Clause> rest;
  for (const Clause& item : clause.body) {
    const bool shown =
        is_word(item, "field") || is_word(item, "refuse") || is_word(item, "bounded");
    if (!shown) rest.push_back(item);
  }
  steps(subject, rest, scope, "show.then", blocks);
  if (blocks.empty()) say(blocks, subject.say("show.event.bare"));
  say(blocks, source_of(subject, clause));
  return blocks;
}

Blocks handler(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  Scope scope;
  if (clause.head.size() > 1) scope.event = subject.phrases.event_index(clause.head[1]);
  blocks.push_back({List{subject.steps.of(clause.body, subject.remarks, scope), false}});
  return blocks;
}

// ---- Decisions and measures --------------------------------------------------------------------

Blocks decision(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  Scope scope;
  if (clause.head.size() > 1) scope.event = subject.phrases.event_index(clause.head[1]);
  std::vector<Clause> shared;
  std::vector<Item> granted;
  Item denial;
  List reasons;
  reasons.ordered = true;
  for (const Clause& item : clause.body) {
    if (is_word(item, "let")) {
      shared.push_back(item);
      // Names made here are known in what follows.
      Cursor line = read(item);
      line.next();
      const std::string called = line.next().raw;
      line.accept_symbol("=");
      const dsl::ExprPtr expr = read_expression(tokens_until(line));
      scope.locals.push_back(
          {called, expr == nullptr ? std::nullopt : subject.phrases.type_of(*expr, scope), false});
    } else if (is_word(item, "denied")) {
      denial = subject.steps.emit(item, scope);
    } else if (is_word(item, "approve")) {
      granted = subject.steps.of(item.body, subject.remarks, scope);
    } else if (is_word(item, "deny")) {
      Cursor line = read(item);
      line.next();
      const Inline reason = code(line.next().raw);
      line.accept_word("when");
      const Inline when = subject.phrases.condition(tokens_until(line), scope);
      Inline said = subject.say("show.deny", {reason, when});
      std::vector<Inline> members;
      for (const Clause& member : item.body) {
        Cursor more = read(member);
        const Inline called = name(more.next().raw);
        if (!more.accept_symbol("=")) continue;
        members.push_back(
            subject.say("show.assign", {called, subject.phrases.part(tokens_until(more), scope)}));
      }
      if (!members.empty())
        said = subject.say("show.deny-with", {said, subject.words.series(members)});
      reasons.items.push_back(
          remarked(subject.words, {said, {}, false}, subject.remarks.of(item.span)));
    }
  }
  Scope before;
  before.event = scope.event;
  steps(subject, shared, before, "show.decide.where", blocks);
  say(blocks, subject.say("show.decide.reasons"));
  blocks.push_back({std::move(reasons)});
  if (!denial.text.empty()) say(blocks, subject.say("show.decide.denied", {denial.text}));
  if (!granted.empty()) {
    say(blocks, subject.say("show.decide.granted"));
    blocks.push_back({List{std::move(granted), false}});
  }
  say(blocks, source_of(subject, clause));
  return blocks;
}

Blocks measure(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  Cursor head = read(clause);
  head.next();
  const Token event = head.next();
  Scope scope;
  scope.event = subject.phrases.event_index(event);
  head.accept_word("into");
  const Inline counter = subject.words.ref("family", head.next());
  Inline home;
  List rows;
  rows.ordered = true;
  const auto keys = [&](const Tokens& tokens, const Scope& here) {
    std::vector<Inline> all;
    dsl::Diagnostics none;
    Cursor line(tokens, clause.span, none);
    while (!line.done()) {
      all.push_back(subject.phrases.expression(tokens_until(line, {","}), here));
      line.accept_symbol(",");
    }
    return subject.words.list(all);
  };
  for (const Clause& item : clause.body) {
    Cursor line = read(item);
    if (line.accept_word("to")) {
      home = keys(tokens_until(line), scope);
      continue;
    }
    if (!line.at_word("when") && !line.at_word("otherwise")) continue;
    const bool otherwise = line.next().word == "otherwise";
    const Inline when =
        otherwise
            ? subject.say("show.do-otherwise")
            : subject.say("show.do-when",
                          {subject.phrases.condition(tokens_until(line, {"as", "=>"}), scope)});
    Inline label;
    if (line.accept_word("as")) label = line.next().raw;
    line.accept_symbol("=>");
    const Tokens units = tokens_until(line, {"to", "for"});
    Tokens to;
    if (line.accept_word("to")) to = tokens_until(line, {"for"});
    Scope inner = scope;
    Inline rows_of;
    if (line.accept_word("for"))
      rows_of = subject.phrases.traversal(line.traversal(), scope, inner);
    const bool none = units.size() == 1 && units[0].word == "none";
    Inline said =
        none ? subject.say("show.measure.none") : subject.phrases.expression(units, inner);
    if (!rows_of.empty()) said = subject.say("show.measure.each", {said, rows_of});
    if (!to.empty()) said = subject.say("show.measure.to", {said, keys(to, inner)});
    said = subject.say("show.measure.row", {when, said});
    if (!label.empty()) said = subject.say("show.labelled", {strong(label), said});
    rows.items.push_back(remarked(subject.words, {said, {}, false}, subject.remarks.of(item.span)));
  }
  say(blocks, subject.say("show.measure.intro", {subject.words.ref("event", event)}));
  blocks.push_back({std::move(rows)});
  say(blocks, home.empty() ? subject.say("show.measure.into", {counter})
                           : subject.say("show.measure.into-keys", {counter, home}));
  say(blocks, source_of(subject, clause));
  return blocks;
}

// ---- Time and money ----------------------------------------------------------------------------

Blocks timer(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  steps(subject, clause.body, {}, "show.timer.does", blocks);
  say(blocks, source_of(subject, clause));
  return blocks;
}

Blocks timeline(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  Cursor head = read(clause);
  head.next();
  std::vector<Inline> timers;
  do {
    timers.push_back(subject.words.ref("timer", head.next()));
  } while (head.accept_symbol(","));
  say(blocks, subject.say("show.timeline", {subject.words.list(timers)}));
  return blocks;
}

Blocks tariff(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  Cursor head = read(clause);
  head.next();
  head.next();
  head.accept_word("by");
  const Inline table = subject.words.ref("table", head.next());
  head.accept_symbol(".");
  const Inline column = name(head.next().raw);
  const bool graduated = head.accept_word("graduated");
  say(blocks,
      subject.say(graduated ? "show.tariff.graduated" : "show.tariff.reached", {table, column}));
  introduce(subject, clause, blocks);
  say(blocks, source_of(subject, clause));
  return blocks;
}

Blocks grant(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  Cursor head = read(clause);
  head.next();
  head.next();
  head.accept_word("for");
  Scope scope;
  const dsl::Traversal over = head.traversal();
  const Inline rows = subject.phrases.traversal(over, {}, scope);
  for (Scope::Local& local : scope.locals) local.at_hand = false;
  List list;
  list.items.push_back({subject.say("show.grant.for", {rows, name(over.variable.raw)}), {}, false});
  std::vector<Clause> gives;
  for (const Clause& item : clause.body) {
    Cursor line = read(item);
    if (line.accept_word("via")) {
      const Inline table = subject.words.ref("table", line.next());
      line.accept_symbol(".");
      list.items.push_back(
          {subject.say("show.grant.via", {table, name(line.next().raw)}), {}, false});
    } else if (line.accept_word("once")) {
      line.accept_word("per");
      const Inline key = subject.words.ref("domain", line.next());
      const bool monthly = line.accept_symbol(",");
      list.items.push_back(
          {subject.say(monthly ? "show.grant.once-monthly" : "show.grant.once", {key}), {}, false});
    } else {
      gives.push_back(item);
    }
  }
  for (Item& item : subject.steps.of(gives, subject.remarks, scope)) {
    list.items.push_back(std::move(item));
  }
  blocks.push_back({std::move(list)});
  say(blocks, source_of(subject, clause));
  return blocks;
}

Blocks issue(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  List list;
  const auto add = [&](Item item, const Clause& from) {
    list.items.push_back(remarked(subject.words, std::move(item), subject.remarks.of(from.span)));
  };
  for (const Clause& item : clause.body) {
    Cursor line = read(item);
    if (line.accept_word("grants")) {
      std::vector<Inline> grants;
      do {
        grants.push_back(subject.words.ref("grant", line.next()));
      } while (line.accept_symbol(","));
      add({subject.say("show.issue.grants", {subject.words.list(grants)}), {}, false}, item);
    } else if (line.accept_word("monthly")) {
      add({subject.say("show.issue.monthly", {subject.words.ref("grant", line.next())}), {}, false},
          item);
    } else if (line.accept_word("scope")) {
      add({subject.say("show.issue.scope", {subject.words.ref("account", line.next())}), {}, false},
          item);
    } else if (line.accept_word("while")) {
      add(condition(subject, "show.issue.while", line, {}), item);
    } else if (line.accept_word("hold")) {
      line.accept_word("when");
      add(condition(subject, "show.issue.hold", line, {}), item);
    } else if (line.accept_word("dormant")) {
      line.accept_word("when");
      add(condition(subject, "show.issue.dormant", line, {}), item);
    } else if (line.accept_word("woken")) {
      const Inline when = subject.phrases.expression(tokens_until(line, {"by"}), {});
      add({subject.say("show.issue.woken", {when}), {}, false}, item);
    }
  }
  blocks.push_back({std::move(list)});
  say(blocks, source_of(subject, clause));
  return blocks;
}

}  // namespace toll::tools::show
