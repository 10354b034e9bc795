#include "tools/backtest/counting.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace toll::backtest {
namespace {

constexpr std::size_t kListed = 8;  // amounts named in a message

std::string name_of(const EntryKind& kind, const EntryKind::Member& member) {
  return kind.wire + "." + member.wire;
}

/// A bill of the policy's statements that sums up this member.
std::optional<Counted> bill_of(const Core& core, std::uint32_t entry, std::uint32_t member) {
  for (const Statement& statement : core.statements) {
    for (const Statement::Bill& bill : statement.bills) {
      if (bill.entry != entry || bill.sum != member) continue;
      Counted counted;
      counted.month = bill.month;
      counted.rows = bill.rows;
      counted.row_month = bill.row_month;
      counted.row_money = bill.row_money;
      return counted;
    }
  }
  return std::nullopt;
}

Counted counted_at(const Core& core, std::uint32_t entry, std::uint32_t member) {
  const EntryKind& kind = core.entries[entry];
  Counted counted = bill_of(core, entry, member).value_or(Counted{});
  counted.name = name_of(kind, kind.members[member]);
  counted.entry = entry;
  counted.member = member;
  for (std::uint32_t i = 0; i < kind.members.size() && counted.month == kNone; ++i) {
    if (!kind.members[i].rows && kind.members[i].type.kind == Kind::month) counted.month = i;
  }
  return counted;
}

std::optional<Counted> find(const Core& core, const std::string& name) {
  for (std::uint32_t entry = 0; entry < core.entries.size(); ++entry) {
    const EntryKind& kind = core.entries[entry];
    for (std::uint32_t member = 0; member < kind.members.size(); ++member) {
      const EntryKind::Member& one = kind.members[member];
      if (one.rows || one.type.kind != Kind::number) continue;
      if (name == name_of(kind, one) || name == kind.name + "." + one.name) {
        return counted_at(core, entry, member);
      }
    }
  }
  return std::nullopt;
}

/// Amounts that could be counted, for somebody who has to choose.
std::string choices(const Core& core) {
  std::string out;
  std::size_t count = 0;
  for (const EntryKind& kind : core.entries) {
    for (const EntryKind::Member& member : kind.members) {
      if (member.rows || !is_money(core, member.type) || ++count > kListed) continue;
      out += (out.empty() ? "" : ", ") + name_of(kind, member);
    }
  }
  return count > kListed ? out + ", .." : out;
}

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> out(1);
  for (const char c : names) {
    if (c == ',') {
      out.emplace_back();
    } else if (c != ' ') {
      out.back() += c;
    }
  }
  return out;
}

void add(const Core& core, Counted counted, Counting& out) {
  const Type& type = core.entries[counted.entry].members[counted.member].type;
  if (!out.all.empty() && type.dimension != out.type.dimension) {
    out.problem = {"backtest.units-differ", {out.all.front().name, counted.name}};
  }
  out.type = type;
  out.type.scale = kScale;
  out.type.optional = false;
  out.all.push_back(std::move(counted));
}

}  // namespace

bool is_money(const Core& core, const Type& type) {
  const Dimension::Power& first = type.dimension.powers[0];
  return type.kind == Kind::number && first.unit != 0 && first.exponent == 1 &&
         core.units[first.unit].currency && type.dimension.powers[1].unit == 0;
}

Counting counting_of(const Core& core, const std::string& names) {
  Counting out;
  if (names.empty()) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const Statement& statement : core.statements) {
      for (const Statement::Bill& bill : statement.bills) {
        if (!seen.insert({bill.entry, bill.sum}).second) continue;
        Counted counted = counted_at(core, bill.entry, bill.sum);
        counted.month = bill.month;
        add(core, std::move(counted), out);
      }
    }
    if (out.all.empty()) {
      const std::string amounts = choices(core);
      out.problem = amounts.empty() ? Message("backtest.no-amounts", {core.name})
                                    : Message("backtest.no-bills", {core.name, amounts});
    }
    return out;
  }
  for (std::string name : split(names)) {
    const bool negative = !name.empty() && name[0] == '-';
    if (negative) name.erase(0, 1);
    std::optional<Counted> counted = find(core, name);
    if (!counted) {
      out.problem = {"backtest.no-amount", {core.name, name, choices(core)}};
      return out;
    }
    counted->negative = negative;
    add(core, std::move(*counted), out);
  }
  return out;
}

std::vector<std::vector<bool>> other_amounts(const Core& core, const Counting& counting) {
  std::vector<std::vector<bool>> out;
  for (const EntryKind& kind : core.entries) {
    std::vector<bool>& members = out.emplace_back();
    for (const EntryKind::Member& member : kind.members) {
      members.push_back(!member.rows && is_money(core, member.type));
    }
  }
  for (const Counted& counted : counting.all) out[counted.entry][counted.member] = false;
  return out;
}

std::vector<std::vector<std::uint32_t>> outcome_members(const Core& core) {
  std::set<std::uint32_t> brought;  // domains
  const auto note = [&](const Field& field) {
    const Kind kind = field.type.type.kind;
    if (kind == Kind::name || kind == Kind::set) brought.insert(field.type.type.ref);
  };
  for (const EventType& type : core.events)
    std::for_each(type.fields.begin(), type.fields.end(), note);
  for (const ListType& list : core.lists) {
    std::for_each(list.columns.begin(), list.columns.end(), note);
  }
  std::vector<std::vector<std::uint32_t>> out;
  for (const EntryKind& kind : core.entries) {
    std::vector<std::uint32_t>& members = out.emplace_back();
    for (std::uint32_t i = 0; i < kind.members.size(); ++i) {
      const EntryKind::Member& member = kind.members[i];
      if (member.rows) continue;
      const bool name = member.type.kind == Kind::name && brought.count(member.type.ref) == 0;
      if (name || member.type.kind == Kind::text || member.type.kind == Kind::boolean) {
        members.push_back(i);
      }
    }
  }
  return out;
}

}  // namespace toll::backtest
