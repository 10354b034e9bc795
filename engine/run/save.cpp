#include "engine/run/save.hpp"

#include "engine/kernel/assert.hpp"

namespace toll {

std::string type_word(const Type& type) {
  constexpr std::string_view kWords[] = {"boolean", "number", "text", "name", "instant", "date",
                                         "month",   "span",   "set",  "row",  "list"};
  std::string word(kWords[static_cast<std::size_t>(type.kind)]);
  if (type.kind == Kind::number) word += std::to_string(type.scale);
  return word;
}

std::uint64_t state_checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  }
  return hash;
}

namespace {

class Writer {
 public:
  explicit Writer(const AccountState& state) : s_(state), p_(*state.program()) {}

  std::string write() {
    const Core& core = *p_.core;
    word(kStateHeader).line();
    word("policy").string(core.name).line();
    word("entries").number(static_cast<Value>(s_.entries)).line();
    word("clock").value(Type{Kind::instant}, s_.clock()).line();
    word("registers").number(static_cast<Value>(core.registers.size())).line();
    for (std::uint32_t i = 0; i < core.registers.size(); ++i) {
      global(core.registers[i].name, core.registers[i].type, p_.register_cell(i));
    }
    word("machines").number(static_cast<Value>(core.machines.size())).line();
    for (std::uint32_t i = 0; i < core.machines.size(); ++i) {
      Type type{Kind::name};
      type.ref = core.machines[i].domain;
      global(core.machines[i].name, type, p_.machine_cell(i));
    }
    word("timers").number(static_cast<Value>(core.timers.size())).line();
    for (std::uint32_t i = 0; i < core.timers.size(); ++i) {
      global(core.timers[i].name, Type{Kind::instant}, p_.timer_cell(i));
    }
    word("families").number(p_.account_families).line();
    for (std::uint32_t i = 0; i < core.families.size(); ++i) {
      if (!core.families[i].event_scope) family(i);
    }
    ids();
    const std::uint64_t checksum = state_checksum(out_);
    word("end").hex(checksum, 16).line();
    return std::move(out_);
  }

 private:
  Writer& word(std::string_view text) {
    if (!out_.empty() && out_.back() != '\n') out_ += ' ';
    out_ += text;
    return *this;
  }
  Writer& string(std::string_view text, std::string_view mark = {}) {
    word(mark);
    out_ += std::to_string(text.size());
    out_ += ':';
    out_ += text;
    return *this;
  }
  Writer& number(Value value) {
    char digits[48];
    std::size_t at = sizeof digits;
    auto rest = static_cast<UnsignedValue>(value);
    if (value < 0) rest = 0 - rest;
    do {
      digits[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
      rest /= 10;
    } while (rest != 0);
    if (value < 0) digits[--at] = '-';
    return word({digits + at, sizeof digits - at});
  }
  Writer& hex(std::uint64_t value, unsigned digits) {
    char text[16];
    for (unsigned i = 0; i < digits; ++i) {
      text[i] = "0123456789abcdef"[value >> (4 * (digits - 1 - i)) & 15];
    }
    return word({text, digits});
  }
  void line() { out_ += '\n'; }

  Writer& value(const Type& type, Value value) {
    if (value == kAbsent) return word("-");
    switch (type.kind) {
      case Kind::text:
        return string(s_.text(value));
      case Kind::name:
        return (value & kUnknownName) != 0 ? string(s_.text(value & ~kUnknownName), "?")
                                           : string(wire(type.ref, value), "=");
      case Kind::set:
        return set(type.ref, value);
      default:
        return number(value);
    }
  }

  [[nodiscard]] std::string_view wire(std::uint32_t domain, Value name) const {
    const auto& names = p_.wires[domain];
    TOLL_ASSERT(name >= 0 && name < static_cast<Value>(names.size()));
    return names[static_cast<std::size_t>(name)];
  }

  Writer& set(std::uint32_t domain, Value value) {
    const auto bits = s_.set(value);
    const auto has = [&](std::size_t i) { return (bits[i / 64] >> (i % 64) & 1) != 0; };
    Value count = 0;
    for (std::size_t i = 0; i < bits.size() * 64; ++i) count += has(i) ? 1 : 0;
    word("{");
    out_ += std::to_string(static_cast<unsigned long long>(count));
    for (std::size_t i = 0; i < bits.size() * 64; ++i) {
      if (has(i)) string(wire(domain, static_cast<Value>(i)));
    }
    return *this;
  }

  void global(const std::string& name, const Type& type, std::uint32_t cell) {
    string(name).word(type_word(type)).value(type, s_.global(cell)).line();
  }

  void family(std::uint32_t index) {
    const Family& family = p_.core->families[index];
    const FamilyShape& shape = p_.families[index];
    const FamilyState& rows = s_.rows(index);
    std::uint32_t marked = 0;
    for (std::uint32_t row = 0; shape.tracked && row < rows.count(); ++row) {
      marked += rows.marked(shape, row) ? 1U : 0U;
    }
    string(family.name).word(family.keyed ? "keyed" : "serial").number(shape.key_count);
    number(shape.layout.cells()).number(rows.count()).number(marked).line();
    for (const Family::Field& field : family.fields) {
      string(field.name).word(type_word(field.type)).line();
    }
    for (std::uint32_t row = 0; row < rows.count(); ++row) {
      for (std::uint32_t i = 0; i < shape.layout.cells(); ++i) {
        value(family.fields[i].type, rows.read(shape, row, i));
      }
      line();
    }
    for (std::uint32_t row = 0; shape.tracked && row < rows.count(); ++row) {
      if (rows.marked(shape, row)) number(row);
    }
    line();
  }

  void ids() {
    const bool timed = p_.core->remember_seconds >= 0;
    word("ids").word(timed ? "timed" : "plain");
    number(static_cast<Value>(s_.kept().digests.capacity()));
    number(static_cast<Value>(s_.kept().digests.size())).line();
    for (const DigestSet::Entry& entry : s_.kept().digests.entries()) {
      hex(entry.high, 16).hex(entry.low, 4).hex(entry.content, 12);
      if (timed) number(entry.seconds);
      line();
    }
  }

  const AccountState& s_;
  const Program& p_;
  std::string out_;
};

}  // namespace

std::string save_state(const AccountState& state) { return Writer(state).write(); }

}  // namespace toll
