// Nodes of the core, what is known of them, and fitting a value to a wanted type.

#include "dsl/read/expr_text.hpp"
#include "dsl/resolve/builder.hpp"

namespace toll::dsl {

NodeId Builder::add_node(Node node) {
  core_.nodes.push_back(std::move(node));
  return static_cast<NodeId>(core_.nodes.size() - 1);
}

Typed Builder::make(Op op, Type type, std::vector<NodeId> args, std::uint32_t a, std::uint32_t b) {
  Node node;
  node.op = op;
  node.type = type;
  node.a = a;
  node.b = b;
  node.args = std::move(args);
  return {add_node(std::move(node)), type};
}

/// A node that stands for a whole setting keeps the span of the setting's value.
void Builder::note_span(NodeId node, const Expr& expr) {
  if (node_spans_.size() <= node) node_spans_.resize(node + 1);
  if (node_spans_[node].end != 0) return;
  // The words of a notion's template have the span of the whole clause they stand for.
  constexpr std::size_t kBrackets = 6;
  const bool word = expr.token.kind == TokenKind::word || expr.token.kind == TokenKind::quoted ||
                    expr.token.kind == TokenKind::symbol;
  // A word of the language in a rule file in Lua may stand nowhere: its place is its whole line.
  const bool lua = sources_.path(expr.span.file).ends_with(".lua");
  const bool of_language = lua && expr.token.keyword;
  if (word && !of_language &&
      sources_.slice(expr.token.span).size() > expr.token.raw.size() + kBrackets)
    return;
  node_spans_[node] = expr.span;
  if (!lua) return;
  const Skin* const skin = find_skin(sources_.skin(expr.span.file));
  node_texts_[node] = expr_text(expr, skin == nullptr ? english() : *skin);
}

NodeId Builder::constant_node(Type type, Value value) {
  Node node;
  node.type = type;
  node.value = value;
  return add_node(std::move(node));
}

Typed Builder::constant(Type type, Value value) { return {constant_node(type, value), type}; }

Typed Builder::text_constant(const std::string& text) {
  auto [found, fresh] = text_index_.emplace(text, static_cast<std::uint32_t>(core_.texts.size()));
  if (fresh) core_.texts.push_back(text);
  Type type;
  type.kind = Kind::text;
  return constant(type, text_handle(TextSpace::policy, found->second));
}

std::optional<Value> Builder::constant_value(NodeId node) const {
  if (node == kNoNode || core_.nodes[node].op != Op::constant) return std::nullopt;
  return core_.nodes[node].value;
}

Typed Builder::scaled(Typed value, int by) {
  if (by == 0 || !value.ok()) return value;
  if (const auto known = constant_value(value.node)) {
    if (*known == kAbsent) return value;
    Value scaled_value = *known;
    for (int i = 0; i < by; ++i) scaled_value *= 10;
    value.type.scale = static_cast<std::uint8_t>(value.type.scale + by);
    return constant(value.type, scaled_value);
  }
  Type type = value.type;
  type.scale = static_cast<std::uint8_t>(type.scale + by);
  return make(Op::rescale, type, {value.node}, static_cast<std::uint32_t>(by));
}

Typed Builder::as_instant(Typed value) {
  if (!value.ok() || value.type.kind != Kind::date) return value;
  Type type = value.type;
  type.kind = Kind::instant;
  return make(Op::date_start, type, {value.node});
}

/// Fits a value to a wanted type, or reports why it does not.
Typed Builder::convert(Typed value, const Type& wanted, SourceSpan span, const Message& what) {
  if (!value.ok()) return value;
  const Type& have = value.type;
  const auto mismatch = [&](const Message& help = {}) {
    misfit(span, {"E0401.mismatch", {what, show(wanted), show(have)}}, {value.node}, help);
    return Typed{};
  };
  if (have.optional && !wanted.optional) {
    const auto known = constant_value(value.node);
    misfit(span, {"E0402.absent", {what}}, {value.node},
           known && *known == kAbsent ? Message() : Message("advice.say-when-has"));
    return {};
  }
  if (wanted.kind == Kind::instant && have.kind == Kind::date) return as_instant(value);
  if (wanted.kind == Kind::number && have.kind == Kind::number) {
    const auto known = constant_value(value.node);
    const bool zero = known && (*known == 0 || *known == kAbsent) && have.dimension.none();
    if (!zero && !(have.dimension == wanted.dimension)) return mismatch();
    if (have.scale > wanted.scale && !(known && *known == 0)) {
      return mismatch(wanted.scale == kMoneyScale ? Message("advice.round") : Message());
    }
    if (zero && *known == 0) return constant(wanted, 0);
    return scaled(value, wanted.scale - have.scale);
  }
  if (wanted.kind == Kind::text && have.kind == Kind::name) {
    Type text = have;
    text.kind = Kind::text;
    text.ref = 0;
    return make(Op::text_of, text, {value.node});
  }
  if (wanted.kind != have.kind) return mismatch();
  if (wanted.kind == Kind::name && !name_fits(have.ref, wanted.ref)) return mismatch();
  if (wanted.kind == Kind::set && have.ref != wanted.ref && have.ref != kNone) return mismatch();
  if (wanted.kind == Kind::row && (have.of != wanted.of || have.ref != wanted.ref)) {
    return mismatch();
  }
  return value;
}

Typed Builder::wanted(const Expr& expr, Context& context, const Type& type, const Message& what) {
  const Typed value = expression(expr, context, &type);
  if (value.ok() && value.type.optional && !type.optional && !constant_value(value.node)) {
    absent(expr.span, {"E0402.absent", {what}}, "advice.say-when-has", value.node, context);
    return {};
  }
  return convert(value, type, expr.span, what);
}

Typed Builder::guard(const Expr& expr, Context& context) {
  Type type;
  return wanted(expr, context, type, "role.condition");
}

}  // namespace toll::dsl
