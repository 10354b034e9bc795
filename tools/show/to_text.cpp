// A document as plain text for a terminal or a mail: tables in columns, diagrams in box-drawing
// characters, nothing folded.

#include <algorithm>

#include "dsl/syntax/unicode.hpp"
#include "tools/plain_text.hpp"
#include "tools/show/diagram.hpp"
#include "tools/show/document.hpp"

namespace toll::tools::show {
namespace {

constexpr int kWidth = 100;
constexpr int kWidestCell = 44;
constexpr int kBetween = 2;

class TextWriter {
 public:
  explicit TextWriter(const Document& document) : document_(document) {}

  std::string run() {
    headline(flat(document_.title), '=');
    blocks(document_.intro, 0);
    for (const Section& section : document_.sections) {
      out_ += "\n";
      headline(flat(section.title), '=');
      blocks(section.intro, 0);
      for (const Article& article : section.articles) {
        if (!article.title.empty()) headline(flat(article.title), '-');
        blocks(article.blocks, 0);
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string flat(const Inline& text) const {
    std::string out;
    for (const Run& run : runs_of(text, document_.language)) {
      out += run.style == Run::Style::code ? "`" + run.text + "`" : run.text;
    }
    return out;
  }

  void line(const std::string& text, int indent = 0) {
    if (!text.empty()) out_.append(static_cast<std::size_t>(indent), ' ');
    out_ += text + "\n";
  }

  void headline(const std::string& text, char under) {
    line(text);
    line(std::string(static_cast<std::size_t>(std::max(1, dsl::display_width(text))), under));
    line("");
  }

  void paragraph(const std::string& text, int indent) {
    for (const std::string& part : wrapped(text, kWidth - indent)) line(part, indent);
  }

  void blocks(const std::vector<Block>& list, int indent) {
    for (const Block& block : list) {
      std::visit([&](const auto& what) { write(what, indent); }, block.what);
      line("");
    }
  }

  void write(const Paragraph& text, int indent) { paragraph(flat(text.text), indent); }

  void write(const List& list, int indent) { items(list.items, list.ordered, indent); }

  void items(const std::vector<Item>& list, bool ordered, int indent) {
    int number = 0;
    for (const Item& item : list) {
      const std::string mark = ordered ? std::to_string(++number) + ". " : "- ";
      const int inner = indent + static_cast<int>(mark.size());
      bool first = true;
      for (const std::string& part : wrapped(flat(item.text), kWidth - inner)) {
        line(first ? mark + part : part, first ? indent : inner);
        first = false;
      }
      items(item.items, item.ordered, inner);
    }
  }

  void write(const Diagram& diagram, int indent) {
    for (const std::string& text : draw_text(lay_out(diagram))) line(text, indent);
  }

  void write(const Folded& folded, int indent) {
    paragraph(flat(folded.summary), indent);
    line("");
    const std::size_t before = out_.size();
    blocks(folded.blocks, indent + 2);
    if (out_.size() > before) out_.pop_back();
  }

  void write(const Grid& grid, int indent) {
    if (!grid.caption.empty()) {
      paragraph(flat(grid.caption), indent);
      line("");
    }
    std::vector<std::vector<std::string>> rows;
    for (const Grid::Row& row : grid.rows) rows.push_back(cells_of(row));
    const std::vector<int> widths = widths_of(grid, rows);
    std::vector<std::string> titles;
    for (const Grid::Column& column : grid.columns) titles.push_back(flat(column.title));
    write_row(grid, titles, widths, indent);
    std::string rule;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) rule += "  ";
      for (int x = 0; x < widths[i]; ++x) rule += "\u2500";
    }
    line(rule, indent);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (grid.rows[i].heading) {
        if (i > 0) line("");
        paragraph("\u25a0 " + rows[i][0], indent);
      } else {
        write_row(grid, rows[i], widths, indent);
      }
    }
    if (!grid.notes.empty() || !grid.source.empty()) line("");
    for (std::size_t i = 0; i < grid.notes.size(); ++i) {
      paragraph("[" + std::to_string(i + 1) + "] " + flat(grid.notes[i]), indent);
    }
    if (!grid.source.empty()) paragraph(flat(grid.source), indent);
  }

  [[nodiscard]] std::vector<std::string> cells_of(const Grid::Row& row) const {
    std::vector<std::string> cells;
    for (const Inline& cell : row.cells) cells.push_back(flat(cell));
    for (const std::size_t note : row.notes) {
      if (!cells.empty()) cells[0] += " [" + std::to_string(note + 1) + "]";
    }
    return cells;
  }

  [[nodiscard]] std::vector<int> widths_of(
      const Grid& grid, const std::vector<std::vector<std::string>>& rows) const {
    std::vector<int> widths;
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      int width = dsl::display_width(flat(grid.columns[i].title));
      for (std::size_t r = 0; r < rows.size(); ++r) {
        if (grid.rows[r].heading || i >= rows[r].size()) continue;
        width = std::max(width, dsl::display_width(rows[r][i]));
      }
      widths.push_back(std::min(width, kWidestCell));
    }
    return widths;
  }

  void write_row(const Grid& grid, const std::vector<std::string>& cells,
                 const std::vector<int>& widths, int indent) {
    std::vector<std::vector<std::string>> parts;
    std::size_t height = 1;
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      parts.push_back(wrapped(cells[i], widths[i]));
      height = std::max(height, parts.back().size());
    }
    for (std::size_t y = 0; y < height; ++y) {
      std::string text;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text.append(kBetween, ' ');
        text += padded(y < parts[i].size() ? parts[i][y] : "", widths[i], grid.columns[i].right);
      }
      text.erase(text.find_last_not_of(' ') + 1);
      line(text, indent);
    }
  }

  const Document& document_;
  std::string out_;
};

}  // namespace

std::string to_text(const Document& document) {
  std::string text = TextWriter(document).run();
  // Blank lines: one at a time, none at the end.
  std::string out;
  for (const char c : text) {
    if (c == '\n' && out.size() > 1 && out[out.size() - 1] == '\n' && out[out.size() - 2] == '\n')
      continue;
    out += c;
  }
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

}  // namespace toll::tools::show
