#include "bench/lines.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string_view>
#include <vector>

#include "toll/json.hpp"

namespace bench {
namespace {

class File {
 public:
  explicit File(const std::string& path) : file_(std::fopen(path.c_str(), "wb")) {
    if (file_ != nullptr) return;
    std::perror(path.c_str());
    std::exit(1);
  }
  ~File() {
    flush();
    std::fclose(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  File& operator<<(std::string_view text) {
    buffer_ += text;
    return *this;
  }
  File& operator<<(std::uint64_t number) {
    return *this << std::string_view(std::to_string(number));
  }
  void end_line() {
    buffer_ += '\n';
    if (buffer_.size() >= kSize) flush();
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_ + buffer_.size(); }

 private:
  static constexpr std::size_t kSize = std::size_t{1} << 20;
  void flush() {
    bytes_ += std::fwrite(buffer_.data(), 1, buffer_.size(), file_);
    buffer_.clear();
  }
  std::FILE* file_;
  std::string buffer_;
  std::uint64_t bytes_ = 0;
};

/// "2025-01-03T10:00:00.123+08:00".
std::string time_text(std::int64_t time_ms) {
  const std::time_t seconds = time_ms / 1000 + 8 * 3600;
  std::tm civil{};
  gmtime_r(&seconds, &civil);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &civil);
  std::snprintf(text + size, sizeof text - size, ".%03d+08:00", static_cast<int>(time_ms % 1000));
  return text;
}

/// What calls and packs are called in a policy.
struct Names {
  std::vector<std::string> interfaces;
  std::vector<std::string> pools;  ///< by interface
  std::vector<std::string> codes;
};

const toll::EventType& event_named(const toll::Core& core, std::string_view wire) {
  const auto found =
      std::find_if(core.events.begin(), core.events.end(),
                   [wire](const toll::EventType& event) { return event.wire == wire; });
  if (found == core.events.end()) std::abort();
  return *found;
}

const toll::Domain& domain_of(const toll::Core& core, std::string_view event,
                              std::string_view field) {
  for (const toll::Field& each : event_named(core, event).fields)
    if (each.wire == field) return core.domains[each.type.type.ref];
  std::abort();
}

/// The text of a string member in a line of JSON that has no escapes; empty if there is none.
std::string_view member(std::string_view line, std::string_view key) {
  const std::string start = "\"" + std::string(key) + "\":\"";
  const std::size_t from = line.find(start);
  if (from == std::string_view::npos) return {};
  line.remove_prefix(from + start.size());
  return line.substr(0, line.find('"'));
}

std::string event_head(std::uint64_t id, std::string_view type, std::uint64_t account,
                       std::int64_t time_ms) {
  return R"({"specversion":"1.0","id":"e)" + std::to_string(id) + R"(","source":"bench","type":")" +
         std::string(type) + R"(","subject":")" + std::to_string(account) + R"(","time":")" +
         time_text(time_ms) + '"';
}

/// Asks the policy: which interfaces can a new account call, and what do the calls draw from?
Names names_of(const std::shared_ptr<const toll::Core>& core) {
  Names names;
  std::string ledger;
  toll::JsonRunner runner(core, [&ledger](std::string_view line) { ledger = line; });
  std::uint64_t number = 0;
  for (const toll::Domain::Name& name : domain_of(*core, "call", "interface").names) {
    const std::uint64_t account = ++number;
    runner.feed(event_head(1, "service.opened", account, kMonthStarts[0]) + "}");
    ledger.clear();
    runner.feed(event_head(2, "call", account, kMonthStarts[0]) + R"(,"data":{"interface":")" +
                name.wire + "\"}}");
    const std::string_view pool = member(ledger, "pool");
    if (member(ledger, "decision") != "charged" || pool.empty()) continue;
    names.interfaces.push_back(name.wire);
    names.pools.emplace_back(pool);
    if (names.interfaces.size() == kInterfaces) break;
  }
  for (const toll::Domain::Name& name : domain_of(*core, "call", "code").names)
    names.codes.push_back(name.wire);
  if (names.interfaces.empty() || names.codes.empty()) std::abort();
  return names;
}

/// Makes a set's events, one line after the other.
class EventMaker {
 public:
  EventMaker(const Workload& workload, Names names, const EachLine& each)
      : workload_(workload), names_(std::move(names)), each_(each) {}

  /// Returns how many there are.
  std::uint64_t make() {
    std::vector<Pack> packs = workload_.packs;
    std::stable_sort(packs.begin(), packs.end(),
                     [](const Pack& a, const Pack& b) { return a.starts_ms < b.starts_ms; });
    const std::int64_t opening =
        packs.empty() ? kMonthStarts[0] : std::min(kMonthStarts[0], packs[0].starts_ms);
    for (const Customer& customer : workload_.customers) open(customer, opening);
    auto pack = packs.begin();
    for (const Call& call : workload_.calls) {
      for (; pack != packs.end() && pack->starts_ms <= call.time_ms; ++pack) buy(*pack);
      add(call);
    }
    for (; pack != packs.end(); ++pack) buy(*pack);
    return events_;
  }

 private:
  void head(std::string_view type, std::uint64_t account, std::int64_t time_ms) {
    line_ = event_head(++events_, type, account, time_ms);
  }
  void end() {
    line_ += '}';
    each_(line_);
  }
  void open(const Customer& customer, std::int64_t time_ms) {
    head("service.opened", customer.account, time_ms);
    end();
    head("postpaid.set", customer.account, time_ms);
    line_ += R"(,"data":{"enabled":)";
    line_ += customer.pay_as_you_go != 0 ? "true}" : "false}";
    end();
    head("account.credited", customer.account, time_ms);
    line_ += R"(,"data":{"amount":"1000000000"})";
    end();
  }
  void buy(const Pack& pack) {
    head("pack.purchased", pack.account, pack.starts_ms);
    line_ += R"(,"data":{"order":"order-)" + std::to_string(events_) + R"(","pool":")";
    line_ += names_.pools[pack.pool % names_.pools.size()];
    line_ += R"(","size":)" + std::to_string(pack.units) + R"(,"paid":{"cash":"100"}})";
    end();
  }
  void add(const Call& call) {
    head("call", call.account, call.time_ms);
    line_ += R"(,"data":{"interface":")";
    line_ += names_.interfaces[call.interface % names_.interfaces.size()] + '"';
    if (call.code != 0)
      line_ += R"(,"code":")" + names_.codes[call.code % names_.codes.size()] + '"';
    line_ += R"(,"calls":)" + std::to_string(call.units) + '}';
    end();
  }

  const Workload& workload_;
  Names names_;
  const EachLine& each_;
  std::string line_;
  std::uint64_t events_ = 0;
};

}  // namespace

std::uint64_t write_lines(const Workload& workload, const std::string& path) {
  File file(path);
  std::uint64_t id = 0;
  for (const Call& call : workload.calls) {
    file << "{\"id\":" << id++ << ",\"ts\":" << static_cast<std::uint64_t>(call.time_ms)
         << ",\"account\":" << call.account << ",\"interface\":\"" << interface_name(call.interface)
         << "\",\"code\":\"" << code_name(call.code) << "\",\"qty\":" << std::uint64_t{call.units}
         << "}";
    file.end_line();
  }
  return file.bytes();
}

std::uint64_t make_events(const Workload& workload, const std::shared_ptr<const toll::Core>& core,
                          const EachLine& each) {
  return EventMaker(workload, names_of(core), each).make();
}

Written write_events(const Workload& workload, const std::shared_ptr<const toll::Core>& core,
                     const std::string& path) {
  File file(path);
  Written written;
  written.events = make_events(workload, core, [&file](std::string_view line) {
    file << line;
    file.end_line();
  });
  written.bytes = file.bytes();
  return written;
}

}  // namespace bench
