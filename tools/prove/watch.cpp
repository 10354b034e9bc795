#include "tools/prove/histories.hpp"

namespace toll::tools::prover {
namespace {

class Instrument {
 public:
  explicit Instrument(Core& core) : core_(core) {}

  void watch(std::uint32_t proof, std::uint32_t reg) {
    const Proof& claim = core_.proofs[proof];
    for (Block& block : core_.blocks) effects(block.effects, claim, reg);
  }

 private:
  NodeId add(Op op, std::uint32_t a, std::vector<NodeId> args, Value value, const Type& type) {
    Node node;
    node.op = op;
    node.type = type;
    node.a = a;
    node.value = value;
    node.args = std::move(args);
    core_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(core_.nodes.size() - 1);
  }

  void effects(Effects& list, const Proof& claim, std::uint32_t reg) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      effects(list[i].effects, claim, reg);
      for (Rule& rule : list[i].rules) effects(rule.effects, claim, reg);
      if (list[i].what != Effect::Do::emit || list[i].a != claim.a) continue;
      list.insert(list.begin() + static_cast<std::ptrdiff_t>(i), check(list[i], claim, reg));
      ++i;
    }
  }

  /// when not CLAIM(MEMBERS) { register := true }
  Effect check(const Effect& emit, const Proof& claim, std::uint32_t reg) {
    const auto& parameters = core_.definitions[claim.definition].parameters;
    std::vector<NodeId> members;
    for (const Type& type : parameters) members.push_back(add(Op::constant, 0, {}, kAbsent, type));
    for (std::size_t i = 0; i < emit.fields.size(); ++i) members[emit.fields[i]] = emit.args[i];
    const NodeId holds = add(Op::call, claim.definition, std::move(members), 0, Type{});
    Effect set;
    set.what = Effect::Do::set_register;
    set.clause = emit.clause;
    set.a = reg;
    set.args = {add(Op::constant, 0, {}, 1, Type{})};
    Rule rule;
    rule.guard = add(Op::logical_not, 0, {holds}, 0, Type{});
    rule.clause = emit.clause;
    rule.effects.push_back(std::move(set));
    Effect choose;
    choose.what = Effect::Do::choose;
    choose.clause = emit.clause;
    choose.rules.push_back(std::move(rule));
    return choose;
  }

  Core& core_;
};

}  // namespace

bool Watched::broken(const Account& account, std::uint32_t proof) const {
  const Proof& claim = core->proofs[proof];
  if (claim.of == Proof::Of::state) return !account.holds(claim.definition);
  const auto found = registers.find(proof);
  return found != registers.end() && account.register_value(found->second) == 1;
}

Watched watch(const Core& core) {
  auto made = std::make_shared<Core>(core);
  Watched watched;
  for (std::uint32_t i = 0; i < made->proofs.size(); ++i) {
    if (made->proofs[i].of != Proof::Of::entries) continue;
    Register broken;
    broken.name = "broken " + std::to_string(i);
    broken.initial = 0;
    watched.registers.emplace(i, static_cast<std::uint32_t>(made->registers.size()));
    made->registers.push_back(std::move(broken));
    Instrument(*made).watch(i, watched.registers[i]);
  }
  watched.core = made;
  watched.program = prepare(watched.core);
  return watched;
}

}  // namespace toll::tools::prover
