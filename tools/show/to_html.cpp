// A document as one HTML page: no script, nothing loaded from elsewhere, fit to be printed.

#include "messages/messages.hpp"
#include "tools/plain_text.hpp"
#include "tools/show/diagram.hpp"
#include "tools/show/document.hpp"
#include "tools/show/style.hpp"

namespace toll::tools::show {
namespace {

class HtmlWriter {
 public:
  explicit HtmlWriter(const Document& document) : document_(document) {}

  std::string run() {
    const bool chinese = document_.language == Language::zh;
    out_ = "<!DOCTYPE html>\n<html lang=\"" + std::string(chinese ? "zh-CN" : "en") +
           "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           html_escaped(plain(document_.title, document_.language)) + "</title>\n<style>\n" +
           std::string(kStyle) + "</style>\n</head>\n<body>\n" + std::string(kArrow);
    out_ += "<header>\n<h1>" + flat(document_.title) + "</h1>\n";
    blocks(document_.intro);
    out_ += "</header>\n";
    if (document_.sections.size() > 1) contents();
    out_ += "<main>\n";
    for (const Section& section : document_.sections) write(section);
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string flat(const Inline& text) const {
    std::string out;
    for (const Run& run : runs_of(text, document_.language)) {
      const std::string inside = html_escaped(run.text);
      switch (run.style) {
        case Run::Style::code:
          out += "<code>" + inside + "</code>";
          break;
        case Run::Style::strong:
          out += "<strong>" + inside + "</strong>";
          break;
        case Run::Style::name:
          out += run.target.empty()
                     ? "<b>" + inside + "</b>"
                     : "<a href=\"#" + html_escaped(run.target) + "\">" + inside + "</a>";
          break;
        case Run::Style::plain:
          out += inside;
          break;
      }
    }
    return out;
  }

  static std::string id_of(const std::string& id) {
    return id.empty() ? "" : " id=\"" + html_escaped(id) + "\"";
  }

  void contents() {
    out_ +=
        "<nav>\n<h2>" + html_escaped(say("show.contents", document_.language)) + "</h2>\n<ol>\n";
    for (const Section& section : document_.sections) {
      out_ += "<li>" + link(section.id, section.title);
      bool open = false;
      for (const Article& article : section.articles) {
        if (article.title.empty()) continue;
        out_ += open ? "" : "<ul>";
        open = true;
        out_ += "<li>" + link(article.id, article.title) + "</li>";
      }
      out_ += open ? "</ul></li>\n" : "</li>\n";
    }
    out_ += "</ol>\n</nav>\n";
  }

  [[nodiscard]] std::string link(const std::string& id, const Inline& title) const {
    return "<a href=\"#" + html_escaped(id) + "\">" +
           html_escaped(plain(title, document_.language)) + "</a>";
  }

  void write(const Section& section) {
    out_ += "<section" + id_of(section.id) + ">\n<h2>" + flat(section.title) + "</h2>\n";
    blocks(section.intro);
    for (const Article& article : section.articles) {
      out_ += "<article" + id_of(article.id) + ">\n";
      if (!article.title.empty()) out_ += "<h3>" + flat(article.title) + "</h3>\n";
      blocks(article.blocks);
      out_ += "</article>\n";
    }
    out_ += "</section>\n";
  }

  void blocks(const std::vector<Block>& list) {
    for (const Block& block : list) {
      std::visit([&](const auto& what) { write(what); }, block.what);
    }
  }

  void write(const Paragraph& text) { out_ += "<p>" + flat(text.text) + "</p>\n"; }

  void write(const List& list) { items(list.items, list.ordered); }

  void items(const std::vector<Item>& list, bool ordered) {
    if (list.empty()) return;
    out_ += ordered ? "<ol>\n" : "<ul>\n";
    for (const Item& item : list) {
      out_ += "<li>" + flat(item.text);
      if (!item.items.empty()) out_ += "\n";
      items(item.items, item.ordered);
      out_ += "</li>\n";
    }
    out_ += ordered ? "</ol>\n" : "</ul>\n";
  }

  void write(const Diagram& diagram) {
    std::string states;
    for (const std::string& state : diagram.states) states += (states.empty() ? "" : ", ") + state;
    out_ += "<figure>" + draw_svg(lay_out(diagram), states) + "</figure>\n";
  }

  void write(const Folded& folded) {
    out_ += "<details>\n<summary>" + flat(folded.summary) + "</summary>\n";
    blocks(folded.blocks);
    out_ += "</details>\n";
  }

  void write(const Grid& grid) {
    out_ += "<div class=\"grid\">\n<table>\n";
    if (!grid.caption.empty()) out_ += "<caption>" + flat(grid.caption) + "</caption>\n";
    out_ += "<thead><tr>";
    for (const Grid::Column& column : grid.columns) {
      out_ +=
          std::string(column.right ? "<th class=\"n\">" : "<th>") + flat(column.title) + "</th>";
    }
    out_ += "</tr></thead>\n<tbody>\n";
    for (const Grid::Row& row : grid.rows) write_row(grid, row);
    out_ += "</tbody>\n</table>\n";
    if (!grid.notes.empty()) {
      out_ += "<ol class=\"notes\">\n";
      for (const Inline& note : grid.notes) out_ += "<li>" + flat(note) + "</li>\n";
      out_ += "</ol>\n";
    }
    if (!grid.source.empty()) out_ += "<p class=\"source\">" + flat(grid.source) + "</p>\n";
    out_ += "</div>\n";
  }

  void write_row(const Grid& grid, const Grid::Row& row) {
    std::string marks;
    for (const std::size_t note : row.notes) marks += "<sup>" + std::to_string(note + 1) + "</sup>";
    if (row.heading) {
      out_ += "<tr class=\"heading\"><th colspan=\"" + std::to_string(grid.columns.size()) + "\">" +
              flat(row.cells.empty() ? "" : row.cells[0]) + marks + "</th></tr>\n";
      return;
    }
    out_ += "<tr>";
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool right = i < grid.columns.size() && grid.columns[i].right;
      out_ += std::string(right ? "<td class=\"n\">" : "<td>") + flat(row.cells[i]) +
              (i == 0 ? marks : "") + "</td>";
    }
    out_ += "</tr>\n";
  }

  const Document& document_;
  std::string out_;
};

}  // namespace

std::string to_html(const Document& document) { return HtmlWriter(document).run(); }

}  // namespace toll::tools::show
