// How a page looks, on a screen and on paper.
#pragma once

#include <string_view>

namespace toll::tools::show {

inline constexpr std::string_view kStyle = R"css(
:root { --ink: #1d2129; --soft: #5b6473; --line: #d9dde4; --tint: #f4f6f9; --accent: #1456b8; }
* { box-sizing: border-box; }
body { max-width: 68rem; margin: 0 auto; padding: 2rem 1.5rem 6rem; color: var(--ink); background: #fff;
  font: 15px/1.7 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
h1 b, h2 b, h3 b { font-weight: inherit; color: inherit; }
h1 { font-size: 1.9rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 .75rem; padding-bottom: .3rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; max-width: 50rem; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
b { font-weight: 500; color: #123; }
code { font: .9em/1.4 ui-monospace, "SF Mono", Consolas, "Noto Sans Mono CJK SC", monospace;
  background: var(--tint); border-radius: 3px; padding: .1em .3em; overflow-wrap: anywhere; }
ul, ol { margin: .4rem 0; padding-left: 1.6rem; }
li { margin: .15rem 0; }
nav { background: var(--tint); border-radius: 8px; padding: .75rem 1.5rem 1rem; margin: 1.5rem 0; }
nav h2 { font-size: 1rem; margin: .25rem 0; border: 0; }
nav > ol { columns: 2; column-gap: 3rem; }
nav li { break-inside: avoid; }
nav ul { list-style: none; padding-left: .75rem; font-size: .9em; line-height: 1.5; }
.grid { margin: 1rem 0 1.5rem; overflow-x: auto; }
table { border-collapse: collapse; min-width: 50%; font-size: 14px; line-height: 1.5; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid var(--line); padding: .35rem .7rem; text-align: left; vertical-align: top; }
thead th { background: #e9edf4; font-weight: 600; }
tr.heading th { background: var(--tint); font-weight: 600; }
th.n, td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td b, th b { font-weight: inherit; color: inherit; }
sup { color: var(--accent); font-size: .7em; margin-left: .15em; }
.notes { font-size: 13px; color: var(--soft); padding-left: 1.4rem; max-width: 50rem; }
.source { font-size: 13px; color: var(--soft); }
details { border-left: 3px solid var(--line); padding: .1rem 0 .1rem 1rem; margin: .6rem 0; }
summary { cursor: pointer; color: var(--soft); }
figure { margin: 1rem 0; overflow-x: auto; }
svg.machine path { fill: none; stroke: var(--soft); stroke-width: 1.4; }
svg.machine rect { fill: #fff; stroke: var(--ink); stroke-width: 1.4; }
svg.machine rect.blank { stroke: none; }
svg.machine .start { fill: var(--ink); }
svg.machine text { font-size: 14px; text-anchor: middle; fill: var(--ink); }
svg.machine text.label { font-size: 12.5px; fill: var(--soft); }
@media (max-width: 45rem) { nav > ol { columns: 1; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { background: none; padding: 0; }
  a { color: inherit; }
  h2, h3, caption { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  thead { display: table-header-group; }
  .grid, figure { overflow: visible; }
}
)css";

/// The head of every arrow of the page's diagrams.
inline constexpr std::string_view kArrow =
    "<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><marker id=\"arrow\" viewBox=\"0 0 8 "
    "8\" "
    "refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
    "<path d=\"M0 0L8 4L0 8z\" fill=\"#5b6473\"/></marker></defs></svg>\n";

}  // namespace toll::tools::show
