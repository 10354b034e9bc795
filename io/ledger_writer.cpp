#include "io/ledger_writer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "io/json_scan.hpp"

namespace toll::io {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void append_unsigned(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  out.append(digits, end);
}

/// Writes digits from the right; returns where they begin.
template <class Unsigned>
char* put_digits(char* at, Unsigned rest, unsigned scale) {
  const auto put = [&at, &rest] {
    *--at = static_cast<char>('0' + static_cast<unsigned>(rest % 10));
    rest /= 10;
  };
  while (scale > 0 && rest % 10 == 0) {  // no zeros at the end of the fraction
    rest /= 10;
    --scale;
  }
  if (scale > 0) {
    while (scale-- > 0) put();
    *--at = '.';
  }
  do put();
  while (rest != 0);
  return at;
}

void append_key(std::string& out, std::string_view key) {
  if (out.back() != '{') out.push_back(',');
  out += key;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    const char* const plain = skip_plain(at, end);
    out.append(at, plain);
    if (plain == end) break;
    at = plain + 1;
    const auto c = static_cast<unsigned char>(*plain);
    out.push_back('\\');
    if (c >= 0x20) {
      out.push_back(*plain);
    } else {
      out += "u00";
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 0xF]);
    }
  }
  out.push_back('"');
}

void append_decimal(std::string& out, Value value, unsigned scale) {
  char digits[64];
  char* const end = digits + sizeof(digits);
  char* at = end;
  const auto magnitude = static_cast<UnsignedValue>(value);
  if (value < 0) out.push_back('-');
  const UnsignedValue rest = value < 0 ? -magnitude : magnitude;
  // Nearly all values fit 64 bits, where division is many times faster.
  at = rest <= std::numeric_limits<std::uint64_t>::max()
           ? put_digits(at, static_cast<std::uint64_t>(rest), scale)
           : put_digits(at, rest, scale);
  out.append(at, end);
}

LedgerWriter::LedgerWriter(const Core& core) : core_(core), zone_(core.zone) {
  for (const EntryKind& declared : core.entries) {
    Shape& kind = kinds_.emplace_back();
    kind.head = ",\"kind\":" + json_string(declared.wire) + ",\"rule\":";
    for (const EntryKind::Member& member : declared.members)
      kind.members.push_back(prepare(member));
  }
  for (const Clause& clause : core.clauses)
    rules_.push_back(json_string(clause.file + ":" + std::to_string(clause.line)));
  for (const Timer& timer : core.timers) causes_.push_back(json_string("timer:" + timer.wire));
  for (const Domain& domain : core.domains) {
    std::vector<std::string>& names = names_.emplace_back();
    for (const Domain::Name& name : domain.names) names.push_back(json_string(name.wire));
  }
}

LedgerWriter::Member LedgerWriter::prepare(const EntryKind::Member& declared) const {
  Member member;
  member.key = json_string(declared.wire) + ":";
  member.declared = &declared;
  member.as_text = is_text(declared.type);
  for (const EntryKind::Member& column : declared.columns)
    member.columns.push_back(prepare(column));
  return member;
}

bool LedgerWriter::is_text(const Type& type) const {
  if (type.kind != Kind::number) return false;
  return type.scale > 0 ||
         std::any_of(std::begin(type.dimension.powers), std::end(type.dimension.powers),
                     [this](const Dimension::Power& power) {
                       return power.exponent != 0 && power.unit < core_.units.size() &&
                              core_.units[power.unit].currency;
                     });
}

void LedgerWriter::append(std::string& out, std::string_view account_name, const Account& account,
                          const EntryView& entry) const {
  out += "{\"seq\":";
  append_unsigned(out, entry.seq);
  out += ",\"account\":";
  append_json_string(out, account_name);
  out += ",\"time\":";
  if (entry.time == kAbsent) {
    out += "null";
  } else {
    out.push_back('"');
    append_instant(out, entry.time, zone_);
    out.push_back('"');
  }
  out += ",\"cause\":";
  if (entry.timer == kNone) {
    append_json_string(out, entry.event_id);
  } else {
    out += causes_[entry.timer];
  }
  const bool plain = entry.kind == EntryView::kDuplicate || entry.kind == EntryView::kError;
  if (plain) {
    out += entry.kind == EntryView::kDuplicate ? ",\"kind\":\"duplicate\"" : ",\"kind\":\"error\"";
    out += ",\"rule\":";
  } else {
    out += kinds_[entry.kind].head;
  }
  out += entry.clause == kNone ? "null" : rules_[entry.clause];
  if (plain) {
    out += ",\"code\":";
    append_json_string(out, entry.code);
    out += ",\"message\":";
    append_json_string(out, entry.message);
    if (entry.line != 0) {
      out += ",\"line\":";
      append_unsigned(out, entry.line);
    }
  } else {
    const std::vector<Member>& members = kinds_[entry.kind].members;
    for (std::size_t i = 0; i < members.size(); ++i)
      append_member(out, account, members[i], entry.members[i], entry);
  }
  out.push_back('}');
}

void LedgerWriter::append_member(std::string& out, const Account& account, const Member& member,
                                 Value value, const EntryView& entry) const {
  if (value == kAbsent) {
    if (!member.declared->rows && !member.declared->null_if_absent) return;
    append_key(out, member.key);
    out += member.declared->rows ? "[]" : "null";
    return;
  }
  append_key(out, member.key);
  if (member.declared->rows) {
    append_rows(out, account, member, entry.rows[static_cast<std::size_t>(value)]);
  } else {
    append_typed(out, account, member.declared->type, member.as_text, value);
  }
}

void LedgerWriter::append_rows(std::string& out, const Account& account, const Member& member,
                               const ListView& rows) const {
  static const EntryView kNoRows;
  out.push_back('[');
  for (std::size_t first = 0; first < rows.cells.size(); first += rows.columns) {
    if (first != 0) out.push_back(',');
    out.push_back('{');
    for (std::size_t i = 0; i < member.columns.size(); ++i)
      append_member(out, account, member.columns[i], rows.cells[first + i], kNoRows);
    out.push_back('}');
  }
  out.push_back(']');
}

void LedgerWriter::append_value(std::string& out, const Account& account, const Type& type,
                                Value value) const {
  append_typed(out, account, type, is_text(type), value);
}

void LedgerWriter::append_typed(std::string& out, const Account& account, const Type& type,
                                bool as_text, Value value) const {
  const auto quote = [&out](const auto& append) {
    out.push_back('"');
    append();
    out.push_back('"');
  };
  switch (type.kind) {
    case Kind::boolean:
      out += value != 0 ? "true" : "false";
      return;
    case Kind::number:
      if (as_text) out.push_back('"');
      append_decimal(out, value, type.scale);
      if (as_text) out.push_back('"');
      return;
    case Kind::text:
      append_json_string(out, account.text(value));
      return;
    case Kind::name:
      if ((value & kUnknownName) != 0) {
        append_json_string(out, account.text(value));
      } else {
        out += names_[type.ref][static_cast<std::size_t>(value)];
      }
      return;
    case Kind::instant:
      return quote([&] { append_instant(out, value, zone_); });
    case Kind::date:
      return quote([&] { append_date(out, value); });
    case Kind::month:
      return quote([&] { append_month(out, value); });
    case Kind::span:  // ISO 8601, in seconds
      return quote([&] {
        out += "PT";
        append_decimal(out, value, 9);
        out.push_back('S');
      });
    case Kind::set: {
      out.push_back('[');
      bool first = true;
      for (const std::uint32_t name : account.names(value)) {
        if (!first) out.push_back(',');
        first = false;
        out += names_[type.ref][name];
      }
      out.push_back(']');
      return;
    }
    case Kind::row:
    case Kind::list:  // no entry declares one: the front end sees to it
      out += "null";
      return;
  }
}

}  // namespace toll::io
