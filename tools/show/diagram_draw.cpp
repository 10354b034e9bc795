// A layout drawn as text, as SVG, as Mermaid.

#include <algorithm>

#include "dsl/syntax/unicode.hpp"
#include "tools/plain_text.hpp"
#include "tools/show/diagram.hpp"

namespace toll::tools::show {
namespace {

/// A sheet of character cells; a wide character takes two, the second of them empty.
class Sheet {
 public:
  Sheet(int width, int height)
      : width_(width), cells_(static_cast<std::size_t>(width * height), " ") {}

  void put(int x, int y, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const dsl::DecodedCharacter found = dsl::decode_utf8(text, at);
      const int columns = dsl::display_width(found.code);
      if (x < 0 || x + columns > width_) return;
      cell(x, y) = std::string(text.substr(at, found.size));
      if (columns == 2) cell(x + 1, y).clear();
      x += columns;
      at += found.size;
    }
  }
  void across(int from, int to, int y) {
    for (int x = from; x < to; ++x) put(x, y, "\u2500");
  }
  void down(int x, int from, int to) {
    for (int y = from; y < to; ++y) put(x, y, "\u2502");
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> out;
    const auto width = static_cast<std::size_t>(width_);
    for (std::size_t at = 0; at < cells_.size(); at += width) {
      std::string line;
      for (std::size_t x = 0; x < width; ++x) line += cells_[at + x];
      line.erase(line.find_last_not_of(' ') + 1);
      out.push_back(std::move(line));
    }
    return out;
  }

 private:
  std::string& cell(int x, int y) { return cells_[static_cast<std::size_t>(y * width_ + x)]; }

  int width_;
  std::vector<std::string> cells_;
};

void draw_lane(Sheet& sheet, const Layout::Lane& lane) {
  sheet.across(lane.left() + 1, lane.right(), lane.y);
  std::vector<int> ends = lane.tails;
  ends.push_back(lane.head);
  for (const int x : ends) {
    const bool left = x == lane.left();
    const bool right = x == lane.right();
    sheet.put(x, lane.y, left && right ? "\u2502" : left ? "\u2514" : right ? "\u2518" : "\u2534");
  }
}

// Pixels of a character cell.
constexpr int kColumn = 8;
constexpr int kLine = 20;

int px(int column) { return column * kColumn; }
int mid(int column) { return column * kColumn + kColumn / 2; }
int py(int line) { return line * kLine + kLine / 2; }
/// The lower edge of the boxes.
int box_bottom() { return 3 * kLine - 8; }

std::string number(int value) { return std::to_string(value); }

std::string path(const std::string& points, bool arrow) {
  return "<path d=\"" + points + "\"" + (arrow ? " marker-end=\"url(#arrow)\"" : "") + "/>";
}

std::string svg_lane(const Layout::Lane& lane) {
  const std::string y = number(py(lane.y));
  const std::string bottom = number(box_bottom());
  std::string out;
  for (const int x : lane.tails) {
    out +=
        path("M" + number(mid(x)) + " " + bottom + "V" + y + "H" + number(mid(lane.head)), false);
  }
  return out + path("M" + number(mid(lane.head)) + " " + y + "V" + number(box_bottom() + 2), true);
}

}  // namespace

std::vector<std::string> draw_text(const Layout& layout) {
  int width = layout.width;
  for (const Layout::Label& label : layout.labels) {
    width = std::max(width, label.x + dsl::display_width(label.text));
  }
  Sheet sheet(width, layout.height);
  for (const Layout::Lane& lane : layout.lanes) draw_lane(sheet, lane);
  for (const Layout::Lane& lane : layout.lanes) {  // what comes down passes over what lies
    for (const int x : lane.tails) sheet.down(x, 3, lane.y);
    sheet.down(lane.head, 4, lane.y);
    sheet.put(lane.head, 3, "\u25b2");
  }
  for (const Layout::Box& box : layout.boxes) {
    const int right = box.x + box.width - 1;
    for (const int y : {0, 2}) sheet.across(box.x, right, y);
    sheet.put(box.x, 0, "\u250c");
    sheet.put(right, 0, "\u2510");
    sheet.put(box.x, 1, "\u2502");
    sheet.put(right, 1, "\u2502");
    sheet.put(box.x, 2, "\u2514");
    sheet.put(right, 2, "\u2518");
    sheet.put(box.x + (box.width - dsl::display_width(box.text)) / 2, 1, box.text);
  }
  for (const Layout::Lane& lane : layout.lanes) {
    for (const int x : lane.tails) sheet.put(x, 2, "\u252c");
  }
  sheet.put(0, 1, "\u25cf\u2500\u2500\u25b6");
  for (const Layout::Way& way : layout.ways) {
    sheet.across(way.from, way.to - 1, 1);
    sheet.put(way.to - 1, 1, "\u25b6");
  }
  for (const Layout::Label& label : layout.labels) {
    const std::string text = label.y > 2 && label.x > 0 ? " " + label.text + " " : label.text;
    sheet.put(label.y > 2 ? label.x - 1 : label.x, label.y, text);
  }
  return sheet.lines();
}

std::string draw_svg(const Layout& layout, const std::string& title) {
  int columns = layout.width;
  for (const Layout::Label& label : layout.labels) {
    columns = std::max(columns, label.x + dsl::display_width(label.text));
  }
  const std::string width = number(px(columns) + 2);
  const std::string height = number(layout.height * kLine + 2);
  std::string out = "<svg class=\"machine\" role=\"img\" viewBox=\"0 0 " + width + " " + height +
                    "\" width=\"" + width + "\" height=\"" + height + "\"><title>" +
                    html_escaped(title) + "</title>\n";
  out += "<circle class=\"start\" cx=\"5\" cy=\"" + number(py(1)) + "\" r=\"4\"/>";
  if (!layout.boxes.empty())
    out += path("M9 " + number(py(1)) + "H" + number(px(layout.boxes[0].x) - 2), true);
  for (const Layout::Way& way : layout.ways) {
    out +=
        path("M" + number(px(way.from)) + " " + number(py(1)) + "H" + number(px(way.to) - 2), true);
  }
  for (const Layout::Lane& lane : layout.lanes) out += svg_lane(lane);
  out += "\n";
  for (const Layout::Box& box : layout.boxes) {
    out += "<rect x=\"" + number(px(box.x)) + "\" y=\"8\" width=\"" + number(px(box.width)) +
           "\" height=\"" + number(box_bottom() - 8) + "\" rx=\"6\"/><text x=\"" +
           number(px(box.x) + px(box.width) / 2) + "\" y=\"" + number(py(1) + 5) + "\">" +
           html_escaped(box.text) + "</text>";
  }
  out += "\n";
  for (const Layout::Label& label : layout.labels) {
    const int room = px(dsl::display_width(label.text));
    const int middle = px(label.x) + room / 2;
    const int y = label.y == 0 ? py(1) - 5 : py(label.y) + 4;
    if (label.y > 0) {  // the line does not run through its label
      out += "<rect class=\"blank\" x=\"" + number(px(label.x) - 3) + "\" y=\"" +
             number(py(label.y) - 8) + "\" width=\"" + number(room + 6) + "\" height=\"16\"/>";
    }
    out += "<text class=\"label\" x=\"" + number(middle) + "\" y=\"" + number(y) + "\">" +
           html_escaped(label.text) + "</text>";
  }
  return out + "\n</svg>";
}

std::string draw_mermaid(const Diagram& diagram) {
  const auto quiet = [](std::string_view text) {  // what Mermaid would read as its own
    std::string out;
    for (const char c : text) {
      const bool special = std::string_view("#;:\"<>{}[]\\`%").find(c) != std::string_view::npos;
      out += special ? "#" + std::to_string(static_cast<int>(c)) + ";" : std::string(1, c);
    }
    return out;
  };
  std::string out = "stateDiagram-v2\n    direction LR\n";
  for (std::size_t i = 0; i < diagram.states.size(); ++i) {
    out += "    s" + std::to_string(i) + " : " + quiet(diagram.states[i]) + "\n";
  }
  if (!diagram.states.empty()) out += "    [*] --> s0\n";
  for (const Diagram::Edge& edge : diagram.edges) {
    for (const std::size_t from : edge.from) {
      out += "    s" + std::to_string(from) + " --> s" + std::to_string(edge.to);
      out += (edge.label.empty() ? "" : " : " + quiet(edge.label)) + "\n";
    }
  }
  return out;
}

}  // namespace toll::tools::show
