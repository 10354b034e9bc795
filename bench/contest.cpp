#include "bench/contest.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "toll/lines.hpp"
#include "toll/memory.hpp"
#include "toll/policy.hpp"

namespace bench {
namespace {

using toll::EventLayout;

constexpr std::int64_t kNanosPerMilli = 1'000'000;

std::uint32_t event_named(const toll::Core& core, std::string_view wire) {
  for (std::uint32_t i = 0; i < core.events.size(); ++i) {
    if (core.events[i].wire == wire) return i;
  }
  std::abort();
}

std::uint32_t field_named(const toll::EventType& type, std::string_view wire) {
  for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].wire == wire) return i;
  }
  std::abort();
}

std::int64_t name_in(const toll::Domain& domain, const std::string& wire) {
  if (wire.empty()) return EventLayout::kNothing;
  for (std::size_t i = 0; i < domain.names.size(); ++i) {
    if (domain.names[i].wire == wire) return static_cast<std::int64_t>(i);
  }
  std::abort();
}

/// Says where an event's parts lie, by their names.
class LayoutMaker {
 public:
  LayoutMaker(const toll::Core& core, std::string_view event, std::size_t stride,
              EventLayout::Part account, EventLayout::Part time)
      : core_(core) {
    layout_.type = event_named(core, event);
    layout_.stride = stride;
    layout_.account = account;
    layout_.time = time;
    layout_.nanos_per_tick = kNanosPerMilli;
  }
  LayoutMaker& number(std::string_view field, EventLayout::Part part, std::int64_t times = 1) {
    layout_.fields.push_back({place(field), part, times, {}});
    return *this;
  }
  LayoutMaker& name(std::string_view field, EventLayout::Part part, int count,
                    std::string (*name_of)(int)) {
    const toll::Field& named = core_.events[layout_.type].fields[place(field)];
    std::vector<std::int64_t> meanings;
    for (int i = 0; i < count; ++i) {
      meanings.push_back(name_in(core_.domains[named.type.type.ref], name_of(i)));
    }
    layout_.fields.push_back({place(field), part, 1, meanings});
    return *this;
  }
  EventLayout made() { return layout_; }

 private:
  std::uint32_t place(std::string_view field) const {
    return field_named(core_.events[layout_.type], field);
  }
  const toll::Core& core_;
  EventLayout layout_;
};

/// A pack as an event: bought when the first month begins.
struct Purchase {
  std::uint64_t account;
  std::int64_t time_ms;
  Pack pack;
};
struct Opening {
  std::uint64_t account;
  std::int64_t time_ms;
  std::uint64_t pay_as_you_go;
};

}  // namespace

std::string path_of(const std::string& name) {
  return name.find('/') != std::string::npos ? name : BENCH_POLICIES "/" + name;
}

std::shared_ptr<const toll::Core> load_core(const std::string& name) {
  const toll::LoadedPolicy policy = toll::load_policy(path_of(name));
  if (policy.core == nullptr) {
    std::fputs(policy.report.c_str(), stderr);
    std::exit(1);
  }
  return policy.core;
}

std::shared_ptr<const toll::Program> load_program(const std::string& name) {
  return toll::prepare(load_core(name));
}

struct Contest::Impl final : toll::BatchSink {
  explicit Impl(std::shared_ptr<const toll::Program> of)
      : policy(std::shared_ptr<const toll::Core>(of, &core_of(*of))),
        core(*policy),
        store(std::move(of), &toll::large_pages()) {
    for (std::uint32_t i = 0; i < core.entries.size(); ++i) {
      if (core.entries[i].wire == "row") row_kind = i;
    }
    const auto layout =
        LayoutMaker(core, "call", sizeof(Call), {offsetof(Call, account), 8},
                    {offsetof(Call, time_ms), 8, true})
            .name("interface", {offsetof(Call, interface), 2}, kInterfaces, interface_name)
            .name("code", {offsetof(Call, code), 2}, kCodes, code_name)
            .number("calls", {offsetof(Call, units), 4})
            .made();
    calls = store.add_layout(layout);
  }

  // Members of a row, in the order in which the policy declares them.
  enum Member { kPool, kMonth, kFree, kFirst, kSecond, kThird, kPaid, kRejected, kCharge };

  void entry(std::uint64_t account, const toll::Account& state,
             const toll::EntryView& entry) override {
    if (entry.kind != row_kind) {
      const auto id = [&](std::size_t at) { return static_cast<std::uint32_t>(entry.members[at]); };
      decisions.push_back({account, static_cast<std::int64_t>(entry.time), entry.clause, id(0),
                           id(1), 0, static_cast<std::int64_t>(entry.members[2])});
      return;
    }
    const auto member = [&](Member at) { return static_cast<std::int64_t>(entry.members[at]); };
    Row row;
    row.account = account;
    row.pool = member(kPool);
    row.month = state.text(entry.members[kMonth])[6] - '1';
    row.free = member(kFree);
    row.packs[0] = member(kFirst);
    row.packs[1] = member(kSecond);
    row.packs[2] = member(kThird);
    row.paid = member(kPaid);
    row.rejected = member(kRejected);
    row.charge = member(kCharge) / 100;  // of 1/1000000 yuan
    add_row(totals, row);
  }

  std::shared_ptr<const toll::Core> policy;
  const toll::Core& core;
  toll::AccountStore store;
  std::uint32_t calls = 0;
  std::uint32_t row_kind = 0;
  Totals totals;
  std::vector<Decided> decisions;
};

Contest::Contest(std::shared_ptr<const toll::Program> program, const Workload& workload,
                 std::size_t shard, std::size_t shards)
    : impl_(std::make_unique<Impl>(std::move(program))) {
  const auto ours = [&](std::uint64_t account) {
    return toll::AccountStore::shard_of(account, shards) == shard;
  };
  std::vector<Opening> openings;
  std::vector<Purchase> purchases;
  for (const Customer& customer : workload.customers) {
    if (!ours(customer.account)) continue;
    openings.push_back({customer.account, kMonthStarts[0], customer.pay_as_you_go});
  }
  for (const Pack& pack : workload.packs) {
    if (ours(pack.account)) purchases.push_back({pack.account, kMonthStarts[0], pack});
  }
  // The kernel's memory is there beforehand as well.
  constexpr std::size_t kRowBytes = 75;  // of an account on average, where they are a million
  impl_->store.reserve(openings.size(), openings.size() * kRowBytes);
  const auto open =
      LayoutMaker(impl_->core, "open", sizeof(Opening), {offsetof(Opening, account), 8},
                  {offsetof(Opening, time_ms), 8, true})
          .number("pay_as_you_go", {offsetof(Opening, pay_as_you_go), 8})
          .made();
  impl_->store.apply(impl_->store.add_layout(open), openings.data(), openings.size(), *impl_);
  constexpr std::size_t kPack = offsetof(Purchase, pack);
  const auto buy =
      LayoutMaker(impl_->core, "buy", sizeof(Purchase), {offsetof(Purchase, account), 8},
                  {offsetof(Purchase, time_ms), 8, true})
          .name("pool", {kPack + offsetof(Pack, pool), 4}, kPools, pool_name)
          .number("place", {kPack + offsetof(Pack, place), 4})
          .number("size", {kPack + offsetof(Pack, units), 8})
          .number("starts", {kPack + offsetof(Pack, starts_ms), 8, true}, kNanosPerMilli)
          .number("ends", {kPack + offsetof(Pack, ends_ms), 8, true}, kNanosPerMilli)
          .made();
  impl_->store.apply(impl_->store.add_layout(buy), purchases.data(), purchases.size(), *impl_);
}

Contest::~Contest() = default;

void Contest::apply(const Call* calls, std::size_t count) {
  impl_->store.apply(impl_->calls, calls, count, *impl_);
}

void Contest::apply_lines(int descriptor) {
  const toll::Core& core = impl_->core;
  toll::LineLayout layout;
  layout.type = event_named(core, "call");
  layout.account = "account";
  layout.time = "ts";
  layout.nanos_per_tick = kNanosPerMilli;
  const auto field = [&](std::string_view wire) {
    return field_named(core.events[layout.type], wire);
  };
  layout.fields = {
      {"interface", field("interface")}, {"code", field("code")}, {"qty", field("calls")}};
  toll::JsonLines lines(impl_->policy, layout, impl_->store, *impl_,
                        [](std::uint64_t line, std::string_view code, std::string_view message) {
                          std::fprintf(stderr, "line %llu: %.*s: %.*s\n",
                                       static_cast<unsigned long long>(line),
                                       static_cast<int>(code.size()), code.data(),
                                       static_cast<int>(message.size()), message.data());
                          std::exit(1);
                        });
  std::vector<char> buffer(std::size_t{1} << 18);
  std::size_t kept = 0;
  while (true) {
    const ssize_t got = ::read(descriptor, buffer.data() + kept, buffer.size() - kept);
    if (got <= 0) break;
    kept += static_cast<std::size_t>(got);
    const std::size_t used = lines.feed({buffer.data(), kept});
    kept -= used;
    std::memmove(buffer.data(), buffer.data() + used, kept);
  }
  lines.finish({buffer.data(), kept});
}

void Contest::close() {
  impl_->store.advance(static_cast<toll::Value>(kMonthStarts[kMonths]) * kNanosPerMilli, *impl_);
}

const Totals& Contest::totals() const { return impl_->totals; }
const std::vector<Decided>& Contest::decisions() const { return impl_->decisions; }
void Contest::expect_decisions(std::size_t count) { impl_->decisions.reserve(count); }
std::size_t Contest::bytes() const { return impl_->store.bytes(); }

}  // namespace bench
