#include "tools/core_words.hpp"

namespace toll::tools {

std::string_view word(Op op) {
  switch (op) {
    case Op::constant:
      return "constant";
    case Op::local:
      return "local";
    case Op::reg:
      return "register";
    case Op::state:
      return "state";
    case Op::field:
      return "field";
    case Op::row_field:
      return "get";
    case Op::arrival:
      return "arrival";
    case Op::cell:
      return "cell";
    case Op::lookup:
      return "lookup";
    case Op::now:
      return "now";
    case Op::clock:
      return "clock";
    case Op::add:
      return "add";
    case Op::sub:
      return "sub";
    case Op::mul:
      return "mul";
    case Op::neg:
      return "neg";
    case Op::floor_div:
      return "floor_div";
    case Op::modulo:
      return "modulo";
    case Op::round_div:
      return "round_div";
    case Op::rescale:
      return "rescale";
    case Op::eq:
      return "eq";
    case Op::ne:
      return "ne";
    case Op::lt:
      return "lt";
    case Op::le:
      return "le";
    case Op::gt:
      return "gt";
    case Op::ge:
      return "ge";
    case Op::in_set:
      return "in";
    case Op::set_union:
      return "union";
    case Op::set_minus:
      return "minus";
    case Op::set_of:
      return "set";
    case Op::universe:
      return "universe";
    case Op::logical_and:
      return "and";
    case Op::logical_or:
      return "or";
    case Op::logical_not:
      return "not";
    case Op::present:
      return "present";
    case Op::coalesce:
      return "coalesce";
    case Op::minimum:
      return "min";
    case Op::maximum:
      return "max";
    case Op::cases:
      return "cases";
    case Op::call:
      return "call";
    case Op::aggregate:
      return "aggregate";
    case Op::month_of:
      return "month_of";
    case Op::month_start:
      return "month_start";
    case Op::add_months:
      return "add_months";
    case Op::add_days:
      return "add_days";
    case Op::date_of:
      return "date_of";
    case Op::date_start:
      return "date_start";
    case Op::time_of_day:
      return "time_of_day";
    case Op::weekday:
      return "weekday";
    case Op::year_of:
      return "year_of";
    case Op::text_of:
      return "text_of";
    case Op::day_number:
      return "day_number";
    case Op::hook:
      return "hook";
  }
  return "?";
}

std::string_view word(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::number:
      return "number";
    case Kind::text:
      return "text";
    case Kind::name:
      return "name";
    case Kind::instant:
      return "instant";
    case Kind::date:
      return "date";
    case Kind::month:
      return "month";
    case Kind::span:
      return "span";
    case Kind::set:
      return "set";
    case Kind::row:
      return "row";
    case Kind::list:
      return "list";
  }
  return "?";
}

std::string_view word(Aggregate::Fn function) {
  switch (function) {
    case Aggregate::Fn::any:
      return "any";
    case Aggregate::Fn::all:
      return "all";
    case Aggregate::Fn::count:
      return "count";
    case Aggregate::Fn::sum:
      return "sum";
    case Aggregate::Fn::min:
      return "least";
    case Aggregate::Fn::max:
      return "greatest";
    case Aggregate::Fn::first:
      return "first";
    case Aggregate::Fn::last:
      return "last";
  }
  return "?";
}

std::string_view word(Effect::Do what) {
  switch (what) {
    case Effect::Do::let:
      return "let";
    case Effect::Do::set_register:
      return "set";
    case Effect::Do::move:
      return "move";
    case Effect::Do::set_cell:
      return "set_cell";
    case Effect::Do::add_cell:
      return "add_cell";
    case Effect::Do::set_row:
      return "set_row";
    case Effect::Do::put:
      return "put";
    case Effect::Do::draw:
      return "draw";
    case Effect::Do::each:
      return "each";
    case Effect::Do::choose:
      return "choose";
    case Effect::Do::run:
      return "run";
    case Effect::Do::arm:
      return "arm";
    case Effect::Do::disarm:
      return "disarm";
    case Effect::Do::emit:
      return "emit";
    case Effect::Do::clear:
      return "clear";
  }
  return "?";
}

std::string_view word(FieldType::Read read) {
  switch (read) {
    case FieldType::Read::boolean:
      return "boolean";
    case FieldType::Read::text:
      return "text";
    case FieldType::Read::count:
      return "count";
    case FieldType::Read::money:
      return "money";
    case FieldType::Read::instant:
      return "instant";
    case FieldType::Read::date:
      return "date";
    case FieldType::Read::name:
      return "name";
    case FieldType::Read::known:
      return "known";
    case FieldType::Read::set:
      return "set";
    case FieldType::Read::list:
      return "list";
    case FieldType::Read::counts:
      return "counts";
    case FieldType::Read::record:
      return "record";
  }
  return "?";
}

}  // namespace toll::tools
