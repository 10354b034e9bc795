// Rule files with one token deleted, doubled or replaced: loading always ends, a mutant that does
// not load says where it is wrong, in few words, and first where the mistake is.
//
//   toll_mutants POLICY [--all] [--seed N] [--count N] [--worst N] [--show] [FILE...]
//
// FILE is the name of a rule file of the policy; without any, all are mutated in turn. The figures
// of a whole run are in docs/errors/README.md.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "dsl/syntax/marks.hpp"
#include "dsl/syntax/parse.hpp"

namespace {

using namespace toll::dsl;

enum class Change : std::uint8_t { deleted, doubled, replaced, widened };
constexpr const char* kChanges[] = {"deleted", "doubled", "replaced", "full-width"};

struct Mutant {
  std::size_t file = 0;
  SourceSpan span;
  std::string text;  ///< what stands there now
  Change change = Change::deleted;
};

/// Which of its like a token may be mistaken for.
enum class Sort : std::uint8_t { keyword, name, number, date, string, symbol, mark };

struct Place {
  SourceSpan span;
  Sort sort = Sort::mark;
};

/// What runs now, for the handler of a hang or a crash.
char current[512];

extern "C" void die(int signal) {
  const char* const what = signal == SIGALRM ? "HANG: " : "CRASH: ";
  // Only what a signal handler may call.
  (void)!::write(STDOUT_FILENO, what, std::strlen(what));
  (void)!::write(STDOUT_FILENO, current, std::strlen(current));
  std::_Exit(1);
}

Sort sort_of(const Token& token) {
  switch (token.kind) {
    case TokenKind::word:
      return token.keyword ? Sort::keyword : Sort::name;
    case TokenKind::quoted:
      return Sort::name;
    case TokenKind::number:
    case TokenKind::percent:
      return Sort::number;
    case TokenKind::date:
    case TokenKind::time:
      return Sort::date;
    case TokenKind::string:
      return Sort::string;
    default:
      return Sort::symbol;
  }
}

void collect(const std::vector<Token>& tokens, std::vector<Place>& places) {
  for (const Token& token : tokens) {
    // A phrase such as `not in` written as one word is several tokens of one place.
    if (!places.empty() && places.back().span.begin == token.span.begin) continue;
    places.push_back({token.span, sort_of(token)});
  }
}

void collect(const std::vector<Clause>& clauses, std::vector<Place>& places) {
  for (const Clause& clause : clauses) {
    collect(clause.head, places);
    for (const auto& cell : clause.cells) collect(cell, places);
    collect(clause.body, places);
  }
}

/// Tokens, and the marks between statements, which are no tokens.
std::vector<Place> places_of(const File& file) {
  std::vector<Place> places;
  collect(file.language.head, places);
  collect(file.clauses, places);
  std::vector<bool> taken(file.text.size(), false);
  for (const Place& place : places) {
    for (std::uint32_t at = place.span.begin; at < place.span.end; ++at) taken[at] = true;
  }
  bool comment = false;
  for (std::uint32_t at = 0; at < file.text.size(); ++at) {
    const char c = file.text[at];
    comment = c != '\n' && (comment || (c == '#' && !taken[at]));
    if (comment || taken[at] || std::string_view("{}|;\n").find(c) == std::string_view::npos)
      continue;
    places.push_back({{file.id, at, at + 1}, Sort::mark});
  }
  return places;
}

std::string slice(std::string_view text, SourceSpan span) {
  return std::string(text.substr(span.begin, span.end - span.begin));
}

/// Every place of a file deleted, doubled, replaced by another of its sort, and in full width.
void mutate(const File& file, std::mt19937& random, std::vector<Mutant>& mutants) {
  const std::vector<Place> places = places_of(file);
  std::map<Sort, std::vector<std::string>> like;
  for (const Place& place : places) like[place.sort].push_back(slice(file.text, place.span));
  for (const Place& place : places) {
    const std::string own = slice(file.text, place.span);
    mutants.push_back({file.id, place.span, "", Change::deleted});
    mutants.push_back({file.id, place.span, own + " " + own, Change::doubled});
    const std::vector<std::string>& others = like[place.sort];
    std::string other = own;
    for (int tries = 0; tries < 20 && other == own; ++tries)
      other = others[random() % others.size()];
    if (other != own) mutants.push_back({file.id, place.span, other, Change::replaced});
    for (const Mark& mark : kMarks) {
      if (mark.ascii != own) continue;
      mutants.push_back({file.id, place.span, std::string(mark.written), Change::widened});
      break;
    }
  }
}

struct Tally {
  std::size_t run = 0;
  std::size_t loaded = 0;
  std::size_t lost = 0;  ///< nothing said, or something without a place or a text
  std::size_t few = 0;   ///< at most three errors
  std::size_t near = 0;  ///< the first of them where the mistake is
  std::map<std::size_t, std::size_t> by_errors;
  std::map<std::string, std::size_t> far_codes;  ///< first codes elsewhere
  double slowest = 0;
  double seconds = 0;
  std::string slowest_one;
  std::vector<std::pair<std::size_t, std::string>> worst;
  [[nodiscard]] std::size_t refused() const { return run - loaded; }
};

class Judge {
 public:
  Judge(const std::vector<std::string>& paths, const std::vector<std::string>& texts, bool show)
      : paths_(paths), texts_(texts), show_(show) {
    SourceSet sources;
    Diagnostics diagnostics;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      files_.push_back(parse_file(sources, paths[i], texts[i], diagnostics));
    }
  }

  [[nodiscard]] const std::vector<File>& files() const { return files_; }

  void judge(const Mutant& mutant, Tally& tally) const {
    const std::string told = told_of(mutant);
    std::snprintf(current, sizeof current, "%s", told.c_str());
    std::string text = texts_[mutant.file];
    text.replace(mutant.span.begin, mutant.span.end - mutant.span.begin, mutant.text);
    ::alarm(5);
    const auto start = std::chrono::steady_clock::now();
    SourceSet sources;
    Diagnostics diagnostics;
    // Only the mutated file is read; the others are as they were.
    std::vector<File> files;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (i == mutant.file) {
        files.push_back(parse_file(sources, paths_[i], text, diagnostics));
      } else {
        sources.add(paths_[i], texts_[i]);
        sources.set_skin(files_[i].id, files_[i].skin);
        files.push_back(files_[i]);
      }
    }
    const Policy policy = build_policy(std::move(files), sources, diagnostics);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    ::alarm(0);
    ++tally.run;
    tally.seconds += took.count();
    if (took.count() > tally.slowest) {
      tally.slowest = took.count();
      tally.slowest_one = told;
    }
    if (policy.core != nullptr) {
      ++tally.loaded;
    } else {
      weigh(mutant, told, sources, diagnostics, tally);
    }
  }

 private:
  [[nodiscard]] std::string told_of(const Mutant& mutant) const {
    const std::string& text = texts_[mutant.file];
    const auto line = 1 + std::count(text.begin(), text.begin() + mutant.span.begin, '\n');
    std::string told = paths_[mutant.file] + ":" + std::to_string(line) + ": `" +
                       slice(text, mutant.span) + "` " +
                       kChanges[static_cast<std::size_t>(mutant.change)] + " `" + mutant.text + "`";
    std::replace(told.begin(), told.end(), '\n', '~');
    return told;
  }

  void weigh(const Mutant& mutant, const std::string& told, const SourceSet& sources,
             const Diagnostics& diagnostics, Tally& tally) const {
    std::size_t errors = 0;
    const Diagnostic* first = nullptr;
    const std::vector<Diagnostic> all = diagnostics.sorted();
    for (const Diagnostic& diagnostic : all) {
      if (diagnostic.severity != Severity::error) continue;
      ++errors;
      if (first == nullptr) first = &diagnostic;
      const bool placed = diagnostic.span.file < sources.size() &&
                          diagnostic.span.begin <= diagnostic.span.end &&
                          diagnostic.span.end <= sources.text(diagnostic.span.file).size();
      if (placed && !diagnostic.code().empty()) continue;
      ++tally.lost;
      std::printf("WITHOUT PLACE OR TEXT: %s\n", told.c_str());
    }
    ++tally.by_errors[errors];
    if (first == nullptr) {
      ++tally.lost;
      std::printf("SILENT: %s\n", told.c_str());
      return;
    }
    const auto file = static_cast<std::uint32_t>(mutant.file);
    const auto end = mutant.span.begin + static_cast<std::uint32_t>(mutant.text.size());
    const std::uint32_t from = sources.position_at(file, mutant.span.begin).line;
    const std::uint32_t to = sources.position_at(file, end).line;
    const std::uint32_t line = sources.position(first->span).line;
    const bool near = first->span.file == file && from <= line && line <= to;
    if (near) ++tally.near;
    if (errors <= 3) ++tally.few;
    if (near && errors <= 3) return;
    if (!near) ++tally.far_codes[first->code()];
    tally.worst.emplace_back(errors, told + (near ? ""
                                                  : " (elsewhere: " + first->code() + " " +
                                                        sources.path(first->span.file) + ":" +
                                                        std::to_string(line) + ")"));
    if (show_) {
      std::printf("---- %zu %s\n%s", errors, tally.worst.back().second.c_str(),
                  render(diagnostics, sources).substr(0, 4000).c_str());
    }
  }

  std::vector<std::string> paths_;
  std::vector<std::string> texts_;
  std::vector<File> files_;
  bool show_;
};

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void print(Tally& tally, std::size_t possible, std::size_t files, std::size_t worst) {
  const std::size_t refused = tally.refused();
  std::printf("%zu of %zu mutants of %zu files: %zu load, %zu do not\n", tally.run, possible, files,
              tally.loaded, refused);
  std::printf(
      "of those that do not load: %.2f %% with at most 3 errors, "
      "%.2f %% with the first where the mistake is, %zu without place or text\n",
      share(tally.few, refused), share(tally.near, refused), tally.lost);
  std::printf("errors: mutants");
  for (const auto& [errors, times] : tally.by_errors) std::printf(", %zu: %zu", errors, times);
  std::printf("\nfirst elsewhere, by code");
  for (const auto& [code, times] : tally.far_codes) std::printf(", %s: %zu", code.c_str(), times);
  std::printf("\nmean %.4f s, slowest %.3f s: %s\n", tally.seconds / static_cast<double>(tally.run),
              tally.slowest, tally.slowest_one.c_str());
  std::stable_sort(tally.worst.begin(), tally.worst.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < std::min(worst, tally.worst.size()); ++i) {
    std::printf("%5zu errors: %s\n", tally.worst[i].first, tally.worst[i].second.c_str());
  }
}

struct Options {
  bool all = false;
  bool show = false;
  std::uint32_t seed = 20250623;
  std::size_t count = 400;
  std::size_t worst = 20;
  std::vector<std::string> wanted;
};

int usage() {
  std::puts(
      "usage: toll_mutants POLICY [--all] [--seed N] [--count N] [--worst N] [--show] [FILE...]");
  return 2;
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    const bool more = i + 1 < argc;
    if (word == "--all") {
      options.all = true;
    } else if (word == "--show") {
      options.show = true;
    } else if (word == "--seed" && more) {
      options.seed = static_cast<std::uint32_t>(std::strtoul(argv[++i], nullptr, 10));
    } else if (word == "--count" && more) {
      options.count = std::strtoul(argv[++i], nullptr, 10);
    } else if (word == "--worst" && more) {
      options.worst = std::strtoul(argv[++i], nullptr, 10);
    } else if (word.starts_with("-")) {
      return false;
    } else {
      options.wanted.push_back(word);
    }
  }
  return argc >= 2;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) return usage();
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    if (entry.path().extension() == ".toll") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> names;
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    names.push_back(path.filename().string());
    texts.push_back(read(path));
  }
  for (const int signal : {SIGALRM, SIGABRT, SIGSEGV}) std::signal(signal, die);

  const Judge judge(names, texts, options.show);
  std::vector<Mutant> mutants;
  std::mt19937 random(options.seed);
  for (const File& file : judge.files()) {
    const bool chosen =
        options.wanted.empty() ||
        std::find(options.wanted.begin(), options.wanted.end(), file.path) != options.wanted.end();
    if (chosen) mutate(file, random, mutants);
  }
  const std::size_t possible = mutants.size();
  if (!options.all) {
    // Fisher and Yates by hand: std::shuffle differs from library to library.
    for (std::size_t i = mutants.size(); i > 1; --i)
      std::swap(mutants[i - 1], mutants[random() % i]);
    mutants.resize(std::min(mutants.size(), options.count));
  }

  Tally tally;
  judge.judge({0, {0, 0, 0}, "", Change::deleted}, tally);
  if (tally.loaded != 1) {
    std::puts("the policy itself does not load");
    return 1;
  }
  tally = {};
  for (const Mutant& mutant : mutants) judge.judge(mutant, tally);
  print(tally, possible, names.size(), options.worst);
  // A sample may be a little worse than the whole.
  const double margin = options.all ? 0 : 1;
  const bool good = tally.refused() > 0 && tally.lost == 0 &&
                    share(tally.few, tally.refused()) >= 98 - margin &&
                    share(tally.near, tally.refused()) >= 95 - margin;
  return good ? 0 : 1;
}
