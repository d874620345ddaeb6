"""NDJSON: a customer on each line. A line that is no JSON is the fault of its row alone."""

from service.errors import BodyInvalid
from service.web.bodies import UTF8_MARK
from service.web.formats.sent import SentRows, illegible
from service.web.json_text import decode_json


class JsonLines:
    """Lines end with a line feed, a carriage return before it or not; empty ones are no rows."""

    def __init__(self, limit: int) -> None:
        self._sent = SentRows(limit, lines=[])
        self._unended: list[bytes] = []
        self._line = 0

    def feed(self, part: bytes) -> None:
        first, *others = part.split(b"\n")
        self._unended.append(first)
        for begun in others:
            self._take(b"".join(self._unended))
            self._unended = [begun]

    def close(self) -> SentRows:
        self._take(b"".join(self._unended))
        return self._sent

    def _take(self, line: bytes) -> None:
        self._line += 1
        if self._line == 1:
            line = line.removeprefix(UTF8_MARK)
        if line and not line.isspace():
            self._sent.add_line(self._line, _row(line))


def _row(line: bytes) -> object:
    try:
        return decode_json(line)
    except BodyInvalid as error:
        return illegible(error.details["reason"])
