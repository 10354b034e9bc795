// A whole stream of event lines into a JsonRunner.
#pragma once

#include <cstdint>
#include <functional>

#include "toll/json.hpp"

namespace toll::io {

/// Asked now and then while a stream is read; false stops reading.
using KeepGoing = std::function<bool(std::uint64_t bytes_read)>;

/// Feeds every line of the descriptor, with its number. Lines of white space only are passed over,
/// so is a byte order mark before the first. Returns the errno of a failed read, 0 if all was read.
int feed_all(int descriptor, JsonRunner& runner, const KeepGoing& keep_going);

}  // namespace toll::io
