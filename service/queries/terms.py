"""What reading a query rests on beside the query, and how what is wrong with it is told."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from service.customers.declared import Declaration
from service.customers.fields import Kind, is_company_field
from service.customers.keys import shown
from service.customers.texts import Unreadable
from service.customers.values import ReadingRules, read
from service.errors import Fault, InvalidArgument, UnknownCompanyField
from service.queries.named_fields import fields_named

Filter = dict[str, Any]
"""A filter on customers, as MongoDB takes it. Without a `state` at its top, it means whoever is
listed."""

Given = Mapping[str, Any]
"""An input object as JSON, in GraphQL's own names; keys that were left out are not there."""

MAX_LIST = 1000
"""Members of a list in a condition."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`now`: the moment that periods count from. `max_depth`: how deep conditions nest.

    `declared`: company fields that are, by name. `company_names`: those in use, None if that is
    not known. `digest`: of an identifier and its normalised value, where there are such keys.
    `segments`: the conditions of saved segments, by id; None where they are no longer allowed.
    `may_read`: raises Forbidden for a field that whoever asks may not read.
    """

    rules: ReadingRules
    now: datetime
    max_depth: int = 8
    declared: Mapping[str, Declaration] = field(default_factory=dict)
    company_names: Collection[str] | None = None
    digest: Callable[[str, str], str] | None = None
    segments: Mapping[str, Given | None] = field(default_factory=dict)
    may_read: Callable[[str], None] | None = None

    def check_saved(self, where: Given) -> None:
        """Raises Forbidden where conditions that somebody saved tell of a field that whoever asks
        may not read."""
        if self.may_read is not None:
            for name in fields_named(where):
                self.may_read(name)

    @property
    def of_saved(self) -> "Terms":
        """For conditions that were saved: whoever had a company field of theirs may be gone."""
        return replace(self, company_names=None)

    @property
    def today(self) -> datetime:
        """Midnight of the day that it is, where dates without a zone are read."""
        local = self.now.astimezone(self.rules.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)


def value_of(kind: Kind, raw: object, at: str, terms: Terms) -> Any:
    """As on upload. Raises InvalidArgument at the place of what can't be read, or is empty."""
    if raw == "":
        raise InvalidArgument(at, "nothing is stored as empty text; ask with `exists: false`")
    try:
        return read(kind, raw, terms.rules)
    except Unreadable as error:
        raise unreadable(at, error) from None


def unreadable(at: str, error: Unreadable) -> InvalidArgument:
    """What row reading says of the value, said of the argument."""
    message = Fault(error.code, details=error.details).message
    return InvalidArgument(at, message[0].lower() + message[1:].rstrip("."))


def check_company_name(name: str, at: str, terms: Terms) -> None:
    """Raises InvalidArgument for what is no company field's name, or for one that nobody knows."""
    if not is_company_field(name):
        raise InvalidArgument(at, "a company field is named PREFIX__name")
    if terms.company_names is None or name in terms.company_names or name in terms.declared:
        return
    known = sorted({*terms.company_names, *terms.declared})
    nearest = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"; the nearest is {shown(nearest[0])}" if nearest else ""
    raise UnknownCompanyField(at, f"no customer has this company field, nor is it declared{hint}")


def listed(given: object, at: str) -> list[Any]:
    """A list of a condition. Raises InvalidArgument for one that is empty, or too long."""
    members = given if isinstance(given, list) else [given]
    if not members:
        raise InvalidArgument(at, "an empty list meets nobody")
    if len(members) > MAX_LIST:
        raise InvalidArgument(at, f"expected at most {MAX_LIST} members")
    return members


def refuse_nulls(given: object, at: str) -> None:
    """Raises InvalidArgument at the first null. Values of company fields hold none either."""
    if given is None:
        raise InvalidArgument(at, "null is no condition; leave the key out")
    if isinstance(given, Mapping):
        for name, member in given.items():
            refuse_nulls(member, f"{at}.{name}")
    elif isinstance(given, list):
        for place, member in enumerate(given):
            refuse_nulls(member, f"{at}.{place}")
