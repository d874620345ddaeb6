"""The characters of a text that comes in pieces: in UTF-8, UTF-16 or one byte each.

A byte order mark decides; then what was declared; then what the bytes look like.
"""

import codecs
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, IncrementalDecoder
from collections.abc import Mapping
from typing import TYPE_CHECKING

from service.errors import BodyInvalid
from service.web.bodies import UTF8_MARK

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_UTF_16 = "utf-16"

CHARSETS: Mapping[str, str] = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8",
    "utf-16": _UTF_16, "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "iso-8859-1": "iso-8859-1", "latin1": "iso-8859-1", "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252", "cp1252": "windows-1252",
}  # fmt: skip
"""What may be declared, and what it means. ASCII is read as what contains it."""

_ERRORS = {
    "utf-8": "surrogateescape", "utf-16-le": "surrogatepass", "utf-16-be": "surrogatepass"
}  # fmt: skip
_PAST_ASCII = re.compile("[^\x00-\x7f]")
_MARKS = ((UTF8_MARK, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))


class CsvText(IncrementalDecoder):
    """Decodes a body in the charset that was declared, one of the values of `CHARSETS`, or that is
    found. Raises BodyInvalid. Bytes that are no UTF-8 come as lone surrogates, so that they are
    the fault of the row that holds them.
    """

    def __init__(self, declared: str | None) -> None:
        super().__init__()
        self._declared = declared
        self._begin = b""
        self._decoder: IncrementalDecoder | None = None

    def decode(self, data: "ReadableBuffer", final: bool = False) -> str:
        if self._decoder is None:
            data = self._begin = self._begin + bytes(data)
            if len(data) < len(UTF8_MARK) and not final:
                return ""
            charset, data = _unmarked(data)
            self._decoder = _decoder(charset or _charset(self._declared, data))
        try:
            return self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            raise BodyInvalid(f"not {error.encoding}") from None


def _unmarked(begin: bytes) -> tuple[str | None, bytes]:
    """The charset that a byte order mark tells, and what follows it."""
    for mark, charset in _MARKS:
        if begin.startswith(mark):
            return charset, begin.removeprefix(mark)
    return None, begin


def _charset(declared: str | None, begin: bytes) -> str | None:
    """None is still to be found."""
    if declared == _UTF_16:
        return _utf_16_by_zeros(begin) or "utf-16-le"
    return declared or _utf_16_by_zeros(begin)


def _decoder(charset: str | None) -> IncrementalDecoder:
    if charset is None:
        return _Found()
    errors = {
        "utf-8": "surrogateescape",
        "utf-16-le": "surrogatepass",
        "utf-16-be": "surrogatepass",
    }
    return codecs.getincrementaldecoder(charset)(errors.get(charset, "strict"))


def _utf_16_by_zeros(begin: bytes) -> str | None:
    """A header is ASCII, of which UTF-16 makes every other byte zero."""
    if len(begin) < 2 or bool(begin[0]) == bool(begin[1]):
        return None
    return "utf-16-le" if begin[0] else "utf-16-be"


class _Found(IncrementalDecoder):
    """UTF-8 if the first character past ASCII is, else Windows-1252, which is Latin-1 and more.

    There is no telling for good: a body that is read as Windows-1252 and also holds what is UTF-8
    is refused rather than guessed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._utf_8 = _decoder("utf-8")
        self._is_utf_8: bool | None = None

    def decode(self, data: "ReadableBuffer", final: bool = False) -> str:
        text = self._utf_8.decode(data, final)
        if text.isascii():
            return text
        if self._is_utf_8 is None:
            first = _PAST_ASCII.search(text)
            assert first
            self._is_utf_8 = not "\udc80" <= first[0] <= "\udcff"
        return text if self._is_utf_8 else _as_windows(text)


def _as_windows(escaped: str) -> str:
    try:
        return escaped.encode("ascii", "surrogateescape").decode("windows-1252")
    except UnicodeError:
        raise BodyInvalid(
            "neither UTF-8 nor Windows-1252 throughout; declare what it is as charset"
        ) from None
