// toll fmt: rule files in the one layout, or in the words of the other skin.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/edit.hpp"
#include "cli/output.hpp"
#include "dsl/syntax/skin.hpp"
#include "tools/fmt/format.hpp"

namespace toll::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using tools::Formatted;

constexpr const char* kStandardInput = "-";

struct FmtArguments {
  std::vector<std::string> paths;
  std::string skin;
  bool check = false;
  bool diff = false;
};

bool is_rule_file(const fs::path& path) { return path.extension() == ".toll"; }

/// Rule files by folder, the folders and the files in the order of their names.
using Folders = std::map<std::string, std::set<std::string>>;

void add(Folders& folders, const fs::path& file) {
  const std::string folder = file.parent_path().string();
  folders[folder.empty() ? "." : folder].insert(file.string());
}

/// All rule files below a folder; those in Lua are nobody's to format but say that they are there.
void find_files(const fs::path& folder, Folders& folders, std::vector<std::string>& skipped) {
  std::error_code error;
  std::set<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, error)) entries.insert(entry.path());
  for (const fs::path& entry : entries) {
    if (entry.filename().string().front() == '.') continue;
    if (fs::is_directory(entry, error)) {
      find_files(entry, folders, skipped);
    } else if (is_rule_file(entry)) {
      add(folders, entry);
    } else if (entry.extension() == ".lua") {
      skipped.push_back(entry.string());
    }
  }
}

std::optional<std::string> read(const std::string& path) {
  if (path == kStandardInput) {
    std::ostringstream text;
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path)) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Fmt {
 public:
  Fmt(const FmtArguments& arguments, Report& report) : arguments_(arguments), report_(report) {}

  ExitCode run() {
    Folders folders;
    const bool from_input = arguments_.paths.size() == 1 && arguments_.paths[0] == kStandardInput;
    if (from_input) {
      folders[""].insert(kStandardInput);
    } else if (!find(folders)) {
      return kUsage;
    }
    for (const auto& [folder, files] : folders) format(folder, files);
    for (const std::string& path : skipped_) {
      told_.push_back({{"file", path}, {"outcome", "skipped"}});
      report_.note(Message("fmt.skipped", {path}));
    }
    report_.diagnostics(diagnostics_, sources_);
    if (report_.json()) {
      const json result = {{"schema_version", kSchemaVersion}, {"files", told_}};
      output_.write(result.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
    }
    if (!output_.finish()) {
      report_.error(output_.problem());
      return kUnusable;
    }
    return code_;
  }

 private:
  bool find(Folders& folders) {
    std::error_code error;
    for (const std::string& path : arguments_.paths) {
      if (path == kStandardInput) {
        report_.error(Message("fmt.input-alone"));
        return false;
      }
      if (fs::is_directory(path, error)) {
        find_files(path, folders, skipped_);
      } else if (is_rule_file(path)) {
        add(folders, path);
      } else {
        skipped_.push_back(path);
      }
    }
    return true;
  }

  void format(const std::string& folder, const std::set<std::string>& files) {
    tools::FormatRequest request;
    request.folder = folder;
    request.skin = arguments_.skin;
    for (const std::string& path : files) {
      errno = 0;
      std::optional<std::string> text = read(path);
      if (text) {
        request.files.push_back({path, std::move(*text)});
      } else {
        report_.error(Message("cli.cannot-read", {path, std::string(std::strerror(errno))}));
        code_ = kUnusable;
      }
    }
    for (const Formatted& file : tools::format(request, sources_, diagnostics_)) tell(file);
  }

  void tell(const Formatted& file) {
    static constexpr const char* kNames[] = {"same", "changed", "broken", "unproven"};
    told_.push_back(
        {{"file", file.path}, {"outcome", kNames[static_cast<std::size_t>(file.outcome)]}});
    const bool changed = file.outcome == Formatted::Outcome::changed;
    const bool sound = changed || file.outcome == Formatted::Outcome::same;
    if (!sound) {
      code_ = kUnusable;
      const bool broken = file.outcome == Formatted::Outcome::broken;
      report_.error(Message(broken                    ? "fmt.broken"
                            : arguments_.skin.empty() ? "fmt.unproven"
                                                      : "fmt.other-skin",
                            {file.path}));
      return;
    }
    const bool asks = arguments_.check || arguments_.diff;
    if (asks && changed && code_ == kDone) code_ = kNo;
    if (report_.json() && (asks || file.path == kStandardInput)) {
      if (arguments_.diff && changed) told_.back()["diff"] = difference(file);
      if (file.path == kStandardInput && !asks) told_.back()["text"] = file.after;
      return;
    }
    if (arguments_.diff) {
      if (changed) output_.write(difference(file));
    } else if (arguments_.check) {
      if (changed) output_.write(file.path + "\n");
    } else if (file.path == kStandardInput) {
      output_.write(file.after);
    } else if (changed) {
      if (!write_file(file.path, file.after)) {
        report_.error(Message("cli.cannot-write", {file.path, std::string(std::strerror(errno))}));
        code_ = kUnusable;
      } else if (!report_.json()) {
        output_.write(file.path + "\n");
      }
    }
  }

  const FmtArguments& arguments_;
  Report& report_;
  Output output_;
  dsl::SourceSet sources_;
  dsl::Diagnostics diagnostics_;
  std::vector<std::string> skipped_;
  json told_ = json::array();
  ExitCode code_ = kDone;
};

}  // namespace

Run declare_fmt(Options& app, Language language) {
  const auto arguments = std::make_shared<FmtArguments>();
  app.add_option("path", arguments->paths, say("help.fmt.path", language))
      .required()
      .type_name("PATH");
  app.add_flag("--check", arguments->check, say("help.fmt.check", language));
  app.add_flag("--diff", arguments->diff, say("help.fmt.diff", language));
  app.add_option("--to", arguments->skin, say("help.fmt.to", language)).one_of(dsl::skin_names());
  return [arguments](Report& report) { return Fmt(*arguments, report).run(); };
}

}  // namespace toll::cli
