#include "tools/prove/bills.hpp"

#include <algorithm>

namespace toll::tools::prover {

Ranges tidy(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Proof::Range& a, const Proof::Range& b) { return a.from < b.from; });
  Ranges out;
  for (const Proof::Range& one : ranges) {
    if (!out.empty() && one.from <= out.back().to + 1) {
      out.back().to = std::max(out.back().to, one.to);
    } else {
      out.push_back(one);
    }
  }
  return out;
}

std::optional<Value> first_beyond(const Ranges& ranges, const Ranges& others) {
  for (const Proof::Range& one : ranges) {
    Value at = one.from;
    for (const Proof::Range& other : others) {
      if (other.from <= at && at <= other.to) at = other.to + 1;
    }
    if (at <= one.to) return at;
  }
  return std::nullopt;
}

Excepted excepted(const Proof& proof, const Table& table, const std::vector<Value>& keys) {
  Excepted found;
  for (const Proof::Exception& one : proof.exceptions) {
    const bool fits = one.names.empty() ||
                      std::any_of(one.names.begin(), one.names.end(), [&](const Proof::Name& name) {
                        for (std::size_t i = 0; i < table.keys.size() && i < keys.size(); ++i) {
                          if (table.keys[i] == name.column && keys[i] == name.name) return true;
                        }
                        return false;
                      });
    if (!fits) continue;
    found.any = true;
    found.everywhere = found.everywhere || one.ranges.empty();
    found.ranges.insert(found.ranges.end(), one.ranges.begin(), one.ranges.end());
  }
  found.ranges = tidy(std::move(found.ranges));
  return found;
}

Bills::Bills(const Context& context, const Proof& proof, const Schedule& schedule)
    : context_(context),
      proof_(proof),
      table_(context.core.tables[proof.tariff.table]),
      schedule_(schedule) {
  quantity_ = table_.columns[table_.band].type;
  price_ = table_.columns[proof.tariff.column].type;
  money_ = price_;
  money_.dimension = product(price_.dimension, quantity_.dimension);
}

std::string Bills::keys() const { return context_.keys(table_, schedule_.keys); }

std::string Bills::quantity(Value value) const { return context_.say(value, quantity_); }

std::string Bills::money(Value value) const { return context_.say(value, money_); }

std::string Bills::bill(Value at) const {
  const auto bill = schedule_.bill(at);
  return bill ? money(*bill) : context_.text.word("quote");
}

std::string Bills::expression(Value at) const {
  const PolicyText& text = context_.text;
  const Value units = at - std::min(at, schedule_.covered);
  std::string keys;
  for (std::size_t i = 0; i < schedule_.keys.size(); ++i) {
    keys += context_.say(schedule_.keys[i], table_.columns[table_.keys[i]].type) + ", ";
  }
  const std::string open = text.word("either") + "(";
  if (!proof_.tariff.name.empty()) {
    return open + text.word("charge") + "(" + text.name(proof_.tariff.name).value_or("") + ", " +
           keys + quantity(units) + ", " + quantity(at) + "), 0)";
  }
  if (proof_.tariff.graduated) return {};
  return open + text.name(table_.name).value_or("") + "[" + keys + quantity(at) + "]." +
         text.name(table_.columns[proof_.tariff.column].name).value_or("") + " * " +
         quantity(units) + ", 0)";
}

void refute(Proven& made, Message detail, std::string scenario) {
  made.verdict = Verdict::refuted;
  made.details.push_back(std::move(detail));
  if (made.scenario.empty()) made.scenario = std::move(scenario);
}

}  // namespace toll::tools::prover
