// An account's state as text, and back. Names are spelled out, so that a state can be read under a
// later edition of its policy: what is new there has its initial value, what is gone is dropped.
//
// Words separated by spaces and newlines; a string is its length, a colon and its bytes:
//
//   toll-state 1
//   policy STRING
//   entries COUNT
//   clock VALUE
//   registers COUNT    then for each: STRING TYPE VALUE
//   machines COUNT     then for each: STRING name VALUE
//   timers COUNT       then for each: STRING instant VALUE
//   families COUNT     then for each: STRING keyed|serial KEYS FIELDS ROWS MARKED, a line for each
//                      field (STRING TYPE), for each row (its VALUEs), and the marked rows' numbers
//   ids plain|timed CAPACITY COUNT    then for each: HIGH LOW CONTENT [SECONDS], in hexadecimal
//   end CHECKSUM       of all that stands before this line, FNV-1a with 64 bits
//
//   TYPE   boolean text name instant date month span set row, or number and its scale: number6
//   VALUE  - (absent), an integer, a text's STRING, =STRING (a name), ?STRING (an unknown name),
//          {COUNT STRING.. (a set)
#pragma once

#include <string>
#include <string_view>

#include "engine/run/state.hpp"

namespace toll {

std::string save_state(const AccountState& state);
/// Fills a fresh state. Returns an error message, empty if it went well; then only is `state` of
/// use.
std::string restore_state(std::string_view bytes, AccountState& state);

inline constexpr std::string_view kStateHeader = "toll-state 1";

std::string type_word(const Type& type);
std::uint64_t state_checksum(std::string_view bytes);

}  // namespace toll
