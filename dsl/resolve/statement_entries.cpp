// The parts of a statement that are about ledger entries.

#include <algorithm>

#include "dsl/resolve/statements.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

bool is_text(const Type& type) { return type.kind == Kind::text || type.kind == Kind::name; }
bool is_number(const Type& type) { return type.kind == Kind::number; }
bool is_month(const Type& type) { return type.kind == Kind::month; }

NameMap names_of(const std::vector<EntryKind::Member>& members) {
  NameMap names;
  for (std::uint32_t i = 0; i < members.size(); ++i) names.emplace(fold(members[i].name), i);
  return names;
}

}  // namespace

bool StatementReader::entry_named(const Token& name, std::uint32_t& out) {
  const auto found = b_.find(b_.entries_, name);
  if (found) {
    out = *found;
  } else {
    b_.unknown(name, b_.entries_, "noun.entry");
  }
  return found.has_value();
}

/// WORD x in ENTRY, WORD x in ENTRY.ROWS
bool StatementReader::entry(const Clause& clause, bool may_be_rows, Entry& out) {
  Cursor head = b_.cursor(clause);
  head.next();
  out.row = head.name("what.entry-at-hand");
  if (head.failed() || !head.expect_word("in")) return false;
  const Token name = head.name("what.entry");
  if (head.failed() || !entry_named(name, out.kind)) return false;
  out.members = &b_.core_.entries[out.kind].members;
  if (may_be_rows && head.accept_symbol(".")) {
    const Token list = head.name("what.rows-of-entry");
    if (head.failed()) return false;
    const NameMap names = names_of(*out.members);
    const auto found = b_.find(names, list);
    if (!found || !(*out.members)[*found].rows) {
      b_.error(list.span, {"E0302.no-rows", {b_.core_.entries[out.kind].name, list.raw}});
      return false;
    }
    out.rows = *found;
    out.members = &(*out.members)[*found].columns;
  }
  return head.finish();
}

std::uint32_t StatementReader::member(Cursor& line, const Token& row, const Members& members,
                                      const std::function<bool(const Type&)>& fits,
                                      const char* wanted) {
  const Token variable = line.name("what.name-at-hand");
  if (line.failed()) return kNone;
  if (fold(variable.raw) != fold(row.raw)) {
    const NameMap at_hand = {{fold(row.raw), 0}};
    b_.unknown(variable, at_hand, "noun.entry-at-hand");
    return kNone;
  }
  if (!line.expect_symbol(".")) return kNone;
  const Token name = line.name("what.member");
  if (line.failed()) return kNone;
  const NameMap names = names_of(members);
  const auto found = b_.find(names, name);
  if (!found) {
    b_.unknown(name, names, "noun.member");
    return kNone;
  }
  const EntryKind::Member& chosen = members[*found];
  if (chosen.rows || !fits(chosen.type)) {
    b_.error(name.span, {"E0401.mismatch",
                         {Message("role.member"), Message(wanted),
                          chosen.rows ? Message("type.rows") : b_.show(chosen.type)}});
    return kNone;
  }
  return *found;
}

std::uint32_t StatementReader::member_line(const Parts& parts, const char* word, const Token& row,
                                           const Members& members,
                                           const std::function<bool(const Type&)>& fits,
                                           const char* wanted) {
  const auto found = parts.lines.find(word);
  if (found == parts.lines.end()) return kNone;
  Cursor line = b_.cursor(*found->second);
  line.next();
  const std::uint32_t index = member(line, row, members, fits, wanted);
  return index != kNone && line.finish() ? index : kNone;
}

void StatementReader::draw(const Clause& clause) {
  Statement::Draw draw;
  draw.clause = b_.clause("draw", clause.span, made_.clause);
  Entry from;
  Parts lines;
  if (!entry(clause, true, from) || !parts(clause, {"id", "by", "count"}, "what.draw-line", lines))
    return;
  draw.entry = from.kind;
  draw.rows = from.rows;
  if (lines.lines.count("id") == 0) return lacks(clause, "what.id-line");
  if (lines.lines.count("count") == 0) return lacks(clause, "what.count-line");
  draw.id = member_line(lines, "id", from.row, *from.members, is_text, "type.text");
  draw.count = member_line(lines, "count", from.row, *from.members, is_number, "type.number");
  if (draw.id == kNone || draw.count == kNone) return;
  draw.unit = (*from.members)[draw.count].type;
  const auto by = lines.lines.find("by");
  if (by != lines.lines.end()) {
    Cursor line = b_.cursor(*by->second);
    line.next();
    do {
      const std::uint32_t index = member(
          line, from.row, *from.members, [](const Type&) { return true; }, "type.text");
      if (index == kNone) return;
      Statement::Label label = {(*from.members)[index].name, index, (*from.members)[index].type};
      if (line.accept_word("as")) label.name = line.name("what.label-name").raw;
      draw.labels.push_back(std::move(label));
    } while (line.accept_symbol(","));
    if (!line.finish()) return;
  }
  made_.draws.push_back(std::move(draw));
}

void StatementReader::bill(const Clause& clause) {
  Statement::Bill bill;
  bill.clause = b_.clause("bill", clause.span, made_.clause);
  Entry from;
  Parts lines;
  if (!entry(clause, false, from) ||
      !parts(clause, {"month", "sum", "rows"}, "what.bill-line", lines))
    return;
  bill.entry = from.kind;
  if (lines.lines.count("sum") == 0) return lacks(clause, "what.sum-line");
  bill.sum = member_line(lines, "sum", from.row, *from.members, is_number, "type.decimal");
  if (bill.sum == kNone) return;
  bill.month = member_line(lines, "month", from.row, *from.members, is_month, "type.month");
  const auto rows = lines.lines.find("rows");
  if (rows != lines.lines.end()) bill_rows(*rows->second, from.row, bill);
  made_.bills.push_back(bill);
}

/// rows l in x.ROWS { month l.MEMBER; money l.MEMBER }
void StatementReader::bill_rows(const Clause& clause, const Token& entry, Statement::Bill& bill) {
  Cursor head = b_.cursor(clause);
  head.next();
  const Token row = head.name("what.row-at-hand");
  if (head.failed() || !head.expect_word("in")) return;
  const Token variable = head.name("what.name-at-hand");
  if (head.failed() || !head.expect_symbol(".")) return;
  const Token list = head.name("what.rows-of-entry");
  if (!head.finish()) return;
  const EntryKind& kind = b_.core_.entries[bill.entry];
  const NameMap names = names_of(kind.members);
  const auto found = b_.find(names, list);
  if (fold(variable.raw) != fold(entry.raw) || !found || !kind.members[*found].rows) {
    b_.error(list.span, {"E0302.no-rows", {kind.name, list.raw}});
    return;
  }
  Parts lines;
  if (!parts(clause, {"month", "money"}, "what.bill-row-line", lines)) return;
  if (lines.lines.count("money") == 0) return lacks(clause, "what.money-line");
  const Members& columns = kind.members[*found].columns;
  bill.rows = *found;
  bill.row_money = member_line(lines, "money", row, columns, is_number, "type.decimal");
  bill.row_month = member_line(lines, "month", row, columns, is_month, "type.month");
  if (bill.row_money == kNone) return;
  if (!(columns[bill.row_money].type.dimension == kind.members[bill.sum].type.dimension)) {
    b_.error(clause.span, {"E0401.mismatch",
                           {Message("role.value"), b_.show(kind.members[bill.sum].type),
                            b_.show(columns[bill.row_money].type)}});
  }
}

void StatementReader::shows(Cursor& line) {
  do {
    const Token name = line.name("what.entry");
    std::uint32_t kind = kNone;
    if (line.failed() || !entry_named(name, kind)) return;
    if (std::find(made_.shows.begin(), made_.shows.end(), kind) != made_.shows.end()) {
      b_.error(name.span, {"E0301.given-twice", {name.raw}});
    } else {
      made_.shows.push_back(kind);
    }
  } while (line.accept_symbol(","));
  line.finish();
}

void StatementReader::wording(Cursor& line) {
  const Token code = line.string("what.wording-text");
  if (line.failed() || !line.expect_symbol("=")) return;
  const Token shown = line.string("what.wording-shown");
  if (!line.finish()) return;
  for (const Statement::Wording& known : made_.wordings) {
    if (known.text == code.raw) {
      b_.error(code.span, {"E0301.given-twice", {code.raw}});
      return;
    }
  }
  made_.wordings.push_back({code.raw, shown.raw});
}

}  // namespace toll::dsl
