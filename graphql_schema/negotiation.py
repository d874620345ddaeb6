"""What an Accept header takes, and the statuses that go with each of GraphQL's media types.

As GraphQL over HTTP has it: clients that take `application/graphql-response+json` can tell an
answer of GraphQL from one of a proxy by its type, and read the outcome in the status. For all
others what GraphQL answers has status 200.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.types import Scope

_LONGEST_KEPT = 200
"""Characters of an Accept header whose meaning is kept; programs send one of a few."""


@dataclass(frozen=True, slots=True)
class AnswerType:
    """`refused`: the status of requests that GraphQL refused before they ran. `partial`: of those
    that ran, where a field failed."""

    content_type: bytes
    refused: int
    partial: int

    @property
    def name(self) -> str:
        return self.content_type.decode().partition(";")[0]


GRAPHQL = AnswerType(b"application/graphql-response+json; charset=utf-8", refused=400, partial=294)
JSON = AnswerType(b"application/json; charset=utf-8", refused=200, partial=200)


def answer_type(scope: Scope) -> AnswerType | None:
    """The one that the client likes best; plain JSON where it does not say. None: neither."""
    headers = [value for name, value in scope["headers"] if name == b"accept" and value]
    if not headers:
        return JSON
    accept = b",".join(headers).decode("latin-1")
    return _kept(accept) if len(accept) <= _LONGEST_KEPT else _liked_best(accept)


def qualities(accept: str) -> Mapping[str, float]:
    """Quality by media range, in the order of the header. One that can't be read counts as 0, and
    so does a charset that is not UTF-8."""
    found = {}
    for entry in accept.lower().split(","):
        media_range, *parameters = (part.strip() for part in entry.split(";"))
        given = dict(parameter.partition("=")[::2] for parameter in parameters)
        is_utf_8 = given.get("charset", "utf-8").strip('"') in ("utf-8", "utf8")
        found[media_range] = _quality(given.get("q", "1")) if is_utf_8 else 0.0
    return found


def quality(found: Mapping[str, float], media_type: str) -> float:
    """That of the narrowest range that holds the media type; 0 when none does."""
    media_range = _range_of(found, media_type)
    return found[media_range] if media_range else 0.0


def _liked_best(accept: str) -> AnswerType | None:
    """Of two that are liked as much, the one that was named first; plain JSON under one range."""
    found = qualities(accept)
    order = list(found)

    def rank(kind: AnswerType) -> tuple[float, int]:
        media_range = _range_of(found, kind.name)
        return quality(found, kind.name), -order.index(media_range) if media_range else 0

    best = max((JSON, GRAPHQL), key=rank)
    return best if quality(found, best.name) > 0 else None


_kept = lru_cache(maxsize=256)(_liked_best)


def _range_of(found: Mapping[str, float], media_type: str) -> str | None:
    ranges = (media_type, media_type.split("/")[0] + "/*", "*/*")
    return next((media_range for media_range in ranges if media_range in found), None)


def _quality(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0
