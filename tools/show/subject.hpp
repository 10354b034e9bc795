// What the parts of a page are made with: one rule file at hand, and the words to say it in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/show/document.hpp"
#include "tools/show/phrases.hpp"
#include "tools/show/remarks.hpp"
#include "tools/show/steps.hpp"
#include "tools/show/words.hpp"

namespace toll::tools::show {

/// "MACHINE>STATE", folded, to the declarations whose rules move it there.
using Movers = std::map<std::string, std::vector<Inline>>;
std::string mover_key(const std::string& machine, const std::string& state);

struct Subject {
  const Words& words;
  const Phrases& phrases;
  const Steps& steps;
  const Remarks& remarks;
  const Movers& movers;
  std::optional<Value> at;  ///< only what is in force then

  [[nodiscard]] Inline say(std::string_view id, std::vector<Argument> arguments = {}) const {
    return words.say(id, std::move(arguments));
  }
};

using Blocks = std::vector<Block>;

/// A statement's tokens, to be read one after the other. Nothing is reported: it has been loaded.
dsl::Cursor read(const dsl::Clause& clause);
/// `= "wire"`, if it comes next: the name that events and entries use.
std::string wire_name(dsl::Cursor& head);
/// `source "PARAGRAPH"` of a body, as a sentence; empty if there is none.
Inline source_of(const Subject& subject, const dsl::Clause& clause);
/// The comment above a declaration as a paragraph, if there is one.
void introduce(const Subject& subject, const dsl::Clause& clause, Blocks& blocks);

// What an account and the language of a policy consist of.
Block settings(const Subject& subject, const std::vector<const dsl::Clause*>& clauses);
Block domains(const Subject& subject, const std::vector<const dsl::Clause*>& clauses,
              const std::vector<dsl::File>& files);
Block terms(const Subject& subject, const std::vector<const dsl::Clause*>& clauses);
Blocks account(const Subject& subject, const dsl::Clause& clause);
Blocks family(const Subject& subject, const dsl::Clause& clause);
Blocks entry(const Subject& subject, const dsl::Clause& clause);

// What happens.
Blocks event(const Subject& subject, const dsl::Clause& clause);
Blocks handler(const Subject& subject, const dsl::Clause& clause);
Blocks decision(const Subject& subject, const dsl::Clause& clause);
Blocks measure(const Subject& subject, const dsl::Clause& clause);
Blocks machine(const Subject& subject, const dsl::Clause& clause);
Blocks timer(const Subject& subject, const dsl::Clause& clause);
Blocks tariff(const Subject& subject, const dsl::Clause& clause);
Blocks grant(const Subject& subject, const dsl::Clause& clause);
Blocks issue(const Subject& subject, const dsl::Clause& clause);
Blocks timeline(const Subject& subject, const dsl::Clause& clause);
Folded procedure(const Subject& subject, const dsl::Clause& clause);

}  // namespace toll::tools::show
