"""CSV: a header line with the keys, and a customer on each line that follows.

Read by the standard library's strict reader, which is asked for whole records alone: of one that
is still to come in part the reader forgets what it has seen, and it is given again.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import IncrementalNewlineDecoder, StringIO
from typing import TYPE_CHECKING

from service.errors import BodyInvalid
from service.web.formats.csv_header import Columns, CsvTerms, columns, declared_delimiter
from service.web.formats.csv_text import CsvText
from service.web.formats.sent import SentRows, illegible

if TYPE_CHECKING:
    from _csv import Reader

_ENDS = ("\n", "\r")


class _More(Exception):
    """The reader has had all lines that came so far."""


class CsvTable:
    """Rows that are ragged or wrongly quoted are refused alone. Where a quote is left open, the
    whole is: which lines it takes in is not known, and text must not be read as customers.
    """

    def __init__(self, limit: int, terms: CsvTerms) -> None:
        self._sent = SentRows(limit, lines=[])
        self._terms = terms
        self._text = IncrementalNewlineDecoder(CsvText(terms.charset), translate=False)
        self._unended: list[str] = []
        self._lines: list[str] = []
        self._line = 1
        self._size = 0
        self._enough = 0
        self._columns: Columns | None = None

    def feed(self, part: bytes) -> None:
        self._take(self._text.decode(part), final=False)

    def close(self) -> SentRows:
        self._take(self._text.decode(b"", final=True), final=True)
        if self._columns is None:
            raise BodyInvalid("expected a header line")
        return self._sent

    def _take(self, text: str, final: bool) -> None:
        self._unended.append(text)
        self._size += len(text)
        if final or any(end in text for end in _ENDS):
            self._end_lines(final)
        if self._columns is None:
            self._read_header()
        if self._columns and (final or self._size >= self._enough):
            self._read_rows(self._columns, final)

    def _end_lines(self, final: bool) -> None:
        """Lines end as in any system, but not where `splitlines` would end them too."""
        lines = StringIO("".join(self._unended), newline="").readlines()
        self._unended = []
        if lines and not final and not lines[-1].endswith(_ENDS):
            self._unended.append(lines.pop())
        self._lines += lines

    def _read_header(self) -> None:
        """It is the first line that is not empty, behind one that declares the separator."""
        read = 0
        while self._columns is None and read < len(self._lines):
            line = self._lines[read]
            read += 1
            if delimiter := declared_delimiter(line):
                self._terms = replace(self._terms, delimiter=delimiter)
            elif line.strip():
                self._columns = columns(line, self._terms)
        del self._lines[:read]
        self._line += read

    def _read_rows(self, columns: Columns, final: bool) -> None:
        """All records that are whole. What is left of the lines is tried again once it is twice
        as long, so that a record of many lines is not read again with each of them.
        """
        reader = csv.reader(_given(self._lines, final), delimiter=columns.delimiter, strict=True)
        begin = 0
        try:
            while True:
                row = self._record(reader, columns, begin)
                if row is not None:
                    self._sent.add_line(self._line + begin, row)
                begin = reader.line_num
        except (_More, StopIteration):
            self._keep_from(begin)

    def _keep_from(self, begin: int) -> None:
        self._lines = self._lines[begin:]
        self._line += begin
        self._size = sum(map(len, self._lines)) + sum(map(len, self._unended))
        self._enough = 2 * self._size if self._lines else 0

    def _record(self, reader: "Reader", columns: Columns, begin: int) -> object:
        """A row; None for an empty line."""
        try:
            cells = next(reader)
        except csv.Error as error:
            return self._fault(str(error), begin, reader.line_num)
        return columns.row(cells) if cells else None

    def _fault(self, told: str, begin: int, end: int) -> object:
        """Where quotes come in pairs, none is left open, and the next line begins a row."""
        quotes = sum(line.count('"') for line in self._lines[begin:end])
        if "expected after" in told and quotes % 2 == 0:
            return illegible("text behind a closing quote; a quote inside quotes is written twice")
        raise BodyInvalid(
            f"on line {self._line + begin} begins a quote that does not end, that is not written "
            f"twice inside quotes, or a cell of more than {csv.field_size_limit()} characters"
        )


def _given(lines: Sequence[str], final: bool) -> Iterator[str]:
    yield from lines
    if not final:
        raise _More
