"""The words of a text as the search knows them: folded, so that case, accents and ways of writing a
letter make no difference.

A word is a run of letters and digits. A script that sets no spaces between words (Han, kana, Thai
and such) is a run of its own, in which a word may begin at any character; Hangul is taken for one,
since a family name and a given name are written as one.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

LONGEST_WORD = 255
"""Characters of a word that count."""

_ASCII_WORD = re.compile("[a-z0-9]+")

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, Han, Hangul."""

_ACCENTS = (
    range(0x0300, 0x0370), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0x20D0, 0x2100),
    range(0xFE20, 0xFE30),
    range(0x0591, 0x05BE), (0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7),
    range(0x0610, 0x061B), range(0x064B, 0x0660), (0x0640, 0x0670), range(0x06D6, 0x06EE),
    range(0x0730, 0x074B),
    (0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x061C, 0xFEFF), range(0xFE00, 0xFE10),
)  # fmt: skip
"""Accents of Latin, Greek and Cyrillic, points of Hebrew, Arabic and Syriac; and what shapes a text
and is no letter. Signs of Indic scripts, of Thai and of kana are parts of their letters, and stay.
"""

_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ĸ": "k", "ŋ": "n",
    "æ": "ae", "œ": "oe", "þ": "th", "ƒ": "f", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
    "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ە": "ه",
}  # fmt: skip
"""Letters that Unicode takes for letters of their own, and people for forms of another."""

_APOSTROPHES = dict.fromkeys("’ʼʹ`´", "'")
"""One of them is a letter to Unicode."""

_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66)
_MORE_ZEROS = (0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810)

_ACCENT = re.compile(f"[{''.join(map(chr, chain.from_iterable(_ACCENTS)))}]+")
_FOLDED = str.maketrans(
    _LETTERS
    | _APOSTROPHES
    | {chr(zero + n): str(n) for zero in _ZEROS + _MORE_ZEROS for n in range(10)}
)

SIGNS = re.escape(
    "".join(
        chr(point) for point in range(0x0900, 0x3100) if unicodedata.category(chr(point))[0] == "M"
    )
)
"""What belongs to the letter before it, for a set in an expression."""

_WORD = re.compile(f"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])(?:[^\\W_]|[{SIGNS}]))+")
_BEGINS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ENDS_UNSPACED = re.compile(f"[{_UNSPACED}]$")


def words(text: str) -> list[str]:
    """In their order, each as often as it stands there."""
    folded = fold(text)
    return (_ASCII_WORD if folded.isascii() else _WORD).findall(folded)


def fold(text: str) -> str:
    """Texts that differ in case, accents or width alone are one."""
    if text.isascii():
        return text.lower()
    plain = _ACCENT.sub("", unicodedata.normalize("NFKD", text).casefold())
    if plain.isascii():
        return plain
    plain = _ACCENT.sub("", unicodedata.normalize("NFKD", plain).translate(_FOLDED))
    return unicodedata.normalize("NFC", plain)


def beginnings(word: str) -> Iterator[str]:
    """The word, and where a word may begin at any character all that follows each."""
    places = len(word) if _BEGINS_UNSPACED.match(word) else 1
    return (word[place : place + LONGEST_WORD] for place in range(places))


def runs_on(text: str, other: str) -> bool:
    """Whether the two, one after the other, are read as one run: a Chinese name in two fields."""
    return bool(_ENDS_UNSPACED.search(text) and _BEGINS_UNSPACED.match(other))
