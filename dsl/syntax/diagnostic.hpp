// What is wrong with a rule file: data first, text last.
//
// A diagnostic holds the id of a message and what fills its holes; the texts are catalogues
// (messages/), in the reader's language, with words of the rule language as the file at hand spells
// them. Collect everything, then print once: order and duplicates are settled here and nowhere
// else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/source.hpp"
#include "messages/messages.hpp"

namespace toll::dsl {

enum class Severity : std::uint8_t { error, warning, note };

std::string_view to_string(Severity severity);

/// An edit that a tool may make: put `text` in place of `span`.
struct Fix {
  SourceSpan span;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::error;
  Message message;  ///< "E0109.wide"
  SourceSpan span;
  Message help;  ///< what to write instead; none: the text `ID.help`, if the catalogues have it
  std::vector<Fix> fixes;           ///< optional, to be made together
  std::vector<Diagnostic> related;  ///< "opened here"
  std::vector<SourceSpan> blames;   ///< declarations that this may be the fault of

  /// "E0109": what stands before the dot. Notes have none.
  [[nodiscard]] std::string code() const;
};

class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  void error(SourceSpan span, Message message, Message help = {});
  void warning(SourceSpan span, Message message, Message help = {});

  [[nodiscard]] bool has_errors() const { return error_count_ > 0; }
  [[nodiscard]] std::size_t error_count() const { return error_count_; }
  [[nodiscard]] bool empty() const { return all_.empty(); }

  /// As they were added.
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// By file and position, exact duplicates (place, message) dropped.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;
  /// Puts others in place of all.
  void replace(std::vector<Diagnostic> diagnostics);

 private:
  std::vector<Diagnostic> all_;
  std::size_t error_count_ = 0;
};

/// `path:line:col: error[E0109]: message`, the source line, a caret line, the help.
std::string render(const Diagnostics& diagnostics, const SourceSet& sources,
                   Language language = Language::en, bool color = false);

/// The same for programs: positions worked out, nothing left to look up.
struct PlaceRecord {
  std::string path;
  std::uint32_t begin = 0;  ///< bytes
  std::uint32_t end = 0;
  Position from;
  Position to;  ///< exclusive
};
struct DiagnosticRecord {
  std::string severity;
  std::string code;
  std::string message;
  PlaceRecord place;
  std::string help;
  struct Edit {
    PlaceRecord place;
    std::string text;
  };
  std::vector<Edit> fixes;
  std::vector<DiagnosticRecord> related;
};
std::vector<DiagnosticRecord> to_records(const Diagnostics& diagnostics, const SourceSet& sources,
                                         Language language = Language::en);

/// All codes there are, ascending; `code.E0109` is the title of one in the catalogues.
std::vector<std::string> error_codes();

}  // namespace toll::dsl
