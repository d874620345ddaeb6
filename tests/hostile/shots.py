"""Requests as they go over the wire, well-formed or not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JSON = ("Content-Type", "application/json")
UPLOAD = "/api/customers/upload/"


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in the service that is shot at. Shapes name it by the names of the fields, as in
    `%cursor%`."""

    key: str = "k.k"
    customer: str = "c.x"
    cursor: str = "x"
    segment: str = "s.x"
    upload: str = "u.x"


@dataclass(frozen=True, slots=True)
class Shot:
    """One request. `raw` stands for all of it where no HTTP client would send it so; such a one
    may be left without an answer."""

    name: str
    method: str = "POST"
    target: str = "/graphql"
    headers: tuple[tuple[str, str], ...] = (JSON,)
    body: bytes = b""
    raw: bytes | None = None
    signed: bool = True

    def wire(self, known: Known, request_id: str) -> bytes:
        """With the key and a length, unless it is raw."""
        if self.raw is not None:
            return _named(self.raw, known, request_id)
        head = [
            f"{self.method} {self.target} HTTP/1.1",
            "Host: 127.0.0.1",
            f"X-Request-Id: {request_id}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        if self.signed:
            head.append("Authorization: Bearer %key%")
        body = _named(self.body, known, request_id)
        head.append(f"Content-Length: {len(body)}")
        text = "\r\n".join(head).encode("utf-8", "surrogatepass")
        return _named(text, known, request_id) + b"\r\n\r\n" + body


def asked(
    name: str, query: object, variables: object = None, operation: object = None, **more: object
) -> Shot:
    """GraphQL by POST."""
    content: dict[str, object] = {"query": query, **more}
    if variables is not None:
        content["variables"] = variables
    if operation is not None:
        content["operationName"] = operation
    return Shot(name, body=json.dumps(content).encode())


def posted(
    name: str, body: bytes | str, content_type: str = "application/json", **more: Any
) -> Shot:
    """A body for GraphQL, as it stands."""
    sent = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return Shot(name, headers=(("Content-Type", content_type),), body=sent, **more)


def uploaded(
    name: str, body: object, content_type: str = "application/json", query: str = "", **more: Any
) -> Shot:
    """Rows, or a body that says it is some."""
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = (("Content-Type", content_type), *more.pop("headers", ()))
    return Shot(name, target=UPLOAD + query, headers=headers, body=sent, **more)


def row(name: str, **values: object) -> Shot:
    """One row with an identifier of its own."""
    return uploaded(name, [{"external_id": "hostile-1"} | values])


def raw(name: str, text: str | bytes) -> Shot:
    """All of a request, with `%key%` and `%id%` in it."""
    return Shot(name, raw=text.encode("latin-1") if isinstance(text, str) else text)


def _named(text: bytes, known: Known, request_id: str) -> bytes:
    if b"%" not in text:
        return text
    for name, value in (*_fields(known).items(), ("id", request_id)):
        text = text.replace(f"%{name}%".encode(), value.encode())
    return text


def _fields(known: Known) -> Mapping[str, str]:
    return {name: getattr(known, name) for name in Known.__slots__}
