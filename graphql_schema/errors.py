"""Errors as they leave: with a code, without anything that was sent, and nothing of the inside.

graphql-core's messages repeat what was sent, rows and all; those that do are known here and lose
the value. Whatever is not expected is masked behind an id, under which the log has where it was.
"""

import re
import secrets
from typing import Any

from graphql import GraphQLError

from service.customers.keys import shown
from service.errors import (
    MESSAGES,
    AmbiguousIdentity,
    ErrorCode,
    InvalidArgument,
    InvalidCursor,
    NotSortable,
    Overloaded,
    QueryTooComplex,
    RateLimited,
    ServiceError,
    Unavailable,
)
from service.logs import tell_internal_error

Formatted = dict[str, Any]

_PREFIX = re.compile(
    r"(?:(?:Variable '\$\w+'|Argument '\w+')"
    r" has invalid (?:default )?value(?: at [.\w\[\]]+)?: )?"
)
_TYPE = r"(?P<type>[\w\[\]!]+)"
_MEANT = r"(?P<meant>Did you mean (?:the enum value )?'\w+'(?:(?:, or |, | or )'\w+')*\?)"
_REWRITES = [
    (re.compile(pattern, re.DOTALL), written)
    for pattern, written in (
        (
            rf"Expected value of type '{_TYPE}' not to include unknown field '(?P<key>.*?)'"
            rf"(?:\. {_MEANT} Found|, found): .*",
            "Expected value of type '{type}' not to include unknown field '{key}'. {meant}",
        ),
        (
            rf"Expected value of type '{_TYPE}' to include required field '(?P<key>\w+)'.*",
            "Expected value of type '{type}' to include required field '{key}'.",
        ),
        (
            rf"Expected value of type '{_TYPE}' to be an object, found: .*",
            "Expected value of type '{type}' to be an object.",
        ),
        (
            rf"Expected value of type '{_TYPE}', (?:but encountered|found).*",
            "Expected value of type '{type}'.",
        ),
        (
            r"(?P<says>(?:Int|Float|String|Boolean|ID|Enum '\w+') cannot represent "
            r"(?:an? )?(?:non[\w -]+ )?value): .*?" + rf"(?:{_MEANT})?",
            "{says}. {meant}",
        ),
        (
            rf"Value '.*' does not exist in '{_TYPE}' enum\.(?: {_MEANT})?",
            "The value does not exist in '{type}' enum. {meant}",
        ),
        (
            r"Syntax Error: (?P<says>Expected .*, found|Unexpected) (?P<token>[A-Za-z]+|'[^']+'"
            r"|<EOF>)(?P<value> .*)?\.",
            "Syntax Error: {says} {token}.",
        ),
        (
            r"Syntax Error: (?P<says>Document is nested too deeply)\..*",
            "Syntax Error: {says}.",
        ),
        (
            r"Validation aborted\.",
            "The document nests too deep, or repeats fields or fragments too often.",
        ),
        (
            r"Syntax Error: (?P<says>Unexpected single quote character) .*",
            "Syntax Error: {says}: texts stand in double quotes.",
        ),
        (r"Syntax Error: (?P<says>[A-Za-z ]+)(?:[:,'].*)?[.?]", "Syntax Error: {says}."),
    )
]

_HARMLESS = re.compile(r"(?:[\w\s.,;?()-]|'[$@]?[\w.\[\]!]+(?:\(\w+:\)| \{ \.\.\. \})?')*")
"""What messages are made of that name things of the schema and the document. Values that were sent
stand behind a colon."""


def request_error(error: GraphQLError) -> Formatted:
    """Of a request that was refused before it ran."""
    return _formatted(error, without_values(error.message), {"code": ErrorCode.QUERY_INVALID})


def field_error(error: GraphQLError) -> Formatted:
    """Of a field that failed."""
    cause = origin(error)
    if isinstance(cause, ServiceError):
        return _formatted(error, cause.message, service_extensions(cause))
    if isinstance(cause, GraphQLError) and _is_about_an_argument(cause):
        return request_error(error)
    masked = masked_error(cause)
    return _formatted(error, masked["message"], masked["extensions"])


def service_error(error: ServiceError) -> Formatted:
    """Of a request that never became one of GraphQL."""
    return {"message": error.message, "extensions": service_extensions(error)}


def masked_error(error: BaseException) -> Formatted:
    """What is said of a failure that nobody expected. Its text stays unsaid, in the log too: it may
    hold personal data."""
    error_id = secrets.token_hex(8)
    tell_internal_error(error, error_id)
    message = MESSAGES[ErrorCode.INTERNAL_ERROR].format(id=error_id)
    return {
        "message": message,
        "extensions": {"code": ErrorCode.INTERNAL_ERROR, "id": error_id},
    }


def service_extensions(error: ServiceError) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": error.code}
    if isinstance(error, InvalidArgument | InvalidCursor | NotSortable) and error.argument:
        extensions["argument"] = error.argument
    if isinstance(error, QueryTooComplex):
        extensions |= {"measure": error.measure, "limit": error.limit}
    if isinstance(error, AmbiguousIdentity):
        extensions["customerIds"] = error.customer_ids
    if isinstance(error, Unavailable | RateLimited | Overloaded):
        extensions["retryAfter"] = error.retry_after
    return extensions


def origin(error: GraphQLError) -> BaseException:
    """What was raised first."""
    cause: BaseException = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def without_values(message: str) -> str:
    """A message of graphql-core without what was sent; names and types stay."""
    prefix = _PREFIX.match(message)
    begin = prefix.group() if prefix else ""
    told = message.removeprefix(begin)
    for pattern, written in _REWRITES:
        if match := pattern.fullmatch(told):
            parts = {name: value or "" for name, value in match.groupdict().items()}
            if "key" in parts:
                parts["key"] = shown(parts["key"])
            return begin + written.format(**parts).rstrip()
    return message if _HARMLESS.fullmatch(told) else begin + MESSAGES[ErrorCode.QUERY_INVALID]


def _is_about_an_argument(error: GraphQLError) -> bool:
    """Arguments are told by the node that they stand at; stored values by none."""
    return bool(error.nodes) and error.original_error is None


def _formatted(error: GraphQLError, message: str, extensions: dict[str, Any]) -> Formatted:
    formatted: Formatted = {"message": message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    return formatted | {"extensions": extensions}
