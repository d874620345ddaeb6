"""Reading a text: trimmed, NFC, nothing in it that breaks a line or is no character."""

import re
import unicodedata
from math import isfinite

from service.errors import Detail, ErrorCode

MAX_TEXT = 1024
"""Characters of a text."""

_LONGEST_INTEGER = 4000
"""Bits; past it Python refuses to write an integer out, and it is longer than any text here."""

_SHRINKS = 4
"""NFC makes at most one character of so many; longer texts need not be normalised to be refused."""

_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Controls, the two separators that break lines as controls do, lone surrogates. What only shapes
text (joiners, marks of direction) stays: names in Persian, Hindi or Arabic need it."""

_SURROGATE_OR_NUL = re.compile("[\x00\ud800-\udfff]")


class Unreadable(Exception):
    """A value that can't be taken; which field it was for is the caller's to add."""

    def __init__(
        self, code: ErrorCode, suggestion: str | None = None, /, **details: Detail
    ) -> None:
        super().__init__(code)
        self.code = code
        self.suggestion = suggestion
        self.details = details


def wrong_type(expected: str) -> Unreadable:
    return Unreadable(ErrorCode.WRONG_TYPE, expected=expected)


def too_long(limit: int, unit: str) -> Unreadable:
    return Unreadable(ErrorCode.TOO_LONG, limit=limit, unit=unit)


def is_empty(raw: object) -> bool:
    """Whether it is a text with nothing in it but white space."""
    return isinstance(raw, str) and not raw.strip()


def read_text(raw: object, limit: int = MAX_TEXT) -> str:
    """Numbers are read as their text, as JSON writes them."""
    text = written(raw, limit).strip()
    if text.isascii() and text.isprintable():
        return _within(text, limit, limit)
    _within(text, limit * _SHRINKS, limit)
    if _REFUSED.search(text):
        raise Unreadable(ErrorCode.INVALID_TEXT)
    return _within(unicodedata.normalize("NFC", text), limit, limit)


def written(raw: object, limit: int = MAX_TEXT) -> str:
    """A text as it is, a number as its text. `limit` is in characters and holds numbers alone."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise wrong_type("text, or a number that is read as its text")
    if isinstance(raw, int):
        if raw.bit_length() > _LONGEST_INTEGER:
            raise too_long(limit, "characters")
        return str(raw)
    if not isfinite(raw):
        raise Unreadable(ErrorCode.NUMBER_OUT_OF_RANGE)
    return repr(raw)


def is_storable(text: str) -> bool:
    """Whether a text that is kept as it came can be: no NUL, no lone surrogates."""
    return _SURROGATE_OR_NUL.search(text) is None


def _within(text: str, most: int, limit: int) -> str:
    if len(text) > most:
        raise too_long(limit, "characters")
    return text
