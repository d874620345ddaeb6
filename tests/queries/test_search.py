"""The search box: whom a text finds, and whom not, by what customers hold and their tokens."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.customers.tokens import SEARCHED, tokens_of
from service.customers.values import ReadingRules
from service.customers.words import fold, words
from service.errors import InvalidArgument
from service.queries.search import LONGEST_TEXT, MOST_WORDS, Search, read_search
from service.queries.terms import Filter

RULES = ReadingRules(ZoneInfo("UTC"))
NO_APOSTROPHES = str.maketrans("", "", "'’ʼ")
JAMES = {
    "first_name": "Jamés",
    "last_name": "O'Carroll",
    "email": "jim.carroll@example.org",
    "external_id": "X-36194",
    "company": "Red Lane Ltd",
    "phone_number": "+447757138957",
}


def meets(document: Mapping[str, Any], where: Filter) -> bool:
    """Of MongoDB's filters, what a search is made of."""
    return all(_meets(document, path, operand) for path, operand in where.items())


def _meets(document: Mapping[str, Any], path: str, operand: Any) -> bool:
    if path in ("$and", "$or"):
        return (all if path == "$and" else any)(meets(document, one) for one in operand)
    held = document.get(path)
    several = held if isinstance(held, list) else [held]
    if not isinstance(operand, dict):
        return operand in several
    if "$elemMatch" in operand:
        return any(_within(one, operand["$elemMatch"]) for one in several)
    operator, given_ = next(iter(operand.items()))
    if operator == "$in":
        return not set(given_).isdisjoint(several)
    if operator == "$regex":
        return any(isinstance(one, str) and re.search(given_, one) for one in several)
    return any(_within(one, operand) for one in several)


def _within(one: Any, bounds: Mapping[str, Any]) -> bool:
    """A text within a range, as MongoDB orders them; the only numbers are revisions."""
    if type(one) is not type(bounds["$lt"]):
        return False
    key = (lambda text: text.encode("utf-8", "surrogatepass")) if isinstance(one, str) else int
    return key(bounds.get("$gte", one)) <= key(one) < key(bounds["$lt"])


def finds(search: Search, values: Mapping[str, Any]) -> bool:
    """Whichever part it is read through."""
    document = {"state": "live", "rev": 1, **values, "search": tokens_of(values)}
    (found,) = {meets(document, search.through(part)) for part in search.parts}
    return found


def found(text: str, values: Mapping[str, Any] = JAMES) -> bool:
    return finds(read_search(text, RULES), values)


FINDS = [
    "carr james 8957",
    "j",
    "JAMES",
    "jame",
    "o'carroll",
    "ocarr",
    "carroll, james",
    "jim.carroll@exa",
    "jim@",
    "org",
    "X-361",
    "x 36194",
    "red ltd",
    "8957",
    "38957",
    "4477",
    "+44 7757 138957",
    "+4477",
    "+44 (0)7757",
    "07757 138957",
    "07757-13 89 57",
    "7757138957",
    "0044 7757",
    "00447757138957",
    "４４７７",
    "44 361",
    "36194 8957",
    "+44 8957",
]
MISSES = [
    "ames",
    "jamesx",
    "957",
    "james smith",
    "3895",
    "+7757",
    "carr 8958",
    "0447757",
    "007757",
    "361948957",
    "epwell",
]


@pytest.mark.parametrize("text", FINDS)
def test_a_text_finds_whoever_has_all_its_words(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", MISSES)
def test_a_text_finds_nobody_who_lacks_a_word(text: str) -> None:
    assert not found(text)


def test_digits_within_a_number_find_it_only_from_its_ends() -> None:
    assert not found("7713", {"phone_number": "+447757138957"})
    assert not found("895", {"phone_number": "+447757138957"})


def test_the_end_of_a_number_is_no_word_that_begins_so() -> None:
    """Of others than the phone number, the end finds nobody."""
    assert not found("8957", {"external_id": "X38957", "last_name": "Street38957"})


TEXTS = st.one_of(
    st.text(min_size=1, max_size=10),
    st.text("aäßøΣςіЙ山太กข김\u0301١2 -'", min_size=1, max_size=10),
    st.sampled_from(["Zoë", "O'Brien", "van der Berg", "山田", "김민준", "สมชาย", "١٢٣٤٥٦"]),
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "first_name": TEXTS,
        "last_name": TEXTS,
        "company": TEXTS,
        "external_id": st.text("aX12-", min_size=1, max_size=12),
        "email": st.sampled_from(["ann.b1@example.org", "jörg@xn--mller-kva.example"]),
        "phone_number": st.from_regex(r"\+[1-9][0-9]{6,13}", fullmatch=True),
    },
)


def spelled(values: Mapping[str, str]) -> list[str]:
    """Every word that the customer is to be found by."""
    fields = [field for field in SEARCHED if field in values and field != "phone_number"]
    return [word for field in fields for word in words(values[field])]


@given(VALUES, st.data())
def test_everyone_is_found_by_all_beginnings_of_their_words_in_any_order(
    values: dict[str, str], data: st.DataObject
) -> None:
    """In upper case too, where that is another writing of the same."""
    several = spelled(values)
    for word in several:
        for length in range(1, len(word) + 1):
            assert found(word[:length], values)
    if several:
        chosen = data.draw(st.lists(st.sampled_from(several), min_size=1, max_size=MOST_WORDS))
        begun = [word[: data.draw(st.integers(1, len(word)))] for word in chosen]
        text = " ".join(one.upper() if fold(one.upper()) == one else one for one in begun)
        assert found(text[:LONGEST_TEXT], values)


@given(VALUES)
def test_everyone_is_found_by_their_phone_number_from_both_ends(values: dict[str, str]) -> None:
    digits = values.get("phone_number", "")[1:]
    for length in range(1, len(digits) + 1):
        assert found(digits[:length], values)
        assert found("+" + digits[:length], values)
        assert length < 4 or found(digits[-length:], values)


@given(VALUES, st.one_of(TEXTS, st.text("aX12 ", max_size=8)))
def test_nobody_is_found_who_lacks_a_word(values: dict[str, str], text: str) -> None:
    """A word that no word of theirs begins with, nor their number begins or ends with."""
    every = [*spelled(values), *words(" ".join(values.values()).translate(NO_APOSTROPHES))]
    name = values.get("last_name", "") + values.get("first_name", "")
    every += [part[place:] for part in (*every, *words(name)) for place in range(len(part))]
    digits = values.get("phone_number", "")[1:]
    lacking = [
        word
        for word in words(text)
        if not any(one.startswith(word) for one in every)
        and not digits.startswith(word)
        and not (len(word) >= 4 and digits.endswith(word))
    ]
    if lacking and not re.search("[0-9][ .()-]+[0-9]|^0|[^0-9]0", fold(text)):
        assert not found(text, values)


REFUSED = {
    "an empty text": ("", "expected a letter or digit; leave it out to find everyone"),
    "white space": (" \t", "expected a letter or digit; leave it out to find everyone"),
    "no letter": (".-+", "expected a letter or digit; leave it out to find everyone"),
    "a long text": ("a" * 256, "expected at most 255 characters"),
    "many words": ("a b c d e f g h i", "expected at most 8 words"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_text_that_can_find_nobody_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        read_search(text, RULES)

    assert "search" == refused.value.argument
    assert {"reason": reason} == refused.value.details


def test_a_word_that_is_said_twice_counts_once() -> None:
    assert 1 == len(read_search("ann Ann ÁNN ann ann ann ann ann ann", RULES).parts)


IDENTIFIERS = {
    "an external id": ("X-36194", {"external_id": "X-36194"}),
    "an e-mail address": (" Ann@Example.org ", {"email": "ann@example.org"}),
    "a phone number": ("+44 7757 138957", {"phone_number": "+447757138957"}),
    "a word that may be an id": ("ann", {"external_id": "ann"}),
    "names": ("ann carroll", {}),
    "part of an address": ("ann@", {}),
    "a number without its country": ("07757 138957", {}),
}


@pytest.mark.parametrize(("text", "meant"), IDENTIFIERS.values(), ids=IDENTIFIERS.keys())
def test_a_whole_text_may_be_an_identifier(text: str, meant: dict[str, str]) -> None:
    assert meant == dict(read_search(text, RULES).identifiers)
