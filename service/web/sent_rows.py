"""The rows of an upload request, whatever they are written in."""

from collections.abc import Mapping

from starlette.requests import Request

from service.errors import UnsupportedBody
from service.settings import Settings
from service.web.bodies import feed_body
from service.web.formats.csv_header import DELIMITERS, CsvTerms
from service.web.formats.csv_table import CsvTable
from service.web.formats.csv_text import CHARSETS
from service.web.formats.json_body import JsonBody
from service.web.formats.json_lines import JsonLines
from service.web.formats.sent import Format, SentRows
from service.web.media_types import JSON, MediaType, media_type

JSON_LINES = (
    "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl",
    "application/jsonlines", "application/x-jsonlines",
)  # fmt: skip
CSV, TSV = "text/csv", "text/tab-separated-values"
MEDIA_TYPES = (JSON, *JSON_LINES, CSV, TSV)

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", **{one: one for one in DELIMITERS}}
_EMPTY = {"keep": None, "remove": ""}


async def read_rows(request: Request, settings: Settings) -> SentRows:
    """All rows of the body. Raises UnsupportedBody, BodyInvalid, BodyTooLarge and TooManyRows, the
    last two without reading on."""
    rows = _format(media_type(request), settings.max_upload_rows)
    await feed_body(request, settings.max_body_bytes, rows.feed)
    return rows.close()


def _format(sent_as: MediaType, limit: int) -> Format:
    """JSON is UTF-8 (RFC 8259), and may say so; a table's parameters say how to read it."""
    if sent_as.name in (JSON, *JSON_LINES):
        if not sent_as.is_in_utf_8:
            raise _unsupported("expected no parameter of JSON but charset, which is utf-8")
        return JsonBody(limit) if sent_as.name == JSON else JsonLines(limit)
    if sent_as.name in (CSV, TSV):
        return CsvTable(limit, _csv_terms(sent_as))
    raise _unsupported(f"expected Content-Type to be one of {', '.join(MEDIA_TYPES)}")


def _csv_terms(sent_as: MediaType) -> CsvTerms:
    """Whatever is not understood is refused: it may be what tells how the cells are meant."""
    given = dict(sent_as.parameters or {})
    charset = given.pop("charset", None)
    delimiter = given.pop("delimiter", "tab" if sent_as.name == TSV else None)
    empty = given.pop("empty", "keep")
    header = given.pop("header", "present")
    if sent_as.parameters is None or given:
        raise _unsupported("expected no parameters of its type but charset, delimiter and empty")
    if header != "present":
        raise _unsupported("expected a table with a header line")
    return CsvTerms(
        charset=_chosen("charset", CHARSETS, charset),
        delimiter=_chosen("delimiter", _DELIMITERS, delimiter),
        empty=_chosen("empty", _EMPTY, empty),
    )


def _chosen(name: str, choices: Mapping[str, str | None], given: str | None) -> str | None:
    if given is None:
        return None
    if given.lower() not in choices:
        raise _unsupported(f"expected {name} to be one of {' '.join(choices)}")
    return choices[given.lower()]


def _unsupported(reason: str) -> UnsupportedBody:
    return UnsupportedBody(reason, {"Accept": ", ".join(MEDIA_TYPES)})
