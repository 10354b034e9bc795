#include "tools/policy_text.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "dsl/syntax/unicode.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::tools {
namespace {

using Json = nlohmann::json;
using Said = PolicyText::Said;

/// Words that a name cannot be written as where a scenario or a table asks for one, or that would
/// be misread there.
constexpr std::array<std::string_view, 25> kTaken = {
    "and",   "or",    "not",       "in",   "has",   "no",   "where", "for",       "by",
    "at",    "as",    "id",        "when", "take",  "none", "that",  "otherwise", "entry",
    "error", "above", "duplicate", "is",   "quote", "true", "false"};

/// As the grammar has it: letters, hyphens before a letter, full-width brackets around letters.
bool is_bare(std::string_view name) {
  constexpr char32_t kOpen = 0xFF08;
  constexpr char32_t kClose = 0xFF09;
  bool open = false;
  for (std::size_t at = 0; at < name.size();) {
    const dsl::DecodedCharacter here = dsl::decode_utf8(name, at);
    const std::size_t next = at + here.size;
    const bool first = at == 0;
    at = next;
    if (first && !dsl::is_xid_start(here.code) && here.code != U'_') return false;
    if (dsl::is_xid_continue(here.code)) continue;
    if (here.code == U'-' && !open && dsl::is_xid_continue(dsl::decode_utf8(name, next).code))
      continue;
    if (here.code == (open ? kClose : kOpen)) {
      open = !open;
      continue;
    }
    return false;
  }
  return !open && !name.empty();
}

std::string two(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `-` allowed, one point; at most 18 digits, as a literal has.
bool is_decimal(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return is_digits(text) && text.size() <= 18;
  return is_digits(text.substr(0, point)) && is_digits(text.substr(point + 1)) && text.size() <= 19;
}

void append(std::string& list, const std::string& item) {
  if (!list.empty()) list += ", ";
  list += item;
}

}  // namespace

std::optional<std::string> plain_name(const std::string& name, const dsl::Skin& skin) {
  const dsl::Skin::Entry* entry = skin.find(name);
  const bool taken =
      skin.is_filler(name) ||
      (entry != nullptr &&
       (entry->canonical.size() != 1 || !is_bare(entry->canonical[0]) ||
        std::find(kTaken.begin(), kTaken.end(), entry->canonical[0]) != kTaken.end()));
  if (is_bare(name) && !taken) return name;
  const auto has = [&name](std::string_view text) { return name.find(text) != std::string::npos; };
  if (name.empty() || has("\u300c") || has("\u300d") || has("\n")) return {};
  return "\u300c" + name + "\u300d";
}

PolicyText::PolicyText(const Core& core, const dsl::Skin& skin)
    : core_(core), skin_(skin), index_(core), zone_(core.zone) {}

std::string PolicyText::word(std::string_view canonical) const {
  const dsl::Skin::Entry* entry = skin_.spelling_of({std::string(canonical)});
  return entry == nullptr || entry->spellings.empty() ? std::string(canonical)
                                                      : entry->spellings.front();
}

Said PolicyText::name(const std::string& name) const { return plain_name(name, skin_); }

Said PolicyText::quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n' || c == '\t') {
      out += c == '\n' ? "\\n" : "\\t";
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) return {};
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string PolicyText::time(Value instant) const {
  const Calendar::Local local = Calendar(core_.zone).local(instant);
  std::string text;
  io::append_date(text, local.day);
  if (local.nanos == 0) return text;
  const std::int64_t seconds = local.nanos / io::kNanosPerSecond;
  text += " " + two(seconds / 3600) + ":" + two(seconds / 60 % 60);
  std::int64_t nanos = local.nanos % static_cast<std::int64_t>(io::kNanosPerSecond);
  if (seconds % 60 == 0 && nanos == 0) return text;
  text += ":" + two(seconds % 60);
  if (nanos == 0) return text;
  std::string fraction = std::to_string(nanos);
  fraction = std::string(9 - fraction.size(), '0') + fraction;
  return text + "." + fraction.substr(0, fraction.find_last_not_of('0') + 1);
}

Said PolicyText::time(const Json& instant) const {
  if (!instant.is_string()) return {};
  const auto value = io::parse_instant(instant.get_ref<const std::string&>(), zone_);
  return value ? Said(time(*value)) : Said();
}

/// ` yuan/call`; empty for what a bare number says as well.
std::string PolicyText::unit(const Dimension& dimension) const {
  constexpr std::uint8_t kCalendar = 2;  // the units up to here are not the policy's
  std::string above;
  std::string below;
  for (const Dimension::Power& power : dimension.powers) {
    if (power.exponent == 0) continue;
    std::string& side = power.exponent > 0 ? above : below;
    const Said unit = name(core_.units[power.unit].name);
    if (!side.empty() || power.exponent * power.exponent != 1 || power.unit <= kCalendar || !unit ||
        skin_.is_reserved(core_.units[power.unit].name))
      return {};
    side = *unit;
  }
  if (above.empty()) return {};
  return " " + above + (below.empty() ? "" : "/" + below);
}

Said PolicyText::number(const Json& value, const Type& type) const {
  // As the wire has it: a count in quotes is no count there, and must not become one here.
  const bool currency =
      std::any_of(std::begin(type.dimension.powers), std::end(type.dimension.powers),
                  [this](const Dimension::Power& power) {
                    return power.exponent != 0 && core_.units[power.unit].currency;
                  });
  if (value.is_string() != (type.scale > 0 || currency)) return {};
  std::string digits;
  if (value.is_number_integer()) {
    digits = value.dump();
  } else if (value.is_string()) {
    digits = value.get<std::string>();
  }
  if (!is_decimal(digits)) return {};
  return digits + unit(type.dimension);
}

Said PolicyText::names(const Json& list, std::uint32_t domain) const {
  if (!list.is_array()) return {};
  Type type;
  type.kind = Kind::name;
  type.ref = domain;
  std::string text;
  for (const Json& item : list) {
    const Said one = value(item, type);
    if (!one) return {};
    append(text, *one);
  }
  return "(" + text + ")";
}

Said PolicyText::value(const Json& value, const Type& type) const {
  if (value.is_null()) return word("none");
  switch (type.kind) {
    case Kind::boolean:
      if (!value.is_boolean()) return {};
      return word(value.get<bool>() ? "true" : "false");
    case Kind::number:
      return number(value, type);
    case Kind::text:
      return value.is_string() ? quoted(value.get_ref<const std::string&>()) : Said();
    case Kind::name: {
      if (!value.is_string()) return {};
      const auto& spelling = value.get_ref<const std::string&>();
      const auto known = index_.find(type.ref, spelling);
      const std::string shown = known ? core_.domains[type.ref].names[*known].shown : "";
      return is_bare(shown) ? name(shown) : quoted(spelling);
    }
    case Kind::instant:
      return time(value);
    case Kind::date:
    case Kind::month: {
      if (!value.is_string()) return {};
      const std::string text = value.get<std::string>() + (type.kind == Kind::month ? "-01" : "");
      return io::parse_date(text) ? Said(text) : Said();
    }
    case Kind::set:
      return names(value, type.ref);
    default:
      return {};
  }
}

Said PolicyText::list(const Json& value, const FieldType& type) const {
  const std::vector<Field>& columns = core_.lists[type.list].columns;
  if (type.read == FieldType::Read::counts) {
    if (!value.is_object()) return {};
    std::string text;
    std::map<Said, int> spellings;  // of one name: each then stays as it is
    for (const auto& [key, count] : value.items())
      ++spellings[this->value(Json(key), columns[0].type.type)];
    for (const auto& [key, count] : value.items()) {
      Said kind = this->value(Json(key), columns[0].type.type);
      const Said number = this->value(count, columns[1].type.type);
      if (spellings[kind] > 1) kind = quoted(key);
      if (!kind || !number) return {};
      append(text, *kind + " " + *number);
    }
    return "(" + text + ")";
  }
  std::vector<EntryKind::Member> members;
  for (const Field& column : columns) {
    EntryKind::Member member;
    member.name = column.name;
    member.wire = column.wire;
    member.type = column.type.type;
    members.push_back(std::move(member));
  }
  return rows(value, members);
}

Said PolicyText::rows(const Json& rows, const std::vector<EntryKind::Member>& columns) const {
  if (!rows.is_array()) return {};
  if (rows.empty()) return "()";
  std::string text;
  for (const Json& row : rows) {
    if (!row.is_object()) return {};
    std::string inside;
    for (const EntryKind::Member& column : columns) {
      const auto found = row.find(column.wire);
      if (found == row.end() || found->is_null()) continue;
      const Said shown = name(column.name);
      const Said said = value(*found, column.type);
      if (shown && said) append(inside, *shown + " " + *said);
    }
    append(text, "(" + inside + ")");
  }
  return text;
}

Said PolicyText::field(const Json& value, const EventType& type, std::uint32_t index) const {
  const FieldType& of = type.fields[index].type;
  switch (of.read) {
    case FieldType::Read::record: {
      if (!value.is_object()) return {};
      const Said inside = fields(value, type, index);
      return inside ? Said("(" + *inside + ")") : Said();
    }
    case FieldType::Read::set:
      return names(value, of.type.ref);
    case FieldType::Read::list:
    case FieldType::Read::counts:
      return list(value, of);
    default:
      return this->value(value, of.type);
  }
}

Said PolicyText::fields(const Json& data, const EventType& type, std::uint32_t parent) const {
  std::string text;
  for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
    const Field& field = type.fields[i];
    if (field.parent != parent) continue;
    const auto found = data.find(field.wire);
    if (found == data.end() || found->is_null()) continue;
    const Said shown = name(field.name);
    const Said said = this->field(*found, type, i);
    if (!shown || !said) return {};
    append(text, *shown + " " + *said);
  }
  return text;
}

Said PolicyText::event(const Json& event, bool id) const {
  if (!event.is_object()) return {};
  const auto wire = event.find("type");
  if (wire == event.end() || !wire->is_string()) return {};
  const auto type = index_.event_type(wire->get_ref<const std::string&>());
  if (!type) return {};
  const Said shown = name(core_.events[*type].name);
  const auto found = event.find("data");
  const Json data = found == event.end() || found->is_null() ? Json::object() : *found;
  const Said said = data.is_object() ? fields(data, core_.events[*type], kNone) : Said();
  if (!shown || !said) return {};
  std::string text = *shown;
  if (id) {
    const auto wire_id = event.find("id");
    if (wire_id == event.end() || !wire_id->is_string()) return {};
    const Said quoted_id = quoted(wire_id->get_ref<const std::string&>());
    if (!quoted_id) return {};
    text += " " + word("id") + " " + *quoted_id;
  }
  return said->empty() ? text : text + " " + *said;
}

const EntryKind* PolicyText::kind_of(const Json& entry) const {
  const std::string kind = entry.value("kind", "");
  for (const EntryKind& declared : core_.entries)
    if (declared.wire == kind) return &declared;
  return nullptr;
}

Said PolicyText::entry(const Json& entry, const Json& implied) const {
  const EntryKind* kind = kind_of(entry);
  if (kind == nullptr) {
    std::string text = word(entry.value("kind", ""));
    const auto code = entry.find("code");
    if (code == entry.end() || !code->is_string()) return text;
    const Said said = quoted(code->get_ref<const std::string&>());
    return said ? Said(text + " " + *said) : Said();
  }
  const Said shown = name(kind->name);
  if (!shown) return {};
  std::string text;
  for (const EntryKind::Member& member : kind->members) {
    const auto found = entry.find(member.wire);
    if (found == entry.end() || found->is_null()) continue;
    const auto same = implied.is_object() ? implied.find(member.wire) : implied.end();
    if (implied.is_object() && same != implied.end() && *same == *found) continue;
    const Said called = name(member.name);
    const Said said = member.rows ? rows(*found, member.columns) : value(*found, member.type);
    if (called && said) append(text, *called + " " + *said);
  }
  return text.empty() ? *shown : *shown + " " + text;
}

}  // namespace toll::tools
