#include "io/time_text.hpp"
#include "tools/statement_data.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

class JsonWriter {
 public:
  JsonWriter(const MonthStatement& statement, const StatementWords& words)
      : s_(statement), w_(words), core_(words.core()), zone_(core_.zone) {}

  json all() const {
    json out = {{"account", s_.account},    {"month", w_.month(s_.month)},
                {"from", instant(s_.from)}, {"until", instant(s_.until)},
                {"closed", s_.closed},      {"sound", s_.sound}};
    out["balances"] = balances();
    out["beyond"] = beyond();
    out["usage"] = usage();
    out["invoices"] = json::array();
    for (const InvoiceCopy& one : s_.invoices) out["invoices"].push_back(invoice(one));
    out["adjustments"] = json::array();
    for (const AdjustmentLine& line : s_.adjustments) {
      const Statement::Bill& bill = w_.statement().bills[line.bill];
      out["adjustments"].push_back(
          {{"entry", core_.entries[bill.entry].wire},
           {"invoice_month", w_.month(line.invoice_month)},
           {"time", instant(line.time)},
           {"line", row(core_.entries[bill.entry].members[bill.rows].columns, line.cells)}});
    }
    out["entries"] = json::array();
    for (const EntryCopy& one : s_.entries) out["entries"].push_back(entry(one));
    return out;
  }

 private:
  [[nodiscard]] json instant(Value value) const {
    if (value == kAbsent) return nullptr;
    std::string text;
    io::append_instant(text, value, zone_);
    return text;
  }

  static json figure(Value value, const Type& type) {
    return value == kAbsent ? json(nullptr) : json(StatementWords::plain(value, type));
  }

  /// As the ledger has it.
  [[nodiscard]] json value(const Datum& datum) const {
    if (datum.absent()) return nullptr;
    switch (datum.type.kind) {
      case Kind::boolean:
        return datum.value != 0;
      case Kind::number:
        return figure(datum.value, datum.type);
      case Kind::text:
        return datum.text;
      case Kind::name:
        if ((datum.value & kUnknownName) != 0) return datum.text;
        return core_.domains[datum.type.ref].names[static_cast<std::size_t>(datum.value)].wire;
      case Kind::instant:
        return instant(datum.value);
      default:
        return w_.shown(datum);
    }
  }

  [[nodiscard]] json named(const std::string& name, const Datum& datum) const {
    return {{"name", name}, {"value", value(datum)}, {"shown", w_.shown_or_quote(datum)}};
  }

  [[nodiscard]] json labels(const std::vector<Statement::Label>& declared,
                            const std::vector<Datum>& values) const {
    json out = json::array();
    for (std::size_t i = 0; i < values.size(); ++i) {
      out.push_back(named(declared[i].name, values[i]));
    }
    return out;
  }

  [[nodiscard]] json row(const std::vector<EntryKind::Member>& columns,
                         const std::vector<Datum>& cells) const {
    json out = json::array();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].absent() && !columns[i].null_if_absent) continue;
      json one = named(columns[i].name, cells[i]);
      one["wire"] = columns[i].wire;
      out.push_back(std::move(one));
    }
    return out;
  }

  [[nodiscard]] std::string rows_name(std::uint32_t view) const {
    const Source& source = core_.views[view].source;
    return source.of == Source::Of::table ? core_.tables[source.index].name
                                          : core_.families[source.index].name;
  }

  [[nodiscard]] json balances() const {
    json out = json::array();
    for (std::size_t i = 0; i < s_.buckets.size(); ++i) {
      const Statement::Bucket& bucket = w_.statement().buckets[i];
      json lines = json::array();
      for (const BucketLine& line : s_.buckets[i]) {
        const auto number = [&](Value value) { return figure(value, bucket.unit); };
        lines.push_back({{"id", line.id},
                         {"labels", labels(bucket.labels, line.labels)},
                         {"from", instant(line.from)},
                         {"until", instant(line.until)},
                         {"opening", number(line.opening)},
                         {"received", number(line.received)},
                         {"drawn", number(line.drawn)},
                         {"expired", number(line.expired)},
                         {"returned", number(line.returned)},
                         {"difference", number(line.difference)},
                         {"closing", number(line.closing)}});
      }
      out.push_back({{"name", rows_name(bucket.view)},
                     {"unit", w_.unit(bucket.unit)},
                     {"lines", std::move(lines)}});
    }
    return out;
  }

  [[nodiscard]] json beyond() const {
    json out = json::array();
    for (std::size_t i = 0; i < s_.beyond.size(); ++i) {
      const Statement::Draw& draw = w_.statement().draws[i];
      json lines = json::array();
      for (const BeyondLine& line : s_.beyond[i]) {
        lines.push_back({{"id", line.id},
                         {"labels", labels(draw.labels, line.labels)},
                         {"quantity", figure(line.count, draw.unit)}});
      }
      out.push_back({{"entry", core_.entries[draw.entry].wire},
                     {"unit", w_.unit(draw.unit)},
                     {"lines", std::move(lines)}});
    }
    return out;
  }

  [[nodiscard]] json usage() const {
    json out = json::array();
    for (std::size_t i = 0; i < s_.metered.size(); ++i) {
      const Statement::Metered& metered = w_.statement().metered[i];
      json lines = json::array();
      for (const UsageLine& line : s_.metered[i]) {
        json one = {{"labels", labels(metered.labels, line.labels)},
                    {"quantity", figure(line.count, metered.unit)},
                    {"late", figure(line.late, metered.unit)}};
        if (metered.price != kNone) one["price"] = figure(line.price, metered.price_type);
        if (line.tier != kAbsent) {
          const bool more = line.upto != kAbsent;
          one["tier"] = {{"from", figure(line.tier, metered.unit)},
                         {"upto", figure(line.upto, metered.unit)},
                         {"to_next", figure(more ? line.upto - line.count : kAbsent, metered.unit)},
                         {"next_price", figure(line.next, metered.price_type)}};
        }
        lines.push_back(std::move(one));
      }
      out.push_back({{"name", rows_name(metered.view)},
                     {"unit", w_.unit(metered.unit)},
                     {"price_unit", w_.unit(metered.price_type)},
                     {"lines", std::move(lines)}});
    }
    return out;
  }

  [[nodiscard]] json invoice(const InvoiceCopy& invoice) const {
    const Statement::Bill& bill = w_.statement().bills[invoice.bill];
    const EntryKind& kind = core_.entries[bill.entry];
    const Type& money = kind.members[bill.sum].type;
    json out = entry(invoice.entry);
    out["total"] = figure(invoice.total, money);
    out["unit"] = w_.unit(money);
    out["difference"] = figure(invoice.difference, money);
    out["unpriced"] = invoice.unpriced;
    out["lines"] = json::array();
    if (bill.rows != kNone) {
      for (const std::vector<Datum>& line : invoice.entry.rows[bill.rows]) {
        out["lines"].push_back(row(kind.members[bill.rows].columns, line));
      }
    }
    return out;
  }

  [[nodiscard]] json entry(const EntryCopy& entry) const {
    const EntryKind& kind = core_.entries[entry.kind];
    json members = json::array();
    for (std::size_t i = 0; i < kind.members.size(); ++i) {
      const EntryKind::Member& member = kind.members[i];
      if (member.rows) {
        json rows = json::array();
        for (const std::vector<Datum>& one : entry.rows[i])
          rows.push_back(row(member.columns, one));
        members.push_back(
            {{"name", member.name}, {"wire", member.wire}, {"rows", std::move(rows)}});
      } else if (!entry.members[i].absent() || member.null_if_absent) {
        json one = named(member.name, entry.members[i]);
        one["wire"] = member.wire;
        members.push_back(std::move(one));
      }
    }
    return {{"entry", kind.wire},          {"name", kind.name},  {"seq", entry.seq},
            {"time", instant(entry.time)}, {"late", entry.late}, {"members", std::move(members)}};
  }

  const MonthStatement& s_;
  const StatementWords& w_;
  const Core& core_;
  io::Zone zone_;
};

}  // namespace

json statement_json(const MonthStatement& statement, const StatementWords& words) {
  return JsonWriter(statement, words).all();
}

}  // namespace toll::tools
