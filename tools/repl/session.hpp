// A conversation with a policy: lines in, what comes of them out. Steps are those of scenarios, on
// accounts that live as long as the session; the clock stands where the last step left it.
//
// The rule files are read again for every line, so that an edit counts from the next line on, for
// the whole story so far. No terminal here: cli/ has that.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "toll/json.hpp"

namespace toll::tools {

class Session {
 public:
  /// `language`: of everything that is not in the policy's own words.
  Session(std::string policy, Language language);

  struct Answer {
    std::string text;
    bool ok = true;
    bool quit = false;
  };
  /// Reads the policy; what is wrong with it is the answer.
  Answer open();
  Answer line(std::string_view text);

  /// Words that may stand where `before` ends, for completion: each with what is typed of it.
  [[nodiscard]] std::vector<std::string> completions(std::string_view before) const;
  /// What to show in front of a line: the account and the clock.
  [[nodiscard]] std::string prompt() const;

 private:
  struct Step {
    std::string text;  ///< in the words of a scenario
    std::string account;
  };
  struct Told {
    dsl::ScenarioStep step;
    std::string event;                 ///< the wire's line; empty if it was none
    std::vector<std::string> entries;  ///< ledger lines
    bool held = true;                  ///< expect: it did
  };

  [[nodiscard]] std::string word(std::string_view canonical) const;
  bool load(const std::vector<Step>& steps, std::string& problems);
  std::vector<Told> tell(const std::vector<Step>& steps) const;
  /// The story so far once more, on a runner of one's own; the time of its last step.
  Value retell(JsonRunner& runner) const;
  Answer step(std::string text);
  Answer command(std::string_view name, std::string_view rest, bool& known);
  [[nodiscard]] std::string as_step(std::string_view text) const;
  [[nodiscard]] std::string entries_text(const std::vector<std::string>& entries) const;
  [[nodiscard]] std::string state_text() const;
  [[nodiscard]] Answer bill(std::string_view rest) const;
  Answer why(std::string_view rest);
  Answer save(std::string_view path) const;
  [[nodiscard]] std::string say(const Message& message) const {
    return toll::say(message, language_);
  }

  std::string path_;
  Language language_;
  dsl::Policy policy_;
  std::shared_ptr<dsl::SourceSet> sources_;
  std::vector<Step> steps_;
  std::string account_ = "a";
  std::string clock_;  ///< as a step writes it
};

}  // namespace toll::tools
