// Scenarios: a story of events with what must come of each, turned into events and expectations in
// the wire's own words.
//
//   scenario NAME ["SOURCE"] {
//     at 2025-07-01 09:00 EVENT FIELD VALUE, FIELD VALUE, ..
//     at 2025-08-03                                          time passes
//     expect ENTRY MEMBER VALUE, MEMBER VALUE, ..            since the last `at`, one such entry
//     expect 2 ENTRY MEMBER VALUE, ..                        just so many
//     expect no ENTRY MEMBER VALUE, ..
//     expect no entry                                        none of any kind
//     expect MACHINE is STATE                                of the account as it is now; and so
//     any expect that CONDITION                                  condition that begins with a name
//   }
// A VALUE that is a list of rows has brackets round each: draws (bucket "o1", units 1000), (..).
//
//   examples NAME ["SOURCE"] [file "ROWS.csv"] {             a scenario for each row
//     steps, where a VALUE or TIME may be the name of a column; a FIELD or MEMBER without a value
//     has that of the column of its name
//     | COLUMN | COLUMN | because      |
//     | VALUE  | -      | "what it is" |
//   }
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/text_index.hpp"
#include "messages/messages.hpp"

namespace toll::dsl {

/// The names of fields, members and columns that steps speak of, each list of them made once. What
/// they are of must stay where it is.
class ScenarioShapes {
 public:
  /// What a time as it is written becomes.
  const std::string& time(std::string_view written, const Calendar& calendar);

  struct Column {
    std::string name;
    std::string wire;
    Type type;
  };
  struct Rows {
    std::vector<Column> columns;
    NameMap names;
    void add(Column column);
  };
  const NameMap& fields(const EventType& event, std::uint32_t parent);
  const NameMap& members(const EntryKind& entry);
  const Rows& rows(const EntryKind::Member& member);
  const Rows& rows(const ListType& list);

 private:
  std::map<std::pair<const EventType*, std::uint32_t>, NameMap> fields_;
  std::map<const EntryKind*, NameMap> members_;
  std::map<const void*, Rows> rows_;
  struct Time {
    std::string written;
    std::string text;
  };
  struct WrittenOf {
    std::string_view operator()(const Time& time) const { return time.written; }
  };
  std::deque<Time> times_;
  TextIndex<const Time, WrittenOf> times_by_text_;
};

class ScenarioReader {
 public:
  ScenarioReader(Builder& builder, ScenarioShapes& shapes, const Clause& clause)
      : builder_(builder), shapes_(shapes), clause_(clause) {}
  void read(std::vector<Scenario>& out);
  void read_examples(std::vector<Scenario>& out);

 private:
  /// What stands in a column in the row at hand.
  struct Cell {
    const std::vector<Token>* tokens = nullptr;
    SourceSpan span;
    bool used = false;
  };
  struct Header {
    std::vector<std::string> columns;  ///< folded
    std::vector<SourceSpan> spans;
    std::size_t note = kNone;  ///< the column `because`
  };

  /// Reads one value; it is used while the function that it was made from is there.
  class Read {
   public:
    template <typename Function>
    Read(const Function& function)  // NOLINT(google-explicit-constructor)
        : function_(&function), call_([](const void* of, Cursor& at, std::string& out) -> bool {
            return (*static_cast<const Function*>(of))(at, out);
          }) {}
    bool operator()(Cursor& at, std::string& out) const { return call_(function_, at, out); }

   private:
    const void* function_;
    bool (*call_)(const void*, Cursor&, std::string&);
  };

  bool head(Scenario& scenario, Token* file);
  bool examples_header(const Clause& row, Header& header);
  void name_rows(const Header& header, const std::vector<const Clause*>& rows,
                 std::vector<Scenario>& made) const;
  [[nodiscard]] std::string cell_text(const Clause& row, std::size_t cell) const;
  void step(const Clause& clause, Scenario& scenario);
  void at_step(const Clause& clause, Cursor& head, Scenario& scenario);
  void expect_step(const Clause& clause, Cursor& head, Scenario& scenario);
  void that_step(const Clause& clause, Cursor& head, Scenario& scenario);
  std::vector<Token> without_columns(const Cursor& head, const Clause& clause);
  void parts(const Expr& expr, NodeId node, const Context& context, const Scenario& scenario,
             ScenarioStep& step);
  [[nodiscard]] static bool is_condition(const Cursor& head);
  void row_steps(const std::vector<const Clause*>& steps, Scenario& scenario);
  std::uint32_t define(NodeId node, const Context& context, const Scenario& scenario);
  [[nodiscard]] const std::string& time_text(const Token& token) const;

  [[nodiscard]] std::optional<std::uint32_t> event_called(const Token& name) const;
  [[nodiscard]] std::optional<std::uint32_t> unnamed_field(const Cursor& head,
                                                           const EventType& type,
                                                           std::uint32_t parent,
                                                           const std::vector<bool>& given) const;
  bool event_fields(Cursor& head, std::uint32_t event, std::uint32_t parent, std::string& json);
  bool field_value(Cursor& head, std::uint32_t event, std::uint32_t field, std::string& json);
  bool set_value(Cursor& head, const Type& type, std::string& json);
  bool list_value(Cursor& head, const Field& field, std::string& json);
  bool one_value(Cursor& head, const Type& type, bool open, std::string& json);
  bool literal_value(Cursor& head, const Type& type, std::string& json);
  bool plain_literal(Cursor& head, const Type& type, std::string& json);
  bool plain_number(Cursor& head, const Type& type, std::string& json);
  [[nodiscard]] static bool ends(const Cursor& head, std::size_t ahead);
  bool member_value(Cursor& head, const EntryKind::Member& member, std::string& json);
  bool members(Cursor& head, const EntryKind& entry, std::string& json);
  bool rows(Cursor& head, const ScenarioShapes::Rows& shape, const std::string& what,
            std::string& json);
  Cell* column(const Token& token);
  Cell* column_here(const Cursor& head, const Token* name);
  bool clashes(const Token& token, const Type& type);
  /// Reads a value from the cursor, or from the cell whose column stands there.
  bool value_or_column(Cursor& head, const Token* name, const Type* type, std::string& json,
                       Read read);

  Builder& builder_;
  ScenarioShapes& shapes_;
  const Clause& clause_;
  /// By step of an `examples`: what it is in every row, if no column stands in it.
  struct Same {
    ScenarioStep step;
    int events = 0;  ///< of the scenario, before it
    bool known = false;
  };
  std::vector<Same> same_;
  std::map<std::string, Cell, std::less<>> cells_;  ///< by folded column
  bool in_cell_ = false;
  std::size_t cells_read_ = 0;
  int events_ = 0;
};

}  // namespace toll::dsl
