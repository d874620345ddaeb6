"""What a shop knows of its customers: permissions, lists, tags, the fields of its own."""

from collections.abc import Callable
from typing import Any

from scripts.people import moments
from scripts.people.chance import Chance, weighted, zipf
from scripts.people.countries import Country


def _ranked(words: str) -> tuple[str, ...]:
    """The commonest first."""
    return zipf(words.split())


_TAGS = _ranked(
    "newsletter summer-sale vip returning kitchenware black-friday app-user gift-buyer lapsed "
    "outdoor home-decor first-order garden high-value kids loyalty-2025 textiles reviewer "
    "lighting christmas pets wholesale coffee books complaint cycling sauna bargain-hunter "
    "influencer press staff test-group-a test-group-b ceramics Überraschung été käsityö 常連 "
    "акция"
)
_MAILING_LISTS = _ranked(
    "news offers kitchenware events product-launches garden press partners 新着情報"
)
_SHOPS = zipf(["web", *(f"shop-{number:02}" for number in range(1, 31)), "pop-up"])
_PERMISSIONS = {
    "can_email": weighted({True: 5, False: 2, None: 3}),
    "can_post": weighted({True: 2, False: 3, None: 5}),
    "can_profile": weighted({True: 4, False: 2, None: 4}),
    "can_push": weighted({True: 1, False: 2, None: 7}),
    "can_sms": weighted({True: 3, False: 3, None: 4}),
}
"""None: never asked."""

_LEVELS = zipf([1, 2, 3, "silver", "gold", 4, "Gold", 5, False, True, "n/a", 2.5])
_INTERESTS = _ranked(
    "cooking gardening cycling running reading music travel sauna knitting photography gaming "
    "fishing yoga football wine birdwatching 書道 шахматы"
)
_SIZES = ("S", "M", "M", "L", "XL")
_COLOURS = ("red", "blue", "green", "black", "off-white")
_CHANNELS = ("email", "email", "sms", "post")


def habits(chance: Chance, country: Country, since: int) -> dict[str, Any]:
    """For somebody who joined on that day."""
    row = _permissions(chance)
    if chance.happens(0.6):
        row["tags"] = chance.some(_TAGS, 6)
    if chance.happens(0.5):
        row["mailing_lists"] = _lists(chance)
    if chance.happens(0.55):
        shop = chance.pick(_SHOPS)
        row["shop_id"] = shop if shop == "web" else f"{country.code.lower()}-{shop}"
    return row | _company_fields(chance, since)


def _permissions(chance: Chance) -> dict[str, Any]:
    given = ((name, chance.pick(states)) for name, states in _PERMISSIONS.items())
    return {name: state for name, state in given if state is not None}


def _lists(chance: Chance) -> list[str] | str:
    """One list may stand for itself."""
    return chance.pick(_MAILING_LISTS) if chance.happens(0.2) else chance.some(_MAILING_LISTS, 4)


def _company_fields(chance: Chance, since: int) -> dict[str, Any]:
    return {
        name: value(chance, since)
        for name, (share, value) in _COMPANY_FIELDS.items()
        if chance.draw() < share
    }


def _points(chance: Chance, _: int) -> int | float:
    """Few have many; some systems count halves."""
    points = int(20_000 * chance.draw() * chance.draw() * chance.draw() * chance.draw())
    return points + 0.5 if chance.happens(0.04) else points


def _preferences(chance: Chance, _: int) -> dict[str, Any]:
    preferences: dict[str, Any] = {"size": chance.pick(_SIZES)}
    if chance.happens(0.6):
        preferences["colours"] = chance.some(_COLOURS, 2)
    if chance.happens(0.4):
        contact = {"channel": chance.pick(_CHANNELS), "hour": 8 + chance.up_to(12)}
        preferences["contact"] = contact
    return preferences


def _basket(chance: Chance, _: int) -> float:
    return int(100 + 20_000 * chance.draw() * chance.draw()) / 100


_COMPANY_FIELDS: dict[str, tuple[float, Callable[[Chance, int], object]]] = {
    "ACME__level": (0.6, lambda chance, _: chance.pick(_LEVELS)),
    "ACME__points": (0.55, _points),
    "ACME__interests": (0.35, lambda chance, _: chance.some(_INTERESTS, 5)),
    "ACME__preferences": (0.2, _preferences),
    "ACME__member_since": (0.3, lambda _, since: moments.day(since)),
    "ACME__newsletter": (0.4, lambda chance, _: chance.happens(0.6)),
    "ACME__last_basket": (0.3, _basket),
}
"""The share of people who have it, and what it holds."""
