#include "tools/backtest/ledger_line.hpp"

namespace toll::backtest {
namespace {

constexpr std::string_view kTime = ",\"time\":";
constexpr std::string_view kRule = ",\"rule\":";

/// Behind the string that begins at `at`, or behind `null`.
std::size_t end_of_value(std::string_view line, std::size_t at) {
  if (at >= line.size() || line[at] != '"') return line.find_first_of(",}", at);
  for (++at; at < line.size() && line[at] != '"'; ++at) {
    if (line[at] == '\\') ++at;
  }
  return at + 1;
}

}  // namespace

// No quote within a string stands behind a comma without a backslash between them, so what is
// looked for is found outside of strings only.
LedgerLine comparable(std::string_view line) {
  const std::size_t time = line.find(kTime);
  if (time == std::string_view::npos) return {line, {}};
  const std::size_t rule = line.find(kRule, time);
  if (rule == std::string_view::npos) return {line.substr(time), {}};
  const std::size_t end = end_of_value(line, rule + kRule.size());
  if (end > line.size()) return {line.substr(time), {}};
  return {line.substr(time, rule - time), line.substr(end)};
}

}  // namespace toll::backtest
