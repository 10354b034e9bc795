// How keys of expressions spell what they read of an account's state. A write forgets the facts
// whose keys have in them what it writes.
#pragma once

#include <cstdint>
#include <string>

namespace toll::dsl {

inline constexpr char kReadsState = '$';  ///< begins all of these, and stands in no other key
inline constexpr const char* kReadsRows = "$A";  ///< rows that were visited

inline std::string read_of_register(std::uint32_t index) {
  return "$R" + std::to_string(index) + ".";
}
inline std::string read_of_cell(std::uint32_t family, std::uint32_t field) {
  return "$C" + std::to_string(family) + "." + std::to_string(field) + "(";
}
inline std::string read_of_field(std::uint32_t family, std::uint32_t field) {
  return "$F" + std::to_string(family) + "." + std::to_string(field) + "(";
}

}  // namespace toll::dsl
