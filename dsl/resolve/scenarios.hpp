// Scenarios: a story of events with what must come of each, turned into events and expectations in
// the wire's own words.
//
//   scenario NAME ["SOURCE"] {
//     at 2025-07-01 09:00 EVENT FIELD VALUE, FIELD VALUE, ..
//     at 2025-08-03                                          time passes
//     expect ENTRY MEMBER VALUE, MEMBER VALUE, ..            since the last `at`, one such entry
//     expect no ENTRY MEMBER VALUE, ..
//     expect that CONDITION                                  of the account as it is now
//   }
// A VALUE that is a list of rows has brackets round each: draws (bucket "o1", units 1000), (..).
#pragma once

#include <string>
#include <vector>

#include "dsl/resolve/builder.hpp"

namespace toll::dsl {

class ScenarioReader {
 public:
  ScenarioReader(Builder& builder, const Clause& clause) : builder_(builder), clause_(clause) {}
  void read(std::vector<Scenario>& out);

 private:
  struct Column {
    std::string name;
    std::string wire;
    Type type;
  };
  bool rows(Cursor& head, const std::vector<Column>& columns, const std::string& what,
            std::string& json);
  void step(const Clause& clause, Scenario& scenario);
  void at_step(const Clause& clause, Cursor& head, Scenario& scenario);
  void expect_step(const Clause& clause, Cursor& head, Scenario& scenario);
  void that_step(const Clause& clause, Cursor& head, Scenario& scenario);
  std::string time_text(const Token& token) const;
  bool event_fields(Cursor& head, std::uint32_t event, std::uint32_t parent, std::string& json);
  bool field_value(Cursor& head, std::uint32_t event, std::uint32_t field, std::string& json);
  bool list_value(Cursor& head, const Field& field, std::string& json);
  bool one_value(Cursor& head, const Type& type, bool open, std::string& json);
  bool member_value(Cursor& head, const EntryKind::Member& member, std::string& json);
  bool members(Cursor& head, const std::vector<EntryKind::Member>& all, std::string& json,
               bool& any);

  Builder& builder_;
  const Clause& clause_;
  int events_ = 0;
};

}  // namespace toll::dsl
