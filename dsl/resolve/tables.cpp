#include "dsl/resolve/tables.hpp"

#include <algorithm>

#include "dsl/resolve/literals.hpp"
#include "dsl/syntax/name.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::dsl {

/// table NAME by KEY, .. [band COLUMN] [across KEY as COLUMN] [lists DOMAIN, ..] [quiet]
bool TableReader::head() {
  Cursor head = builder_.cursor(clause_);
  head.next();
  name_ = head.name("what.table");
  table_.name = name_.raw;
  const auto names_after = [&](std::vector<Token>& out) {
    do {
      out.push_back(head.name("what.name"));
    } while (!head.failed() && head.accept_symbol(","));
  };
  while (!head.failed() && !head.done()) {
    if (head.accept_word("by")) {
      names_after(keys_);
    } else if (head.accept_word("band")) {
      band_ = head.name("what.bounds-column");
    } else if (head.accept_word("across")) {
      across_ = head.name("what.across-key");
      if (head.expect_word("as")) across_value_ = head.name("what.cells-name");
    } else if (head.accept_word("lists")) {
      names_after(lists_);
    } else if (head.accept_word("quiet")) {
      table_.quiet = true;
    } else if (head.accept_word("file")) {
      csv_ = head.string("what.csv");
    } else {
      head.fail("what.table-option");
    }
  }
  return !head.failed() && (csv_.raw.empty() || read_csv());
}

bool TableReader::era(const Clause& clause, Era& era) {
  Cursor head = builder_.cursor(clause);
  Era made;
  const auto instant = [&](Value& out) {
    const Token& token = head.next();
    if (token.kind == TokenKind::date) {
      out = local_instant(token.raw + "T00:00:00", *builder_.calendar_);
    } else if (token.kind == TokenKind::time) {
      out = local_instant(token.raw, *builder_.calendar_);
    } else {
      head.fail("what.date");
    }
  };
  if (head.accept_word("from")) instant(made.since);
  if (head.accept_word("until")) instant(made.until);
  if (!head.finish()) return false;
  if (made.since != kAbsent && made.until != kAbsent && made.until <= made.since) {
    builder_.error(clause.span, "E0601.period");
    return false;
  }
  era = made;
  table_.dated = true;
  return true;
}

std::size_t TableReader::column(const std::string& name, SourceSpan span) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (fold(columns_[i].name) == fold(name)) return i;
  }
  columns_.push_back({name, span, false, {}});
  return columns_.size() - 1;
}

/// `NAME` or `NAME: TYPE`; with `across`, cells that start with a number or a bound are its values.
void TableReader::header_cell(const std::vector<Token>& cell, SourceSpan span) {
  if (cell.empty()) {
    builder_.error(span, "E0602.column");
    written_.push_back(column("", span));
    return;
  }
  const bool value = !across_.raw.empty() &&
                     (cell[0].kind == TokenKind::number || cell[0].kind == TokenKind::symbol ||
                      cell[0].word == "above" || written_.size() >= keys_.size());
  if (value) {
    across_items_.push_back({&cell, 0, cell.size(), span});
    return;
  }
  std::size_t end = 0;
  while (end < cell.size() && !(cell[end].kind == TokenKind::symbol && cell[end].word == ":"))
    ++end;
  const std::string name = builder_.cell_text(cell, 0, end);
  const std::size_t index = column(name, span);
  written_.push_back(index);
  if (end < cell.size()) {
    const std::vector<Token> type(cell.begin() + static_cast<std::ptrdiff_t>(end) + 1, cell.end());
    Cursor head(type, span, builder_.diagnostics_);
    if (const auto read = builder_.read_type(head); read && head.finish()) {
      columns_[index].type = *read;
      columns_[index].typed = true;
    }
  } else {
    Token token = cell[0];
    token.raw = name;
    if (const auto domain = builder_.find(builder_.domains_, token)) {
      columns_[index].type.kind = Kind::name;
      columns_[index].type.ref = *domain;
      columns_[index].typed = true;
    }
  }
}

/// False if no row below has as many cells.
bool TableReader::header(const Clause& row, const std::vector<const Clause*>& items,
                         std::size_t at) {
  std::size_t others = 0;
  bool fits = false;
  std::size_t cells = 0;
  for (std::size_t i = at + 1; i < items.size(); ++i) {
    if (items[i]->kind != Clause::Kind::row) {
      if (!items[i]->head.empty() && items[i]->head[0].word == "header") break;
      continue;
    }
    ++others;
    cells = items[i]->cells.size();
    fits = fits || cells == row.cells.size();
  }
  if (others > 1 && !fits) {
    builder_.error(row.span, {"E0603.header", {row.cells.size(), cells}});
    return false;
  }
  written_.clear();
  across_items_.clear();
  for (std::size_t i = 0; i < row.cells.size(); ++i) header_cell(row.cells[i], row.cell_spans[i]);
  if (!across_.raw.empty()) {
    across_column_ = column(across_.raw, across_.span);
    value_column_ = column(across_value_.raw, across_value_.span);
  }
  return true;
}

void TableReader::split(const std::vector<Token>& cell, SourceSpan span, std::vector<Item>& items) {
  items.clear();
  std::size_t first = 0;
  for (std::size_t i = 0; i <= cell.size(); ++i) {
    const bool comma = i < cell.size() && cell[i].kind == TokenKind::symbol && cell[i].word == ",";
    if (!comma && i < cell.size()) continue;
    SourceSpan part = span;
    if (first < i) part = {cell[first].span.file, cell[first].span.begin, cell[i - 1].span.end};
    items.push_back({&cell, first, i, part});
    first = i + 1;
  }
}

void TableReader::body_row(const Clause& row, const Era& era) {
  if (row.cells.size() != written_.size() + across_items_.size()) {
    builder_.error(row.span,
                   {"E0603.cells", {row.cells.size(), written_.size() + across_items_.size()}});
    return;
  }
  parts_.resize(columns_.size());
  for (std::vector<Item>& parts : parts_) parts.clear();
  for (std::size_t i = 0; i < written_.size(); ++i) {
    split(row.cells[i], row.cell_spans[i], parts_[written_[i]]);
  }
  if (across_items_.empty()) return expand(era, row.span);
  for (std::size_t i = 0; i < across_items_.size(); ++i) {
    const std::vector<Token>& cell = row.cells[written_.size() + i];
    const Item item{&cell, 0, cell.size(), row.cell_spans[written_.size() + i]};
    const bool dash = cell.size() == 1 && cell[0].kind == TokenKind::symbol && cell[0].word == "-";
    if (item.empty() || dash) continue;  // not on offer: no row
    parts_[across_column_].assign(1, across_items_[i]);
    parts_[value_column_].assign(1, item);
    expand(era, item.span);
  }
}

/// A row for each choice among the parts of the cells at hand.
void TableReader::expand(const Era& era, SourceSpan span) {
  at_.assign(parts_.size(), 0);
  for (;;) {
    FlatRow& row = flat_.emplace_back();
    row.era = era;
    row.span = span;
    row.under = above_.size() - 1;
    row.items.reserve(parts_.size());
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      row.items.push_back(parts_[i].empty() ? Item{} : parts_[i][at_[i]]);
      if (parts_[i].size() > 1) row.span = row.items.back().span;
    }
    std::size_t i = 0;
    while (i < parts_.size() && (parts_[i].empty() || ++at_[i] == parts_[i].size())) at_[i++] = 0;
    if (i == parts_.size()) return;
  }
}

/// Collects headers and rows; a second header (after an era line) starts a new shape.
bool TableReader::gather() {
  Era now;
  bool expect_header = true;
  std::vector<const Clause*> items;
  for (const Clause& item : clause_.body) items.push_back(&item);
  for (const Clause& item : csv_rows_) items.push_back(&item);
  for (std::size_t at = 0; at < items.size(); ++at) {
    const Clause& item = *items[at];
    if (item.kind == Clause::Kind::row) {
      if (expect_header) {
        if (!header(item, items, at)) return false;
        expect_header = false;
      } else {
        body_row(item, now);
      }
      continue;
    }
    Cursor head = builder_.cursor(item);
    if (head.accept_word("source")) {
      above_.push_back({head.string("what.paragraph").raw, above_.back().heading});
    } else if (head.accept_word("heading")) {
      above_.push_back({above_.back().source, head.string("what.heading").raw});
      head.finish();
    } else if (head.at_word("from") || head.at_word("until")) {
      if (!era(item, now)) return false;
    } else if (head.at_word("header")) {
      expect_header = true;
    } else if (!head.at_word("every") && !head.at_word("except")) {  // see dsl/checks/once.cpp
      builder_.error(item.span, "E0604.statement");
    }
  }
  if (expect_header) {
    builder_.error(clause_.span, "E0605.empty");
    return false;
  }
  return true;
}

bool TableReader::absent(const Item& item) const {
  if (item.empty()) return true;
  const Token& token = (*item.tokens)[item.first];
  if (item.last != item.first + 1) return false;
  if (token.kind == TokenKind::symbol) return token.word == "-";
  return token.kind == TokenKind::word && token.keyword &&
         (token.word == "none" || token.word == "quote" || token.word == "otherwise");
}

/// An untyped column has the type of its first cell.
bool TableReader::settle_type(std::size_t index) {
  Column& column = columns_[index];
  for (const FlatRow& row : flat_) {
    const Item& item = row.items[index];
    if (absent(item)) {
      column.type.optional = true;
      continue;
    }
    if (column.typed) continue;
    const Token& token = (*item.tokens)[item.first];
    const bool literal = token.kind == TokenKind::number || token.kind == TokenKind::percent ||
                         token.kind == TokenKind::date || token.kind == TokenKind::time ||
                         (token.keyword && (token.word == "true" || token.word == "false"));
    const bool optional = column.type.optional;
    if (literal) {
      const std::vector<Token> tokens(
          item.tokens->begin() + static_cast<std::ptrdiff_t>(item.first),
          item.tokens->begin() + static_cast<std::ptrdiff_t>(item.last));
      Cursor head(tokens, item.span, builder_.diagnostics_);
      const ExprPtr expr = head.expression();
      Context context;
      if (expr == nullptr || !head.finish()) return false;
      const Typed typed = builder_.expression(*expr, context);
      if (!typed.ok()) return false;
      column.type = typed.type;
    } else if (token.kind == TokenKind::word) {
      // A bare word is a name, and nobody says of what; a text stands in quotes.
      builder_.error(item.span, {"E0606.name", {token.raw}}, {"E0606.name.help", {column.name}});
      return false;
    } else if (token.kind == TokenKind::symbol) {
      builder_.error(item.span,
                     {"E0606.cell", {builder_.cell_text(*item.tokens, item.first, item.last)}});
      return false;
    } else {
      column.type.kind = Kind::text;
    }
    column.type.optional = optional;
    column.typed = true;
  }
  return true;
}

std::optional<Value> TableReader::value(std::size_t index, const Item& item) {
  const Type& type = columns_[index].type;
  if (absent(item)) return kAbsent;
  const Builder::Expecting declared(builder_, &columns_[index].span);
  if (type.kind == Kind::name || type.kind == Kind::text) {
    const Token& first = (*item.tokens)[item.first];
    const bool alone = item.last == item.first + 1 && first.span.begin == item.span.begin &&
                       first.span.end == item.span.end;
    Token joined;
    if (!alone) {
      joined = first;
      joined.raw = builder_.cell_text(*item.tokens, item.first, item.last);
      joined.span = item.span;
    }
    const Token& token = alone ? first : joined;
    const Typed typed = type.kind == Kind::name ? builder_.name_of_domain(token, type.ref)
                                                : builder_.text_constant(token.raw);
    return typed.ok() ? builder_.constant_value(typed.node) : std::nullopt;
  }
  std::vector<Token> part;  // of a list; mostly the item is the cell
  const bool whole = item.first == 0 && item.last == item.tokens->size();
  if (!whole) {
    part.assign(item.tokens->begin() + static_cast<std::ptrdiff_t>(item.first),
                item.tokens->begin() + static_cast<std::ptrdiff_t>(item.last));
  }
  Cursor head(whole ? *item.tokens : part, item.span, builder_.diagnostics_);
  const ExprPtr expr = head.expression();
  if (expr == nullptr || !head.finish()) return std::nullopt;
  Context context;
  Type plain = type;
  plain.optional = false;
  const Typed typed =
      builder_.wanted(*expr, context, plain, {"role.column-named", {columns_[index].name}});
  if (!typed.ok()) return std::nullopt;
  const auto known = builder_.constant_value(typed.node);
  if (!known) builder_.error(item.span, "E0606.constant");
  return known;
}

}  // namespace toll::dsl
