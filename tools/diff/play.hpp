// Histories of one account, played under two policies at once until their ledgers part.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
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

  /// Plays both to the parting; the traces see no more than that.
  Parting play(const PlayedHistory& history, Trace* before = nullptr, Trace* after = nullptr);
  [[nodiscard]] std::size_t played() const { return played_; }

 private:
  Player before_;
  Player after_;
  std::size_t played_ = 0;
};

}  // namespace toll::diff
