// Rules about what things cost.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "dsl/syntax/name.hpp"
#include "tools/analysis/limits.hpp"
#include "tools/analysis/schedule.hpp"
#include "tools/lint/subject.hpp"

namespace toll::tools::lint_rules {
namespace {

bool holds_all(const Dimension& whole, const Dimension& part) {
  return std::all_of(std::begin(part.powers), std::end(part.powers), [&](const auto& power) {
    return power.unit == 0 ||
           std::any_of(std::begin(whole.powers), std::end(whole.powers), [&](const auto& other) {
             return other.unit == power.unit && other.exponent == -power.exponent;
           });
  });
}

/// A price of one of what the bounds count.
bool prices_units(const Core& core, const Type& price, const Type& quantity) {
  return price.kind == Kind::number && has_currency(core, price.dimension) &&
         !quantity.dimension.none() && holds_all(price.dimension, quantity.dimension);
}

/// Rows whose units are put into an account for nothing: each name's free units.
class FreeUnits {
 public:
  explicit FreeUnits(const Core& core) : core_(core) {
    for (const Block& block : core.blocks) effects(block.effects);
  }

  /// Of a name now; 0 if there are none.
  [[nodiscard]] Value of(const std::string& name, const Type& quantity) const {
    const std::string folded = dsl::fold(name);
    Value most = 0;
    for (const auto& [index, column] : columns_) {
      const Table& table = core_.tables[index];
      const std::uint32_t key = name_key(table);
      if (key == kNone || !(table.columns[column].type.dimension == quantity.dimension)) continue;
      const Domain& domain = core_.domains[table.columns[key].type.ref];
      for (const Table::Row& row : table.rows) {
        const auto at = static_cast<std::size_t>(row.cells[key]);
        const bool same = at < domain.names.size() && dsl::fold(domain.names[at].shown) == folded;
        if (same && is_latest(row)) most = std::max(most, row.cells[column]);
      }
    }
    return most;
  }

 private:
  void effects(const Effects& list) {
    for (const Effect& effect : list) {
      if (effect.what == Effect::Do::put) {
        for (const NodeId arg : effect.args) put(arg);
      }
      effects(effect.effects);
      for (const Rule& rule : effect.rules) effects(rule.effects);
    }
  }

  void put(NodeId id) {
    if (id == kNoNode) return;
    const Node& node = core_.nodes[id];
    if (node.op != Op::row_field || node.args.empty()) return;
    const Type& row = core_.nodes[node.args[0]].type;
    const bool count = node.type.kind == Kind::number && !node.type.dimension.none() &&
                       !has_currency(core_, node.type.dimension);
    // What is bought has a price in its table; what is given has none.
    if (row.of != Of::table || !count) return;
    const Table& table = core_.tables[row.ref];
    const bool priced = std::any_of(table.columns.begin(), table.columns.end(), [&](const auto& c) {
      return c.type.kind == Kind::number && has_currency(core_, c.type.dimension);
    });
    if (!priced) columns_.insert({row.ref, node.a});
  }

  const Core& core_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> columns_;
};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

std::string keys_of(const Subject& subject, const Table& table, const Schedule& schedule) {
  std::string text;
  for (std::size_t i = 0; i < schedule.keys.size(); ++i) {
    const Type& type = table.columns[table.keys[i]].type;
    const std::string one = type.kind == Kind::name ? subject.shown(type, schedule.keys[i])
                                                    : subject.say(schedule.keys[i], type);
    text += (text.empty() ? "" : " ") + one;
  }
  return text.empty() ? table.name : text;
}

}  // namespace

bool is_latest(const Table::Row& row) { return row.until == kAbsent; }

std::vector<Prices> prices_of(const Core& core) {
  std::vector<Prices> found;
  const auto add = [&](const Tariff& tariff) {
    const Table& table = core.tables[tariff.table];
    const Type quantity = table.columns[table.band].type;
    Type money = table.columns[tariff.column].type;
    money.optional = false;
    money.dimension = product(money.dimension, quantity.dimension);
    found.push_back({tariff, quantity, money});
  };
  std::set<std::pair<std::uint32_t, std::uint32_t>> known;
  for (const Tariff& tariff : core.tariffs) {
    known.insert({tariff.table, tariff.column});
    add(tariff);
  }
  for (std::uint32_t index = 0; index < core.tables.size(); ++index) {
    const Table& table = core.tables[index];
    if (table.band == kNone) continue;
    for (std::uint32_t column = 0; column < table.columns.size(); ++column) {
      if (!prices_units(core, table.columns[column].type, table.columns[table.band].type)) continue;
      Tariff made;
      made.table = index;
      made.column = column;
      made.clause = table.clause;
      if (known.count({index, column}) == 0) add(made);
    }
  }
  return found;
}

void prices_that_fall(const Subject& subject, std::vector<Finding>& found) {
  const Core& core = subject.core();
  const FreeUnits free(core);
  for (const Prices& prices : prices_of(core)) {
    const Table& table = core.tables[prices.tariff.table];
    // Schedules that fall alike are told in one finding, where the first of them stands.
    using Fall = std::tuple<Value, Value, Value, Value, Value, Value>;
    std::map<Fall, std::pair<std::vector<std::string>, ClauseId>> falls;
    std::vector<Fall> order;
    for (const Schedule& one : schedules_of(core, prices.tariff)) {
      if (one.until != kAbsent || one.rows.empty()) continue;
      const std::uint32_t key = name_key(table);
      Value covered = 0;
      for (std::size_t i = 0; i < one.keys.size(); ++i) {
        if (key != kNone && table.keys[i] == key)
          covered = free.of(subject.shown(table.columns[key].type, one.keys[i]), prices.quantity);
      }
      const Schedule schedule = schedule_of(core, prices.tariff, one.rows, covered);
      for (const Band& band : falling_bands(schedule)) {
        if (band.to == kAbsent) continue;
        const Fall fall = {
            band.from, band.to, band.cheaper, *schedule.bill(band.to), *schedule.bill(band.cheaper),
            covered};
        const Piece* tier = schedule.piece(band.cheaper);
        auto [at, fresh] = falls.try_emplace(fall);
        if (fresh) {
          order.push_back(fall);
          at->second.second = table.rows[tier->row].clause;
        }
        at->second.first.push_back(keys_of(subject, table, schedule));
      }
    }
    for (const Fall& fall : order) {
      const auto& [names, clause] = falls[fall];
      const auto& [from, to, cheaper, cost, less, covered] = fall;
      const auto units = [&](Value value) { return subject.say(value, prices.quantity); };
      const std::string column = table.columns[prices.tariff.column].name;
      std::vector<Argument> arguments = {joined(names),
                                         units(from),
                                         units(to),
                                         units(cheaper),
                                         subject.say(cost, prices.money),
                                         subject.say(less, prices.money),
                                         column};
      if (covered > 0) arguments.emplace_back(units(covered));
      found.push_back(
          {subject.span(clause),
           {covered > 0 ? "W1101.falls-beyond-free" : "W1101.falls", std::move(arguments)},
           names.front()});
    }
  }
}

// ---- Packs --------------------------------------------------------------------------------------

namespace {

/// A table of packs: what they are of, how many units, what they cost.
struct Packs {
  std::uint32_t table = 0;
  std::uint32_t name = 0;
  std::uint32_t size = 0;
  std::uint32_t price = 0;
};

std::vector<Packs> packs_of(const Core& core) {
  std::vector<Packs> found;
  for (std::uint32_t index = 0; index < core.tables.size(); ++index) {
    const Table& table = core.tables[index];
    Packs packs = {index, name_key(table), kNone, kNone};
    for (std::uint32_t column = 0; column < table.columns.size(); ++column) {
      const Type& type = table.columns[column].type;
      if (type.kind != Kind::number) continue;
      const bool key = std::find(table.keys.begin(), table.keys.end(), column) != table.keys.end();
      if (key && !type.dimension.none() && !has_currency(core, type.dimension)) packs.size = column;
      if (!key && has_currency(core, type.dimension) && packs.price == kNone) packs.price = column;
    }
    const bool whole = packs.name != kNone && packs.size != kNone && packs.price != kNone;
    if (whole && table.band == kNone) found.push_back(packs);
  }
  return found;
}

/// Names of one domain that belong to those of another: of the same name, or beside it in a table.
std::set<Value> items_of(const Core& core, std::uint32_t domain, Value name, std::uint32_t other) {
  std::set<Value> found;
  const std::string folded =
      dsl::fold(core.domains[domain].names[static_cast<std::size_t>(name)].shown);
  const auto& names = core.domains[other].names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (dsl::fold(names[i].shown) == folded) found.insert(static_cast<Value>(i));
  }
  for (const Table& table : core.tables) {
    const auto column_of = [&](std::uint32_t wanted) {
      for (std::uint32_t i = 0; i < table.columns.size(); ++i) {
        const Type& type = table.columns[i].type;
        if (type.kind == Kind::name && type.ref == wanted) return i;
      }
      return kNone;
    };
    const std::uint32_t from = column_of(domain);
    const std::uint32_t to = column_of(other);
    if (domain == other || from == kNone || to == kNone) continue;
    for (const Table::Row& row : table.rows) {
      if (row.cells[from] == name && row.cells[to] != kAbsent) found.insert(row.cells[to]);
    }
  }
  return found;
}

/// Amounts of different scales, by the finer one.
bool is_more(Value a, std::uint8_t scale_a, Value b, std::uint8_t scale_b) {
  __extension__ typedef __int128 Wide;
  Wide left = a;
  Wide right = b;
  for (; scale_a < scale_b; ++scale_a) left *= 10;
  for (; scale_b < scale_a; ++scale_b) right *= 10;
  return left > right;
}

}  // namespace

void dear_packs(const Subject& subject, std::vector<Finding>& found) {
  const Core& core = subject.core();
  for (const Packs& packs : packs_of(core)) {
    const Table& table = core.tables[packs.table];
    const Type& size = table.columns[packs.size].type;
    const Type& price = table.columns[packs.price].type;
    const std::uint32_t domain = table.columns[packs.name].type.ref;
    for (const Prices& prices : prices_of(core)) {
      const Table& tiers = core.tables[prices.tariff.table];
      const std::uint32_t key = name_key(tiers);
      const bool alike = key != kNone && prices.quantity.dimension == size.dimension &&
                         prices.money.dimension == price.dimension && tiers.keys.size() == 1;
      if (!alike) continue;
      const std::vector<Schedule> schedules = schedules_of(core, prices.tariff);
      for (const Table::Row& row : table.rows) {
        if (!is_latest(row) || row.cells[packs.price] == kAbsent) continue;
        const std::set<Value> items =
            items_of(core, domain, row.cells[packs.name], tiers.columns[key].type.ref);
        for (const Schedule& schedule : schedules) {
          if (schedule.until != kAbsent || items.count(schedule.keys[0]) == 0) continue;
          const auto bill = schedule.bill(row.cells[packs.size]);
          if (!bill || !is_more(row.cells[packs.price], price.scale, *bill, prices.money.scale))
            continue;
          const std::string name =
              subject.shown(table.columns[packs.name].type, row.cells[packs.name]);
          found.push_back({subject.span(row.clause),
                           {"W1102.dear",
                            {name, subject.say(row.cells[packs.size], size),
                             subject.say(row.cells[packs.price], price),
                             subject.shown(tiers.columns[key].type, schedule.keys[0]),
                             subject.say(*bill, prices.money)}},
                           name});
        }
      }
    }
  }
}

// ---- Limits -------------------------------------------------------------------------------------

void tiers_beyond_limits(const Subject& subject, std::vector<Finding>& found) {
  const Core& core = subject.core();
  const Limits limits(core);
  for (const Table& table : core.tables) {
    const std::uint32_t key = name_key(table);
    if (table.band == kNone || key == kNone) continue;
    const Type& unit = table.columns[table.band].type;
    const Type& name = table.columns[key].type;
    for (const Table::Row& row : table.rows) {
      const std::optional<Value> most = limits.of(table, row);
      const Value from = row.cells[table.band];
      if (!is_latest(row) || !most || from <= *most) continue;
      const std::string shown = subject.shown(name, row.cells[key]);
      found.push_back({subject.span(row.clause),
                       {"W1103.beyond", {shown, subject.say(from, unit), subject.say(*most, unit)}},
                       shown});
    }
  }
}

}  // namespace toll::tools::lint_rules
