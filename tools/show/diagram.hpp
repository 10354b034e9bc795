// States and transitions laid out: one line of boxes in the order of the states, short ways between
// neighbours, all other ways in lanes below. Measured in characters, so that one layout serves text
// and pictures.
#pragma once

#include <string>
#include <vector>

#include "tools/show/document.hpp"

namespace toll::tools::show {

struct Layout {
  struct Box {
    int x = 0;
    int width = 0;  ///< with its frame; three lines high, from line 0
    std::string text;
  };
  /// A straight way from one box to the next, on line 1.
  struct Way {
    int from = 0;
    int to = 0;
  };
  /// From the bottom of some boxes down to a line, along it, and up into another box.
  struct Lane {
    int y = 0;
    std::vector<int> tails;  ///< columns
    int head = 0;
    [[nodiscard]] int left() const;
    [[nodiscard]] int right() const;
  };
  struct Label {
    int x = 0;
    int y = 0;
    std::string text;
  };
  std::vector<Box> boxes;
  std::vector<Way> ways;
  std::vector<Lane> lanes;
  std::vector<Label> labels;
  int width = 0;
  int height = 0;
};

/// Labels too long for their place stand as their number, counted from 1 in the order of the edges.
Layout lay_out(const Diagram& diagram);

/// Lines of text with box-drawing characters.
std::vector<std::string> draw_text(const Layout& layout);
/// An <svg> element; `title` is read out in place of the picture.
std::string draw_svg(const Layout& layout, const std::string& title);
/// The source of a Mermaid state diagram.
std::string draw_mermaid(const Diagram& diagram);

}  // namespace toll::tools::show
