// Why an account pays another amount: its greatest line asked about under both policies, and where
// the two answers part.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/policy.hpp"
#include "io/event_reader.hpp"
#include "messages/messages.hpp"
#include "toll/engine.hpp"
#include "tools/backtest/result.hpp"

namespace toll::backtest {

/// The events of a few accounts, picked from all.
class EventsOf {
 public:
  EventsOf(const Core& core, const Result& result, const std::vector<std::uint32_t>& accounts);

  void take(std::string_view line);
  /// None if there are more than could be explained in good time.
  [[nodiscard]] const std::vector<std::string>* of(const std::string& account) const;

 private:
  struct Events {
    std::vector<std::string> lines;
    bool too_many = false;
  };
  [[nodiscard]] bool may_name_one(std::string_view line) const;

  io::EventReader reader_;
  std::map<std::string, Events, std::less<>> by_account_;
};

/// One sentence of an explanation.
struct Cause {
  std::string text;    ///< empty: there is nothing on this side
  std::string place;   ///< file:line of the rule or row
  std::string source;  ///< the paragraph of the document that it implements
};

struct Explained {
  std::uint32_t account = 0;
  const PartLine* line = nullptr;  ///< the one that changes most; null: none
  Both<std::string> entry;         ///< the entries it stands in: number, time, event or timer
  Both<Cause> cause;
};

struct Explaining {
  Both<const dsl::Policy*> policy = {};
  Both<const dsl::SourceSet*> sources = {};
  Both<std::shared_ptr<const Program>> program;
  std::string until;  ///< RFC 3339
  Language language = Language::en;
};

/// The line of an account's bills that changes most; null: none does.
const PartLine* greatest_line(const Book& book);

/// `events` null: what is known without them.
Explained explain(const Result& result, std::uint32_t account, const EventsOf* events,
                  const Explaining& explaining);

}  // namespace toll::backtest
