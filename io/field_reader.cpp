#include "io/field_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace toll::io {
namespace {

using Read = FieldType::Read;

constexpr Value kLargest = 1'000'000'000'000;  ///< of any amount and count of one event
constexpr std::size_t kMoneyDecimals = 6;
constexpr std::size_t kQuoted = 60;  ///< bytes of the user's text that a message repeats
constexpr std::string_view kDigits = "0123456789";

Value power_of_ten(std::size_t exponent) {
  Value power = 1;
  for (std::size_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// The value of plain digits, if it is not above `largest`.
std::optional<Value> parse_digits(std::string_view digits, Value largest) {
  Value value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
    if (value > largest) return {};
  }
  return value;
}

/// Digits, perhaps with a point and up to six more: the value times 10^6.
std::optional<Value> parse_amount(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == text.size() ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || part.size() > kMoneyDecimals) return {};
  if (point != text.size() && part.empty()) return {};
  const std::optional<Value> units = parse_digits(whole, kLargest);
  const std::optional<Value> fraction = parse_digits(part, kLargest);
  if (!units || !fraction) return {};
  const Value scaled = *units * power_of_ten(kMoneyDecimals) +
                       *fraction * power_of_ten(kMoneyDecimals - part.size());
  if (scaled > kLargest * power_of_ten(kMoneyDecimals)) return {};
  return scaled;
}

std::string quoted(std::string_view text) {
  std::string out = "`";
  if (text.size() > kQuoted) {
    std::size_t size = kQuoted;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    out += text.substr(0, size);
    out += "...";
  } else {
    out += text;
  }
  out += '`';
  return out;
}

bool is_empty(const JsonNode& node) {
  return node.kind == JsonNode::Kind::string && node.text.empty();
}

}  // namespace

bool FieldReader::read(const JsonDocument& document, std::uint32_t data, const EventType& type,
                       EventError& error) {
  document_ = &document;
  error_ = &error;
  texts_.clear();
  cells_.clear();
  ranges_.clear();
  lists_.clear();
  nodes_.clear();
  set_count_ = 0;
  if (document.serial() != 0) {
    const Plan& plan = plans_[document.shape()];
    bool planned = plan.serial == document.serial() && plan.type == &type;
    if (planned) {
      const bool fine = read_as_planned(plan, planned);
      if (planned) return fine;
    } else {
      learn(data, type);
    }
  }
  values_.resize(type.fields.size());
  return read_fields(data, type.fields, values_);
}

/// False: a value cannot be read. `planned` becomes false if a field is empty and so not there.
bool FieldReader::read_as_planned(const Plan& plan, bool& planned) {
  for (const Plan::Told& told : plan.told) {
    if (told.may_be_empty && is_empty((*document_)[told.node])) {
      planned = false;
      return false;
    }
  }
  values_ = plan.others;
  for (const Plan::Told& told : plan.told) {
    const Field& field = plan.type->fields[told.field];
    wire_ = field.wire;
    if (!read_value(told.node, field, values_[told.field])) return false;
  }
  return true;
}

/// Makes a plan if all that has to be told is told, as it is with the text at hand.
void FieldReader::learn(std::uint32_t data, const EventType& type) {
  constexpr std::uint32_t kNowhere = JsonDocument::kNoNode;
  const std::vector<Field>& fields = type.fields;
  Plan plan;
  plan.serial = document_->serial();
  plan.type = &type;
  plan.others.assign(fields.size(), kAbsent);
  nodes_.assign(fields.size(), kNowhere);
  if (data != kNowhere) locate(data, fields, kNone, 0);
  bool fine = true;
  for (std::uint32_t i = 0; i < fields.size() && fine; ++i) {
    const Field& field = fields[i];
    if (field.type.read == Read::record && nodes_[i] != kNowhere) {
      fine = (*document_)[nodes_[i]].kind == JsonNode::Kind::object;
      const bool any = fine && locate(nodes_[i], fields, i, 0);
      if (!any && field.type.empty_is_absent) nodes_[i] = kNowhere;
    }
    const bool there = field.parent == kNone || nodes_[field.parent] != kNowhere;
    if (nodes_[i] == kNowhere) {
      fine = fine && !(field.required && there);
      if (there) plan.others[i] = field.initial;
    } else if (field.type.read == Read::record) {
      plan.others[i] = 1;
    } else {
      plan.told.push_back({i, nodes_[i], field.type.empty_is_absent});
    }
  }
  nodes_.clear();
  if (fine) plans_[document_->shape()] = std::move(plan);
}

void FieldReader::lend(EventView& event) const {
  event.fields = values_;
  event.texts = texts_;
  event.lists = lists_;
  event.sets = {sets_.data(), set_count_};
}

/// Notes where the members of an object are that are fields with this parent. False: none is.
bool FieldReader::locate(std::uint32_t object, const std::vector<Field>& fields,
                         std::uint32_t parent, std::size_t base) {
  bool any = false;
  std::size_t next = 0;  // members mostly come in declared order
  document_->each_member(object, [&](std::string_view key, std::uint32_t value) {
    for (std::size_t tried = 0; tried < fields.size(); ++tried) {
      const std::size_t i = next;
      next = next + 1 == fields.size() ? 0 : next + 1;
      if (fields[i].parent != parent || fields[i].wire != key) continue;
      nodes_[base + i] = value;
      any = true;
      return;
    }
  });
  return any;
}

bool FieldReader::read_fields(std::uint32_t object, const std::vector<Field>& fields,
                              std::span<Value> out) {
  constexpr std::uint32_t kNowhere = JsonDocument::kNoNode;
  const std::size_t base = nodes_.size();
  nodes_.resize(base + fields.size(), kNowhere);
  if (object != kNowhere) locate(object, fields, kNone, base);
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    const bool record = field.type.read == Read::record;
    std::uint32_t node = nodes_[base + i];
    wire_ = field.wire;
    if (node != kNowhere) {
      if (record) {
        if ((*document_)[node].kind != JsonNode::Kind::object) return fail("must be an object");
        // Members that are unknown or null do not fill a record: `{"x": 1}` is as empty as `{}`.
        if (!locate(node, fields, i, base) && field.type.empty_is_absent) node = kNowhere;
      } else if (field.type.empty_is_absent && is_empty((*document_)[node])) {
        node = kNowhere;
      }
      nodes_[base + i] = node;
    }
    if (node == kNowhere) {
      // A member of an absent record is not missing, and is absent whatever its default.
      const bool wanted = field.parent == kNone || nodes_[base + field.parent] != kNowhere;
      if (field.required && wanted) return fail("is missing");
      out[i] = wanted ? field.initial : kAbsent;
    } else if (record) {
      out[i] = 1;
    } else if (!read_value(node, field, out[i])) {
      return false;
    }
  }
  nodes_.resize(base);
  return true;
}

bool FieldReader::read_value(std::uint32_t index, const Field& field, Value& out) {
  const JsonNode& node = (*document_)[index];
  switch (field.type.read) {
    case Read::boolean:
      if (node.kind != JsonNode::Kind::boolean) return fail("must be true or false");
      out = node.truth ? 1 : 0;
      return true;
    case Read::text:
      if (node.kind != JsonNode::Kind::string) return fail("must be a string");
      out = keep_text(node.text);
      return true;
    case Read::count:
      return read_count(node, field.type, out);
    case Read::money:
      return read_money(node, field.type, out);
    case Read::instant:
    case Read::date: {
      if (node.kind != JsonNode::Kind::string) return fail("must be a string");
      const bool date = field.type.read == Read::date;
      const std::optional<Value> time =
          date ? parse_date(node.text) : parse_instant(node.text, zone_);
      if (!time) return fail(date ? "is no date" : "is no RFC 3339 time with an offset");
      out = *time;
      return true;
    }
    case Read::name:
    case Read::known:
      if (node.kind != JsonNode::Kind::string) return fail("must be a string");
      return read_name(node.text, field.type, out);
    case Read::set:
      return read_set(index, field.type, out);
    case Read::list:
      return read_list(index, field.type, out);
    case Read::counts:
      return read_counts(index, field.type, out);
    case Read::record:  // handled with its members
      break;
  }
  return fail("cannot be read");
}

bool FieldReader::read_count(const JsonNode& node, const FieldType& type, Value& out) {
  if (node.kind != JsonNode::Kind::number ||
      node.text.find_first_not_of(kDigits, node.text[0] == '-' ? 1 : 0) != std::string_view::npos)
    return fail("must be a whole number");
  const bool negative = node.text[0] == '-';
  const std::optional<Value> size = parse_digits(node.text.substr(negative ? 1 : 0), kLargest);
  if (!size) return fail(negative ? "is too small" : "is above 10^12");
  const Value value = negative ? -*size : *size;
  if (value < type.at_least) return fail("is below " + std::to_string(type.at_least));
  out = value * power_of_ten(type.type.scale);
  return true;
}

bool FieldReader::read_money(const JsonNode& node, const FieldType& type, Value& out) {
  if (node.kind != JsonNode::Kind::string) return fail("must be a decimal in a string");
  const std::optional<Value> amount = parse_amount(node.text);
  if (!amount)
    return fail("must be a decimal from 0 to 10^12 with at most 6 digits after the point");
  const std::size_t scale = type.type.scale;
  if (scale >= kMoneyDecimals) {
    out = *amount * power_of_ten(scale - kMoneyDecimals);
    return true;
  }
  const Value step = power_of_ten(kMoneyDecimals - scale);
  if (*amount % step != 0) return fail("has too many digits after the point");
  out = *amount / step;
  return true;
}

bool FieldReader::read_name(std::string_view spelling, const FieldType& type, Value& out) {
  const std::optional<std::uint32_t> name = names_.find(type.type.ref, spelling);
  if (name) {
    out = *name;
    return true;
  }
  if (type.read == Read::name) {
    out = kUnknownName | keep_text(spelling);
    return true;
  }
  error_->code = type.unknown_code.empty() ? "bad-event" : type.unknown_code;
  error_->message = "`" + std::string(wire_) + "`: " + quoted(spelling) + " is not known";
  return false;
}

bool FieldReader::read_set(std::uint32_t index, const FieldType& type, Value& out) {
  const JsonNode& node = (*document_)[index];
  if (node.kind != JsonNode::Kind::array) return fail("must be a list of names");
  if (set_count_ == sets_.size()) sets_.emplace_back();
  std::vector<std::uint32_t>& names = sets_[set_count_];
  names.clear();
  for (std::uint32_t i = index + 1; i < node.end; i = (*document_)[i].end) {
    if ((*document_)[i].kind != JsonNode::Kind::string) return fail("must be a list of names");
    Value name = 0;
    if (!read_name((*document_)[i].text, type, name)) return false;
    names.push_back(static_cast<std::uint32_t>(name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  out = static_cast<Value>(set_count_++);
  return true;
}

bool FieldReader::read_list(std::uint32_t index, const FieldType& type, Value& out) {
  const JsonNode& node = (*document_)[index];
  if (node.kind != JsonNode::Kind::array) return fail("must be a list of objects");
  const std::vector<Field>& columns = core_.lists[type.list].columns;
  std::vector<Value> cells(columns.size() * node.size);
  std::span<Value> row(cells);
  for (std::uint32_t i = index + 1; i < node.end; i = (*document_)[i].end) {
    if ((*document_)[i].kind != JsonNode::Kind::object) return fail("must be a list of objects");
    if (!read_fields(i, columns, row.first(columns.size()))) return false;
    row = row.subspan(columns.size());
  }
  out = keep_rows(cells, columns.size());
  return true;
}

bool FieldReader::read_counts(std::uint32_t index, const FieldType& type, Value& out) {
  const JsonNode& node = (*document_)[index];
  if (node.kind != JsonNode::Kind::object) return fail("must be an object of counts");
  const std::vector<Field>& columns = core_.lists[type.list].columns;
  std::vector<Value> cells;
  cells.reserve(std::size_t{2} * node.size);
  for (std::uint32_t i = index + 1; i < node.end; i = (*document_)[i + 1].end) {
    const JsonNode& count = (*document_)[i + 1];
    if (count.kind == JsonNode::Kind::null) continue;
    Value name = 0;
    Value number = 0;
    if (!read_name((*document_)[i].text, columns[0].type, name)) return false;
    if (!read_count(count, columns[1].type, number)) return false;
    cells.push_back(name);
    cells.push_back(number);
  }
  out = keep_rows(cells, 2);
  return true;
}

Value FieldReader::keep_text(std::string_view text) {
  texts_.push_back(text);
  return text_handle(TextSpace::event, static_cast<std::uint32_t>(texts_.size() - 1));
}

Value FieldReader::keep_rows(const std::vector<Value>& cells, std::size_t columns) {
  ranges_.push_back({cells_.size(), cells.size(), columns});
  cells_.insert(cells_.end(), cells.begin(), cells.end());
  // The buffer may have moved: all views of this event are made again.
  lists_.clear();
  for (const Range& range : ranges_)
    lists_.push_back(
        {std::span<const Value>(cells_).subspan(range.first, range.size), range.columns});
  return static_cast<Value>(ranges_.size() - 1);
}

bool FieldReader::fail(std::string_view problem) {
  error_->code = "bad-event";
  error_->message = "`" + std::string(wire_) + "` ";
  error_->message += problem;
  return false;
}

}  // namespace toll::io
