// Tables as people write them: rows and columns, lists in cells, keys across, dated parts, bands.
//
//   table NAME by KEY, .. file "ROWS.csv"   rows in a spreadsheet beside the rule file
//   table NAME by KEY, KEY [band COLUMN] [across KEY as COLUMN] [lists DOMAIN, DOMAIN] [quiet] {
//     from 2025-06-23                 dates the rows that follow
//     heading "GROUP"                 stands above them where the table is shown
//     | KEY  | KEY | COLUMN: TYPE |   header; a column named like a domain holds its names
//     | a, b | c   | 1            |   a list in a cell stands for a row of each
//   }
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dsl/resolve/builder.hpp"

namespace toll::dsl {

class TableReader {
 public:
  TableReader(Builder& builder, const Clause& clause) : builder_(builder), clause_(clause) {}

  /// Adds the names that the columns of listed domains bring into being.
  void bring_names();
  /// Makes the table: columns, rows, order.
  void read();

 private:
  struct Era {
    Value since = kAbsent;
    Value until = kAbsent;
  };
  /// Part of a cell: one item of its list.
  struct Item {
    const std::vector<Token>* tokens = nullptr;
    std::size_t first = 0;
    std::size_t last = 0;
    SourceSpan span;
    [[nodiscard]] bool empty() const { return tokens == nullptr || first >= last; }
  };
  struct FlatRow {
    std::vector<Item> items;  ///< by column
    Era era;
    SourceSpan span;
    std::size_t under = 0;  ///< of what stands above rows
  };
  /// What stands above rows.
  struct Above {
    std::string source;   ///< the paragraph they are printed in
    std::string heading;  ///< the heading they stand under
  };
  struct Column {
    std::string name;
    SourceSpan span;
    bool typed = false;
    Type type;
  };

  bool head();
  bool gather();
  bool header(const Clause& row, const std::vector<const Clause*>& items, std::size_t at);
  void header_cell(const std::vector<Token>& cell, SourceSpan span);
  void body_row(const Clause& row, const Era& era);
  bool era(const Clause& clause, Era& era);
  std::size_t column(const std::string& name, SourceSpan span);
  static void split(const std::vector<Token>& cell, SourceSpan span, std::vector<Item>& items);
  void expand(const Era& era, SourceSpan span);
  bool read_csv();
  bool absent(const Item& item) const;
  [[nodiscard]] std::optional<std::uint32_t> listed_domain(const std::vector<Token>& head) const;
  bool settle_type(std::size_t column);
  std::optional<Value> value(std::size_t column, const Item& item);
  std::optional<Value> bound(const Item& item, bool& open);
  bool settle_keys();
  void make_rows();
  void tile_bands();
  void order_rows();
  void check_rows();
  void check_neighbours();
  [[nodiscard]] std::vector<Value> keys_of(const Table::Row& row) const;
  [[nodiscard]] std::string shown_keys(const Table::Row& row) const;
  [[nodiscard]] std::string shown_instant(Value instant) const;

  Builder& builder_;
  const Clause& clause_;
  Table table_;
  Token name_;
  std::vector<Token> keys_;
  Token band_;
  Token across_;
  Token across_value_;
  std::vector<Token> lists_;
  std::vector<Column> columns_;
  std::vector<std::size_t> written_;  ///< column of each plain header cell
  std::vector<Item> across_items_;    ///< header cells that are values of the across key
  std::size_t across_column_ = 0;
  std::size_t value_column_ = 0;
  std::vector<FlatRow> flat_;
  Token csv_;  ///< the file that holds the rows, if they are not here
  std::vector<Clause> csv_rows_;
  bool below_ = false;                    ///< a bound is written `< N`
  bool upto_ = false;                     ///< a bound is written `<= N`
  std::vector<Above> above_ = {{}};       ///< the last: of the rows at hand
  std::vector<std::vector<Item>> parts_;  ///< by column: items of the cell at hand
  std::vector<std::size_t> at_;           ///< by column: which of them
  std::vector<SourceSpan> spans_;         ///< of table_.rows
  ClauseId id_ = kNone;
};

}  // namespace toll::dsl
