"""Requests as a server hands them on, in the pieces in which they came."""

from typing import Any

from starlette.requests import Request


def request(chunks: list[bytes], **headers: str) -> Request:
    """`_` in a header's name stands for a dash."""
    left = list(chunks)

    async def receive() -> dict[str, Any]:
        if not left:
            raise AssertionError("read on after the end")
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw}, receive)
