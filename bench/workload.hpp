// The events that every contestant is given: calls of many accounts over three months, made from a
// seed. A small set of accounts does most of the calling (Zipf), as customers do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

inline constexpr int kInterfaces = 90;
inline constexpr int kPools = 45;
inline constexpr int kCodes = 55;        // 0 is success
inline constexpr int kCountedCodes = 5;  // 0 to 4
inline constexpr int kMonths = 3;
inline constexpr std::uint32_t kFreeUnits = 1000;
inline constexpr int kPacksOfPool = 3;

/// Starts of January to April 2025 at +08:00, in milliseconds since 1970.
inline constexpr std::int64_t kMonthStarts[kMonths + 1] = {1735660800000, 1738339200000,
                                                           1740758400000, 1743436800000};

struct Call {
  std::int64_t time_ms;
  std::uint64_t account;
  std::uint32_t units;
  std::uint16_t interface;
  std::uint16_t code;
};
static_assert(sizeof(Call) == 24);

struct Pack {
  std::uint64_t account;
  std::int64_t starts_ms;
  std::int64_t ends_ms;
  std::int64_t units;
  std::uint32_t pool;
  std::uint32_t place;  // 0 to 2, by time of beginning
};

struct Customer {
  std::uint64_t account;
  std::uint64_t pay_as_you_go;
};

struct Workload {
  std::string name;
  std::vector<Customer> customers;
  std::vector<Pack> packs;  // sorted by customer, pool, place
  std::vector<Call> calls;  // sorted by time
};

/// Always the same for the same arguments.
Workload make_workload(std::string name, std::size_t customers, std::size_t calls,
                       std::uint64_t seed);

/// The two sets that are compared, by name: "A" and "B", or the small "S". `scale` divides the
/// number of calls.
Workload workload_named(const std::string& name, std::size_t scale = 1);

[[nodiscard]] int pool_of(int interface);
/// Price in 1/10000 yuan of a unit, by the month's total in the pool.
[[nodiscard]] int price_of(int pool, std::int64_t total);
[[nodiscard]] int month_of(std::int64_t time_ms);

/// The names that the policy gives to what is a number here.
[[nodiscard]] std::string interface_name(int interface);
[[nodiscard]] std::string pool_name(int pool);
[[nodiscard]] std::string code_name(int code);

/// What a contestant worked out, to see that all agree.
struct Totals {
  std::uint64_t rows = 0;
  std::int64_t free = 0;
  std::int64_t packs = 0;
  std::int64_t paid = 0;
  std::int64_t rejected = 0;
  std::int64_t charge = 0;  // 1/10000 yuan
  std::uint64_t check = 0;  // of all rows, whatever their order
  Totals& operator+=(const Totals& other);
  friend bool operator==(const Totals&, const Totals&) = default;
};

struct Row {
  std::uint64_t account = 0;
  std::int64_t pool = 0;
  std::int64_t month = 0;
  std::int64_t free = 0;
  std::int64_t packs[kPacksOfPool] = {};
  std::int64_t paid = 0;
  std::int64_t rejected = 0;
  std::int64_t charge = 0;
};
void add_row(Totals& totals, const Row& row);

}  // namespace bench
