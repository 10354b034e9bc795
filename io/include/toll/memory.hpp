// Memory for stores of many accounts (toll/batch.hpp).
#pragma once

#include <memory_resource>

namespace toll {

/// Large pages where the system has them: an event looks at several places of a store that does not
/// fit a processor's cache, and finding each of a hundred thousand small pages takes as long as the
/// rest. Pieces below a megabyte come from the heap. One for all threads; it lives for ever.
std::pmr::memory_resource& large_pages();

}  // namespace toll
