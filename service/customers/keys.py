"""What a key of a row names: a field, or the members of a set; for unknown keys the nearest one."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from functools import lru_cache

from service.customers.company import check_name
from service.customers.fields import ADD, CATALOGUE, REMOVE, TEXT_SETS, Kind, is_company_field
from service.customers.texts import Unreadable
from service.errors import ErrorCode

LONGEST_SHOWN = 100
"""Characters of a key in a fault."""

_LONGEST_READ = 500
"""Characters of a key in which what looks personal is sought: more than are shown, so that none is
shown half."""


class Meaning(Enum):
    """What is done with the value."""

    PLAIN = auto()
    ADD = auto()
    REMOVE = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """`field` is the name it is stored under; `kind` None is a company field."""

    field: str
    kind: Kind | None
    meaning: Meaning = Meaning.PLAIN


SUFFIXES = {ADD: Meaning.ADD, REMOVE: Meaning.REMOVE}

KNOWN: dict[str, Target] = {
    **{field.name: Target(field.name, field.kind) for field in CATALOGUE},
    **{
        name + suffix: Target(name, Kind.TEXT_SET, meaning)
        for name in TEXT_SETS
        for suffix, meaning in SUFFIXES.items()
    },
}
"""Every key but those of company fields."""

_BY_PLAIN_NAME = {name.replace(".", "_"): name for name in KNOWN}
_SYNONYMS = {
    ".append": ADD, ".push": ADD, ".insert": ADD,
    ".delete": REMOVE, ".discard": REMOVE, ".pull": REMOVE,
}  # fmt: skip
_OTHER_NAMES = {
    "surname": "last_name", "family_name": "last_name", "given_name": "first_name",
    "mobile": "phone_number", "telephone": "phone_number", "postal_code": "zip_code",
    "birthday": "birth_date", "date_of_birth": "birth_date",
    "email_address": "email", "e_mail_address": "email",
}  # fmt: skip
"""What others call our fields, where the letters lead elsewhere."""

_NAME_LIKE = re.compile(r"[A-Za-z0-9_. -]{2,40}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PERSONAL = re.compile(r"[^\s@]*@[^\s@]*|\d[\d ().-]{4,}\d")


def target(key: str, prefix: str | None) -> Target:
    """`prefix` is that of company fields. Raises `Unreadable` for a key that names nothing."""
    if (known := KNOWN.get(key)) is not None:
        return known
    if key.find("__") > 0:
        return _company_target(key, prefix)
    raise Unreadable(ErrorCode.UNKNOWN_FIELD, _suggestion(key))


@lru_cache(maxsize=4096)
def _company_target(key: str, prefix: str | None) -> Target:
    """Kept, since a column stands in every row."""
    for suffix, meaning in SUFFIXES.items():
        if key.endswith(suffix):
            name = key.removesuffix(suffix)
            check_name(name, prefix)
            return Target(name, None, meaning)
    check_name(key, prefix)
    return Target(key, None)


def _suggestion(key: str) -> str | None:
    """None where the key looks like no name, or like none of ours."""
    return _nearest(key) if _NAME_LIKE.fullmatch(key) else None


@lru_cache(maxsize=1024)
def _nearest(key: str) -> str | None:
    """Kept, since a wrong column stands in every row."""
    name = _HUMP.sub("_", key.strip()).lower().replace(" ", "_").replace("-", "_")
    for synonym, suffix in _SYNONYMS.items():
        if name.endswith(synonym):
            name = name.removesuffix(synonym) + suffix
    plain = name.replace(".", "_")
    if plain in _BY_PLAIN_NAME:
        return _BY_PLAIN_NAME[plain]
    if plain in _OTHER_NAMES:
        return _OTHER_NAMES[plain]
    longer = [known for known in KNOWN if known.startswith(f"{name}_")]
    close = longer or get_close_matches(name, KNOWN, n=1)
    return close[0] if close else None


def shown(key: object) -> str:
    """A key as a fault may name it: short, printable, without addresses and long numbers.

    A table without a head has a person's data for keys.
    """
    if not isinstance(key, str):
        return type(key).__name__
    if key in KNOWN or is_company_field(key.removesuffix(ADD).removesuffix(REMOVE)):
        return key
    text = _PERSONAL.sub("…", key[:_LONGEST_READ])[:LONGEST_SHOWN]
    printable = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    if len(key) > LONGEST_SHOWN or len(printable) > LONGEST_SHOWN:
        return printable[: LONGEST_SHOWN - 1] + "…"
    return printable
