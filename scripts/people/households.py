"""Households: one to five people with one address, partly with one e-mail address or phone."""

from dataclasses import dataclass
from typing import NamedTuple

from scripts.people import contacts, moments
from scripts.people.chance import Chance, weighted
from scripts.people.contacts import Numbers
from scripts.people.countries import BY_WEIGHT, Country, Name

_SIZES = weighted({1: 58, 2: 18, 3: 10, 4: 10, 5: 4})


class Member(NamedTuple):
    """`born`: a day, as its ordinal."""

    first: Name
    last: Name
    is_woman: bool
    born: int


@dataclass(frozen=True, slots=True)
class Household:
    """`email` and `phone_number`: those that its members share, None where each has their own."""

    country: Country
    address: dict[str, str]
    email: str | None
    phone_number: str | None
    members: tuple[Member, ...]


def household(chance: Chance, numbers: Numbers) -> Household:
    country = chance.pick(BY_WEIGHT)
    members = _members(chance, country, chance.pick(_SIZES))
    email = phone_number = None
    if len(members) > 1:
        number, last = numbers.next(), members[0].last
        if chance.happens(0.4):
            email = contacts.family_email(chance, last, number)
        if chance.happens(0.3):
            phone_number = contacts.phone_number(chance, country, number)
    return Household(country, _address(chance, country), email, phone_number, members)


def _members(chance: Chance, country: Country, size: int) -> tuple[Member, ...]:
    """Up to two adults, then children. Some came from elsewhere, with the names of there."""
    origin = chance.pick(BY_WEIGHT) if chance.happens(0.07) else country
    surname = chance.pick(origin.surnames)
    return tuple(_member(chance, origin, surname, adult=place < 2) for place in range(size))


def _member(chance: Chance, origin: Country, surname: tuple[Name, Name], *, adult: bool) -> Member:
    is_woman = chance.happens(0.52)
    first = chance.pick(origin.women if is_woman else origin.men)
    last = surname[is_woman] if chance.happens(0.9) else chance.pick(origin.surnames)[is_woman]
    return Member(first, last, is_woman, moments.born(chance, adult=adult))


def _address(chance: Chance, country: Country) -> dict[str, str]:
    city = chance.pick(country.cities)
    address = {"city": city.name, "country": country.code} | _street(chance, country)
    if city.zip_code:
        address["zip_code"] = chance.digits(city.zip_code)
    if city.province and chance.happens(0.3):
        address["province"] = city.province
    return address


def _street(chance: Chance, country: Country) -> dict[str, str]:
    """On one line, or in parts."""
    street, number = chance.pick(country.streets), str(1 + chance.up_to(1 + chance.up_to(180)))
    addition = chance.pick(country.additions) if chance.happens(0.3) else ""
    if chance.happens(0.65):
        line = country.address.format(street=street, number=number)
        return {"street_address": f"{line} {addition}".rstrip()}
    parts = {"street_name": street, "house_number": number}
    return parts | ({"house_number_addition": addition} if addition else {})
