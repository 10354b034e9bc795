#include "tools/mutate/mutations.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "tools/mutate/maker.hpp"

namespace toll::tools {
namespace {

using MutationKind = Mutation::Kind;

constexpr std::array<std::pair<MutationKind, std::string_view>, 22> kNames = {{
    {MutationKind::price, "price"},       {MutationKind::number, "number"},
    {MutationKind::bound, "bound"},       {MutationKind::date, "date"},
    {MutationKind::flag, "flag"},         {MutationKind::name, "name"},
    {MutationKind::text, "text"},         {MutationKind::quote, "quote"},
    {MutationKind::row, "row"},           {MutationKind::compare, "compare"},
    {MutationKind::negate, "negate"},     {MutationKind::part, "part"},
    {MutationKind::junction, "junction"}, {MutationKind::order, "order"},
    {MutationKind::fallback, "fallback"}, {MutationKind::sign, "sign"},
    {MutationKind::clock, "clock"},       {MutationKind::rule, "rule"},
    {MutationKind::step, "step"},         {MutationKind::timer, "timer"},
    {MutationKind::start, "start"},       {MutationKind::field, "field"},
}};

/// Rows with the same exact keys in force at one time, in the order of the table.
std::vector<std::vector<Value>> keys_of(const Table& table) {
  std::vector<std::vector<Value>> all;
  for (const Table::Row& row : table.rows) {
    std::vector<Value> key;
    for (const std::uint32_t column : table.keys) key.push_back(row.cells[column]);
    all.push_back(std::move(key));
  }
  return all;
}

bool overlap(const Table::Row& a, const Table::Row& b) {
  const bool a_before = a.until != kAbsent && b.since != kAbsent && a.until <= b.since;
  const bool b_before = b.until != kAbsent && a.since != kAbsent && b.until <= a.since;
  return !a_before && !b_before;
}

}  // namespace

std::string_view to_string(MutationKind kind) {
  for (const auto& [known, name] : kNames)
    if (known == kind) return name;
  return {};
}

std::optional<MutationKind> read_mutation_kind(std::string_view name) {
  for (const auto& [kind, known] : kNames)
    if (known == name) return kind;
  return std::nullopt;
}

const std::vector<MutationKind>& all_mutation_kinds() {
  static const std::vector<MutationKind> kAll = [] {
    std::vector<MutationKind> all;
    for (const auto& [kind, name] : kNames) all.push_back(kind);
    return all;
  }();
  return kAll;
}

std::vector<Mutation> mutations_of(const dsl::Policy& policy, const dsl::SourceSet& sources) {
  return MutationMaker(policy, sources).make();
}

std::shared_ptr<const Core> mutant_of(const Core& core, const Mutation& mutation) {
  auto copy = std::make_shared<Core>(core);
  mutation.apply(*copy);
  return copy;
}

// What a front end promises of tables: no two rows answer one question, and of bands each begins
// where the one before it ends.
std::optional<Message> stillborn(const Core& mutant) {
  for (const Table& table : mutant.tables) {
    if (table.keys.empty() && table.band == kNone) continue;
    const std::vector<std::vector<Value>> keys = keys_of(table);
    std::vector<std::size_t> order(keys.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
      for (std::size_t j = i + 1; j < order.size() && keys[order[j]] == keys[order[i]]; ++j) {
        const Table::Row& a = table.rows[order[i]];
        const Table::Row& b = table.rows[order[j]];
        if (!overlap(a, b)) continue;
        if (table.band == kNone || a.cells[table.band] >= b.cells[table.band])
          return Message("mutate.two-rows", {table.name});
      }
    }
  }
  return std::nullopt;
}

}  // namespace toll::tools
