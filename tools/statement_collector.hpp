// Watches a run and makes statements of it: one pass over the events, one statement for an account
// and month.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toll/json.hpp"
#include "tools/statement_books.hpp"

namespace toll::tools {

class StatementCollector final : public Observer {
 public:
  struct Wanted {
    std::optional<std::string> account;  ///< none: all
    std::optional<Value> month;          ///< none: all of an account's history
  };

  /// `statement` is one of core.statements.
  StatementCollector(const Core& core, const Statement& statement, Wanted wanted);

  bool wants(std::string_view subject) override;
  void before(std::string_view subject, const Account& account, Value time) override;
  void entry(std::string_view subject, const Account& account, const EntryView& entry) override;
  void after(std::string_view subject, const Account& account, bool applied) override;

  /// Was any event of this account applied?
  [[nodiscard]] bool knows(std::string_view subject) const;

  /// Gives out the statements, account by account in order of first appearance, month by month.
  /// The runner has advanced to `until`. Returns how many.
  using Out = std::function<void(const MonthStatement& statement)>;
  std::size_t finish(JsonRunner& runner, Value until, const Out& out);

 private:
  struct Books {
    std::string name;
    Value high = kAbsent;     ///< how far the account ever came
    Value booking = kAbsent;  ///< the same while an event is at hand
    Value month = 0;          ///< that `high` is in, which ends at month_end
    Value month_start = 0;
    Value month_end = 0;
    Snapshot opening;  ///< of that month
    std::map<Value, MonthBook> months;
  };
  /// The beginning of a month that the event at hand passes, and the account there.
  struct Passed {
    Value month = 0;
    Snapshot snapshot;
    std::vector<StatementReading::Metered> metered;  ///< of the month that ends
  };

  Books& books_of(std::string_view subject);
  void enter(Books& books, Value month);
  MonthBook& book(Books& books, Value month);
  [[nodiscard]] bool tells(Value month) const;
  void settle(Books& books, const Snapshot& closing,
              const std::vector<StatementReading::Metered>& metered, bool closed);
  void draw(MonthBook& book, std::uint32_t index, const Account& account, const EntryView& entry);
  void bill(Books& books, std::uint32_t index, const EntryCopy& entry, Value booked);
  void adjust(Books& books, std::uint32_t index, const InvoiceCopy& invoice, Value month);
  void tell(const Account& account, Books& books, MonthBook& book, const Out& out);

  const Core& core_;
  StatementReading reading_;
  Wanted wanted_;
  std::deque<Books> all_;
  std::map<std::string, Books*, std::less<>> by_name_;
  Books* at_hand_ = nullptr;
  std::vector<Passed> passed_;
  std::vector<bool> told_kinds_;  ///< by entry kind: is anything done with it?
};

}  // namespace toll::tools
