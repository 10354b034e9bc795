#include "engine/run/batch_layout.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/run/execute.hpp"

namespace toll {

PartReader::PartReader(const EventLayout::Part& part, std::size_t stride) : part_(part) {
  TOLL_ASSERT(part.bytes == 1 || part.bytes == 2 || part.bytes == 4 || part.bytes == 8);
  const std::size_t bits = 8 * part.bytes;
  mask_ = ~std::uint64_t{0} >> (64 - bits);
  at_ = part.offset;
  const bool first = part.offset + 8 <= stride;
  if (!first) {
    at_ = part.offset + part.bytes - 8;  // the part comes last
    shift_ = static_cast<unsigned char>(64 - bits);
  }
  const bool whole = first || part.offset + part.bytes >= 8;
  const bool extended = part.is_signed && part.bytes < 8;
  plain_ = std::endian::native == std::endian::little && whole && !extended;
}

std::int64_t PartReader::read_odd(const unsigned char* at) const {
  switch (part_.bytes) {
    case 1:
      return part_.is_signed ? packed::load<std::int8_t>(at) : packed::load<std::uint8_t>(at);
    case 2:
      return part_.is_signed ? packed::load<std::int16_t>(at) : packed::load<std::uint16_t>(at);
    case 4:
      return part_.is_signed ? std::int64_t{packed::load<std::int32_t>(at)}
                             : std::int64_t{packed::load<std::uint32_t>(at)};
    default:
      return packed::load<std::int64_t>(at);
  }
}

LayoutPlan::LayoutPlan(const Program& program, const EventLayout& layout)
    : type(layout.type),
      stride(layout.stride),
      account(layout.account, layout.stride),
      time(layout.time, layout.stride),
      nanos_per_tick(layout.nanos_per_tick),
      families(program.code.events[layout.type].families) {
  const EventType& event = program.core->events[layout.type];
  code = &program.code.events[type];
  has_code = code->refusal != kNone && (code->handle != kNone || event.block == kNone);
  for (const Field& field : event.fields) {
    std::int64_t value = kNothing;
    TOLL_ASSERT(narrow(field.initial, value));
    initial.push_back(value);
  }
  is_plain = account.is_plain() && time.is_plain();
  for (const EventLayout::Field& from : layout.fields) {
    const Field& field = event.fields[from.field];
    NumberPlan plan;
    plan.part = PartReader(from.part, layout.stride);
    is_plain = is_plain && plan.part.is_plain();
    plan.field = from.field;
    plan.times = from.times;
    plan.none = field.required ? kBad : initial[from.field];
    if (field.type.type.kind == Kind::number) {
      plan.least = std::max(plan.least, std::int64_t{field.type.at_least});
    }
    if (field.type.type.kind == Kind::boolean || field.type.type.kind == Kind::name) {
      plan.least = 0;
      plan.most = 1;
    }
    if (field.type.type.kind == Kind::name) {
      plan.most = static_cast<std::int64_t>(program.wires[field.type.type.ref].size()) - 1;
    }
    if (from.meanings.empty()) {
      numbers.push_back(plan);
      continue;
    }
    std::vector<std::int64_t> checked;
    for (const std::int64_t meaning : from.meanings) checked.push_back(plan.checked(meaning));
    names.push_back({plan.part, plan.field, checked.size(), checked.data(), plan.none});
    meanings.push_back(std::move(checked));  // its data stay where they are
  }
  reader = MachineReader::make(*this);
  row = code->row;
  if (row.family == kNone) return;
  const auto found = [&](const auto& plan) {
    if (plan.field != row.field) return false;
    row_part = plan.part;
    row_names =
        static_cast<std::int64_t>(program.wires[event.fields[row.field].type.type.ref].size());
    return true;
  };
  for (const MeaningPlan& plan : names) {
    if (found(plan)) row_meanings = &plan;
  }
  for (const NumberPlan& plan : numbers) found(plan);
}

bool LayoutPlan::read_odd(const unsigned char* event, std::int64_t* into) const {
  return read_with(event, into,
                   [](const PartReader& part, const unsigned char* at) { return part.read(at); });
}

std::int64_t NumberPlan::checked(std::int64_t number) const {
  if (number == kNothing) return none;
  return number < least || number > most ? LayoutPlan::kBad : number;
}

std::int64_t NumberPlan::value(std::int64_t number) const {
  if (__builtin_mul_overflow(number, times, &number)) return LayoutPlan::kBad;
  return checked(number);
}

}  // namespace toll
