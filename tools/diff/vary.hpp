// Variations of a history: other names, numbers, times, events fewer and more.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engine/kernel/calendar.hpp"
#include "io/name_index.hpp"
#include "toll/core.hpp"
#include "tools/diff/diff.hpp"
#include "tools/diff/play.hpp"

namespace toll::diff {

/// A field of an event of a history, or a column of one of the rows in it.
struct FieldSpot {
  std::size_t event = 0;
  nlohmann::json::json_pointer path;  ///< from the event
  const Field* field = nullptr;
  bool count_key = false;  ///< the name of a count: the last part of the path itself
};

class Vary {
 public:
  Vary(const Core& before, const Core& after);

  /// All events of scenarios that one account sees, as histories.
  [[nodiscard]] std::vector<PlayedHistory> seeds(const dsl::Policy& policy) const;

  [[nodiscard]] std::vector<FieldSpot> spots(const PlayedHistory& history) const;
  /// Puts a value there. False: it is there already, or does not fit.
  bool put(PlayedHistory& history, const FieldSpot& spot, const nlohmann::json& value) const;
  /// Values worth a try at a spot of a history.
  [[nodiscard]] std::vector<nlohmann::json> candidates(const PlayedHistory& history,
                                                       const FieldSpot& spot, const Hints& hints,
                                                       bool all_names) const;
  /// Does an event of the history say this name of a domain of one of the cores?
  [[nodiscard]] bool says(const PlayedHistory& history, std::size_t side, std::uint32_t domain,
                          const std::string& name) const;
  /// Is this a name that the field could have?
  [[nodiscard]] bool knows(const Field& field, const std::string& name) const;

  /// All times moved by whole months, and back to a day that exists.
  void move_months(PlayedHistory& history, std::int64_t months) const;
  /// So that the last event is at or after `since`, and everything before `until` if that can be.
  bool move_into(PlayedHistory& history, Value since, Value until) const;
  void set_time(PlayedHistory& history, std::size_t event, Value time) const;
  [[nodiscard]] Value end_of(const PlayedHistory& history) const;

  /// One random step away.
  void step(PlayedHistory& history, const Hints& hints, const std::vector<PlayedHistory>& seeds,
            std::mt19937_64& random) const;
  /// Times near which something may turn: of events and deadlines.
  [[nodiscard]] std::vector<Value> times(const PlayedHistory& history, const Hints& hints) const;

 private:
  [[nodiscard]] const EventType* type_of(const nlohmann::json& event) const;
  void list_spots(const EventType& type, std::size_t event, const nlohmann::json& object,
                  std::vector<FieldSpot>& out) const;
  [[nodiscard]] nlohmann::json invented(const FieldType& type) const;
  /// Days at and beside those of the events, and where their months begin.
  [[nodiscard]] std::vector<nlohmann::json> dates(const PlayedHistory& history,
                                                  const Hints& hints) const;

  const Core* cores_[2];
  io::NameIndex index_;
  io::NameIndex index_before_;
  Calendar calendar_;
};

inline constexpr Value kDay = static_cast<Value>(kNanosPerDay);

}  // namespace toll::diff
