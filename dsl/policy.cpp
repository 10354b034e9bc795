#include "dsl/policy.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "dsl/notions/notions.hpp"
#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/parse.hpp"

namespace toll::dsl {
namespace {

namespace fs = std::filesystem;

/// Files in the order they are read: a folder's in the order of their names, imports after the file
/// that names them.
class Loader {
 public:
  Loader(SourceSet& sources, Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  void file(const fs::path& path, SourceSpan asked_by) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(path, error);
    if (!seen_.insert(error ? path.string() : canonical.string()).second) return;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || fs::is_directory(path, error)) {
      diagnostics_.error("E0001", asked_by, "cannot read `" + path.string() + "`");
      return;
    }
    File parsed = parse_file(sources_, path.string(), std::move(text).str(), diagnostics_);
    for (Clause& clause : parsed.clauses) {
      const bool import = !clause.head.empty() && clause.head[0].kind == TokenKind::word &&
                          clause.head[0].word == "import";
      if (import && clause.head.size() == 2 && clause.head[1].kind == TokenKind::string) {
        file(path.parent_path() / clause.head[1].raw, clause.head[1].span);
      } else if (import) {
        diagnostics_.error("E0201", clause.span, "expected a file in quotes: `import \"FILE\"`");
      }
    }
    clauses.insert(clauses.end(), std::make_move_iterator(parsed.clauses.begin()),
                   std::make_move_iterator(parsed.clauses.end()));
  }

  std::vector<Clause> clauses;

 private:
  SourceSet& sources_;
  Diagnostics& diagnostics_;
  std::set<std::string> seen_;
};

}  // namespace

Policy load_policy(const std::string& path, SourceSet& sources, Diagnostics& diagnostics) {
  std::error_code error;
  std::string root;
  Loader loader(sources, diagnostics);
  if (fs::is_directory(path, error)) {
    root = path;
    while (root.size() > 1 && root.back() == '/') root.pop_back();
    root += '/';
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".toll") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) {
      sources.add(path, "");
      diagnostics.error("E0002", {}, "there are no .toll files in `" + path + "`");
      return {};
    }
    for (const fs::path& file : files) loader.file(file, {});
  } else {
    root = fs::path(path).parent_path().string();
    if (!root.empty()) root += '/';
    if (!fs::exists(path, error)) sources.add(path, "");
    loader.file(path, {});
  }
  Builder builder(sources, diagnostics, root);
  Policy policy = builder.build(expand(std::move(loader.clauses), diagnostics));
  if (diagnostics.has_errors()) policy.core = nullptr;
  return policy;
}

}  // namespace toll::dsl
