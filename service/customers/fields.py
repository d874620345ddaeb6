"""The catalogue: every field of a customer, and the only place that knows them.

Documents, row reading, the GraphQL types, what forgetting erases and the documentation derive from
`CATALOGUE`. Source of names and kinds: the reference's tables of mandatory and optional fields.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What values a field takes; `values.py` reads one of each kind."""

    EXTERNAL_ID = auto()
    EMAIL = auto()
    PHONE_NUMBER = auto()
    PERMISSION = auto()
    FLAG = auto()
    TEXT = auto()
    DATE = auto()
    DATE_TIME = auto()
    COUNTRY = auto()
    LANGUAGE = auto()
    TEXT_SET = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `name` is its key in rows and documents.

    `description` is what readers are told, `input_description` what uploaders are told.
    `tells_who`: a value of it alone may tell who somebody is.
    """

    name: str
    kind: Kind
    description: str
    input_description: str
    may_survive_forgetting: bool = False
    tells_who: bool = False

    @property
    def camel_name(self) -> str:
        """Its name in GraphQL."""
        return camel(self.name)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _field(
    name: str,
    kind: Kind,
    description: str,
    given: str | None = None,
    *,
    survives: bool = False,
    tells_who: bool = False,
) -> Field:
    return Field(name, kind, description, given or description, survives, tells_who)


def _permission(name: str, description: str) -> Field:
    third_state = (
        f"{description} False when refused and when never given; "
        f"`{camel(permission_name(name))}` tells the two apart."
    )
    return Field(name, Kind.PERMISSION, third_state, description)


def permission_name(name: str) -> str:
    """`can_email` as the field with three states: `email_permission`."""
    return name.removeprefix("can_") + "_permission"


_EXTERNAL_ID = (
    "Your own identifier of the customer, such as a loyalty number: letters, digits and dashes. "
    "At most one customer has it."
)
_SHARED = "Several customers may share one."
_IN_ORDER = "without duplicates, in the order they were first given. Empty when there are none."

CATALOGUE: tuple[Field, ...] = (
    _field(
        "external_id",
        Kind.EXTERNAL_ID,
        _EXTERNAL_ID,
        f"{_EXTERNAL_ID} Empty text removes it, if another identifier is left.",
        tells_who=True,
    ),
    _field(
        "email",
        Kind.EMAIL,
        f"E-mail address, in lower case, its domain in IDNA form. {_SHARED}",
        "E-mail address. Stored in lower case.",
        tells_who=True,
    ),
    _field(
        "phone_number",
        Kind.PHONE_NUMBER,
        f"Phone number in E.164 form with country prefix, such as `+358101234567`. {_SHARED}",
        "Phone number with country prefix, such as `+358101234567`. Spaces, dashes, dots and "
        "brackets are dropped.",
        tells_who=True,
    ),
    _field(
        "canonical_id",
        Kind.TEXT,
        "Groups the records that stand for one natural or legal person; see `person`.",
        tells_who=True,
    ),
    _field("first_name", Kind.TEXT, "First or given name, such as `James`."),
    _field("last_name", Kind.TEXT, "Last or family name, such as `Carroll`.", tells_who=True),
    _permission("can_email", "Permission for e-mail marketing to the given address."),
    _permission("can_post", "Permission for messages by postal mail."),
    _permission("can_profile", "Permission to be profiled."),
    _permission("can_push", "Permission for push messages."),
    _permission("can_sms", "Permission for SMS marketing to the given phone number."),
    _field("date_joined", Kind.DATE_TIME, "When the customer's account was made.", survives=True),
    _field("last_login", Kind.DATE_TIME, "When the customer last logged in."),
    _field(
        "mailing_lists",
        Kind.TEXT_SET,
        f"Mailing lists that the customer belongs to, {_IN_ORDER}",
        "Mailing lists: replaces the whole set.",
    ),
    _field(
        "tags", Kind.TEXT_SET, f"Tags of the customer, {_IN_ORDER}", "Tags: replaces the whole set."
    ),
    _field("shop_id", Kind.TEXT, "Name or identifier of the shop that the customer belongs to."),
    _field("birth_date", Kind.DATE, "Date of birth as `YYYY-MM-DD`, such as `1991-06-14`."),
    _field("gender", Kind.TEXT, "Gender: male, female, other, or free text."),
    _field("company", Kind.TEXT, "Company on whose behalf the customer buys."),
    _field(
        "vat_number",
        Kind.TEXT,
        "Value added tax id of a customer who buys free of VAT, such as `FI123456`.",
        tells_who=True,
    ),
    _field(
        "street_address",
        Kind.TEXT,
        "Street address on one line; the alternative to `streetName`, `houseNumber` and "
        "`houseNumberAddition`.",
        tells_who=True,
    ),
    _field("street_name", Kind.TEXT, "Name of the street alone, without house number."),
    _field(
        "house_number",
        Kind.TEXT,
        "House number in the street, such as `3` or `III`.",
        tells_who=True,
    ),
    _field(
        "house_number_addition",
        Kind.TEXT,
        "What follows the house number, such as the apartment.",
        tells_who=True,
    ),
    _field("zip_code", Kind.TEXT, "Postal code, in the form of its country."),
    _field("city", Kind.TEXT, "City, town or village of the address."),
    _field("province", Kind.TEXT, "Province, state or region of the address."),
    _field(
        "country",
        Kind.COUNTRY,
        "Country of residence, ISO 3166-1 alpha-2 in upper case, such as `GB`.",
        "Country code, ISO 3166-1 alpha-2, in any case.",
        survives=True,
    ),
    _field(
        "language",
        Kind.LANGUAGE,
        "Primary language, ISO 639-1 in lower case, such as `en`.",
        "Language code, ISO 639-1, in any case.",
        survives=True,
    ),
    _field(
        "is_forgotten",
        Kind.FLAG,
        "Whether the customer was forgotten: all personal data erased, for good.",
        "True erases all personal data at once and for good; other fields of the row are ignored. "
        "False changes nothing.",
    ),
    _field(
        "is_deleted",
        Kind.FLAG,
        "Whether the customer was deleted. True only in the answer to the upload that deleted it, "
        "so that caches can drop it: queries never return a deleted customer.",
        "True deletes the customer for good. False changes nothing.",
    ),
)

FIELDS: Mapping[str, Field] = {field.name: field for field in CATALOGUE}

IDENTIFIERS = ("external_id", "email", "phone_number")
"""Strongest first."""

SHARED_IDENTIFIERS = frozenset({"email", "phone_number"})
"""Those that several customers may hold."""

PERMISSIONS = tuple(field.name for field in CATALOGUE if field.kind is Kind.PERMISSION)
FLAGS = tuple(field.name for field in CATALOGUE if field.kind is Kind.FLAG)
TEXT_SETS = tuple(field.name for field in CATALOGUE if field.kind is Kind.TEXT_SET)
SURVIVORS = frozenset(field.name for field in CATALOGUE if field.may_survive_forgetting)
STORED = tuple(field for field in CATALOGUE if field.kind is not Kind.FLAG)
"""What a document holds under the field's own name; flags are its `state`."""

COMPANY_NAME = re.compile(r"[A-Za-z0-9]{1,64}__[A-Za-z0-9_]{1,64}", re.ASCII)
"""`PREFIX__name`, to be matched in full."""

ADD, REMOVE = ".add", ".remove"
"""Suffixes of a set's key, or a company list's, in a row."""


def company_fields(names: Iterable[str]) -> list[str]:
    """Those of the names that are company fields'."""
    return [name for name in names if "__" in name and is_company_field(name)]


def is_company_field(name: str) -> bool:
    return COMPANY_NAME.fullmatch(name) is not None
