#include "dsl/syntax/builder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {

void BracketScan::close(char kind, std::uint32_t at) {
  const auto partner = std::find_if(open_.rbegin(), open_.rend(),
                                    [kind](const Open& open) { return open.kind == kind; });
  if (partner == open_.rend()) return;
  has_partner_[partner->at] = true;
  const std::uint32_t begin = partner->at;
  open_.erase(partner.base() - 1, open_.end());  // those inside it have none
  while (!groups_.empty() && groups_.back().begin > begin) groups_.pop_back();
  groups_.push_back({begin, at});
}

TreeBuilder::TreeBuilder(std::string_view text, std::uint32_t file, const BracketScan& brackets,
                         Diagnostics& diagnostics)
    : text_(text), file_(file), brackets_(brackets), diagnostics_(diagnostics), skin_(&english()) {
  blocks_.emplace_back();
}

// ---- What the grammar asks ----------------------------------------------------------------------

bool TreeBuilder::has_partner(const char* at) const {
  const auto offset = static_cast<std::size_t>(at - text_.data());
  return offset < text_.size() && brackets_.has_partner(offset);
}

bool TreeBuilder::at_line_start(const char* at) const {
  auto offset = static_cast<std::size_t>(at - text_.data());
  while (offset > 0 && (text_[offset - 1] == ' ' || text_[offset - 1] == '\t')) --offset;
  return offset == 0 || text_[offset - 1] == '\n';
}

std::string_view TreeBuilder::slice(Range range) const {
  return text_.substr(range.begin, range.end - range.begin);
}

bool TreeBuilder::block_ends(const char* at) const {
  const std::vector<BracePlan::Close>& closes = brackets_.plan().closes;
  return closes_ < closes.size() && blocks_.size() > 1 && closes[closes_].at <= offset(at);
}

bool TreeBuilder::block_begins(const char* at) const {
  const std::vector<std::uint32_t>& opens = brackets_.plan().opens;
  return opens_ < opens.size() && opens[opens_] == offset(at);
}

bool TreeBuilder::brace_is_none(const char* at) const {
  const std::vector<std::uint32_t>& strays = brackets_.plan().strays;
  return std::binary_search(strays.begin(), strays.end(), offset(at));
}

// ---- Statements and blocks ----------------------------------------------------------------------

SourceSpan TreeBuilder::head_span() const {
  return {file_, tokens_.front().span.begin, tokens_.back().span.end};
}

// They go into memory of their size; what they were gathered in is used again.
std::vector<Token> TreeBuilder::take_tokens() {
  std::vector<Token> taken(std::make_move_iterator(tokens_.begin()),
                           std::make_move_iterator(tokens_.end()));
  tokens_.clear();
  return taken;
}

void TreeBuilder::close_statement() {
  wants_more_ = false;
  bar_reported_ = false;
  if (tokens_.empty()) return;
  Clause clause;
  clause.span = head_span();
  clause.head = take_tokens();
  blocks_.back().clause.body.push_back(std::move(clause));
}

void TreeBuilder::open_block(Range brace) {
  std::vector<Clause>& before = blocks_.back().clause.body;
  OpenBlock block;
  block.brace = span(brace);
  if (!tokens_.empty()) {
    close_statement();
  } else {
    error(brace, "E0123.no-head");
    block.orphan =
        before.empty() || before.back().has_block || before.back().kind != Clause::Kind::statement;
  }
  // The block goes to the statement before it even if a line end has come between.
  if (!block.orphan) {
    block.clause = std::move(before.back());
    before.pop_back();
  }
  block.clause.has_block = true;
  blocks_.push_back(std::move(block));
}

void TreeBuilder::close_block(Range /*brace*/) {
  OpenBlock block = std::move(blocks_.back());
  blocks_.pop_back();
  if (!block.orphan) blocks_.back().clause.body.push_back(std::move(block.clause));
}

void TreeBuilder::not_closed(std::uint32_t told) {
  Diagnostic diagnostic;
  diagnostic.message = "E0121.never-closed";
  diagnostic.span = span({told, told});
  diagnostic.fixes.push_back({diagnostic.span, "}"});
  Diagnostic note;
  note.severity = Severity::note;
  note.message = "note.opened-here";
  note.span = blocks_.back().brace;
  diagnostic.related.push_back(std::move(note));
  add(std::move(diagnostic));
  close_block({told, told});
}

void TreeBuilder::block_not_closed() { not_closed(static_cast<std::uint32_t>(text_.size())); }

void TreeBuilder::missing_close() { not_closed(brackets_.plan().closes[closes_++].told); }

void TreeBuilder::missing_open(Range place) {
  ++opens_;
  Diagnostic diagnostic;
  diagnostic.message = "E0128.no-brace";
  diagnostic.span = span(place);
  diagnostic.fixes.push_back({diagnostic.span, " {"});
  add(std::move(diagnostic));
  open_block(place);
}

void TreeBuilder::brace_that_is_none(Range brace) {
  const char32_t code = decode_utf8(slice(brace), 0).code;
  const bool open = code == '{' || code == U'\uff5b';
  report(open ? "E0123.stray" : "E0122.stray", brace);
}

// ---- Brackets and rows --------------------------------------------------------------------------

void TreeBuilder::open_group(Range bracket, std::string_view canonical) {
  symbol(bracket, canonical);
  ++bracket_depth_;
}

void TreeBuilder::close_group(std::optional<Range> bracket, std::string_view canonical) {
  --bracket_depth_;
  wants_more_ = false;
  if (bracket) symbol(*bracket, canonical);
}

void TreeBuilder::open_row(Range bar) {
  row_.emplace();
  row_->kind = Clause::Kind::row;
  row_->span = span(bar);
  row_->cells.reserve(cells_before_);  // rows mostly have as many cells as those before
  row_->cell_spans.reserve(cells_before_);
  cell_begin_ = bar.end;
}

void TreeBuilder::close_cell(Range bar) {
  std::uint32_t begin = cell_begin_;
  std::uint32_t end = bar.begin;
  const auto blank = [this](std::uint32_t at) { return text_[at] == ' ' || text_[at] == '\t'; };
  while (begin < end && blank(begin)) ++begin;
  while (begin < end && blank(end - 1)) --end;
  // A row that is not closed ends with its last token, not with the comment after it.
  if (bar.begin == bar.end && !tokens_.empty()) end = tokens_.back().span.end;
  row_->cells.push_back(take_tokens());
  row_->cell_spans.push_back(span({begin, end}));
  row_->span.end = std::max(bar.end, end);
  cell_begin_ = bar.end;
  wants_more_ = false;
}

void TreeBuilder::close_row() {
  constexpr std::size_t kMostReserved = 32;
  if (row_->cells.empty()) {
    error({row_->span.begin, row_->span.end}, "E0126.empty-row");
  } else {
    cells_before_ = std::min(row_->cells.size(), kMostReserved);
    blocks_.back().clause.body.push_back(std::move(*row_));
  }
  row_.reset();
}

// ---- The language line --------------------------------------------------------------------------

void TreeBuilder::bad_language(Range range, Message message) {
  error(range, std::move(message));
  skin_ = likely_skin();
}

void TreeBuilder::language_line() {
  language_.span = head_span();
  language_.head = take_tokens();
  wants_more_ = false;
  const std::vector<Token>& head = language_.head;
  const auto range_of = [](SourceSpan s) { return Range{s.begin, s.end}; };
  const Range whole = range_of(language_.span);
  if (head.size() < 2 || head[1].kind != TokenKind::number) {
    return bad_language(whole, "E0102.no-version");
  }
  if (head[1].raw != "1") {
    error(range_of(head[1].span), {"E0102.version", {head[1].raw}});
  }
  if (head.size() > 2) {
    const Skin* chosen = find_skin(head[2].raw);
    if (chosen == nullptr) {
      std::string known;
      for (const std::string& name : skin_names())
        known += (known.empty() ? "`" : ", `") + name + "`";
      return bad_language(range_of(head[2].span), {"E0102.skin", {head[2].raw, known}});
    }
    skin_ = chosen;
  }
  if (head.size() > 3) {
    error({head[3].span.begin, whole.end}, "E0102.more");
  }
}

void TreeBuilder::no_language_line(std::uint32_t at) {
  skin_ = likely_skin();
  const std::string line = skin_->name() == "en" ? "language 1" : "language 1 " + skin_->name();
  Diagnostic diagnostic;
  diagnostic.message = {"E0101.no-language", {line}};
  diagnostic.span = span({at, at});
  diagnostic.fixes.push_back({span({at, at}), line + "\n"});
  add(std::move(diagnostic));
}

/// The skin that knows most words of the beginning of the file: messages about the rest then make
/// sense.
const Skin* TreeBuilder::likely_skin() const {
  constexpr std::size_t kLooked = 4000;
  constexpr std::string_view kBreaks = " \t\r\n{};";
  const Skin* best = &english();
  std::size_t best_count = 0;
  for (const std::string& name : skin_names()) {
    const Skin* skin = find_skin(name);
    std::size_t count = 0;
    const std::string_view looked = text_.substr(0, kLooked);
    for (std::size_t at = 0; at < looked.size();) {
      const std::size_t end = std::min(looked.find_first_of(kBreaks, at), looked.size());
      if (skin->find(looked.substr(at, end - at)) != nullptr) ++count;
      at = end + 1;
    }
    if (count > best_count) {
      best = skin;
      best_count = count;
    }
  }
  return best;
}

// ---- Reports ------------------------------------------------------------------------------------

void TreeBuilder::add(Diagnostic diagnostic) {
  if (stopped_) return;
  if (++error_count_ > kMaxErrors) {
    diagnostics_.error(diagnostic.span, {"E0127.too-many", {std::size_t{kMaxErrors}}});
    stopped_ = true;
    return;
  }
  diagnostics_.add(std::move(diagnostic));
}

void TreeBuilder::error(Range range, Message message, Message help) {
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  diagnostic.span = span(range);
  add(std::move(diagnostic));
}

void TreeBuilder::report(std::string_view id, Range range, Message help) {
  if (stopped_) return;
  constexpr std::size_t kShown = 24;
  std::string shown;
  const std::string_view about = slice(range);
  for (std::size_t at = 0; at < about.size() && shown.size() < kShown;) {
    const std::uint32_t size = decode_utf8(about, at).size;
    shown += about.substr(at, size);
    at += size;
  }
  if (shown.size() < about.size()) shown += "...";
  error(range, {id, {shown}}, std::move(help));
}

void TreeBuilder::unexpected(std::string_view id, Range range) {
  struct Hint {
    std::string_view begin;
    std::string_view help;
  };
  static constexpr std::array<Hint, 12> kHints = {{
      {"'", "advice.strings"},
      {"\u2018", "advice.strings"},
      {"\u2019", "advice.strings"},
      {"`", "advice.quoted-names"},
      {"!", "advice.not-equal"},
      {"&", "advice.and"},
      {"^", "advice.no-power"},
      {"$", "advice.no-holes"},
      {"\u300d", "advice.open-name"},
      {"\\", "advice.go-on"},
      {"@", "advice.quoted-names"},
      {"~", "advice.bounds"},
  }};
  const std::string_view about = slice(range);
  // Already reported for the whole file.
  if (is_forbidden(decode_utf8(about, 0).code)) return;
  Message help;
  for (const Hint& hint : kHints) {
    if (about.starts_with(hint.begin)) help = hint.help;
  }
  report(id, range, std::move(help));
}

void TreeBuilder::stray_bar(std::string_view id, Range range) {
  if (!std::exchange(bar_reported_, true)) report(id, range);
}

void TreeBuilder::finish(File& file) {
  close_statement();
  while (blocks_.size() > 1) {  // only if the rest of the file was not read
    const auto end = static_cast<std::uint32_t>(text_.size());
    close_block({end, end});
  }
  file.skin = skin_->name();
  file.language = std::move(language_);
  file.clauses = std::move(blocks_.front().clause.body);
  file.fillers = std::move(fillers_);
}

}  // namespace toll::dsl
