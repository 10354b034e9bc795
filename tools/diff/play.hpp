// Histories of one account, played under two policies at once until their ledgers part.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/event_reader.hpp"
#include "io/ledger_writer.hpp"
#include "toll/engine.hpp"

namespace toll::diff {

struct PlayedEvent {
  nlohmann::json object;
  Value time = kAbsent;
  std::string line;  ///< the object as it is sent

  void write();
};

struct PlayedHistory {
  std::vector<PlayedEvent> events;
  Value until = kAbsent;
};

/// Where two ledgers part.
struct Parting {
  bool differs = false;
  std::size_t step = 0;  ///< the event, or one more than the last: time alone
  Value time = kAbsent;  ///< of the first entry that differs
  std::string before;    ///< without the place of its rule; empty: no such entry
  std::string after;
};

/// One policy, ready to play. Ledgers are told without `rule`: where a rule stands is no bill.
class Player {
 public:
  struct Entry {
    Value time = kAbsent;
    std::string line;
  };

  explicit Player(std::shared_ptr<const Program> program);
  void begin(Trace* trace);
  /// What an event, or time, comes to.
  const std::vector<Entry>& event(const std::string& line);
  const std::vector<Entry>& until(Value time);
  [[nodiscard]] const Account& account() const { return *account_; }

 private:
  struct Writer : Sink {
    explicit Writer(const Core& core) : ledger(core) {}
    void entry(const Account& account, const EntryView& entry) override;
    io::LedgerWriter ledger;
    std::vector<Entry> entries;
  };

  std::shared_ptr<const Program> program_;
  io::EventReader reader_;
  Writer writer_;
  std::unique_ptr<Account> account_;
  Trace* trace_ = nullptr;
};

class Duel {
 public:
  Duel(const std::shared_ptr<const Program>& before, const std::shared_ptr<const Program>& after)
      : before_(before), after_(after) {}

  /// Plays both to the parting; the traces see no more than that, unless it is played to its end.
  Parting play(const PlayedHistory& history, Trace* before = nullptr, Trace* after = nullptr,
               bool to_the_end = false);
  [[nodiscard]] std::size_t played() const { return played_; }
  /// Do the accounts of the last history differ, so that its ledgers may part later?
  [[nodiscard]] bool apart() const { return before_.account().save() != after_.account().save(); }
  /// A history without what comes after the event with which its accounts part; nothing: they do
  /// not. The accounts are those after it.
  std::optional<PlayedHistory> to_the_parting(const PlayedHistory& history);
  [[nodiscard]] const Account& account(std::size_t side) const {
    return side == 0 ? before_.account() : after_.account();
  }

 private:
  Player before_;
  Player after_;
  std::size_t played_ = 0;
};

}  // namespace toll::diff
