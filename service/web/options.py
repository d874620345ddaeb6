"""The options of an upload as an HTTP request gives them: query parameters, and a header."""

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from starlette.requests import Request

from service.customers.keys import shown
from service.customers.policies import ErrorPolicy, MultipleMatches
from service.errors import InvalidArgument
from service.uploads.options import UploadOptions

KEY_HEADER = "Idempotency-Key"

_VALUES: Mapping[str, Mapping[str, Any]] = {
    "error_policy": {policy.lower(): policy for policy in ErrorPolicy},
    "on_multiple_matches": {choice.lower(): choice for choice in MultipleMatches},
    "dry_run": {"true": True, "false": False},
}
"""What each parameter may be, in any case."""


def read_options(request: Request) -> UploadOptions:
    """Raises InvalidArgument, which names the parameter or header, and IdempotencyKeyInvalid."""
    parameters = request.query_params
    chosen: dict[str, Any] = {name: _value(name, parameters.getlist(name)) for name in parameters}
    keys = request.headers.getlist(KEY_HEADER)
    if len(keys) > 1:
        raise InvalidArgument(KEY_HEADER, "it was given more than once")
    return UploadOptions(**chosen, idempotency_key=keys[0] if keys else None)


def _value(name: str, given: list[str]) -> StrEnum | bool:
    if name not in _VALUES:
        near = get_close_matches(name.lower(), _VALUES, n=1)
        meant = f"the nearest is {near[0]}" if near else f"expected {_listed(_VALUES)}"
        raise InvalidArgument(shown(name), f"there is no such parameter; {meant}")
    values = _VALUES[name]
    if len(given) > 1:
        raise InvalidArgument(name, "it was given more than once")
    if given[0].lower() not in values:
        raise InvalidArgument(name, f"expected {_listed(values)}")
    value: StrEnum | bool = values[given[0].lower()]
    return value


def _listed(names: Mapping[str, Any]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}"
