// Tables: which questions get another answer.
#include "io/ledger_writer.hpp"
#include "tools/diff/collector.hpp"

namespace toll::diff {

void Collector::tables() {
  for (const auto& [i, j] : pairs(coder_[0].names().tables, coder_[1].names().tables)) {
    if (!reach_[0].tables[i].any || !reach_[1].tables[j].any) continue;
    const TableChange change =
        compare_tables({coder_[0], reach_[0], reads_[0]}, i, {coder_[1], reach_[1], reads_[1]}, j);
    for (const auto& [region, why] : change.proven) proven_row(change, region, why);
    if (change.regions.empty() && !change.reordered && !change.reshaped) {
      same();
      continue;
    }
    const Table& before = core_[0]->tables[i];
    if (change.reordered || change.reshaped) {
      Difference& one =
          add("table:" + before.name,
              {change.reordered ? "diff.rows-order" : "diff.table-shape", {before.name}});
      one.targets[0].tables.push_back(i);
      one.targets[1].tables.push_back(j);
      place(one, 0, before.clause);
      place(one, 1, core_[1]->tables[j].clause);
    }
    for (const Region& region : change.regions) this->region(change, region);
  }
}

void Collector::proven_row(const TableChange& change, const Region& region, const Message& why) {
  const std::size_t told = region.row_before != kNone ? 0 : 1;
  const std::uint32_t table = told == 0 ? change.before : change.after;
  const std::uint32_t row = told == 0 ? region.row_before : region.row_after;
  const Table::Row& cells = core_[told]->tables[table].rows[row];
  result_.proven.push_back({say_[told].row_title(table, region, cells), why, "", ""});
  (told == 0 ? result_.proven.back().place_before : result_.proven.back().place_after) =
      say_[told].place(cells.clause);
}

void Collector::region(const TableChange& change, const Region& region) {
  const std::uint32_t tables[2] = {change.before, change.after};
  const std::uint32_t rows[2] = {region.row_before, region.row_after};
  const std::size_t told = rows[0] != kNone ? 0 : 1;
  const Table& table = core_[told]->tables[tables[told]];
  const Table::Row& row = table.rows[rows[told]];
  Difference& one = add(id_of(told, row.clause), say_[told].row_title(tables[told], region, row));
  if (one.id.empty()) one.id = "table:" + table.name;
  for (std::size_t side = 0; side < 2; ++side) {
    if (rows[side] == kNone) continue;
    const Table& of = core_[side]->tables[tables[side]];
    one.targets[side].rows.emplace_back(tables[side], rows[side]);
    place(one, side, of.rows[rows[side]].clause);
    hints(one.hints, side, of, of.rows[rows[side]]);
  }
  near(one, tables, told, row);
  if (rows[0] == kNone || rows[1] == kNone) {
    one.details.push_back(say_[told].row_cells(rows[0] == kNone ? "diff.row-new" : "diff.row-gone",
                                               tables[told], row));
  }
  for (const auto& [a, b] : region.columns) {
    const Table& was = core_[0]->tables[tables[0]];
    const Table& is = core_[1]->tables[tables[1]];
    one.details.push_back(
        {"diff.becomes",
         {was.columns[a].name, say_[0].value(was.columns[a].type, was.rows[rows[0]].cells[a]),
          say_[1].value(is.columns[b].type, is.rows[rows[1]].cells[b])}});
  }
  one.since = region.since;
  one.until = region.until;
  one.banded = region.banded;
  one.from = region.from;
  one.below = region.below;
  for (const Value instant : {region.since, region.until})
    if (instant != kAbsent) one.hints.instants.push_back(instant);
  if (region.banded) {
    for (const Value bound : {region.from, region.below})
      if (bound != kAbsent) one.hints.numbers.push_back(bound);
    one.amounts = amounts(change, region);
  }
}

/// Rows of the same keys, in both: whoever reads one of them is close.
void Collector::near(Difference& one, const std::uint32_t (&tables)[2], std::size_t told,
                     const Table::Row& row) {
  const auto key = [this](std::size_t side, const Table& table, const Table::Row& of) {
    return coder_[side].row(table, of, table.keys);
  };
  const Term wanted = key(told, core_[told]->tables[tables[told]], row);
  for (std::size_t side = 0; side < 2; ++side) {
    const Table& table = core_[side]->tables[tables[side]];
    for (std::uint32_t i = 0; i < table.rows.size(); ++i)
      if (key(side, table, table.rows[i]) == wanted)
        one.targets[side].near.emplace_back(tables[side], i);
  }
}

/// What the quantities at the ends of a band come to, if a tariff prices by the table.
std::optional<Amounts> Collector::amounts(const TableChange& change, const Region& region) const {
  if (region.row_before == kNone || region.row_after == kNone) return std::nullopt;
  const auto tariff_of = [this](std::size_t side, std::uint32_t table) -> const Tariff* {
    for (const Tariff& tariff : core_[side]->tariffs)
      if (tariff.table == table) return &tariff;
    return nullptr;
  };
  const Tariff* const before = tariff_of(0, change.before);
  const Tariff* const after = tariff_of(1, change.after);
  if (before == nullptr || after == nullptr || before->graduated || after->graduated)
    return std::nullopt;
  const Value was = core_[0]->tables[change.before].rows[region.row_before].cells[before->column];
  const Value is = core_[1]->tables[change.after].rows[region.row_after].cells[after->column];
  if (was == kAbsent || is == kAbsent || was == is) return std::nullopt;
  Amounts out;
  out.table = change.before;
  out.column = before->column;
  const Value first = region.from > 0 ? region.from : 1;
  out.first = {first, was * first, is * first};
  if (region.below != kAbsent) {
    const Value last = region.below - 1;
    out.widest = Amount{last, was * last, is * last};
  }
  return out;
}

void Collector::number_hint(Hints& hints, const Type& type, Value value) {
  if (value == kAbsent) return;
  if (type.scale == 0) {
    hints.numbers.push_back(value);
  } else {
    std::string text;
    io::append_decimal(text, value, type.scale);
    hints.decimals.push_back(std::move(text));
  }
}

void Collector::hints(Hints& hints, std::size_t side, const Table& table,
                      const Table::Row& row) const {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Type& type = table.columns[i].type;
    const Value value = row.cells[i];
    if (value == kAbsent) continue;
    if (type.kind == Kind::name) hints.names.push_back(name_at(side, type, value));
    if (type.kind == Kind::number) number_hint(hints, type, value);
  }
}

std::string Collector::name_at(std::size_t side, const Type& type, Value value) const {
  const std::vector<Domain::Name>& names = core_[side]->domains[type.ref].names;
  const auto index = static_cast<std::size_t>(value);
  return index < names.size() ? names[index].wire : std::string();
}

}  // namespace toll::diff
