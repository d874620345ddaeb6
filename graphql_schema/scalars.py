"""The scalars: what goes out in one fixed form, and what rows bring, which row reading judges."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, Undefined, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from service.customers.moments import date_time_text

Date = NewType("Date", str)
DateTime = NewType("DateTime", datetime)
JSONValue = NewType("JSONValue", object)
JSONObject = NewType("JSONObject", dict[str, Any])
TextValue = NewType("TextValue", object)
BooleanValue = NewType("BooleanValue", object)
DateValue = NewType("DateValue", object)
DateTimeValue = NewType("DateTimeValue", object)
TextSetValue = NewType("TextSetValue", object)
CustomerDocument = NewType("CustomerDocument", object)


def _date_time(value: object) -> str:
    if not isinstance(value, datetime):
        raise GraphQLError("DateTime holds a moment.")
    return date_time_text(value)


def _date(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError("Date holds a text.")
    return value


def _anything(value: Any) -> Any:
    return value


def _object(value: object) -> object:
    if not isinstance(value, dict):
        raise GraphQLError("JSONObject cannot represent a value that is not an object.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError("Dates and moments are given as text.")
    return value


def _literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    """A literal as JSON would have it; a variable that was not given is left out."""
    return _without_missing(value_from_ast_untyped(node, variables))


def _without_missing(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: member for name, member in value.items() if member is not Undefined}
        return {name: _without_missing(member) for name, member in kept.items()}
    if isinstance(value, list):
        return [None if member is Undefined else _without_missing(member) for member in value]
    return value


def _moment(
    name: str, description: str, serialize: Callable[[Any], object], url: str
) -> ScalarDefinition:
    """Goes in as text, which whoever knows the time zone reads."""
    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=url,
        serialize=serialize,
        parse_value=_text,
    )


def _input(
    name: str, description: str, check: Callable[[Any], object] = _anything
) -> ScalarDefinition:
    """One that takes whatever JSON or a query can hold, unless `check` refuses it."""

    def literal(node: ValueNode, variables: dict[str, Any] | None = None) -> object:
        try:
            return check(_literal(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None

    return strawberry.scalar(
        name=name,
        description=description,
        serialize=check,
        parse_value=check,
        parse_literal=literal,
    )


SCALARS: dict[object, ScalarDefinition] = {
    Date: _moment(
        "Date",
        "A calendar date as `YYYY-MM-DD`, such as `1991-06-14`.",
        _date,
        "https://scalars.graphql.org/andimarek/local-date",
    ),
    DateTime: _moment(
        "DateTime",
        "A moment in time. Always given in UTC, such as `2015-11-23T13:11:23Z`, with milliseconds "
        "where there are any. In filters also a bare date or a time without zone, read in the "
        "service's time zone.",
        _date_time,
        "https://scalars.graphql.org/andimarek/date-time",
    ),
    JSONValue: _input(
        "JSON",
        "Any JSON value: text, number, boolean, null, list or object. Whole numbers may need 64 "
        "bits, more than JavaScript holds exactly.",
    ),
    JSONObject: _input("JSONObject", "A JSON object: names and values.", _object),
    TextValue: _input(
        "TextValue",
        "What a row may hold for a text: text, or a number, which is read as its text. Empty text "
        "removes the field. Null means not supplied. A value that is not valid is refused with "
        "its row, not with the request.",
    ),
    BooleanValue: _input(
        "BooleanValue",
        'What a row may hold for a permission or flag: `true` or `false`. Empty text `""` '
        "removes a permission, so that it was never given. Null means not supplied.",
    ),
    DateValue: _input(
        "DateValue",
        "What a row may hold for a date: text as `YYYY-MM-DD`. Empty text removes the field. Null "
        "means not supplied.",
    ),
    DateTimeValue: _input(
        "DateTimeValue",
        "What a row may hold for a moment: an ISO 8601 date or date-time as text; without a zone, "
        "the service's time zone. Empty text removes the field. Null means not supplied.",
    ),
    TextSetValue: _input(
        "TextSetValue",
        "What a row may hold for a set of texts: a list, or a single text as a set of one. `[]` "
        'is the empty set; empty text `""` removes the field. Null means not supplied.',
    ),
    CustomerDocument: _input(
        "CustomerDocument",
        'One row as a JSON object in the shape of the upload API, such as `{"external_id": '
        '"3619490226", "tags.add": ["vip"], "ACME__level": 3}`.',
    ),
}
