"""The countries of `countries.toml`, as tables to draw from."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from scripts.people.chance import weighted, zipf

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "Ł": "l", "ı": "i", "đ": "d", "Đ": "d", "æ": "ae"}
)


class Name(NamedTuple):
    """`latin`: in lower case, as it stands in an e-mail address."""

    text: str
    latin: str


class City(NamedTuple):
    name: str
    zip_code: str
    """A pattern; empty where there are no postal codes."""
    province: str


@dataclass(frozen=True, slots=True)
class Country:
    """What people of a country have in common. Of `surnames`, each is the man's and the woman's."""

    code: str
    languages: tuple[str, ...]
    women: tuple[Name, ...]
    men: tuple[Name, ...]
    surnames: tuple[tuple[Name, Name], ...]
    streets: tuple[str, ...]
    address: str
    additions: tuple[str, ...]
    cities: tuple[City, ...]
    phones: tuple[str, ...]
    firm: str
    vat: str


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _name(text: str) -> Name:
    shown, _, latin = text.partition("=")
    return Name(shown, latin or _latin(shown))


def _latin(text: str) -> str:
    plain = normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def _names(text: str) -> list[Name]:
    return [_name(part) for part in _listed(text)]


def _city(text: str) -> City:
    return City(*text.split("|"))


def _surnames(given: dict[str, Any]) -> list[tuple[Name, Name]]:
    men = _names(given["last"])
    women = _names(given["last_women"]) if "last_women" in given else men
    return list(zip(men, women, strict=True))


def _country(code: str, given: dict[str, Any]) -> Country:
    return Country(
        code=code,
        languages=tuple(given["languages"]),
        women=zipf(_names(given["women"])),
        men=zipf(_names(given["men"])),
        surnames=zipf(_surnames(given)),
        streets=zipf(_listed(given["streets"])),
        address=given["address"],
        additions=tuple(_listed(given["additions"])),
        cities=zipf([_city(city) for city in given["cities"]]),
        phones=tuple(given["phones"]),
        firm=given["firm"],
        vat=given["vat"],
    )


def _read() -> tuple[tuple[Country, ...], tuple[Country, ...]]:
    """All of them, and the table that holds each by its weight."""
    text = Path(__file__).with_name("countries.toml").read_text(encoding="utf-8")
    given = tomllib.loads(text)
    countries = tuple(_country(code, facts) for code, facts in given.items())
    places = {place: facts["weight"] for place, facts in enumerate(given.values())}
    return countries, tuple(countries[place] for place in weighted(places))


COUNTRIES, BY_WEIGHT = _read()
