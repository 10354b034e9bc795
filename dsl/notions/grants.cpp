// Grants: units given away by the rows of a table, once per key; and the program that issues them
// when an account opens, every month, after a stop, after a long sleep.

#include "dsl/notions/notions.hpp"

namespace toll::dsl {

// grant NAME for g in TABLE [where CONDITION] {
//   via TABLE.COLUMN               a row of TABLE whose COLUMN the account has, under the same key
//   once per DOMAIN [, month]      `g.DOMAIN` is the key; with `month`, once a month
//   put LIST { .. }
// }
void expand_grant(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out) {
  Cursor head(clause.head, clause.span, diagnostics);
  head.next();
  const Token name = head.name("what.grant");
  if (head.failed() || !head.expect_word("for")) return;
  const Token row = head.name("what.row-at-hand");
  if (head.failed() || !head.expect_word("in")) return;
  const Token table = head.name("what.table");
  Tokens condition;
  if (head.accept_word("where")) condition = rest_of(head);
  if (!head.finish()) return;
  Token member_table;
  Token member_column;
  Token key;
  bool monthly = false;
  std::vector<Clause> puts;
  for (const Clause& item : clause.body) {
    Cursor line(item.head, item.span, diagnostics);
    if (line.accept_word("via")) {
      member_table = line.name("what.table");
      if (!line.expect_symbol(".")) return;
      member_column = line.name("what.column-of-it");
      if (!line.finish()) return;
    } else if (line.accept_word("once")) {
      if (!line.expect_word("per")) return;
      key = line.name("what.domain");
      if (line.accept_symbol(",")) {
        if (!line.expect_word("month")) return;
        monthly = true;
      }
      if (!line.finish()) return;
    } else {
      puts.push_back(item);
    }
  }
  if (key.raw.empty() || member_table.raw.empty() || puts.empty()) {
    diagnostics.error(clause.span, "E0203.grant");
    return;
  }
  const Token issued = made_name("issued", name);
  const std::string_view period = monthly ? ", month(clock)" : "";
  Expansion made(clause.span);
  made << "counter " << issued << " by " << key << ": " << key << (monthly ? ", period: month" : "")
       << " { done: bool }\n"
       << "procedure " << made_name("grant", name) << "(scope: set " << member_column << ") {\n"
       << "each " << row << " in " << table << " at clock where "
       << "any(true for member in " << member_table << " at clock where member." << key << " = "
       << row << "." << key << " and member." << member_column << " in scope)";
  if (!condition.empty()) made << " and " << condition;
  made << " {\n when not " << issued << "[" << row << "." << key << period << "].done as issue {\n"
       << issued << "[" << row << "." << key << period << "].done := true\n"
       << puts << "}\n}\n}\n";
  for (Clause& one : made.clauses()) out.push_back(std::move(one));
}

// issue NAME {
//   grants NAME, NAME              issued when the account opens: `offer NAME SET`
//   monthly NAME by TIMER          on the first of every month, for all the account has
//   scope REGISTER: DOMAIN         what the account has
//   while CONDITION                nothing is issued otherwise
//   hold when CONDITION            put off until `resume NAME`, that month's for that month only
//   dormant when CONDITION         nothing is issued either, until `wake NAME`;
//   woken INSTANT by TIMER         what was withheld follows then
// }
void expand_issue(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out) {
  Cursor head(clause.head, clause.span, diagnostics);
  head.next();
  const Token name = head.name("what.program");
  if (!head.finish()) return;
  std::vector<Token> grants;
  Token monthly, monthly_timer, wake_timer, scope, domain;
  Tokens open, hold, dormant, woken;
  for (const Clause& item : clause.body) {
    Cursor line(item.head, item.span, diagnostics);
    if (line.accept_word("grants")) {
      do {
        grants.push_back(line.name("what.grant"));
      } while (line.accept_symbol(","));
    } else if (line.accept_word("monthly")) {
      monthly = line.name("what.grant");
      if (line.expect_word("by")) monthly_timer = line.name("what.timer");
    } else if (line.accept_word("scope")) {
      scope = line.name("what.value-of-account");
      if (line.expect_symbol(":")) domain = line.name("what.domain");
    } else if (line.accept_word("while")) {
      open = rest_of(line);
    } else if (line.accept_word("hold")) {
      if (line.expect_word("when")) hold = rest_of(line);
    } else if (line.accept_word("dormant")) {
      if (line.expect_word("when")) dormant = rest_of(line);
    } else if (line.accept_word("woken")) {
      woken = rest_of(line, {"by"});
      if (line.expect_word("by")) wake_timer = line.name("what.timer");
    } else if (!line.at_word("source")) {
      line.fail("what.issue-line");
    }
    if (!line.finish()) return;
  }
  if (grants.empty() || monthly.raw.empty() || scope.raw.empty() || open.empty() || hold.empty() ||
      dormant.empty() || woken.empty()) {
    diagnostics.error(clause.span, "E0203.issue");
    return;
  }
  const Token missed = made_name("missed", name);
  const Token asleep = made_name("dormant", name);
  const Token pending = made_name("pending", name);
  const Token all = made_name("grants", name);
  const Token each_month = made_name("grant", monthly);
  Expansion made(clause.span);
  made << "account { " << missed << ": bool\n"
       << asleep << ": bool\n"
       << pending << ": set " << domain << " }\n"
       << "procedure " << all << "(scope: set " << domain << ") {\n";
  for (const Token& grant : grants) made << "run " << made_name("grant", grant) << "(scope)\n";
  made << "}\n"
       << "procedure " << made_name("offer", name) << "(scope: set " << domain << ") {\n choose {\n"
       << "when " << hold << " as held { " << pending << " := " << pending << " + scope }\n"
       << "otherwise as given { run " << all << "(scope) }\n}\n}\n"
       << "procedure " << made_name("begin", name) << " { arm " << monthly_timer
       << " at start(month(now) + 1 months) }\n"
       << "timer " << monthly_timer << " {\n run " << made_name("begin", name) << "\n"
       << missed << " := false\n"
       << asleep << " := false\n choose {\n"
       << "when not " << open << " as closed {}\n"
       << "when " << dormant << " as dormant { " << asleep << " := true }\n"
       << "when " << hold << " as held { " << missed << " := true }\n"
       << "otherwise as given { run " << each_month << "(" << scope << ") }\n}\n}\n"
       << "timer " << wake_timer << " {\n choose {\n"
       << "when " << hold << " as held { " << missed << " := true }\n"
       << "when " << open << " as given { run " << each_month << "(" << scope << ") }\n}\n}\n"
       << "procedure " << made_name("wake", name) << " {\n when " << asleep << " as woken {\n"
       << asleep << " := false\n arm " << wake_timer << " at " << woken << "\n}\n}\n"
       << "procedure " << made_name("resume", name) << " {\n let held = " << pending << "\n"
       << pending << " := set()\n when " << open << " as open {\n run " << all << "(held)\n"
       << "when " << missed << " as missed {\n"
       << missed << " := false\n run " << each_month << "(" << scope << ")\n}\n}\n}\n";
  for (Clause& one : made.clauses()) out.push_back(std::move(one));
}

}  // namespace toll::dsl
