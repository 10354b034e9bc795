// Hashes of values and bytes. They place things; nothing is ever ordered by them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "toll/value.hpp"

namespace toll {

inline std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93ULL;
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93ULL;
  return x ^ (x >> 32);
}

inline std::uint64_t hash_value(std::uint64_t seed, Value value) {
  const auto bits = static_cast<UnsignedValue>(value);
  return mix(seed ^ static_cast<std::uint64_t>(bits) ^
             (static_cast<std::uint64_t>(bits >> 64) * 0x9e3779b97f4a7c15ULL));
}

inline std::uint64_t hash_values(const Value* values, std::size_t count) {
  std::uint64_t hash = 0x2545f4914f6cdd1dULL;
  for (std::size_t i = 0; i < count; ++i) hash = hash_value(hash, values[i]);
  return hash;
}

/// Eight bytes at a time; the length is part of the seed, so that padding cannot collide.
inline std::uint64_t hash_bytes(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL ^ size;
  for (; size >= 8; size -= 8, bytes += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, 8);
    hash = mix(hash ^ word);
  }
  std::uint64_t word = 0;
  if ((size & 4) != 0) {
    std::uint32_t part = 0;
    std::memcpy(&part, bytes, 4);
    word = part;
    bytes += 4;
  }
  for (std::size_t i = 0; i < (size & 3); ++i) word = word << 8 | bytes[i];
  return mix(hash ^ word);
}

}  // namespace toll
