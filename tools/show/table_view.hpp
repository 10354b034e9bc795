// Tables as a price page prints them: keys first, columns across, bands as ranges, editions by
// date.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/show/document.hpp"
#include "tools/show/remarks.hpp"
#include "tools/show/words.hpp"

namespace toll::tools::show {

/// What belongs to each name of a domain, by the table that lists that domain: shown beside the
/// names in other tables, as price pages print what a price is for.
struct Companion {
  std::string domain;
  std::string title;                    ///< the domain of what belongs to them
  std::map<std::string, Inline> names;  ///< by folded name
};

class TableView {
 public:
  /// `csv_rows`: of a table whose rows lie in another file. `at`: only what is in force then.
  TableView(const Words& words, const Remarks& remarks, const dsl::Clause& clause,
            std::vector<dsl::Clause> csv_rows, std::optional<Value> at);

  /// One grid for each edition; one in all if `at` is given.
  [[nodiscard]] std::vector<Block> blocks() const;

  /// How many rows there are, at any time.
  [[nodiscard]] std::size_t size() const;

  /// If this is a relation that lists the domain of one of its sides: what belongs to each name.
  [[nodiscard]] std::optional<Companion> companion() const;
  /// Shown beside the first key, if that is of the companion's domain or one that includes it.
  void accompany(const std::vector<Companion>& companions);

 private:
  struct Cell {
    std::vector<Tokens> items;  ///< the names of a list, or one value
  };
  struct Row {
    std::vector<Cell> cells;
    std::string heading;
    std::string heading_remark;
    std::string remark;
    std::string source;
  };
  struct Era {
    std::string since;  ///< as written, empty: always
    std::string until;
    Value since_value = kAbsent;
    Value until_value = kAbsent;
    bool operator==(const Era& other) const {
      return since_value == other.since_value && until_value == other.until_value;
    }
  };
  /// Rows of one edition under one header.
  struct Part {
    Era era;
    const dsl::Clause* header = nullptr;
    std::vector<Row> rows;
  };
  struct Column {
    std::string name;
    bool across = false;
    Tokens tokens;  ///< across: the header's cell
  };

  void read_head();
  void read_body();
  [[nodiscard]] Era read_era(const dsl::Clause& clause) const;
  [[nodiscard]] bool in_force(const Era& era) const;
  [[nodiscard]] std::vector<Part> parts_in_force() const;
  [[nodiscard]] std::vector<Column> columns_of(const dsl::Clause& header) const;
  [[nodiscard]] bool is_key(const std::string& name) const;
  [[nodiscard]] bool is_relation(const std::vector<Column>& columns) const;
  [[nodiscard]] std::vector<std::size_t> order_of(const Part& part,
                                                  const std::vector<Column>& columns) const;
  [[nodiscard]] Grid grid(const Part& part) const;
  [[nodiscard]] Grid grouped(const Part& part) const;
  [[nodiscard]] std::vector<Row> merged(const Part& part, std::size_t group, bool anywhere) const;
  void fill(Grid& grid, const std::vector<Row>& rows, const std::vector<Column>& columns,
            const std::vector<std::size_t>& order) const;
  [[nodiscard]] Inline title(const std::vector<Column>& columns, std::size_t index) const;
  [[nodiscard]] Inline cell(const Cell& cell) const;
  [[nodiscard]] Inline item(const Tokens& tokens) const;
  [[nodiscard]] Inline range(const Tokens* lower, const Tokens& upper) const;
  [[nodiscard]] Inline caption(const Era& era) const;
  [[nodiscard]] Inline source(const std::vector<Row>& rows) const;
  [[nodiscard]] bool has_domain(const std::string& name) const;

  const Words& words_;
  const Remarks& remarks_;
  const dsl::Clause& clause_;
  std::vector<dsl::Clause> csv_rows_;
  std::optional<Value> at_;
  std::vector<std::string> keys_;
  std::string band_;
  std::string across_;
  std::vector<std::string> lists_;
  const Companion* companion_ = nullptr;
  std::vector<Part> parts_;
};

}  // namespace toll::tools::show
