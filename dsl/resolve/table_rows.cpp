// Tables, second half: rows get values, bands get bounds, and what overlaps or leaves a gap is
// said.

#include <algorithm>

#include "dsl/resolve/tables.hpp"
#include "dsl/syntax/name.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::dsl {

/// The domain whose names a column of this head brings into being.
std::optional<std::uint32_t> TableReader::listed_domain(const std::vector<Token>& head) const {
  if (head.empty()) return std::nullopt;
  Token column = head[0];
  column.raw = builder_.cell_text(head, 0, head.size());
  const auto domain = builder_.find(builder_.domains_, column);
  const bool listed = domain && std::any_of(lists_.begin(), lists_.end(), [&](const Token& one) {
                        return builder_.find(builder_.domains_, one) == domain;
                      });
  return listed ? domain : std::nullopt;
}

void TableReader::bring_names() {
  if (!head() || lists_.empty()) return;
  for (const Token& list : lists_) {
    if (!builder_.find(builder_.domains_, list)) {
      builder_.unknown(list, builder_.domains_, "noun.domain");
    }
  }
  std::vector<const Clause*> items;
  for (const Clause& item : clause_.body) items.push_back(&item);
  for (const Clause& item : csv_rows_) items.push_back(&item);
  // The header says which cells hold names of the listed domains: the first row, and any after a
  // line `header`.
  const Clause* header_row = nullptr;
  std::vector<std::optional<std::uint32_t>>
      brought;  // by cell of the header: the domain, if listed
  std::vector<Item> parts;
  for (const Clause* at : items) {
    const Clause& item = *at;
    if (item.kind != Clause::Kind::row) {
      if (!item.head.empty() && item.head[0].word == "header") header_row = nullptr;
      continue;
    }
    if (header_row == nullptr) {
      header_row = &item;
      brought.clear();
      for (const std::vector<Token>& cell : item.cells) brought.push_back(listed_domain(cell));
      continue;
    }
    for (std::size_t i = 0; i < item.cells.size() && i < brought.size(); ++i) {
      const std::optional<std::uint32_t> domain = brought[i];
      if (!domain) continue;
      split(item.cells[i], item.cell_spans[i], parts);
      for (const Item& part : parts) {
        if (part.empty() || absent(part)) continue;
        const std::string text = builder_.cell_text(*part.tokens, part.first, part.last);
        Domain& named = builder_.core_.domains[*domain];
        NameMap& names = builder_.domain_names_[*domain];
        const std::string folded = named.exact ? text : fold(text);
        if (!names.emplace(folded, static_cast<std::uint32_t>(named.names.size())).second) continue;
        named.names.push_back({text, text, {}, builder_.clause("name:" + text, part.span)});
      }
    }
  }
}

void TableReader::read() {
  const std::size_t before = builder_.diagnostics_.error_count();
  if (!head()) return;
  id_ = builder_.clause("table:" + name_.raw, clause_.span);
  table_.clause = id_;
  if (!gather()) return;
  for (FlatRow& row : flat_) row.items.resize(columns_.size());
  if (!settle_keys()) return;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (table_.band != i && !settle_type(i)) return;
  }
  make_rows();
  order_rows();
  // A table with a bad row is a table all the same: what uses it is not wrong for that.
  if (builder_.diagnostics_.error_count() == before) {
    check_rows();
    check_neighbours();
  }
  const auto index = static_cast<std::uint32_t>(builder_.core_.tables.size());
  for (std::uint32_t i = 0; i < table_.rows.size() && !table_.keys.empty(); ++i) {
    const std::vector<Value> keys = keys_of(table_.rows[i]);
    if (std::all_of(keys.begin(), keys.end(), [](Value key) { return key == kAbsent; })) {
      builder_.otherwise_rows_.emplace(index, i);
    }
  }
  if (upto_) builder_.bounds_[index] = below_ ? Builder::Bounds::mixed : Builder::Bounds::upto;
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    builder_.parts_[{Builder::Owner::table, index, i}] = columns_[i].span;
  }
  if (builder_.declare(builder_.tables_, name_, index, "noun.table")) {
    builder_.core_.tables.push_back(std::move(table_));
  }
}

bool TableReader::settle_keys() {
  const auto find_column = [&](const Token& token, std::uint32_t& out) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (fold(columns_[i].name) == fold(token.raw)) {
        out = static_cast<std::uint32_t>(i);
        return true;
      }
    }
    NameMap names;
    for (const Column& column : columns_) names.emplace(fold(column.name), 0);
    builder_.unknown(token, names, {"E0302.column-of", {name_.raw}});
    return false;
  };
  for (const Token& key : keys_) {
    std::uint32_t column = 0;
    if (!find_column(key, column)) return false;
    table_.keys.push_back(column);
  }
  return band_.raw.empty() || find_column(band_, table_.band);
}

/// `< 10`, `<= 10` or `above`: the bound (exclusive) at which a row ends.
std::optional<Value> TableReader::bound(const Item& item, bool& open) {
  open = false;
  if (!item.empty()) {
    const Token& token = (*item.tokens)[item.first];
    if (token.kind == TokenKind::word && token.word == "above") {
      open = true;
      return kAbsent;
    }
    if (token.kind == TokenKind::symbol && (token.word == "<" || token.word == "<=")) {
      const std::vector<Token> tokens(
          item.tokens->begin() + static_cast<std::ptrdiff_t>(item.first) + 1,
          item.tokens->begin() + static_cast<std::ptrdiff_t>(item.last));
      Cursor head(tokens, item.span, builder_.diagnostics_);
      const ExprPtr expr = head.expression();
      Context context;
      if (expr == nullptr || !head.finish()) return std::nullopt;
      const Typed typed = builder_.expression(*expr, context);
      if (!typed.ok()) return std::nullopt;
      const auto value = builder_.constant_value(typed.node);
      Column& column = columns_[table_.band];
      if (!column.typed) {
        column.type = typed.type;
        column.typed = true;
      }
      if (!value || !(typed.type == column.type) || typed.type.kind != Kind::number ||
          typed.type.scale != 0) {
        builder_.error(item.span, "E0607.unit");
        return std::nullopt;
      }
      (token.word == "<" ? below_ : upto_) = true;
      return token.word == "<" ? *value : *value + 1;
    }
  }
  builder_.error(item.span, "E0608.bound");
  return std::nullopt;
}

void TableReader::make_rows() {
  const bool bands = table_.band != kNone;
  if (bands) {
    table_.band_end = static_cast<std::uint32_t>(columns_.size());
  }
  using Group = std::vector<Value>;  // exact keys and era
  std::map<Group, Value> reached;    // where its last row ended
  std::map<Group, SourceSpan> unclosed;
  for (const FlatRow& flat : flat_) {
    Table::Row row;
    row.since = flat.era.since;
    row.until = flat.era.until;
    bool ok = true;
    Value upto = kAbsent;
    bool open = false;
    row.cells.reserve(columns_.size() + 1);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (bands && table_.band == i) {
        const auto end = bound(flat.items[i], open);
        ok = ok && end.has_value();
        upto = end.value_or(kAbsent);
        row.cells.push_back(0);
        continue;
      }
      const bool key = std::find(table_.keys.begin(), table_.keys.end(), i) != table_.keys.end();
      if (key && flat.items[i].tokens != nullptr && flat.items[i].empty()) {
        builder_.error(flat.items[i].span, {"E0615.empty-key", {columns_[i].name}});
        ok = false;
      }
      const auto cell = value(i, flat.items[i]);
      ok = ok && cell.has_value();
      row.cells.push_back(cell.value_or(kAbsent));
    }
    if (!ok) continue;
    if (bands) {
      Group group = keys_of(row);
      group.push_back(row.since);
      const auto found = reached.find(group);
      const Value start = found == reached.end() ? 0 : found->second;
      if (start == kAbsent || (!open && upto <= start)) {
        builder_.error(flat.span, "E0609.unreachable");
        continue;
      }
      row.cells[table_.band] = start;
      row.cells.push_back(upto);
      reached[group] = upto;
      if (open) {
        unclosed.erase(group);
      } else {
        unclosed[group] = flat.span;
      }
    }
    const bool closing = !table_.keys.empty() &&
                         std::all_of(table_.keys.begin(), table_.keys.end(),
                                     [&](std::uint32_t key) { return row.cells[key] == kAbsent; });
    if (closing && (table_.dated || bands)) {
      builder_.error(flat.span, "E0613.otherwise");
      continue;
    }
    // A row is named after its keys, so that its id survives other rows coming and going.
    row.clause = builder_.clause("row:" + shown_keys(row), flat.span, id_);
    builder_.core_.clauses[row.clause].source = above_[flat.under].source;
    builder_.core_.clauses[row.clause].heading = above_[flat.under].heading;
    spans_.push_back(flat.span);
    table_.rows.push_back(std::move(row));
  }
  for (const auto& [group, span] : unclosed) {
    builder_.error(span, "E0610.open");
  }
  // Without a bound nothing says of what the bands are: of plain numbers.
  if (bands && !columns_[table_.band].typed) columns_[table_.band].type.kind = Kind::number;
  for (const Column& column : columns_) table_.columns.push_back({column.name, column.type});
  if (bands) {
    Type end = columns_[table_.band].type;
    end.optional = true;
    table_.columns.push_back({"upto", end});
  }
}

std::vector<Value> TableReader::keys_of(const Table::Row& row) const {
  std::vector<Value> keys;
  keys.reserve(table_.keys.size() + 1);
  for (const std::uint32_t key : table_.keys) keys.push_back(row.cells[key]);
  return keys;
}

std::string TableReader::shown_keys(const Table::Row& row) const {
  std::string text;
  for (const std::uint32_t key : table_.keys) {
    const Type& type = columns_[key].type;
    if (!text.empty()) text += ",";
    const Value value = row.cells[key];
    if (value == kAbsent) {
      text += "-";
    } else if (type.kind == Kind::name) {
      text += builder_.core_.domains[type.ref].names[static_cast<std::size_t>(value)].shown;
    } else if (type.kind == Kind::text) {
      text += builder_.core_.texts[static_cast<std::size_t>(value)];
    } else {
      text += std::to_string(static_cast<long long>(value));
    }
  }
  if (table_.band != kNone) {
    text += (text.empty() ? "" : ",") +
            std::to_string(static_cast<long long>(row.cells[table_.band])) + "..";
  }
  if (row.since != kAbsent) text += "@" + shown_instant(row.since);
  return text;
}

std::string TableReader::shown_instant(Value instant) const {
  const Calendar::Local local = builder_.calendar_->local(instant);
  const Civil civil = civil_of(local.day);
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(civil.year) + "-" + two(civil.month) + "-" + two(civil.day);
}

void TableReader::order_rows() {
  std::vector<std::size_t> order(table_.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  // Tables without keys keep the order they are written in; others group by key, era and band.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Table::Row& x = table_.rows[a];
    const Table::Row& y = table_.rows[b];
    for (const std::uint32_t key : table_.keys) {
      if (x.cells[key] != y.cells[key]) return x.cells[key] < y.cells[key];
    }
    if (x.since != y.since) return x.since < y.since;
    return table_.band != kNone && x.cells[table_.band] < y.cells[table_.band];
  });
  std::vector<Table::Row> rows;
  std::vector<SourceSpan> spans;
  for (const std::size_t i : order) {
    rows.push_back(std::move(table_.rows[i]));
    spans.push_back(spans_[i]);
  }
  table_.rows = std::move(rows);
  spans_ = std::move(spans);
}

/// Rows that answer the same question: an error naming both. Eras that leave a hole: an error.
void TableReader::check_rows() {
  for (std::size_t i = 0; i + 1 < table_.rows.size(); ++i) {
    const Table::Row& a = table_.rows[i];
    for (std::size_t j = i + 1; j < table_.rows.size(); ++j) {
      const Table::Row& b = table_.rows[j];
      const bool same = std::all_of(table_.keys.begin(), table_.keys.end(), [&](std::uint32_t key) {
        return a.cells[key] == b.cells[key];
      });
      if (!same) break;
      if (table_.keys.empty() && table_.band == kNone && !table_.dated) break;
      const bool same_band = table_.band == kNone || a.cells[table_.band] == b.cells[table_.band];
      const bool same_time = (a.until == kAbsent || b.since == kAbsent || b.since < a.until) &&
                             (b.until == kAbsent || a.since == kAbsent || a.since < b.until);
      if (same_band && same_time) {
        Diagnostic overlap;
        overlap.message = {"E0611.overlap", {name_.raw, shown_keys(b)}};
        overlap.span = spans_[j];
        Diagnostic first;
        first.severity = Severity::note;
        first.message = "note.other-row";
        first.span = spans_[i];
        overlap.related.push_back(first);
        if (a.until == kAbsent && b.since != kAbsent && (a.since == kAbsent || a.since < b.since)) {
          overlap.help = {"E0611.no-end.help", {shown_instant(b.since)}};
        }
        builder_.diagnostics_.add(std::move(overlap));
      } else if (same_band && a.until != kAbsent && b.since != kAbsent && a.until < b.since &&
                 j == i + 1) {
        builder_.error(
            spans_[j],
            {"E0612.gap", {shown_keys(a), shown_instant(a.until), shown_instant(b.since)}});
      }
    }
  }
}

}  // namespace toll::dsl
