// Operations of the calendar on instants, dates and months.
#include "engine/run/run.hpp"

namespace toll {
namespace {

/// The day of a date, or the local day of an instant.
bool day_of_operand(const Calendar& calendar, Kind kind, Value value, std::int64_t& day) {
  if (kind == Kind::date) {
    day = Calendar::is_day(value) ? static_cast<std::int64_t>(value) : 0;
    return Calendar::is_day(value);
  }
  if (!Calendar::is_instant(value)) return false;
  day = calendar.local(value).day;
  return true;
}

}  // namespace

Value Run::in_day_range(Value day) { return Calendar::is_day(day) ? day : overflow(); }

Value Run::date_operation(const Term& term) {
  const Value value = eval(term.x);
  if (value == kAbsent) return kAbsent;
  return date_value(term, value, term.y == kNoNode ? kAbsent : eval(term.y));
}

Value Run::date_value(const Term& term, Value value, Value count) {
  if (value == kAbsent) return kAbsent;
  const Calendar& calendar = p_.calendar;
  if (term.op == Op::day_number) return value;
  if (term.op == Op::month_start || (term.op == Op::year_of && term.arg_kind == Kind::month)) {
    if (!Calendar::is_month(value)) return overflow();
    const auto month = static_cast<std::int64_t>(value);
    return term.op == Op::month_start ? month_start(month) : (month - (month % 12 + 12) % 12) / 12;
  }
  std::int64_t day = 0;
  const bool is_date = term.op == Op::date_start || term.arg_kind == Kind::date;
  if (!day_of_operand(calendar, is_date ? Kind::date : Kind::instant, value, day)) {
    return overflow();
  }
  switch (term.op) {
    case Op::month_of:
      return month_of_day(day);
    case Op::date_of:
      return day;
    case Op::date_start:
      return calendar.instant({day, 0});
    case Op::time_of_day:
      return calendar.local(value).nanos;
    case Op::weekday:
      return weekday_of(day);
    case Op::year_of:
      return civil_of(day).year;
    default:
      break;
  }
  if (count == kAbsent) return kAbsent;
  if (!(term.op == Op::add_months ? Calendar::is_month(count) : Calendar::is_day(count))) {
    return overflow();
  }
  const auto narrow = static_cast<std::int64_t>(count);
  const Value moved =
      in_day_range(term.op == Op::add_months ? add_months(day, narrow) : day + narrow);
  if (moved == kAbsent || is_date) return moved;
  return calendar.instant({static_cast<std::int64_t>(moved), calendar.local(value).nanos});
}

}  // namespace toll
