#include "tools/why/words.hpp"

#include <algorithm>

#include "io/ledger_writer.hpp"
#include "io/time_text.hpp"

namespace toll::why {
namespace {

constexpr std::size_t kLongText = 96;  ///< characters of an author's text that are shown

/// One line of it, without comments; cut if it is long.
std::string one_line(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (c == '#' && !quoted) {
      while (i < text.size() && text[i] != '\n') ++i;
    }
    const bool blank =
        i >= text.size() || text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r';
    if (!blank) out.push_back(c);
    if (blank && !out.empty() && out.back() != ' ' && out.back() != '(') out.push_back(' ');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  // Brackets around the whole are not part of an expression; the last may be missing.
  if (std::count(out.begin(), out.end(), '(') > std::count(out.begin(), out.end(), ')'))
    out.push_back(')');
  std::size_t characters = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(out[i]) & 0xC0U) != 0x80U;
    if (begins && ++characters > kLongText) return out.substr(0, i) + " ...";
  }
  return out;
}

}  // namespace

bool computes(Op op) {
  switch (op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::floor_div:
    case Op::modulo:
    case Op::round_div:
    case Op::rescale:
      return true;
    default:
      return false;
  }
}

std::string_view infix(Op op) {
  switch (op) {
    case Op::add:
    case Op::set_union:
      return "+";
    case Op::sub:
    case Op::set_minus:
      return "-";
    case Op::mul:
      return "*";
    case Op::floor_div:
      return "//";
    case Op::modulo:
      return "%";
    case Op::eq:
      return "=";
    case Op::ne:
      return "!=";
    case Op::lt:
      return "<";
    case Op::le:
      return "<=";
    case Op::gt:
      return ">";
    case Op::ge:
      return ">=";
    case Op::in_set:
      return "in";
    default:
      return {};
  }
}

const dsl::Skin& skin_of(const dsl::Policy& policy) {
  const dsl::Skin* const skin = dsl::find_skin(policy.skin);
  return skin != nullptr ? *skin : dsl::english();
}

Words::Words(const dsl::Policy& policy, const dsl::SourceSet& sources, Language language)
    : core_(*policy.core),
      sources_(sources),
      spans_(policy.node_spans),
      texts_(policy.node_texts),
      skin_(skin_of(policy)),
      language_(language) {
  // Clauses name their files without the folder of the policy.
  for (const Clause& clause : core_.clauses) {
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
      const std::string& path = sources.path(file);
      if (!clause.file.empty() && path.ends_with(clause.file)) {
        root_ = path.substr(0, path.size() - clause.file.size());
        return;
      }
    }
  }
}

std::string Words::keyword(const dsl::CanonicalWords& words) const {
  const dsl::Skin::Entry* const entry = skin_.spelling_of(words);
  if (entry != nullptr && !entry->spellings.empty()) return entry->spellings.front();
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string Words::unit(const Dimension& dimension) const {
  std::string above;
  std::string below;
  for (const Dimension::Power& power : dimension.powers) {
    if (power.exponent == 0 || power.unit >= core_.units.size()) continue;
    std::string name = core_.units[power.unit].name;
    if (power.unit <= 2 && power.unit > 0) name = keyword({name + "s"});  // days and months
    const int size = power.exponent > 0 ? power.exponent : -power.exponent;
    if (size > 1) name += "^" + std::to_string(size);
    if (power.exponent > 0) {
      above += (above.empty() ? "" : "*") + name;
    } else {
      below += "/" + name;
    }
  }
  return above + below;
}

std::string Words::span(Value nanos) const {
  constexpr Value kSecond = 1'000'000'000;
  std::string out = nanos < 0 ? "-" : "";
  Value rest = nanos < 0 ? -nanos : nanos;
  struct Part {
    const char* one;
    const char* many;
    Value size;
  };
  static constexpr Part kParts[] = {{"hour", "hours", 3600 * kSecond},
                                    {"minute", "minutes", 60 * kSecond}};
  bool any = false;
  for (const Part& part : kParts) {
    const Value count = rest / part.size;
    if (count == 0) continue;
    rest -= count * part.size;
    if (any) out += ' ';
    io::append_decimal(out, count, 0);
    out += " " + keyword({count == 1 && skin_.name() == "en" ? part.one : part.many});
    any = true;
  }
  if (rest != 0 || !any) {
    if (any) out += ' ';
    io::append_decimal(out, rest, 9);
    out += " " + keyword({"seconds"});
  }
  return out;
}

std::string Words::joined(const std::vector<std::string>& parts) const {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string Words::show(const Type& type, Value value, const Step& step) const {
  if (value == kAbsent) return keyword({"none"});
  std::string out;
  switch (type.kind) {
    case Kind::boolean:
      return keyword({value != 0 ? "true" : "false"});
    case Kind::number: {
      io::append_decimal(out, value, type.scale);
      std::string unit_text = unit(type.dimension);
      if (skin_.name() == "en" && (out == "1" || out == "-1") &&
          (unit_text == "days" || unit_text == "months"))
        unit_text.pop_back();
      return unit_text.empty() ? out : out + " " + unit_text;
    }
    case Kind::text: {
      const auto found = step.texts.find(value);
      return found == step.texts.end() ? "" : found->second;
    }
    case Kind::name: {
      const auto found = step.texts.find(value);
      if (value >= kUnknownName) return found == step.texts.end() ? "?" : found->second;
      const std::vector<Domain::Name>& names = core_.domains[type.ref].names;
      const auto index = static_cast<std::size_t>(value);
      return index < names.size() ? names[index].shown : "?";
    }
    case Kind::instant:
      io::append_instant(out, value, io::Zone(core_.zone));
      out = out.substr(0, out.size() - (out.back() == 'Z' ? 1 : 6));
      out[10] = ' ';
      return out.ends_with(":00") ? out.substr(0, out.size() - 3) : out;
    case Kind::date:
      io::append_date(out, value);
      return out;
    case Kind::month:
      io::append_month(out, value);
      return out;
    case Kind::span:
      return span(value);
    case Kind::set: {
      const auto found = step.sets.find(value);
      if (found == step.sets.end()) return "";
      std::vector<std::string> names;
      constexpr std::size_t kFew = 4;
      for (const std::uint32_t name : found->second) {
        if (names.size() == kFew) break;
        names.push_back(core_.domains[type.ref].names[name].shown);
      }
      std::string list = joined(names);
      if (found->second.size() > kFew)
        list += " " + say({"why.and-more", {std::to_string(found->second.size() - kFew)}});
      return "(" + list + ")";
    }
    case Kind::row:
      return type.of == Of::table ? table_row(type.ref, value, step) : say({"why.a-row"});
    case Kind::list:
      return say({"why.a-list"});
  }
  return out;
}

std::string Words::row(std::uint32_t family, const std::vector<Value>& fields,
                       const Step& step) const {
  const Family& shape = core_.families[family];
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < fields.size() && i < shape.fields.size(); ++i) {
    const Type& type = shape.fields[i].type;
    const bool tells =
        shape.keyed ? i < shape.key_count : type.kind == Kind::name || type.kind == Kind::text;
    if (fields[i] == kAbsent) continue;
    if (type.kind == Kind::text && show(type, fields[i], step).empty()) continue;
    if (tells && type.kind != Kind::row) parts.push_back(show(type, fields[i], step));
    // What lasts is told apart by its times as well.
    const bool lasts = !shape.keyed && !shape.event_scope;
    if (lasts && (type.kind == Kind::instant || type.kind == Kind::date))
      parts.push_back(shape.fields[i].name + " " + show(type, fields[i], step));
  }
  if (parts.empty()) {
    for (std::size_t i = 0; i < fields.size() && i < shape.fields.size(); ++i)
      if (fields[i] != kAbsent && shape.fields[i].type.kind != Kind::row)
        parts.push_back(shape.fields[i].name + " " + show(shape.fields[i].type, fields[i], step));
  }
  return joined(parts);
}

std::string Words::table_row(std::uint32_t table, Value row, const Step& step) const {
  const Table& shape = core_.tables[table];
  if (row < 0 || static_cast<std::size_t>(row) >= shape.rows.size()) return keyword({"none"});
  const Table::Row& cells = shape.rows[static_cast<std::size_t>(row)];
  std::vector<std::string> parts;
  for (const std::uint32_t key : shape.keys)
    parts.push_back(show(shape.columns[key].type, cells.cells[key], step));
  return joined(parts);
}

bool Words::has_text(NodeId node) const {
  return node != kNoNode && node < spans_.size() && spans_[node].end != 0 &&
         (sources_.path(spans_[node].file).ends_with(".toll") || texts_.count(node) != 0);
}

std::string Words::text(NodeId node) const {
  if (!has_text(node)) return written(node);
  // A rule file in Lua has no text that stands for an expression: it was put together.
  const auto text = texts_.find(node);
  return text != texts_.end() ? text->second : one_line(sources_.slice(spans_[node]));
}

std::string Words::place(NodeId node) const {
  if (!has_text(node)) return {};
  const dsl::SourceSpan span = spans_[node];
  std::string path = sources_.path(span.file);
  if (path.starts_with(root_)) path.erase(0, root_.size());
  return path + ":" + std::to_string(sources_.position(span).line);
}

std::string Words::place_of(ClauseId clause) const {
  if (clause >= core_.clauses.size()) return {};
  return core_.clauses[clause].file + ":" + std::to_string(core_.clauses[clause].line);
}

/// Its own, or that of the declaration it stands in.
std::string Words::source_of(ClauseId clause) const {
  for (; clause < core_.clauses.size(); clause = core_.clauses[clause].parent)
    if (!core_.clauses[clause].source.empty()) return core_.clauses[clause].source;
  return {};
}

bool Words::is_quoted(ClauseId clause) const {
  return clause >= core_.clauses.size() || core_.clauses[clause].file.ends_with(".toll");
}

std::string Words::quote(ClauseId clause) const {
  if (clause >= core_.clauses.size()) return {};
  for (std::uint32_t file = 0; file < sources_.size(); ++file) {
    if (sources_.path(file) != root_ + core_.clauses[clause].file) continue;
    const std::string& text = sources_.text(file);
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < core_.clauses[clause].line && at < text.size(); ++line)
      at = std::min(text.find('\n', at), text.size() - 1) + 1;
    return one_line(std::string_view(text).substr(at, text.find('\n', at) - at));
  }
  return {};
}

std::string Words::label(ClauseId clause) const {
  if (clause >= core_.clauses.size()) return {};
  std::string id = core_.clauses[clause].id;
  const ClauseId parent = core_.clauses[clause].parent;
  if (parent < core_.clauses.size() && id.starts_with(core_.clauses[parent].id + "/"))
    id.erase(0, core_.clauses[parent].id.size() + 1);
  if (const std::size_t again = id.find('#'); again != std::string::npos) id.erase(again);
  const auto numbered = [&](std::string_view word) {
    return id.starts_with(word) &&
           id.find_first_not_of("0123456789", word.size()) == std::string::npos;
  };
  if (numbered("rule") || numbered("case") || id == "counted" || id.find(':') != std::string::npos)
    return {};
  if (id == "otherwise" || id == "approve") return keyword({id});
  return id;
}

}  // namespace toll::why
