// Values that stand in a step without the name of their field: `call basic 2500`.
//
// A value may stand alone where it fits one field of the event only, or one required field. Nothing
// is guessed: what fits several is a mistake.

#include "dsl/resolve/scenarios.hpp"
#include "dsl/syntax/folded.hpp"

namespace toll::dsl {
namespace {

/// Could a literal that begins with this token be a value of the field?
bool fits(const Token& token, const Type& type) {
  switch (token.kind) {
    case TokenKind::number:
    case TokenKind::percent:
      return type.kind == Kind::number;
    case TokenKind::date:
      return type.kind == Kind::date || type.kind == Kind::instant || type.kind == Kind::month;
    case TokenKind::time:
      return type.kind == Kind::instant;
    case TokenKind::string:
      return type.kind == Kind::text;
    case TokenKind::word:
      return type.kind == Kind::boolean && token.keyword &&
             (token.word == "true" || token.word == "false");
    default:
      return false;
  }
}

}  // namespace

std::optional<std::uint32_t> ScenarioReader::unnamed_field(const Cursor& head,
                                                           const EventType& type,
                                                           std::uint32_t parent,
                                                           const std::vector<bool>& given) const {
  const Token& token = head.peek();
  const bool name = token.kind == TokenKind::word || token.kind == TokenKind::quoted;
  std::optional<std::uint32_t> found;
  std::optional<std::uint32_t> found_required;
  std::size_t many = 0;
  std::size_t many_required = 0;
  const Folded folded(token.raw);
  for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
    const Field& field = type.fields[i];
    if (field.parent != parent || given[i]) continue;
    const Type& of = field.type.type;
    const bool known = name && of.kind == Kind::name && field.type.read != FieldType::Read::set &&
                       builder_.domain_names_[of.ref].contains(builder_.core_.domains[of.ref].exact
                                                                   ? std::string_view(token.raw)
                                                                   : folded.text());
    if (!known && !fits(token, of)) continue;
    ++many;
    found = i;
    if (!field.required) continue;
    ++many_required;
    found_required = i;
  }
  if (many_required == 1) return found_required;
  return many == 1 ? found : std::nullopt;
}

}  // namespace toll::dsl
