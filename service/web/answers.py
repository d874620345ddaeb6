"""Answers of the API: JSON that nobody keeps on the way, and that is nothing but JSON."""

from collections.abc import Mapping

from starlette.responses import Response

JSON = b"application/json"

_ALWAYS = [
    (b"cache-control", b"no-store"),  # most have personal data
    (b"x-content-type-options", b"nosniff"),
]


class Answer(Response):
    """Its headers are put together once: every request has one of these."""

    def __init__(
        self,
        body: bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        content_type: bytes = JSON,
    ) -> None:
        self.body = body
        self.status_code = status
        self.background = None
        self.raw_headers = [
            (b"content-type", content_type),
            (b"content-length", b"%d" % len(body)),
            *_ALWAYS,
        ]
        if headers:
            self.raw_headers += [
                (name.lower().encode(), value.encode()) for name, value in headers.items()
            ]
