#include "tools/statement_document.hpp"

#include <algorithm>

namespace toll::tools {
namespace {

using Row = StatementTable::Row;

class Layout {
 public:
  Layout(const MonthStatement& statement, const StatementWords& words)
      : s_(statement), w_(words), declared_(words.statement()), core_(words.core()) {}

  StatementDocument run() {
    StatementDocument out;
    out.title = declared_.name + " " + w_.month(s_.month);
    out.facts = {
        {w_.say("account"), s_.account},
        {w_.say("period"), w_.say(s_.closed ? "from-until" : "so-far",
                                  {w_.instant(s_.from), w_.instant(s_.until), core_.zone_name})},
        {w_.say("policy"), core_.name}};
    if (!s_.sound) out.warnings.push_back(w_.say("unsound"));
    for (std::size_t i = 0; i < s_.buckets.size(); ++i) add(out, buckets(i));
    if (!out.sections.empty()) explain_sums(out.sections.back());
    for (std::size_t i = 0; i < s_.beyond.size(); ++i) add(out, beyond(i));
    for (std::size_t i = 0; i < s_.metered.size(); ++i) add(out, usage(i));
    for (const InvoiceCopy& invoice : s_.invoices) add(out, this->invoice(invoice));
    if (s_.invoices.size() > 1) all_invoices(out);
    for (std::uint32_t bill = 0; bill < declared_.bills.size(); ++bill) {
      add(out, adjustments(bill));
    }
    add(out, entries());
    if (out.sections.empty()) out.warnings.push_back(w_.say("nothing"));
    return out;
  }

 private:
  static void add(StatementDocument& out, StatementSection section) {
    if (!section.table.rows.empty()) out.sections.push_back(std::move(section));
  }

  /// With the name of the part, if the policy has more than one such.
  [[nodiscard]] std::string heading(std::string_view id, std::size_t parts,
                                    const std::string& part) const {
    const std::string text = w_.say(id);
    return parts > 1 ? w_.say("part", {text, part}) : text;
  }

  [[nodiscard]] std::string rows_name(std::uint32_t view) const {
    const Source& source = core_.views[view].source;
    return source.of == Source::Of::table ? core_.tables[source.index].name
                                          : core_.families[source.index].name;
  }

  [[nodiscard]] std::string unit_of(const Type& type) const {
    const std::string unit = w_.unit(type);
    return unit.empty() ? unit : w_.say("unit", {unit});
  }

  void labels(StatementTable& table, const std::vector<Statement::Label>& labels) const {
    for (const Statement::Label& label : labels) table.columns.push_back({label.name, false});
  }

  void labels(Row& row, const std::vector<Datum>& labels) const {
    for (const Datum& label : labels) row.cells.push_back(w_.shown(label));
  }

  // ---- buckets

  struct Shape {
    bool until = false;
    bool returned = false;
    bool difference = false;
  };

  void figures(Row& row, const BucketLine& line, const Type& unit, const Shape& shape) const {
    row.cells.push_back(w_.number(line.opening, unit));
    row.cells.push_back(w_.number(line.received, unit));
    row.cells.push_back(w_.number(line.drawn, unit));
    row.cells.push_back(w_.number(line.expired, unit));
    if (shape.returned) row.cells.push_back(w_.number(line.returned, unit));
    if (shape.difference) row.cells.push_back(w_.number(line.difference, unit));
    row.cells.push_back(w_.number(line.closing, unit));
  }

  static void sum_up(BucketLine& sum, const BucketLine& line) {
    sum.opening += line.opening;
    sum.received += line.received;
    sum.drawn += line.drawn;
    sum.expired += line.expired;
    sum.returned += line.returned;
    sum.difference += line.difference;
    sum.closing += line.closing;
  }

  StatementSection buckets(std::size_t index) const {
    const Statement::Bucket& bucket = declared_.buckets[index];
    const std::vector<BucketLine>& lines = s_.buckets[index];
    StatementSection out;
    if (lines.empty()) return out;
    out.heading = heading("buckets", s_.buckets.size(), rows_name(bucket.view));
    out.unit = unit_of(bucket.unit);
    Shape shape;
    shape.until = bucket.until != kNone;
    BucketLine total;
    BucketLine quiet;
    std::size_t quiet_lines = 0;
    for (const BucketLine& line : lines) {
      shape.returned = shape.returned || line.returned != 0;
      shape.difference = shape.difference || line.difference != 0;
      sum_up(total, line);
      if (!line.quiet) continue;
      sum_up(quiet, line);
      ++quiet_lines;
    }
    bucket_columns(out.table, bucket, shape);
    bool late = false;
    const std::size_t words = bucket.labels.size() + (shape.until ? 2 : 1);
    for (const BucketLine& line : lines) {
      late = late || line.expired < 0;
      if (line.quiet && quiet_lines > 1) continue;
      Row& row = out.table.rows.emplace_back();
      labels(row, line.labels);
      row.cells.push_back(line.id);
      if (shape.until) row.cells.push_back(w_.instant(line.until));
      figures(row, line, bucket.unit, shape);
      if (line.difference != 0) {
        out.warnings.push_back(
            w_.say("unexplained", {line.id, w_.number(line.difference, bucket.unit)}));
      }
    }
    if (quiet_lines > 1) {
      Row& row = out.table.rows.emplace_back();
      row.remark = true;
      row.cells.assign(words, "");
      row.cells[0] = w_.say("others", {std::to_string(quiet_lines)});
      figures(row, quiet, bucket.unit, shape);
    }
    if (out.table.rows.size() > 1) {
      Row& row = out.table.rows.emplace_back();
      row.total = true;
      row.cells.assign(words, "");
      row.cells[0] = w_.say("total");
      figures(row, total, bucket.unit, shape);
    }
    if (late) out.notes.push_back(w_.say("late-draw"));
    return out;
  }

  /// How the columns of buckets add up, once for all of them.
  void explain_sums(StatementSection& section) const {
    bool returned = false;
    for (const std::vector<BucketLine>& lines : s_.buckets) {
      returned = returned || std::any_of(lines.begin(), lines.end(),
                                         [](const BucketLine& line) { return line.returned != 0; });
    }
    section.notes.insert(section.notes.begin(),
                         w_.say(returned ? "sum-rule-returned" : "sum-rule"));
  }

  void bucket_columns(StatementTable& table, const Statement::Bucket& bucket,
                      const Shape& shape) const {
    labels(table, bucket.labels);
    table.columns.push_back({w_.say("id"), false});
    if (shape.until) table.columns.push_back({w_.say("until"), false, true});
    for (const char* const id : {"opening", "received", "drawn", "expired"}) {
      table.columns.push_back({w_.say(id), true});
    }
    if (shape.returned) table.columns.push_back({w_.say("returned"), true});
    if (shape.difference) table.columns.push_back({w_.say("difference"), true});
    table.columns.push_back({w_.say("closing"), true});
  }

  StatementSection beyond(std::size_t index) const {
    const Statement::Draw& draw = declared_.draws[index];
    StatementSection out;
    out.heading = heading("beyond", s_.beyond.size(), core_.entries[draw.entry].name);
    out.unit = unit_of(draw.unit);
    labels(out.table, draw.labels);
    if (draw.labels.empty()) out.table.columns.push_back({w_.say("id"), false});
    out.table.columns.push_back({w_.say("quantity"), true});
    Value total = 0;
    for (const BeyondLine& line : s_.beyond[index]) {
      Row& row = out.table.rows.emplace_back();
      labels(row, line.labels);
      if (draw.labels.empty()) row.cells.push_back(line.id);
      row.cells.push_back(w_.number(line.count, draw.unit));
      total += line.count;
    }
    if (out.table.rows.size() > 1) {
      total_row(out.table, out.table.columns.size() - 1, w_.number(total, draw.unit));
    }
    return out;
  }

  void total_row(StatementTable& table, std::size_t column, std::string figure) const {
    Row& row = table.rows.emplace_back();
    row.total = true;
    row.cells.assign(table.columns.size(), "");
    if (column > 0) row.cells[0] = w_.say("total");
    row.cells[column] = std::move(figure);
  }

  // ---- usage

  StatementSection usage(std::size_t index) const {
    const Statement::Metered& metered = declared_.metered[index];
    const std::vector<UsageLine>& lines = s_.metered[index];
    StatementSection out;
    out.heading = heading("usage", s_.metered.size(), rows_name(metered.view));
    out.unit = unit_of(metered.unit);
    const bool late = std::any_of(lines.begin(), lines.end(),
                                  [](const UsageLine& line) { return line.late != 0; });
    const bool priced = metered.price != kNone;
    const bool tiers = std::any_of(lines.begin(), lines.end(),
                                   [](const UsageLine& line) { return line.tier != kAbsent; });
    labels(out.table, metered.labels);
    auto& columns = out.table.columns;
    columns.push_back({w_.say("quantity"), true});
    if (late) columns.push_back({w_.say("late"), true});
    if (tiers) columns.push_back({w_.say("tier"), false});
    const std::string price_unit = w_.unit(metered.price_type);
    if (priced) columns.push_back({w_.say("with-unit", {w_.say("price"), price_unit}), true});
    if (tiers) {
      columns.push_back({w_.say("distance"), true});
      columns.push_back({w_.say("with-unit", {w_.say("next"), price_unit}), true});
    }
    for (const UsageLine& line : lines) {
      Row& row = out.table.rows.emplace_back();
      labels(row, line.labels);
      row.cells.push_back(w_.number(line.count, metered.unit));
      if (late) row.cells.push_back(w_.number(line.late, metered.unit));
      if (tiers) row.cells.push_back(tier(line, metered.unit));
      if (priced) row.cells.push_back(price(line.price, metered.price_type));
      if (!tiers) continue;
      const bool more = line.upto != kAbsent;
      row.cells.push_back(more ? w_.number(line.upto - line.count, metered.unit) : "");
      row.cells.push_back(more ? price(line.next, metered.price_type) : "");
    }
    return out;
  }

  [[nodiscard]] std::string tier(const UsageLine& line, const Type& unit) const {
    if (line.tier == kAbsent) return {};
    const std::string from = w_.number(line.tier, unit);
    if (line.upto == kAbsent) return w_.say("tier-above", {from});
    return w_.say("tier-range", {from, w_.number(line.upto, unit)});
  }

  [[nodiscard]] std::string price(Value value, const Type& type) const {
    return value == kAbsent ? w_.say("quote") : w_.number(value, type);
  }

  // ---- invoices

  using Members = std::vector<EntryKind::Member>;

  void member_columns(StatementTable& table, const Members& members,
                      const std::vector<std::size_t>& shown) const {
    for (const std::size_t i : shown) {
      const std::string unit = w_.unit(members[i].type);
      const bool number = members[i].type.kind == Kind::number;
      table.columns.push_back(
          {number && !unit.empty() ? w_.say("with-unit", {members[i].name, unit}) : members[i].name,
           number});
    }
  }

  [[nodiscard]] std::string cell(const Datum& datum) const {
    if (datum.absent()) return w_.shown_or_quote(datum);
    return datum.type.kind == Kind::number ? w_.number(datum.value, datum.type) : w_.shown(datum);
  }

  static std::vector<std::size_t> all_of(const Members& members) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (!members[i].rows) shown.push_back(i);
    }
    return shown;
  }

  StatementSection invoice(const InvoiceCopy& invoice) const {
    const Statement::Bill& bill = declared_.bills[invoice.bill];
    const EntryKind& kind = core_.entries[bill.entry];
    StatementSection out;
    const std::string written = w_.instant(invoice.entry.time);
    out.heading = declared_.bills.size() > 1
                      ? w_.say("invoice-named", {w_.month(s_.month), written, kind.name})
                      : w_.say("invoice", {w_.month(s_.month), written});
    const Type& money = kind.members[bill.sum].type;
    if (bill.rows == kNone) {
      std::vector<std::size_t> shown = all_of(kind.members);
      std::erase(shown, bill.month);
      member_columns(out.table, kind.members, shown);
      Row& row = out.table.rows.emplace_back();
      for (const std::size_t i : shown) row.cells.push_back(cell(invoice.entry.members[i]));
      return out;
    }
    const Members& columns = kind.members[bill.rows].columns;
    member_columns(out.table, columns, all_of(columns));
    for (const std::vector<Datum>& line : invoice.entry.rows[bill.rows]) {
      Row& row = out.table.rows.emplace_back();
      for (const Datum& datum : line) row.cells.push_back(cell(datum));
    }
    total_row(out.table, bill.row_money,
              invoice.total == kAbsent ? w_.say("quote") : w_.number(invoice.total, money));
    for (std::size_t i = 0; i < kind.members.size(); ++i) {
      const bool told = i == bill.sum || i == bill.month || kind.members[i].rows;
      if (told || invoice.entry.members[i].absent()) continue;
      out.notes.push_back(
          w_.say("part", {kind.members[i].name, w_.shown(invoice.entry.members[i])}));
    }
    if (invoice.unpriced > 0) {
      out.notes.push_back(w_.say("unpriced", {std::to_string(invoice.unpriced)}));
    }
    if (invoice.difference != 0) {
      out.warnings.push_back(w_.say(
          "invoice-difference",
          {w_.number(invoice.total - invoice.difference, money), w_.number(invoice.total, money)}));
    }
    return out;
  }

  /// The sum of a month's invoices, currency by currency.
  void all_invoices(StatementDocument& out) const {
    std::vector<std::pair<Type, Value>> sums;
    for (const InvoiceCopy& invoice : s_.invoices) {
      const Statement::Bill& bill = declared_.bills[invoice.bill];
      const Type& type = core_.entries[bill.entry].members[bill.sum].type;
      if (invoice.total == kAbsent) continue;
      auto same = std::find_if(sums.begin(), sums.end(), [&](const auto& sum) {
        return sum.first.dimension == type.dimension && sum.first.scale == type.scale;
      });
      if (same == sums.end()) same = sums.insert(sums.end(), {type, 0});
      same->second += invoice.total;
    }
    for (const auto& [type, sum] : sums) {
      out.sections.back().notes.push_back(
          w_.say("all-invoices", {w_.number(sum, type) + " " + w_.unit(type)}));
    }
  }

  StatementSection adjustments(std::uint32_t index) const {
    const Statement::Bill& bill = declared_.bills[index];
    StatementSection out;
    if (bill.rows == kNone) return out;
    const EntryKind& kind = core_.entries[bill.entry];
    const Members& columns = kind.members[bill.rows].columns;
    out.heading = heading("adjustments", declared_.bills.size(), kind.name);
    out.table.columns.push_back({w_.say("on-invoice"), false});
    member_columns(out.table, columns, all_of(columns));
    Value sum = 0;
    for (const AdjustmentLine& line : s_.adjustments) {
      if (line.bill != index) continue;
      Row& row = out.table.rows.emplace_back();
      row.cells.push_back(w_.month(line.invoice_month));
      for (const Datum& datum : line.cells) row.cells.push_back(cell(datum));
      const Datum& money = line.cells[bill.row_money];
      if (!money.absent()) sum += money.value;
    }
    if (out.table.rows.size() > 1) {
      total_row(out.table, bill.row_money + 1, w_.number(sum, columns[bill.row_money].type));
    }
    return out;
  }

  // ---- entries

  StatementSection entries() const {
    StatementSection out;
    out.heading = w_.say("entries");
    out.table.columns = {
        {w_.say("time"), false, true}, {w_.say("what"), false, true}, {w_.say("details"), false}};
    for (const EntryCopy& entry : s_.entries) {
      const std::string& name = core_.entries[entry.kind].name;
      Row& row = out.table.rows.emplace_back();
      row.cells = {w_.instant(entry.time), entry.late ? w_.say("of-earlier", {name}) : name,
                   details_of(entry, w_)};
    }
    return out;
  }

  const MonthStatement& s_;
  const StatementWords& w_;
  const Statement& declared_;
  const Core& core_;
};

}  // namespace

std::string details_of(const EntryCopy& entry, const StatementWords& words) {
  const std::vector<EntryKind::Member>& members = words.core().entries[entry.kind].members;
  std::string out;
  const auto part = [&](const std::string& name, const std::string& value) {
    if (!out.empty()) out += " \u00b7 ";
    out += name + " " + value;
  };
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].rows) {
      for (const std::vector<Datum>& row : entry.rows[i]) {
        std::string cells;
        for (const Datum& datum : row) {
          if (datum.absent()) continue;
          cells += (cells.empty() ? "" : ", ") + words.shown(datum);
        }
        part(members[i].name, "(" + cells + ")");
      }
    } else if (!entry.members[i].absent()) {
      part(members[i].name, words.shown(entry.members[i]));
    } else if (members[i].null_if_absent) {
      part(members[i].name, words.shown_or_quote(entry.members[i]));
    }
  }
  return out;
}

StatementDocument document_of(const MonthStatement& statement, const StatementWords& words) {
  return Layout(statement, words).run();
}

}  // namespace toll::tools
