"""Tokens: what the search finds a customer by. They stand in its document and are matched by
equality, which an index serves.

Of each word its beginnings of one to four and of eight characters, and the whole; of a phone number
its digits as a word, and the last four. A search for a beginning of another length asks for the
next shorter one, and then looks whether a whole word begins so: `service/queries/search.py`. None
that is longer than four can be the end of a phone number, so ends need no mark. All beginnings
would be twice as many.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter

import idna

from service.customers.changes import Value
from service.customers.words import LONGEST_WORD, beginnings, runs_on, words

TOKENS_VERSION = 2
"""Of the rules on this page and in `words.py`: the `schema_version` of a document made by them.
Raise it with any change to them."""

SEARCHED = ("last_name", "first_name", "email", "external_id", "company", "phone_number")
"""Fields whose words are found."""

RUNGS = (1, 2, 3, 4, 8)
"""Lengths of the beginnings."""

LAST_DIGITS = 4
"""Digits at the end of a phone number that find it, at least: as many as a rung has."""

MOST_WORDS = 32
"""Of one customer, in the order of `SEARCHED`."""

_NO_APOSTROPHES = str.maketrans("", "", "'’ʼ")


def tokens_of(values: Mapping[str, Value]) -> list[str]:
    """Of a live customer's values, no two alike and in no order; at most some 200."""
    get = values.get
    last, first = get("last_name", ""), get("first_name", "")
    between = " " if first.isascii() or not runs_on(last, first) else ""
    local, _, domain = get("email", "").partition("@")
    rest = f" {local} {get('external_id', '')} {get('company', '')}"
    several = _beginnings(last + between + first + rest)
    found: set[str] = set(_domain(domain)) if domain else set()
    if number := get("phone_number"):
        several.append(number[1:])
        found.add(at_end(number))
    found.update(*map(_steps, several))
    return list(found)


def at_end(digits: str) -> str:
    """The token of the last digits of a phone number."""
    return digits[-LAST_DIGITS:]


def rung(word: str) -> str:
    """The longest beginning of the word that is a token wherever a word begins with it."""
    return word[: max(length for length in RUNGS if length <= len(word))]


_steps = itemgetter(slice(None), *map(slice, RUNGS))
"""The word and its beginnings; those of a short one are the word again."""


def _beginnings(text: str) -> list[str]:
    """Where its words begin. O'Brien is written without the apostrophe, too."""
    several = words(text)
    if "'" in text or "’" in text or "ʼ" in text:
        several += [word for word in words(text.translate(_NO_APOSTROPHES)) if word not in several]
    if not text.isascii() and not ("".join(several).isascii() and len(text) <= LONGEST_WORD):
        several = list(islice(chain.from_iterable(map(beginnings, several)), MOST_WORDS))
    return several[:MOST_WORDS]


@lru_cache(maxsize=4096)
def _domain(domain: str) -> tuple[str, ...]:
    """Tokens of an e-mail address's domain, also as its owner writes it. Domains come again."""
    several = words(domain)
    if "xn--" in domain:
        with suppress(idna.IDNAError):  # of an older standard
            several += _beginnings(idna.decode(domain))
    return tuple(set(chain.from_iterable(map(_steps, several))))
