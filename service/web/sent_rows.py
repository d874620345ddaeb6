"""The rows of an upload request, whatever they are written in."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from service.errors import BodyInvalid, UnsupportedBody
from service.settings import Settings
from service.web.bodies import decode_json, is_json, read_body


@dataclass(frozen=True, slots=True)
class SentRows:
    """`lines`: on which line of the body each row begins; None where rows are not told by lines."""

    rows: list[object]
    lines: Sequence[int] | None = None


async def read_rows(request: Request, settings: Settings) -> SentRows:
    """All rows of the body. Raises UnsupportedBody, BodyInvalid and BodyTooLarge."""
    if not is_json(request):
        raise UnsupportedBody("expected Content-Type: application/json")
    return SentRows(_rows(decode_json(await read_body(request, settings.max_body_bytes))))


def _rows(body: object) -> list[object]:
    if isinstance(body, dict) and list(body) == ["customers"]:
        body = body["customers"]
    if not isinstance(body, list):
        raise BodyInvalid("expected a list of customers, or an object with the one key customers")
    return body
