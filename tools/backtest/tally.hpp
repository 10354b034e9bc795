// What the two sides of a backtest say, put side by side: step by step while events come, account
// by account when time goes on behind the last of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/text_map.hpp"
#include "toll/engine.hpp"
#include "tools/backtest/ledger_line.hpp"
#include "tools/backtest/result.hpp"

namespace toll::backtest {

enum class Noted : std::uint8_t { outcome, amount, part };

class Tally {
 public:
  /// The account of this name is at hand; its index in Result::books.
  std::uint32_t touch(std::string_view subject);

  /// Numbers for what can be noted. `key` is the same in both policies for what is the same.
  std::uint32_t outcome(std::string_view key, std::string_view shown, bool refusal);
  std::uint32_t amount(const std::string& name);
  std::uint32_t part(const std::string& key, const std::string& shown, Value month);

  /// An entry of the account says so much of it.
  void note(Side side, Noted what, std::uint32_t book, std::uint32_t id, Value amount,
            const EntryView& entry, std::uint32_t row = 0);
  void total(Side side, std::uint32_t book, Value amount);
  void pay(Side side, std::uint32_t part, Value amount);
  void unpriced(Side side, std::uint32_t book);
  void said(Side side, std::uint32_t book, const LedgerLine& line, std::uint64_t seq);

  /// Both have taken the event at hand.
  void settle_step();
  /// No more events: from here on each side tells all of its accounts, one side after the other.
  void close();
  void settle_all();

  Result& result() { return result_; }

 private:
  /// Something noted that not both have told in full yet.
  struct Open {
    Noted what = Noted::outcome;
    std::uint32_t id = 0;
    Both<Value> sum = {};
    Both<std::uint64_t> seq = {};
    Both<std::uint32_t> row = {};
    Both<Value> most = {};  ///< the greatest amount of one entry, whose seq and row these are
    Value time = kAbsent;
  };
  struct Ledger {
    std::vector<std::pair<Noted, std::uint32_t>> seen;  ///< differed before
    std::vector<Open> open;                             ///< once closed
    Both<std::size_t> trail = {};                       ///< once closed: of all lines
  };

  /// The ledger of a step, without what is no part of its meaning.
  struct Text {
    std::string all;
    std::vector<std::pair<std::size_t, std::uint64_t>> lines;  ///< where each ends, and its seq
    [[nodiscard]] std::string_view line(std::size_t index) const;
    void clear();
  };

  void add(Value& sum, Value amount);
  void differ(std::uint32_t book);
  void settle(std::uint32_t book, std::vector<Open>& open);
  void settle_part(std::uint32_t book, const Open& one);
  bool first_time(std::uint32_t book, const Open& one);

  Result result_;
  std::vector<Ledger> ledgers_;  ///< by book
  io::TextMap<std::uint32_t> books_;
  io::TextMap<std::uint32_t> outcomes_;
  io::TextMap<std::uint32_t> amounts_;
  io::TextMap<std::uint32_t> groups_;
  io::TextMap<std::uint32_t> parts_;
  std::uint32_t at_hand_ = kNone;
  std::vector<Open> step_;
  Both<Text> text_;
  bool closed_ = false;
};

}  // namespace toll::backtest
