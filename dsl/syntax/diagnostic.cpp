#include "dsl/syntax/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "dsl/syntax/skin.hpp"
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

std::string_view label_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "note.error";
    case Severity::warning:
      return "note.warning";
    case Severity::note:
      break;
  }
  return "note.note";
}

/// Says messages about one file: in the reader's language, in the words of the file.
class Speaker {
 public:
  Speaker(const SourceSet& sources, std::uint32_t file, Language language) : language_(language) {
    const Skin* const skin = sources.size() == 0 ? nullptr : find_skin(sources.skin(file));
    skin_ = skin == nullptr ? &english() : skin;
  }

  [[nodiscard]] std::string text(const Message& message) const {
    return say(message, language_, [this](std::string_view words) { return skin_->spell(words); });
  }
  /// The help of a diagnostic: its own, or that of its message.
  [[nodiscard]] std::string help(const Diagnostic& diagnostic) const {
    if (!diagnostic.help.empty()) return text(diagnostic.help);
    Message usual = diagnostic.message;
    usual.id += ".help";
    return has_text(usual.id) ? text(usual) : std::string();
  }

 private:
  Language language_;
  const Skin* skin_;
};

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

void render_one(const Diagnostic& diagnostic, const SourceSet& sources, Language language,
                const Colors& colors, std::string& out) {
  const SourceSpan span = diagnostic.span;
  const Speaker speaker(sources, span.file, language);
  const Position at = sources.position(span);
  out += colors.bold;
  out += sources.path(span.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  out += ": ";
  out += color_of(diagnostic.severity, colors);
  out += say(label_of(diagnostic.severity), language);
  if (const std::string code = diagnostic.code(); !code.empty()) out += "[" + code + "]";
  out += colors.reset;
  out += ": " + speaker.text(diagnostic.message) + "\n";
  const SourceSpan line = sources.line_at(span.file, span.begin);
  // What is wrong with a whole file or folder has no line to show.
  if (!sources.text(span.file).empty())
    out += snippet(sources.slice(line), span.begin - std::min(span.begin, line.begin),
                   std::min(span.end, line.end) - std::min(span.end, line.begin));
  if (const std::string help = speaker.help(diagnostic); !help.empty()) {
    out += "    ";
    out += colors.help;
    out += say("note.help", language);
    out += colors.reset;
    out += ": " + help + "\n";
  }
  for (const Diagnostic& related : diagnostic.related) {
    render_one(related, sources, language, colors, out);
  }
}

PlaceRecord place_of(SourceSpan span, const SourceSet& sources) {
  return {sources.path(span.file), span.begin, span.end, sources.position(span),
          sources.end_position(span)};
}

DiagnosticRecord record_of(const Diagnostic& diagnostic, const SourceSet& sources,
                           Language language) {
  const Speaker speaker(sources, diagnostic.span.file, language);
  DiagnosticRecord record;
  record.severity = to_string(diagnostic.severity);
  record.code = diagnostic.code();
  record.message = speaker.text(diagnostic.message);
  record.place = place_of(diagnostic.span, sources);
  record.help = speaker.help(diagnostic);
  for (const Fix& fix : diagnostic.fixes) {
    record.fixes.push_back({place_of(fix.span, sources), fix.text});
  }
  for (const Diagnostic& related : diagnostic.related) {
    record.related.push_back(record_of(related, sources, language));
  }
  return record;
}

auto key_of(const Diagnostic& d) {
  return std::tie(d.span.file, d.span.begin, d.span.end, d.message.id);
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

std::string Diagnostic::code() const {
  const std::string code = message.id.substr(0, message.id.find('.'));
  const bool numbered = code.size() == 5 && (code[0] == 'E' || code[0] == 'W');
  return numbered ? code : std::string();
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++error_count_;
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::error(SourceSpan span, Message message, Message help) {
  add({Severity::error, std::move(message), span, std::move(help), {}, {}, {}});
}

void Diagnostics::warning(SourceSpan span, Message message, Message help) {
  add({Severity::warning, std::move(message), span, std::move(help), {}, {}, {}});
}

void Diagnostics::replace(std::vector<Diagnostic> diagnostics) {
  all_ = std::move(diagnostics);
  error_count_ =
      static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [](const Diagnostic& one) {
        return one.severity == Severity::error;
      }));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = all_;
  std::stable_sort(result.begin(), result.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return key_of(a) < key_of(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return key_of(a) == key_of(b) && a.message == b.message;
  };
  result.erase(std::unique(result.begin(), result.end(), same), result.end());
  return result;
}

std::string render(const Diagnostics& diagnostics, const SourceSet& sources, Language language,
                   bool color) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    render_one(diagnostic, sources, language, color ? kAnsiColors : kNoColors, out);
  }
  return out;
}

std::vector<DiagnosticRecord> to_records(const Diagnostics& diagnostics, const SourceSet& sources,
                                         Language language) {
  std::vector<DiagnosticRecord> records;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    records.push_back(record_of(diagnostic, sources, language));
  }
  return records;
}

// messages: code.*
std::vector<std::string> error_codes() {
  constexpr std::string_view kPrefix = "code.";
  std::vector<std::string> codes;
  for (const CatalogueEntry& entry : entries_of(Language::en)) {
    if (entry.id.starts_with(kPrefix)) codes.push_back(entry.id.substr(kPrefix.size()));
  }
  return codes;
}

}  // namespace toll::dsl
