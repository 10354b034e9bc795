// Where the values of an expression were declared: what does not fit may be the declaration's fault
// rather than the fault of its many uses (see echoes.hpp).

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

void Builder::misfit(SourceSpan span, Message message, std::initializer_list<NodeId> values,
                     Message help) {
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.span = span;
  diagnostic.help = std::move(help);
  diagnostic.blames = faults_;
  for (const NodeId value : values) origins_of(value, diagnostic.blames);
  diagnostics_.add(std::move(diagnostic));
}

void Builder::origins_of(NodeId node, std::vector<SourceSpan>& out) const {
  if (node == kNoNode) return;
  if (const auto found = origins_.find(node); found != origins_.end()) {
    out.push_back(found->second);
    return;
  }
  for (const NodeId arg : core_.nodes[node].args) origins_of(arg, out);
}

Typed Builder::declared_at(Typed value, const NameMap& names, const std::string& name) {
  const auto found = declared_.find({&names, fold(name)});
  if (value.ok() && found != declared_.end()) origins_.emplace(value.node, found->second);
  return value;
}

Typed Builder::declared_at(Typed value, Owner owner, std::uint32_t index, std::uint32_t part) {
  const auto found = parts_.find({owner, index, part});
  if (value.ok() && found != parts_.end()) origins_.emplace(value.node, found->second);
  return value;
}

Builder::Expecting::Expecting(Builder& builder, const SourceSpan* declared)
    : builder_(builder), before_(builder.faults_.size()) {
  if (declared != nullptr) builder_.faults_.push_back(*declared);
}

Builder::Expecting::Expecting(Builder& builder, Owner owner, std::uint32_t index,
                              std::uint32_t part)
    : builder_(builder), before_(builder.faults_.size()) {
  const auto found = builder_.parts_.find({owner, index, part});
  if (found != builder_.parts_.end()) builder_.faults_.push_back(found->second);
}

}  // namespace toll::dsl
