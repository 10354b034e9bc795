#include "tools/prove/histories.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/time_text.hpp"
#include "toll/json.hpp"

namespace toll::tools::prover {
namespace {

using nlohmann::json;

constexpr Value kSecond = 1'000'000'000;
constexpr Value kHour = 3600 * kSecond;
constexpr Value kDay = 24 * kHour;

std::vector<Happening> happenings(const diff::PlayedHistory& history) {
  std::vector<Happening> made;
  for (const diff::PlayedEvent& event : history.events) {
    json object = event.object;
    object["subject"] = "account";
    made.push_back({object.dump(-1, ' ', false, json::error_handler_t::replace), event.time});
  }
  return made;
}

/// Tells of every event and timer that is done, and of its account then.
class Watch : public Observer {
 public:
  explicit Watch(std::function<void(const Account&)> done) : done_(std::move(done)) {}
  void after(std::string_view /*subject*/, const Account& account, bool applied) override {
    if (applied) done_(account);
  }

 private:
  std::function<void(const Account&)> done_;
};

}  // namespace

/// Values of one history, few of each kind so that they meet again.
class Histories::Maker {
 public:
  Maker(const Histories& histories, std::mt19937_64& random)
      : histories_(histories), core_(histories.core_), random_(random) {}

  Happening event(std::uint32_t type, Value time) {
    json data = fields(core_.events[type].fields, kNone, time);
    Happening made;
    made.time = time;
    std::string shown;
    io::append_instant(shown, time, io::Zone(core_.zone));
    if (shown.size() > 1 && shown.front() == '"') shown = shown.substr(1, shown.size() - 2);
    const json whole = {
        {"specversion", "1.0"},   {"id", "h" + std::to_string(++events_)}, {"source", "prove"},
        {"subject", "account"},   {"type", core_.events[type].wire},       {"time", shown},
        {"data", std::move(data)}};
    made.json = whole.dump();
    return made;
  }

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool often(unsigned in_ten) { return random_() % 10 < in_ten; }

 private:
  json fields(const std::vector<Field>& all, std::uint32_t parent, Value time) {
    json made = json::object();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (all[i].parent != parent) continue;
      if (!all[i].required && often(5)) continue;
      if (all[i].type.read == FieldType::Read::record) {
        made[all[i].wire] = fields(all, i, time);
      } else {
        made[all[i].wire] = value(all[i].type, time);
      }
    }
    return made;
  }

  json value(const FieldType& type, Value time) {
    switch (type.read) {
      case FieldType::Read::boolean:
        return often(5);
      case FieldType::Read::text:
        return "t" + std::to_string(below(4));
      case FieldType::Read::count:
        return std::max<std::int64_t>(type.at_least, count());
      case FieldType::Read::money:
        return histories_.decimals_[below(histories_.decimals_.size())];
      case FieldType::Read::instant: {
        std::string shown;
        io::append_instant(shown, near(time), io::Zone(core_.zone));
        return bare(std::move(shown));
      }
      case FieldType::Read::date: {
        std::string shown;
        io::append_date(shown, near(time) / kDay);
        return bare(std::move(shown));
      }
      case FieldType::Read::name:
      case FieldType::Read::known:
        return name(type.type.ref);
      case FieldType::Read::set: {
        json made = json::array();
        const std::size_t size = below(4);
        for (std::size_t i = 0; i < size; ++i) made.push_back(name(type.type.ref));
        std::sort(made.begin(), made.end());
        made.erase(std::unique(made.begin(), made.end()), made.end());
        return made;
      }
      case FieldType::Read::list: {
        json made = json::array();
        const std::size_t size = 1 + below(3);
        for (std::size_t i = 0; i < size; ++i) {
          made.push_back(fields(core_.lists[type.list].columns, kNone, time));
        }
        return made;
      }
      case FieldType::Read::counts: {
        json made = json::object();
        const std::size_t size = 1 + below(3);
        const std::uint32_t names = core_.lists[type.list].columns[0].type.type.ref;
        for (std::size_t i = 0; i < size; ++i) {
          made[name(names)] = std::min<std::int64_t>(count(), 100);
        }
        return made;
      }
      case FieldType::Read::record:
        break;
    }
    return nullptr;
  }

  static std::string bare(std::string text) {
    if (text.size() > 1 && text.front() == '"') return text.substr(1, text.size() - 2);
    return text;
  }

  std::int64_t count() {
    if (often(4)) return static_cast<std::int64_t>(below(4));
    return histories_.counts_[below(histories_.counts_.size())];
  }

  Value near(Value time) {
    constexpr Value kAway[] = {0, kSecond, kDay, -kDay, 7 * kDay, 31 * kDay, 365 * kDay};
    return time + kAway[below(std::size(kAway))];
  }

  /// A few names of a domain stand for all in one history.
  std::string name(std::uint32_t domain) {
    const auto& names = core_.domains[domain].names;
    if (names.empty() || random_() % 40 == 0) return "nobody";
    auto& few = few_[domain];
    if (few.size() < 3) few.push_back(below(names.size()));
    return names[few[below(few.size())]].wire;
  }

  const Histories& histories_;
  const Core& core_;
  std::mt19937_64& random_;
  std::map<std::uint32_t, std::vector<std::size_t>> few_;
  int events_ = 0;
};

Histories::Histories(const Context& context) : context_(context), core_(context.core) { collect(); }

void Histories::collect() {
  std::set<std::int64_t> counts = {0, 1, 2, 3, 10};
  std::set<Value> amounts = {0, 10'000, 1'000'000, 100'000'000, 1'000'000'000'000};
  const auto number = [&](const Type& type, Value value) {
    if (type.kind != Kind::number || value == kAbsent || value < 0) return;
    if (type.scale == 0 && value < INT32_MAX) {
      for (std::int64_t near : {-1, 0, 1}) {
        const std::int64_t one = static_cast<std::int64_t>(value) + near;
        if (one >= 0) counts.insert(one);
      }
    } else if (type.scale == 6) {
      amounts.insert(value);
    }
  };
  for (const Table& table : core_.tables) {
    for (const Table::Row& row : table.rows) {
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        number(table.columns[i].type, row.cells[i]);
    }
  }
  for (const Node& node : core_.nodes) {
    if (node.op == Op::constant) number(node.type, node.value);
  }
  counts_.assign(counts.begin(), counts.end());
  for (const Value amount : amounts) {
    std::string text;
    io::append_decimal(text, amount, 6);
    decimals_.push_back(std::move(text));
  }
  decimals_.push_back("-1");
  dates_ = context_.eras();
}

std::vector<Happening> Histories::random_history(std::mt19937_64& random,
                                                 std::uint32_t events) const {
  std::vector<Happening> made;
  if (core_.events.empty()) return made;
  Maker maker(*this, random);
  constexpr Value kSteps[] = {
      0,        kSecond,  60 * kSecond, kHour,     9 * kHour, kDay, 24 * kHour + kSecond,
      3 * kDay, 8 * kDay, 31 * kDay,    366 * kDay};
  const std::vector<Value>& dates = dates_;
  Value time = dates[maker.below(dates.size())] + (maker.often(5) ? 0 : kDay);
  JsonRunner runner(context_.program, nullptr);
  while (made.size() < events) {
    const std::uint32_t type = static_cast<std::uint32_t>(maker.below(core_.events.size()));
    Account* const account = runner.account("account");
    const Value next = account == nullptr ? kAbsent : account->next_deadline();
    if (next != kAbsent && next > time && maker.often(3)) {
      // Around the next deadline: just before it, at it, after it.
      time = next + static_cast<Value>(maker.below(3)) * kSecond - kSecond;
    } else {
      time += kSteps[maker.below(maker.often(8) ? 7 : std::size(kSteps))];
    }
    const Value told = maker.often(1) ? time - kSteps[maker.below(8)] : time;
    Happening one = maker.event(type, told);
    // What is refused teaches nothing, but for a few.
    if (runner.feed(one.json) || maker.often(1)) {
      made.push_back(std::move(one));
    } else if (maker.below(400) == 0) {
      break;
    }
  }
  return made;
}

std::optional<Happening> Histories::one_event(Value time) const {
  std::mt19937_64 random(context_.options.seed);
  Maker maker(*this, random);
  std::optional<Happening> best;
  for (int tries = 0; tries < 40; ++tries) {
    for (std::uint32_t type = 0; type < core_.events.size(); ++type) {
      const Happening one = maker.event(type, time);
      if (best && one.json.size() >= best->json.size()) continue;
      const auto parsed = json::parse(one.json, nullptr, false);
      JsonRunner runner(context_.program, nullptr);
      if (runner.feed(one.json) && context_.text.event(parsed, false)) best = one;
    }
  }
  return best;
}

/// Runs a history; the claims that it breaks go from `open` to `broken`, with the time.
void Histories::run(const Watched& watched, const std::vector<Happening>& events,
                    std::vector<std::uint32_t>& open,
                    std::map<std::uint32_t, Value>& broken) const {
  Value now = 0;
  Watch watch([&](const Account& account) {
    for (std::size_t i = 0; i < open.size();) {
      if (!watched.broken(account, open[i])) {
        ++i;
        continue;
      }
      broken.emplace(open[i], now);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
    }
  });
  JsonRunner runner(watched.program, nullptr);
  runner.observe(&watch);
  const auto timers = [&](Value until) {
    Account* const account = runner.account("account");
    for (int fired = 0; account != nullptr && fired < 200 && !open.empty(); ++fired) {
      const Value next = account->next_deadline();
      if (next == kAbsent || next > until) return;
      now = next;
      runner.advance(next);
      if (account->next_deadline() == next) return;  // it failed, and stays where it is
    }
  };
  Value last = kAbsent;
  for (const Happening& one : events) {
    if (open.empty()) break;
    timers(one.time);
    now = one.time;
    if (last == kAbsent || one.time > last) last = one.time;
    runner.feed(one.json);
  }
  if (last != kAbsent) timers(last + 40 * kDay);
}

void Histories::look(const Watched& watched, std::vector<Happening> events,
                     std::vector<std::uint32_t>& open,
                     std::map<std::uint32_t, Broken>& found) const {
  std::map<std::uint32_t, Value> broken;
  run(watched, events, open, broken);
  for (const auto& [proof, time] : broken) {
    // Leave out what it does not need, one event at a time, the last first.
    Broken one{events, time};
    for (std::size_t i = one.events.size(); i-- > 0;) {
      std::vector<Happening> fewer = one.events;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      std::vector<std::uint32_t> just = {proof};
      std::map<std::uint32_t, Value> still;
      run(watched, fewer, just, still);
      if (still.empty()) continue;
      one = {std::move(fewer), still[proof]};
    }
    found.emplace(proof, std::move(one));
  }
}

std::vector<Happening> Histories::varied(const diff::Vary& vary,
                                         const std::vector<diff::PlayedHistory>& seeds,
                                         std::mt19937_64& random) const {
  diff::PlayedHistory history = seeds[random() % seeds.size()];
  const std::uint64_t steps = 1 + random() % 4;
  for (std::uint64_t i = 0; i < steps; ++i) vary.step(history, {}, seeds, random);
  return happenings(history);
}

std::map<std::uint32_t, Broken> Histories::search(const std::vector<std::uint32_t>& proofs) const {
  std::map<std::uint32_t, Broken> found;
  if (proofs.empty() || core_.events.empty()) return found;
  const Watched watched = watch(core_);
  std::vector<std::uint32_t> open = proofs;
  const diff::Vary vary(core_, core_);
  const std::vector<diff::PlayedHistory> seeds = vary.seeds(context_.policy);
  for (const diff::PlayedHistory& seed : seeds) {
    if (open.empty()) return found;
    look(watched, happenings(seed), open, found);
  }
  std::mt19937_64 random(context_.options.seed);
  for (std::uint32_t round = 0; round < context_.options.histories && !open.empty(); ++round) {
    const bool made_up = seeds.empty() || round % 2 == 0;
    look(watched,
         made_up ? random_history(random, context_.options.events) : varied(vary, seeds, random),
         open, found);
  }
  return found;
}

}  // namespace toll::tools::prover
