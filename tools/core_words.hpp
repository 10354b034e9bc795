// The words by which the core as JSON calls the parts of the kernel: part of the format.
#pragma once

#include <string_view>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll::tools {

std::string_view word(Op op);
std::string_view word(Kind kind);
std::string_view word(Aggregate::Fn function);
std::string_view word(Effect::Do what);
std::string_view word(FieldType::Read read);

}  // namespace toll::tools
