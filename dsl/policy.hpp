// Loading a policy: rule files in, a checked core and its scenarios out. The whole front end behind
// one function.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"
#include "toll/core.hpp"
#include "toll/policy.hpp"

namespace toll::dsl {

/// One line of a scenario, in order. Events and expectations are JSON texts with the wire names of
/// the contract, so that scenarios take the same road as real events.
struct ScenarioStep {
  enum class Kind : std::uint8_t {
    event,   ///< `json`: a whole event (id and subject made up), applied to the account
    until,   ///< `time`: fire the timers due at or before it
    expect,  ///< `json`: an object of members that entries written since the last event or until
             ///< step must have ("kind" among them, unless any will do): one at least, or `count`;
             ///< `negated`: that no entry may have
    that,    ///< `definition` of the core holds (a boolean definition without parameters)
  };
  /// Part of a condition, whose value tells why it does not hold.
  struct Part {
    SourceSpan span;
    std::uint32_t definition = kNone;
    Type type;
  };
  Kind kind = Kind::event;
  std::string json;
  std::string time;  ///< RFC 3339
  bool negated = false;
  std::uint32_t count = kNone;
  std::uint32_t definition = kNone;
  std::vector<Part> parts;  ///< that
  SourceSpan condition;     ///< that: without the words before it
  SourceSpan span;
};

struct Scenario {
  std::string name;
  std::string source;
  SourceSpan span;
  std::vector<ScenarioStep> steps;
  // One row of an `examples`:
  std::size_t row = 0;  ///< counted from 1; 0: a scenario of its own
  std::string label;    ///< what tells it from the other rows
  SourceSpan row_span;
};

/// What a policy is made after, such as a price page, and the paragraphs of it that say something.
struct Paragraph {
  std::string id;
  std::string title;
  std::string because;  ///< why no rule implements it; empty: one should
  SourceSpan span;
};
struct Document {
  std::string title;
  std::vector<Paragraph> paragraphs;
  SourceSpan span;
};

struct Policy {
  std::shared_ptr<const Core> core;  ///< null if there were errors
  std::vector<Scenario> scenarios;
  std::vector<Document> documents;
  /// By node of the core: where its author wrote it. An empty span: nobody did, it was made.
  std::vector<SourceSpan> node_spans;
  /// By node whose author wrote Lua: the same in the DSL, in the words of the file's skin.
  std::map<NodeId, std::string> node_texts;
  std::string skin = "en";  ///< of its first file
};

/// `path` is a rule file or a folder (all its .toll files, in order of their names). Reads files;
/// diagnostics say what is wrong, all at once.
Policy load_policy(const std::string& path, SourceSet& sources, Diagnostics& diagnostics,
                   const LoadLimits& limits = {});

/// The same files as trees, in the order in which they are read, for those who look at what is
/// written rather than at what it means.
std::vector<File> read_files(const std::string& path, SourceSet& sources, Diagnostics& diagnostics);

struct RuleFile {
  std::string path;  ///< as shown; imports are looked up by it
  std::string text;
};
/// A policy on disk with more files from memory at its end, such as a scenario to try.
Policy load_policy(const std::string& path, const std::vector<RuleFile>& more, SourceSet& sources,
                   Diagnostics& diagnostics);
/// The same from memory, in the order given. No rule file is read: an import must be among them.
/// (A table of a CSV file is still read from the disk.)
Policy load_policy(const std::vector<RuleFile>& files, SourceSet& sources,
                   Diagnostics& diagnostics);

/// The same as if the files lay in a folder, with their paths from there: those at its top are rule
/// files, in the order of their names; imports, tables and programs are among the others. Reads
/// nothing from the disk.
Policy load_folder(const std::vector<RuleFile>& files, SourceSet& sources, Diagnostics& diagnostics,
                   const LoadLimits& limits = {});

/// The same from files that were read already (syntax/parse.hpp), imports among them, for who loads
/// a policy again and again with one file changed.
Policy build_policy(std::vector<File> files, SourceSet& sources, Diagnostics& diagnostics);

}  // namespace toll::dsl
