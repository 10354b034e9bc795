// Tariffs, statements and proofs of a core as JSON.
#include "tools/core_statements.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

using Members = std::vector<EntryKind::Member>;

class StatementWriter {
 public:
  StatementWriter(const Core& core, const CoreText& text) : core_(core), text_(text) {}

  json statement(const Statement& statement) const {
    json out = {{"buckets", json::array()}, {"metered", json::array()}, {"draws", json::array()},
                {"bills", json::array()},   {"shows", json::array()},   {"texts", json::array()}};
    for (const Statement::Bucket& one : statement.buckets) out["buckets"].push_back(bucket(one));
    for (const Statement::Metered& one : statement.metered) out["metered"].push_back(metered(one));
    for (const Statement::Draw& one : statement.draws) out["draws"].push_back(draw(one));
    for (const Statement::Bill& one : statement.bills) out["bills"].push_back(bill(one));
    for (const std::uint32_t kind : statement.shows) {
      out["shows"].push_back(CoreText::name_at(text_.entries, kind));
    }
    for (const Statement::Wording& one : statement.wordings) {
      out["texts"].push_back({one.text, one.shown});
    }
    return out;
  }

 private:
  void column(json& out, const char* key, const View& view, std::uint32_t column) const {
    if (column != kNone) out[key] = text_.expression(view.columns[column]);
  }

  json begin(const View& view, const std::vector<Statement::Label>& labels, ClauseId clause) const {
    json out = {{"rows", text_.source(view.source)}, {"labels", json::array()}};
    for (const Statement::Label& label : labels) {
      out["labels"].push_back({label.name, text_.expression(view.columns[label.column])});
    }
    if (clause != kNone) out["clause"] = text_.clause(clause);
    return out;
  }

  json bucket(const Statement::Bucket& bucket) const {
    const View& view = core_.views[bucket.view];
    json out = begin(view, bucket.labels, bucket.clause);
    column(out, "id", view, bucket.id);
    column(out, "count", view, bucket.count);
    column(out, "rest", view, bucket.rest);
    column(out, "returned", view, bucket.returned);
    column(out, "from", view, bucket.from);
    column(out, "until", view, bucket.until);
    column(out, "quiet", view, bucket.quiet);
    return out;
  }

  json metered(const Statement::Metered& metered) const {
    const View& view = core_.views[metered.view];
    json out = begin(view, metered.labels, metered.clause);
    column(out, "month", view, metered.month);
    column(out, "count", view, metered.count);
    column(out, "price", view, metered.price);
    column(out, "tier", view, metered.tier);
    column(out, "upto", view, metered.upto);
    column(out, "next_price", view, metered.next);
    if (metered.tariff != kNone) out["tariff"] = core_.tariffs[metered.tariff].name;
    return out;
  }

  static void member(json& out, const char* key, const Members& members, std::uint32_t index) {
    if (index != kNone) out[key] = members[index].name;
  }

  json entry(std::uint32_t kind, ClauseId clause) const {
    json out = {{"entry", CoreText::name_at(text_.entries, kind)}};
    if (clause != kNone) out["clause"] = text_.clause(clause);
    return out;
  }

  json draw(const Statement::Draw& draw) const {
    json out = entry(draw.entry, draw.clause);
    const Members& all = core_.entries[draw.entry].members;
    member(out, "rows", all, draw.rows);
    const Members& members = draw.rows == kNone ? all : all[draw.rows].columns;
    member(out, "id", members, draw.id);
    member(out, "count", members, draw.count);
    out["labels"] = json::array();
    for (const Statement::Label& label : draw.labels) {
      out["labels"].push_back({label.name, members[label.column].name});
    }
    return out;
  }

  json bill(const Statement::Bill& bill) const {
    json out = entry(bill.entry, bill.clause);
    const Members& members = core_.entries[bill.entry].members;
    member(out, "month", members, bill.month);
    member(out, "sum", members, bill.sum);
    member(out, "rows", members, bill.rows);
    if (bill.rows == kNone) return out;
    member(out, "row_month", members[bill.rows].columns, bill.row_month);
    member(out, "row_money", members[bill.rows].columns, bill.row_money);
    return out;
  }

  const Core& core_;
  const CoreText& text_;
};

}  // namespace

json tariff_json(const Core& core, const CoreText& text, const Tariff& tariff) {
  const Table& table = core.tables[tariff.table];
  return {{"table", CoreText::name_at(text.tables, tariff.table)},
          {"price", table.columns[tariff.column].name},
          {"tiers", tariff.graduated ? "graduated" : "reached"}};
}

json statement_core_json(const Core& core, const CoreText& text, const Statement& statement) {
  return StatementWriter(core, text).statement(statement);
}

namespace {

const char* word_of(Proof::Of of) {
  switch (of) {
    case Proof::Of::state:
      return "state";
    case Proof::Of::rows:
      return "rows";
    case Proof::Of::entries:
      return "entries";
    case Proof::Of::falls:
      return "never falls";
    case Proof::Of::unchanged:
      return "unchanged";
    case Proof::Of::same:
      return "policy unchanged";
    case Proof::Of::returns:
      return "returns";
    case Proof::Of::timers:
      break;
  }
  return "never loops";
}

/// What may differ from an earlier edition.
json change_json(const Core& core, const CoreText& text, const Proof::Exception& change) {
  json out = {{"names", json::array()}, {"because", change.because}};
  const Table* const table = change.table == kNone ? nullptr : &core.tables[change.table];
  if (table != nullptr) out["table"] = table->name;
  for (const Proof::Name& one : change.names) {
    Type type;
    type.kind = Kind::name;
    type.ref = one.column;
    if (table != nullptr) type = table->columns[one.column].type;
    out["names"].push_back(text.value(type, one.name));
  }
  for (const Proof::Range& range : change.ranges) {
    const Type& number = table->columns[table->band].type;
    out["at"].push_back({text.value(number, range.from), text.value(number, range.to)});
  }
  if (change.event != kNone) out["event"] = core.events[change.event].name;
  for (const std::string& place : change.places) out["places"].push_back(place);
  Type instant;
  instant.kind = Kind::instant;
  if (change.since != kAbsent) out["from"] = text.value(instant, change.since);
  return out;
}

json exception_json(const CoreText& text, const Table& table, const Type& number,
                    const Proof::Exception& exception) {
  json out = {{"names", json::array()}, {"because", exception.because}};
  for (const Proof::Name& one : exception.names) {
    out["names"].push_back(text.value(table.columns[one.column].type, one.name));
  }
  for (const Proof::Range& range : exception.ranges) {
    out["at"].push_back({text.value(number, range.from), text.value(number, range.to)});
  }
  return out;
}

}  // namespace

json proof_json(const Core& core, const CoreText& text, const Proof& proof) {
  json out = {{"claim", word_of(proof.of)}};
  const bool tariff = proof.of == Proof::Of::falls || proof.of == Proof::Of::unchanged;
  if (tariff) out["tariff"] = tariff_json(core, text, proof.tariff);
  if (proof.of == Proof::Of::entries) out["entry"] = CoreText::name_at(text.entries, proof.a);
  if (proof.of == Proof::Of::returns) {
    out["machine"] = CoreText::name_at(text.machines, proof.a);
    const Domain& states = core.domains[core.machines[proof.a].domain];
    out["state"] = states.names[static_cast<std::size_t>(proof.state)].shown;
  }
  if (proof.view != kNone) {
    const View& view = core.views[proof.view];
    out["rows"] = text.source(view.source);
    out[tariff ? "beyond" : "that"] = text.expression(view.columns[0]);
  }
  if (proof.definition != kNone) {
    out["that"] = CoreText::name_at(text.definitions, proof.definition);
  }
  if (proof.of == Proof::Of::same) {
    for (const Proof::Exception& one : proof.exceptions) {
      out["except"].push_back(change_json(core, text, one));
    }
    return out;
  }
  if (proof.exceptions.empty()) return out;
  const Table& table = core.tables[tariff ? proof.tariff.table : proof.a];
  const std::uint32_t column = tariff ? table.band : proof.ranges;
  const Type number = column == kNone ? Type{} : table.columns[column].type;
  for (const Proof::Exception& one : proof.exceptions) {
    out["except"].push_back(exception_json(text, table, number, one));
  }
  return out;
}

}  // namespace toll::tools
