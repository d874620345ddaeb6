"""What is asked: GraphQL's parameters, out of a body or an address.

What is not well-formed is refused here, before GraphQL sees it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Scope

from service.errors import BodyInvalid, UnsupportedBody
from service.web.bodies import read_body
from service.web.json_text import decode_request, twice
from service.web.media_types import JSON, has_json

_MOST_PARAMETERS = 16
"""Of an address; five are read."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`document` names a trusted one; `query` may be empty then."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    document: str | None = None


async def read_request(http: Request, max_bytes: int) -> GraphQLRequest:
    """Raises BodyInvalid, UnsupportedBody and BodyTooLarge."""
    if http.method == "GET":
        return _request(_of_address(http.scope))
    if not has_json(http.scope):
        raise UnsupportedBody(f"expected Content-Type: {JSON}, in UTF-8", {"Accept": JSON})
    return _request(decode_request(await read_body(http, max_bytes)))


def _of_address(scope: Scope) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in _parameters(scope["query_string"].decode("latin-1")):
        if name in given:
            raise BodyInvalid(twice(name))
        if name in _TYPES:
            given[name] = value
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = decode_request(given[name].encode()) if given[name] else None
    return given


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError:
        raise BodyInvalid("the address is not UTF-8") from None
    except ValueError:
        raise BodyInvalid(f"more than {_MOST_PARAMETERS} parameters") from None


_TYPES: Mapping[str, tuple[type, str]] = {
    "query": (str, "a text"),
    "documentId": (str, "a text"),
    "operationName": (str, "a text"),
    "variables": (dict, "an object"),
    "extensions": (dict, "an object"),
}


def _request(body: Any) -> GraphQLRequest:
    if type(body) is not dict:
        raise BodyInvalid("expected an object with query and, if needed, variables")
    for name, (wanted, told) in _TYPES.items():
        given = body.get(name)
        if given is not None and type(given) is not wanted:
            raise BodyInvalid(f"expected {name}, {told}")
    query: str = body.get("query") or ""
    document = body.get("documentId") or _persisted(body.get("extensions"))
    if not (query.strip() or document):
        raise BodyInvalid("expected query, a text")
    variables, operation = body.get("variables"), body.get("operationName") or None
    return GraphQLRequest(query, variables, operation, document)


def _persisted(extensions: dict[str, Any] | None) -> str | None:
    """The hash of a document, as Apollo's clients send it."""
    persisted = extensions.get("persistedQuery") if extensions else None
    if persisted is None:
        return None
    found: Any = persisted.get("sha256Hash") if type(persisted) is dict else None
    if type(found) is not str or not found:
        raise BodyInvalid("expected extensions.persistedQuery.sha256Hash, a text")
    return str(found)
