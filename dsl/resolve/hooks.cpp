// Hooks: programs beside the rule files that expressions call like definitions.

#include <algorithm>

#include "dsl/lua/hooks.hpp"
#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

constexpr std::size_t kMaxProgram = std::size_t{16} << 20U;

}  // namespace

/// hook NAME(PARAMETERS) -> TYPE file "PROGRAM"
///
/// To the rest of the policy it is a definition; its body is the call of the program.
void Builder::hook_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.name");
  Hook hook;
  hook.name = name.raw;
  Definition definition;
  definition.name = name.raw;
  PendingDefinition pending;
  pending.clause = &clause;
  pending.state = PendingDefinition::State::done;
  if (head.failed() || !hook_parameters(head, pending.context, hook)) return;
  if (!head.expect_symbol("->")) return;
  const std::size_t before = head.position();
  const auto result = read_type(head);
  if (!result) return;
  if (!lua::can_give(*result)) {
    const Token& at = clause.head[before];
    return error(at.span, {"E1111.gives", {show(*result)}});
  }
  hook.result = *result;
  if (!head.expect_word("file")) return;
  const Token file = head.string("what.program-file");
  if (!head.finish()) return;
  const auto index = static_cast<std::uint32_t>(core_.definitions.size());
  if (!declare(definitions_, name, index, "noun.hook")) return;
  hook.clause = this->clause("hook:" + name.raw, clause.span);
  definition.clause = pending.context.clause = hook.clause;
  core_.declarations.push_back(
      {"hook", name.raw, hook.clause, {"hook:" + name.raw, "definition:" + name.raw}});
  std::vector<NodeId> args;
  for (std::uint32_t i = 0; i < hook.parameters.size(); ++i) {
    definition.parameters.push_back(hook.parameters[i].type);
    args.push_back(make(Op::local, hook.parameters[i].type, {}, i).node);
  }
  definition.frame = static_cast<std::uint32_t>(args.size());
  definition.body =
      make(Op::hook, hook.result, std::move(args), static_cast<std::uint32_t>(core_.hooks.size()))
          .node;
  pending.result = hook.result;
  pending.ok = true;
  core_.definitions.push_back(std::move(definition));
  pending_.push_back(std::move(pending));
  if (const HookProgram* program = hook_program(clause, file, name)) {
    hook.file = sources_.path(program->file);
    if (hook.file.starts_with(root_)) hook.file.erase(0, root_.size());
    hook.program = sources_.text(program->file);
    Diagnostic opaque;
    opaque.severity = Severity::note;
    opaque.message = {"note.hook", {file.raw, name.raw}};
    opaque.span = name.span;
    diagnostics_.add(std::move(opaque));
  }
  core_.hooks.push_back(std::move(hook));
}

/// ( NAME: TYPE, .. )
bool Builder::hook_parameters(Cursor& head, Context& context, Hook& hook) {
  if (!head.accept_symbol("(") || head.accept_symbol(")")) return !head.failed();
  do {
    const Token name = head.name("what.parameter");
    if (head.failed() || !head.expect_symbol(":")) return false;
    const auto type = read_type(head);
    if (!type) return false;
    if (!lua::can_take(*type)) {
      error(name.span, {"E1111.takes", {show(*type)}});
      return false;
    }
    context.take_slot();
    hook.parameters.push_back({name.raw, *type});
  } while (head.accept_symbol(","));
  return head.expect_symbol(")");
}

/// The program `file`, with the function of this name in it; null after an error, which was told.
const Builder::HookProgram* Builder::hook_program(const Clause& declaration, const Token& file,
                                                  const Token& name) {
  const auto path = beside(declaration, file, "E1111.outside");
  if (!path) return nullptr;
  if (rule_files_.count(path->lexically_normal().string()) != 0) {
    error(file.span, {"E1111.rule-file", {file.raw}});
    return nullptr;
  }
  const auto [at, fresh] = hook_programs_.try_emplace(path->string());
  HookProgram& program = at->second;
  if (fresh) {
    std::optional<std::string> text = read_(*path);
    if (!text || text->size() > kMaxProgram) {
      error(file.span, {"E0001.cannot-read", {path->string()}});
      return nullptr;
    }
    program.file = sources_.add(path->string(), std::move(*text));
    program.fine = lua::check_program(sources_.text(program.file), program.file, diagnostics_,
                                      program.functions, hook_limits_);
  }
  if (!program.fine) return nullptr;
  const std::vector<std::string>& functions = program.functions;
  if (std::find(functions.begin(), functions.end(), name.raw) != functions.end()) return &program;
  NameMap names;
  for (const std::string& function : functions) names.emplace(function, 0);
  unknown(name, names, {"E1111.no-function", {file.raw}});
  return nullptr;
}

}  // namespace toll::dsl
