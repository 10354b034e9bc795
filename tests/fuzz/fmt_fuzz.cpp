// libFuzzer on `toll fmt`: any bytes, as a rule file. It is refused and left as it is, or it means
// the same afterwards, is not changed again, and comes back from the other language byte for byte.
//
//   cmake -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DTOLL_BUILD_FUZZERS=ON
//   ninja -C build/fuzz fmt_fuzz && build/fuzz/tests/fuzz/fmt_fuzz -max_len=4000 tests/fuzz/policies
//
// What it found lies in tests/fuzz/policies and is replayed by fmt_replay, which any compiler
// builds.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/fmt/formatting.hpp"

namespace {

using toll::test::core_of;
using toll::test::formatted;
using toll::tools::Formatted;

constexpr std::size_t kLongest = 20'000;  // bytes; nesting thousands deep is for other tests

void must(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::fprintf(stderr, "fmt: %s\n%s\n", what, text.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLongest) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Formatted once = formatted(text);
  must(once.outcome != Formatted::Outcome::unproven, "it parses and is not formatted", text);
  if (once.outcome == Formatted::Outcome::broken) {
    must(once.after == text, "a broken file is changed", text);
    return 0;
  }
  const std::string core = core_of(text);
  must(core_of(once.after) == core, "it means something else", once.after);
  const Formatted twice = formatted(once.after);
  must(twice.after == once.after, "formatting twice changes it", once.after);
  if (core.empty()) return 0;
  for (const char* skin : {"zh", "en"}) {
    const Formatted there = formatted(once.after, skin);
    if (there.outcome != Formatted::Outcome::changed) continue;
    must(core_of(there.after) == core, "it means something else in the other language",
         there.after);
    const Formatted back = formatted(there.after, std::string(skin) == "zh" ? "en" : "zh");
    if (back.outcome != Formatted::Outcome::unproven)
      must(back.after == once.after, "it does not come back from the other language", there.after);
  }
  return 0;
}
