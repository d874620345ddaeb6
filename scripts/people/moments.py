"""Dates: people join by the season and come back lately; some are born on 29 February."""

from datetime import date

from scripts.people.chance import Chance, weighted

_NOBODY_YET = date(2026, 11, 1).toordinal()
"""Nobody is born later: birthdays do not move with the day on which one asks."""

_YEARS_AGO = weighted({ago: 40 - 2 * ago for ago in range(18, -1, -1)})
_MONTHS = weighted(dict(zip(range(1, 13), (7, 5, 6, 6, 8, 7, 4, 6, 8, 9, 19, 15), strict=True)))
"""Most join before Christmas, fewest in July."""
_HOURS = weighted(
    dict(
        zip(
            range(24),
            (2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 11, 12, 11, 10, 10, 11, 12, 14, 16, 17, 15, 9, 5),
            strict=True,
        )
    )
)


def joined(chance: Chance, born: int) -> int:
    """A day, not before they were born."""
    year, month = chance.today.year - chance.pick(_YEARS_AGO), chance.pick(_MONTHS)
    day = date(year, month, 1).toordinal() + chance.up_to(30 if month != 2 else 28)
    today = chance.today.toordinal()
    if day > today:
        day -= 365
    return min(max(day, born + 30), today)


def last_login(chance: Chance, since: int) -> int:
    """A day since then, most of them lately."""
    ago, today = chance.draw() * chance.draw() * chance.draw(), chance.today.toordinal()
    return today - int(ago * (today - since))


def born(chance: Chance, *, adult: bool) -> int:
    """A day; the ages of adults gather in the middle of life."""
    years = 18 + (chance.draw() + chance.draw()) * 36 if adult else chance.draw() * 18
    return _NOBODY_YET - int(years * 365.25) - 1


def day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def moment(chance: Chance, ordinal: int) -> str:
    """In one of the ways in which systems write it: the day alone, in UTC, with a zone, without."""
    kind, on = chance.draw(), date.fromordinal(ordinal).isoformat()
    if kind < 0.2:
        return on
    hour, rest = chance.pick(_HOURS), chance.up_to(3600)
    text = f"{on}T{hour:02}:{rest // 60:02}:{rest % 60:02}"
    if kind < 0.85:
        return text + "Z"
    return text + ("+02:00" if kind < 0.92 else f".{chance.up_to(1000):03}Z" if kind < 0.97 else "")
