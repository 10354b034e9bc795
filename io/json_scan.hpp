// Eight characters at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace toll::io {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Marks, in the top bit of its byte, each of eight characters that ends or interrupts a string:
/// `"`, `\` or a control character. The classic zero-byte test; the lowest mark is always a true
/// one.
inline std::uint64_t interruptions(std::uint64_t eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const auto zero_byte = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  const std::uint64_t quote = zero_byte(eight ^ (kOnes * '"'));
  const std::uint64_t backslash = zero_byte(eight ^ (kOnes * '\\'));
  const std::uint64_t control = (eight - kOnes * 0x20) & ~eight;
  return (quote | backslash | control) & (kOnes * 0x80);
}

#ifdef __SSE2__
/// The same for sixteen characters, in a bit each.
inline unsigned interruptions_of(const char* sixteen) {
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sixteen));
  const __m128i quote = _mm_cmpeq_epi8(text, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(0x1F)), text);
  return static_cast<unsigned>(
      _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
}
#endif

/// The first character that ends or interrupts a string, or `end`.
inline const char* skip_plain(const char* at, const char* end) {
#ifdef __SSE2__
  while (end - at >= 16) {
    const unsigned marks = interruptions_of(at);
    if (marks != 0) return at + std::countr_zero(marks);
    at += 16;
  }
#endif
  std::uint64_t eight = 0;
  while (end - at >= 8) {
    std::memcpy(&eight, at, 8);
    const std::uint64_t marks = interruptions(eight);
    if (marks == 0) {
      at += 8;
      continue;
    }
    if constexpr (std::endian::native != std::endian::little) break;
    return at + std::countr_zero(marks) / 8;
  }
  if (std::endian::native == std::endian::little && end - at >= 4) {
    std::uint32_t four = 0;
    std::memcpy(&four, at, 4);
    const std::uint64_t marks = interruptions(four | std::uint64_t{0x20202020} << 32);
    if (marks != 0) return at + std::countr_zero(marks) / 8;
    at += 4;
  }
  while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
  return at;
}

/// The first character that is no digit, or `end`.
inline const char* skip_digits(const char* at, const char* end) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::uint64_t eight = 0;
  while (end - at >= 8) {
    std::memcpy(&eight, at, 8);
    // Zero in the upper half of each byte that is `0` to `9`: of it, and of it with six more.
    const std::uint64_t others =
        ((eight ^ (kOnes * 0x30)) | ((eight + kOnes * 0x06) ^ (kOnes * 0x30))) & (kOnes * 0xF0);
    if (others == 0) {
      at += 8;
      continue;
    }
    if constexpr (std::endian::native != std::endian::little) break;
    at += std::countr_zero(others) / 8;  // lower bytes are digits, so nothing was carried to here
    return at;
  }
  while (at != end && is_digit(*at)) ++at;
  return at;
}

/// The number that at most 19 digits are.
inline std::uint64_t number_of(const char* at, std::size_t digits) {
  std::uint64_t number = 0;
  std::uint64_t eight = 0;
  for (; std::endian::native == std::endian::little && digits >= 8; at += 8, digits -= 8) {
    std::memcpy(&eight, at, 8);  // pairs of digits, then pairs of pairs, then both halves
    eight = (eight & 0x0F0F0F0F0F0F0F0FU) * 2561 >> 8;
    eight = (eight & 0x00FF00FF00FF00FFU) * 6553601 >> 16;
    eight = (eight & 0x0000FFFF0000FFFFU) * 42949672960001 >> 32;
    number = number * 100'000'000 + eight;
  }
  for (; digits > 0; ++at, --digits) number = number * 10 + static_cast<std::uint64_t>(*at - '0');
  return number;
}

/// Are `size` characters the same? Without the call that std::memcmp costs for so few.
inline bool same(const char* a, const char* b, std::size_t size) {
  std::uint64_t x = 0;
  std::uint64_t y = 0;
  const auto differ = [&](std::size_t i) {
    std::memcpy(&x, a + i, 8);
    std::memcpy(&y, b + i, 8);
    return x != y;
  };
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }
  for (std::size_t i = 0; i + 8 <= size; i += 8)
    if (differ(i)) return false;
  return !differ(size - 8);
}

}  // namespace toll::io
