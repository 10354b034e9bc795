// A policy's hook answered by a function of the program that embeds Toll, and accounts that outlive
// it.
//
//   own_hooks RULES EVENTS LEDGER     a hook `miles` in RULES, one JSON object a line in EVENTS;
//                                     LEDGER is what Toll's own host makes of them
//
// The gateway is stopped and started again after every event. It also asks the policy's own
// program, and says nothing unless both agree.
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <toll/engine.hpp>
#include <toll/hooks.hpp>
#include <toll/json.hpp>
#include <toll/policy.hpp>

namespace {

/// The least number whose square is a tenth of the sum of the squares, or more.
toll::Value miles(toll::Value v, toll::Value h) {
  toll::Value root = 0;
  while (root * root < (v * v + h * h + 9) / 10) ++root;
  return root;
}

class OwnCaller final : public toll::HookCaller {
 public:
  OwnCaller(std::unique_ptr<toll::HookCaller> program) : program_(std::move(program)) {}
  bool call(std::uint32_t hook, std::span<const toll::HookArgument> arguments, toll::Value& result,
            std::string& why) override {
    toll::Value theirs = toll::kAbsent;
    if (!program_->call(hook, arguments, theirs, why)) return false;
    result =
        miles(arguments[0].value - arguments[2].value, arguments[1].value - arguments[3].value);
    why = "the program has another answer";
    return result == theirs;
  }

 private:
  std::unique_ptr<toll::HookCaller> program_;
};

class OwnHost final : public toll::HookHost {
 public:
  OwnHost(std::shared_ptr<const toll::HookHost> programs) : programs_(std::move(programs)) {}
  [[nodiscard]] std::unique_ptr<toll::HookCaller> open() const override {
    return std::make_unique<OwnCaller>(programs_->open());
  }

 private:
  std::shared_ptr<const toll::HookHost> programs_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: own_hooks RULES EVENTS LEDGER\n";
    return 2;
  }
  const toll::LoadedPolicy policy = toll::load_policy(argv[1]);
  std::cerr << policy.report;
  if (policy.core == nullptr) return 3;
  const auto core = std::make_shared<toll::Core>(*policy.core);
  core->hook_host = std::make_shared<OwnHost>(policy.core->hook_host);
  const auto program = toll::prepare(core);

  std::string ledger;
  std::map<std::string, std::string> states;
  const auto serve = [&](std::string_view line, std::string_view until) {
    toll::JsonRunner runner(program, [&](std::string_view entry) { (ledger += entry) += '\n'; });
    for (const auto& [subject, state] : states) {
      std::cerr << runner.restore(subject, state);
    }
    if (!line.empty()) runner.feed(line);
    if (!until.empty()) runner.advance(runner.parse_time(until));
    runner.visit([&](std::string_view subject, const toll::Account& account) {
      states[std::string(subject)] = account.save();
    });
  };
  std::ifstream events(argv[2]);
  for (std::string line; std::getline(events, line);) serve(line, "");
  serve("", "2025-09-01T00:00:00-05:00");

  std::ifstream wanted(argv[3]);
  const std::string text{std::istreambuf_iterator<char>(wanted), {}};
  std::cout << ledger;
  return ledger == text ? 0 : 1;
}
