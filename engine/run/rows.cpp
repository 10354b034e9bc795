// Rows: reading them, looking them up, folding them, and collecting them in order.
#include <algorithm>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/checked.hpp"
#include "engine/run/run.hpp"

namespace toll {

Value Run::row_field(const Term& term) {
  const Value row = eval(term.x);
  if (row == kAbsent || row < 0) return kAbsent;
  switch (term.of) {
    case Of::table: {
      const Cells& cells = p_.tables[term.b].cells;
      return row < cells.rows ? cells.at(static_cast<std::uint32_t>(row), term.a) : kAbsent;
    }
    case Of::family: {
      const FamilyState& rows = family(term.b);
      if (!rows.has(row)) return kAbsent;
      return rows.read(p_.families[term.b], static_cast<std::uint32_t>(row), term.a);
    }
    case Of::list: {
      const auto list = static_cast<std::size_t>(row >> 32);
      if (list >= w_.lists.size()) return kAbsent;
      const ListView& view = w_.lists[list];
      const std::size_t cell = static_cast<std::uint32_t>(row) * view.columns + term.a;
      return term.a < view.columns && cell < view.cells.size() ? view.cells[cell] : kAbsent;
    }
    case Of::none:
      break;
  }
  return kAbsent;
}

Value Run::cell(const Term& term) {
  const FamilyState& rows = family(term.a);
  const FamilyShape& shape = p_.families[term.a];
  const Value* key = arguments(p_.at(term.operands));
  const std::uint32_t row = rows.find(shape, key);
  if (row != FamilyState::kMissing) return rows.read(shape, row, term.b);
  return term.b < shape.key_count ? key[term.b] : shape.initial[term.b];
}

// Of rows in force, the one with the highest band not above the number asked for; of equal ones the
// latest, which is the one in force since last.
Value Run::lookup(const Term& term) {
  const std::uint32_t row = row_in_force(term.a, arguments(p_.at(term.operands)));
  if (row == kNone) return kAbsent;
  if (trace_ != nullptr && !p_.tables[term.a].quiet) trace_->looked_up(term.a, row);
  return row;
}

std::uint32_t Run::row_in_force(std::uint32_t index, const Value* key) const {
  const TableData& table = p_.tables[index];
  const bool banded = table.band != kNone;
  const Value number = banded ? key[table.key_count] : 0;
  const Value at = table.dated ? key[table.key_count + (banded ? 1 : 0)] : 0;
  if (number == kAbsent || at == kAbsent) return kNone;
  std::uint32_t best = kNone;
  Value best_band = 0;
  for (const std::uint32_t row : table.keys.find(table.cells, key)) {
    if (table.dated) {
      if (table.since[row] != kAbsent && table.since[row] > at) continue;
      if (table.until[row] != kAbsent && table.until[row] <= at) continue;
    }
    const Value band = banded ? table.cells.at(row, table.band) : 0;
    if (band == kAbsent || band > number || (best != kNone && band < best_band)) continue;
    best = row;
    best_band = band;
  }
  return best;
}

Value Run::fold(const RowFold& fold) {
  using Fn = Aggregate::Fn;
  Value result = 0;
  switch (fold.fn) {
    case Fn::any:
      scan(fold.source, [&](Value) {
        result = fold.body == kNoNode || holds(fold.body);
        return result == 0;
      });
      return result;
    case Fn::all:
      result = 1;
      scan(fold.source, [&](Value) {
        result = fold.body == kNoNode || holds(fold.body);
        return result == 1;
      });
      return result;
    case Fn::count:
      scan(fold.source, [&](Value) {
        result += fold.body == kNoNode || holds(fold.body) ? 1 : 0;
        return true;
      });
      return result;
    case Fn::sum:
      scan(fold.source, [&](Value) {
        const Value part = eval(fold.body);
        if (part == kAbsent) {
          result = kAbsent;
        } else if (!checked::add(result, part, result)) {
          result = overflow();
        }
        return result != kAbsent;
      });
      return result;
    case Fn::min:
    case Fn::max:
      result = kAbsent;
      scan(fold.source, [&](Value) {
        const Value part = eval(fold.body);
        if (part == kAbsent) return true;
        if (result == kAbsent || (fold.fn == Fn::min ? part < result : part > result)) {
          result = part;
        }
        return true;
      });
      return result;
    case Fn::first:
    case Fn::last:
      return fold_ends(fold);
  }
  return kAbsent;
}

Value Run::fold_ends(const RowFold& fold) {
  const bool first = fold.fn == Aggregate::Fn::first;
  Value found = kAbsent;
  if (fold.source.by.empty()) {
    scan(fold.source, [&](Value row) {
      found = row;
      return !first;
    });
  } else {
    Rows rows(w_, w_.rows.size());
    collect(fold.source, rows);
    if (rows.size() > 0) found = rows[first ? 0 : rows.size() - 1];
  }
  if (found == kAbsent || fold.body == kNoNode) return found;
  slots_[fold.source.slot] = found;
  turn(fold.source.slot, found, Trace::Turn::visit);
  return eval(fold.body);
}

void Run::collect(const RowSource& source, Rows& rows) {
  if (source.of == Source::Of::changed) {
    changed_rows(source, rows);
    std::size_t kept = rows.first_;
    for (std::size_t i = rows.first_; i < w_.rows.size(); ++i) {
      slots_[source.slot] = w_.rows[i];
      turn(source.slot, slots_[source.slot], Trace::Turn::test);
      const auto where = p_.at(source.where);
      if (!std::all_of(where.begin(), where.end(), [&](NodeId part) { return holds(part); })) {
        continue;
      }
      w_.rows[kept++] = w_.rows[i];
    }
    w_.rows.resize(kept);
  } else {
    scan(source, [&](Value row) {
      w_.rows.push_back(static_cast<std::uint64_t>(row));
      return true;
    });
  }
  if (!source.by.empty() && rows.size() > 1) sort(source, rows);
}

// Sort keys are evaluated once for each row. The order is total, because equal rows keep theirs.
void Run::sort(const RowSource& source, Rows& rows) {
  const std::size_t count = rows.size();
  const std::size_t keys = w_.sort_keys.size();
  for (std::size_t i = 0; i < count; ++i) {
    slots_[source.slot] = rows[i];
    turn(source.slot, rows[i], Trace::Turn::sort);
    for (const RowSource::SortKey& by : source.by) {
      const Value key = eval(by.node);
      w_.sort_keys.push_back(key);
    }
  }
  w_.sort_order.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) w_.sort_order[i] = i;
  std::sort(w_.sort_order.begin(), w_.sort_order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return before(source, keys, a, b); });
  const std::size_t unsorted = rows.first_;
  for (const std::uint32_t place : w_.sort_order) {
    const std::uint64_t row = w_.rows[unsorted + place];
    w_.rows.push_back(row);
  }
  rows.first_ = unsorted + count;
  w_.sort_keys.resize(keys);
}

bool Run::before(const RowSource& source, std::size_t keys, std::uint32_t a,
                 std::uint32_t b) const {
  const std::size_t width = source.by.size();
  for (std::size_t i = 0; i < width; ++i) {
    const Value left = w_.sort_keys[keys + a * width + i];
    const Value right = w_.sort_keys[keys + b * width + i];
    if (left == right) continue;
    if (left == kAbsent || right == kAbsent) return right == kAbsent;
    const RowSource::SortKey& by = source.by[i];
    const int order = compare(by.kind, left, right);
    if (order != 0) return by.descending ? order > 0 : order < 0;
  }
  return a < b;
}

void Run::changed_rows(const RowSource& source, Rows& rows) {
  const FamilyState& state = family(source.index);
  const FamilyShape& shape = p_.families[source.index];
  for (const std::uint32_t row : state.listed()) {
    if (state.marked(shape, row)) w_.rows.push_back(row);
  }
  const auto first = w_.rows.begin() + static_cast<std::ptrdiff_t>(rows.first_);
  std::sort(first, w_.rows.end(), [&](std::uint64_t left, std::uint64_t right) {
    const auto a = static_cast<std::uint32_t>(left);
    const auto b = static_cast<std::uint32_t>(right);
    for (std::uint32_t i = 0; i < shape.key_count; ++i) {
      const Value x = state.read(shape, a, i);
      const Value y = state.read(shape, b, i);
      if (x == y) continue;
      if (x == kAbsent || y == kAbsent) return y == kAbsent;
      return compare(shape.layout.kind(i), x, y) < 0;
    }
    return a < b;
  });
}

}  // namespace toll
