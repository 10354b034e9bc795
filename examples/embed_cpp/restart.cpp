// A gateway that is stopped and started again after every event, and nobody can tell from its ledger.
//
//   restart RULES EVENTS [UNTIL]      RULES: a rule file or a folder; EVENTS: one JSON object a line
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <toll/engine.hpp>
#include <toll/json.hpp>
#include <toll/policy.hpp>

namespace {

using States = std::map<std::string, std::string>;  // by subject; a real gateway has a database

toll::JsonRunner start(const std::shared_ptr<const toll::Program>& program, const States& states) {
  toll::JsonRunner runner(program, [](std::string_view entry) { std::cout << entry << '\n'; });
  for (const auto& [subject, state] : states) {
    const std::string problem = runner.restore(subject, state);
    if (!problem.empty()) std::cerr << subject << ": " << problem << '\n';
  }
  return runner;
}

void stop(const toll::JsonRunner& runner, States& states) {
  runner.visit([&states](std::string_view subject, const toll::Account& account) {
    states[std::string(subject)] = account.save();
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: restart RULES EVENTS [UNTIL]\n";
    return 2;
  }
  const toll::LoadedPolicy policy = toll::load_policy(argv[1]);
  std::cerr << policy.report;
  if (policy.core == nullptr) return 3;
  const auto program = toll::prepare(policy.core);  // once; runners share it

  States states;
  std::ifstream events(argv[2]);
  std::string line;
  while (std::getline(events, line)) {
    toll::JsonRunner runner = start(program, states);
    runner.feed(line);
    stop(runner, states);
  }
  if (argc > 3) {
    toll::JsonRunner runner = start(program, states);
    runner.advance(runner.parse_time(argv[3]));
  }
  return 0;
}
