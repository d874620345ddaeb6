"""What a request says its body is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Scope

JSON = "application/json"

_PARAMETER = re.compile(r'[ \t]*;[ \t]*(?:([^\s;="]+)=(?:"([^"\\]*)"|([^\s;"]*)))?')
_USUAL_JSON = frozenset(
    {b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8"}
)


@dataclass(frozen=True, slots=True)
class MediaType:
    """`name` and the names of parameters are in lower case. `parameters` None: not well-formed."""

    name: str
    parameters: Mapping[str, str] | None

    @property
    def is_in_utf_8(self) -> bool:
        """Said so, or without a word of how it is written."""
        charset = {name: value.lower() for name, value in (self.parameters or {}).items()}
        return self.parameters is not None and charset in (
            {}, {"charset": "utf-8"}, {"charset": "utf8"}
        )  # fmt: skip


def media_type(request: Request) -> MediaType:
    """Two headers are no type that anything is of: one reader may take the first of them, and the
    next the last."""
    return _read(b", ".join(_content_types(request.scope)).decode("latin-1"))


def is_json(content_type: bytes) -> bool:
    """Whether a body of this type is JSON in UTF-8, with nothing more said of it."""
    if content_type in _USUAL_JSON:
        return True
    found = _read(content_type.decode("latin-1"))
    return found.name == JSON and found.is_in_utf_8


def has_json(scope: Scope) -> bool:
    """Whether the body is said to be JSON in UTF-8."""
    found = _content_types(scope)
    return len(found) == 1 and is_json(found[0])


def _content_types(scope: Scope) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == b"content-type"]


def _read(header: str) -> MediaType:
    name, semicolon, rest = header.partition(";")
    return MediaType(name.strip().lower(), _parameters(semicolon + rest.rstrip()))


def _parameters(text: str) -> dict[str, str] | None:
    """None also where one is given twice."""
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        match = _PARAMETER.match(text, place)
        if match is None or (match[1] and match[1].lower() in found):
            return None
        if match[1]:
            found[match[1].lower()] = match[2] or match[3] or ""
        place = match.end()
    return found
