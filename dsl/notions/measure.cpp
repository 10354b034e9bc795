// measure EVENT into COUNTER.FIELD {      how many units an event asks for, and of what
//   to KEY, KEY                           where units go when a row does not say
//   when CONDITION [as LABEL] => none
//   when CONDITION [as LABEL] => UNITS [to KEY, KEY] [for x in LIST [where CONDITION]]
//   otherwise [as LABEL] => ..
// }
// expands to a procedure on the event; `measure EVENT` runs it. The first row that holds decides.

#include "dsl/notions/notions.hpp"

namespace toll::dsl {
namespace {

struct Row {
  Tokens condition;
  bool otherwise = false;
  Tokens label;
  Tokens units;
  Tokens keys;
  Tokens loop;
};

bool read_row(const Clause& item, Diagnostics& diagnostics, Row& row) {
  Cursor line(item.head, item.span, diagnostics);
  row.otherwise = line.accept_word("otherwise");
  if (!row.otherwise && !line.expect_word("when")) return false;
  while (!line.done() && !line.at_symbol("=>") && !line.at_word("as")) {
    row.condition.push_back(line.next());
  }
  if (line.accept_word("as")) row.label.push_back(line.name("what.label"));
  if (!line.expect_symbol("=>")) return false;
  if (line.at_word("none")) {
    line.next();
    return line.finish();
  }
  row.units = rest_of(line, {"to", "for"});
  if (line.accept_word("to")) row.keys = rest_of(line, {"for"});
  if (line.accept_word("for")) row.loop = rest_of(line);
  if (row.units.empty()) line.fail("what.units");
  return line.finish();
}

}  // namespace

void expand_measure(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out) {
  Cursor head(clause.head, clause.span, diagnostics);
  head.next();
  const Token event = head.name("what.event");
  if (head.failed() || !head.expect_word("into")) return;
  const Token counter = head.name("what.counter");
  if (!head.expect_symbol(".")) return;
  const Token field = head.name("what.field-of-it");
  if (!head.finish()) return;
  Tokens keys;
  std::vector<Clause> rules;
  for (const Clause& item : clause.body) {
    Cursor line(item.head, item.span, diagnostics);
    if (line.accept_word("to")) {
      keys = rest_of(line);
      continue;
    }
    if (line.at_word("source")) continue;
    Row row;
    if (!read_row(item, diagnostics, row)) continue;
    if (row.keys.empty()) row.keys = keys;
    if (row.keys.empty() && !row.units.empty()) {
      diagnostics.error(item.span, "E0203.units");
      continue;
    }
    Expansion rule(item.span);
    if (row.otherwise) {
      rule << "otherwise";
    } else {
      rule << "when " << row.condition;
    }
    if (!row.label.empty()) rule << " as " << row.label[0];
    rule << " {\n";
    if (!row.units.empty()) {
      if (!row.loop.empty()) (rule << "each ").raw(row.loop) << " {\n";
      rule << "let measured = " << row.units << "\n when measured > 0 as counted {\n"
           << counter << "[";
      rule.raw(row.keys) << "]." << field << " += measured\n}\n";
      if (!row.loop.empty()) rule << "}\n";
    }
    rule << "}\n";
    for (Clause& made : rule.clauses()) {
      made.span = item.span;
      rules.push_back(std::move(made));
    }
  }
  Expansion made(clause.span);
  made << "procedure " << made_name("measure", event) << " on " << event << " {\n choose {" << rules
       << "}\n}\n";
  for (Clause& one : made.clauses()) out.push_back(std::move(one));
}

}  // namespace toll::dsl
