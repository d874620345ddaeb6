"""The fields of a profile, made from the catalogue: each is said there once.

`profile_fields` gives them for a type: the same readings of a document, with other words for a
`Person`, whose document is merged from several.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, cast

import strawberry

from graphql_schema.enums import PermissionState
from graphql_schema.plain import Reads, plain, reading, stored
from graphql_schema.scalars import Date, DateTime, JSONObject, JSONValue
from service.customers.fields import (
    PERMISSIONS,
    STORED,
    Field,
    Kind,
    camel,
    is_company_field,
    permission_name,
)
from service.customers.moments import as_json
from service.errors import InvalidArgument

Document = Mapping[str, Any]
Described = Callable[[str, Field | None], str]
"""A type's own words for a field: from what the catalogue says and, if it is of it, the field."""

_TYPES: dict[Kind, Any] = {
    Kind.PERMISSION: bool,
    Kind.DATE: Date | None,
    Kind.DATE_TIME: DateTime | None,
    Kind.TEXT_SET: list[str],
}

_COMPANY_FIELDS = (
    "{whose} as one map from name (`PREFIX__name`) to value; `{{}}` when there are none. For one "
    "field, `companyField` is cheaper and easier to cache."
)
_COMPANY_FIELD = (
    "One company field by name: text, number, boolean, list or object, as it was uploaded. Null "
    "when the record does not hold it. Use an alias per field: "
    '`level: companyField(name: "ACME__level")`.'
)


def make_type(
    decorator: Callable[..., Any],
    name: str,
    bases: tuple[type, ...],
    members: Mapping[str, Any],
    description: str,
) -> Any:
    """A Strawberry type whose fields are made, not written."""
    made = type(name, bases, {"__module__": __name__, "__annotations__": {}, **members})
    return decorator(made, name=name, description=description)


def profile_fields(described: Described, whose: str, **instead: Any) -> dict[str, Any]:
    """By Python name, in the order of the catalogue; `instead` replaces some."""
    fields: dict[str, Any] = {}
    for field in STORED:
        fields[field.name] = _stored(field, described(field.description, field))
        if field.name == PERMISSIONS[-1]:
            fields |= _permission_states(described)
    fields["company_fields"] = strawberry.field(
        resolver=company_fields, description=_COMPANY_FIELDS.format(whose=whose)
    )
    fields["company_field"] = strawberry.field(resolver=company_field, description=_COMPANY_FIELD)
    return fields | instead


def _stored(field: Field, description: str) -> Any:
    return strawberry.field(
        resolver=_reader(field), description=description, graphql_type=_type(field.kind)
    )


def _type(kind: Kind) -> Any:
    return _TYPES.get(kind, str | None)


def _reader(field: Field) -> Callable[..., Any]:
    name = field.name
    if field.kind is Kind.PERMISSION:
        return stored(name, absent=False)(lambda root: _state(root, name) is True)
    if field.kind is Kind.TEXT_SET:
        return stored(name, absent=[])(lambda root: _or_empty(root.get(name)))
    return stored(name)(lambda root: root.get(name))


def _or_empty(members: list[str] | None) -> list[str]:
    return [] if members is None else members


def _permission_states(described: Described) -> Iterator[tuple[str, Any]]:
    for name in PERMISSIONS:
        text = (
            f"`{camel(name)}` with its third state: whether it was given, refused, or never "
            "spoken of."
        )
        yield (
            permission_name(name),
            strawberry.field(
                resolver=_state_reader(name),
                description=described(text, None),
                graphql_type=PermissionState,
            ),
        )


def _state_reader(name: str) -> Callable[..., Any]:
    return plain(reading(name))(lambda root: PermissionState(_state(root, name)))


def _state(document: Document, name: str) -> bool | None:
    value = document.get(name)
    if value is not None and not isinstance(value, bool):
        raise TypeError("a permission is stored as neither true nor false")
    return value


def _named(names: list[str] | None = None) -> Reads:
    if not isinstance(names, list):
        return Reads(every_company_field=True)
    return Reads(frozenset(filter(is_company_field, names)))


@plain(_named)
def company_fields(
    root: strawberry.Parent[Any],
    names: Annotated[
        list[str] | None, strawberry.argument(description="Only these fields. Without it: all.")
    ] = strawberry.UNSET,
) -> JSONObject:
    if not isinstance(names, list):
        return JSONObject({name: as_json(root[name]) for name in root if is_company_field(name)})
    for place, name in enumerate(names):
        check_company_name(name, f"names.{place}")
    return JSONObject({name: as_json(root[name]) for name in names if root.get(name) is not None})


@plain(lambda name: _named([name]))
def company_field(
    root: strawberry.Parent[Any],
    name: Annotated[
        str, strawberry.argument(description="Full name, such as `ACME__loyalty_level`.")
    ],
) -> JSONValue | None:
    check_company_name(name, "name")
    return cast("JSONValue | None", as_json(root.get(name)))


def check_company_name(name: str, argument: str) -> None:
    """Nothing but a company field is read by a name that a request gives."""
    if not is_company_field(name):
        raise InvalidArgument(argument, "a company field is named PREFIX__name")
