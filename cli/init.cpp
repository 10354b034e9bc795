// toll init: a small policy to begin with.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/templates.hpp"

namespace toll::cli {
namespace {

namespace fs = std::filesystem;

struct InitOptions {
  std::string folder = ".";
};

ExitCode init(const InitOptions& options, Report& report) {
  const fs::path folder(options.folder);
  std::vector<Template> files;
  for (const Template& file : embedded_templates())
    if (file.language == to_string(report.language())) files.push_back(file);

  // All or nothing: no file of the folder's owner is touched.
  std::error_code error;
  if (fs::is_directory(folder, error)) {
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      const fs::path extension = entry.path().extension();
      if (extension != ".toll" && extension != ".lua") continue;
      report.error(Message("cli.init.has-policy", {options.folder, entry.path().string()}));
      return kNo;
    }
  }
  for (const Template& file : files) {
    const fs::path path = folder / file.name;
    if (!fs::exists(path, error)) continue;
    report.error(Message("cli.init.exists", {path.string()}));
    return kNo;
  }
  fs::create_directories(folder, error);
  for (const Template& file : files) {
    const fs::path path = folder / file.name;
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << file.text;
    out.close();
    if (out) continue;
    report.error(Message("cli.cannot-write", {path.string(), std::string(std::strerror(errno))}));
    return kUnusable;
  }
  Output output;
  for (const Template& file : files) output.write((folder / file.name).string() + "\n");
  if (!output.finish()) {
    report.error(output.problem());
    return kUnusable;
  }
  report.note(Message("cli.init.next", {options.folder}));
  return kDone;
}

}  // namespace

Run declare_init(Options& app, Language language) {
  const auto options = std::make_shared<InitOptions>();
  app.add_option("folder", options->folder, say("help.init.folder", language)).type_name("DIR");
  return [options](Report& report) { return init(*options, report); };
}

}  // namespace toll::cli
