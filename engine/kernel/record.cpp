#include "engine/kernel/record.hpp"

#include <cstring>
#include <limits>

#include "engine/kernel/assert.hpp"

namespace toll {
namespace {

using Store = RecordLayout::Store;

using packed::kAccountBit;
using packed::kInt80Absent;
using packed::kNoHandle;
using packed::kUnknownBit;

constexpr Store store_of(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return Store::byte;
    case Kind::number:
      return type.scale == 0 ? Store::int64 : Store::int128;
    case Kind::text:
    case Kind::name:
    case Kind::set:
    case Kind::row:
      return Store::handle;
    case Kind::date:
    case Kind::month:
      return Store::int32;
    case Kind::instant:
    case Kind::span:
      return Store::int80;
    case Kind::list:
      return Store::int128;
  }
  return Store::int128;
}

constexpr std::uint32_t width_of(Store store) {
  constexpr std::uint32_t kWidths[] = {1, 4, 4, 8, 10, 16};
  return kWidths[static_cast<std::size_t>(store)];
}

template <class Int>
void save(unsigned char* at, Int value) {
  std::memcpy(at, &value, sizeof value);
}

template <class Int>
bool save_narrow(unsigned char* at, Value value) {
  using Limits = std::numeric_limits<Int>;
  if (value != kAbsent && (value <= Limits::min() || value > Limits::max())) return false;
  save<Int>(at, value == kAbsent ? Limits::min() : static_cast<Int>(value));
  return true;
}

}  // namespace

std::uint32_t packed::pack_handle(Value value) {
  if (value == kAbsent) return kNoHandle;
  const auto index = static_cast<std::uint32_t>(value);
  const bool account = ((value >> 32) & 0xff) == static_cast<Value>(TextSpace::account);
  TOLL_ASSERT(index < kAccountBit);
  return index | (value & kUnknownName ? kUnknownBit : 0) | (account ? kAccountBit : 0);
}

std::uint32_t RecordLayout::width(Store store) { return width_of(store); }

std::uint32_t RecordLayout::add(const Type& type) {
  const Store store = store_of(type);
  cells_.push_back({size_, store, type.kind});
  size_ += width_of(store);
  return cells() - 1;
}

bool RecordLayout::pack(unsigned char* at, Store store, Value value) {
  switch (store) {
    case Store::byte:
      *at = value == kAbsent ? 2 : static_cast<unsigned char>(value != 0);
      return true;
    case Store::handle:
      save(at, packed::pack_handle(value));
      return true;
    case Store::int32:
      return save_narrow<std::int32_t>(at, value);
    case Store::int64:
      return save_narrow<std::int64_t>(at, value);
    case Store::int80:
      if (value == kAbsent)
        value = kInt80Absent;
      else if (value <= kInt80Absent || value >= -kInt80Absent)
        return false;
      save(at, static_cast<std::uint64_t>(value));
      save(at + 8, static_cast<std::int16_t>(value >> 64));
      return true;
    case Store::int128:
      save(at, value);
      return true;
  }
  return false;
}

}  // namespace toll
