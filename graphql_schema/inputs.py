"""The inputs, made from the catalogue, and how a typed row becomes a raw one."""

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry

from graphql_schema import scalars
from graphql_schema.profile import make_type
from service.customers.fields import (
    ADD,
    CATALOGUE,
    REMOVE,
    TEXT_SETS,
    Field,
    Kind,
    camel,
    is_company_field,
)

_VALUES: dict[Kind, Any] = {
    Kind.PERMISSION: scalars.BooleanValue,
    Kind.FLAG: scalars.BooleanValue,
    Kind.DATE: scalars.DateValue,
    Kind.DATE_TIME: scalars.DateTimeValue,
    Kind.TEXT_SET: scalars.TextSetValue,
}
_SUFFIXES = {"": "", "_add": ADD, "_remove": REMOVE}
_COMPANY = "company_fields"
_NO_COMPANY_FIELD = "company__."
"""Begins the key of a raw row that a name in `companyFields` (or `…Add`, `…Remove`, which is added)
gets if it is none of a company field: the row reader finds fault with the name, and it can't name a
field of the catalogue."""


@strawberry.input(
    one_of=True,
    description="Exactly one identifier of a customer. A variable used inside must be non-null "
    "(`String!`).",
)
class CustomerBy:
    id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The opaque `id`, as queries give it."
    )
    external_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="Your own identifier."
    )
    email: str | None = strawberry.field(
        default=strawberry.UNSET, description="E-mail address, in any case."
    )
    phone_number: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Phone number with country prefix, in any usual writing.",
    )

    def given(self) -> tuple[str, str]:
        """The identifier's name and value."""
        return next(item for item in vars(self).items() if item[1] is not strawberry.UNSET)


def _given(scalar: Any, description: str) -> Any:
    return strawberry.field(
        default=strawberry.UNSET, description=description, graphql_type=scalar | None
    )


def _fields_of(field: Field) -> Iterator[tuple[str, Any]]:
    scalar = _VALUES.get(field.kind, scalars.TextValue)
    yield field.name, _given(scalar, field.input_description)
    if field.name in TEXT_SETS:
        name = field.camel_name
        added = f"Add these to `{name}`. With `{name}` in the same row: after it."
        removed = f"Remove these from `{name}`. With the others in the same row: last."
        yield f"{field.name}_add", _given(scalar, added)
        yield f"{field.name}_remove", _given(scalar, removed)


_COMPANY_INPUTS = {
    _COMPANY: (
        'Company fields by name: `{ACME__level: 3}`. Each name given is set; `""` removes that '
        "field; null means not supplied; names left out stay."
    ),
    f"{_COMPANY}_add": (
        'Members to add to company fields that hold lists: `{ACME__hobbies: ["chess"]}`. A field '
        "not there yet becomes a list."
    ),
    f"{_COMPANY}_remove": (
        "Members to remove from company fields that hold lists. To remove the field itself, set "
        'it to `""` in `companyFields`.'
    ),
}

CustomerInput: Any = make_type(
    strawberry.input,
    "CustomerInput",
    (),
    {
        **dict(item for field in CATALOGUE for item in _fields_of(field)),
        **{name: _given(scalars.JSONObject, text) for name, text in _COMPANY_INPUTS.items()},
    },
    "One row: what to know of one customer. At least one of `externalId`, `email` and "
    "`phoneNumber` must have a value. Only what is given changes: a field left out, or null, stays "
    'as it is; empty text `""` removes it; `false`, `0` and `[]` are values.',
)

_KEYS: dict[str, str] = {
    **{field.camel_name: field.name for field in CATALOGUE},
    **{
        camel(f"{name}{end}"): f"{name}{suffix}"
        for name in TEXT_SETS
        for end, suffix in _SUFFIXES.items()
    },
    **{camel(name): "" for name in _COMPANY_INPUTS},
}
"""The key of a raw row by the name of a typed one's field; empty for one that holds several."""

_GIVEN_AS = {key: name for name, key in _KEYS.items() if key}
_COMPANY_ENDS = {camel(f"{_COMPANY}{end}"): end for end in _SUFFIXES}


class TypedRows(list[Any]):
    """Typed rows as they were sent; `raw` are the same in the shape of the upload API."""

    raw: list[dict[str, object]]


def sound_rows(sent: list[Any]) -> TypedRows | None:
    """None where anything is wrong with a row: an unknown name, or no object where one stands."""
    rows = TypedRows(sent)
    try:
        rows.raw = [_raw_row(row) for row in sent]
    except (KeyError, AttributeError):  # AttributeError: what is no object has no items
        return None
    return rows


def raw_rows(typed: list[Any]) -> list[dict[str, object]]:
    """Of rows by their names in GraphQL."""
    return typed.raw if isinstance(typed, TypedRows) else [_raw_row(row) for row in typed]


def _raw_row(typed: Mapping[str, Any]) -> dict[str, object]:
    """What is not supplied is left out."""
    row: dict[str, object] = {}
    for name, value in typed.items():
        key = _KEYS[name]
        if value is None:
            continue
        if key:
            row[key] = value
        else:
            row |= _company_row(value, _COMPANY_ENDS[name])
    return row


def _company_row(values: Mapping[str, object], end: str) -> dict[str, object]:
    return {
        name + _SUFFIXES[end] if is_company_field(name) else _no_company_field(end, name): value
        for name, value in values.items()
    }


def _no_company_field(end: str, name: str) -> str:
    return f"{_NO_COMPANY_FIELD}{camel(_COMPANY + end)}.{name}"


def typed_name(key: str) -> str:
    """What a key of a raw row is called in a typed row."""
    return _GIVEN_AS.get(key) or _company_name(key)


def _company_name(key: str) -> str:
    if key.startswith(_NO_COMPANY_FIELD):
        return key.removeprefix(_NO_COMPANY_FIELD)
    for end, suffix in _SUFFIXES.items():
        name = key.removesuffix(suffix)
        if is_company_field(name):
            return f"{camel(_COMPANY + end)}.{name}"
    return key
