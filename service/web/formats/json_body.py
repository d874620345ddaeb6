"""JSON as the reference has it, or a bare list; decoded in steps, as it arrives.

One decoding of 16 MiB would hold up everybody else. So rows are cut off in front of a comma: where
what stands before it is a whole list once a bracket ends it, that comma stands between two rows,
since a parser that reads on from there is where it was. A comma inside a row never passes.
"""

import re
import secrets
import sys
from collections.abc import Iterator
from typing import Any

from service.errors import BodyInvalid
from service.web.bodies import UTF8_MARK
from service.web.formats.sent import SentRows, illegible
from service.web.json_text import KeyTwice, decode_json, repeating, twice

STEP = 128 * 1024
"""Bytes that are decoded at once, if rows end among them."""

_LONGEST_STEP = 4 * 2**20
"""Bytes in which a row has ended, or none is sought any more."""

_WINDOW = 64 * 1024
"""Bytes, the last that came, in which the end of a row is sought."""

_OPENING = re.compile(rb'[ \t\r\n]*(?:\{[ \t\r\n]*"customers"[ \t\r\n]*:[ \t\r\n]*)?\[')
_HEAD = re.compile(rb'[ \t\r\n]*(\{[ \t\r\n]*"[^"\\]*")')
_BETWEEN = re.compile(rb"[}\]][ \t\r\n]*(,)[ \t\r\n]*[{\[]")
_TAKEN = secrets.token_hex(16)
"""Stands in the list for the rows that were cut off."""


class JsonBody:
    def __init__(self, limit: int, step: int = STEP) -> None:
        self._sent = SentRows(limit)
        self._parts: list[bytes] = []
        self._size = 0
        self._least_step = self._step = step
        self._was_cut = False
        self._head: bytes | None = None

    def feed(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size >= self._step:
            self._cut()

    def close(self) -> SentRows:
        self._add(_customers(_decoded(self._body())))
        return self._sent

    def _body(self) -> bytes:
        return b"".join(self._parts).removeprefix(UTF8_MARK)

    def _cut(self) -> None:
        """Where no row ends, the next step is twice as long, so that trying stays cheap, and none
        follows the longest."""
        body = self._body()
        opening = _OPENING.match(body)
        comma = self._take_rows(body, opening.end()) if opening else None
        if opening and comma:
            self._hold(b'%b"%b"%b' % (opening[0], _TAKEN.encode(), body[comma:]))
            self._step = self._least_step
        else:
            self._hold(body)
            self._step = 2 * self._step if self._step < _LONGEST_STEP else sys.maxsize

    def _take_rows(self, body: bytes, begin: int) -> int | None:
        """Returns the comma behind them; None where no row is known to end."""
        if self._head is None:
            head = _HEAD.match(body, begin)
            self._head = head[1] if head else b""
        commas = (comma for comma in _commas(body, begin, self._head) if comma > begin)
        for comma, patiently in _tries(commas):
            rows = _list_of(body[begin:comma], patiently)
            if rows and rows != [_TAKEN]:
                self._add(rows)
                self._was_cut = True
                return comma
        return None

    def _hold(self, body: bytes) -> None:
        self._parts, self._size = [body], len(body)

    def _add(self, rows: list[object]) -> None:
        if self._was_cut:
            first, *rows = rows or [None]
            if first != _TAKEN:
                raise BodyInvalid("customers stands in it twice")
        self._sent.add(*rows)


def _list_of(rows: bytes, patiently: bool) -> list[object] | None:
    try:
        found: list[object] = _decoded(b"[%b]" % rows, patiently=patiently)
    except BodyInvalid:
        return None
    return found


def _decoded(body: bytes, *, patiently: bool = True) -> Any:
    """A row that has a key twice is refused alone. Raises KeyTwice where it stands around them."""
    try:
        return decode_json(body, patiently=patiently)
    except KeyTwice as error:
        if isinstance(error.value, list):
            return [_row(row) for row in error.value]
        if isinstance(error.value, dict) and isinstance(rows := error.value.get("customers"), list):
            return error.value | {"customers": [_row(row) for row in rows]}
        raise


def _row(row: object) -> object:
    found = repeating(row)
    return illegible(twice(found.key)) if found else row


def _tries(commas: Iterator[int]) -> Iterator[tuple[int, bool]]:
    """The likeliest at last also with patience: a row may hold what only that reads."""
    likeliest = None
    for comma in commas:
        likeliest = likeliest or comma
        yield comma, False
    if likeliest:
        yield likeliest, True


def _commas(body: bytes, begin: int, head: bytes) -> Iterator[int]:
    """Where a row may have ended: before one that begins as the first one did, between brackets, or
    anywhere."""
    begin = max(begin, len(body) - _WINDOW)
    if head:
        yield body.rfind(b",", begin, max(body.rfind(head, begin), begin))
    found = [match.start(1) for match in _BETWEEN.finditer(body, begin)]
    yield from (found[-back] for back in (1, 2, 4, 8) if back <= len(found))
    yield body.rfind(b",", begin)


def _customers(body: object) -> list[object]:
    if isinstance(body, dict) and list(body) == ["customers"]:
        body = body["customers"]
    if not isinstance(body, list):
        raise BodyInvalid("expected a list of customers, or an object with the one key customers")
    return body
