"""Texts as the search knows them: what makes no difference, and where words begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.customers.words import beginnings, fold, runs_on, words

FOLDED = {
    "case": ("JAMES", "james"),
    "accents": ("Zoë Müller", "zoe muller"),
    "accents set apart": ("Zoe\u0308", "zoe"),
    "sharp s": ("Straße", "strasse"),
    "capital sharp s": ("STRAẞE", "strasse"),
    "strokes": ("Łukasz Ørsted Đurić", "lukasz orsted duric"),
    "ligatures": ("Ægir ﬁnn", "aegir finn"),
    "dotless and dotted i": ("Işık İnci ISIK", "isik inci isik"),
    "final sigma": ("ΣΩΚΡΆΤΗΣ", "σωκρατησ"),
    "cyrillic": ("Алёна Йовович", "алена иовович"),
    "points of Hebrew": ("אָבִי", "אבי"),
    "marks of Arabic": ("مُحَمَّد أحمد", "محمد احمد"),
    "forms of Arabic letters": ("یک", "يك"),
    "stretched Arabic": ("محـــمد", "محمد"),
    "full width": ("Ｊａｍｅｓ１２", "james12"),
    "half width": ("ﾔﾏﾀﾞ", "ヤマダ"),
    "digits of other scripts": ("٣٥٨ ۳۵۸ ३५८ ๓๕๘", "358 358 358 358"),
    "what is no letter": ("co\u00adop\u200b", "coop"),
}


@pytest.mark.parametrize(("text", "folded"), FOLDED.values(), ids=FOLDED.keys())
def test_ways_of_writing_make_no_difference(text: str, folded: str) -> None:
    assert folded == fold(text)


@given(st.text(max_size=20))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(text) == fold(fold(text))


WORDS = {
    "names": ("Anne-Marie O'Brien", ["anne", "marie", "o", "brien"]),
    "an address": (
        "james.carroll+x@mail.example.org",
        ["james", "carroll", "x", "mail", "example", "org"],
    ),
    "an id": ("X-17_a", ["x", "17", "a"]),
    "signs are part of a word": ("प्रिया शर्मा", ["प्रिया", "शर्मा"]),
    "scripts without spaces are runs": ("Red株式会社2号", ["red", "株式会社", "2", "号"]),
    "Thai": ("สมชาย ใจดี", ["สมชาย", "ใจดี"]),
    "Hangul": ("김민준", ["김민준"]),
    "nothing": (" .-\0\ud800_😀", []),
}


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS.keys())
def test_words_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert expected == words(text)


def test_a_word_without_spaces_around_it_begins_at_any_character() -> None:
    assert ["山田太", "田太", "太"] == list(beginnings("山田太"))
    assert ["james"] == list(beginnings("james"))
    assert ["яна"] == list(beginnings("яна"))


def test_two_fields_of_one_name_are_read_as_one_run() -> None:
    assert runs_on("山田", "太郎")
    assert not runs_on("Yamada", "太郎")
    assert not runs_on("山田", "Taro")
    assert not runs_on("", "太郎")
