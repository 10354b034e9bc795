#include "tools/fmt/format.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "dsl/syntax/layout.hpp"
#include "dsl/syntax/parse.hpp"
#include "dsl/syntax/print.hpp"
#include "engine/kernel/assert.hpp"
#include "tools/core_json.hpp"

namespace toll::tools {
namespace {

namespace fs = std::filesystem;

// ---- One text -----------------------------------------------------------------------------------

std::optional<dsl::File> parsed(const dsl::RuleFile& file) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::File read = dsl::parse_file(sources, file.path, file.text, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return read;
}

/// None if what was printed cannot be read again.
std::optional<std::string> formatted(const dsl::RuleFile& file, const std::string& skin,
                                     const dsl::PrintOptions& options) {
  const std::optional<dsl::File> read = parsed(file);
  if (!read) return std::nullopt;
  const dsl::Skin* to = dsl::find_skin(skin.empty() ? read->skin : skin);
  TOLL_ASSERT(to != nullptr);
  const std::optional<dsl::File> printed = parsed({file.path, dsl::print(*read, *to, options)});
  if (!printed) return std::nullopt;
  return dsl::lay_out(*printed);
}

/// A clause tree as text: all that its readers ask it for but where things stand.
void tell(const std::vector<dsl::Token>& tokens, std::string& text) {
  bool operand = false;  // stands before
  for (const dsl::Token& token : tokens) {
    const bool symbol = token.kind == dsl::TokenKind::symbol;
    text += std::to_string(static_cast<int>(token.kind));
    text += token.keyword ? "k" : symbol ? "s" : "n";
    text += token.keyword || symbol ? token.word : token.raw;
    // Only where these touch an operand is anything read from it.
    const bool tight = token.word == "(" || token.word == "[" || token.word == "." ||
                       token.word == "/" || token.word == "*";
    if (symbol && tight && operand) text += token.spaced ? " " : "";
    text += '\n';
    operand = !symbol || token.word == ")" || token.word == "]";
  }
}

void tell(const std::vector<dsl::Clause>& clauses, std::string& text) {
  for (const dsl::Clause& clause : clauses) {
    text += clause.kind == dsl::Clause::Kind::row ? "|" : ";";
    tell(clause.head, text);
    for (const std::vector<dsl::Token>& cell : clause.cells) {
      text += "|";
      tell(cell, text);
    }
    if (clause.has_block) text += "{\n";
    tell(clause.body, text);
    if (clause.has_block) text += "}\n";
  }
}

std::string tree_of(const dsl::RuleFile& file) {
  const std::optional<dsl::File> read = parsed(file);
  std::string text;
  if (!read) return text;
  text = read->skin + "\n";
  tell(read->clauses, text);
  return text;
}

// ---- What files mean together -------------------------------------------------------------------

struct Meaning {
  std::string core;
  std::string scenarios;
};

bool operator==(const Meaning& a, const Meaning& b) {
  return a.core == b.core && a.scenarios == b.scenarios;
}

/// None if they are no policy.
std::optional<Meaning> meaning_of(const std::vector<dsl::RuleFile>& files) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy(files, sources, diagnostics);
  if (policy.core == nullptr || diagnostics.has_errors()) return std::nullopt;
  Meaning meaning = {core_json(*policy.core, false), {}};
  for (const dsl::Document& document : policy.documents) {
    meaning.scenarios += document.title + "\n";
    for (const dsl::Paragraph& one : document.paragraphs)
      meaning.scenarios += one.id + "\n" + one.title + "\n" + one.because + "\n";
  }
  for (const dsl::Scenario& scenario : policy.scenarios) {
    meaning.scenarios += scenario.name + "\n" + scenario.source + "\n";
    for (const dsl::ScenarioStep& step : scenario.steps) {
      meaning.scenarios += std::to_string(static_cast<int>(step.kind)) +
                           (step.negated ? "!" : "") + std::to_string(step.count) + step.json +
                           step.time + std::to_string(step.definition) + "\n";
    }
  }
  return meaning;
}

std::string normal(const std::string& path) { return fs::path(path).lexically_normal().string(); }

/// Files that are a policy, some of them to be formatted.
class Group {
 public:
  explicit Group(std::vector<dsl::RuleFile> files)
      : files_(std::move(files)), meaning_(meaning_of(files_)) {
    for (const dsl::RuleFile& file : files_) {
      const std::optional<dsl::File> read = parsed(file);  // none: a file in Lua
      if (!read) continue;
      for (const dsl::Clause& clause : read->clauses) units(clause);
    }
  }

  [[nodiscard]] bool loads() const { return meaning_.has_value(); }

  [[nodiscard]] bool holds(const std::string& path) const {
    return std::any_of(files_.begin(), files_.end(), [&](const dsl::RuleFile& file) {
      return normal(file.path) == normal(path);
    });
  }

  /// Do they mean the same with these texts in place of theirs?
  [[nodiscard]] bool same_with(const std::map<std::string, std::string>& texts) const {
    std::vector<dsl::RuleFile> files = files_;
    for (dsl::RuleFile& file : files) {
      const auto found = texts.find(normal(file.path));
      if (found != texts.end()) file.text = found->second;
    }
    const std::optional<Meaning> meaning = meaning_of(files);
    return meaning && *meaning == *meaning_;
  }

  /// What these files become; a file that cannot be proved is left out.
  [[nodiscard]] std::map<std::string, std::string> format(const std::vector<dsl::RuleFile>& files,
                                                          const std::string& skin) const {
    for (const bool cautious : {false, true}) {
      std::map<std::string, std::string> texts = attempt(files, skin, cautious);
      if (texts.size() == files.size() && same_with(texts)) return texts;
    }
    std::map<std::string, std::string> proved;
    if (files.size() == 1) return proved;
    for (const dsl::RuleFile& file : files) proved.merge(format({file}, skin));
    return proved;
  }

 private:
  void units(const dsl::Clause& clause) {
    const bool found = clause.head.size() > 1 && clause.head[0].keyword && clause.head[0].word == "unit";
    for (std::size_t i = 1; found && i < clause.head.size(); ++i)
      units_.insert(clause.head[i].word);
  }

  [[nodiscard]] std::map<std::string, std::string> attempt(const std::vector<dsl::RuleFile>& files,
                                                           const std::string& skin,
                                                           bool cautious) const {
    std::map<std::string, std::string> texts;
    for (const dsl::RuleFile& file : files) {
      std::optional<std::string> text = formatted(file, skin, {units_, cautious});
      if (text) texts[normal(file.path)] = std::move(*text);
    }
    return texts;
  }

  std::vector<dsl::RuleFile> files_;
  std::optional<Meaning> meaning_;
  std::set<std::string> units_;
};

/// The files of the policy that a path is; a text that was given stands for its file.
std::vector<dsl::RuleFile> files_at(const std::string& path,
                                    const std::vector<dsl::RuleFile>& given) {
  dsl::SourceSet sources;
  dsl::Diagnostics ignored;
  std::vector<dsl::RuleFile> files;
  for (const dsl::File& file : dsl::read_files(path, sources, ignored)) {
    const auto found = std::find_if(given.begin(), given.end(), [&](const dsl::RuleFile& one) {
      return normal(one.path) == normal(file.path);
    });
    files.push_back({file.path, found == given.end() ? std::string(file.text) : found->text});
  }
  return files;
}

/// The layout alone, where it keeps the tree.
std::optional<std::string> laid_out(const dsl::RuleFile& file) {
  std::optional<std::string> text = formatted(file, "", {{}, true});
  if (!text || tree_of({file.path, *text}) != tree_of(file)) return std::nullopt;
  return text;
}

}  // namespace

std::vector<Formatted> format(const FormatRequest& request, dsl::SourceSet& sources,
                              dsl::Diagnostics& diagnostics) {
  std::vector<Formatted> results;
  std::vector<dsl::RuleFile> sound;
  for (const dsl::RuleFile& file : request.files) {
    dsl::Diagnostics own;
    dsl::parse_file(sources, file.path, file.text, own);
    for (const dsl::Diagnostic& diagnostic : own.all()) diagnostics.add(diagnostic);
    Formatted result = {file.path, file.text, file.text, Formatted::Outcome::broken};
    if (!own.has_errors()) {
      result.outcome = Formatted::Outcome::unproven;
      sound.push_back(file);
    }
    results.push_back(std::move(result));
  }

  std::map<std::string, std::string> texts;
  std::vector<dsl::RuleFile> rest = sound;
  const auto format_in = [&](const Group& group) {
    const auto inside = std::stable_partition(
        rest.begin(), rest.end(), [&](const auto& file) { return !group.holds(file.path); });
    const std::vector<dsl::RuleFile> own(inside, rest.end());
    if (!group.loads() || own.empty()) return;
    texts.merge(group.format(own, request.skin));
    rest.erase(inside, rest.end());
  };
  if (!request.folder.empty()) format_in(Group(files_at(request.folder, sound)));
  const std::vector<dsl::RuleFile> alone = rest;
  for (const dsl::RuleFile& file : alone) {
    format_in(Group(request.folder.empty() ? std::vector<dsl::RuleFile>{file}
                                           : files_at(file.path, sound)));
  }
  for (Formatted& result : results) {
    if (result.outcome == Formatted::Outcome::broken) continue;
    const auto found = texts.find(normal(result.path));
    std::optional<std::string> text;
    if (found != texts.end()) {
      text = found->second;
    } else if (request.skin.empty()) {
      text = laid_out({result.path, result.before});
    }
    if (!text) continue;
    result.outcome = *text == result.before ? Formatted::Outcome::same : Formatted::Outcome::changed;
    result.after = std::move(*text);
  }
  return results;
}

}  // namespace toll::tools
