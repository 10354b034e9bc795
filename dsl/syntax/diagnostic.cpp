#include "dsl/syntax/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

// Longer lines are cut around the caret.
constexpr std::uint32_t kMaxLineWidth = 160;
constexpr int kTabWidth = 4;

struct Colors {
  std::string_view bold, error, warning, help, reset;
};
constexpr Colors kNoColors = {"", "", "", "", ""};
constexpr Colors kAnsiColors = {"\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[0m"};

std::string_view color_of(Severity severity, const Colors& colors) {
  switch (severity) {
    case Severity::error:
      return colors.error;
    case Severity::warning:
      return colors.warning;
    case Severity::note:
      break;
  }
  return colors.help;
}

/// Characters of a line as they will be shown, and the columns they take.
struct Shown {
  std::string text;
  int width = 0;
};

Shown show(std::string_view text, std::size_t at, std::uint32_t size, int column) {
  const char32_t code = decode_utf8(text, at).code;
  if (code == '\t') {
    const int width = kTabWidth - column % kTabWidth;
    return {std::string(static_cast<std::size_t>(width), ' '), width};
  }
  if (code == kNoCharacter || is_forbidden(code)) return {"?", 1};
  return {std::string(text.substr(at, size)), display_width(code)};
}

/// The source line and the caret line below it. `begin` and `end` are bytes of the line.
std::string snippet(std::string_view line, std::uint32_t begin, std::uint32_t end) {
  // A window around the caret, so that a line of megabytes costs no more than any other.
  std::size_t at = 0;
  if (begin > kMaxLineWidth) at = begin - kMaxLineWidth / 2;
  while (at < begin && (static_cast<unsigned char>(line[at]) & 0xc0U) == 0x80U) ++at;
  std::string top = at > 0 ? "..." : "";
  std::string bottom = at > 0 ? "   " : "";
  int column = 0;
  bool started = false;
  while (at < line.size() && column < 2 * static_cast<int>(kMaxLineWidth)) {
    const std::uint32_t size = decode_utf8(line, at).size;
    const Shown shown = show(line, at, size, column);
    const bool marked = at + size > begin && at < std::max(end, begin + 1);
    for (int i = 0; marked && i < shown.width; ++i) {
      bottom += started ? '~' : '^';
      started = true;
    }
    if (!started) bottom.append(static_cast<std::size_t>(shown.width), ' ');
    top += shown.text;
    column += shown.width;
    at += size;
  }
  if (at < line.size()) top += "...";
  if (!started) bottom += '^';
  return "    " + top + "\n    " + bottom + "\n";
}

void render_one(const Diagnostic& diagnostic, const SourceSet& sources, const Colors& colors,
                std::string& out) {
  const SourceSpan span = diagnostic.span;
  const Position at = sources.position(span);
  out += colors.bold;
  out += sources.path(span.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  out += ": ";
  out += color_of(diagnostic.severity, colors);
  out += to_string(diagnostic.severity);
  if (!diagnostic.code.empty()) out += "[" + diagnostic.code + "]";
  out += colors.reset;
  out += ": " + diagnostic.message + "\n";
  const SourceSpan line = sources.line_at(span.file, span.begin);
  out += snippet(sources.slice(line), span.begin - std::min(span.begin, line.begin),
                 std::min(span.end, line.end) - std::min(span.end, line.begin));
  if (!diagnostic.help.empty()) {
    out += "    ";
    out += colors.help;
    out += "help";
    out += colors.reset;
    out += ": " + diagnostic.help + "\n";
  }
  for (const Diagnostic& related : diagnostic.related) render_one(related, sources, colors, out);
}

PlaceRecord place_of(SourceSpan span, const SourceSet& sources) {
  return {sources.path(span.file), span.begin, span.end, sources.position(span),
          sources.end_position(span)};
}

DiagnosticRecord record_of(const Diagnostic& diagnostic, const SourceSet& sources) {
  DiagnosticRecord record;
  record.severity = to_string(diagnostic.severity);
  record.code = diagnostic.code;
  record.message = diagnostic.message;
  record.place = place_of(diagnostic.span, sources);
  record.help = diagnostic.help;
  for (const Fix& fix : diagnostic.fixes) {
    record.fixes.push_back({place_of(fix.span, sources), fix.text});
  }
  for (const Diagnostic& related : diagnostic.related) {
    record.related.push_back(record_of(related, sources));
  }
  return record;
}

auto key_of(const Diagnostic& d) {
  return std::tie(d.span.file, d.span.begin, d.span.end, d.code, d.message);
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "note";
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++error_count_;
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::error(std::string_view code, SourceSpan span, std::string message,
                        std::string help) {
  add({Severity::error, std::string(code), std::move(message), span, std::move(help), {}, {}});
}

void Diagnostics::warning(std::string_view code, SourceSpan span, std::string message,
                          std::string help) {
  add({Severity::warning, std::string(code), std::move(message), span, std::move(help), {}, {}});
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = all_;
  std::stable_sort(result.begin(), result.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return key_of(a) < key_of(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) { return key_of(a) == key_of(b); };
  result.erase(std::unique(result.begin(), result.end(), same), result.end());
  return result;
}

std::string render(const Diagnostics& diagnostics, const SourceSet& sources, bool color) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    render_one(diagnostic, sources, color ? kAnsiColors : kNoColors, out);
  }
  return out;
}

std::vector<DiagnosticRecord> to_records(const Diagnostics& diagnostics, const SourceSet& sources) {
  std::vector<DiagnosticRecord> records;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    records.push_back(record_of(diagnostic, sources));
  }
  return records;
}

}  // namespace toll::dsl
