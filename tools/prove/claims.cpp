#include "tools/prove/claims.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"

namespace toll::tools::prover {

bool touches(const Places& a, const Places& b) {
  return std::any_of(a.begin(), a.end(), [&](const Place& one) { return b.count(one) != 0; });
}

Claim claim_of(const Core& core, std::uint32_t proof) {
  Claim made;
  made.proof = proof;
  made.body = core.definitions[core.proofs[proof].definition].body;
  reads_of(core, made.body, made.reads);
  const Node& node = core.nodes[made.body];
  if (node.op != Op::aggregate) return made;
  const Aggregate& all = core.aggregates[node.a];
  if (all.fn != Aggregate::Fn::all || all.source.of != Source::Of::family) return made;
  made.rows = true;
  made.family = all.source.index;
  made.slot = all.source.slot;
  made.where = all.source.where;
  made.body = all.body;
  return made;
}

std::vector<Claim> unsaid(const Core& core, const Places& places) {
  std::vector<Claim> made;
  for (std::uint32_t i = 0; i < core.families.size(); ++i) {
    const Family& family = core.families[i];
    const bool spoken = places.count({Place::Of::family, i}) != 0;
    if (!spoken && !family.event_scope) continue;
    for (std::uint32_t j = family.keyed ? family.key_count : 0; j < family.fields.size(); ++j) {
      const Family::Field& field = family.fields[j];
      if (field.type.kind != Kind::number) continue;
      if (field.initial != kAbsent && field.initial < 0) continue;
      Claim& claim = made.emplace_back();
      claim.proof = static_cast<std::uint32_t>(core.proofs.size() + made.size() - 1);
      claim.rows = true;
      claim.family = i;
      claim.field = j;
      claim.reads = {{Place::Of::family, i}};
    }
  }
  return made;
}

std::vector<Total> totals_of(const Core& core, const std::vector<Claim>& claims) {
  std::vector<Total> found;
  const auto look = [&](const auto& self, NodeId root) -> void {
    dsl::each_node(core, root, [&](NodeId id) {
      const Node& node = core.nodes[id];
      if (node.op == Op::call) self(self, core.definitions[node.a].body);
      if (node.op != Op::aggregate) return;
      const Aggregate& sum = core.aggregates[node.a];
      if (sum.fn != Aggregate::Fn::sum || sum.source.of != Source::Of::family) return;
      if (core.families[sum.source.index].event_scope) return;
      // What a row counts for has to hang on that row alone.
      Places reads;
      reads_of(core, sum.body, reads);
      if (sum.source.where != kNoNode) reads_of(core, sum.source.where, reads);
      const bool own = std::all_of(reads.begin(), reads.end(), [&](const Place& place) {
        return place.of == Place::Of::family && place.index == sum.source.index;
      });
      const Depends part = depends_on(core, sum.body);
      const Depends where =
          sum.source.where == kNoNode ? Depends{} : depends_on(core, sum.source.where);
      if (!own || part.time || part.event || where.time || where.event || part.opaque ||
          where.opaque || core.nodes[sum.body].type.optional) {
        return;
      }
      found.push_back({sum.source.index, sum.source.slot, sum.source.where, sum.body});
    });
  };
  for (const Claim& claim : claims) {
    if (claim.field == kNone) look(look, claim.body);
  }
  return found;
}

}  // namespace toll::tools::prover
