"""The inputs that lists are asked with, made from the catalogue: conditions and order.

Resolvers get them as GraphQL coerced them, as JSON in GraphQL's own names; `service.queries` reads
them.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any

import strawberry
from graphql import VariableNode

from graphql_schema.context import Info
from graphql_schema.enums import CompanyFieldKind, OrderDirection
from graphql_schema.plans import variables_in
from graphql_schema.profile import make_type
from graphql_schema.scalars import Date, DateTime, JSONValue
from service.customers.fields import CATALOGUE, FIELDS, Kind
from service.errors import InvalidArgument
from service.queries.ordering import SORTABLE

_HOLDS = "True: the customer holds the field. False: it does not."
_NOT = "{}; customers without the field included."


def make_input(
    name: str, description: str, members: Mapping[str, Any], *, one_of: bool = False
) -> Any:
    def decorator(made: type, **words: Any) -> Any:
        return strawberry.input(made, one_of=one_of, **words)

    return make_type(decorator, name, (), members, description)


def optional(type_: Any, description: str, name: str | None = None) -> Any:
    return strawberry.field(
        default=strawberry.UNSET, description=description, graphql_type=type_ | None, name=name
    )


def _flag(description: str) -> Any:
    return strawberry.field(default=False, description=description, graphql_type=bool)


def _equality(type_: Any) -> dict[str, Any]:
    return {
        "eq": optional(type_, "Equal to this value."),
        "ne": optional(type_, _NOT.format("Not equal to")),
        "in_": optional(list[type_], "Equal to one of these.", "in"),
        "not_in": optional(list[type_], _NOT.format("None of these")),
    }


def _ranges(type_: Any, lt: str, lte: str, gt: str, gte: str) -> dict[str, Any]:
    texts = {"lt": lt, "lte": lte, "gt": gt, "gte": gte}
    return {name: optional(type_, text) for name, text in texts.items()}


_BY_CODE_POINT = _ranges(
    str,
    "Less than this text, by code point.",
    "At most this text, by code point.",
    "Greater than this text, by code point.",
    "At least this text, by code point.",
)
_EXISTS = {"exists": optional(bool, _HOLDS)}

Period = make_input(
    "Period",
    "A length of time, counted from now in the service's time zone. Exactly one unit, greater than "
    "0.",
    {
        "minutes": optional(int, "This many minutes."),
        "hours": optional(int, "This many hours."),
        "days": optional(int, "This many days of the calendar, at the same time of day."),
        "weeks": optional(int, "This many weeks of the calendar, at the same time of day."),
        "months": optional(int, "This many months; a day that the month lacks is its last."),
        "years": optional(int, "This many years; 29 February is the 28th where there is none."),
    },
    one_of=True,
)

IdFilter = make_input(
    "IdFilter",
    "Conditions on the opaque id.",
    {
        "eq": optional(strawberry.ID, "The customer with this id alone."),
        "in_": optional(list[strawberry.ID], "The customers with these ids.", "in"),
        "not_in": optional(list[strawberry.ID], "None of these."),
    },
)

SegmentFilter = make_input(
    "SegmentFilter",
    "Conditions on membership of saved segments.",
    {
        "in_": optional(
            list[strawberry.ID], "Member of at least one of these segments, by their ids.", "in"
        ),
        "not_in": optional(list[strawberry.ID], "Member of none of these segments, by their ids."),
    },
)

TextFilter = make_input(
    "TextFilter",
    "Conditions on a text. All that are given must hold.",
    {
        **_equality(str),
        **_BY_CODE_POINT,
        "starts_with": optional(str, "Begins with this text."),
        "contains": optional(
            str,
            "Has this anywhere in it. Reads every candidate: combine it with a narrower condition.",
        ),
        "ignore_case": _flag(
            "Compare without regard to letter case. Reads every candidate. Not with ranges."
        ),
        **_EXISTS,
    },
)

ExternalIdFilter = make_input(
    "ExternalIdFilter",
    "Conditions on the external id.",
    {
        **_equality(str),
        **_BY_CODE_POINT,
        "starts_with": optional(str, "Begins with this text."),
        "contains": optional(str, "Has this anywhere in it."),
        **_EXISTS,
    },
)

EmailFilter = make_input(
    "EmailFilter",
    "Conditions on the e-mail address. Letter case never matters.",
    {
        **_equality(str),
        "starts_with": optional(str, "Begins with this text."),
        "contains": optional(str, "Has this anywhere in it."),
        "domain": optional(str, "Has exactly this domain, such as `example.org`."),
        **_EXISTS,
    },
)

PhoneNumberFilter = make_input(
    "PhoneNumberFilter",
    "Conditions on the phone number, each given with country prefix in any usual writing.",
    {
        **_equality(str),
        "starts_with": optional(str, "Begins with these digits, such as `+358`."),
        "contains": optional(str, "Has these digits anywhere in it."),
        **_EXISTS,
    },
)

CodeFilter = make_input(
    "CodeFilter",
    "Conditions on a country or language code, in any case.",
    {**_equality(str), **_EXISTS},
)

PermissionFilter = make_input(
    "PermissionFilter",
    "Conditions on a permission. Refused: `{eq: false, exists: true}`. Never given: "
    "`{exists: false}`.",
    {
        "eq": optional(bool, "True: given. False: refused or never given."),
        "exists": optional(bool, "True: given or refused. False: never given."),
    },
)

FlagFilter = make_input(
    "FlagFilter", "Conditions on a flag.", {"eq": optional(bool, "Whether it is set.")}
)

_PERIODS = {
    "last": optional(Period, "Within the last such period, up to now."),
    "next": optional(Period, "Within the next such period, from now."),
    "older_than": optional(Period, "Longer ago than this."),
}

_TIMES = (
    "Before this moment.",
    "At this moment or before.",
    "After this moment.",
    "At this moment or after.",
)
_DAYS = ("Before this day.", "On this day or before.", "After this day.", "On this day or after.")

DateTimeFilter = make_input(
    "DateTimeFilter",
    "Conditions on a moment. All that are given must hold.",
    {
        **_equality(DateTime),
        **_ranges(DateTime, *_TIMES),
        "on": optional(Date, "Within this day, in the service's time zone."),
        **_PERIODS,
        **_EXISTS,
    },
)

BirthdayFilter = make_input(
    "BirthdayFilter",
    "A birthday regardless of the year; 29 February counts as 28 February in other years. Exactly "
    "one.",
    {
        "next": optional(Period, "Within the next such period, today included: `{days: 7}`."),
        "month": optional(int, "In this month, 1 to 12."),
        "today": optional(bool, "Is (true) or is not (false) today."),
    },
    one_of=True,
)

AgeFilter = make_input(
    "AgeFilter",
    "Age in full years.",
    _ranges(int, "Younger than.", "At most.", "Older than.", "At least."),
)

BirthDateFilter = make_input(
    "BirthDateFilter",
    "Conditions on the date of birth. All that are given must hold.",
    {
        **_equality(Date),
        **_ranges(Date, *_DAYS),
        "birthday": optional(BirthdayFilter, "By the birthday, regardless of the year."),
        "age": optional(AgeFilter, "By age in full years, today."),
        **_EXISTS,
    },
)

TextSetFilter = make_input(
    "TextSetFilter",
    "Conditions on a set of texts. All that are given must hold.",
    {
        "has": optional(str, "Has this text as a member."),
        "has_any": optional(list[str], "Has at least one of these."),
        "has_all": optional(list[str], "Has every one of these."),
        "has_none": optional(list[str], _NOT.format("Has none of these")),
        "is_empty": optional(
            bool, "True: has no members or was never given. False: has at least one."
        ),
        "exists": optional(bool, "True: was given, if only as the empty set. False: never given."),
    },
)

_DECLARED = " Needs the declared type `DATE` or `DATE_TIME`."

CompanyFieldFilter: Any = make_input(
    "CompanyFieldFilter",
    'Conditions on one company field. Types do not mix: `gte: 3` meets numbers alone, `eq: "3"` '
    "texts alone, unless a declared type says how to read the value. All that are given must hold.",
    {
        "name": strawberry.field(
            description="Full name, such as `ACME__level`. A name that is neither declared nor in "
            "use is an error that names the nearest.",
            graphql_type=str,
        ),
        "eq": optional(
            JSONValue,
            "Equal to: text, number, boolean, list or object. An object is equal whose names stand "
            "in the same order.",
        ),
        "ne": optional(JSONValue, _NOT.format("Not equal to")),
        "in_": optional(list[JSONValue], "Equal to one of these.", "in"),
        "not_in": optional(list[JSONValue], _NOT.format("None of these")),
        **_ranges(
            JSONValue,
            "Less than this number or text.",
            "At most this number or text.",
            "Greater than this number or text.",
            "At least this number or text.",
        ),
        "starts_with": optional(str, "A text that begins with."),
        "contains": optional(str, "A text that has this anywhere in it."),
        "ignore_case": _flag("Compare texts without regard to letter case."),
        "has": optional(JSONValue, "A list with this member."),
        "has_any": optional(list[JSONValue], "A list with at least one of these."),
        "has_all": optional(list[JSONValue], "A list with every one of these."),
        "is_empty": optional(bool, "True: an empty list, or absent. False: a list with members."),
        "last": optional(Period, f"Within the last such period.{_DECLARED}"),
        "next": optional(Period, f"Within the next such period.{_DECLARED}"),
        "older_than": optional(Period, f"Longer ago than this.{_DECLARED}"),
        "kind": optional(list[CompanyFieldKind], "The stored value is of one of these kinds."),
        **_EXISTS,
    },
)

_FILTERS: dict[Kind, Any] = {
    Kind.EXTERNAL_ID: ExternalIdFilter,
    Kind.EMAIL: EmailFilter,
    Kind.PHONE_NUMBER: PhoneNumberFilter,
    Kind.PERMISSION: PermissionFilter,
    Kind.FLAG: FlagFilter,
    Kind.TEXT: TextFilter,
    Kind.DATE: BirthDateFilter,
    Kind.DATE_TIME: DateTimeFilter,
    Kind.COUNTRY: CodeFilter,
    Kind.LANGUAGE: CodeFilter,
    Kind.TEXT_SET: TextSetFilter,
}
_NOT_LISTED = "is_deleted"


_ITSELF: Any = Annotated["CustomerWhere", strawberry.lazy("graphql_schema.filters")]

CustomerWhere: Any = make_input(
    "CustomerWhere",
    "Conditions on customers. Keys side by side must all hold; `{}` holds for everyone. Values are "
    "read as on upload: an e-mail in any case, a phone number in any usual writing, `gb` for `GB`. "
    "A condition that nothing can meet, an empty list, or null is an error at its place. Nesting "
    "is bounded by the service's `maxFilterDepth`.",
    {
        "and_": optional(list[_ITSELF], "All of these must hold.", "and"),
        "or_": optional(list[_ITSELF], "At least one of these must hold.", "or"),
        "not_": optional(
            _ITSELF,
            "Not this. Customers that do not hold the field at all are included.",
            "not",
        ),
        "segment": optional(
            SegmentFilter,
            "By membership of saved segments, as their conditions are now: at most 50, with those "
            "that they name themselves.",
        ),
        "id": optional(IdFilter, "By `id`, such as `{in: [...]}` for some that are known."),
        **{
            field.name: optional(
                _FILTERS[field.kind], f"By `{field.camel_name}`. {field.description}"
            )
            for field in CATALOGUE
            if field.name != _NOT_LISTED
        },
        "created_at": optional(
            DateTimeFilter, "By `createdAt`: when the record was first uploaded."
        ),
        "updated_at": optional(DateTimeFilter, "By `updatedAt`: when an upload last changed it."),
        "company_fields": optional(
            list[CompanyFieldFilter],
            "By company fields; all of them must hold. One needs no brackets: `companyFields: "
            '{name: "ACME__level", gte: 3}`.',
        ),
    },
)

CompanyFieldOrder = make_input(
    "CompanyFieldOrder",
    "A company field as sort key. Values of several types stand in this order: absent (lists and "
    "objects too), numbers, texts, booleans.",
    {
        "name": strawberry.field(
            description="Full name, such as `ACME__level`. A field declared as list or object "
            "cannot be sorted by (`NOT_SORTABLE`).",
            graphql_type=str,
        ),
        "direction": strawberry.field(
            default=OrderDirection.ASC, description="Which way.", graphql_type=OrderDirection
        ),
    },
)

_EARLIEST = "the earliest is the smallest"
_SMALLEST: dict[Kind, str] = {
    Kind.DATE: _EARLIEST,
    Kind.DATE_TIME: _EARLIEST,
    Kind.PERMISSION: "never given, then refused, then given",
}


def _sorts(path: str) -> str:
    if path not in FIELDS:
        return _EARLIEST  # what every record has of itself are moments
    return _SMALLEST.get(FIELDS[path].kind, "by code points: `Z` stands before `a`")


CustomerOrder: Any = make_input(
    "CustomerOrder",
    "One sort key: exactly one field and its direction, such as `{lastName: ASC}`. Permissions "
    "sort never given, then refused, then given.",
    {
        **{
            key.path: optional(OrderDirection, f"Sort by `{name}`, {_sorts(key.path)}.")
            for name, key in SORTABLE.items()
        },
        "company_field": optional(CompanyFieldOrder, "Sort by a company field, whatever it holds."),
    },
    one_of=True,
)

WHERE = Annotated[
    CustomerWhere | None,
    strawberry.argument(description="Only customers that meet these conditions. Without it: all."),
]
SEARCH = Annotated[
    str | None,
    strawberry.argument(
        description="One search box: the beginnings of words in names, company, e-mail, external "
        "id and phone number, in any order, case and accents aside; a phone number by its first "
        "digits or its last four or more. All words must be found."
    ),
]
ORDER_BY = Annotated[
    list[CustomerOrder] | None,
    strawberry.argument(
        description="Sort keys, the first decides first. Ties are always broken by id, so the "
        "order is total. Without it: with `search`, exact identifiers first; else the newest "
        "record first."
    ),
]


def as_json(value: Any) -> Any:
    """An argument as GraphQL coerced it, with the names of enums' values in place of those."""
    if isinstance(value, dict):
        return {name: as_json(member) for name, member in value.items()}
    if isinstance(value, list):
        return [as_json(member) for member in value]
    return value.name if isinstance(value, Enum) else value


def check_variables(info: Info) -> None:
    """Raises InvalidArgument where a variable inside `where` was not given: to leave its condition
    out, as elsewhere, would widen the filter."""
    raw = info._raw_info
    known: Any = raw.variable_values  # by name, as Strawberry has them
    for node in raw.field_nodes:
        for argument in node.arguments or ():
            if argument.name.value != "where" or isinstance(argument.value, VariableNode):
                continue
            for name in sorted(variables_in([argument.value], {})):
                if name not in known:
                    raise InvalidArgument("where", f"the variable ${name} in it is not given")
