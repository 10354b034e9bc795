// W1108: what is given and nobody can use: rows of a grant that no name leads to, units put where
// no draw takes them from.
#include <algorithm>
#include <set>

#include "dsl/checks/conditions.hpp"
#include "dsl/checks/walk.hpp"
#include "tools/analysis/logic.hpp"
#include "tools/coverage/reach.hpp"
#include "tools/lint/subject.hpp"

namespace toll::tools::lint_rules {
namespace {

bool overlap(const Table::Row& a, const Table::Row& b) {
  const auto before = [](Value until, Value since) {
    return until != kAbsent && since != kAbsent && until <= since;
  };
  return !before(a.until, b.since) && !before(b.until, a.since);
}

// ---- Rows that nobody is given ------------------------------------------------------------------

/// A loop over a table, each row of which needs a row of another: `any(true for m in serves where
/// m.pool = g.pool and ..)`.
class Needs {
 public:
  Needs(const Subject& subject, std::vector<Finding>& found)
      : subject_(subject), core_(subject.core()), found_(found) {}

  void look(const Effect& effect) {
    if (effect.what != Effect::Do::each || effect.source.of != Source::Of::table) return;
    bool gives = false;
    dsl::each_effect(effect.effects,
                     [&](const Effect& inner) { gives = gives || inner.what == Effect::Do::put; });
    if (!gives) return;
    for (const NodeId part : Logic(core_).parts(effect.source.where)) need(effect.source, part);
  }

 private:
  void need(const Source& source, NodeId part) {
    const Node& node = core_.nodes[part];
    if (node.op != Op::aggregate) return;
    const Aggregate& any = core_.aggregates[node.a];
    if (any.fn != Aggregate::Fn::any || any.source.of != Source::Of::table) return;
    const std::vector<NodeId> links = Logic(core_).parts(any.source.where);
    const Table& given = core_.tables[source.index];
    const Table& members = core_.tables[any.source.index];
    for (const Table::Row& row : given.rows) {
      const bool led_to =
          std::any_of(members.rows.begin(), members.rows.end(), [&](const Table::Row& member) {
            return overlap(row, member) &&
                   std::all_of(links.begin(), links.end(), [&](NodeId link) {
                     return may_link(link, source, row, any.source, member);
                   });
          });
      if (led_to || row.clause == kNone || !said_.insert(row.clause).second) continue;
      const std::uint32_t key = name_key(given);
      const std::string name =
          key == kNone ? given.name : subject_.shown(given.columns[key].type, row.cells[key]);
      found_.push_back({subject_.span(row.clause), {"W1108.nobody", {name, members.name}}, name});
    }
  }

  /// What a side of an equation is of the two rows; nothing if it is anything else.
  std::optional<Value> side(NodeId id, const Source& source, const Table::Row& row,
                            const Source& other, const Table::Row& member) const {
    const Node& node = core_.nodes[id];
    if (node.op == Op::constant) return node.value;
    if (node.op != Op::row_field) return std::nullopt;
    const Node& of = core_.nodes[node.args[0]];
    if (of.op != Op::local) return std::nullopt;
    if (of.a == source.slot) return row.cells[node.a];
    if (of.a == other.slot) return member.cells[node.a];
    return std::nullopt;
  }

  bool may_link(NodeId link, const Source& source, const Table::Row& row, const Source& other,
                const Table::Row& member) const {
    const Node& node = core_.nodes[link];
    if (node.op != Op::eq) return true;
    const auto left = side(node.args[0], source, row, other, member);
    const auto right = side(node.args[1], source, row, other, member);
    return !left || !right || *left == *right;
  }

  const Subject& subject_;
  const Core& core_;
  std::vector<Finding>& found_;
  std::set<ClauseId> said_;
};

// ---- Units that nobody draws --------------------------------------------------------------------

/// Rows put into a list from which others are drawn.
class Draws {
 public:
  Draws(const Subject& subject, std::vector<Finding>& found)
      : subject_(subject), core_(subject.core()), found_(found) {}

  void look() {
    const Reach reach(core_);
    for (std::uint32_t i = 0; i < core_.blocks.size(); ++i) {
      if (!reach.blocks()[i]) continue;
      dsl::each_effect(core_.blocks[i].effects, [&](const Effect& effect) {
        if (effect.what == Effect::Do::put) puts_.push_back(&effect);
        if (effect.what == Effect::Do::draw) draws_.push_back(&effect);
        if (effect.what == Effect::Do::set_row) written_.insert({effect.a, effect.b});
      });
    }
    for (const Effect* const put : puts_) look_at(*put);
  }

 private:
  void look_at(const Effect& put) {
    bool drawn = false;
    for (const Effect* const draw : draws_) {
      if (draw->a != put.a) continue;
      drawn = true;
      if (takes(*draw, put)) return;
    }
    if (!drawn || put.clause == kNone || !said_.insert(&put).second) return;
    const std::string& list = core_.families[put.a].name;
    found_.push_back({subject_.effect_span(put), {"W1108.undrawn", {list}}, list});
  }

  /// Can the draw's condition hold for a row as it was put?
  bool takes(const Effect& draw, const Effect& put) const {
    Core with = core_;
    dsl::Question question;
    question.hold = {draw.source.where};
    const auto add = [&](Node node) {
      with.nodes.push_back(std::move(node));
      return static_cast<NodeId>(with.nodes.size() - 1);
    };
    const Family& family = core_.families[put.a];
    for (std::uint32_t field = 0; field < family.fields.size(); ++field) {
      if (written_.count({put.a, field}) != 0) continue;  // another value later
      const auto given = std::find(put.fields.begin(), put.fields.end(), field);
      Value value = family.fields[field].initial;
      if (given != put.fields.end()) {
        const Node& node =
            core_.nodes[put.args[static_cast<std::size_t>(given - put.fields.begin())]];
        if (node.op != Op::constant) continue;
        value = node.value;
      }
      const Type& type = family.fields[field].type;
      Node row;
      row.op = Op::local;
      row.a = draw.source.slot;
      row.type.kind = Kind::row;
      row.type.of = Of::family;
      row.type.ref = put.a;
      Node read;
      read.op = Op::row_field;
      read.a = field;
      read.b = 1;  // of a row of the account
      read.type = type;
      read.args = {add(std::move(row))};
      const NodeId reading = add(std::move(read));
      if (value == kAbsent) {
        question.absent.push_back(reading);
        continue;
      }
      if (field == draw.b && value <= 0) return false;  // nothing is in it
      Node constant;
      constant.type = type;
      constant.type.optional = false;
      constant.value = value;
      Node equal;
      equal.op = Op::eq;
      equal.args = {reading, add(std::move(constant))};
      question.hold.push_back(add(std::move(equal)));
    }
    return dsl::possible(with, question);
  }

  const Subject& subject_;
  const Core& core_;
  std::vector<Finding>& found_;
  std::vector<const Effect*> puts_;
  std::vector<const Effect*> draws_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> written_;
  std::set<const Effect*> said_;
};

}  // namespace

void gifts_without_use(const Subject& subject, std::vector<Finding>& found) {
  Needs needs(subject, found);
  for (const Block& block : subject.core().blocks)
    dsl::each_effect(block.effects, [&](const Effect& effect) { needs.look(effect); });
  Draws(subject, found).look();
}

}  // namespace toll::tools::lint_rules
