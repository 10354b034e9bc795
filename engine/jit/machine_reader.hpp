// A layout's events read by instructions of the processor that are made for it: no shift, mask or
// loop over fields.
#pragma once

#include <cstdint>
#include <memory>

namespace toll {

struct LayoutPlan;

class MachineReader {
 public:
  /// Null: there is none for this processor, or for such a layout. The plan has to outlive it.
  static std::unique_ptr<const MachineReader> make(const LayoutPlan& plan);
  virtual ~MachineReader() = default;
  MachineReader(const MachineReader&) = delete;
  MachineReader& operator=(const MachineReader&) = delete;

  /// As LayoutPlan::read_fields.
  [[nodiscard]] bool read(const unsigned char* event, std::int64_t* into) const {
    return read_(event, into) != 0;
  }

 protected:
  using Read = std::uint64_t (*)(const unsigned char*, std::int64_t*);
  MachineReader() = default;
  Read read_ = nullptr;
};

}  // namespace toll
