// Why does a ledger entry say what it says? Answered by a replay of the account with a trace.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "toll/engine.hpp"
#include "tools/why/reason.hpp"

namespace toll::why {

struct Question {
  const dsl::Policy* policy = nullptr;
  const dsl::SourceSet* sources = nullptr;
  std::shared_ptr<const Program> program;  ///< of the policy; null: it is made for this question
  std::vector<std::string> events;         ///< lines, of all accounts
  std::string account;
  std::string until;        ///< RFC 3339; empty: the greatest time in the events
  std::uint64_t entry = 0;  ///< seq in the account's ledger; 0: `invoice` says which
  std::string invoice;      ///< a month: all entries that list amounts for it
  std::size_t line = 0;     ///< of the entry\'s list, from 1; 0: all of the entry
  std::string otherwise;    ///< what it is not: a name of the policy; empty: nothing asked
  bool all = false;         ///< lists in full
  Language language = Language::en;
};

struct Answer {
  std::vector<Reason> reasons;  ///< one for each entry asked about
  Message problem;              ///< why there is none
};

Answer answer(const Question& question);

/// The language of the policy's own words.
Language language_of(const dsl::Policy& policy);

}  // namespace toll::why
