#include "engine/run/batch_layout.hpp"

#include <bit>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/run/execute.hpp"

namespace toll {

PartReader::PartReader(const EventLayout::Part& part, std::size_t stride) : part_(part) {
  TOLL_ASSERT(part.bytes == 1 || part.bytes == 2 || part.bytes == 4 || part.bytes == 8);
  const std::size_t bits = 8 * part.bytes;
  mask_ = ~std::uint64_t{0} >> (64 - bits);
  sign_ = part.is_signed ? std::uint64_t{1} << (bits - 1) : 0;
  at_ = part.offset;
  const bool first = part.offset + 8 <= stride;
  if (!first) {
    at_ = part.offset + part.bytes - 8;  // the part comes last
    shift_ = static_cast<unsigned char>(64 - bits);
  }
  whole_ = std::endian::native == std::endian::little && (first || part.offset + part.bytes >= 8);
}

std::int64_t PartReader::read_small(const unsigned char* at) const {
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
  for (const EventLayout::Field& from : layout.fields) {
    const FieldType& read = event.fields[from.field].type;
    FieldPlan plan;
    plan.part = PartReader(from.part, layout.stride);
    plan.field = from.field;
    plan.times = from.times;
    if (!event.fields[from.field].required) plan.none = initial[from.field];
    if (read.type.kind == Kind::number) plan.least = read.at_least;
    if (read.type.kind == Kind::boolean || read.type.kind == Kind::name) {
      plan.least = 0;
      plan.most = 1;
    }
    if (read.type.kind == Kind::name) {
      plan.most = static_cast<std::int64_t>(program.wires[read.type.ref].size()) - 1;
    }
    plan.direct = from.meanings.empty();
    for (const std::int64_t meaning : from.meanings) {
      plan.meanings.push_back(plan.checked(meaning));
    }
    plan.names = plan.meanings.size();
    fields.push_back(std::move(plan));
  }
  row = code->row;
  if (row.family == kNone) return;
  for (const FieldPlan& plan : fields) {
    if (plan.field != row.field) continue;
    row_reader = &plan;
    row_names =
        static_cast<std::int64_t>(program.wires[event.fields[row.field].type.type.ref].size());
  }
}

}  // namespace toll
