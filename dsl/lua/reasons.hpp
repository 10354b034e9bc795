// Why calls of hooks fail, in words. A ledger has the reason in English, whoever reads it: its
// bytes depend on no language. People are told in theirs.
#pragma once

#include <string>
#include <string_view>

#include "dsl/lua/outcome.hpp"

namespace toll::dsl::lua {

/// For the ledger: one line, not long.
std::string reason_of(const Outcome& outcome, const HookLimits& limits);

/// The message of a `hook-failed` entry in a reader's language; what a program says itself stays.
std::string retold(std::string_view message, Language language);

}  // namespace toll::dsl::lua
