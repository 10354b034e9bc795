#include "engine/fast/straighten.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "engine/fast/operands.hpp"

namespace toll {
namespace {

/// Registers that are read before they are written, from a place in the code on.
class Live {
 public:
  explicit Live(std::size_t registers) : words_(registers / 64 + 1) {}
  [[nodiscard]] bool has(std::uint32_t reg) const {
    return (words_[reg / 64] >> (reg % 64) & 1) != 0;
  }
  void set(std::uint32_t reg) { words_[reg / 64] |= std::uint64_t{1} << (reg % 64); }
  void drop(std::uint32_t reg) { words_[reg / 64] &= ~(std::uint64_t{1} << (reg % 64)); }
  void clear() { std::fill(words_.begin(), words_.end(), 0); }
  void join(const Live& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  friend bool operator==(const Live&, const Live&) = default;

 private:
  std::vector<std::uint64_t> words_;
};

/// Nobody misses it if nobody reads its result.
bool is_idle_unread(Act act) {
  switch (act) {
    case Act::move:
    case Act::global:
    case Act::eq:
    case Act::ne:
    case Act::lt:
    case Act::le:
    case Act::is_present:
    case Act::invert:
    case Act::table_cell:
    case Act::row_cell:
    case Act::find_one:
    case Act::find:
      return true;
    default:
      return false;
  }
}

/// It does nothing but jump.
bool is_plain_jump(Act act) {
  switch (act) {
    case Act::jump:
    case Act::jump_if:
    case Act::jump_unless:
    case Act::jump_absent:
    case Act::jump_present:
    case Act::jump_eq:
    case Act::jump_ne:
    case Act::jump_lt:
    case Act::jump_le:
    case Act::jump_not_lt:
    case Act::jump_not_le:
    case Act::jump_in_bound:
      return true;
    default:
      return false;
  }
}

/// One routine: instructions first .. end - 1.
class Straightener {
 public:
  Straightener(const Program& program, Code& code, std::vector<bool>& gone,
               std::uint32_t first_temp)
      : p_(program), code_(code), gone_(gone), first_temp_(first_temp) {}

  void straighten(std::uint32_t first, std::uint32_t end) {
    first_ = first;
    end_ = end;
    thread_jumps();
    find_targets();
    use_sources();
    drop_unread();
    drop_jumps_to_next();
  }

 private:
  enum class Target : std::uint8_t { none, forward, backward };
  using Copies = std::vector<std::pair<Reg, Reg>>;  // what is at hand in another register as well

  Ins& at(std::uint32_t i) { return code_.ins[i]; }
  Target& target(std::uint32_t i) { return targets_[i - first_]; }

  void thread_jumps() {
    constexpr int kMost = 8;
    for (std::uint32_t i = first_; i < end_; ++i) {
      std::uint32_t* const to = target_of(at(i));
      if (to == nullptr) continue;
      for (int hops = 0; hops < kMost && at(*to).act == Act::jump; ++hops) *to = at(*to).x;
    }
  }

  void find_targets() {
    targets_.assign(end_ - first_ + 1, Target::none);
    for (std::uint32_t i = first_; i < end_; ++i) {
      const std::uint32_t* const to = target_of(std::as_const(at(i)));
      if (to == nullptr) continue;
      if (*to <= i) target(*to) = Target::backward;
      if (target(*to) == Target::none) target(*to) = Target::forward;
    }
  }

  // -- who reads a copy reads what it is a copy of
  void use_sources() {
    copies_.clear();
    std::map<std::uint32_t, Copies> arriving;
    bool reached = true;
    for (std::uint32_t i = first_; i < end_; ++i) {
      if (target(i) == Target::backward) {
        copies_.clear();
        reached = true;
      } else if (target(i) == Target::forward) {
        const Copies& other = arriving[i];
        if (reached) {
          keep_common(copies_, other);
        } else {
          copies_ = other;
        }
        reached = true;
      }
      Ins& ins = at(i);
      const Operands does = operands_of(p_, code_, ins);
      rename(ins, does);
      settle(ins);
      written(ins, does);
      if (ins.act == Act::move && ins.a != ins.b) copies_.emplace_back(ins.a, ins.b);
      const std::uint32_t* const to = target_of(std::as_const(ins));
      if (to != nullptr && *to > i) {
        const auto [had, is_new] = arriving.try_emplace(*to, copies_);
        if (!is_new) keep_common(had->second, copies_);
      }
      if (ends(ins.act)) reached = false;
    }
  }

  static void keep_common(Copies& copies, const Copies& other) {
    copies.erase(std::remove_if(copies.begin(), copies.end(),
                                [&](const auto& copy) {
                                  return std::find(other.begin(), other.end(), copy) == other.end();
                                }),
                 copies.end());
  }

  [[nodiscard]] Reg source_of(Reg reg) const {
    const auto copy = std::find_if(copies_.begin(), copies_.end(),
                                   [reg](const auto& one) { return one.first == reg; });
    return copy == copies_.end() ? reg : copy->second;
  }

  void rename(Ins& ins, const Operands& does) {
    if (does.reads_b && !does.writes_b) ins.b = source_of(ins.b);
    if (does.reads_c) ins.c = source_of(ins.c);
    if (does.reads_x) ins.x = source_of(static_cast<Reg>(ins.x));
    if (does.reads_a && !does.writes_a && !does.may_write_a && !does.reads_next) {
      ins.a = source_of(ins.a);
    }
    each_listed(code_, ins, [this](Reg& reg) { reg = source_of(reg); });
  }

  void written(const Ins& ins, const Operands& does) {
    if (does.writes_a || does.may_write_a) overwritten(ins.a);
    if (does.writes_next) overwritten(static_cast<Reg>(ins.a + 1));
    if (does.writes_b) overwritten(ins.b);
    if (ins.act == Act::step) {
      for (const auto& given : code_.escapes[ins.x].out) overwritten(given.second);
    }
  }

  void overwritten(Reg reg) {
    copies_.erase(
        std::remove_if(copies_.begin(), copies_.end(),
                       [reg](const auto& copy) { return copy.first == reg || copy.second == reg; }),
        copies_.end());
  }

  /// Jumps of which it is known whether they are taken.
  void settle(Ins& ins) {
    const auto known = [&](Reg reg, std::int64_t& value) {
      if (reg < kFirstConstant || reg - kFirstConstant >= std::ssize(code_.constants)) return false;
      value = code_.constants[reg - kFirstConstant];
      return true;
    };
    std::int64_t b = 0;
    std::int64_t c = 0;
    if (!known(ins.b, b)) return;
    bool taken = false;
    switch (ins.act) {
      case Act::jump_absent:
        taken = b == kNothing;
        break;
      case Act::jump_present:
        taken = b != kNothing;
        break;
      case Act::jump_not_lt:
        if (!known(ins.c, c)) return;
        taken = b == kNothing || b >= c;
        break;
      default:
        return;
    }
    ins = taken ? Ins{Act::jump, 0, 0, 0, ins.x, 0} : Ins{Act::move, kNowReg, kNowReg, 0, 0, 0};
  }

  // -- what nobody reads is left out
  void drop_unread() {
    live_.clear();
    for (bool again = true; again;) again = look_back(false);
    look_back(true);
  }

  /// From the end to the beginning; true: what is read after a loop's beginning was not known.
  bool look_back(bool drop) {
    Live live(code_.registers - first_temp_);
    bool changed = false;
    for (std::uint32_t i = end_; i-- > first_;) {
      const Ins& ins = at(i);
      const std::uint32_t* const to = target_of(ins);
      if (ends(ins.act)) live.clear();
      if (to != nullptr) {
        const auto there = live_.find(*to);
        if (there != live_.end()) live.join(there->second);
      }
      if (!drop || !drop_one(i, live)) account_for(ins, live);
      if (target(i) == Target::none) continue;
      const auto [had, is_new] = live_.try_emplace(i, live);
      if (is_new || had->second == live) {
        changed = changed || (is_new && target(i) == Target::backward);
        continue;
      }
      had->second = live;
      changed = changed || target(i) == Target::backward;
    }
    return changed;
  }

  [[nodiscard]] bool is_temp(std::uint32_t reg) const { return reg >= first_temp_; }
  [[nodiscard]] bool reads_later(const Live& live, Reg reg) const {
    return !is_temp(reg) || live.has(reg - first_temp_);
  }

  /// An instruction that is not needed with what is read after it.
  bool drop_one(std::uint32_t i, const Live& live) {
    const Ins ins = at(i);
    const bool idle = is_idle_unread(ins.act) && !reads_later(live, ins.a);
    if (!idle && !(ins.act == Act::move && (ins.a == ins.b || made_in_place(i, live))))
      return false;
    gone_[i] = true;
    return true;
  }

  /// What is only passed on is put where it belongs by the instruction that makes it.
  bool made_in_place(std::uint32_t i, const Live& live) {
    const Ins move = at(i);
    if (i == first_ || target(i) != Target::none || gone_[i - 1]) return false;
    if (!is_temp(move.b) || reads_later(live, move.b)) return false;
    Ins& maker = at(i - 1);
    const Operands does = operands_of(p_, code_, maker);
    if (!does.writes_a || does.writes_next || does.reads_a || maker.a != move.b) return false;
    const bool reads_it =
        (does.reads_b && maker.b == move.a) || (does.reads_c && maker.c == move.a) ||
        (does.reads_x && maker.x == move.a) ||
        (does.count != 0 && move.a >= does.first && move.a < does.first + does.count);
    if (reads_it) return false;
    maker.a = move.a;
    return true;
  }

  void account_for(const Ins& ins, Live& live) {
    const Operands does = operands_of(p_, code_, ins);
    if (does.writes_a && !does.reads_a && is_temp(ins.a)) live.drop(ins.a - first_temp_);
    if (does.writes_next && is_temp(ins.a)) live.drop(ins.a + 1 - first_temp_);
    const auto read = [&](std::uint32_t reg) {
      if (is_temp(reg)) live.set(reg - first_temp_);
    };
    if (does.reads_a) read(ins.a);
    if (does.reads_next) read(ins.a + 1U);
    if (does.reads_b) read(ins.b);
    if (does.reads_c) read(ins.c);
    if (does.reads_x) read(ins.x);
    for (std::uint32_t k = 0; k < does.count; ++k) read(does.first + k);
    each_listed(code_, ins, [&read](const Reg& reg) { read(reg); });
    if (ins.act == Act::scan_rows || ins.act == Act::scan_chain || ins.act == Act::scan_back) {
      for (const Filter::Test& test : code_.filters[ins.x].tests) read(test.reg);
    }
  }

  void drop_jumps_to_next() {
    for (std::uint32_t i = end_; i-- > first_;) {
      if (!is_plain_jump(at(i).act)) continue;
      const std::uint32_t to = *target_of(at(i));
      if (to <= i) continue;
      gone_[i] =
          std::all_of(gone_.begin() + i + 1, gone_.begin() + to, [](bool one) { return one; });
    }
  }

  const Program& p_;
  Code& code_;
  std::vector<bool>& gone_;
  const std::uint32_t first_temp_;
  std::uint32_t first_ = 0;
  std::uint32_t end_ = 0;
  std::vector<Target> targets_;
  Copies copies_;
  std::map<std::uint32_t, Live> live_;
};

template <class Visit>
void each_entry(Code& code, Visit visit) {
  for (Entries& entries : code.events) {
    for (std::uint32_t* entry : {&entries.refusal, &entries.handle}) {
      if (*entry != kNone) visit(*entry);
    }
  }
  for (std::uint32_t& timer : code.timers) {
    if (timer != kNone) visit(timer);
  }
  for (MakeUp& make_up : code.make_ups) {
    for (std::uint32_t* entry : {&make_up.test, &make_up.give}) {
      if (*entry != kNone) visit(*entry);
    }
  }
}

void close_up(Code& code, const std::vector<bool>& gone) {
  std::vector<std::uint32_t> place;  // of an instruction, when others are gone
  std::uint32_t kept = 0;
  for (const bool one : gone) {
    place.push_back(kept);
    if (!one) ++kept;
  }
  for (std::size_t i = 0; i < gone.size(); ++i) {
    Ins ins = code.ins[i];
    std::uint32_t* const to = target_of(ins);
    if (to != nullptr) *to = place[*to];
    if (!gone[i]) code.ins[place[i]] = ins;
  }
  code.ins.resize(kept);
  each_entry(code, [&](std::uint32_t& entry) { entry = place[entry]; });
}

}  // namespace

void straighten(const Program& program, Code& code, std::uint32_t first_temp) {
  std::vector<std::uint32_t> starts;
  each_entry(code, [&](std::uint32_t entry) { starts.push_back(entry); });
  std::sort(starts.begin(), starts.end());
  std::vector<bool> gone(code.ins.size(), false);
  Straightener routine(program, code, gone, first_temp);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const bool last = i + 1 == starts.size();
    const auto end = last ? static_cast<std::uint32_t>(code.ins.size()) : starts[i + 1];
    routine.straighten(starts[i], end);
  }
  close_up(code, gone);
}

}  // namespace toll
