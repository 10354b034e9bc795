// Tariffs, statements and proofs of a core as JSON: part of what `toll core` prints.
#pragma once

#include <nlohmann/json.hpp>

#include "tools/core_text.hpp"

namespace toll::tools {

nlohmann::json tariff_json(const Core& core, const CoreText& text, const Tariff& tariff);
nlohmann::json statement_core_json(const Core& core, const CoreText& text,
                                   const Statement& statement);
nlohmann::json proof_json(const Core& core, const CoreText& text, const Proof& proof);

}  // namespace toll::tools
