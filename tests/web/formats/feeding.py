"""Formats fed with a body in one piece or in several."""

from collections.abc import Iterable
from typing import Any

from service.customers.rows import Illegible
from service.web.formats.csv_header import CsvTerms
from service.web.formats.csv_table import CsvTable
from service.web.formats.sent import Format, SentRows


def fed(rows: Format, *parts: bytes) -> SentRows:
    for part in parts:
        rows.feed(part)
    return rows.close()


def pieces(body: bytes, cuts: Iterable[int]) -> list[bytes]:
    """The body, cut at these places."""
    places = [0, *sorted(cuts), len(body)]
    return [body[begin:end] for begin, end in zip(places, places[1:], strict=False)]


def table(text: str | bytes, limit: int = 100, **terms: Any) -> SentRows:
    """A CSV body, read as these terms say."""
    body = text.encode() if isinstance(text, str) else text
    return fed(CsvTable(limit, CsvTerms(**terms)), body)


def reasons(sent: SentRows) -> dict[int, object]:
    """The lines of what could not be read, and why."""
    assert sent.lines is not None
    return {
        line: row.fault.details["reason"]
        for line, row in zip(sent.lines, sent.rows, strict=True)
        if isinstance(row, Illegible)
    }
