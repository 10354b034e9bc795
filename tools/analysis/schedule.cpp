#include "tools/analysis/schedule.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace toll::tools {
namespace {

/// The tiers of one schedule, asked as the rules ask them: see tariff_charge in the resolver.
class Tiers {
 public:
  Tiers(const Table& table, const Tariff& tariff, const Schedule& schedule)
      : table_(table), tariff_(tariff), schedule_(schedule) {}

  /// Where something may change: between two of these the bill is a straight line.
  [[nodiscard]] std::set<Value> edges() const {
    std::set<Value> found = {0, 1, schedule_.covered, schedule_.covered + 1};
    for (const std::uint32_t row : schedule_.rows) {
      const Value bound = table_.rows[row].cells[table_.band];
      for (const Value near : {bound - 1, bound, bound + 1}) found.insert(near);
    }
    found.erase(found.begin(), found.lower_bound(0));
    return found;
  }

  /// The row that the total reaches.
  [[nodiscard]] std::uint32_t row(Value total) const {
    std::uint32_t found = kNone;
    for (const std::uint32_t row : schedule_.rows) {
      if (table_.rows[row].cells[table_.band] <= total) found = row;
    }
    return found;
  }

  [[nodiscard]] std::optional<Value> charge(Value total) const {
    const std::uint32_t reached = row(total);
    if (reached == kNone) return std::nullopt;
    const Value start = std::min(total, schedule_.covered);
    if (!tariff_.graduated) {
      const Value price = table_.rows[reached].cells[tariff_.column];
      if (price == kAbsent) return std::nullopt;
      return price * (total - start);
    }
    Value sum = 0;
    for (std::size_t i = 0; i < schedule_.rows.size(); ++i) {
      const Value from = std::max<Value>(edge(i), 0);
      const Value end = i + 1 < schedule_.rows.size() ? edge(i + 1) : total;
      if (from >= total || end <= start) continue;
      const Value price = table_.rows[schedule_.rows[i]].cells[tariff_.column];
      if (price == kAbsent) return std::nullopt;
      sum += price * (std::min(end, total) - std::max(from, start));
    }
    return sum;
  }

 private:
  /// `<= N` is kept as the total N + 1 at which the next tier is reached; its units end after N.
  [[nodiscard]] Value edge(std::size_t tier) const {
    return table_.rows[schedule_.rows[tier]].cells[table_.band] - (tariff_.upto ? 1 : 0);
  }

  const Table& table_;
  const Tariff& tariff_;
  const Schedule& schedule_;
};

bool same_line(const Piece& a, const Piece& b) {
  return a.quoted == b.quoted && (a.quoted || (a.price == b.price && a.offset == b.offset));
}

/// The last quantity of a piece; a piece without end has none.
std::optional<Value> last_of(const Piece& piece) {
  return piece.until == kAbsent ? std::nullopt : std::optional(piece.until - 1);
}

Value floor_quotient(Value a, Value b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

/// The least bill of a piece, and where; nothing if it falls without end.
struct Low {
  Value quantity = 0;
  Value bill = 0;
};
std::optional<Low> lowest(const Piece& piece) {
  if (piece.price >= 0) return Low{piece.from, piece.bill(piece.from)};
  const auto last = last_of(piece);
  return last ? std::optional(Low{*last, piece.bill(*last)}) : std::nullopt;
}

/// The quantities of a piece that cost more than `low` beyond it.
std::optional<Band> above(const Piece& piece, const Low& low) {
  const auto last = last_of(piece);
  if (!last || *last >= low.quantity) return std::nullopt;
  Band band;
  band.from = piece.from;
  band.to = *last;
  band.cheaper = low.quantity;
  band.saved = piece.bill(*last) - low.bill;
  if (piece.price <= 0) return band.saved > 0 ? std::optional(band) : std::nullopt;
  const Value equal = floor_quotient(low.bill - piece.offset, piece.price);
  band.from = std::max(piece.from, equal + 1);
  return band.from <= band.to ? std::optional(band) : std::nullopt;
}

}  // namespace

const Piece* Schedule::piece(Value quantity) const {
  const auto found = std::find_if(pieces.begin(), pieces.end(),
                                  [&](const Piece& one) { return one.holds(quantity); });
  return found == pieces.end() ? nullptr : &*found;
}

std::optional<Value> Schedule::bill(Value quantity) const {
  const Piece* const at = piece(quantity);
  return at == nullptr || at->quoted ? std::nullopt : std::optional(at->bill(quantity));
}

Schedule schedule_of(const Core& core, const Tariff& tariff, std::vector<std::uint32_t> rows,
                     Value covered) {
  const Table& table = core.tables[tariff.table];
  Schedule made;
  made.covered = covered;
  made.rows = std::move(rows);
  if (!made.rows.empty()) {
    for (const std::uint32_t key : table.keys) {
      made.keys.push_back(table.rows[made.rows.front()].cells[key]);
    }
  }
  const Tiers tiers(table, tariff, made);
  const std::set<Value> edges = tiers.edges();
  for (auto edge = edges.begin(); edge != edges.end(); ++edge) {
    Piece piece;
    piece.from = *edge;
    if (std::next(edge) != edges.end()) piece.until = *std::next(edge);
    piece.row = tiers.row(piece.from);
    const auto bill = tiers.charge(piece.from);
    piece.quoted = !bill;
    if (bill) {
      const bool point = piece.until == piece.from + 1;
      const auto next = point ? bill : tiers.charge(piece.from + 1);
      piece.price = *next - *bill;
      piece.offset = *bill - piece.price * piece.from;
    }
    Piece* const before = made.pieces.empty() ? nullptr : &made.pieces.back();
    const bool joins =
        before != nullptr && before->row == piece.row && before->quoted == piece.quoted &&
        (piece.quoted || before->bill(piece.from) == *bill || before->until == before->from + 1);
    if (joins && (piece.quoted || same_line(*before, piece))) {
      before->until = piece.until;
    } else if (joins && before->until == before->from + 1 &&
               piece.bill(before->from) == before->bill(before->from)) {
      // A single quantity lies on every line through it: on that of its neighbour, if it may.
      piece.from = before->from;
      *before = piece;
    } else if (joins && piece.until == piece.from + 1 && before->bill(piece.from) == *bill) {
      before->until = piece.until;
    } else {
      made.pieces.push_back(piece);
    }
  }
  return made;
}

Dimension product(const Dimension& a, const Dimension& b) {
  std::map<int, int> powers;
  for (const Dimension* const one : {&a, &b}) {
    for (const Dimension::Power& power : one->powers) {
      if (power.unit != 0) powers[power.unit] += power.exponent;
    }
  }
  Dimension made;
  int at = 0;
  for (const auto& [unit, exponent] : powers) {
    if (exponent == 0 || at >= Dimension::kMax) continue;
    made.powers[at].unit = static_cast<std::uint8_t>(unit);
    made.powers[at].exponent = static_cast<std::int8_t>(exponent);
    ++at;
  }
  return made;
}

std::vector<Schedule> schedules_of(const Core& core, const Tariff& tariff, Value covered) {
  const Table& table = core.tables[tariff.table];
  std::vector<std::vector<Value>> order;
  std::map<std::vector<Value>, std::vector<std::uint32_t>> by_keys;
  for (std::uint32_t i = 0; i < table.rows.size(); ++i) {
    std::vector<Value> keys;
    for (const std::uint32_t key : table.keys) keys.push_back(table.rows[i].cells[key]);
    auto& rows = by_keys[keys];
    if (rows.empty()) order.push_back(keys);
    rows.push_back(i);
  }
  std::vector<Schedule> made;
  for (const std::vector<Value>& keys : order) {
    std::set<Value> dates = {kAbsent};  // the least of all values: before any date
    for (const std::uint32_t row : by_keys[keys]) {
      dates.insert(table.rows[row].since);
      dates.insert(table.rows[row].until);
    }
    for (auto date = dates.begin(); date != dates.end(); ++date) {
      const Value since = *date;
      const Value until = std::next(date) == dates.end() ? kAbsent : *std::next(date);
      std::vector<std::uint32_t> rows;
      for (const std::uint32_t i : by_keys[keys]) {
        const Table::Row& row = table.rows[i];
        const bool begun = row.since == kAbsent || row.since <= since;
        const bool over = row.until != kAbsent && row.until <= since;
        if (begun && !over) rows.push_back(i);
      }
      if (rows.empty()) continue;
      std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        return table.rows[a].cells[table.band] < table.rows[b].cells[table.band];
      });
      Schedule schedule = schedule_of(core, tariff, std::move(rows), covered);
      schedule.since = since;
      schedule.until = until;
      made.push_back(std::move(schedule));
    }
  }
  return made;
}

std::vector<Band> falling_bands(const Schedule& schedule) {
  std::vector<Band> found;
  std::optional<Low> low;  // of all pieces beyond the one at hand
  bool bottomless = false;
  for (auto piece = schedule.pieces.rbegin(); piece != schedule.pieces.rend(); ++piece) {
    if (piece->quoted) continue;
    const auto own = lowest(*piece);
    if (!own || bottomless) {
      // The price of a unit more is negative, without end: there is always a cheaper quantity.
      bottomless = true;
      const auto last = last_of(*piece);
      found.push_back({piece->from, last.value_or(kAbsent), kAbsent, kAbsent});
      continue;
    }
    if (low) {
      if (auto band = above(*piece, *low)) found.push_back(*band);
    }
    if (low && low->bill < own->bill) continue;
    // What falls by itself is cheapest at its last quantity.
    if (piece->price < 0 && own->quantity > piece->from) {
      found.push_back({piece->from, own->quantity - 1, own->quantity, -piece->price});
    }
    low = own;
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::optional<Value> Difference::widest() const {
  const auto size = [](Value value) { return value < 0 ? -value : value; };
  if (until == kAbsent) {
    return left.price == right.price ? std::optional(from) : std::nullopt;
  }
  return size(at(until - 1)) > size(at(from)) ? until - 1 : from;
}

std::vector<Difference> differences(const Schedule& left, const Schedule& right) {
  std::set<Value> edges = {0};
  for (const Schedule* const one : {&left, &right}) {
    for (const Piece& piece : one->pieces) edges.insert(piece.from);
  }
  Piece nothing;
  nothing.quoted = true;
  std::vector<Difference> found;
  for (auto edge = edges.begin(); edge != edges.end(); ++edge) {
    const Piece* const a = left.piece(*edge);
    const Piece* const b = right.piece(*edge);
    Difference made;
    made.left = a == nullptr ? nothing : *a;
    made.right = b == nullptr ? nothing : *b;
    if (same_line(made.left, made.right)) continue;
    made.from = *edge;
    if (std::next(edge) != edges.end()) made.until = *std::next(edge);
    if (made.until == made.from + 1 && made.listed() && made.at(made.from) == 0) continue;
    Difference* const before = found.empty() ? nullptr : &found.back();
    if (before != nullptr && before->until == made.from && same_line(before->left, made.left) &&
        same_line(before->right, made.right)) {
      before->until = made.until;
    } else {
      found.push_back(made);
    }
  }
  return found;
}

}  // namespace toll::tools
