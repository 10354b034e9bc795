#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "engine/run/save.hpp"
#include "engine/run/state_words.hpp"

namespace toll {
namespace {

class Reader : private StateWords {
 public:
  Reader(std::string_view bytes, AccountState& state)
      : StateWords(bytes), s_(state), p_(*state.program()), core_(*state.program()->core) {}

  std::string read() {
    check_whole();
    if (!failed()) header();
    if (!failed()) globals();
    if (!failed()) families();
    if (!failed()) ids();
    if (!failed() && !in_.empty()) fail("something follows the ids");
    if (!failed()) s_.refresh_deadline();
    return error_;
  }

 private:
  /// A value as it was written, whatever the policy says about it now.
  struct Written {
    enum class Form : std::uint8_t { absent, number, text, name, unknown, set };
    Form form = Form::absent;
    Value number = 0;
    std::string_view text;
    std::vector<std::string_view> names;
  };
  struct Column {
    std::uint32_t field = kNone;  // kNone: the policy has no such field any more
    std::string_view type;
  };

  // -- values

  Written written(std::string_view type) {
    Written value;
    skip_space();
    const char first = in_.empty() ? '\0' : in_.front();
    if (first == '-' && (in_.size() < 2 || in_[1] == ' ' || in_[1] == '\n')) {
      in_.remove_prefix(1);
    } else if (type == "text") {
      value.form = Written::Form::text;
      value.text = string_here();
    } else if (type == "name") {
      if (first != '=' && first != '?') return fail("a name is wrong"), value;
      value.form = first == '=' ? Written::Form::name : Written::Form::unknown;
      in_.remove_prefix(1);
      value.text = string_here();
    } else if (type == "set") {
      if (first != '{') return fail("a set is wrong"), value;
      in_.remove_prefix(1);
      value.form = Written::Form::set;
      const std::uint32_t names = count(2);
      for (std::uint32_t i = 0; i < names && !failed(); ++i) value.names.push_back(string());
    } else {
      value.form = Written::Form::number;
      value.number = number(word());
    }
    return value;
  }

  /// What the value is under this policy. A name that its domain has no more is an unknown one.
  Value meant(const Written& value, const Type& type, std::string_view written_type) {
    if (type_word(type) != written_type) return fail("a type has changed"), kAbsent;
    switch (value.form) {
      case Written::Form::absent:
        return kAbsent;
      case Written::Form::number:
        if (type.kind == Kind::boolean && (value.number & ~Value{1}) != 0)
          fail("a boolean is wrong");
        if (type.kind == Kind::row && (value.number < 0 || value.number >= kMostHandles)) {
          fail("a row is wrong");
        }
        return value.number;
      case Written::Form::text:
        return text(value.text);
      case Written::Form::name: {
        const Value known = name(type.ref, value.text);
        return known != kAbsent ? known : kUnknownName | text(value.text);
      }
      case Written::Form::unknown:
        return kUnknownName | text(value.text);
      case Written::Form::set:
        return set(value, type.ref);
    }
    return kAbsent;
  }

  Value text(std::string_view text) {
    const std::uint32_t shared = p_.texts.find(chars(text));
    if (shared != TextPool::kMissing) return text_handle(TextSpace::policy, shared);
    std::unique_ptr<TextPool>& texts = s_.to_keep().texts;
    if (texts == nullptr) texts = std::make_unique<TextPool>();
    return text_handle(TextSpace::account, texts->add(chars(text)));
  }

  Value name(std::uint32_t domain, std::string_view wire) {
    auto [names, fresh] = names_.try_emplace(domain);
    if (fresh) {
      Value index = 0;
      for (const std::string_view known : p_.wires[domain]) names->second.emplace(known, index++);
    }
    const auto found = names->second.find(wire);
    return found == names->second.end() ? kAbsent : found->second;
  }

  Value set(const Written& value, std::uint32_t domain) {
    std::vector<std::uint64_t> bits((p_.wires[domain].size() + 63) / 64);
    for (const std::string_view wire : value.names) {
      const Value index = name(domain, wire);
      if (index == kAbsent) return fail("a set has a name that its domain lacks"), kAbsent;
      const auto at = static_cast<std::size_t>(index);
      bits[at / 64] |= std::uint64_t{1} << (at % 64);
    }
    return s_.intern_set(bits);
  }

  // -- parts

  void check_whole() {
    constexpr std::size_t kLast = 21;  // "end ", 16 digits, newline
    if (in_.size() < kLast || in_.back() != '\n' || in_.substr(in_.size() - kLast, 4) != "end " ||
        hex_of(in_.substr(in_.size() - kLast + 4, 16), 16) !=
            state_checksum(in_.substr(0, in_.size() - kLast))) {
      return fail("it is cut off or damaged");
    }
    in_.remove_suffix(kLast);
  }

  void header() {
    const std::string_view first = in_.substr(0, in_.find('\n'));
    if (first != kStateHeader) return fail("it is of another version");
    in_.remove_prefix(first.size());
    expect("policy");
    string();
    expect("entries");
    const Value entries = number(word());
    if (entries < 0 || entries > kMostEntries) return fail("a count is wrong");
    s_.entries = static_cast<std::uint64_t>(entries);
    expect("clock");
    const Written clock = written("instant");
    const Value at = clock.form == Written::Form::absent ? kAbsent : clock.number;
    if (at != kAbsent && !Calendar::is_instant(at)) fail("the clock is wrong");
    s_.set_clock(at);
  }

  void globals() {
    section("registers", core_.registers, [&](std::uint32_t i) {
      return std::pair{p_.register_cell(i), core_.registers[i].type};
    });
    section("machines", core_.machines, [&](std::uint32_t i) {
      Type type{Kind::name};
      type.ref = core_.machines[i].domain;
      return std::pair{p_.machine_cell(i), type};
    });
    section("timers", core_.timers, [&](std::uint32_t i) {
      return std::pair{p_.timer_cell(i), Type{Kind::instant}};
    });
  }

  template <class Declared, class CellOf>
  void section(std::string_view title, const std::vector<Declared>& declared, CellOf cell_of) {
    expect(title);
    const std::uint32_t total = count(4);
    for (std::uint32_t i = 0; i < total && !failed(); ++i) {
      const std::string_view called = string();
      const std::string_view type = word();
      const Written value = written(type);
      const auto at = std::find_if(declared.begin(), declared.end(),
                                   [&](const Declared& one) { return one.name == called; });
      if (at == declared.end() || failed()) continue;
      const auto [cell, now] = cell_of(static_cast<std::uint32_t>(at - declared.begin()));
      const Value meaning = meant(value, now, type);
      if (title == "machines" && (meaning == kAbsent || meaning >= kUnknownName)) {
        fail("a machine has no such state any more");
      }
      if (!failed() && !p_.globals.write(s_.globals(), cell, meaning)) {
        fail("a value is out of range");
      }
    }
  }

  void families() {
    expect("families");
    const std::uint32_t total = count(10);
    for (std::uint32_t i = 0; i < total && !failed(); ++i) family();
  }

  void family() {
    const std::string_view called = string();
    const std::string_view kind = word();
    const std::uint32_t keys = count(1);
    const std::uint32_t fields = count(4);
    const std::uint32_t rows = count(fields == 0 ? 1 : 2 * std::size_t{fields});
    const std::uint32_t marked = count(2);
    const auto at =
        std::find_if(core_.families.begin(), core_.families.end(),
                     [&](const Family& one) { return one.name == called && !one.event_scope; });
    const auto index = static_cast<std::uint32_t>(at - core_.families.begin());
    const Family* family = at == core_.families.end() ? nullptr : &*at;
    if (family != nullptr &&
        (kind != (family->keyed ? "keyed" : "serial") || keys != p_.families[index].key_count)) {
      return fail("the keys of a family have changed");
    }
    std::vector<Column> columns;
    for (std::uint32_t i = 0; i < fields && !failed(); ++i) columns.push_back(column(family));
    for (std::uint32_t i = 0; family != nullptr && i < keys && !failed(); ++i) {
      if (i >= columns.size() || columns[i].field != i) fail("the keys of a family have changed");
    }
    for (std::uint32_t row = 0; row < rows && !failed(); ++row) {
      read_row(index, family, columns);
    }
    for (std::uint32_t i = 0; i < marked && !failed(); ++i) {
      const Value row = number(word());
      if (row < 0 || row >= rows) return fail("a marked row is wrong");
      if (family == nullptr || !family->tracked) continue;
      s_.rows(index).set_mark(p_.families[index], static_cast<std::uint32_t>(row), true);
    }
  }

  Column column(const Family* family) {
    Column column;
    const std::string_view called = string();
    column.type = word();
    for (std::uint32_t i = 0; family != nullptr && i < family->fields.size(); ++i) {
      if (family->fields[i].name == called) column.field = i;
    }
    return column;
  }

  void read_row(std::uint32_t index, const Family* family, const std::vector<Column>& columns) {
    std::vector<Value> values;
    if (family != nullptr) values = p_.families[index].initial;
    for (const Column& column : columns) {
      const Written value = written(column.type);
      if (family == nullptr || column.field == kNone || failed()) continue;
      values[column.field] = meant(value, family->fields[column.field].type, column.type);
    }
    if (family == nullptr || failed()) return;
    const FamilyShape& shape = p_.families[index];
    FamilyState& rows = s_.rows(index);
    if (shape.keyed && rows.find(shape, values.data()) != FamilyState::kMissing) {
      return fail("a family has two rows with one key");
    }
    if (rows.append(shape, values.data()) == FamilyState::kMissing) {
      fail("a value is out of range");
    }
  }

  void ids() {
    expect("ids");
    const std::string_view kind = word();
    const bool timed = core_.remember_seconds >= 0;
    if (kind != "plain" && kind != "timed") return fail("the ids are wrong");
    const Value capacity = number(word());
    const std::uint32_t total = count(16 + 4 + 12);
    if (failed() || capacity < 0 ||
        !s_.to_keep().digests.reserve(static_cast<std::size_t>(capacity), total)) {
      return fail("the ids are wrong");
    }
    DigestSet::Entry last;
    for (std::uint32_t i = 0; i < total && !failed(); ++i) {
      DigestSet::Entry entry;
      entry.high = hex(16);
      entry.low = static_cast<std::uint16_t>(hex(4));
      entry.content = hex(12);
      // Ids of a policy that forgot none count as seen now.
      entry.seconds = s_.clock() == kAbsent ? 0 : whole_seconds(s_.clock());
      if (kind == "timed") entry.seconds = static_cast<std::int64_t>(number(word()));
      if (i > 0 && std::pair{entry.high, entry.low} <= std::pair{last.high, last.low}) {
        return fail("the ids are wrong");
      }
      last = entry;
      s_.to_keep().digests.insert(entry, timed ? std::numeric_limits<std::int64_t>::min() : 0);
    }
    skip_space();
  }

  static constexpr Value kMostEntries = static_cast<Value>(1) << 63;
  static constexpr Value kMostHandles = static_cast<Value>(1) << 30;

  AccountState& s_;
  const Program& p_;
  const Core& core_;
  std::map<std::uint32_t, std::map<std::string_view, Value>> names_;
};

}  // namespace

std::string restore_state(std::string_view bytes, AccountState& state) {
  return Reader(bytes, state).read();
}

}  // namespace toll
