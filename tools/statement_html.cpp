// Statements as a page that stands alone: no script, no other file, fit to be printed.
#include "tools/plain_text.hpp"
#include "tools/statement_document.hpp"

namespace toll::tools {
namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light; --ink: #1d2733; --soft: #5d6b7a; --line: #d9dfe6; --band: #f5f7fa;
  --accent: #1f5fa8; --alarm: #a12622; }
* { box-sizing: border-box; }
body { margin: 0; background: #eceff3; color: var(--ink); font: 14px/1.55 "Helvetica Neue", Arial,
  "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
main { max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
article { background: #fff; border: 1px solid var(--line); border-radius: 6px; padding: 2rem 2.25rem;
  margin-bottom: 2rem; }
h1 { font-size: 1.6rem; margin: 0 0 .75rem; letter-spacing: .01em; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; color: var(--accent); }
h2 small { font-weight: 400; color: var(--soft); margin-left: .6rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 2px solid var(--line);
  white-space: nowrap; }
th, td { padding: .35rem .6rem; vertical-align: top; }
td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; white-space: nowrap; }
.whole { white-space: nowrap; }
.remark td { color: var(--soft); font-style: italic; }
.total td { font-weight: 700; border-top: 2px solid var(--ink); border-bottom: 0; background: #fff; }
.note { color: var(--soft); font-size: .9em; margin: .4rem 0 0; }
.warning { color: var(--alarm); font-weight: 600; margin: .4rem 0 0; }
@media print {
  body { background: #fff; font-size: 10pt; }
  main { max-width: none; margin: 0; padding: 0; }
  article { border: 0; padding: 0; margin: 0; break-after: page; }
  article:last-child { break-after: auto; }
  tr, h2 { break-inside: avoid; break-after: avoid-page; }
  tr { break-after: auto; }
  thead { display: table-header-group; }
  .table { overflow: visible; }
}
@page { size: A4 landscape; margin: 14mm; }
)css";

std::string escaped(std::string_view text) { return html_escaped(harmless(text)); }

/// Empty cells after the first of a row about others belong to it.
std::size_t span_of(const StatementTable::Row& row) {
  std::size_t span = 1;
  if (!row.total && !row.remark) return span;
  while (span < row.cells.size() && row.cells[span].empty()) ++span;
  return span;
}

void append_row(std::string& out, const StatementTable& table, const StatementTable::Row& row) {
  out += row.total ? "<tr class=\"total\">" : row.remark ? "<tr class=\"remark\">" : "<tr>";
  for (std::size_t i = 0; i < row.cells.size();) {
    const std::size_t span = i == 0 ? span_of(row) : 1;
    out += "<td";
    if (span > 1) out += " colspan=\"" + std::to_string(span) + "\"";
    if (table.columns[i].number) out += " class=\"number\"";
    if (table.columns[i].whole) out += " class=\"whole\"";
    out += ">" + escaped(row.cells[i]) + "</td>";
    i += span;
  }
  out += "</tr>\n";
}

void append_table(std::string& out, const StatementTable& table) {
  out += "<div class=\"table\"><table>\n<thead><tr>";
  for (const StatementTable::Column& column : table.columns) {
    out += column.number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">";
    out += escaped(column.heading) + "</th>";
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const StatementTable::Row& row : table.rows) append_row(out, table, row);
  out += "</tbody>\n</table></div>\n";
}

}  // namespace

std::string html_head(const std::string& title, Language language, Scripts scripts) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"";
  out += language == Language::zh ? "zh-CN" : "en";
  out += "\">\n<head>\n<meta charset=\"utf-8\">\n";
  out +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'";
  if (scripts == Scripts::own) out += "; script-src 'unsafe-inline'";
  out += "\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<title>" + escaped(title) + "</title>\n<style>";
  out += kStyle;
  out += "</style>\n</head>\n<body>\n<main>\n";
  return out;
}

std::string as_html(const StatementDocument& document) {
  std::string out = "<article>\n<h1>" + escaped(document.title) + "</h1>\n<dl>\n";
  for (const auto& fact : document.facts) {
    out += "<dt>" + escaped(fact.first) + "</dt><dd>" + escaped(fact.second) + "</dd>\n";
  }
  out += "</dl>\n";
  for (const std::string& warning : document.warnings) {
    out += "<p class=\"warning\">" + escaped(warning) + "</p>\n";
  }
  for (const StatementSection& section : document.sections) {
    out += "<section>\n<h2>" + escaped(section.heading);
    if (!section.unit.empty()) out += " <small>" + escaped(section.unit) + "</small>";
    out += "</h2>\n";
    append_table(out, section.table);
    for (const std::string& note : section.notes) {
      out += "<p class=\"note\">" + escaped(note) + "</p>\n";
    }
    for (const std::string& warning : section.warnings) {
      out += "<p class=\"warning\">" + escaped(warning) + "</p>\n";
    }
    out += "</section>\n";
  }
  out += "</article>\n";
  return out;
}

std::string html_foot() { return "</main>\n</body>\n</html>\n"; }

}  // namespace toll::tools
