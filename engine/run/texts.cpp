// Texts and names of an event: made the account's own, joined, compared, and kept.
#include <algorithm>

#include "engine/kernel/assert.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"

namespace toll {
namespace {

void append_digits(std::string& out, Value value, std::size_t width = 1) {
  char digits[48];
  std::size_t at = sizeof digits;
  const bool negative = value < 0;
  auto rest = static_cast<UnsignedValue>(value);
  if (negative) rest = 0 - rest;
  for (; rest > UINT64_MAX; rest /= 10) {
    digits[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  // Nearly all numbers take 64 bits, which are divided many times as fast.
  auto small = static_cast<std::uint64_t>(rest);
  do {
    digits[--at] = static_cast<char>('0' + static_cast<int>(small % 10));
    small /= 10;
  } while (small != 0 || sizeof digits - at < width);
  if (negative) digits[--at] = '-';
  out.append(digits + at, sizeof digits - at);
}

/// Without the point if nothing follows it.
void append_number(std::string& out, Value value, unsigned scale) {
  if (value < 0) out += '-';
  UnsignedValue unit = 1;
  for (unsigned i = 0; i < scale; ++i) unit *= 10;
  auto size = static_cast<UnsignedValue>(value);
  if (value < 0) size = 0 - size;
  append_digits(out, static_cast<Value>(size / unit));
  if (size % unit == 0) return;
  out += '.';
  append_digits(out, static_cast<Value>(size % unit), scale);
  while (out.back() == '0') out.pop_back();
}

}  // namespace

void Run::read(const EventView& event) {
  w_.fields.assign(event.fields.begin(), event.fields.end());
  fields_ = w_.fields;
  std::size_t cells = 0;
  for (const ListView& list : event.lists) cells += list.cells.size();
  w_.list_cells.reserve(cells);
  for (const ListView& list : event.lists) {
    const std::size_t first = w_.list_cells.size();
    w_.list_cells.insert(w_.list_cells.end(), list.cells.begin(), list.cells.end());
    w_.lists.push_back({{w_.list_cells.data() + first, list.cells.size()}, list.columns});
  }
  for (const EventPlan::Part& part : p_.events[event.type].parts) {
    Value& field = w_.fields[part.field];
    // Mostly it is absent, or a name that is known.
    if (field == kAbsent || (part.kind == Kind::name && (field & kUnknownName) == 0)) continue;
    if (part.kind != Kind::list) {
      field = own(part.kind, field, event);
      continue;
    }
    if (part.list >= p_.list_columns.size()) continue;
    const ListView& list = w_.lists[static_cast<std::size_t>(field)];
    const std::vector<Kind>& kinds = p_.list_columns[part.list];
    const std::size_t first = static_cast<std::size_t>(list.cells.data() - w_.list_cells.data());
    for (std::size_t i = 0; i < list.cells.size(); ++i) {
      Value& cell = w_.list_cells[first + i];
      const std::size_t column = i % list.columns;
      if (column < kinds.size()) cell = own(kinds[column], cell, event);
    }
  }
}

Value Run::own(Kind kind, Value value, const EventView& event) {
  if (value == kAbsent) return value;
  if (kind == Kind::set) {
    w_.bits.clear();
    for (const std::uint32_t name : event.sets[static_cast<std::size_t>(value)]) {
      if (name / 64 >= w_.bits.size()) w_.bits.resize(name / 64 + 1);
      w_.bits[name / 64] |= std::uint64_t{1} << (name % 64);
    }
    return s_->intern_set(w_.bits);
  }
  if (kind == Kind::name && (value & kUnknownName) == 0) return value;
  if (kind != Kind::name && kind != Kind::text) return value;
  const Value unknown = value & kUnknownName;
  const Value handle = value & ~kUnknownName;
  if (handle >> 32 == static_cast<Value>(TextSpace::policy)) return p_.own_text(value);
  if (handle >> 32 == static_cast<Value>(TextSpace::account)) return value;
  const auto index = static_cast<std::uint32_t>(handle);
  TOLL_ASSERT(index < event.texts.size());
  return unknown | own_text(event.texts[index]);
}

// A text that neither the policy nor the account has gets the index it will have if it is kept, so
// that equal texts have equal values before and after.
Value Run::own_text(std::string_view text) {
  const std::uint32_t shared = p_.texts.find(chars(text));
  return shared != TextPool::kMissing ? text_handle(TextSpace::policy, shared)
                                      : own_unshared_text(text);
}

/// The same for a text that the policy does not have.
Value Run::own_unshared_text(std::string_view text) {
  if (s_->text_count() != 0) {
    const std::uint32_t known = s_->kept().texts->find(chars(text));
    if (known != TextPool::kMissing) return text_handle(TextSpace::account, known);
  }
  return text_handle(TextSpace::account, w_.first_text + w_.texts.add(chars(text)));
}

/// Texts of the event at hand have the indexes that they will have if they are kept.
std::string_view Run::text_of(Value value) const {
  const Value first = text_handle(TextSpace::account, w_.first_text);
  if (value < first) return s_->text(value);
  const auto place = static_cast<std::uint32_t>(value - first);
  return place < w_.texts.size() ? view(w_.texts.at(place)) : std::string_view{};
}

void Run::keep(Kind kind, Value value) {
  if (value == kAbsent) return;
  if (kind != Kind::text && !(kind == Kind::name && (value & kUnknownName) != 0)) return;
  const Value handle = value & ~kUnknownName;
  const Value first = text_handle(TextSpace::account, w_.first_text);
  if (handle < first) return;
  const auto place = static_cast<std::size_t>(handle - first);
  if (place >= w_.kept.size()) w_.kept.resize(place + 1);
  w_.kept[place] = true;
}

Value Run::joined_text(const Term& term) {
  const auto parts = p_.at(term.operands);
  const Value* values = arguments(parts);
  w_.text.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // What a part is, its own term says; it has the constants' and calls' kind as well.
    if (values[i] == kAbsent || !append_text(p_.terms[parts[i]], values[i])) return kAbsent;
  }
  return own_text(w_.text);
}

// Most texts are joined of the same names and months again and again.
bool Run::join(const Ins& ins) {
  const auto parts = p_.at(terms_[ins.x].operands);
  const std::int64_t* const values = r_ + ins.b;
  bool shared = true;
  std::uint64_t hash = ins.x;
  for (std::size_t i = 0; i < ins.c; ++i) {
    if (values[i] == kNothing) {
      r_[ins.a] = kNothing;
      return true;
    }
    const Kind kind = terms_[parts[i]].kind;
    shared = shared && (values[i] <= kMostShared || (kind != Kind::text && kind != Kind::name));
    hash = (hash ^ static_cast<std::uint64_t>(values[i])) * 0x9e3779b97f4a7c15U;
  }
  Workspace::Joined& known = w_.joined[hash >> (64 - Workspace::kJoinedBits)];
  const auto same = [&] {
    return known.term == ins.x && std::equal(values, values + ins.c, known.parts);
  };
  if (!shared || !same()) {
    w_.text.clear();
    for (std::size_t i = 0; i < ins.c; ++i) {
      if (!append_text(terms_[parts[i]], values[i])) return false;
    }
    if (!shared) return narrow(own_text(w_.text), r_[ins.a]);
    known.term = ins.x;
    std::copy_n(values, ins.c, known.parts);
    known.text = w_.text;
    known.shared = p_.texts.find(chars(known.text));
  }
  return narrow(known.shared != TextPool::kMissing ? text_handle(TextSpace::policy, known.shared)
                                                   : own_unshared_text(known.text),
                r_[ins.a]);
}

bool Run::append_text(const Term& part, Value value) {
  std::string& out = w_.text;
  switch (part.kind) {
    case Kind::text:
      out += text_of(value);
      return true;
    case Kind::name:
      if ((value & kUnknownName) != 0) {
        out += text_of(value & ~kUnknownName);
      } else {
        const auto& names = p_.wires[part.ref];
        if (value < static_cast<Value>(names.size())) out += names[static_cast<std::size_t>(value)];
      }
      return true;
    case Kind::boolean:
      out += value != 0 ? "true" : "false";
      return true;
    case Kind::month:
    case Kind::date: {
      const bool month = part.kind == Kind::month;
      if (!(month ? Calendar::is_month(value) : Calendar::is_day(value))) {
        overflow();
        return false;
      }
      const auto narrow = static_cast<std::int64_t>(value);
      const Civil civil = civil_of(month ? month_start(narrow) : narrow);
      append_digits(out, civil.year, 4);
      out += '-';
      append_digits(out, civil.month, 2);
      if (!month) {
        out += '-';
        append_digits(out, civil.day, 2);
      }
      return true;
    }
    case Kind::number:
      append_number(out, value, part.scale);
      return true;
    default:
      append_digits(out, value);
      return true;
  }
}

int Run::compare(Kind kind, Value a, Value b) const {
  if (a == b) return 0;
  const bool text = kind == Kind::text;
  if (text || (kind == Kind::name && (a & kUnknownName) != 0 && (b & kUnknownName) != 0)) {
    return text_of(a & ~kUnknownName).compare(text_of(b & ~kUnknownName));
  }
  return a < b ? -1 : 1;
}

}  // namespace toll
