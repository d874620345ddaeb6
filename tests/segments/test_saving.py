"""Segments are saved whole, under a name of their own, on each store."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.errors import Conflict, InvalidArgument, NameTaken, NotFound, SegmentInvalid
from service.segments.saving import MAX_BYTES, MAX_DESCRIPTION, MAX_NAME, Draft
from service.store.segments import SavedSegment, Segments
from tests.queries.reading import NOW, TERMS
from tests.segments.saving import OULU, naming, save, saving_on, stored


async def refusal(store: Segments, **draft: Any) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught:
        await save(saving_on(store), **{"name": "Refused", **draft})
    assert 0 == await store.count({})
    return caught.value


async def test_a_segment_comes_back_as_it_was_saved(segments: Segments) -> None:
    where = {
        "companyFields": [
            {"name": "A__b", "in": [2**62, 1.0, 1, "$x.y", True, {"b": 1, "a": ["\U0001f9d1"]}]}
        ],
        "lastLogin": {"last": {"months": 6}},
    }

    saved = await save(saving_on(segments), " Lapsed ", where, description="For letters")

    assert SavedSegment("s.1", "Lapsed", where, NOW, NOW, "For letters") == saved
    (found,) = await stored(segments, "s.1")
    assert (saved, repr(where)) == (found, repr(found.where))


async def test_a_change_replaces_name_and_conditions_and_moves_its_moment(
    segments: Segments,
) -> None:
    saving = saving_on(segments)
    await save(saving, "Old", description="Why")
    later = replace(TERMS, now=NOW + timedelta(days=1, microseconds=1234))

    await saving.save(Draft("New", {}, None, "s.1"), later)

    (found,) = await stored(segments, "s.1")
    moment = NOW + timedelta(days=1, milliseconds=1)
    assert SavedSegment("s.1", "New", {}, NOW, moment, "Why", rev=2) == found


@pytest.mark.parametrize("empty", ["", "  "])
async def test_an_empty_description_removes_it(segments: Segments, empty: str) -> None:
    saving = saving_on(segments)
    await save(saving, "Name", description="Why")

    await save(saving, "Name", description=empty, id="s.1")

    (found,) = await stored(segments, "s.1")
    assert found.description is None


async def test_a_name_is_one_segments_alone_letter_case_aside(segments: Segments) -> None:
    saving = saving_on(segments)
    await save(saving, "Straße")
    await save(saving, "Other")

    for segment_id in (None, "s.2"):
        with pytest.raises(NameTaken):
            await save(saving, "STRASSE", id=segment_id)

    assert ["Straße", "Other"] == [one.name for one in await stored(segments, "s.1", "s.2")]


async def test_a_segment_keeps_its_name_in_other_letters(segments: Segments) -> None:
    saving = saving_on(segments)
    await save(saving, "vip")

    await save(saving, "VIP", id="s.1")

    assert ["VIP"] == [one.name for one in await stored(segments, "s.1")]


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("name", ""),
        ("name", " \t"),
        ("name", "a\0b"),
        ("name", "a\ud800"),
        ("name", "x" * (MAX_NAME + 1)),
        ("description", "a\nb"),
        ("description", "x" * (MAX_DESCRIPTION + 1)),
    ],
)
async def test_a_text_that_can_not_be_kept_is_told(
    segments: Segments, argument: str, given: str
) -> None:
    error = await refusal(segments, **{argument: given})

    assert argument == error.argument


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("where.city.eq", {"city": {"eq": None}}),
        ("where.or.0.and.1", {"or": [{"and": [OULU, None]}]}),
        ("where.tags.hasAny", {"tags": {"hasAny": []}}),
        ("where.not.country.eq", {"not": {"country": {"eq": "XX"}}}),
        ("where.lastLogin.last.days", {"lastLogin": {"last": {"days": 0}}}),
        ("where.email.eq", {"email": {"eq": "ann@example.org"}}),
        ("where.and.0.id.in", {"and": [{"id": {"in": ["c.1"]}}]}),
        ("where.segment.in.0", naming("s.none")),
        ("where.segment.in.0", naming("\ud800")),
        ("where.companyFields.0.eq", {"companyFields": [{"name": "A__b", "eq": {"$gt": 1}}]}),
        ("where", {"tags": {"hasAny": [f"{n:0>66}" for n in range(1000)]}}),
    ],
    ids=lambda given: str(given)[:40],
)
async def test_conditions_that_can_not_be_kept_are_told_at_their_place(
    segments: Segments, place: str, where: dict[str, Any]
) -> None:
    error = await refusal(segments, where=where)

    assert place == error.argument
    assert "ann@" not in error.message


async def test_conditions_of_a_few_kilobytes_are_kept(segments: Segments) -> None:
    where = {"tags": {"hasAny": [f"{number:ä>200}" for number in range(MAX_BYTES // 410)]}}

    await save(saving_on(segments), "Large", where)

    assert [where] == [one.where for one in await stored(segments, "s.1")]


async def test_a_segment_that_is_not_allowed_any_more_can_not_be_named(segments: Segments) -> None:
    await segments.insert(SavedSegment("s.bad", "Bad", {"country": {"eq": "XX"}}, NOW, NOW))

    with pytest.raises(SegmentInvalid) as caught:
        await save(saving_on(segments), "New", {"or": [naming("s.bad"), OULU]})

    assert "where.or.0.segment.in.0" == caught.value.argument


@pytest.mark.parametrize("unknown", ["s.none", "", "\0", "\ud800"])
async def test_an_id_that_no_segment_has_is_neither_changed_nor_deleted(
    segments: Segments, unknown: str
) -> None:
    saving = saving_on(segments)
    with pytest.raises(NotFound):
        await save(saving, "Name", id=unknown)
    with pytest.raises(NotFound):
        await saving.delete(unknown)

    assert 0 == await segments.count({})


async def test_a_deleted_segment_is_gone_and_its_name_is_free(segments: Segments) -> None:
    saving = saving_on(segments)
    await save(saving, "Name")

    await saving.delete("s.1")

    assert {} == await segments.by_ids(["s.1"])
    assert "s.2" == (await save(saving, "Name")).id


async def test_who_never_wins_is_told(segments: Segments, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lose(*_: object) -> bool:
        return False

    saving = saving_on(segments)
    await save(saving, "Name")
    monkeypatch.setattr(Segments, "change", lose)

    with pytest.raises(Conflict):
        await save(saving, "Other", id="s.1")
