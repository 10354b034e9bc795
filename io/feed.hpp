// A whole stream of event lines into a JsonRunner.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "toll/json.hpp"

namespace toll::io {

/// Asked now and then while a stream is read; false stops reading.
using KeepGoing = std::function<bool(std::uint64_t bytes_read)>;

/// Takes the lines of a stream, with their numbers.
struct LineTaker {
  std::function<void(std::string_view line, std::uint64_t number)> line;
  std::function<void(std::uint64_t number)> too_long;
};

/// Reads every line of the descriptor but those of white space only; a byte order mark before the
/// first is no part of it. Returns the errno of a failed read, 0 if all was read.
int read_events(int descriptor, const LineTaker& taker, const KeepGoing& keep_going);

/// Feeds them to a runner.
int feed_all(int descriptor, JsonRunner& runner, const KeepGoing& keep_going);

}  // namespace toll::io
