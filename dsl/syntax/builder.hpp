// Builds the clause tree from what the grammar finds, in the order it is found. Knows nothing of
// PEGTL: parse.cpp calls one function here for each rule that matters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/braces.hpp"
#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/marks.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {

/// Bytes of the text being read.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Finds which brackets have a partner, before the tree is built: one that has none is then told
/// apart at once, and does not swallow the statements after it.
class BracketScan {
 public:
  BracketScan(std::string_view text, bool at_sight)
      : text_(text), at_sight_(at_sight), has_partner_(text.size(), false) {}

  [[nodiscard]] bool reads_at_sight() const { return at_sight_; }

  void open(char kind, std::uint32_t at) { open_.push_back({kind, at}); }
  void close(char kind, std::uint32_t at);
  void barrier() { open_.clear(); }
  void brace(Brace brace) {
    barrier();
    braces_.push_back(brace);
  }
  void finish() { plan_ = plan_braces(text_, braces_, groups_); }

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool has_partner(std::size_t at) const { return has_partner_[at]; }
  [[nodiscard]] const BracePlan& plan() const { return plan_; }

 private:
  struct Open {
    char kind;
    std::uint32_t at;
  };
  std::string_view text_;
  bool at_sight_;
  std::vector<bool> has_partner_;
  std::vector<Open> open_;
  std::vector<ByteRange> groups_;  ///< outermost brackets with a partner
  std::vector<Brace> braces_;
  BracePlan plan_;
};

class TreeBuilder {
 public:
  static constexpr std::size_t kMaxBlocks = 64;
  static constexpr std::size_t kMaxBrackets = 200;
  static constexpr std::size_t kMaxErrors = 200;

  TreeBuilder(std::string_view text, std::uint32_t file, const BracketScan& brackets,
              Diagnostics& diagnostics);

  /// A template has holes and no language line.
  void read_template() { template_ = true; }
  /// Every token is told by the grammar, even those that can be told at sight.
  void read_by_grammar() { at_sight_ = false; }

  // What the grammar asks.
  [[nodiscard]] bool has_partner(const char* at) const;
  [[nodiscard]] bool blocks_full() const { return blocks_.size() > kMaxBlocks; }
  [[nodiscard]] bool brackets_full() const { return bracket_depth_ >= kMaxBrackets; }
  [[nodiscard]] bool wants_more() const { return wants_more_; }
  [[nodiscard]] bool in_row() const { return row_.has_value(); }
  [[nodiscard]] bool in_template() const { return template_; }
  [[nodiscard]] bool at_line_start(const char* at) const;
  [[nodiscard]] bool block_ends(const char* at) const;
  [[nodiscard]] bool block_begins(const char* at) const;
  [[nodiscard]] bool brace_is_none(const char* at) const;

  [[nodiscard]] bool reads_at_sight() const { return at_sight_; }
  /// Does the gap behind the last token go on in the next line?
  [[nodiscard]] bool gap_over_lines() const { return !row_ && (bracket_depth_ > 0 || wants_more_); }

  // Tokens.
  void token(TokenKind kind, const char* at, std::uint32_t size);
  void word(Range range);
  void quoted(Range range, bool closed);
  void string(Range range, bool closed);
  void number(Range range, TokenKind kind);
  void wide_number(Range range);
  void time(Range range, TokenKind kind);
  void symbol(Range range, std::string_view canonical);
  void hole(Range range);
  void look_alike(Range range, std::string_view ascii);
  void sentence_stop(Range range);

  // Structure.
  void open_group(Range bracket, std::string_view canonical);
  void close_group(std::optional<Range> bracket, std::string_view canonical);
  void language_line();
  void no_language_line(std::uint32_t at);
  void close_statement();
  void open_block(Range brace);
  void close_block(Range brace);
  void block_not_closed();
  void missing_open(Range place);
  void missing_close();
  void brace_that_is_none(Range brace);
  void open_row(Range bar);
  void close_cell(Range bar);
  void close_row();
  void stop() { stopped_ = true; }  ///< the rest is not read: say nothing about it

  /// `id` is a message whose argument is the text it is about.
  void report(std::string_view id, Range range, Message help = {});
  void unexpected(std::string_view id, Range range);
  void stray_bar(std::string_view id, Range range);

  [[nodiscard]] std::string_view text() const { return text_; }
  /// The tree goes into `file`; call once, at the end.
  void finish(File& file);

 private:
  struct OpenBlock {
    Clause clause;
    SourceSpan brace;
    bool orphan = false;  ///< a block without a statement
  };
  [[nodiscard]] SourceSpan span(Range range) const { return {file_, range.begin, range.end}; }
  [[nodiscard]] std::string_view slice(Range range) const;
  [[nodiscard]] bool after_dot(Range range) const;
  [[nodiscard]] const Skin* likely_skin() const;
  /// The tokens of the head or cell that was read.
  std::vector<Token> take_tokens();
  /// Of text that outlives the tree, unless this is a template.
  [[nodiscard]] TokenText kept(std::string_view text) const {
    return template_ ? TokenText(text) : TokenText::kept(text);
  }
  Token& push(TokenKind kind, Range range, TokenText raw);
  void error(Range range, Message message, Message help = {});
  void add(Diagnostic diagnostic);
  void bad_language(Range range, Message message);
  [[nodiscard]] SourceSpan head_span() const;
  void not_closed(std::uint32_t told);
  [[nodiscard]] std::uint32_t offset(const char* at) const {
    return static_cast<std::uint32_t>(at - text_.data());
  }

  std::string_view text_;
  std::uint32_t file_;
  const BracketScan& brackets_;
  Diagnostics& diagnostics_;
  const Skin* skin_;
  bool template_ = false;
  bool at_sight_ = true;
  bool stopped_ = false;
  bool wants_more_ = false;
  bool bar_reported_ = false;  ///< one per statement
  std::size_t bracket_depth_ = 0;
  std::size_t error_count_ = 0;
  std::vector<Token> tokens_;      ///< of the head or cell being read
  std::vector<OpenBlock> blocks_;  ///< the first is the file
  std::size_t closes_ = 0;         ///< of the plan, used up
  std::size_t opens_ = 0;
  std::optional<Clause> row_;
  std::uint32_t cell_begin_ = 0;
  std::size_t cells_before_ = 0;  ///< of the row before
  Clause language_;
  std::vector<SourceSpan> fillers_;
};

}  // namespace toll::dsl
