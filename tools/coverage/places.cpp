#include "tools/coverage/places.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"
#include "dsl/syntax/skin.hpp"
#include "dsl/syntax/unicode.hpp"
#include "io/ledger_writer.hpp"

namespace toll::tools {
namespace {

constexpr int kWidth = 60;  ///< of a quotation

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// On one line, and not longer than fits beside a sentence.
std::string quotation(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (!is_blank(c)) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  int width = 0;
  for (std::size_t at = 0; at < line.size();) {
    const dsl::DecodedCharacter here = dsl::decode_utf8(line, at);
    width += dsl::display_width(here.code);
    if (width > kWidth) return line.substr(0, at) + " ..";
    at += here.size;
  }
  return line;
}

}  // namespace

PolicyPlaces::PolicyPlaces(const dsl::Policy& policy, const dsl::SourceSet& sources)
    : policy_(policy),
      core_(*policy.core),
      sources_(sources),
      names_(core_),
      words_(core_, *dsl::find_skin(policy.skin)) {
  for (const Clause& clause : core_.clauses) {
    if (files_.count(clause.file) != 0) continue;
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
      const std::string& path = sources.path(file);
      if (path == clause.file || path.ends_with("/" + clause.file)) files_[clause.file] = file;
    }
  }
}

dsl::SourceSpan PolicyPlaces::span_of(NodeId node) const {
  return node < policy_.node_spans.size() ? policy_.node_spans[node] : dsl::SourceSpan{};
}

dsl::SourceSpan PolicyPlaces::span_in(NodeId node) const {
  dsl::SourceSpan found;
  dsl::each_node(core_, node, [&](NodeId id) {
    const dsl::SourceSpan span = span_of(id);
    if (span.end == 0) return;
    if (found.end == 0 || (span.file == found.file && span.begin < found.begin)) found = span;
  });
  return found;
}

dsl::SourceSpan PolicyPlaces::span_in(const Effect& effect) const {
  dsl::SourceSpan found;
  dsl::each_root(effect, [&](NodeId root) {
    const dsl::SourceSpan span = span_in(root);
    if (span.end == 0) return;
    if (found.end == 0 || (span.file == found.file && span.begin < found.begin)) found = span;
  });
  for (const Effects* const inner : {&effect.effects}) {
    for (const Effect& one : *inner)
      if (found.end == 0) found = span_in(one);
  }
  return found;
}

std::string PolicyPlaces::text(const dsl::SourceSpan& span) const {
  return quotation(sources_.slice(span));
}

/// The line a clause stands in; its id if there is no such line.
std::string PolicyPlaces::line_text(ClauseId clause) const {
  if (clause == kNone) return {};
  const Clause& here = core_.clauses[clause];
  const auto file = files_.find(here.file);
  if (file == files_.end() || here.line == 0) return here.id;
  const std::string& text = sources_.text(file->second);
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line < here.line && begin != std::string::npos; ++line) {
    begin = text.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return here.id;
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  return quotation(std::string_view(text).substr(begin, end - begin));
}

std::string PolicyPlaces::value(const Type& type, Value value) const {
  if (value == kAbsent) return words_.word("none");
  if (type.kind == Kind::text)
    return PolicyText::quoted(core_.texts[static_cast<std::size_t>(value)]).value_or("");
  if (type.kind == Kind::span) {
    std::string seconds;
    io::append_decimal(seconds, value, 9);
    return seconds + " " + words_.word("seconds");
  }
  if (type.kind == Kind::name) {
    const std::vector<Domain::Name>& all = core_.domains[type.ref].names;
    const auto index = static_cast<std::size_t>(value);
    if (index < all.size()) return all[index].shown;
  }
  const nlohmann::json json = names_.value(type, value);
  return words_.value(json, type)
      .value_or(json.is_string() ? json.get<std::string>() : json.dump());
}

/// The line in which a written thing begins.
std::string PolicyPlaces::line_text(const dsl::SourceSpan& span) const {
  return text(sources_.line_at(span.file, span.begin));
}

/// The keys of a row as people tell it from the others.
std::string PolicyPlaces::row_name(const Table& table, const Table::Row& row) const {
  std::string name;
  const auto append = [&](std::uint32_t column) {
    name += (name.empty() ? "" : ", ") + value(table.columns[column].type, row.cells[column]);
  };
  for (const std::uint32_t key : table.keys) append(key);
  if (table.band != kNone) append(table.band);
  return name;
}

PolicyPlaces::Place PolicyPlaces::place(ClauseId clause, dsl::SourceSpan span) const {
  Place place;
  if (span.end != 0) {
    const dsl::Position at = sources_.position(span);
    place.file = sources_.path(span.file);
    place.line = at.line;
    place.column = at.column;
  } else if (clause != kNone) {
    const Clause& here = core_.clauses[clause];
    const auto file = files_.find(here.file);
    place.file = file == files_.end() ? here.file : sources_.path(file->second);
    place.line = here.line;
    place.column = here.column;
  }
  return place;
}

}  // namespace toll::tools
