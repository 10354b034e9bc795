// Settings, domains, terms, and the shapes of accounts and entries.

#include <algorithm>

#include "dsl/resolve/literals.hpp"
#include "dsl/syntax/name.hpp"
#include "tools/show/subject.hpp"

namespace toll::tools::show {

using dsl::Clause;
using dsl::Cursor;
using dsl::Token;
using dsl::TokenKind;

Cursor read(const Clause& clause) {
  thread_local dsl::Diagnostics none;
  return {clause.head, clause.span, none};
}

std::string wire_name(Cursor& head) {
  if (!head.at_symbol("=") || head.peek(1).kind != TokenKind::string) return {};
  head.next();
  return head.next().raw;
}

Inline source_of(const Subject& subject, const Clause& clause) {
  std::vector<Inline> all;
  for (const Clause& item : clause.body) {
    if (item.head.size() == 2 && item.head[0].word == "source" &&
        item.head[1].kind == TokenKind::string) {
      all.push_back(value(item.head[1].raw));
    }
  }
  return all.empty() ? Inline() : subject.say("show.source", {subject.words.series(all)});
}

void introduce(const Subject& subject, const Clause& clause, Blocks& blocks) {
  const std::string remark = subject.remarks.of(clause.span);
  if (!remark.empty()) blocks.push_back({Paragraph{value(remark)}});
}

// ---- Settings ----------------------------------------------------------------------------------

Block settings(const Subject& subject, const std::vector<const Clause*>& clauses) {
  Grid grid;
  grid.columns = {{subject.say("show.column.setting"), false},
                  {subject.say("show.column.value"), false},
                  {subject.say("show.column.remark"), false}};
  for (const Clause* clause : clauses) {
    Cursor head = read(*clause);
    head.next();
    const Inline called = name(head.next().raw);
    head.accept_symbol("=");
    std::vector<Inline> values = {subject.phrases.expression(tokens_until(head), {})};
    for (const Clause& item : clause->body) {
      Cursor line = read(item);
      if (!line.accept_word("from")) continue;
      const Token from = line.next();
      line.accept_symbol("=");
      const Inline later = subject.phrases.expression(tokens_until(line), {});
      const std::string time = from.raw + (from.kind == TokenKind::date ? "T00:00:00" : "");
      if (!subject.at) {
        values.push_back(subject.say("show.value-from", {value(Words::time(from)), later}));
      } else if (dsl::local_instant(time, subject.words.core().zone) <= *subject.at) {
        values = {later};
      }
    }
    Grid::Row row;
    row.cells = {called, subject.words.series(values), value(subject.remarks.of(clause->span))};
    grid.rows.push_back(std::move(row));
  }
  return {std::move(grid)};
}

// ---- Domains -----------------------------------------------------------------------------------

namespace {

/// `NAME [= "wire"] [aka X, Y]`, the name of many tokens perhaps.
Inline domain_name(const Subject& subject, Cursor& head) {
  const auto spelled = [&] {
    const Tokens tokens = tokens_until(head, {",", "=", "aka"});
    return text_of(tokens, 0, tokens.size());
  };
  Inline said = name(spelled());
  const std::string wire = wire_name(head);
  if (!wire.empty()) said = subject.say("show.with-wire", {said, code(wire)});
  std::vector<Inline> aka;
  bool more = head.accept_word("aka");
  while (more) {
    aka.push_back(name(spelled()));
    more = head.accept_symbol(",");
  }
  return aka.empty() ? said : subject.say("show.aka", {said, subject.words.list(aka)});
}

/// The tables that bring a domain's names into being.
std::vector<Inline> listed_by(const Subject& subject, const std::string& domain,
                              const std::vector<dsl::File>& files) {
  std::vector<Inline> tables;
  for (const dsl::File& file : files) {
    for (const Clause& clause : file.clauses) {
      if (clause.head.size() < 2 || clause.head[0].word != "table") continue;
      Cursor head = read(clause);
      (void)tokens_until(head, {"lists"});
      bool more = head.accept_word("lists");
      while (more) {
        if (dsl::fold(head.next().raw) == dsl::fold(domain)) {
          tables.push_back(subject.words.ref("table", clause.head[1]));
        }
        more = head.accept_symbol(",");
      }
    }
  }
  return tables;
}

}  // namespace

Block domains(const Subject& subject, const std::vector<const Clause*>& clauses,
              const std::vector<dsl::File>& files) {
  List list;
  for (const Clause* clause : clauses) {
    Cursor head = read(*clause);
    head.next();
    const Token called = head.next();
    std::vector<Inline> said;
    if (head.accept_word("exact")) said.push_back(subject.say("show.domain.exact"));
    if (head.accept_word("includes")) {
      std::vector<Inline> included;
      do {
        included.push_back(subject.words.ref("domain", head.next()));
      } while (head.accept_symbol(","));
      said.push_back(subject.say("show.domain.includes", {subject.words.list(included)}));
    }
    const std::vector<Inline> tables = listed_by(subject, called.raw, files);
    if (!tables.empty()) {
      said.push_back(subject.say("show.domain.listed", {subject.words.list(tables)}));
    }
    std::vector<Inline> names;
    std::vector<Item> lines;  // names that need more words
    for (const Clause& item : clause->body) {
      Cursor line = read(item);
      if (line.at_word("source") && line.peek(1).kind == TokenKind::string) continue;
      if (line.at_word("allow") && !line.at_symbol(":", 1)) continue;  // said to the checker
      const std::string remark = subject.remarks.of(item.span);
      std::vector<Inline> here;
      do {
        here.push_back(domain_name(subject, line));
      } while (line.accept_symbol(","));
      names.insert(names.end(), here.begin(), here.end());
      lines.push_back(remarked(subject.words, {subject.words.list(here), {}, false}, remark));
    }
    const bool long_list =
        clause->body.size() > 1 &&
        std::any_of(clause->body.begin(), clause->body.end(), [&](const Clause& item) {
          return !subject.remarks.of(item.span).empty() ||
                 std::any_of(item.head.begin(), item.head.end(), [](const Token& token) {
                   return token.keyword && token.word == "aka";
                 });
        });
    if (!names.empty() && !long_list) said.push_back(subject.words.list(names));
    Item item;
    item.text = said.empty()
                    ? name(called.raw)
                    : subject.say("show.member", {strong(called.raw), subject.words.series(said)});
    if (long_list) item.items = std::move(lines);
    list.items.push_back(
        remarked(subject.words, std::move(item), subject.remarks.of(clause->span)));
  }
  return {std::move(list)};
}

// ---- Terms -------------------------------------------------------------------------------------

namespace {

/// `(a: TYPE, b: TYPE)`: their names, and what they are added to the scope as.
Inline parameters(const Subject& subject, Cursor& head, Scope& scope) {
  std::vector<Inline> names;
  if (!head.accept_symbol("(")) return {};
  while (!head.done() && !head.accept_symbol(")")) {
    const Token called = head.next();
    head.accept_symbol(":");
    Scope::Local local{called.raw, std::nullopt, false};
    if (head.at_word("row")) local.type = subject.phrases.row_of_family(head.peek(1));
    Type time;
    time.kind = Kind::instant;
    const bool is_time = head.at_word("instant") || head.at_word("date") || head.at_word("month");
    if (is_time) local.type = time;
    (void)subject.words.type(head);
    names.push_back(name(called.raw));
    scope.locals.push_back(std::move(local));
    head.accept_symbol(",");
  }
  return subject.words.list(names);
}

Inline signature(const Subject& subject, const Token& called, Cursor& head, Scope& scope) {
  const Inline given = parameters(subject, head, scope);
  const Inline said = strong(called.raw);
  Inline whole = given.empty() ? said : subject.say("show.call", {said, given});
  if (head.accept_word("on")) scope.event = subject.phrases.event_index(head.next());
  return whole;
}

}  // namespace

/// What a hook gives, and the program that nobody can look through.
Item hook(const Subject& subject, const Inline& said, Cursor& head) {
  head.accept_symbol("->");
  const Inline type = subject.words.type(head);
  head.accept_word("file");
  const Inline file = code(head.next().raw);
  Item item;
  item.text = subject.say("show.member", {said, subject.say("show.hook", {type, file})});
  return item;
}

Block terms(const Subject& subject, const std::vector<const Clause*>& clauses) {
  List list;
  for (const Clause* clause : clauses) {
    Cursor head = read(*clause);
    head.next();
    const Token called = head.next();
    Scope scope;
    const Inline said = signature(subject, called, head, scope);
    if (clause->head[0].word == "hook") {
      list.items.push_back(remarked(subject.words, hook(subject, said, head),
                                    subject.remarks.of(clause->span)));
      continue;
    }
    head.accept_symbol("=");
    const Tokens body = tokens_until(head);
    Item item;
    const std::vector<Inline> cases = subject.phrases.cases(body, scope);
    for (const Inline& one : cases) item.items.push_back({one, {}, false});
    item.ordered = true;
    item.text =
        subject.say("show.member", {said, cases.empty() ? subject.phrases.expression(body, scope)
                                                        : subject.say("show.first-that-holds")});
    list.items.push_back(
        remarked(subject.words, std::move(item), subject.remarks.of(clause->span)));
  }
  return {std::move(list)};
}

Folded procedure(const Subject& subject, const Clause& clause) {
  Cursor head = read(clause);
  head.next();
  const Token called = head.next();
  Scope scope;
  const Inline said =
      subject.say("show.title.procedure", {signature(subject, called, head, scope)});
  Folded folded;
  const std::string remark = subject.remarks.of(clause.span);
  folded.summary = remark.empty() ? said : subject.say("show.remarked", {said, value(remark)});
  folded.blocks.push_back({List{subject.steps.of(clause.body, subject.remarks, scope), false}});
  return folded;
}

// ---- Shapes ------------------------------------------------------------------------------------

namespace {

void field_rows(const Subject& subject, const std::vector<Clause>& body, const std::string& within,
                bool wires, Grid& grid) {
  for (const Clause& item : body) {
    Cursor line = read(item);
    if (line.at_word("source") && line.peek(1).kind == TokenKind::string) continue;
    if (line.at_word("allow") && !line.at_symbol(":", 1)) continue;  // said to the checker
    const bool rows = line.at_word("rows") && !line.at_symbol(":", 1) && !line.at_symbol("=", 1);
    if (rows) line.next();
    const std::string called = within + line.next().raw;
    const std::string wire = wire_name(line);
    Grid::Row row;
    row.cells.push_back(name(called));
    if (wires) row.cells.push_back(wire.empty() ? Inline() : code(wire));
    if (rows) {
      row.cells.push_back(subject.say("show.type.list"));
    } else {
      line.accept_symbol(":");
      Inline said = subject.words.type(line);
      if (line.accept_symbol("=")) {
        const Inline first = subject.phrases.expression(tokens_until(line), {});
        said = subject.say("show.begins-as", {said, first});
      }
      row.cells.push_back(said);
    }
    row.cells.push_back(value(subject.remarks.of(item.span)));
    grid.rows.push_back(std::move(row));
    if (rows) field_rows(subject, item.body, called + ".", wires, grid);
  }
}

/// A column in which nothing is said is left out.
void drop_empty(Grid& grid) {
  for (std::size_t i = grid.columns.size(); i-- > 0;) {
    const bool empty = std::all_of(grid.rows.begin(), grid.rows.end(), [i](const Grid::Row& row) {
      return row.heading || i >= row.cells.size() || plain(row.cells[i], Language::en).empty();
    });
    if (!empty || grid.columns.size() == 1) continue;
    grid.columns.erase(grid.columns.begin() + static_cast<std::ptrdiff_t>(i));
    for (Grid::Row& row : grid.rows) {
      if (!row.heading && i < row.cells.size())
        row.cells.erase(row.cells.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

Block fields(const Subject& subject, const std::vector<Clause>& body, bool wires) {
  Grid grid;
  grid.columns.push_back({subject.say("show.column.field"), false});
  if (wires) grid.columns.push_back({subject.say("show.column.wire"), false});
  grid.columns.push_back({subject.say("show.column.holds"), false});
  grid.columns.push_back({subject.say("show.column.remark"), false});
  field_rows(subject, body, "", wires, grid);
  drop_empty(grid);
  return {std::move(grid)};
}

/// One key of an order: which comes first.
Inline order_key(const Subject& subject, const Tokens& key, const Scope& scope) {
  const Inline said = subject.phrases.expression(key, scope);
  const dsl::ExprPtr expr = read_expression(key);
  const auto type = expr == nullptr ? std::nullopt : subject.phrases.type_of(*expr, scope);
  if (!type) return said;
  if (type->kind == Kind::name) {
    std::vector<Inline> names;
    for (const Domain::Name& one : subject.words.core().domains[type->ref].names) {
      names.push_back(name(one.shown));
    }
    constexpr std::size_t kFew = 6;
    if (names.size() > kFew) return said;
    return subject.say("show.order.names", {said, subject.words.list(names)});
  }
  const bool time =
      type->kind == Kind::instant || type->kind == Kind::date || type->kind == Kind::month;
  if (time) return subject.say("show.order.earliest", {said});
  return type->kind == Kind::number ? subject.say("show.order.least", {said}) : said;
}

}  // namespace

Blocks account(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  blocks.push_back(fields(subject, clause.body, false));
  return blocks;
}

/// A list or a counter.
Blocks family(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  Cursor head = read(clause);
  const bool scratch = head.accept_word("scratch");
  const bool counter = head.accept_word("counter");
  if (!counter) head.next();
  const Token called = head.next();
  std::vector<Inline> said;
  if (counter && head.accept_word("by")) {
    std::vector<Inline> keys;
    do {
      const Inline key = name(head.next().raw);
      head.accept_symbol(":");
      (void)subject.words.type(head);
      keys.push_back(key);
    } while (head.accept_symbol(","));
    said.push_back(subject.say("show.counter.by", {subject.words.list(keys)}));
  }
  (void)tokens_until(head, {"order"});
  if (head.accept_word("order")) {
    Scope scope;
    scope.locals.push_back({head.next().raw, subject.phrases.row_of_family(called), true});
    head.accept_word("by");
    List order;
    order.ordered = true;
    do {
      const Inline key = order_key(subject, tokens_until(head, {",", "index"}), scope);
      order.items.push_back({key, {}, false});
    } while (head.accept_symbol(","));
    blocks.push_back({Paragraph{subject.say("show.list.order")}});
    blocks.push_back({std::move(order)});
  }
  if (scratch) said.push_back(subject.say("show.scratch"));
  for (const Inline& one : said) blocks.push_back({Paragraph{one}});
  blocks.push_back(fields(subject, clause.body, false));
  return blocks;
}

Blocks entry(const Subject& subject, const Clause& clause) {
  Blocks blocks;
  introduce(subject, clause, blocks);
  blocks.push_back(fields(subject, clause.body, true));
  return blocks;
}

}  // namespace toll::tools::show
