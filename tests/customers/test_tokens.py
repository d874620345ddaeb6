"""What the search finds a customer by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.customers.tokens import MOST_WORDS, RUNGS, SEARCHED, at_end, rung, tokens_of
from service.customers.words import LONGEST_WORD, words


def test_of_a_word_there_are_some_beginnings_and_the_whole() -> None:
    tokens = tokens_of({"first_name": "Alexandrine"})

    assert {"a", "al", "ale", "alex", "alexandr", "alexandrine"} == set(tokens)


def test_of_a_phone_number_there_are_its_digits_and_the_last_four() -> None:
    tokens = tokens_of({"phone_number": "+358401234567"})

    assert {"3", "35", "358", "3584", "35840123", "358401234567", "4567"} == set(tokens)


def test_the_end_of_a_phone_number_is_no_longer_than_a_rung() -> None:
    """Else a range of longer words could hold it."""
    assert len(at_end("+358401234567")) in RUNGS


@pytest.mark.parametrize(
    ("field", "value"),
    {
        "last_name": "Carroll",
        "first_name": "Carroll",
        "company": "Red Carroll",
        "external_id": "X-Carroll",
        "email": "james.carroll@example.org",
    }.items(),
)
def test_each_field_is_found(field: str, value: str) -> None:
    assert {"c", "car", "carr", "carroll"} <= set(tokens_of({field: value}))


@pytest.mark.parametrize("name", ["O'Brien", "O’Brien", "OʼBrien"])
def test_a_name_with_an_apostrophe_is_found_without_it_too(name: str) -> None:
    assert {"o", "bri", "brien", "obrien"} <= set(tokens_of({"last_name": name}))


def test_a_domain_is_found_as_it_is_stored_and_as_it_is_read() -> None:
    tokens = tokens_of({"email": "a@xn--mller-kva.example"})

    assert {"xn", "mller", "kva", "muller", "example"} <= set(tokens)


def test_a_name_in_two_fields_is_found_as_one() -> None:
    tokens = tokens_of({"last_name": "山田", "first_name": "太郎"})

    assert {"山田太郎", "田太郎", "太郎", "郎", "山"} <= set(tokens)


def test_a_long_word_with_an_accent_is_cut() -> None:
    """Also where nothing is left of the accent."""
    assert LONGEST_WORD == max(map(len, tokens_of({"company": "é" + "a" * 300})))


def test_fields_that_are_not_searched_leave_no_tokens() -> None:
    assert [] == tokens_of({"city": "Epwell", "tags": ["vip"], "A__x": "y", "gender": "female"})


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.text(min_size=1, max_size=12),
        "last_name": st.text(min_size=1, max_size=12),
        "company": st.text("ab c", min_size=1, max_size=20),
        "external_id": st.text("aX1-", min_size=1, max_size=12),
        "email": st.sampled_from(["ann.b@example.org", "jörg@xn--mller-kva.example"]),
        "phone_number": st.sampled_from(["+358401234567", "+4479460000"]),
    },
)


@given(VALUES)
def test_wherever_a_word_begins_with_another_its_rung_is_a_token(values: dict[str, str]) -> None:
    tokens = tokens_of(values)

    assert len(tokens) == len(set(tokens))
    for field in SEARCHED:
        for word in words(values.get(field, "")):
            assert word in tokens
            assert {rung(word[:length]) for length in range(1, len(word) + 1)} <= set(tokens)


@pytest.mark.parametrize("text", ["ab " * 341, "a" * 1024, "山" * 1024, "é" * 1024, "ﷺ" * 1024])
def test_the_tokens_of_one_customer_are_bounded(text: str) -> None:
    tokens = tokens_of({"first_name": text, "last_name": text, "company": text})

    assert len(tokens) <= (MOST_WORDS + 1) * (len(RUNGS) + 1)
    assert max(map(len, tokens)) <= 1024
