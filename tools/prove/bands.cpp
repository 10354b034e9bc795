// Quantities of which using more costs less, as programs are told of them.
#include "io/ledger_writer.hpp"
#include "tools/prove/context.hpp"

namespace toll::tools::prover {

FallingBand falling_band(const Context& context, const Tariff& tariff, const Schedule& schedule,
                         Value era, const Band& band) {
  const Table& table = context.core.tables[tariff.table];
  const unsigned units = table.columns[table.band].type.scale;
  const auto quantity = [&](Value value) {
    std::string text;
    if (value != kAbsent) io::append_decimal(text, value, units);
    return text;
  };
  const auto bill = [&](Value at) {
    std::string text;
    const auto cost = at == kAbsent ? std::nullopt : schedule.bill(at);
    if (cost) io::append_decimal(text, *cost, table.columns[tariff.column].type.scale);
    return text;
  };
  FallingBand made;
  for (std::size_t i = 0; i < schedule.keys.size() && i < table.keys.size(); ++i) {
    const Type& type = table.columns[table.keys[i]].type;
    const bool name =
        type.kind == Kind::name && schedule.keys[i] >= 0 &&
        static_cast<std::size_t>(schedule.keys[i]) < context.core.domains[type.ref].names.size();
    made.keys.push_back(
        name
            ? context.core.domains[type.ref].names[static_cast<std::size_t>(schedule.keys[i])].shown
            : context.say(schedule.keys[i], type));
  }
  made.since = era;
  made.free = quantity(schedule.covered);
  made.from = quantity(band.from);
  made.to = quantity(band.to);
  made.cheaper = quantity(band.cheaper);
  made.cost_from = bill(band.from);
  made.cost_to = bill(band.to);
  made.cost_cheaper = bill(band.cheaper);
  return made;
}

}  // namespace toll::tools::prover
