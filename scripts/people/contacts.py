"""What identifies: external ids, e-mail addresses, phone numbers; each from a number of its own.

Mail domains are those that RFC 2606 reserves. Phone numbers are such as their country gives out:
somebody may have one.
"""

from scripts.people.chance import Chance, weighted
from scripts.people.countries import Country, Name

_DOMAINS = weighted(
    {
        "example.org": 40,
        "example.com": 30,
        "example.net": 14,
        "mail.example.org": 8,
        "post.example.com": 4,
        "EXAMPLE.ORG": 2,
        "büro.example.org": 1,
        "почта.example.org": 1,
    }
)
_LOCAL_PARTS = weighted(
    {
        "{first}.{last}{number}": 50,
        "{first}{number}": 12,
        "{initial}.{last}{number}": 12,
        "{last}.{first}.{number}": 10,
        "{first}_{last}{number}": 6,
        "{first}.{last}+shop{number}": 4,
        "{number}{first}": 3,
        "{First}.{Last}{number}": 3,
    }
)
_FREE = 6
"""Digits of a number."""


class Numbers:
    """Gives numbers that look random, and differ, to `MOST` of them."""

    MOST: int = 10**_FREE
    _IDS = 9 * 10**9

    def __init__(self, chance: Chance) -> None:
        self._count = 0
        self._from = chance.up_to(self.MOST)
        self._ids_from = chance.up_to(self._IDS)

    def next(self) -> int:
        self._count += 1  # a multiplier without a factor of the modulus meets every number once
        return (self._count * 618_033 + self._from) % self.MOST

    def external_id(self) -> int:
        """Of ten digits, for what `next` was asked for last."""
        return 10**9 + (self._count * 2_718_281_827 + self._ids_from) % self._IDS


def external_id(chance: Chance, number: int, country: Country) -> str | int:
    """Mostly digits, as text or as a number; some begin with a shop's letters."""
    kind = chance.draw()
    if kind < 0.75:
        return str(number)
    return f"{country.code}-{number}" if kind < 0.9 else number


def email(chance: Chance, first: Name, last: Name, number: int) -> str:
    local = chance.pick(_LOCAL_PARTS).format(
        first=first.latin,
        last=last.latin,
        First=first.latin.capitalize(),
        Last=last.latin.capitalize(),
        initial=first.latin[0],
        number=number,
    )
    return f"{local}@{chance.pick(_DOMAINS)}"


def family_email(chance: Chance, last: Name, number: int) -> str:
    """Of all who live there; some families have a domain of their own."""
    if chance.happens(0.2):
        return f"family{number}@{last.latin}.example.net"
    return f"{last.latin}{number}@{chance.pick(_DOMAINS)}"


def phone_number(chance: Chance, country: Country, number: int) -> str:
    """In E.164 form, or as people write it."""
    pattern = chance.pick(country.phones)
    extra = pattern.count("#") - _FREE
    digits = f"{number:0{_FREE}}" + (f"{chance.up_to(10**extra):0{extra}}" if extra else "")
    begin, end = pattern.index("#"), pattern.rindex("#") + 1
    written = pattern[:begin] + digits + pattern[end:]
    return written if chance.happens(0.7) else _spaced(written, chance.pick((" ", "-", " ", ".")))


def _spaced(written: str, sign: str) -> str:
    return sign.join((written[:3], written[3:6], written[6:9], written[9:]))
