#include "dsl/policy.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <sstream>

#include "dsl/checks/checks.hpp"
#include "dsl/echoes.hpp"
#include "dsl/files.hpp"
#include "dsl/lua/read.hpp"
#include "dsl/misspelt.hpp"
#include "dsl/notions/notions.hpp"
#include "dsl/other_skin.hpp"
#include "dsl/resolve/builder.hpp"
#include "dsl/resolve/spacing.hpp"
#include "dsl/syntax/parse.hpp"

namespace toll::dsl {
namespace {

namespace fs = std::filesystem;

/// Those of `files`, however their paths are spelled. Borrows them.
FileReader read_from(const std::vector<RuleFile>& files) {
  return [&files](const fs::path& path) {
    const auto found = std::find_if(files.begin(), files.end(), [&](const RuleFile& file) {
      return fs::path(file.path).lexically_normal() == path.lexically_normal();
    });
    return found == files.end() ? std::nullopt : std::optional(found->text);
  };
}

/// Of a folder, the files at its top; those below are read if a rule file names them.
bool is_rule_file(const fs::path& path) {
  return path.extension() == ".toll" || path.extension() == ".lua";
}

/// Files in the order they are read: a folder's in the order of their names, imports after the file
/// that names them.
class Loader {
 public:
  Loader(SourceSet& sources, Diagnostics& diagnostics, FileReader reader,
         const LoadLimits& limits = {})
      : sources_(sources), diagnostics_(diagnostics), reader_(std::move(reader)), limits_(limits) {}

  void file(const fs::path& path, SourceSpan asked_by) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(path, error);
    if (!seen_.insert(error ? path.string() : canonical.string()).second) return;
    std::optional<std::string> text = reader_(path);
    if (!text) {
      diagnostics_.error(asked_by, {"E0001.cannot-read", {path.string()}});
      return;
    }
    add(path, std::move(*text));
  }

  void add(const fs::path& path, std::string text) {
    File parsed =
        path.extension() == ".lua"
            ? lua::read_file(sources_, path.string(), std::move(text), diagnostics_, limits_.lua)
            : parse_file(sources_, path.string(), std::move(text), diagnostics_);
    take(std::move(parsed), true);
  }

  /// The clauses of a file, those of its imports before them.
  void take(File parsed, bool follow) {
    if (skin.empty()) skin = parsed.skin;
    for (const Clause& clause : parsed.clauses) {
      const bool import = !clause.head.empty() && clause.head[0].kind == TokenKind::word &&
                          clause.head[0].word == "import";
      if (import && clause.head.size() == 2 && clause.head[1].kind == TokenKind::string) {
        if (follow)
          file(fs::path(parsed.path).parent_path() / std::string(clause.head[1].raw),
               clause.head[1].span);
      } else if (import) {
        diagnostics_.error(clause.span, {"E0201.expected", {Message("what.import-file")}});
      }
    }
    files.push_back(std::move(parsed));
  }

  std::vector<File> files;
  std::string skin;  ///< of the first file

  [[nodiscard]] const LoadLimits& limits() const { return limits_; }

 private:
  SourceSet& sources_;
  Diagnostics& diagnostics_;
  FileReader reader_;
  LoadLimits limits_;
  std::set<std::string> seen_;
};

Policy built(Loader& loader, SourceSet& sources, Diagnostics& diagnostics, const std::string& root,
             FileReader reader = read_from_disk) {
  Builder builder(sources, diagnostics, root);
  builder.read_with(std::move(reader), loader.limits().hooks);
  std::set<std::string> paths;
  for (const File& file : loader.files) {
    paths.insert(fs::path(file.path).lexically_normal().string());
  }
  builder.note_rule_files(std::move(paths));
  std::vector<NotionUse> uses;
  std::vector<Clause> written;
  for (File& file : loader.files) {
    written.insert(written.end(), std::make_move_iterator(file.clauses.begin()),
                   std::make_move_iterator(file.clauses.end()));
  }
  std::vector<Region> regions = regions_of(written);
  const std::vector<Allowance> allowances = take_allowances(written, diagnostics);
  const std::vector<Decision> decisions = decisions_of(written);
  const std::vector<Clause> clauses = expand(std::move(written), diagnostics, uses);
  Policy policy = builder.build(clauses, uses);
  advise_spaces(sources, clauses, diagnostics);
  if (!loader.skin.empty()) policy.skin = loader.skin;
  if (policy.core != nullptr && !diagnostics.has_errors()) {
    const BuildNotes notes = builder.notes();
    const Declarations declarations(clauses, uses);
    check_policy(
        {*policy.core, clauses, notes, policy.node_spans, uses, decisions, sources, declarations},
        allowances, diagnostics);
  }
  if (diagnostics.has_errors()) policy.core = nullptr;
  drop_echoes(std::move(regions), sources, diagnostics);
  advise_words(sources, diagnostics);
  advise_skins(sources, diagnostics);
  return policy;
}

/// All files of a policy; `root` is what their paths are shown without. False if there are none.
bool read_all(const std::string& path, Loader& loader, SourceSet& sources, Diagnostics& diagnostics,
              std::string& root) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    root = fs::path(path).parent_path().string();
    if (!root.empty()) root += '/';
    if (!fs::exists(path, error)) sources.add(path, "");
    loader.file(path, {});
    return true;
  }
  root = path;
  while (root.size() > 1 && root.back() == '/') root.pop_back();
  root += '/';
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (is_rule_file(entry.path())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    sources.add(path, "");
    diagnostics.error({}, {"E0002.no-files", {path}});
  }
  for (const fs::path& file : files) loader.file(file, {});
  return !files.empty();
}

}  // namespace

std::optional<std::string> read_from_disk(const fs::path& path) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || fs::is_directory(path, error)) return std::nullopt;
  return std::move(text).str();
}

Policy load_policy(const std::string& path, SourceSet& sources, Diagnostics& diagnostics,
                   const LoadLimits& limits) {
  std::string root;
  Loader loader(sources, diagnostics, read_from_disk, limits);
  if (!read_all(path, loader, sources, diagnostics, root)) return {};
  return built(loader, sources, diagnostics, root);
}

Policy load_folder(const std::vector<RuleFile>& files, SourceSet& sources, Diagnostics& diagnostics,
                   const LoadLimits& limits) {
  Loader loader(sources, diagnostics, read_from(files), limits);
  std::vector<fs::path> paths;
  for (const RuleFile& file : files) {
    const fs::path path = fs::path(file.path).lexically_normal();
    if (!path.has_parent_path() && is_rule_file(path)) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  if (paths.empty()) {
    sources.add(".", "");
    diagnostics.error({}, {"E0002.no-files", {"."}});
    return {};
  }
  for (const fs::path& path : paths) loader.file(path, {});
  return built(loader, sources, diagnostics, "", read_from(files));
}

Policy load_policy(const std::string& path, const std::vector<RuleFile>& more, SourceSet& sources,
                   Diagnostics& diagnostics) {
  std::string root;
  Loader loader(sources, diagnostics, read_from_disk);
  if (!read_all(path, loader, sources, diagnostics, root)) return {};
  for (const RuleFile& file : more) loader.add(file.path, file.text);
  return built(loader, sources, diagnostics, root);
}

std::vector<File> read_files(const std::string& path, SourceSet& sources,
                             Diagnostics& diagnostics) {
  std::string root;
  Loader loader(sources, diagnostics, read_from_disk);
  read_all(path, loader, sources, diagnostics, root);
  return std::move(loader.files);
}

Policy load_policy(const std::vector<RuleFile>& files, SourceSet& sources,
                   Diagnostics& diagnostics) {
  Loader loader(sources, diagnostics, read_from(files));
  for (const RuleFile& file : files) loader.file(file.path, {});
  return built(loader, sources, diagnostics, "");
}

Policy build_policy(std::vector<File> files, SourceSet& sources, Diagnostics& diagnostics) {
  Loader loader(sources, diagnostics, read_from_disk);
  for (File& file : files) loader.take(std::move(file), false);
  return built(loader, sources, diagnostics, "");
}

}  // namespace toll::dsl
