// Statements as one flat table: a row a line, figures in columns of their own, so that a
// spreadsheet can add them up and filter them.
#include <algorithm>
#include <array>

#include "tools/csv_text.hpp"
#include "tools/statement_data.hpp"
#include "tools/statement_document.hpp"

namespace toll::tools {
namespace {

/// The columns, in this order; their headings are `bill.csv.NAME`.
enum Column : std::size_t {
  kMonth,
  kAccount,
  kSection,
  kTime,
  kId,
  kItem,
  kClass,
  kOpening,
  kReceived,
  kDrawn,
  kExpired,
  kReturned,
  kDifference,
  kClosing,
  kQuantity,
  kUnit,
  kTier,
  kPrice,
  kNextFrom,
  kNextPrice,
  kAmount,
  kCurrency,
  kDetails,
  kColumns
};
constexpr std::array<std::string_view, kColumns> kNames = {
    "month",      "account",    "section",  "time",     "id",      "item",
    "class",      "opening",    "received", "drawn",    "expired", "returned",
    "difference", "closing",    "quantity", "unit",     "tier",    "price",
    "next-from",  "next-price", "amount",   "currency", "details"};

class CsvCells {
 public:
  /// Words, which must not be taken for a formula.
  void text(Column column, std::string_view text) { cells_[column] = csv_words(text); }
  void figure(Column column, std::string digits) { cells_[column] = std::move(digits); }
  [[nodiscard]] bool empty(Column column) const { return cells_[column].empty(); }

  [[nodiscard]] std::string line() const {
    std::string out;
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (i > 0) out += ',';
      out += csv_cell(cells_[i]);
    }
    return out + "\r\n";
  }

 private:
  std::array<std::string, kColumns> cells_;
};

class CsvWriter {
 public:
  CsvWriter(const MonthStatement& statement, const StatementWords& words)
      : s_(statement), w_(words), core_(words.core()) {}

  std::string run() {
    for (std::size_t i = 0; i < s_.buckets.size(); ++i) buckets(i);
    for (std::size_t i = 0; i < s_.beyond.size(); ++i) beyond(i);
    for (std::size_t i = 0; i < s_.metered.size(); ++i) usage(i);
    for (const InvoiceCopy& one : s_.invoices) invoice(one);
    for (const AdjustmentLine& line : s_.adjustments) adjustment(line);
    for (const EntryCopy& one : s_.entries) entry(one);
    if (out_.empty()) out_ += row("month").line();  // a month is never left out
    return std::move(out_);
  }

 private:
  using Members = std::vector<EntryKind::Member>;

  [[nodiscard]] CsvCells row(std::string_view section) const {
    CsvCells cells;
    cells.text(kMonth, w_.month(s_.month));
    cells.text(kAccount, s_.account);
    cells.text(kSection, w_.say(std::string("csv.section-").append(section)));
    return cells;
  }

  void labels(CsvCells& cells, const std::vector<Datum>& labels) const {
    std::string more;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (i == 0) {
        cells.text(kItem, w_.shown(labels[i]));
      } else {
        more += (more.empty() ? "" : " / ") + w_.shown(labels[i]);
      }
    }
    cells.text(kClass, more);
  }

  void price(CsvCells& cells, Column column, Value value, const Type& type) const {
    if (value == kAbsent) {
      cells.text(column, w_.say("quote"));
    } else {
      cells.figure(column, StatementWords::plain(value, type));
    }
  }

  void buckets(std::size_t index) {
    const Statement::Bucket& bucket = w_.statement().buckets[index];
    for (const BucketLine& line : s_.buckets[index]) {
      CsvCells cells = row("balance");
      labels(cells, line.labels);
      cells.text(kId, line.id);
      cells.text(kUnit, w_.unit(bucket.unit));
      const auto figure = [&](Column column, Value value) {
        cells.figure(column, StatementWords::plain(value, bucket.unit));
      };
      figure(kOpening, line.opening);
      figure(kReceived, line.received);
      figure(kDrawn, line.drawn);
      figure(kExpired, line.expired);
      figure(kReturned, line.returned);
      figure(kDifference, line.difference);
      figure(kClosing, line.closing);
      if (line.until != kAbsent) {
        cells.text(kDetails, w_.say("until") + " " + w_.instant(line.until));
      }
      out_ += cells.line();
    }
  }

  void beyond(std::size_t index) {
    const Statement::Draw& draw = w_.statement().draws[index];
    for (const BeyondLine& line : s_.beyond[index]) {
      CsvCells cells = row("beyond");
      labels(cells, line.labels);
      cells.text(kId, line.id);
      cells.figure(kQuantity, StatementWords::plain(line.count, draw.unit));
      cells.text(kUnit, w_.unit(draw.unit));
      out_ += cells.line();
    }
  }

  void usage(std::size_t index) {
    const Statement::Metered& metered = w_.statement().metered[index];
    for (const UsageLine& line : s_.metered[index]) {
      CsvCells cells = row("usage");
      labels(cells, line.labels);
      cells.figure(kQuantity, StatementWords::plain(line.count, metered.unit));
      cells.text(kUnit, w_.unit(metered.unit));
      if (metered.price != kNone) price(cells, kPrice, line.price, metered.price_type);
      if (line.tier != kAbsent) {
        cells.figure(kTier, StatementWords::plain(line.tier, metered.unit));
      }
      if (line.upto != kAbsent) {
        cells.figure(kNextFrom, StatementWords::plain(line.upto, metered.unit));
        price(cells, kNextPrice, line.next, metered.price_type);
      }
      if (line.late != 0) {
        cells.text(kDetails, w_.say("late") + " " + w_.number(line.late, metered.unit));
      }
      out_ += cells.line();
    }
  }

  void amount(CsvCells& cells, Value value, const Type& type) const {
    price(cells, kAmount, value, type);
    currency(cells, type);
  }

  void currency(CsvCells& cells, const Type& type) const {
    for (const Dimension::Power& power : type.dimension.powers) {
      if (power.unit == 0 || !core_.units[power.unit].currency) continue;
      const Unit& unit = core_.units[power.unit];
      cells.text(kCurrency, unit.code.empty() ? unit.name : unit.code);
    }
  }

  /// Words, a count and a price go where they belong, the first of each; the rest is details.
  void line(CsvCells& cells, const Members& columns, const std::vector<Datum>& row,
            std::uint32_t money, std::uint32_t month, std::string details) const {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Datum& datum = row[i];
      const bool words = datum.type.kind == Kind::name || datum.type.kind == Kind::text;
      const bool number = datum.type.kind == Kind::number;
      const bool coin = w_.has_currency(datum.type);
      if (i == money) {
        amount(cells, datum.value, datum.type);
      } else if (i == month && datum.value == s_.month) {
        continue;
      } else if (words && cells.empty(kItem)) {
        cells.text(kItem, w_.shown(datum));
      } else if (words && cells.empty(kClass)) {
        cells.text(kClass, w_.shown(datum));
      } else if (number && !coin && cells.empty(kQuantity) && !datum.absent()) {
        cells.figure(kQuantity, StatementWords::plain(datum.value, datum.type));
        cells.text(kUnit, w_.unit(datum.type));
      } else if (number && coin && cells.empty(kPrice)) {
        price(cells, kPrice, datum.value, datum.type);
      } else if (!datum.absent()) {
        details += (details.empty() ? "" : " \u00b7 ") + columns[i].name + " " + w_.shown(datum);
      }
    }
    cells.text(kDetails, details);
  }

  void invoice(const InvoiceCopy& invoice) {
    const Statement::Bill& bill = w_.statement().bills[invoice.bill];
    const EntryKind& kind = core_.entries[bill.entry];
    if (bill.rows != kNone) {
      for (const std::vector<Datum>& one : invoice.entry.rows[bill.rows]) {
        CsvCells cells = row("line");
        cells.text(kTime, w_.instant(invoice.entry.time));
        line(cells, kind.members[bill.rows].columns, one, bill.row_money, bill.row_month, {});
        out_ += cells.line();
      }
    }
    CsvCells cells = row("invoice");
    cells.text(kTime, w_.instant(invoice.entry.time));
    std::string details;
    if (invoice.unpriced > 0 && bill.rows != kNone) {
      details = w_.say("unpriced", {std::to_string(invoice.unpriced)});
    }
    if (invoice.difference != 0) {
      figure_difference(cells, invoice.difference, kind.members[bill.sum].type);
    }
    line(cells, kind.members, invoice.entry.members, bill.sum, bill.month, std::move(details));
    out_ += cells.line();
  }

  static void figure_difference(CsvCells& cells, Value value, const Type& type) {
    cells.figure(kDifference, StatementWords::plain(value, type));
  }

  void adjustment(const AdjustmentLine& one) {
    const Statement::Bill& bill = w_.statement().bills[one.bill];
    CsvCells cells = row("adjustment");
    cells.text(kTime, w_.instant(one.time));
    line(cells, core_.entries[bill.entry].members[bill.rows].columns, one.cells, bill.row_money,
         bill.row_month, w_.say("on-invoice") + " " + w_.month(one.invoice_month));
    out_ += cells.line();
  }

  void entry(const EntryCopy& entry) {
    CsvCells cells = row("entry");
    cells.text(kTime, w_.instant(entry.time));
    cells.text(kItem, core_.entries[entry.kind].name);
    cells.text(kDetails, details_of(entry, w_));
    out_ += cells.line();
  }

  const MonthStatement& s_;
  const StatementWords& w_;
  const Core& core_;
  std::string out_;
};

}  // namespace

std::string csv_head(const StatementWords& words) {
  std::string out = "\ufeff";  // spreadsheets take it for a sign that this is UTF-8
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (i > 0) out += ',';
    out += csv_cell(words.say("csv." + std::string(kNames[i])));
  }
  return out + "\r\n";
}

std::string as_csv(const MonthStatement& statement, const StatementWords& words) {
  return CsvWriter(statement, words).run();
}

}  // namespace toll::tools
