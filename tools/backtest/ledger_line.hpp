// A line of a ledger without what is no part of its meaning.
#pragma once

#include <string_view>

namespace toll::backtest {

/// Two pieces of the line, with nothing but the place of the rule left out between them. The head
/// begins behind the number of the entry and its account, which say nothing of their own.
struct LedgerLine {
  std::string_view head;
  std::string_view tail;
};

/// `line` is as io::LedgerWriter writes it.
LedgerLine comparable(std::string_view line);

}  // namespace toll::backtest
