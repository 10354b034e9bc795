// decide EVENT {                       a request that is granted or denied, for the first reason
//   let X = VALUE
//   denied emit ENTRY { .. }           what a denial writes; `reason` is its reason
//   deny "reason" when CONDITION [{ MEMBER = VALUE }]
//   approve { effects }
// }
// expands to a handler of the event: an ordered choice, one rule for each reason.

#include "dsl/notions/notions.hpp"

namespace toll::dsl {

void expand_decide(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out) {
  Cursor head(clause.head, clause.span, diagnostics);
  head.next();
  const Token event = head.name("what.event");
  if (!head.finish()) return;
  std::vector<Clause> before;
  const Clause* denied = nullptr;
  const Clause* approve = nullptr;
  Expansion rules(clause.span);
  std::vector<Clause> choices;
  std::vector<const Clause*> denials;
  for (const Clause& item : clause.body) {
    std::string_view word;
    if (!item.head.empty()) word = item.head[0].word;
    if (word == "denied") {
      denied = &item;
    } else if (word == "deny") {
      denials.push_back(&item);
    } else if (word == "approve") {
      approve = &item;
    } else {
      before.push_back(item);
    }
  }
  if (denied == nullptr || approve == nullptr || denied->head.size() != 3) {
    diagnostics.error(clause.span, "E0203.decide");
    return;
  }
  for (const Clause* item : denials) {
    Cursor line(item->head, item->span, diagnostics);
    line.next();
    const Token reason = line.string("what.reason");
    if (line.failed() || !line.expect_word("when")) continue;
    const Tokens condition = rest_of(line);
    Expansion rule(item->span);
    rule << "when " << condition << " as " << reason << " {\n let reason = " << reason << "\n emit "
         << denied->head[2] << " {" << denied->body << item->body << "}\n}\n";
    for (Clause& made : rule.clauses()) {
      made.span = item->span;
      choices.push_back(std::move(made));
    }
  }
  rules << "on " << event << " as decision {" << before << "choose {" << choices
        << "otherwise as approve {" << approve->body << "}\n}\n}\n";
  for (Clause& made : rules.clauses()) out.push_back(std::move(made));
}

}  // namespace toll::dsl
