#include <algorithm>

#include "io/ledger_writer.hpp"
#include "tools/backtest/counting.hpp"
#include "tools/backtest/report.hpp"

namespace toll::backtest {

const Statement& Words::statement_of(const Core& core) {
  static const Statement kNothing;
  return core.statements.empty() ? kNothing : core.statements.front();
}

std::string Words::say(std::string_view id, std::vector<Argument> arguments) const {
  // messages: backtest.*
  return toll::say(Message("backtest." + std::string(id), std::move(arguments)), language());
}

std::string Words::change(Value value) const { return (value > 0 ? "+" : "") + amount(value); }

std::string Words::plain(Value value) {
  std::string out;
  io::append_decimal(out, value, kScale);
  return out;
}

std::string Words::plain_percent(const Both<Value>& sum) {
  const Value percent = percent_of(sum);
  if (percent == kAbsent) return {};
  std::string digits;
  io::append_decimal(digits, percent < 0 ? -percent : percent, 0);
  while (digits.size() < 3) digits.insert(0, "0");
  digits.insert(digits.size() - 2, ".");
  return (percent < 0 ? "-" : "") + digits;
}

std::string Words::percent(const Both<Value>& sum) const {
  const std::string digits = plain_percent(sum);
  if (digits.empty()) return sum[kOld] == sum[kNew] ? "" : "-";
  return (digits[0] == '-' || sum[kOld] == sum[kNew] ? "" : "+") + digits + "%";
}

std::string Words::month(Value month) const {
  return month == kAbsent ? say("no-month") : words_.month(month);
}

std::string Words::band(const Band& band) const {
  const std::string from = std::to_string(band.from);
  const std::string to = std::to_string(band.to);
  switch (band.of) {
    case Band::Of::same:
      return say("band-same");
    case Band::Of::from_nothing:
      return say("band-from-nothing");
    case Band::Of::less:
      if (band.to == 100) return say("band-less-over", {from});
      return band.from == 0 ? say("band-less-up-to", {to}) : say("band-less", {from, to});
    case Band::Of::more:
      if (band.to == 0) return say("band-more-over", {from});
      return band.from == 0 ? say("band-more-up-to", {to}) : say("band-more", {from, to});
  }
  return {};
}

std::string Words::where(const Where& where, const Result& result) const {
  const std::string& account = result.books[where.account].name;
  const Side side = where.seq[kNew] != 0 ? kNew : kOld;
  const std::string id = side == kNew ? "where" : "where-old";
  return say(id, {account.empty() ? say("nobody") : account, words_.instant(where.time),
                  std::to_string(where.seq[side])});
}

std::string Words::line(const PartLine& line, const Result& result) const {
  const Part& part = result.parts[line.part];
  return say("line", {month(part.month), result.groups[part.group], amount(line.sum[kOld]),
                      amount(line.sum[kNew])});
}

}  // namespace toll::backtest
