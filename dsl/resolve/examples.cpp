// Examples as tables: the steps of a scenario once, and a test for each row.

#include <algorithm>
#include <iterator>
#include <set>

#include "dsl/resolve/scenarios.hpp"
#include "dsl/syntax/name.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

/// The column of notes: a spreadsheet does not say its language, so any will do.
bool is_note(const Token& token) {
  if (token.keyword) return token.word == "because";
  for (const std::string& name : skin_names()) {
    const Skin::Entry* entry = find_skin(name)->find(token.raw);
    if (entry != nullptr && entry->canonical == CanonicalWords{"because"}) return true;
  }
  return false;
}

}  // namespace

bool ScenarioReader::examples_header(const Clause& row, Header& header) {
  bool ok = true;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const std::vector<Token>& cell = row.cells[i];
    const std::string name = builder_.cell_text(cell, 0, cell.size());
    const std::string folded = fold(name);
    if (cell.size() == 1 && is_note(cell[0])) header.note = i;
    if (folded.empty()) {
      builder_.error(row.cell_spans[i], "E0903.no-name");
      ok = false;
    } else if (std::find(header.columns.begin(), header.columns.end(), folded) !=
               header.columns.end()) {
      builder_.error(row.cell_spans[i], {"E0903.twice", {name}});
      ok = false;
    }
    header.columns.push_back(folded);
    header.spans.push_back(row.cell_spans[i]);
  }
  return ok;
}

std::string ScenarioReader::cell_text(const Clause& row, std::size_t cell) const {
  const std::vector<Token>& tokens = row.cells[cell];
  if (tokens.size() == 1 && tokens[0].kind == TokenKind::string) return tokens[0].raw;
  const std::string_view written = builder_.sources_.slice(row.cell_spans[cell]);
  const std::size_t first = written.find_first_not_of(" \t\"");
  if (first == std::string_view::npos) return {};
  return std::string(written.substr(first, written.find_last_not_of(" \t\r\"") - first + 1));
}

/// A row is called by its note, or by its first cells: as many as tell all rows apart.
void ScenarioReader::name_rows(const Header& header, const std::vector<const Clause*>& rows,
                               std::vector<Scenario>& made) const {
  for (std::size_t width = 1; width <= header.columns.size(); ++width) {
    std::set<std::string> labels;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::string label;
      for (std::size_t cell = 0; cell < width; ++cell) {
        if (cell != header.note) label += (label.empty() ? "" : ", ") + cell_text(*rows[i], cell);
      }
      labels.insert(label);
      made[i].label = std::move(label);
    }
    if (labels.size() == rows.size()) break;
  }
  if (header.note == kNone) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string note = cell_text(*rows[i], header.note);
    if (!note.empty() && note != "-") made[i].label = note;
  }
}

/// A step without columns is read once; but a condition is a definition of its own in each row.
void ScenarioReader::row_steps(const std::vector<const Clause*>& steps, Scenario& scenario) {
  same_.resize(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Same& same = same_[i];
    if (same.known && same.events == events_) {
      scenario.steps.push_back(same.step);
      if (same.step.kind == ScenarioStep::Kind::event) ++events_;
      continue;
    }
    const std::size_t cells = cells_read_;
    const std::size_t made = scenario.steps.size();
    same.events = events_;
    step(*steps[i], scenario);
    same.known = cells_read_ == cells && scenario.steps.size() == made + 1 &&
                 scenario.steps.back().kind != ScenarioStep::Kind::that;
    if (same.known) same.step = scenario.steps.back();
  }
}

void ScenarioReader::read_examples(std::vector<Scenario>& out) {
  Scenario example;
  Token file;
  if (!head(example, &file)) return;
  std::vector<Clause> csv;
  if (!file.raw.empty() && !builder_.csv_rows(clause_, file, csv)) return;
  std::vector<const Clause*> steps;
  std::vector<const Clause*> rows;
  for (const Clause& item : clause_.body)
    (item.kind == Clause::Kind::row ? rows : steps).push_back(&item);
  for (const Clause& row : csv) rows.push_back(&row);
  if (rows.size() < 2) return builder_.error(clause_.span, "E0904.no-rows");

  Header header;
  const Clause& names = *rows.front();
  if (!examples_header(names, header)) return;
  rows.erase(rows.begin());
  std::vector<bool> used(header.columns.size(), false);
  if (header.note != kNone) used[header.note] = true;
  std::vector<const Clause*> read;
  std::vector<Scenario> made;
  const std::size_t errors = builder_.diagnostics_.error_count();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Clause& row = *rows[i];
    if (row.cells.size() != header.columns.size()) {
      builder_.error(row.span, {"E0905.cells", {row.cells.size(), header.columns.size()}});
      continue;
    }
    cells_.clear();
    bool whole = true;
    for (std::size_t cell = 0; cell < row.cells.size(); ++cell) {
      if (cell == header.note) continue;
      if (row.cells[cell].empty()) {
        builder_.error(row.cell_spans[cell], "E0905.empty");
        whole = false;
      }
      cells_[header.columns[cell]] = {&row.cells[cell], row.cell_spans[cell], false};
    }
    if (!whole) continue;
    Scenario scenario = example;
    scenario.row = i + 1;
    scenario.row_span = row.span;
    scenario.steps.reserve(steps.size());
    events_ = 0;
    row_steps(steps, scenario);
    for (std::size_t cell = 0; cell < used.size(); ++cell)
      used[cell] = used[cell] || (cell != header.note && cells_[header.columns[cell]].used);
    made.push_back(std::move(scenario));
    read.push_back(&row);
  }
  for (std::size_t cell = 0; cell < used.size(); ++cell) {
    if (!used[cell] && builder_.diagnostics_.error_count() == errors)
      builder_.error(header.spans[cell], {"E0906.unused", {cell_text(names, cell)}});
  }
  name_rows(header, read, made);
  std::move(made.begin(), made.end(), std::back_inserter(out));
}

}  // namespace toll::dsl
