// Words of the language in the wrong skin: `when` in a file that is written in Chinese.
#pragma once

#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {

/// Where an error stands at a word that another skin knows, says how this file spells it.
void advise_skins(const SourceSet& sources, Diagnostics& diagnostics);

}  // namespace toll::dsl
