// Statements: what a customer is told of a month. Nothing here says what happens; it says which
// rows are buckets, which entries draw from them, and which are invoices.
//
//   statement NAME {
//     bucket b in ROWS {
//       id TEXT                      by which draws name it
//       by VALUE [as HEADING], ..    what else to tell of it
//       count UNITS                  received in all
//       rest UNITS                   still in it
//       returned UNITS               given back in all
//       from INSTANT until INSTANT
//       quiet when CONDITION         one sum will do for those that nothing was drawn from
//     }
//     metered u in ROWS {
//       by VALUE, ..
//       month MONTH
//       count UNITS
//       tariff TARIFF [by KEY, ..] [where CONDITION]
//       price PRICE                  if it is not the tariff's
//     }
//     draw d in ENTRY.ROWS { id d.MEMBER; by d.MEMBER, ..; count d.MEMBER }
//     bill x in ENTRY { month x.MEMBER; sum x.MEMBER; rows l in x.ROWS { month l.MEMBER; money
//     l.MEMBER } } shows ENTRY, .. text "CODE" = "WHAT CUSTOMERS READ"
//   }
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dsl/resolve/builder.hpp"

namespace toll::dsl {

class StatementReader {
 public:
  StatementReader(Builder& builder, const Clause& clause) : b_(builder), clause_(clause) {}
  void read();

 private:
  using Members = std::vector<EntryKind::Member>;

  /// The lines of a part, by their first word.
  struct Parts {
    const Clause* whole = nullptr;
    std::map<std::string, const Clause*> lines;
  };
  bool parts(const Clause& clause, const std::vector<std::string>& words, const char* expected,
             Parts& out);
  /// Reports that a part lacks a line (an id such as "what.id-line").
  void lacks(const Clause& clause, const char* line);
  void same_units();

  // -- rows of the account
  bool begin_view(const Clause& clause, Context& context, View& view);
  std::uint32_t column(View& view, const Typed& value);
  std::uint32_t value(const Parts& parts, const char* word, const Type& type, Context& context,
                      View& view);
  Typed number(const Parts& parts, const char* word, const char* missing, Context& context);
  bool labels(const Parts& parts, Context& context, View& view, std::vector<Statement::Label>& out);
  void bucket(const Clause& clause);
  void dates(const Parts& parts, Context& context, View& view, Statement::Bucket& bucket);
  void metered(const Clause& clause);
  void tariff(const Clause& line, Context& context, View& view, Statement::Metered& metered);
  bool tariff_keys(Cursor& head, const Table& table, Context& context, const View& view,
                   const Statement::Metered& metered, std::vector<NodeId>& keys);
  std::uint32_t add_view(View view);

  // -- entries
  struct Entry {
    Token row;
    std::uint32_t kind = kNone;
    std::uint32_t rows = kNone;
    const Members* members = nullptr;
  };
  bool entry(const Clause& clause, bool may_be_rows, Entry& out);
  bool entry_named(const Token& name, std::uint32_t& out);
  /// `d.MEMBER`, of a type that fits; kNone after an error.
  std::uint32_t member(Cursor& line, const Token& row, const Members& members,
                       const std::function<bool(const Type&)>& fits, const char* wanted);
  std::uint32_t member_line(const Parts& parts, const char* word, const Token& row,
                            const Members& members, const std::function<bool(const Type&)>& fits,
                            const char* wanted);
  void draw(const Clause& clause);
  void bill(const Clause& clause);
  void bill_rows(const Clause& clause, const Token& entry, Statement::Bill& bill);
  void shows(Cursor& line);
  void wording(Cursor& line);

  Builder& b_;
  const Clause& clause_;
  Statement made_;
};

}  // namespace toll::dsl
