"""What callers are told who may not read the schema.

Enough to mend an operation of one's own: what is wrong and where, and the names that were sent. No
type, and no name that was not sent. Known messages alone are let through; of any other it is only
said that the request is not valid.
"""

import re
from collections.abc import Sequence

from graphql import GraphQLError

from graphql_schema.errors import origin, without_values
from service.access.callers import Caller
from service.access.scopes import Scope
from service.errors import MESSAGES, ErrorCode

_PREFIX = re.compile(
    r"(?:Variable '\$\w+'|Argument '\w+') has invalid (?:default )?value(?: at [.\w\[\]]+)?: "
)
_NAME = r"'[@$.]?\w+'"
_LISTED = rf"{_NAME}(?:(?:, | and |, and ){_NAME})*"
_WRONG = "The value is not one that is taken here."

_TOLD = [
    (re.compile(pattern, re.DOTALL), written)
    for pattern, written in (
        (
            r"Expected value of type 'CustomerInput!?' not to include unknown field '(?P<key>.*?)'"
            r"\.(?P<meant> Did you mean .*\?)?",
            "There is no field '{key}' here.{hint}",
        ),
        (
            r"Expected value of type '.*?' not to include unknown field '(?P<key>.*?)'\..*",
            "There is no field '{key}' here.",
        ),
        (r"Expected value of type .* to include required field .*", "A field is missing here."),
        (r"Expected value of type .* to be an object\.", "Expected an object."),
        (r"Expected value of type .*", _WRONG),
        (r"Expected value of non-null type .* not to be None\.", "Null is not taken here."),
        (r"Expected a value of non-null type .*", "A value is missing here."),
        (r"(?P<begin>Expected variable '\$\w+') provided to .*", "{begin} to have another value."),
        (r"(?:Int|Float|String|Boolean|ID|Enum .*) cannot represent .*", _WRONG),
        (r"The value does not exist in .* enum\..*", _WRONG),
        (r"Within OneOf Input Object .*", "Exactly one field is needed here, with a value."),
        (r"Cannot query field (?P<name>'\w+') on type .*", "Cannot query field {name} here."),
        (r"Unknown argument (?P<name>'\w+') on .*", "Unknown argument {name}."),
        (r"(?P<begin>Unknown type '\w+')\..*", "{begin}."),
        (
            r"Argument .* is required,? but it was not provided\.",
            "An argument is missing that is required here.",
        ),
        (r"Argument .* of required type .*", "An argument is missing that is required here."),
        (
            r"(?P<begin>Field '\w+') of type .* must have a selection of subfields\..*",
            "{begin} must have a selection of subfields.",
        ),
        (r"(?P<begin>Field '\w+' must not have a selection) since .*", "{begin}."),
        (r"(?P<begin>Fragment(?: '\w+')? cannot be spread here) as .*", "{begin}."),
        (r"(?P<begin>Fragment(?: '\w+')? cannot condition) on .*", "{begin} on this type."),
        (
            r"(?P<begin>Variable '\$\w+') of type .* used in position expecting .*",
            "{begin} has another type than is taken where it is used.",
        ),
        (r"(?P<begin>Variable '\$\w+' cannot be) non-input type .*", "{begin} of this type."),
        (r"(?P<begin>Variable '\$\w+') of .* was not provided\.", "{begin} was not provided."),
        (r"(?P<begin>Variable '\$\w+') of .* must not be null\.", "{begin} must not be null."),
        (r"(?P<begin>Fields '\w+' conflict) because .*conflicting types.*", "{begin}."),
    )
]

_AS_IT_IS = re.compile(
    r"Syntax Error: .*|Unknown (?:fragment|directive|operation named) '@?\w+'\."
    r"|Fragment '\w+' is never used\.|Fields '\w+' conflict because .*"
    rf"|Cannot spread fragment '\w+' within itself(?: via {_LISTED})?\."
    r"|Variable '\$\w+' is (?:not defined|never used)(?: (?:by|in) operation '\w+')?\."
    r"|There can be only one [a-z ]+ named '[@$]?\w+'\."
    r"|The directive '@\w+' can only be used once at this location\."
    r"|Directive '@\w+' may not be used on [A-Z_]+\."
    r"|This anonymous operation must be the only defined operation\."
    r"|The \w+ operation is not supported by the schema\."
    r"|Must provide operation name if query contains multiple operations\."
    r"|Must provide an operation\.|Too many (?:validation )?errors.*|The document nests too deep.*"
    r"|Maximum introspection depth exceeded",
    re.DOTALL,
)


def may_read_schema(caller: Caller) -> bool:
    return Scope.SCHEMA_READ in caller.scopes


def concealed(errors: Sequence[GraphQLError], caller: Caller) -> list[GraphQLError]:
    """Those of graphql-core, for this caller. Others come from the service, and name what was sent
    alone."""
    return [
        _with_message(error, without_schema(without_values(error.message), caller))
        if _is_of_the_request(error)
        else error
        for error in errors
    ]


def _is_of_the_request(error: GraphQLError) -> bool:
    """And not of what is stored, or of the service."""
    cause = origin(error)
    return isinstance(cause, GraphQLError) and bool(cause.nodes or error.path is None)


def without_schema(message: str, caller: Caller) -> str:
    """A message that holds no values. The names of a row's fields are told to whoever may upload:
    results tell them too."""
    prefix = _PREFIX.match(message)
    begin = prefix.group() if prefix else ""
    said = message.removeprefix(begin)
    for pattern, written in _TOLD:
        if match := pattern.fullmatch(said):
            parts = {name: value or "" for name, value in match.groupdict().items()}
            uploads = Scope.CUSTOMERS_WRITE in caller.scopes
            return begin + written.format(**parts, hint=parts.get("meant", "") if uploads else "")
    return message if _AS_IT_IS.fullmatch(said) else begin + MESSAGES[ErrorCode.QUERY_INVALID]


def _with_message(error: GraphQLError, message: str) -> GraphQLError:
    return GraphQLError(message, error.nodes, error.source, error.positions, error.path)
