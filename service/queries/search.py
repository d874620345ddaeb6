"""The search box: a text to what has to be found of a customer.

Every word of the text has to begin a word of the customer. A number of four digits or more may also
end the phone number. What the tokens of a customer can't tell is said beside them, as a range that
one of the whole words, which are tokens too, must lie in, so that the filter alone is exact, and
counts and facets go by it. No range is read through an index: that would be in the order of words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.customers.fields import FIELDS, IDENTIFIERS
from service.customers.texts import Unreadable
from service.customers.tokens import LAST_DIGITS, RUNGS, at_end, rung
from service.customers.values import ReadingRules, read
from service.customers.words import LONGEST_WORD, SIGNS, fold, words
from service.errors import InvalidArgument
from service.queries.conditions import begins_with
from service.queries.listed import LIVE
from service.queries.terms import Filter

LONGEST_TEXT = 255
"""Characters."""

MOST_WORDS = 8

_NATIONAL = 7
"""Digits of a number that one dials with a zero before it, at least."""

_INTERNATIONAL = 6
"""Digits of a number that one dials with two zeros before it, at least."""

_LONGEST_NUMBER = 17

_NUMBER = re.compile(rf"(?<!\S)(\+?)\(?[0-9][0-9 ().-]*(?![\w{SIGNS}])")
"""Digits as people write them: in groups."""

_NOBODY: Filter = {"rev": {"$lt": 0}}
"""No index holds `rev`, and an `$or` of which one branch has no index is not read through one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A word of the text. Whoever meets the `filter` has one of the `tokens`; `is_told`: and nobody
    else has."""

    tokens: tuple[str, ...]
    filter: Filter
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Every part has to be found. `identifiers`: what the whole text may be, by name, normalised;
    whoever holds one comes first."""

    parts: tuple[Part, ...]
    identifiers: tuple[tuple[str, str], ...] = ()

    def through(self, first: Part) -> Filter:
        """A filter that is read through the tokens of that part; of the rest the store is to make
        no bounds, whatever it thinks of them."""
        tokens = list(first.tokens)
        rest = [part.filter for part in self.parts if part is not first or not part.is_told]
        through: Filter = {
            "state": LIVE,
            "search": tokens[0] if len(tokens) == 1 else {"$in": tokens},
        }
        return {**through, "$and": list(map(_without_index, rest))} if rest else through


def read_search(text: str, rules: ReadingRules, at: str = "search") -> Search:
    """Raises InvalidArgument for a text in which nothing can be sought, or too much."""
    if len(text) > LONGEST_TEXT:
        raise InvalidArgument(at, f"expected at most {LONGEST_TEXT} characters")
    parts = list({(*part.tokens, repr(part.filter)): part for part in _parts(fold(text))}.values())
    if not parts:
        raise InvalidArgument(at, "expected a letter or digit; leave it out to find everyone")
    if len(parts) > MOST_WORDS:
        raise InvalidArgument(at, f"expected at most {MOST_WORDS} words")
    return Search(tuple(parts), tuple(_identifiers(text.strip(), rules)))


def _identifiers(text: str, rules: ReadingRules) -> Iterator[tuple[str, str]]:
    for name in IDENTIFIERS:
        try:
            yield name, str(read(FIELDS[name].kind, text, rules))
        except Unreadable:
            continue


def _parts(folded: str) -> Iterator[Part]:
    """Of a number in groups, and of all that is between such."""
    place = 0
    for found in _NUMBER.finditer(folded):
        yield from map(_part, words(folded[place : found.start()]))
        yield from _in_groups(found[0], is_international=bool(found[1]))
        place = found.end()
    yield from map(_part, words(folded[place:]))


def _in_groups(text: str, *, is_international: bool) -> Iterable[Part]:
    """Groups of digits are one phone number, or as many words, since nobody can tell which."""
    groups = re.findall("[0-9]+", text.replace("(0)", "") if is_international else text)
    whole, apart = "".join(groups), list(map(_part, groups))
    if len(whole) > _LONGEST_NUMBER or (len(groups) == 1 and not is_international):
        return apart
    one = _begun_number(whole) if is_international else _part(whole)
    if len(groups) == 1:
        return [one]
    longest = apart[groups.index(max(groups, key=len))]
    tokens = tuple(dict.fromkeys(one.tokens + longest.tokens))
    every: Filter = {"$and": [part.filter for part in apart]}
    return [Part(tokens, {"$or": [one.filter, every]})]


def _part(word: str) -> Part:
    word = word[:LONGEST_WORD]
    if word.isascii() and word.isdigit() and len(word) >= LAST_DIGITS:
        return _number(word)
    is_token = len(word) in RUNGS
    return Part((rung(word),), _begins(word), is_told=is_token)


def _begins(word: str) -> Filter:
    return {"search": word if len(word) in RUNGS else {"$elemMatch": dict(begins_with(word))}}


def _number(digits: str) -> Part:
    """It begins a word or the phone number, or ends the latter; dialled from inside a country, it
    does so without its zero, and from abroad it begins the number without its two."""
    if len(digits) == LAST_DIGITS:
        return Part((digits,), _begins(digits), is_told=True)
    parts = [Part((rung(digits), at_end(digits)), _begins(digits))]
    filters = [_begins(digits), _ends(digits)]
    if digits[0] == "0" and len(digits) >= _NATIONAL:
        filters.append(_ends(digits[1:]))
    if digits.startswith("00") and len(digits) >= _INTERNATIONAL and digits[2] != "0":
        parts.append(_begun_number(digits[2:]))
        filters.append(parts[-1].filter)
    tokens = dict.fromkeys(token for part in parts for token in part.tokens)
    return Part(tuple(tokens), {"$or": filters})


def _ends(digits: str) -> Filter:
    """The expression is tried on the few who have the token."""
    return {"$and": [{"search": at_end(digits)}, {"phone_number": {"$regex": f"{digits}$"}}]}


def _begun_number(digits: str) -> Part:
    return Part((rung(digits),), {"phone_number": dict(begins_with(f"+{digits}"))})


def _without_index(one: Filter) -> Filter:
    branches = one["$or"] if list(one) == ["$or"] else [one]
    return {"$or": [*branches, _NOBODY]}
