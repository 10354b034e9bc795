#include "io/ledger_writer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "io/json_scan.hpp"
#include "io/text_out.hpp"

namespace toll::io {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

constexpr std::string_view kNullText = "null";

void put_unsigned(TextOut& out, std::uint64_t value) {
  if (value < 10) return out.put(static_cast<char>('0' + static_cast<int>(value)));
  char* const digits = out.room(20);
  out.used(std::to_chars(digits, digits + 20, value).ptr);
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

/// Keys begin with the comma that parts them from what comes before.
void put_key(TextOut& out, std::string_view key) {
  out.put(out.last() == '{' ? key.substr(1) : key);
}

void put_json_string(TextOut& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.put('"');
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    const char* const plain = skip_plain(at, end);
    out.put({at, static_cast<std::size_t>(plain - at)});
    if (plain == end) break;
    at = plain + 1;
    const auto c = static_cast<unsigned char>(*plain);
    out.put('\\');
    if (c >= 0x20) {
      out.put(*plain);
    } else {
      out.put("u00");
      out.put(kHex[c >> 4]);
      out.put(kHex[c & 0xF]);
    }
  }
  out.put('"');
}

void put_decimal(TextOut& out, Value value, unsigned scale) {
  if (scale == 0 && value >= 0 && value <= std::numeric_limits<std::int64_t>::max()) {
    return put_unsigned(out, static_cast<std::uint64_t>(value));
  }
  char digits[64];
  char* const end = digits + sizeof(digits);
  char* at = end;
  const auto magnitude = static_cast<UnsignedValue>(value);
  if (value < 0) out.put('-');
  const UnsignedValue rest = value < 0 ? -magnitude : magnitude;
  // Nearly all values fit 64 bits, where division is many times faster.
  at = rest <= std::numeric_limits<std::uint64_t>::max()
           ? put_digits(at, static_cast<std::uint64_t>(rest), scale)
           : put_digits(at, rest, scale);
  out.put({at, static_cast<std::size_t>(end - at)});
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  TextOut to(out);
  put_json_string(to, text);
}

void append_decimal(std::string& out, Value value, unsigned scale) {
  TextOut to(out);
  put_decimal(to, value, scale);
}

LedgerWriter::LedgerWriter(const Core& core) : core_(core), zone_(core.zone) {
  for (const Domain& domain : core.domains) {
    std::vector<std::string>& names = names_.emplace_back();
    for (const Domain::Name& name : domain.names) names.push_back(json_string(name.wire));
  }
  for (const EntryKind& declared : core.entries) {
    Shape& kind = kinds_.emplace_back();
    kind.head = ",\"kind\":" + json_string(declared.wire) + ",\"rule\":";
    for (const EntryKind::Member& member : declared.members)
      kind.members.push_back(prepare(member));
  }
  for (const Clause& clause : core.clauses)
    rules_.push_back(json_string(clause.file + ":" + std::to_string(clause.line)));
  for (const Timer& timer : core.timers) causes_.push_back(json_string("timer:" + timer.wire));
}

LedgerWriter::Member LedgerWriter::prepare(const EntryKind::Member& declared) const {
  Member member;
  member.key = "," + json_string(declared.wire) + ":";
  member.declared = &declared;
  member.as_text = is_text(declared.type);
  constexpr std::size_t kFewNames = 1024;
  const bool is_name = declared.type.kind == Kind::name && !declared.rows;
  if (is_name && names_[declared.type.ref].size() <= kFewNames) {
    for (const std::string& name : names_[declared.type.ref])
      member.names.push_back(member.key + name);
  }
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

void LedgerWriter::append(std::string& text, std::string_view account_name, const Account& account,
                          const EntryView& entry) const {
  TextOut out(text);
  out.put("{\"seq\":");
  put_unsigned(out, entry.seq);
  out.put(",\"account\":");
  put_json_string(out, account_name);
  out.put(",\"time\":");
  if (entry.time == kAbsent) {
    out.put("null");
  } else {
    out.put('"');
    out.used(write_instant(out.room(kLongestTime), entry.time, zone_));
    out.put('"');
  }
  out.put(",\"cause\":");
  if (entry.timer == kNone) {
    put_json_string(out, entry.event_id);
  } else {
    out.put(causes_[entry.timer]);
  }
  const bool plain = entry.kind == EntryView::kDuplicate || entry.kind == EntryView::kError;
  if (plain) {
    out.put(entry.kind == EntryView::kDuplicate ? ",\"kind\":\"duplicate\""
                                                : ",\"kind\":\"error\"");
    out.put(",\"rule\":");
  } else {
    out.put(kinds_[entry.kind].head);
  }
  out.put(entry.clause == kNone ? kNullText : std::string_view(rules_[entry.clause]));
  if (plain) {
    out.put(",\"code\":");
    put_json_string(out, entry.code);
    out.put(",\"message\":");
    put_json_string(out, entry.message);
    if (entry.line != 0) {
      out.put(",\"line\":");
      put_unsigned(out, entry.line);
    }
  } else {
    const std::vector<Member>& members = kinds_[entry.kind].members;
    for (std::size_t i = 0; i < members.size(); ++i)
      put_member(out, account, members[i], entry.members[i], entry);
  }
  out.put('}');
}

void LedgerWriter::put_member(TextOut& out, const Account& account, const Member& member,
                              Value value, const EntryView& entry) const {
  if (value == kAbsent) {
    if (!member.declared->rows && !member.declared->null_if_absent) return;
    put_key(out, member.key);
    out.put(member.declared->rows ? "[]" : "null");
    return;
  }
  if (value >= 0 && value < static_cast<Value>(member.names.size())) {
    return put_key(out, member.names[static_cast<std::size_t>(value)]);
  }
  put_key(out, member.key);
  if (member.declared->rows) {
    put_rows(out, account, member, entry.rows[static_cast<std::size_t>(value)]);
  } else {
    put_typed(out, account, member.declared->type, member.as_text, value);
  }
}

void LedgerWriter::put_rows(TextOut& out, const Account& account, const Member& member,
                            const ListView& rows) const {
  static const EntryView kNoRows;
  out.put('[');
  for (std::size_t first = 0; first < rows.cells.size(); first += rows.columns) {
    if (first != 0) out.put(',');
    out.put('{');
    for (std::size_t i = 0; i < member.columns.size(); ++i)
      put_member(out, account, member.columns[i], rows.cells[first + i], kNoRows);
    out.put('}');
  }
  out.put(']');
}

void LedgerWriter::append_value(std::string& text, const Account& account, const Type& type,
                                Value value) const {
  TextOut out(text);
  put_typed(out, account, type, is_text(type), value);
}

void LedgerWriter::put_typed(TextOut& out, const Account& account, const Type& type, bool as_text,
                             Value value) const {
  const auto quote = [&out](const auto& append) {
    out.put('"');
    append();
    out.put('"');
  };
  switch (type.kind) {
    case Kind::boolean:
      out.put(value != 0 ? "true" : "false");
      return;
    case Kind::number:
      if (as_text) out.put('"');
      put_decimal(out, value, type.scale);
      if (as_text) out.put('"');
      return;
    case Kind::text:
      put_json_string(out, account.text(value));
      return;
    case Kind::name:
      if ((value & kUnknownName) != 0) {
        put_json_string(out, account.text(value));
      } else {
        out.put(names_[type.ref][static_cast<std::size_t>(value)]);
      }
      return;
    case Kind::instant:
      return quote([&] { out.used(write_instant(out.room(kLongestTime), value, zone_)); });
    case Kind::date:
      return quote([&] { out.used(write_date(out.room(kLongestTime), value)); });
    case Kind::month:
      return quote([&] { out.used(write_month(out.room(kLongestTime), value)); });
    case Kind::span:  // ISO 8601, in seconds
      return quote([&] {
        out.put("PT");
        put_decimal(out, value, 9);
        out.put('S');
      });
    case Kind::set: {
      out.put('[');
      bool first = true;
      for (const std::uint32_t name : account.names(value)) {
        if (!first) out.put(',');
        first = false;
        out.put(names_[type.ref][name]);
      }
      out.put(']');
      return;
    }
    case Kind::row:
    case Kind::list:  // no entry declares one: the front end sees to it
      out.put("null");
      return;
  }
}

}  // namespace toll::io
