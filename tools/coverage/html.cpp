#include <map>
#include <sstream>

#include "tools/coverage/coverage.hpp"
#include "tools/plain_text.hpp"

namespace toll::tools {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --page: #fff; --ink: #1f2328; --faint: #6e7781; --line: #d8dee4;
  --full: #dcf5e3; --part: #fff1c2; --none: #ffdcd7; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --page: #16191d; --ink: #e6e9ec; --faint: #929aa3;
  --line: #343a41; --full: #16351f; --part: #44380f; --none: #4d1d19; --bad: #ff9d91; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .faint { color: var(--faint); }
table.sum { border-collapse: collapse; margin: 1rem 0; }
table.sum td, table.sum th { border-bottom: 1px solid var(--line); padding: .2rem 1rem .2rem 0;
  text-align: left; } table.sum td.n { text-align: right; font-variant-numeric: tabular-nums; }
.key span { padding: 0 .5rem; margin-right: .75rem; border-radius: 3px; }
.full { background: var(--full); } .part { background: var(--part); } .none { background: var(--none); }
pre { margin: 0; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px;
  font: 13px/1.45 ui-monospace, "Noto Sans Mono CJK SC", monospace; }
pre .l { display: block; white-space: pre; padding-right: 1rem; min-width: max-content; }
pre .n { display: inline-block; width: 3.5rem; padding-right: .75rem; text-align: right;
  color: var(--faint); user-select: none; } pre .m { color: var(--bad); }
ul { margin: .25rem 0 .75rem; padding-left: 1.2rem; } a { color: inherit; }
)";

struct Line {
  std::size_t total = 0;
  std::vector<std::string> missing;
};

class Page {
 public:
  Page(const dsl::SourceSet& sources, const Coverage& coverage, Language language)
      : sources_(sources), coverage_(coverage), language_(language) {
    for (const CoverageItem& item : coverage.items) {
      Line& line = lines_[item.place.file][item.place.line];
      ++line.total;
      if (!item.covered) line.missing.push_back(say(item.says));
    }
  }

  std::string write(const std::string& name) {
    const std::string title = say({"coverage.title", {name}});
    out_ << "<!doctype html>\n<html lang=\"" << to_string(language_)
         << "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            "content=\"width=device-width, initial-scale=1\">\n<title>"
         << html_escaped(title) << "</title>\n<style>" << kStyle
         << "</style>\n</head>\n<body>\n<h1>" << html_escaped(title) << "</h1>\n";
    summary();
    missing();
    for (std::uint32_t file = 0; file < sources_.size(); ++file)
      if (lines_.count(sources_.path(file)) != 0) listing(file);
    out_ << "</body>\n</html>\n";
    return std::move(out_).str();
  }

 private:
  [[nodiscard]] std::string say(const Message& message) const {
    return toll::say(message, language_);
  }
  void text(const std::string& tag, const Message& message) {
    out_ << "<" << tag << ">" << html_escaped(say(message)) << "</" << tag.substr(0, tag.find(' '))
         << ">";
  }

  void summary() {
    text("p", {"coverage.total", {coverage_.percent(), coverage_.covered(), coverage_.total()}});
    out_ << "\n<table class=\"sum\">\n";
    // messages: coverage.kind.*
    for (const auto& [kind, count] : coverage_.by_kind()) {
      out_ << "<tr>";
      text("td",
           Message("coverage.kind" +
                   ("." + std::string(to_string(kind)))));  // messages: coverage.kind.*
      out_ << "<td class=\"n\">" << count.covered << "</td><td class=\"n faint\">/ " << count.total
           << "</td></tr>\n";
    }
    out_ << "</table>\n<p class=\"key\">";
    text("span class=\"full\"", "coverage.full");
    text("span class=\"part\"", "coverage.part");
    text("span class=\"none\"", "coverage.none");
    out_ << "</p>\n";
  }

  [[nodiscard]] static std::string anchor(std::uint32_t file, std::size_t line) {
    return "f" + std::to_string(file) + "l" + std::to_string(line);
  }

  void missing() {
    if (coverage_.covered() == coverage_.total()) return;
    text("h2", "coverage.missing");
    out_ << "\n";
    for (std::uint32_t file = 0; file < sources_.size(); ++file) {
      const auto lines = lines_.find(sources_.path(file));
      if (lines == lines_.end()) continue;
      std::ostringstream list;
      for (const auto& [number, line] : lines->second) {
        for (const std::string& one : line.missing)
          list << "<li><a href=\"#" << anchor(file, number) << "\">" << number << "</a> "
               << html_escaped(one) << "</li>\n";
      }
      if (list.str().empty()) continue;
      out_ << "<p>" << html_escaped(sources_.path(file)) << "</p>\n<ul>\n"
           << list.str() << "</ul>\n";
    }
  }

  void listing(std::uint32_t file) {
    const auto& lines = lines_.at(sources_.path(file));
    out_ << "<h2>" << html_escaped(sources_.path(file)) << "</h2>\n<pre>";
    std::istringstream text(sources_.text(file));
    std::string content;
    for (std::uint32_t number = 1; std::getline(text, content); ++number) {
      const auto found = lines.find(number);
      std::string kind;
      std::string title;
      if (found != lines.end()) {
        const std::size_t gone = found->second.missing.size();
        kind = gone == 0 ? " full" : gone < found->second.total ? " part" : " none";
        for (const std::string& one : found->second.missing)
          title += (title.empty() ? "" : "\n") + one;
      }
      out_ << "<span class=\"l" << kind << "\" id=\"" << anchor(file, number) << "\"";
      if (!title.empty()) out_ << " title=\"" << html_escaped(title) << "\"";
      out_ << "><span class=\"n\">" << number << "</span>" << html_escaped(content) << "</span>";
    }
    out_ << "</pre>\n";
  }

  const dsl::SourceSet& sources_;
  const Coverage& coverage_;
  Language language_;
  std::map<std::string, std::map<std::uint32_t, Line>> lines_;
  std::ostringstream out_;
};

}  // namespace

std::string coverage_html(const dsl::Policy& policy, const dsl::SourceSet& sources,
                          const Coverage& coverage, Language language) {
  return Page(sources, coverage, language).write(policy.core->name);
}

}  // namespace toll::tools
