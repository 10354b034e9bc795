// JSON lines of a shape of their own, straight into a store of accounts: what a meter or a gateway
// writes, one event a line, without the contract's envelope. toll/json.hpp is for the contract's.
//
// Names are resolved and every value is checked, as in the contract; numbers stay exact. Nothing is
// remembered of a line: who feeds it tells repeats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toll/batch.hpp"
#include "toll/core.hpp"

namespace toll {

/// Which members of a line's object make up an event. Other members are passed over.
struct LineLayout {
  struct Field {
    std::string key;
    std::uint32_t field = 0;  ///< index into EventType::fields
  };
  std::uint32_t type = 0;  ///< index into Core::events
  std::string account;     ///< key of the account's number, which is a whole one
  std::string time;        ///< key of a whole number of ticks since 1970
  std::int64_t nanos_per_tick = 1;
  std::vector<Field> fields;  ///< as EventLayout's: booleans, numbers, names, instants and dates
};

class JsonLines {
 public:
  /// Told of a line that is no event, with the contract's code and a sentence for people.
  using Refused =
      std::function<void(std::uint64_t line, std::string_view code, std::string_view message)>;

  /// The store, which must be of the same core, and the sink are borrowed.
  JsonLines(std::shared_ptr<const Core> core, const LineLayout& layout, AccountStore& store,
            BatchSink& sink, Refused refused);
  ~JsonLines();
  JsonLines(JsonLines&&) noexcept;
  JsonLines& operator=(JsonLines&&) noexcept;

  /// Takes the lines that are whole and applies them in their order. Returns how many bytes that
  /// was: the rest is to be given again, with more behind it.
  std::size_t feed(std::string_view text);

  /// Takes what is left at the end of the input: a last line needs no line end.
  void finish(std::string_view rest);

  [[nodiscard]] std::uint64_t lines() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace toll
