// The wire format over the engine: CloudEvents in JSON lines in, ledger entries in JSON lines out.
//
// A JsonRunner holds the accounts of one policy, by subject. It owns no file and starts no thread;
// feed it lines from anywhere. One thread at a time; runners are independent of each other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "toll/core.hpp"
#include "toll/engine.hpp"
#include "toll/value.hpp"

namespace toll {

/// Sees a runner at work: what tools make reports of.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Are events of this account to be applied? Those of others are passed over.
  virtual bool wants(std::string_view subject);
  /// An event of this time is about to be applied, or the account to be advanced to it.
  virtual void before(std::string_view subject, const Account& account, Value time);
  /// A ledger entry, before its line is written.
  virtual void entry(std::string_view subject, const Account& account, const EntryView& entry);
  /// What `before` told of is done; false: it failed and changed nothing.
  virtual void after(std::string_view subject, const Account& account, bool applied);
};

class JsonRunner {
 public:
  /// Is given each ledger line without its line end; borrowed for the call. Without one, no line is
  /// written.
  using Ledger = std::function<void(std::string_view line)>;

  struct Totals {
    std::uint64_t events = 0;   ///< lines fed
    std::uint64_t entries = 0;  ///< ledger lines written
    std::uint64_t errors = 0;   ///< of them, `error` entries
    std::uint64_t accounts = 0;
  };

  JsonRunner(std::shared_ptr<const Core> core, Ledger ledger);
  /// The same with a Program made before, to be shared by many runners.
  JsonRunner(std::shared_ptr<const Program> program, Ledger ledger);
  ~JsonRunner();
  JsonRunner(JsonRunner&&) noexcept;
  JsonRunner& operator=(JsonRunner&&) noexcept;

  /// Applies one event to its account. `line_number` is for error entries; 0: not from a file.
  /// False: the event was refused and wrote an `error` entry.
  bool feed(std::string_view line, std::uint64_t line_number = 0);

  /// For a line longer than the contract allows, which need not be kept to be refused.
  void feed_too_long(std::uint64_t line_number);

  /// Fires the timers of all accounts up to and including `until`, account by account in the order
  /// in which they first appeared.
  void advance(Value until);

  /// The instant an RFC 3339 text means; absent if it means none.
  [[nodiscard]] Value parse_time(std::string_view text) const;

  /// The greatest time that a line has told so far; absent if none has.
  [[nodiscard]] Value latest_time() const;
  [[nodiscard]] const Totals& totals() const;

  /// Null if no event has named this subject yet, nor has it been restored.
  [[nodiscard]] Account* account(std::string_view subject);

  /// All accounts, in the order in which they first appeared.
  using Visitor = std::function<void(std::string_view subject, const Account& account)>;
  void visit(const Visitor& visitor) const;

  /// Gives a subject the state that `Account::save` wrote, whatever it had before. Returns what is
  /// wrong with the state; empty if nothing is. A state that is refused changes nothing.
  std::string restore(std::string_view subject, std::string_view state);

  /// Traces what is applied from here on; null: nothing.
  void trace(Trace* trace);

  /// Shows what is done from here on; null: to nobody.
  void observe(Observer* observer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace toll
