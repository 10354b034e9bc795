// An expression as the DSL writes it, for explanations of what was said in another way: a rule file
// in Lua has no text of its own that stands for it.
#pragma once

#include <string>

#include "dsl/read/expr.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {

std::string expr_text(const Expr& expr, const Skin& skin);

}  // namespace toll::dsl
