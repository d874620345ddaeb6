"""The rows about one person: mostly one, with gaps; some people stand in several records."""

from collections.abc import Iterator
from typing import Any

from scripts.people import contacts, moments
from scripts.people.chance import Chance, weighted
from scripts.people.contacts import Numbers
from scripts.people.habits import habits
from scripts.people.households import Household, Member

Row = dict[str, Any]

_GENDERS = {
    True: weighted({"female": 80, "Female": 8, "F": 6, "nainen": 2, "non-binary": 1, "other": 1}),
    False: weighted({"male": 80, "Male": 8, "M": 6, "mies": 2, "non-binary": 1, "other": 1}),
}
_KNOWN_AGAIN = ("email", "phone_number", "first_name", "last_name", "birth_date", "country", "city")


def records(chance: Chance, numbers: Numbers, home: Household, member: Member) -> Iterator[Row]:
    """All of them under one canonical id, where there are several."""
    row = _identifiers(chance, numbers, home, member)
    since = moments.joined(chance, member.born)
    row |= _person(chance, home, member) | _account(chance, since) | _address(chance, home)
    row |= _business(chance, home, member) | habits(chance, home.country, since)
    several = "external_id" in row and chance.happens(0.05)
    if several or chance.happens(0.15):
        row["canonical_id"] = f"P{numbers.external_id()}"
    yield row
    while several:
        yield _another(chance, numbers, home, row)
        several = chance.happens(0.2)


def _identifiers(chance: Chance, numbers: Numbers, home: Household, member: Member) -> Row:
    """Who has no external id shares nothing: an upload could not tell whom the row means."""
    row: Row = {}
    number, known = numbers.next(), chance.happens(0.93)
    if known:
        row["external_id"] = contacts.external_id(chance, numbers.external_id(), home.country)
    if chance.happens(0.9):
        shares = known and home.email and chance.happens(0.8)
        own = contacts.email(chance, member.first, member.last, number)
        row["email"] = home.email if shares else own
    if chance.happens(0.65) or not row:
        shares = known and home.phone_number and chance.happens(0.8)
        own = contacts.phone_number(chance, home.country, number)
        row["phone_number"] = home.phone_number if shares else own
    return row


def _person(chance: Chance, home: Household, member: Member) -> Row:
    """Some systems know Latin letters alone."""
    row: Row = {}
    in_latin = chance.happens(0.06)
    if chance.happens(0.95):
        row["first_name"] = member.first.latin.title() if in_latin else member.first.text
    if chance.happens(0.92):
        row["last_name"] = member.last.latin.title() if in_latin else member.last.text
    if chance.happens(0.5):
        row["birth_date"] = moments.day(member.born)
    if chance.happens(0.6):
        row["gender"] = chance.pick(_GENDERS[member.is_woman])
    if chance.happens(0.75):
        language = chance.pick(home.country.languages)
        row["language"] = language.upper() if chance.happens(0.2) else language
    return row


def _account(chance: Chance, since: int) -> Row:
    row: Row = {}
    if chance.happens(0.92):
        row["date_joined"] = moments.moment(chance, since)
    if chance.happens(0.7):
        row["last_login"] = moments.moment(chance, moments.last_login(chance, since))
    return row


def _address(chance: Chance, home: Household) -> Row:
    """All of it, or the country alone, or nothing."""
    kind = chance.draw()
    if kind < 0.78:
        return home.address
    if kind < 0.95:
        country = home.country.code
        return {"country": country.lower() if chance.happens(0.3) else country}
    return {}


def _business(chance: Chance, home: Household, member: Member) -> Row:
    """A few buy for a company."""
    if not chance.happens(0.06):
        return {}
    row: Row = {"company": f"{member.last.text} {home.country.firm}"}
    if chance.happens(0.7):
        row["vat_number"] = chance.digits(home.country.vat)
    return row


def _another(chance: Chance, numbers: Numbers, home: Household, row: Row) -> Row:
    """A second account of the same person, with less in it."""
    numbers.next()
    again = {"external_id": f"web-{numbers.external_id()}", "canonical_id": row["canonical_id"]}
    again |= {name: row[name] for name in _KNOWN_AGAIN if name in row and chance.happens(0.8)}
    since = moments.joined(chance, 0)
    return again | _account(chance, since) | habits(chance, home.country, since)
