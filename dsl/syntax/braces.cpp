#include "dsl/syntax/braces.hpp"

#include <algorithm>

namespace toll::dsl {
namespace {

/// With more mistakes than this, indentation is no guide.
constexpr std::size_t kMostMistakes = 20;

struct Indented {
  std::uint32_t begin = 0;
  std::uint32_t first = 0;  ///< the first character that is no blank
  std::uint32_t end = 0;    ///< of the line, its newline not counted
  [[nodiscard]] std::uint32_t indent() const { return first - begin; }
};

bool balanced(const std::vector<Brace>& braces) {
  int depth = 0;
  for (const Brace& brace : braces) {
    depth += brace.open ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth == 0;
}

/// Lines with something on them, comments not counted.
std::vector<Indented> lines_of(std::string_view text, const std::vector<ByteRange>& groups) {
  std::vector<Indented> lines;
  std::size_t group = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::size_t first = begin;
    while (first < end && (text[first] == ' ' || text[first] == '\t')) ++first;
    while (group < groups.size() && groups[group].end < begin) ++group;
    const bool inside = group < groups.size() && groups[group].begin < begin;
    if (first < end && text[first] != '#' && text[first] != '\r' && !inside) {
      lines.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(first),
                       static_cast<std::uint32_t>(end)});
    }
    begin = end + 1;
  }
  return lines;
}

class Planner {
 public:
  Planner(std::string_view text, const std::vector<Brace>& braces,
          const std::vector<ByteRange>& groups)
      : text_(text), braces_(braces), lines_(lines_of(text, groups)) {}

  BracePlan plan() {
    std::size_t brace = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::uint32_t stop =
          i + 1 < lines_.size() ? lines_[i + 1].begin : static_cast<std::uint32_t>(text_.size());
      const Indented& line = lines_[i];
      const bool leading =
          brace < braces_.size() && !braces_[brace].open && braces_[brace].at == line.first;
      if (!leading) {
        note_flat(i);
        end_blocks(i, line.indent());
      }
      for (; brace < braces_.size() && braces_[brace].at < stop; ++brace) {
        const std::uint32_t at = braces_[brace].at;
        if (braces_[brace].open) {
          open(i, brace);
        } else if (at == line.first) {
          close_leading(i);
        } else {
          close_inside(i, at, leading);
        }
      }
    }
    end_blocks(lines_.size(), 0);
    std::sort(plan_.opens.begin(), plan_.opens.end());
    return std::move(plan_);
  }

 private:
  struct Block {
    std::uint32_t indent = 0;
    std::size_t line = 0;
    bool flat = false;  ///< what it holds stands no further right than its head
  };

  /// The first line of a block shows whether the block is indented at all.
  void note_flat(std::size_t line) {
    if (open_.empty() || line == 0 || open_.back().line + 1 != line) return;
    const std::uint32_t end = lines_[line - 1].end;
    const bool last = text_.substr(0, end).find_last_not_of(" \t\r") == text_.rfind('{', end);
    open_.back().flat = last && lines_[line].indent() <= open_.back().indent;
  }

  /// Ends the blocks of earlier lines that stand at `indent` or further right.
  void end_blocks(std::size_t line, std::uint32_t indent) {
    while (!open_.empty() && open_.back().line < line &&
           open_.back().indent >= indent + (open_.back().flat ? 1 : 0)) {
      const auto end = static_cast<std::uint32_t>(text_.size());
      const std::uint32_t at = line < lines_.size() ? lines_[line].begin : end;
      plan_.closes.push_back({at, missing_before(line)});
      open_.pop_back();
    }
  }

  /// An empty line after what was said last is where the brace should stand; else the end of that.
  [[nodiscard]] std::uint32_t missing_before(std::size_t line) const {
    const Indented& last = lines_[line - 1];
    const std::size_t next = last.end + 1;
    if (next >= text_.size()) return last.end;
    const std::size_t end = std::min(text_.find('\n', next), text_.size());
    std::size_t at = next;
    while (at < end && (text_[at] == ' ' || text_[at] == '\t')) ++at;
    return at == end ? static_cast<std::uint32_t>(end) : last.end;
  }

  void open(std::size_t line, std::size_t brace) {
    const std::uint32_t at = braces_[brace].at;
    if (text_[lines_[line].first] == '|') return;  // no block begins in a row
    const bool again = brace > 0 && braces_[brace - 1].open &&
                       text_.substr(braces_[brace - 1].end, at - braces_[brace - 1].end)
                               .find_first_not_of(" \t\r\n") == std::string_view::npos &&
                       (plan_.strays.empty() || plan_.strays.back() != braces_[brace - 1].at);
    if (again) {
      plan_.strays.push_back(at);
    } else {
      open_.push_back({lines_[line].indent(), line});
    }
  }

  /// A `}` that begins its line: it closes what stands as far right.
  void close_leading(std::size_t line) {
    const std::uint32_t indent = lines_[line].indent();
    end_blocks(line, indent + 1);
    if (!open_.empty() && open_.back().indent == indent) {
      open_.pop_back();
    } else if (!opened_by(line)) {
      plan_.strays.push_back(lines_[line].first);
    }
  }

  /// Looks for the line that should have opened the block which ends here: as far right, with
  /// lines further right after it.
  bool opened_by(std::size_t line) {
    const std::uint32_t indent = lines_[line].indent();
    std::size_t above = line;
    while (above > 0 && lines_[above - 1].indent() > indent) --above;
    const bool found = above > 0 && above < line && lines_[above - 1].indent() == indent &&
                       text_[lines_[above - 1].first] != '}' &&
                       (open_.empty() || open_.back().line < above);
    if (found) plan_.opens.push_back(lines_[above - 1].end);
    return found;
  }

  void close_inside(std::size_t line, std::uint32_t at, bool leading) {
    if (!open_.empty() && open_.back().line == line) return open_.pop_back();
    const std::uint32_t indent = lines_[line].indent();
    const bool last = line + 1 >= lines_.size();
    const std::uint32_t next = last ? 0 : lines_[line + 1].indent();
    const bool ends =
        !open_.empty() && !leading && indent > open_.back().indent && next <= open_.back().indent;
    if (ends) {
      open_.pop_back();
    } else {
      plan_.strays.push_back(at);
    }
  }

  std::string_view text_;
  const std::vector<Brace>& braces_;
  std::vector<Indented> lines_;
  std::vector<Block> open_;
  BracePlan plan_;
};

}  // namespace

BracePlan plan_braces(std::string_view text, const std::vector<Brace>& braces,
                      const std::vector<ByteRange>& groups) {
  if (balanced(braces)) return {};
  BracePlan plan = Planner(text, braces, groups).plan();
  const std::size_t mistakes = plan.closes.size() + plan.opens.size() + plan.strays.size();
  return mistakes > kMostMistakes ? BracePlan() : plan;
}

}  // namespace toll::dsl
