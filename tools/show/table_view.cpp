#include "tools/show/table_view.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "dsl/resolve/literals.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::tools::show {

using dsl::Clause;
using dsl::Cursor;
using dsl::Token;
using dsl::TokenKind;

namespace {

bool is_symbol(const Token& token, std::string_view symbol) {
  return token.kind == TokenKind::symbol && token.word == symbol;
}

bool is_keyword(const Tokens& tokens, std::string_view word) {
  return tokens.size() == 1 && tokens[0].keyword && tokens[0].word == word;
}

bool is_number(const Tokens& tokens) {
  return !tokens.empty() &&
         (tokens[0].kind == TokenKind::number || tokens[0].kind == TokenKind::percent);
}

bool is_dash(const Tokens& tokens) { return tokens.size() == 1 && is_symbol(tokens[0], "-"); }

bool is_bound(const Tokens& tokens) {
  return is_keyword(tokens, "above") ||
         (!tokens.empty() && (is_symbol(tokens[0], "<") || is_symbol(tokens[0], "<=")));
}

std::vector<Tokens> split(const Tokens& cell) {
  std::vector<Tokens> items(1);
  for (const Token& token : cell) {
    if (is_symbol(token, ",")) {
      items.emplace_back();
    } else {
      items.back().push_back(token);
    }
  }
  return items;
}

bool same(const Tokens& a, const Tokens& b) {
  return dsl::fold(text_of(a, 0, a.size())) == dsl::fold(text_of(b, 0, b.size()));
}

}  // namespace

TableView::TableView(const Words& words, const Remarks& remarks, const Clause& clause,
                     std::vector<Clause> csv_rows, std::optional<Value> at)
    : words_(words), remarks_(remarks), clause_(clause), csv_rows_(std::move(csv_rows)), at_(at) {
  read_head();
  read_body();
}

void TableView::read_head() {
  dsl::Diagnostics none;
  Cursor head(clause_.head, clause_.span, none);
  head.next();
  head.next();
  while (!head.done()) {
    if (head.accept_word("by")) {
      do {
        keys_.push_back(head.next().raw);
      } while (head.accept_symbol(","));
    } else if (head.accept_word("lists")) {
      do {
        lists_.push_back(head.next().raw);
      } while (head.accept_symbol(","));
    } else if (head.accept_word("band")) {
      band_ = head.next().raw;
    } else if (head.accept_word("across")) {
      across_ = head.next().raw;
    } else {
      head.next();
    }
  }
}

void TableView::read_body() {
  std::vector<const Clause*> items;
  for (const Clause& item : clause_.body) items.push_back(&item);
  for (const Clause& item : csv_rows_) items.push_back(&item);
  Part part;
  std::string heading;
  std::string heading_remark;
  std::string source;
  bool expect_header = true;
  const auto close = [&] {
    if (!part.rows.empty()) parts_.push_back(part);
    part.rows.clear();
  };
  for (const Clause* item : items) {
    if (item->kind == Clause::Kind::row) {
      if (expect_header) {
        close();
        part.header = item;
        expect_header = false;
        continue;
      }
      Row row;
      for (const Tokens& cell : item->cells) row.cells.push_back({split(cell)});
      row.heading = heading;
      row.heading_remark = heading_remark;
      row.source = source;
      if (item->span.file == clause_.span.file) row.remark = remarks_.of(item->span);
      part.rows.push_back(std::move(row));
      continue;
    }
    const std::string& word = item->head[0].word;
    const bool text = item->head.size() == 2 && item->head[1].kind == TokenKind::string;
    if (word == "source" && text) {
      source = item->head[1].raw;
    } else if (word == "heading" && text) {
      heading = item->head[1].raw;
      heading_remark = remarks_.of(item->span);
    } else if (word == "header") {
      expect_header = true;
    } else if (word == "from" || word == "until") {
      close();
      part.era = read_era(*item);
    }
  }
  close();
}

TableView::Era TableView::read_era(const Clause& clause) const {
  Era era;
  for (std::size_t i = 0; i + 1 < clause.head.size(); i += 2) {
    const Token& token = clause.head[i + 1];
    const std::string time = token.raw + (token.kind == TokenKind::date ? "T00:00:00" : "");
    const bool since = clause.head[i].word == "from";
    (since ? era.since : era.until) = Words::time(token);
    (since ? era.since_value : era.until_value) = dsl::local_instant(time, words_.core().zone);
  }
  return era;
}

bool TableView::in_force(const Era& era) const {
  return !at_ || ((era.since_value == kAbsent || era.since_value <= *at_) &&
                  (era.until_value == kAbsent || *at_ < era.until_value));
}

bool TableView::is_key(const std::string& name) const {
  const auto called = [&](const std::string& other) { return dsl::fold(other) == dsl::fold(name); };
  return std::any_of(keys_.begin(), keys_.end(), called) || (!band_.empty() && called(band_));
}

bool TableView::has_domain(const std::string& name) const {
  const std::vector<Domain>& domains = words_.core().domains;
  return std::any_of(domains.begin(), domains.end(), [&](const Domain& domain) {
    return dsl::fold(domain.name) == dsl::fold(name);
  });
}

std::vector<TableView::Column> TableView::columns_of(const Clause& header) const {
  std::vector<Column> columns;
  std::size_t plain = 0;
  for (const Tokens& cell : header.cells) {
    const bool across =
        !across_.empty() && (is_number(cell) || is_bound(cell) || plain >= keys_.size() ||
                             (!cell.empty() && cell[0].kind == TokenKind::symbol));
    Column column;
    column.across = across;
    column.tokens = cell;
    if (!across) {
      ++plain;
      std::size_t end = 0;
      while (end < cell.size() && !is_symbol(cell[end], ":")) ++end;
      column.name = text_of(cell, 0, end);
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

/// What belongs to what, and nothing else: two columns of names.
bool TableView::is_relation(const std::vector<Column>& columns) const {
  return columns.size() == 2 && across_.empty() && band_.empty() && has_domain(columns[0].name) &&
         has_domain(columns[1].name);
}

/// Keys before values, what runs across last. Of a relation, the side with fewer names first.
std::vector<std::size_t> TableView::order_of(const Part& part,
                                             const std::vector<Column>& columns) const {
  if (is_relation(columns)) {
    std::set<std::string> names[2];
    for (const Row& row : part.rows) {
      for (std::size_t i = 0; i < 2; ++i) {
        for (const Tokens& name : row.cells[i].items)
          names[i].insert(dsl::fold(text_of(name, 0, name.size())));
      }
    }
    if (names[1].size() < names[0].size()) return {1, 0};
    return {0, 1};
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < columns.size(); ++i) order.push_back(i);
  const auto rank = [&](std::size_t i) {
    return columns[i].across ? 2 : is_key(columns[i].name) ? 0 : 1;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return order;
}

/// Those of one date and header in one.
std::vector<TableView::Part> TableView::parts_in_force() const {
  std::vector<Part> parts;
  for (const Part& part : parts_) {
    if (!in_force(part.era)) continue;
    const bool goes_on = at_ && !parts.empty() && parts.back().header == part.header;
    if (goes_on) {
      parts.back().rows.insert(parts.back().rows.end(), part.rows.begin(), part.rows.end());
    } else {
      parts.push_back(part);
    }
  }
  return parts;
}

std::size_t TableView::size() const {
  std::size_t rows = 0;
  for (const Part& part : parts_) rows += part.rows.size();
  return rows;
}

std::optional<Companion> TableView::companion() const {
  Companion made;
  for (const Part& part : parts_in_force()) {
    const std::vector<Column> columns = columns_of(*part.header);
    if (!is_relation(columns)) return std::nullopt;
    const std::vector<std::size_t> order = order_of(part, columns);
    made.domain = columns[order[0]].name;
    made.title = columns[order[1]].name;
    for (const Row& row : merged(part, order[0], true)) {
      const Tokens& called = row.cells[order[0]].items[0];
      made.names[dsl::fold(text_of(called, 0, called.size()))] = cell(row.cells[order[1]]);
    }
  }
  const bool listed = std::any_of(lists_.begin(), lists_.end(), [&](const std::string& domain) {
    return dsl::fold(domain) == dsl::fold(made.domain);
  });
  return listed ? std::optional(std::move(made)) : std::nullopt;
}

void TableView::accompany(const std::vector<Companion>& companions) {
  if (keys_.empty() || parts_.empty() || is_relation(columns_of(*parts_[0].header))) return;
  const std::vector<Domain>& domains = words_.core().domains;
  for (const Companion& one : companions) {
    for (const Domain& domain : domains) {
      if (dsl::fold(domain.name) != dsl::fold(keys_[0])) continue;
      const bool fits =
          dsl::fold(domain.name) == dsl::fold(one.domain) ||
          std::any_of(domain.includes.begin(), domain.includes.end(), [&](std::uint32_t inner) {
            return dsl::fold(domains[inner].name) == dsl::fold(one.domain);
          });
      if (fits) companion_ = &one;
    }
  }
}

std::vector<Block> TableView::blocks() const {
  std::vector<Block> blocks;
  for (const Part& part : parts_in_force()) {
    Grid made = grid(part);
    if (!at_) made.caption = caption(part.era);
    const bool relation = is_relation(columns_of(*part.header));
    const auto headings = std::count_if(made.rows.begin(), made.rows.end(),
                                        [](const Grid::Row& row) { return row.heading; });
    const std::size_t shown = made.rows.size() - static_cast<std::size_t>(headings);
    blocks.push_back({std::move(made)});
    if (!relation) continue;
    Grid sorted = grouped(part);
    // Only where the first view tears a group apart.
    if (sorted.rows.size() < shown) {
      const Inline summary =
          words_.say("show.table.grouped", {sorted.columns[0].title, sorted.columns[2].title});
      blocks.push_back({Folded{summary, {{std::move(sorted)}}}});
    }
  }
  if (blocks.empty()) blocks.push_back({Paragraph{words_.say("show.table.nothing")}});
  return blocks;
}

Inline TableView::caption(const Era& era) const {
  if (!era.since.empty() && !era.until.empty()) {
    return words_.say("show.from-until", {value(era.since), value(era.until)});
  }
  if (!era.since.empty()) return words_.say("show.from", {value(era.since)});
  if (!era.until.empty()) return words_.say("show.until", {value(era.until)});
  const bool dated = std::any_of(parts_.begin(), parts_.end(),
                                 [](const Part& part) { return !(part.era == Era{}); });
  return dated ? words_.say("show.always") : Inline();
}

/// Rows of a relation with the names of one group joined: those that follow each other under one
/// heading, or all.
std::vector<TableView::Row> TableView::merged(const Part& part, std::size_t group,
                                              bool anywhere) const {
  std::vector<Row> rows;
  for (const Row& row : part.rows) {
    const auto belongs = [&](const Row& other) {
      return (anywhere || other.heading == row.heading) && other.cells[group].items.size() == 1 &&
             row.cells[group].items.size() == 1 &&
             same(other.cells[group].items[0], row.cells[group].items[0]);
    };
    auto home = rows.end();
    if (anywhere) {
      home = std::find_if(rows.begin(), rows.end(), belongs);
    } else if (!rows.empty() && belongs(rows.back())) {
      home = std::prev(rows.end());
    }
    if (home == rows.end()) {
      rows.push_back(row);
      continue;
    }
    std::vector<Tokens>& names = home->cells[1 - group].items;
    for (const Tokens& name : row.cells[1 - group].items) {
      const bool known = std::any_of(names.begin(), names.end(),
                                     [&](const Tokens& other) { return same(other, name); });
      if (!known) names.push_back(name);
    }
    if (home->remark.empty()) {
      home->remark = row.remark;
    } else if (!row.remark.empty()) {
      home->remark = words_.say("show.series", {home->remark, row.remark});
    }
  }
  return rows;
}

Grid TableView::grouped(const Part& part) const {
  const std::vector<Column> columns = columns_of(*part.header);
  const std::vector<std::size_t> order = order_of(part, columns);
  Grid grid;
  grid.columns = {{name(columns[order[0]].name), false},
                  {words_.say("show.table.count"), true},
                  {name(columns[order[1]].name), false}};
  for (const Row& row : merged(part, order[0], true)) {
    Grid::Row made;
    made.cells = {cell(row.cells[order[0]]),
                  value(std::to_string(row.cells[order[1]].items.size())),
                  cell(row.cells[order[1]])};
    grid.rows.push_back(std::move(made));
  }
  return grid;
}

Grid TableView::grid(const Part& part) const {
  const std::vector<Column> columns = columns_of(*part.header);
  const std::vector<std::size_t> order = order_of(part, columns);
  Grid grid;
  for (const std::size_t i : order) {
    const bool right = std::all_of(part.rows.begin(), part.rows.end(), [&](const Row& row) {
      if (i >= row.cells.size() || row.cells[i].items.size() != 1) return false;
      const Tokens& only = row.cells[i].items[0];
      return is_number(only) || is_dash(only) || is_keyword(only, "quote");
    });
    grid.columns.push_back({title(columns, i), right});
    const bool beside = companion_ != nullptr && i == order[0];
    if (beside) grid.columns.push_back({name(companion_->title), false});
  }
  const bool relation = is_relation(columns);
  fill(grid, relation ? merged(part, order[0], false) : part.rows, columns, order);
  grid.source = source(part.rows);
  return grid;
}

void TableView::fill(Grid& grid, const std::vector<Row>& rows, const std::vector<Column>& columns,
                     const std::vector<std::size_t>& order) const {
  std::string heading;
  const Row* before = nullptr;
  std::map<std::string, std::size_t> notes;
  const auto note = [&](Grid::Row& row, const std::string& remark) {
    if (remark.empty()) return;
    const auto [known, fresh] = notes.emplace(remark, grid.notes.size());
    if (fresh) grid.notes.push_back(value(remark));
    row.notes.push_back(known->second);
  };
  for (const Row& row : rows) {
    if (row.heading != heading && !row.heading.empty()) {
      Grid::Row line;
      line.heading = true;
      line.cells.push_back(value(row.heading));
      note(line, row.heading_remark);
      grid.rows.push_back(std::move(line));
    }
    heading = row.heading;
    Grid::Row made;
    for (const std::size_t i : order) {
      if (i >= row.cells.size()) continue;
      const bool band =
          !band_.empty() && !columns[i].across && dsl::fold(columns[i].name) == dsl::fold(band_);
      if (!band) {
        made.cells.push_back(cell(row.cells[i]));
        if (companion_ != nullptr && i == order[0]) {
          const Tokens& called = row.cells[i].items[0];
          const auto found = companion_->names.find(dsl::fold(text_of(called, 0, called.size())));
          made.cells.push_back(found == companion_->names.end() ? Inline() : found->second);
        }
        continue;
      }
      // The range begins where the row before of the same keys ends.
      bool goes_on = before != nullptr;
      for (std::size_t k = 0; goes_on && k < columns.size(); ++k) {
        const bool key = k != i && is_key(columns[k].name);
        if (key) goes_on = same(before->cells[k].items[0], row.cells[k].items[0]);
      }
      made.cells.push_back(
          range(goes_on ? &before->cells[i].items[0] : nullptr, row.cells[i].items[0]));
    }
    note(made, row.remark);
    grid.rows.push_back(std::move(made));
    before = &row;
  }
}

Inline TableView::title(const std::vector<Column>& columns, std::size_t index) const {
  const Column& column = columns[index];
  if (is_keyword(column.tokens, "because")) return words_.say("show.column.remark");
  if (!column.across) return name(column.name);
  if (!is_bound(column.tokens)) return item(column.tokens);
  const bool first = index == 0 || !columns[index - 1].across;
  return range(first ? nullptr : &columns[index - 1].tokens, column.tokens);
}

/// From where the bound before ended (null: 0) up to a bound: `< 10`, `<= 10`, `above`.
Inline TableView::range(const Tokens* lower, const Tokens& upper) const {
  const auto amount = [&](const Tokens& bound) {
    return words_.quantity(bound[1], Tokens(bound.begin() + 2, bound.end()));
  };
  const bool after = lower != nullptr && is_symbol((*lower)[0], "<=");  // the lower bound is not in
  const Inline band = name(band_.empty() ? across_ : band_);
  const Inline from = lower == nullptr ? value("0") : value(words_.number((*lower)[1]));
  if (is_keyword(upper, "above")) {
    const Inline least = lower == nullptr ? value("0") : amount(*lower);
    return words_.say(after ? "show.range.above" : "show.range.from", {least, band});
  }
  const bool included = is_symbol(upper[0], "<=");
  if (after) {
    return words_.say(included ? "show.range.after-to" : "show.range.after-below",
                      {from, band, amount(upper)});
  }
  return words_.say(included ? "show.range.to" : "show.range.below", {from, band, amount(upper)});
}

Inline TableView::cell(const Cell& cell) const {
  std::vector<Inline> all;
  for (const Tokens& one : cell.items) all.push_back(item(one));
  return words_.list(all);
}

Inline TableView::item(const Tokens& tokens) const {
  if (tokens.empty()) return {};
  if (is_dash(tokens) || is_keyword(tokens, "none")) return words_.say("show.cell.none");
  if (is_keyword(tokens, "quote")) return words_.say("show.cell.quote");
  if (is_keyword(tokens, "otherwise")) return words_.say("show.cell.otherwise");
  if (is_keyword(tokens, "true")) return words_.say("show.yes");
  if (is_keyword(tokens, "false")) return words_.say("show.no");
  if (is_number(tokens)) {
    return words_.quantity(tokens[0], Tokens(tokens.begin() + 1, tokens.end()));
  }
  if (tokens[0].kind == TokenKind::date || tokens[0].kind == TokenKind::time) {
    return value(Words::time(tokens[0]));
  }
  if (tokens[0].kind == TokenKind::string) return value(tokens[0].raw);
  return name(text_of(tokens, 0, tokens.size()));
}

Inline TableView::source(const std::vector<Row>& rows) const {
  std::vector<Inline> all;
  for (const Row& row : rows) {
    const Inline said = value(row.source);
    const bool known = row.source.empty() || std::find(all.begin(), all.end(), said) != all.end();
    if (!known) all.push_back(said);
  }
  return all.empty() ? Inline() : words_.say("show.source", {words_.series(all)});
}

}  // namespace toll::tools::show
