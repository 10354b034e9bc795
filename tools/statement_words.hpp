// How values are told to people: names as the policy shows them, numbers with their thousands
// grouped, times in the policy's zone.
#pragma once

#include <string>
#include <string_view>

#include "io/time_text.hpp"
#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/statement.hpp"

namespace toll::tools {

class StatementWords {
 public:
  StatementWords(const Core& core, const Statement& statement, Language language)
      : core_(core), statement_(statement), language_(language), zone_(core.zone) {}

  [[nodiscard]] const Core& core() const { return core_; }
  [[nodiscard]] const Statement& statement() const { return statement_; }
  [[nodiscard]] Language language() const { return language_; }
  /// A text of the catalogue: `bill.ID`.
  [[nodiscard]] std::string say(std::string_view id, std::vector<Argument> arguments = {}) const;

  [[nodiscard]] std::string shown(const Datum& datum) const;
  /// The same; of what should have a price and has none, that it is to be quoted.
  [[nodiscard]] std::string shown_or_quote(const Datum& datum) const;
  [[nodiscard]] std::string number(Value value, const Type& type) const;
  /// Digits without grouping, as programs and spreadsheets read them.
  [[nodiscard]] static std::string plain(Value value, const Type& type);
  [[nodiscard]] std::string instant(Value value) const;
  [[nodiscard]] std::string month(Value value) const;
  [[nodiscard]] std::string unit(const Type& type) const;
  /// Is it an amount of money, or a price?
  [[nodiscard]] bool has_currency(const Type& type) const;

 private:
  [[nodiscard]] unsigned least_decimals(const Type& type) const;

  const Core& core_;
  const Statement& statement_;
  Language language_;
  io::Zone zone_;
};

}  // namespace toll::tools
