#include "tools/show/diagram.hpp"

#include <algorithm>

#include "dsl/syntax/unicode.hpp"

namespace toll::tools::show {
namespace {

constexpr int kStart = 4;     // the dot and the arrow into the first state
constexpr int kGap = 6;       // between boxes, at least
constexpr int kLongest = 24;  // a label longer than this is a number
constexpr int kLanes = 3;     // the first line below the boxes

struct Port {
  std::size_t edge = 0;
  std::size_t state = 0;
  bool head = false;
  std::ptrdiff_t reach = 0;  ///< how far the edge goes from here: negative to the left
  int x = 0;
};

class Placer {
 public:
  explicit Placer(const Diagram& diagram) : diagram_(diagram) {}

  Layout run() {
    sort_edges();
    find_ports();
    place_boxes();
    place_lanes();
    place_labels();
    return std::move(layout_);
  }

 private:
  [[nodiscard]] const Diagram::Edge& edge(std::size_t index) const { return diagram_.edges[index]; }

  [[nodiscard]] std::string label(std::size_t index, int room) const {
    const std::string& text = edge(index).label;
    const bool fits = dsl::display_width(text) <= std::min(room, kLongest);
    return fits && !text.empty() ? text : "(" + std::to_string(index + 1) + ")";
  }

  [[nodiscard]] std::size_t span(std::size_t index) const {
    std::size_t low = edge(index).to;
    std::size_t high = low;
    for (const std::size_t from : edge(index).from) {
      low = std::min(low, from);
      high = std::max(high, from);
    }
    return high - low;
  }

  /// To the next state alone: straight, one for each pair. Short lanes lie above long ones.
  void sort_edges() {
    std::vector<bool> taken(diagram_.states.size(), false);
    for (std::size_t i = 0; i < diagram_.edges.size(); ++i) {
      const bool next = edge(i).from.size() == 1 && edge(i).from[0] + 1 == edge(i).to;
      if (next && !taken[edge(i).from[0]]) {
        taken[edge(i).from[0]] = true;
        straight_.push_back(i);
      } else {
        lanes_.push_back(i);
      }
    }
    std::stable_sort(lanes_.begin(), lanes_.end(),
                     [this](std::size_t a, std::size_t b) { return span(a) < span(b); });
  }

  void find_ports() {
    const auto difference = [](std::size_t a, std::size_t b) {
      return static_cast<std::ptrdiff_t>(a) - static_cast<std::ptrdiff_t>(b);
    };
    for (const std::size_t i : lanes_) {
      std::ptrdiff_t farthest = 0;
      for (const std::size_t from : edge(i).from) {
        const std::ptrdiff_t reach = difference(edge(i).to, from);
        if (std::abs(reach) > std::abs(farthest)) farthest = reach;
        ports_.push_back({i, from, false, reach, 0});
      }
      ports_.push_back({i, edge(i).to, true, -farthest, 0});
    }
    // Where two leave to one side, the longer one stands farther to the other side: no crossing.
    std::stable_sort(ports_.begin(), ports_.end(), [](const Port& a, const Port& b) {
      if (a.state != b.state) return a.state < b.state;
      const bool left_a = a.reach < 0;
      const bool left_b = b.reach < 0;
      if (left_a != left_b) return left_a;
      return std::abs(a.reach) != std::abs(b.reach) &&
             (std::abs(a.reach) < std::abs(b.reach)) == left_a;
    });
  }

  void place_boxes() {
    int x = kStart;
    for (std::size_t state = 0; state < diagram_.states.size(); ++state) {
      const auto here = [state](const Port& port) { return port.state == state; };
      const auto count = static_cast<int>(std::count_if(ports_.begin(), ports_.end(), here));
      Layout::Box box;
      box.text = diagram_.states[state];
      box.width = std::max(dsl::display_width(box.text) + 4, 2 * count + 3);
      box.x = x;
      int port_x = x + (box.width - (2 * count - 1)) / 2;
      for (Port& port : ports_) {
        if (port.state != state) continue;
        port.x = port_x;
        port_x += 2;
      }
      layout_.boxes.push_back(box);
      int gap = kGap;
      for (const std::size_t i : straight_) {
        if (edge(i).from[0] == state) gap = dsl::display_width(label(i, kLongest)) + 4;
      }
      layout_.width = x + box.width;
      x += box.width + std::max(gap, kGap);
    }
  }

  void place_lanes() {
    for (const std::size_t i : straight_) {
      const Layout::Box& from = layout_.boxes[edge(i).from[0]];
      layout_.ways.push_back({from.x + from.width, layout_.boxes[edge(i).to].x});
    }
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      Layout::Lane lane;
      lane.y = kLanes + 1 + 2 * static_cast<int>(i);
      for (const Port& port : ports_) {
        if (port.edge != lanes_[i]) continue;
        if (port.head) {
          lane.head = port.x;
        } else {
          lane.tails.push_back(port.x);
        }
      }
      layout_.lanes.push_back(std::move(lane));
    }
    layout_.height = kLanes + 2 * static_cast<int>(lanes_.size());
  }

  /// Columns of a lane's line where other lanes come down through it, or its own ends are.
  [[nodiscard]] std::vector<int> stops(std::size_t index) const {
    const Layout::Lane& lane = layout_.lanes[index];
    std::vector<int> columns = lane.tails;
    columns.push_back(lane.head);
    for (std::size_t deeper = index + 1; deeper < layout_.lanes.size(); ++deeper) {
      for (const int x : layout_.lanes[deeper].tails) columns.push_back(x);
      columns.push_back(layout_.lanes[deeper].head);
    }
    std::sort(columns.begin(), columns.end());
    return columns;
  }

  void place_labels() {
    for (std::size_t i = 0; i < straight_.size(); ++i) {
      const Layout::Way& way = layout_.ways[i];
      const std::string text = label(straight_[i], kLongest);
      const int room = way.to - way.from;
      layout_.labels.push_back({way.from + (room - dsl::display_width(text)) / 2, 0, text});
    }
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      const Layout::Lane& lane = layout_.lanes[i];
      // The widest free stretch of the line.
      int begin = lane.left();
      int room = 0;
      int before = lane.left();
      for (const int x : stops(i)) {
        if (x < lane.left() || x > lane.right()) continue;
        if (x - before - 1 > room) {
          room = x - before - 1;
          begin = before + 1;
        }
        before = x;
      }
      const std::string text = label(lanes_[i], room - 2);
      const int width = dsl::display_width(text);
      if (width <= room) {
        layout_.labels.push_back({begin + (room - width) / 2, lane.y, text});
      } else {  // a state's way to itself
        layout_.labels.push_back({lane.right() + 2, lane.y, text});
        layout_.width = std::max(layout_.width, lane.right() + 2 + width);
      }
    }
  }

  const Diagram& diagram_;
  Layout layout_;
  std::vector<std::size_t> straight_;
  std::vector<std::size_t> lanes_;
  std::vector<Port> ports_;
};

}  // namespace

int Layout::Lane::left() const {
  return tails.empty() ? head : std::min(head, *std::min_element(tails.begin(), tails.end()));
}

int Layout::Lane::right() const {
  return tails.empty() ? head : std::max(head, *std::max_element(tails.begin(), tails.end()));
}

Layout lay_out(const Diagram& diagram) { return Placer(diagram).run(); }

}  // namespace toll::tools::show
