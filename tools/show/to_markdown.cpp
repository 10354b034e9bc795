// A document as Markdown, as GitHub and GitLab show it: pipe tables, Mermaid diagrams, <details>
// for what is folded.

#include "messages/messages.hpp"
#include "tools/plain_text.hpp"
#include "tools/show/diagram.hpp"
#include "tools/show/document.hpp"

namespace toll::tools::show {
namespace {

/// Characters that would be read as Markdown or HTML.
std::string escaped(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]<>|#~$";
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
      continue;
    }
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// Code with as many backticks around it as it needs; a bar would end a table's cell.
std::string code_span(std::string_view text) {
  std::string fence = "`";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  const bool apart = fence.size() > 1;
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return fence + (apart ? " " : "") + out + (apart ? " " : "") + fence;
}

class MarkdownWriter {
 public:
  explicit MarkdownWriter(const Document& document) : document_(document) {}

  std::string run() {
    paragraph("# " + flat(document_.title));
    blocks(document_.intro);
    if (document_.sections.size() > 1) contents();
    for (const Section& section : document_.sections) {
      anchor(section.id);
      paragraph("## " + flat(section.title));
      blocks(section.intro);
      for (const Article& article : section.articles) {
        if (!article.title.empty()) {
          anchor(article.id);
          paragraph("### " + flat(article.title));
        }
        blocks(article.blocks);
      }
    }
    while (out_.size() > 1 && out_[out_.size() - 2] == '\n') out_.pop_back();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string flat(const Inline& text) const {
    std::string out;
    for (const Run& run : runs_of(text, document_.language)) {
      if (run.style == Run::Style::code) {
        out += code_span(run.text);
      } else if (run.style == Run::Style::strong) {
        out += "**" + escaped(run.text) + "**";
      } else {
        out += escaped(run.text);
      }
    }
    return out;
  }

  void paragraph(const std::string& text) { out_ += text + "\n\n"; }

  void anchor(const std::string& id) {
    if (!id.empty()) out_ += "<a id=\"" + html_escaped(id) + "\"></a>\n\n";
  }

  void contents() {
    for (const Section& section : document_.sections) {
      out_ += "- [" + flat(section.title) + "](#" + section.id + ")\n";
    }
    out_ += "\n";
  }

  void blocks(const std::vector<Block>& list) {
    for (const Block& block : list) {
      std::visit([&](const auto& what) { write(what); }, block.what);
    }
  }

  void write(const Paragraph& text) {
    std::string line = flat(text.text);
    // A paragraph that would begin a list or a heading.
    const bool begins = !line.empty() && (line[0] == '-' || line[0] == '+' || line[0] == '=');
    paragraph(begins ? "\\" + line : line);
  }

  void write(const List& list) {
    items(list.items, list.ordered, "");
    out_ += "\n";
  }

  void items(const std::vector<Item>& list, bool ordered, const std::string& indent) {
    int number = 0;
    for (const Item& item : list) {
      const std::string mark = ordered ? std::to_string(++number) + ". " : "- ";
      out_ += indent + mark + flat(item.text) + "\n";
      items(item.items, item.ordered, indent + std::string(mark.size(), ' '));
    }
  }

  void write(const Diagram& diagram) { paragraph("```mermaid\n" + draw_mermaid(diagram) + "```"); }

  void write(const Folded& folded) {
    out_ += "<details>\n<summary>" + summary(folded.summary) + "</summary>\n\n";
    blocks(folded.blocks);
    out_ += "</details>\n\n";
  }

  /// Inside an HTML tag.
  [[nodiscard]] std::string summary(const Inline& text) const {
    return html_escaped(plain(text, document_.language));
  }

  void write(const Grid& grid) {
    if (!grid.caption.empty()) paragraph("**" + flat(grid.caption) + "**");
    out_ += "|";
    for (const Grid::Column& column : grid.columns) out_ += " " + flat(column.title) + " |";
    out_ += "\n|";
    for (const Grid::Column& column : grid.columns) out_ += column.right ? " ---: |" : " --- |";
    out_ += "\n";
    for (const Grid::Row& row : grid.rows) {
      out_ += "|";
      for (std::size_t i = 0; i < grid.columns.size(); ++i) {
        std::string text = i < row.cells.size() ? flat(row.cells[i]) : "";
        if (row.heading && i == 0) text = "**" + text + "**";
        if (i == 0) text += marks(row);
        out_ += " " + text + (text.empty() ? "|" : " |");
      }
      out_ += "\n";
    }
    out_ += "\n";
    for (std::size_t i = 0; i < grid.notes.size(); ++i) {
      const bool last = i + 1 == grid.notes.size();
      out_ += "<sup>" + std::to_string(i + 1) + "</sup> " + flat(grid.notes[i]) +
              (last ? "\n\n" : "<br>\n");
    }
    if (!grid.source.empty()) paragraph(flat(grid.source));
  }

  static std::string marks(const Grid::Row& row) {
    std::string out;
    for (const std::size_t note : row.notes) out += "<sup>" + std::to_string(note + 1) + "</sup>";
    return out;
  }

  const Document& document_;
  std::string out_;
};

}  // namespace

std::string to_markdown(const Document& document) { return MarkdownWriter(document).run(); }

}  // namespace toll::tools::show
