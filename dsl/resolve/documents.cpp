#include "dsl/resolve/documents.hpp"

#include "dsl/syntax/name.hpp"

namespace toll::dsl {

void DocumentReader::read(std::vector<Document>& out) {
  Cursor head = b_.cursor(clause_);
  head.next();
  made_.title = head.string("what.document").raw;
  made_.span = clause_.span;
  if (!head.finish()) return;
  // Paragraphs first: exceptions may stand anywhere among them.
  for (const Clause& item : clause_.body) {
    Cursor line = b_.cursor(item);
    const bool statement = item.kind == Clause::Kind::statement;
    if (statement && line.at_word("paragraph")) {
      paragraph(item);
    } else if (!statement || !line.at_word("except")) {
      line.fail("what.document-line");
    }
  }
  for (const Clause& item : clause_.body) {
    if (item.kind == Clause::Kind::statement && b_.cursor(item).at_word("except")) exception(item);
  }
  out.push_back(std::move(made_));
}

void DocumentReader::paragraph(const Clause& clause) {
  Cursor line = b_.cursor(clause);
  line.next();
  const Token id = line.name("what.paragraph-id");
  Paragraph made;
  if (!line.failed() && line.peek().kind == TokenKind::string) made.title = line.next().raw;
  if (!line.finish()) return;
  made.id = id.raw;
  made.span = clause.span;
  if (!known_.emplace(fold(id.raw), static_cast<std::uint32_t>(made_.paragraphs.size())).second)
    return b_.error(id.span, {"E0301.given-twice", {id.raw}});
  made_.paragraphs.push_back(std::move(made));
}

void DocumentReader::exception(const Clause& clause) {
  Cursor line = b_.cursor(clause);
  line.next();
  std::vector<Token> ids;
  do {
    ids.push_back(line.name("what.paragraph-id"));
  } while (!line.failed() && line.accept_symbol(","));
  if (line.failed() || !line.expect_word("because")) return;
  const Token because = line.string("what.reason");
  if (!line.finish()) return;
  for (const Token& id : ids) {
    const auto found = b_.find(known_, id);
    if (!found) {
      b_.unknown(id, known_, Message("E0302.paragraph-of", {made_.title}));
    } else {
      made_.paragraphs[*found].because = because.raw;
    }
  }
}

}  // namespace toll::dsl
