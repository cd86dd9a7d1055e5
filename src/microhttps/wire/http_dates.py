"""Dates as HTTP writes them (RFC 9110 section 5.6.7), against seconds since 1970. No I/O. Layer 2: imports nothing."""

import time

EPOCH = 0 if time.gmtime(0)[0] == 1970 else 946684800  # some boards count from 2000
_DAYS = "MonTueWedThuFriSatSun"
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def format_date(seconds):
    """The moment as IMF-fixdate, str."""
    year, month, day, hour, minute, second, weekday = time.gmtime(seconds - EPOCH)[:7]
    return "%s, %02d %s %d %02d:%02d:%02d GMT" % (_DAYS[3 * weekday:3 * weekday + 3], day,
                                                  _MONTHS[3 * month - 3:3 * month], year, hour, minute, second)


def parse_date(text):
    """Seconds since 1970 of a date (bytes) in any of HTTP's three forms; None when it is in none of them."""
    parts = text.replace(b"-", b" ").split()
    if len(parts) == 5:  # Sun Nov  6 08:49:37 1994
        _, month, day, clock, year = parts
    elif len(parts) == 6 and parts[5] == b"GMT":  # Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT
        _, day, month, year, clock, _ = parts
    else:
        return None
    numbers = [day, year] + clock.split(b":")
    if len(numbers) != 5 or len(month) != 3 or not all(number.isdigit() and len(number) < 5 for number in numbers):
        return None
    at = _MONTHS.encode().find(month)
    day, year, hour, minute, second = [int(number) for number in numbers]
    if at < 0 or at % 3 or not 1 <= day <= 31 or hour > 23 or minute > 59 or second > 60:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    return ((_days(year, at // 3 + 1, day) * 24 + hour) * 60 + minute) * 60 + second


def _days(year, month, day):
    """Days from 1970 to this day (Gregorian); the year is taken from March, so that its leap day is last."""
    if month < 3:
        year -= 1
        month += 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 719469
