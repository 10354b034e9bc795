// A backtest told: for a terminal, a spreadsheet, a program, and as a page with charts.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "messages/messages.hpp"
#include "tools/backtest/explain.hpp"
#include "tools/backtest/result.hpp"
#include "tools/backtest/summary.hpp"
#include "tools/statement_document.hpp"
#include "tools/statement_words.hpp"

namespace toll::backtest {

/// All that there is to tell; borrowed.
struct Told {
  const Result& result;
  const Summary& summary;
  const Gate& gate;
  const Verdict& verdict;
  const std::vector<Explained>& most;
  Both<std::string> policy;  ///< as the command was told
  std::string events;
};

/// How figures are written: in the words of the new policy.
class Words {
 public:
  Words(const Core& core, const Type& type, Language language)
      : words_(core, statement_of(core), language), type_(type) {}

  [[nodiscard]] const tools::StatementWords& values() const { return words_; }
  [[nodiscard]] Language language() const { return words_.language(); }
  /// A text of the catalogue: `backtest.ID`.
  [[nodiscard]] std::string say(std::string_view id, std::vector<Argument> arguments = {}) const;

  [[nodiscard]] std::string unit() const { return words_.unit(type_); }
  [[nodiscard]] std::string amount(Value value) const { return words_.number(value, type_); }
  /// With its sign.
  [[nodiscard]] std::string change(Value value) const;
  /// "+12.50%"; of what was nothing before, a dash.
  [[nodiscard]] std::string percent(const Both<Value>& sum) const;
  [[nodiscard]] std::string month(Value month) const;
  [[nodiscard]] std::string band(const Band& band) const;
  /// "acct-7, 2025-07-03 10:00, entry 12"
  [[nodiscard]] std::string where(const Where& where, const Result& result) const;
  /// What an account pays for most of its change: "2025-07 id cards: 950.00 -> 1,425.00"
  [[nodiscard]] std::string line(const PartLine& line, const Result& result) const;
  /// Digits for programs.
  [[nodiscard]] static std::string plain(Value value);
  [[nodiscard]] static std::string plain_percent(const Both<Value>& sum);

 private:
  static const Statement& statement_of(const Core& core);

  tools::StatementWords words_;
  Type type_;
};

/// The answer in one or two sentences.
std::string in_short(const Told& told, const Words& words);
/// Whether the gate is kept, and why not; empty: there is none.
std::string gate_text(const Told& told, const Words& words);
/// An account's change and where it comes from, line by line.
std::vector<std::string> explained_text(const Explained& explained, const Told& told,
                                        const Words& words);

tools::StatementDocument document_of(const Told& told, const Words& words);
nlohmann::json json_of(const Told& told, const Words& words);
/// One row an account, all of them.
std::string csv_of(const Told& told, const Words& words);
/// One page, with its charts and the library that draws them.
std::string page_of(const Told& told, const Words& words);

}  // namespace toll::backtest
