#include "dsl/checks/coverage.hpp"

#include <algorithm>

#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

bool at_words(const std::vector<Token>& head, std::size_t at, std::string_view words) {
  return at < head.size() && head[at].word == words;
}

/// The tokens of a name, as a cell of a table would spell it.
std::string spelled(const std::vector<Token>& head, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) {
    if (i > first && head[i].spaced) text += ' ';
    text += head[i].raw;
  }
  return text;
}

/// except NAME, NAME because "reason"
bool read_exceptions(const Clause& clause, std::vector<Exception>& out) {
  const std::vector<Token>& head = clause.head;
  std::size_t first = 1;
  std::size_t at = 1;
  for (; at < head.size() && head[at].word != "because"; ++at) {
    const bool comma = head[at].kind == TokenKind::symbol && head[at].word == ",";
    const bool last = at + 1 == head.size() || head[at + 1].word == "because";
    const std::size_t end = comma ? at : at + 1;
    if (!comma && !last) continue;
    if (first < end) {
      out.push_back({spelled(head, first, end),
                     {head[first].span.file, head[first].span.begin, head[end - 1].span.end}});
    }
    first = at + 1;
  }
  return !out.empty() && at + 2 == head.size() && head[at + 1].kind == TokenKind::string &&
         !head[at + 1].raw.empty();
}

}  // namespace

std::vector<Coverage> coverages_of(const Subject& subject, std::uint32_t index, Findings& found) {
  std::vector<Coverage> out;
  const Table& table = subject.core.tables[index];
  const Clause* const declaration = subject.declaration("table", table.name);
  if (declaration == nullptr) return out;
  for (const Clause& item : declaration->body) {
    if (item.kind == Clause::Kind::row || item.head.empty()) continue;
    if (at_words(item.head, 0, "every")) {
      Coverage made;
      made.table = index;
      made.span = item.span;
      std::size_t end = 1;
      while (end < item.head.size() && item.head[end].word != "exactly") ++end;
      const std::string column = fold(spelled(item.head, 1, end));
      const auto known =
          std::find_if(table.columns.begin(), table.columns.end(),
                       [&](const Table::Column& one) { return fold(one.name) == column; });
      const bool named = known != table.columns.end() && known->type.kind == Kind::name;
      if (!named || end + 2 != item.head.size() || item.head[end + 1].word != "once") {
        found.push_back({item.span, {"E1003.form", {table.name}}, {}, {}, {}});
        continue;
      }
      made.column = static_cast<std::uint32_t>(known - table.columns.begin());
      out.push_back(std::move(made));
    } else if (at_words(item.head, 0, "except")) {
      std::vector<Exception> names;
      if (out.empty() || !read_exceptions(item, names)) {
        found.push_back({item.span, "E1003.exception", {}, {}, {}});
        continue;
      }
      for (Exception& one : names) out.back().exceptions.push_back(std::move(one));
    }
  }
  return out;
}

NamesWritten::NamesWritten(const Domain& domain) : domain_(domain) {
  for (std::uint32_t i = 0; i < domain.names.size(); ++i) {
    const Domain::Name& name = domain.names[i];
    const auto add = [&](const std::string& written) {
      names_.emplace(domain.exact ? written : fold(written), i);
    };
    add(name.shown);
    add(name.wire);
    for (const std::string& other : name.aka) add(other);
  }
}

std::uint32_t NamesWritten::find(const std::string& written) const {
  const auto found = names_.find(domain_.exact ? written : fold(written));
  return found == names_.end() ? kNone : found->second;
}

std::vector<std::vector<Period>> periods_of(const Table& table, std::uint32_t column,
                                            std::size_t names) {
  std::vector<std::vector<Period>> found(names);
  for (const Table::Row& row : table.rows) {
    const Value name = row.cells[column];
    if (name < 0 || name >= static_cast<Value>(names)) continue;
    // The bands of one key are one answer: they follow each other without a gap.
    if (table.band != kNone && row.cells[table.band] != 0) continue;
    found[static_cast<std::size_t>(name)].push_back({row.since, row.until, row.clause});
  }
  // An absent instant is the least of all values: what holds always begins first.
  for (std::vector<Period>& periods : found) {
    std::stable_sort(periods.begin(), periods.end(),
                     [](const Period& a, const Period& b) { return a.since < b.since; });
  }
  return found;
}

bool has_otherwise(const Table& table) {
  return std::any_of(table.rows.begin(), table.rows.end(), [&](const Table::Row& row) {
    return !table.keys.empty() &&
           std::all_of(table.keys.begin(), table.keys.end(),
                       [&](std::uint32_t key) { return row.cells[key] == kAbsent; });
  });
}

}  // namespace toll::dsl
