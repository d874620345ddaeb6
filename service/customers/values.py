"""Reading one value of each kind, as a row gives it, into what is stored.

Empty texts and null never come here: what they mean is a matter of rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from service.customers.changes import Value
from service.customers.codes import read_country, read_language
from service.customers.contacts import read_email, read_external_id, read_phone_number
from service.customers.declared import NOTHING_DECLARED, Declarations
from service.customers.fields import Kind
from service.customers.moments import read_date, read_date_time
from service.customers.texts import MAX_TEXT, is_empty, read_text, too_long, wrong_type

MAX_SET_MEMBERS = 1000
MAX_MEMBER = 255
"""Characters of a member of a set."""


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What reading depends on.

    `zone`: of dates and times without one. `phone_check`: `valid`, or `possible`, which also takes
    numbers newer than the library's tables. `company`: the only prefix of company fields, None for
    any. `max_company_fields`: of one customer. `declared`: of company fields.
    """

    zone: ZoneInfo
    phone_check: str = "valid"
    company: str | None = None
    max_company_fields: int = 200
    declared: Declarations = field(default_factory=lambda: NOTHING_DECLARED, hash=False)


Reader = Callable[[object, ReadingRules], Value]


def reader_of(kind: Kind) -> Reader:
    """Reads a value into what is stored; a set into a list. Raises `texts.Unreadable`.

    A value read before gives itself again.
    """
    return _READERS[kind]


def read(kind: Kind, raw: object, rules: ReadingRules) -> Value:
    """As `reader_of` says."""
    return _READERS[kind](raw, rules)


def _text(raw: object, _: ReadingRules) -> str:
    """Most texts are as they should be, and looked at once."""
    if type(raw) is str and len(raw) <= MAX_TEXT and raw.isascii() and raw.isprintable():
        return raw.strip()
    return read_text(raw)


def _flag(raw: object, _: ReadingRules) -> bool:
    if not isinstance(raw, bool):
        raise wrong_type("true or false")
    return raw


def _text_set(raw: object, _: ReadingRules) -> list[str]:
    """No duplicates, in the order first seen; a text is a set of one."""
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, list):
        raise wrong_type("a list of texts, or one text")
    members: dict[str, None] = {}
    for member in raw:
        if is_empty(member):
            raise wrong_type("members that are not empty")
        members[read_text(member, MAX_MEMBER)] = None
        if len(members) > MAX_SET_MEMBERS:
            raise too_long(MAX_SET_MEMBERS, "members")
    return list(members)


_READERS: dict[Kind, Reader] = {
    Kind.EXTERNAL_ID: lambda raw, _: read_external_id(raw),
    Kind.EMAIL: lambda raw, _: read_email(raw),
    Kind.PHONE_NUMBER: lambda raw, rules: read_phone_number(
        raw, possible=rules.phone_check == "possible"
    ),
    Kind.PERMISSION: _flag,
    Kind.FLAG: _flag,
    Kind.TEXT: _text,
    Kind.DATE: lambda raw, _: read_date(raw),
    Kind.DATE_TIME: lambda raw, rules: read_date_time(raw, rules.zone),
    Kind.COUNTRY: lambda raw, _: read_country(raw),
    Kind.LANGUAGE: lambda raw, _: read_language(raw),
    Kind.TEXT_SET: _text_set,
}
