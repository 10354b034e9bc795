// `policy unchanged`: what may differ from an earlier edition all the same.
#include <algorithm>

#include "dsl/resolve/literals.hpp"
#include "dsl/resolve/proofs.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

/// What is said once of the whole policy, and has no name.
constexpr std::string_view kUnnamed[] = {"zone", "remember", "timeline"};

Message noun_of(std::string_view lead) {
  for (const char* const one : {"domain", "setting", "list", "tariff", "entry", "event", "machine",
                                "timer", "procedure", "hook"}) {
    if (lead == one) return {std::string("noun.") + one};
  }
  return lead == "define" ? Message("noun.definition") : Message("noun.declaration");
}

}  // namespace

void ProofReader::policy(const Lines& lines) {
  Cursor line = b_.cursor(*lines.claim);
  line.next();
  if (!line.expect_word("unchanged") || !line.finish()) return;
  if (lines.each != nullptr) return b_.error(lines.each->span, "E1212.needless");
  made_.of = Proof::Of::same;
  const bool read = std::all_of(lines.exceptions.begin(), lines.exceptions.end(),
                                [&](const Clause* one) { return change(*one); });
  if (read) finish();
}

bool ProofReader::change(const Clause& clause) {
  Cursor line = b_.cursor(clause);
  line.next();
  Proof::Exception made;
  made.clause = b_.clause("except", clause.span, made_.clause);
  if (line.at_word("table")) {
    if (!rows_of(line, made) || !since(line, made)) return false;
  } else if (line.at_word("from")) {
    if (!since(line, made)) return false;
  } else if (at_declaration(line)) {
    if (!declaration(line, made)) return false;
  } else if (!names(line, made) || !since(line, made)) {
    return false;
  }
  return reason(line, made);
}

/// table TABLE [NAME, ..] [at N [to M], ..]
bool ProofReader::rows_of(Cursor& line, Proof::Exception& out) {
  line.next();
  const Token name = line.name("what.table");
  if (line.failed()) return false;
  const auto found = b_.find(b_.tables_, name);
  if (!found) return b_.unknown(name, b_.tables_, "noun.table"), false;
  out.table = *found;
  const Table& table = b_.core_.tables[*found];
  if (!key_names(line, table, out)) return false;
  const SourceSpan here = line.here();
  if (!line.accept_word("at")) return true;
  if (table.band == kNone) return b_.error(here, {"E1214.range", {table.name}}), false;
  return ranges(line, table.columns[table.band].type, out);
}

bool ProofReader::at_declaration(const Cursor& line) const {
  const Token& token = line.peek();
  if (token.kind != TokenKind::word || !token.keyword) return false;
  if (std::find(std::begin(kUnnamed), std::end(kUnnamed), token.word) != std::end(kUnnamed)) {
    return true;
  }
  return std::any_of(b_.core_.declarations.begin(), b_.core_.declarations.end(),
                     [&](const Declaration& one) { return one.lead == token.word; });
}

/// event EVENT, machine MACHINE, setting SETTING, ..: with all that it became.
bool ProofReader::declaration(Cursor& line, Proof::Exception& out) {
  const std::string lead = line.next().word;
  if (std::find(std::begin(kUnnamed), std::end(kUnnamed), lead) != std::end(kUnnamed)) {
    out.places = {lead};
    return true;
  }
  const Token name = line.name("what.declared");
  if (line.failed()) return false;
  NameMap known;
  for (std::uint32_t i = 0; i < b_.core_.declarations.size(); ++i) {
    const Declaration& one = b_.core_.declarations[i];
    if (one.lead == lead) known.emplace(fold(one.name), i);
  }
  const auto* const found = known.find(fold(name.raw));
  if (found == nullptr) return b_.unknown(name, known, noun_of(lead)), false;
  const Declaration& declared = b_.core_.declarations[found->second];
  if (declared.clause != kNone) out.places.push_back(b_.core_.clauses[declared.clause].id);
  for (const std::string& part : declared.parts) {
    const std::size_t colon = part.find(':');
    const std::string kind = part.substr(0, colon);
    const std::string part_name = part.substr(colon + 1);
    if (kind == "on") {
      out.places.push_back("event:" + part_name + "/decision");
    } else {
      const bool family = kind == "counter" || kind == "list";
      out.places.push_back((family ? "family" : kind) + ":" + part_name);
    }
  }
  if (lead == "machine") out.places.push_back("domain:" + declared.name);  // its states
  if (lead == "event") {
    const auto event = b_.find(b_.events_, name);
    if (event) out.event = *event;
  }
  return true;
}

/// NAME, ..: of whatever domains know them.
bool ProofReader::names(Cursor& line, Proof::Exception& out) {
  do {
    const SourceSpan here = line.here();
    const std::string written = spelled(line);
    const std::size_t before = out.names.size();
    for (std::uint32_t domain = 0; domain < b_.core_.domains.size(); ++domain) {
      const NameMap& names = b_.domain_names_[domain];
      const auto* const name =
          names.find(b_.core_.domains[domain].exact ? written : fold(written));
      if (name == nullptr) continue;
      out.names.push_back({domain, static_cast<Value>(name->second)});
    }
    if (out.names.size() == before) return b_.error(here, {"E1214.change", {written}}), false;
  } while (line.accept_symbol(","));
  return true;
}

/// [from DATE]
bool ProofReader::since(Cursor& line, Proof::Exception& out) {
  if (!line.accept_word("from")) return true;
  const Token& token = line.next();
  if (token.kind != TokenKind::date && token.kind != TokenKind::time) {
    line.fail("what.date");
    return false;
  }
  const bool date = token.kind == TokenKind::date;
  out.since = local_instant(token.raw + (date ? "T00:00:00" : ""), *b_.calendar_);
  return true;
}

}  // namespace toll::dsl
