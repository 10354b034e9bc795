// Ledger entries: what a rule writes.

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

/// emit ENTRY { member = VALUE; rows MEMBER for d in SOURCE .. { column = VALUE } }
void Builder::emit_effect(const Clause& clause, Cursor& head, Context& context, Effects& out) {
  head.next();
  const Token name = head.name("what.entry");
  const auto found = find(entries_, name);
  if (head.failed() || !head.finish()) return;
  if (!found) return unknown(name, entries_, "noun.entry");
  Effect effect = start(Effect::Do::emit, context);
  effect.a = *found;
  const EntryKind& kind = core_.entries[*found];
  NameMap members;
  for (std::uint32_t i = 0; i < kind.members.size(); ++i) {
    members.emplace(fold(kind.members[i].name), i);
  }
  std::set<std::uint32_t> given;
  for (const Clause& item : clause.body) {
    Cursor line = cursor(item);
    if (line.at_word("rows") && !line.at_symbol("=", 1)) {
      emit_rows(item, context, kind, effect);
      continue;
    }
    const Token member_name = line.name("what.member");
    if (line.failed() || !line.expect_symbol("=")) continue;
    const ExprPtr expr = line.expression();
    if (expr == nullptr || !line.finish()) continue;
    const auto index = find(members, member_name);
    if (!index) {
      unknown(member_name, members, {"E0302.member-of", {kind.name}});
      continue;
    }
    if (!given.insert(*index).second) {
      error(member_name.span, {"E0301.given-twice", {member_name.raw}});
      continue;
    }
    Type type = kind.members[*index].type;
    type.optional = true;  // an entry leaves out what is absent
    const Expecting declared(*this, Owner::entry, *found, *index);
    const Typed value = wanted(*expr, context, type, "role.member");
    if (!value.ok()) continue;
    effect.fields.push_back(*index);
    effect.args.push_back(value.node);
  }
  out.push_back(std::move(effect));
}

void Builder::emit_rows(const Clause& clause, Context& context, const EntryKind& kind,
                        Effect& emit) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.member");
  if (head.failed() || !head.expect_word("for")) return;
  Effect::EmitRows rows;
  rows.member = kNone;
  for (std::uint32_t i = 0; i < kind.members.size(); ++i) {
    if (kind.members[i].rows &&
        (fold(kind.members[i].name) == fold(name.raw) || kind.members[i].name == name.word)) {
      rows.member = i;
    }
  }
  if (rows.member == kNone) {
    error(name.span, {"E0302.no-rows", {kind.name, name.raw}});
    return;
  }
  const std::size_t locals = context.locals.size();
  const std::uint32_t slots = context.slots;
  const std::set<std::string> before = context.present;
  const Traversal over = head.traversal();
  const auto& columns = kind.members[rows.member].columns;
  rows.columns.assign(columns.size(), kNoNode);
  if (!head.failed() && head.finish() && source(over, context, rows.source)) {
    for (const Clause& item : clause.body) {
      Cursor line = cursor(item);
      const Token column_name = line.name("what.column");
      if (line.failed() || !line.expect_symbol("=")) continue;
      const ExprPtr expr = line.expression();
      if (expr == nullptr || !line.finish()) continue;
      NameMap names;
      for (std::uint32_t i = 0; i < columns.size(); ++i) names.emplace(fold(columns[i].name), i);
      const auto index = find(names, column_name);
      if (!index) {
        unknown(column_name, names, {"E0302.column-of", {kind.members[rows.member].name}});
        continue;
      }
      Type type = columns[*index].type;
      type.optional = true;
      rows.columns[*index] = wanted(*expr, context, type, "role.column").node;
    }
    emit.rows.push_back(std::move(rows));
  }
  context.locals.resize(locals);
  context.slots = slots;
  context.present = before;
}

}  // namespace toll::dsl
