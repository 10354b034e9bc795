// A small policy with a bit of everything: lots that are drawn from, usage by month that is settled
// by a timer, a balance, a set of names, texts that are kept, refusals, a machine.
#pragma once

#include <random>

#include "tests/engine/support.hpp"

namespace toll::test {

struct Shop {
  explicit Shop(std::int64_t remember_seconds = -1);

  /// Applies a random event; some are refused, some fail, some are late.
  void random_event(Ledger& ledger, std::mt19937& random, Value& seconds) const;

  Maker make;
  std::uint32_t items, states;
  std::uint32_t opened, balance, last_note, last_item;
  std::uint32_t lots, usage, scratch;
  std::uint32_t call, buy, note, burst;
  std::uint32_t settle, wake;
};

}  // namespace toll::test
