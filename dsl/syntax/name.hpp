// The identity of names, the same everywhere: in rule files, events and data files.
#pragma once

#include <string>
#include <string_view>

namespace toll::dsl {

/// Unicode NFKC without white space: two names are the same name if their folded texts are equal.
/// So full-width and ASCII brackets, and spaces around foreign words, make no difference. Text that
/// is not UTF-8 is returned as it is.
std::string fold(std::string_view name);

}  // namespace toll::dsl
