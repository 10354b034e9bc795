#include "engine/run/row_order.hpp"

#include <algorithm>

namespace toll {
namespace {

using OrderKeys = std::vector<FamilyShape::OrderKey>;

class Orders {
 public:
  explicit Orders(const Core& core) : core_(core), orders_(core.families.size()) {}

  std::vector<OrderKeys> find() {
    for (const Aggregate& fold : core_.aggregates) look_at(fold.source);
    for (const View& view : core_.views) look_at(view.source);
    for (const Block& block : core_.blocks) look_at(block.effects);
    std::vector<OrderKeys> made;
    for (std::uint32_t i = 0; i < orders_.size(); ++i) {
      const Family& family = core_.families[i];
      const Order& order = orders_[i];
      const bool may = order.seen && !order.none && !family.keyed && family.index != kNone &&
                       std::none_of(order.keys.begin(), order.keys.end(), [&](const auto& key) {
                         return key.field == family.index || !may_order(order, i, key.field);
                       });
      made.push_back(may ? order.keys : OrderKeys{});
    }
    return made;
  }

 private:
  struct Order {
    OrderKeys keys;
    bool seen = false;
    bool none = false;  ///< loops want different things
    std::vector<std::uint32_t> written;
  };

  /// Texts are compared by what they say, which the rows do not know; a field that is written again
  /// would move its row.
  [[nodiscard]] bool may_order(const Order& order, std::uint32_t family,
                               std::uint32_t field) const {
    const Kind kind = core_.families[family].fields[field].type.kind;
    const bool plain = kind == Kind::boolean || kind == Kind::number || kind == Kind::name ||
                       kind == Kind::instant || kind == Kind::date || kind == Kind::month ||
                       kind == Kind::span;
    return plain &&
           std::find(order.written.begin(), order.written.end(), field) == order.written.end();
  }

  void look_at(const Source& source) {
    if (source.of != Source::Of::family) return;
    Order& order = orders_[source.index];
    OrderKeys keys;
    bool plain = !source.by.empty();
    for (std::size_t i = 0; i < source.by.size() && plain; ++i) {
      const Node& key = core_.nodes[source.by[i]];
      const bool descending = i < source.descending.size() && source.descending[i];
      const bool of_row = !key.args.empty() && core_.nodes[key.args[0]].op == Op::local &&
                          core_.nodes[key.args[0]].a == source.slot;
      if (key.op == Op::arrival && of_row && !descending) break;  // as rows come anyhow
      plain = key.op == Op::row_field && of_row;
      if (plain) keys.push_back({key.a, descending});
    }
    order.none = order.none || !plain || (order.seen && order.keys != keys);
    order.seen = true;
    order.keys = std::move(keys);
  }

  void look_at(const Effects& effects) {
    for (const Effect& effect : effects) {
      const bool draws = effect.what == Effect::Do::draw;
      if (draws || effect.what == Effect::Do::each) look_at(effect.source);
      if (draws || effect.what == Effect::Do::set_row) {
        orders_[effect.a].written.push_back(effect.b);
      }
      for (const Effect::EmitRows& rows : effect.rows) look_at(rows.source);
      look_at(effect.effects);
      for (const Rule& rule : effect.rules) look_at(rule.effects);
    }
  }

  const Core& core_;
  std::vector<Order> orders_;
};

}  // namespace

std::vector<OrderKeys> row_orders(const Core& core) { return Orders(core).find(); }

}  // namespace toll
