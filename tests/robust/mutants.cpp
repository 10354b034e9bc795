// Rule files with one token deleted, doubled or replaced: loading always ends, and a mutant that
// does not load says where it is wrong.
//
//   toll_mutants POLICY [--all] [--seed N] [--count N] [FILE...]
//
// FILE is the name of a rule file of the policy; without any, all but scenarios.
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
#include "dsl/syntax/parse.hpp"

namespace {

using namespace toll::dsl;

struct Mutant {
  std::size_t file = 0;
  SourceSpan span;
  std::string text;  ///< what stands there now
  char kind = ' ';   ///< 'd'eleted, 't'wice, 'r'eplaced
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

void collect(const std::vector<Clause>& clauses, std::vector<SourceSpan>& spans) {
  const auto add = [&](const std::vector<Token>& tokens) {
    for (const Token& token : tokens) {
      // A phrase such as `not in` written as one word is several tokens of one place.
      if (spans.empty() || spans.back().begin != token.span.begin) spans.push_back(token.span);
    }
  };
  for (const Clause& clause : clauses) {
    add(clause.head);
    for (const auto& cell : clause.cells) add(cell);
    collect(clause.body, spans);
  }
}

/// Tokens, and the marks between statements, which are no tokens.
std::vector<SourceSpan> places(const RuleFile& rule_file) {
  SourceSet sources;
  Diagnostics diagnostics;
  const File file = parse_file(sources, rule_file.path, rule_file.text, diagnostics);
  std::vector<SourceSpan> spans;
  for (const Token& token : file.language.head) spans.push_back(token.span);
  collect(file.clauses, spans);
  for (std::uint32_t at = 0; at < file.text.size(); ++at) {
    if (std::string("{}|;\n").find(file.text[at]) != std::string::npos)
      spans.push_back({0, at, at + 1});
  }
  return spans;
}

std::string spot(const RuleFile& file, SourceSpan span) {
  const auto end = file.text.begin() + span.begin;
  const auto line = 1 + std::count(file.text.begin(), end, '\n');
  return file.path + ":" + std::to_string(line);
}

struct Tally {
  std::size_t run = 0;
  std::size_t loaded = 0;
  std::size_t silent = 0;  ///< neither loaded nor said why
  std::size_t lost = 0;    ///< said something without a place
  std::map<std::size_t, std::size_t> by_errors;
  double slowest = 0;
  std::string slowest_one;
};

void judge(const std::vector<RuleFile>& files, const Mutant& mutant, Tally& tally) {
  std::vector<RuleFile> mutated = files;
  std::string& text = mutated[mutant.file].text;
  const std::string was = text.substr(mutant.span.begin, mutant.span.end - mutant.span.begin);
  const std::string told = spot(files[mutant.file], mutant.span) + " byte " +
                           std::to_string(mutant.span.begin) + " (" + mutant.kind + ") `" + was +
                           "` -> `" + mutant.text + "`\n";
  std::snprintf(current, sizeof current, "%s", told.c_str());
  text.replace(mutant.span.begin, mutant.span.end - mutant.span.begin, mutant.text);

  ::alarm(5);
  const auto start = std::chrono::steady_clock::now();
  SourceSet sources;
  Diagnostics diagnostics;
  const Policy policy = load_policy(mutated, sources, diagnostics);
  const std::string rendered = render(diagnostics, sources);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ::alarm(0);

  ++tally.run;
  if (took.count() > tally.slowest) {
    tally.slowest = took.count();
    tally.slowest_one = told;
  }
  if (policy.core != nullptr) {
    ++tally.loaded;
    return;
  }
  ++tally.by_errors[diagnostics.error_count()];
  if (diagnostics.error_count() == 0 || rendered.empty()) {
    ++tally.silent;
    std::printf("SILENT: %s", told.c_str());
  }
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const bool placed = diagnostic.span.file < sources.size() &&
                        diagnostic.span.begin <= diagnostic.span.end &&
                        diagnostic.span.end <= sources.text(diagnostic.span.file).size();
    if (placed && !diagnostic.message.empty() && !diagnostic.code().empty()) continue;
    ++tally.lost;
    std::printf("WITHOUT PLACE OR TEXT: %s", told.c_str());
  }
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int usage() {
  std::puts("usage: toll_mutants POLICY [--all] [--seed N] [--count N] [FILE...]");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return usage();
  bool all = false;
  std::uint32_t seed = 20250623;
  std::size_t count = 400;
  std::vector<std::string> wanted;
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--all") {
      all = true;
    } else if (word == "--seed" && i + 1 < argc) {
      seed = static_cast<std::uint32_t>(std::strtoul(argv[++i], nullptr, 10));
    } else if (word == "--count" && i + 1 < argc) {
      count = std::strtoul(argv[++i], nullptr, 10);
    } else if (word.starts_with("-")) {
      return usage();
    } else {
      wanted.push_back(word);
    }
  }
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    if (entry.path().extension() == ".toll") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<RuleFile> files;
  std::vector<bool> chosen;
  for (const auto& path : paths) {
    const std::string name = path.filename().string();
    const std::string text = read(path);
    // Scenarios alone would be most of the tokens; they mutate only when named.
    const bool numbered = name[0] >= '0' && name[0] <= '9';
    const bool named = std::find(wanted.begin(), wanted.end(), name) != wanted.end();
    chosen.push_back(wanted.empty() ? numbered : named);
    if (numbered || named) {
      files.push_back({name, text});
    } else {
      chosen.pop_back();
    }
  }

  std::signal(SIGALRM, die);
  std::signal(SIGABRT, die);
  std::signal(SIGSEGV, die);

  std::vector<Mutant> mutants;
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!chosen[i]) continue;
    const std::string& text = files[i].text;
    const std::vector<SourceSpan> spans = places(files[i]);
    for (const SourceSpan span : spans) {
      const std::string own = text.substr(span.begin, span.end - span.begin);
      const SourceSpan other = spans[random() % spans.size()];
      mutants.push_back({i, span, "", 'd'});
      mutants.push_back({i, span, own + " " + own, 't'});
      mutants.push_back({i, span, text.substr(other.begin, other.end - other.begin), 'r'});
    }
  }
  const std::size_t possible = mutants.size();
  if (!all) {
    std::shuffle(mutants.begin(), mutants.end(), random);
    mutants.resize(std::min(mutants.size(), count));
  }

  Tally tally;
  judge(files, {0, {0, 0, 0}, "", 'd'}, tally);
  if (tally.loaded != 1) {
    std::puts("the policy itself does not load");
    return 1;
  }
  tally = {};
  for (const Mutant& mutant : mutants) judge(files, mutant, tally);

  std::printf("%zu of %zu mutants of %zu files: %zu load, %zu do not; errors: count\n", tally.run,
              possible, files.size(), tally.loaded, tally.run - tally.loaded);
  for (const auto& [errors, times] : tally.by_errors) std::printf("  %4zu: %zu\n", errors, times);
  std::printf("slowest: %.3f s, %s", tally.slowest, tally.slowest_one.c_str());
  std::printf("%zu without a diagnostic, %zu diagnostics without a place\n", tally.silent, tally.lost);
  return tally.run > 0 && tally.silent == 0 && tally.lost == 0 && tally.loaded < tally.run ? 0 : 1;
}
