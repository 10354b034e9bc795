"""Instants and calendar arithmetic in the policy's zone.

An instant is an int: nanoseconds of wall-clock time in UTC+8 since 1970-01-01T00:00:00. A date is
the instant of its midnight. A month is the int year * 12 + (month - 1), so months can be counted.
The civil calendar is computed here and not taken from datetime, because datetime keeps only
microseconds and stops at the year 9999, where a pack bought in that year has not ended yet.
"""
import re

SECOND = 10**9
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ZONE_OFFSET = 8 * HOUR

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def days_from_civil(year, month, day):
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146097 + day_of_era - 719468


def civil_from_days(days):
    """The (year, month, day) of a number of days since 1970-01-01."""
    days += 719468
    era = days // 146097
    day_of_era = days - era * 146097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524
                   - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def days_in_month(year, month):
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _is_civil(year, month, day):
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def parse_instant(text):
    """An RFC 3339 time as an instant, or None where it is none."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(found[i]) for i in range(1, 7))
    if not _is_civil(year, month, day) or hour > 23 or minute > 59 or second > 59:
        return None
    offset = 0
    if found[9]:
        if int(found[10]) > 23 or int(found[11]) > 59:
            return None
        offset = int(found[10]) * HOUR + int(found[11]) * MINUTE
        offset = -offset if found[9] == "-" else offset
    wall = days_from_civil(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND
    wall += int((found[7] or "0").ljust(9, "0"))
    instant = wall - offset + ZONE_OFFSET
    # Near both ends of the calendar the zone's own year may be one that RFC 3339 cannot write.
    return instant if 1 <= civil_from_days(instant // DAY)[0] <= 9999 else None


def parse_date(text):
    """A calendar date YYYY-MM-DD as the instant of its midnight, or None."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups())
    return days_from_civil(year, month, day) * DAY if _is_civil(year, month, day) else None


def show_instant(instant):
    year, month, day = civil_from_days(instant // DAY)
    seconds, fraction = divmod(instant % DAY, SECOND)
    digits = ("." + "%09d" % fraction).rstrip("0") if fraction else ""
    return "%04d-%02d-%02dT%02d:%02d:%02d%s+08:00" % (
        year, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, digits)


def midnight(instant):
    return instant - instant % DAY


def month_of(instant):
    year, month, _ = civil_from_days(instant // DAY)
    return year * 12 + month - 1


def month_start(month):
    return days_from_civil(month // 12, month % 12 + 1, 1) * DAY


def show_month(month):
    return "%04d-%02d" % (month // 12, month % 12 + 1)


def add_months(instant, count):
    """The same day and time of day `count` months on; a day the month lacks is its last day."""
    year, month, day = civil_from_days(instant // DAY)
    target = year * 12 + month - 1 + count
    year, month = target // 12, target % 12 + 1
    day = min(day, days_in_month(year, month))
    return days_from_civil(year, month, day) * DAY + instant % DAY


def add_years(instant, count):
    return add_months(instant, 12 * count)
