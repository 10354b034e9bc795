#include "bench/record.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include "toll/policy.hpp"

namespace bench {
namespace {

struct Addition {
  std::string_view after;
  std::string_view text;
};

constexpr Addition kAdditions[] = {
    {"domain code\n",
     "domain source { granted, prepaid, billed, declined }\n"
     "entry decision { pool: pool; source: source; units: count call }\n"},
    {"used[pool].free += free\n",
     "  when free > 0 call { emit decision { pool = pool; source = granted; units = free } }\n"},
    {"take event.calls - free from left {\n",
     "      emit decision { pool = pool; source = prepaid; units = took }\n"},
    {"used[pool].paid += rest",
     "; when rest > 0 call { emit decision { pool = pool; source = billed; units = rest } }"},
    {"used[pool].rejected += rest",
     "; when rest > 0 call { emit decision { pool = pool; source = declined; units = rest } }"},
};

}  // namespace

std::shared_ptr<const toll::Core> load_recording(const std::string& path) {
  std::ifstream file(path);
  std::stringstream read;
  read << file.rdbuf();
  std::string text = read.str();
  for (const Addition& addition : kAdditions) {
    const std::size_t at = text.find(addition.after);
    if (at == std::string::npos) {
      std::fprintf(stderr, "%s: nothing to add a decision to: %s\n", path.c_str(),
                   std::string(addition.after).c_str());
      std::exit(1);
    }
    text.insert(at + addition.after.size(), addition.text);
  }
  char name[] = "/tmp/toll-bench-XXXXXX.toll";
  const int descriptor = mkstemps(name, 5);
  std::FILE* const made = descriptor < 0 ? nullptr : fdopen(descriptor, "w");
  if (made == nullptr || std::fwrite(text.data(), 1, text.size(), made) != text.size()) {
    std::perror(name);
    std::exit(1);
  }
  std::fclose(made);
  const toll::LoadedPolicy policy = toll::load_policy(name);
  std::filesystem::remove(name);
  if (policy.core == nullptr) {
    std::fputs(policy.report.c_str(), stderr);
    std::exit(1);
  }
  return policy.core;
}

}  // namespace bench
