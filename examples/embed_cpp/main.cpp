// A gateway in small: reads a policy, feeds it events, writes the ledger.
//
//   gateway RULES EVENTS [UNTIL]      RULES: a rule file or a folder; EVENTS: one JSON object a line
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include <toll/json.hpp>
#include <toll/policy.hpp>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: gateway RULES EVENTS [UNTIL]\n";
    return 2;
  }
  const toll::LoadedPolicy policy = toll::load_policy(argv[1]);
  std::cerr << policy.report;  // as `toll check` says it
  if (policy.core == nullptr) return 3;

  toll::JsonRunner runner(policy.core, [](std::string_view entry) { std::cout << entry << '\n'; });
  std::ifstream events(argv[2]);
  std::string line;
  for (std::uint64_t number = 1; std::getline(events, line); ++number) {
    if (!line.empty()) runner.feed(line, number);  // its entries are written before it returns
  }
  runner.advance(argc > 3 ? runner.parse_time(argv[3]) : runner.latest_time());
  return runner.totals().errors > 0 ? 1 : 0;
}
