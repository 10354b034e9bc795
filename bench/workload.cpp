#include "bench/workload.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bench {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kZone = 8 * 3'600'000;

/// SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t bits = state_;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
    return bits ^ (bits >> 31);
  }
  double share() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  std::uint64_t below(std::uint64_t limit) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(static_cast<Wide>(next()) * limit >> 64);
  }

 private:
  std::uint64_t state_;
};

std::uint64_t account_number(std::size_t rank) {
  return 100'000'000'000U + rank * 2'654'435'761U % 999'999'937U;
}

/// A customer uses up to eight pools, the first most.
constexpr double kShares[8] = {0.5, 0.2, 0.1, 0.07, 0.05, 0.04, 0.02, 0.02};

class Maker {
 public:
  Maker(std::string name, std::size_t customers, std::size_t calls, std::uint64_t seed)
      : seed_(seed), calls_(calls), random_(seed), heaviness_(customers) {
    made_.name = std::move(name);
    for (std::size_t i = 0; i < customers; ++i) {
      total_ += 1 / (static_cast<double>(i) + 1.0);
      heaviness_[i] = total_;
    }
    for (int i = 0; i < kInterfaces; ++i) interfaces_[pool_of(i)].push_back(i);
  }

  Workload make() {
    for (std::size_t rank = 0; rank < heaviness_.size(); ++rank) add_customer(rank);
    const double span = static_cast<double>(kMonthStarts[kMonths] - kMonthStarts[0]);
    for (std::size_t i = 0; i < calls_; ++i) add_call(i, span);
    return std::move(made_);
  }

 private:
  int pool(std::size_t rank, int choice) const {
    const std::uint64_t first = Random(seed_ * 7919 + rank).next() % kPools;
    return static_cast<int>((first + static_cast<std::uint64_t>(choice) * 7) % kPools);
  }

  void add_customer(std::size_t rank) {
    made_.customers.push_back({account_number(rank), random_.share() < 0.6 ? 1U : 0U});
    for (int choice = 0; choice < 8; ++choice) {
      const double expected = static_cast<double>(calls_) *
                              (1 / (static_cast<double>(rank) + 1.0)) / total_ * kShares[choice] *
                              1.2;
      const bool heavy = expected > 1500;
      const int count = heavy ? static_cast<int>(random_.below(4)) : random_.share() < 0.03 ? 1 : 0;
      std::vector<Pack> packs;
      for (int i = 0; i < count; ++i) packs.push_back(pack(rank, choice, expected, heavy));
      std::stable_sort(packs.begin(), packs.end(),
                       [](const Pack& a, const Pack& b) { return a.starts_ms < b.starts_ms; });
      for (std::uint32_t i = 0; i < packs.size(); ++i) {
        packs[i].place = i;
        made_.packs.push_back(packs[i]);
      }
    }
  }

  /// Bought in the months before or during; for a year, to the end of that day.
  Pack pack(std::size_t rank, int choice, double expected, bool heavy) {
    const double wanted = std::max(100.0, expected * (0.02 + 0.4 * random_.share()));
    Pack made{};
    made.account = account_number(rank);
    made.pool = static_cast<std::uint32_t>(pool(rank, choice));
    made.units = std::max<std::int64_t>(
        heavy ? 100 : 1000,
        static_cast<std::int64_t>(std::pow(10, std::floor(std::log10(wanted)))));
    const std::int64_t span = kDay * (random_.share() < 0.5 ? 400 : 200);
    made.starts_ms = kMonthStarts[kMonths] - 5 * kDay -
                     static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(span)));
    made.ends_ms = (made.starts_ms + 365 * kDay + kZone) / kDay * kDay + kDay - kZone;
    return made;
  }

  void add_call(std::size_t i, double span) {
    const double at = random_.share() * total_;
    const auto rank = std::min(
        static_cast<std::size_t>(std::lower_bound(heaviness_.begin(), heaviness_.end(), at) -
                                 heaviness_.begin()),
        heaviness_.size() - 1);
    double rest = random_.share();
    int choice = 0;
    while (choice < 7 && rest >= kShares[choice]) rest -= kShares[choice++];
    const std::vector<int>& interfaces = interfaces_[pool(rank, choice)];
    Call call{};
    call.time_ms =
        kMonthStarts[0] + static_cast<std::int64_t>((static_cast<double>(i) + random_.share()) *
                                                    span / static_cast<double>(calls_));
    call.time_ms = std::min(call.time_ms, kMonthStarts[kMonths] - 1);
    call.account = account_number(rank);
    call.interface = static_cast<std::uint16_t>(interfaces[random_.below(interfaces.size())]);
    call.units = random_.share() < 0.9 ? 1 : 2 + static_cast<std::uint32_t>(random_.below(4));
    call.code = random_.share() < 0.05 ? static_cast<std::uint16_t>(1 + random_.below(kCodes - 1))
                                       : std::uint16_t{0};
    made_.calls.push_back(call);
  }

  std::uint64_t seed_;
  std::size_t calls_;
  Random random_;
  std::vector<double> heaviness_;  // running sums
  double total_ = 0;
  std::vector<int> interfaces_[kPools];
  Workload made_;
};

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

std::uint64_t mixed(std::uint64_t hash, std::int64_t value) {
  return Random(hash ^ static_cast<std::uint64_t>(value)).next();
}

}  // namespace

Workload make_workload(std::string name, std::size_t customers, std::size_t calls,
                       std::uint64_t seed) {
  return Maker(std::move(name), customers, calls, seed).make();
}

Workload workload_named(const std::string& name, std::size_t scale) {
  if (name == "A") return make_workload(name, 10'000, 10'000'000 / scale, 42);
  if (name == "B") return make_workload(name, 1'000'000, 10'000'000 / scale, 43);
  return make_workload("S", 1'000, 300'000 / scale, 42);
}

int pool_of(int interface) { return interface < 25 ? interface : 25 + (interface - 25) % 20; }

int price_of(int pool, std::int64_t total) {
  constexpr int kPrices[4][3] = {
      {1500, 1000, 600}, {5000, 3500, 2000}, {1000, 700, 400}, {1200, 900, 600}};
  const int family = pool % 8 == 1 ? 1 : pool % 8 == 5 ? 2 : pool % 16 == 7 ? 3 : 0;
  return kPrices[family][total < 10'000 ? 0 : total < 100'000 ? 1 : 2];
}

int month_of(std::int64_t time_ms) {
  return (time_ms >= kMonthStarts[1] ? 1 : 0) + (time_ms >= kMonthStarts[2] ? 1 : 0);
}

std::string interface_name(int interface) { return "interface-" + two_digits(interface); }
std::string pool_name(int pool) { return "pool-" + two_digits(pool); }
std::string code_name(int code) {
  return code == 0 ? "" : "FailedOperation.Reason" + two_digits(code);
}

Totals& Totals::operator+=(const Totals& other) {
  rows += other.rows;
  free += other.free;
  packs += other.packs;
  paid += other.paid;
  rejected += other.rejected;
  charge += other.charge;
  check += other.check;
  return *this;
}

void add_row(Totals& totals, const Row& row) {
  std::uint64_t hash = mixed(row.account, row.pool * kMonths + row.month);
  hash = mixed(mixed(mixed(hash, row.free), row.paid), row.rejected);
  for (const std::int64_t units : row.packs) {
    hash = mixed(hash, units);
    totals.packs += units;
  }
  ++totals.rows;
  totals.free += row.free;
  totals.paid += row.paid;
  totals.rejected += row.rejected;
  totals.charge += row.charge;
  totals.check += mixed(hash, row.charge);
}

}  // namespace bench
