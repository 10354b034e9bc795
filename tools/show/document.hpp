// What `toll show` shows, before it is text, Markdown or HTML: sections, paragraphs, tables, lists,
// diagrams. Knows nothing of policies.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "messages/messages.hpp"
#include "tools/show/inline.hpp"

namespace toll::tools::show {

struct Paragraph {
  Inline text;
};

struct Grid {
  struct Column {
    Inline title;
    bool right = false;  ///< numbers: aligned at their ends
  };
  struct Row {
    bool heading = false;  ///< a line of its own across the table: `cells[0]`
    std::vector<Inline> cells;
    std::vector<std::size_t> notes;  ///< indexes into the grid's notes
  };
  Inline caption;  ///< may be empty
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::vector<Inline> notes;  ///< footnotes, numbered from 1
  Inline source;              ///< said below the table; may be empty
};

struct Item {
  Inline text;
  std::vector<Item> items;
  bool ordered = false;  ///< its items are numbered
};
struct List {
  std::vector<Item> items;
  bool ordered = false;
};

/// States and what moves from one to another; the first state is the initial one.
struct Diagram {
  struct Edge {
    std::vector<std::size_t> from;
    std::size_t to = 0;
    std::string label;  ///< plain text
  };
  std::vector<std::string> states;  ///< plain text
  std::vector<Edge> edges;
};

struct Block;
/// What a reader may skip: closed at first where that is possible.
struct Folded {
  Inline summary;
  std::vector<Block> blocks;
};

struct Block {
  std::variant<Paragraph, Grid, List, Diagram, Folded> what;
};

/// A declaration with a title and a place to link to, or several small ones without.
struct Article {
  std::string id;
  Inline title;
  std::vector<std::string> names;  ///< what it may be asked for by
  std::vector<Block> blocks;
};

struct Section {
  std::string id;
  Inline title;
  std::vector<Block> intro;
  std::vector<Article> articles;
};

struct Document {
  Language language = Language::en;
  Inline title;
  std::vector<Block> intro;
  std::vector<Section> sections;
};

std::string to_text(const Document& document);
std::string to_markdown(const Document& document);
std::string to_html(const Document& document);

}  // namespace toll::tools::show
