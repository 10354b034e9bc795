// What was meant by a name that nothing is called.
#pragma once

#include <string_view>
#include <vector>

namespace toll::dsl {

/// The one of `names` most like `name`, the first of those equally like it; empty if none is like
/// it. Names are compared as they are: fold them before.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace toll::dsl
