// One policy, two vocabularies: the OCR rule files printed in English mean the same to the byte.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "dsl/syntax/parse.hpp"
#include "dsl/syntax/print.hpp"
#include "dsl/syntax/skin.hpp"
#include "tests/policy/ocr.hpp"
#include "tools/core_json.hpp"

namespace toll::test {
namespace {

/// Names as the disk has them, texts in another skin.
std::vector<dsl::RuleFile> printed(const std::vector<dsl::RuleFile>& files, const char* skin) {
  std::vector<dsl::RuleFile> result;
  for (const dsl::RuleFile& file : files) {
    dsl::SourceSet sources;
    dsl::Diagnostics diagnostics;
    const dsl::File parsed = dsl::parse_file(sources, file.path, file.text, diagnostics);
    INFO(dsl::render(diagnostics, sources));
    REQUIRE(!diagnostics.has_errors());
    result.push_back({file.path, dsl::print(parsed, *dsl::find_skin(skin))});
  }
  return result;
}

struct Meaning {
  std::string core;
  std::vector<std::string> scenarios;  ///< names and steps
};

Meaning meaning(const std::vector<dsl::RuleFile>& files) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy(files, sources, diagnostics);
  INFO(dsl::render(diagnostics, sources));
  REQUIRE(policy.core != nullptr);
  Meaning result = {tools::core_json(*policy.core, false), {}};
  for (const dsl::Scenario& scenario : policy.scenarios) {
    std::string text = scenario.name;
    for (const dsl::ScenarioStep& step : scenario.steps) {
      text += "\n" + std::to_string(static_cast<int>(step.kind)) + (step.negated ? "!" : "") +
              step.json + step.time + " " + std::to_string(step.definition);
    }
    result.scenarios.push_back(text);
  }
  return result;
}

/// Where two texts part, with what stands around it.
std::string parting(const std::string& a, const std::string& b) {
  const auto at = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const std::size_t from = at < 120 ? 0 : at - 120;
  return "one:   " + a.substr(from, 240) + "\nother: " + b.substr(from, 240);
}

TEST_CASE("the OCR policy printed in English, and back in Chinese, is the same core") {
  std::vector<dsl::RuleFile> chinese;
  for (const std::string& path : files_in(kOcr, ".toll")) {
    chinese.push_back({std::filesystem::path(path).filename().string(), read_file(path)});
  }
  const std::vector<dsl::RuleFile> english = printed(chinese, "en");
  const std::vector<dsl::RuleFile> back = printed(english, "zh");
  const Meaning original = meaning(chinese);
  CHECK(original.scenarios.size() > 20);

  // The language line differs by its own word, so the texts differ at least there.
  for (std::size_t i = 0; i < chinese.size(); ++i) {
    CAPTURE(chinese[i].path);
    CHECK(english[i].text != chinese[i].text);
    CHECK(back[i].text.starts_with("language 1 zh"));
  }
  for (const auto* files : {&english, &back}) {
    const Meaning other = meaning(*files);
    INFO(parting(original.core, other.core));
    CHECK(other.core == original.core);
    REQUIRE(other.scenarios.size() == original.scenarios.size());
    for (std::size_t i = 0; i < original.scenarios.size(); ++i) {
      CHECK(other.scenarios[i] == original.scenarios[i]);
    }
  }
  MESSAGE(chinese.size() << " files, " << original.core.size() << " bytes of core, "
                         << original.scenarios.size() << " scenarios, the same in both skins");
}

}  // namespace
}  // namespace toll::test
