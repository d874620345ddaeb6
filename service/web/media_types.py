"""What a request says its body is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

_PARAMETER = re.compile(r'[ \t]*;[ \t]*(?:([^\s;="]+)=(?:"([^"\\]*)"|([^\s;"]*)))?')


@dataclass(frozen=True, slots=True)
class MediaType:
    """`name` and the names of parameters are in lower case. `parameters` None: not well-formed."""

    name: str
    parameters: Mapping[str, str] | None


def media_type(request: Request) -> MediaType:
    name, semicolon, rest = request.headers.get("content-type", "").partition(";")
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
