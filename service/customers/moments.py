"""Reading dates and date-times."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from service.customers.changes import Value
from service.customers.texts import Unreadable, wrong_type
from service.errors import ErrorCode

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?P<fraction>[.,][0-9]{1,18})?"
    r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-9]{2}))?)?)?"
)
_WRITTEN_IN_UTC = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?Z"
)
"""As most programs write it, which needs nothing but to be read."""


def read_date(raw: object) -> str:
    """The text itself, `YYYY-MM-DD`."""
    if not isinstance(raw, str):
        raise wrong_type("text, a date as YYYY-MM-DD")
    text = raw.strip()
    if not _DATE.fullmatch(text):
        raise Unreadable(ErrorCode.INVALID_DATE)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Unreadable(ErrorCode.INVALID_DATE) from None
    return text


def read_date_time(raw: object, zone: ZoneInfo) -> datetime:
    """In UTC, cut to milliseconds. `zone` is that of texts without one; a bare date is its
    midnight.

    Where clocks go back, the hour that comes twice is taken as the first; where they go forward,
    a time that is skipped is read as if they had not yet.
    """
    if not isinstance(raw, str):
        raise wrong_type("text, a date or date-time in ISO 8601")
    text = raw.strip()
    try:
        if _WRITTEN_IN_UTC.fullmatch(text):
            return datetime.fromisoformat(text)
        return _moment(text, zone)
    except (ValueError, OverflowError):
        raise Unreadable(ErrorCode.INVALID_DATE_TIME) from None


def date_time_text(moment: datetime) -> str:
    """In UTC, such as `2015-11-23T13:11:23Z`, with milliseconds where there are any; without a
    zone, it is in UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    unit = "seconds" if moment.microsecond < 1000 else "milliseconds"
    return moment.isoformat(timespec=unit) + "Z"


def as_json(value: Value) -> Value:
    """A stored value as JSON has it."""
    return date_time_text(value) if isinstance(value, datetime) else value


def _moment(text: str, zone: ZoneInfo) -> datetime:
    match = _DATE_TIME.fullmatch(text)
    if match is None or (match["fraction"] and match["time"].count(":") < 2):
        raise ValueError
    local = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}")
    moment = local.replace(tzinfo=_zone(match) or zone).astimezone(UTC)
    return moment.replace(microsecond=_milliseconds(match["fraction"]) * 1000)


def _zone(match: re.Match[str]) -> timezone | None:
    if match["utc"]:
        return UTC
    if not match["sign"]:
        return None
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    if hours > 23 or minutes > 59:
        raise ValueError
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if match["sign"] == "-" else offset)


def _milliseconds(fraction: str | None) -> int:
    return int(fraction[1:4].ljust(3, "0")) if fraction else 0
