"""Segments whose conditions are no longer allowed."""

from typing import Any

import pytest

from tests.graphql.asking import Graph
from tests.graphql.segmenting import DROP, NAMES, count, put, saved, some

PROBLEMS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "a field that is gone": (
        {"city": {"eq": "Oulu"}, "shoeSize": {"eq": 42}, "and": [{"hatSize": {}}]},
        [("INVALID_ARGUMENT", "where.and.0"), ("INVALID_ARGUMENT", "where")],
    ),
    "an operator that is gone": (
        {"not": {"city": {"soundsLike": "Oulu"}}},
        [("INVALID_ARGUMENT", "where.not.city")],
    ),
    "a value of another type": ({"city": {"eq": 3}}, [("INVALID_ARGUMENT", "where.city.eq")]),
    "an enum's value that is gone": (
        {"companyFields": [{"name": "A__b", "kind": ["SHOE"]}]},
        [("INVALID_ARGUMENT", "where.companyFields.0.kind.0")],
    ),
    "a value that can't be read": (
        {"country": {"eq": "XX"}},
        [("INVALID_ARGUMENT", "where.country.eq")],
    ),
    "null": ({"city": {"eq": None}}, [("INVALID_ARGUMENT", "where.city.eq")]),
    "several units": (
        {"lastLogin": {"last": {"days": 1, "weeks": 1}}},
        [("INVALID_ARGUMENT", "where.lastLogin.last")],
    ),
    "no object": ([], [("INVALID_ARGUMENT", "where")]),
    "itself": ({"segment": {"in": ["s.bad"]}}, [("SEGMENT_CYCLE", "where")]),
}


async def test_a_deleted_segment_leaves_its_customers_and_a_problem(graph: Graph) -> None:
    await some(graph)
    one = await saved(graph, "One", {"city": {"eq": "Oulu"}})
    other = await saved(graph, "Other", {"segment": {"in": [one]}})

    dropped = (await graph.data(DROP, id=one))["deleteSegment"]
    again = (await graph.data(DROP, id=one))["deleteSegment"]
    answer = await graph.answer(
        """query($one: ID!, $other: ID!) { customers { totalCount } gone: segment(id: $one) { id }
        segment(id: $other) { name problems { code field } count } }""",
        one=one,
        other=other,
    )

    assert {"deletedSegmentId": one, "errors": []} == dropped
    assert {"deletedSegmentId": None, "errors": [{"code": "NOT_FOUND", "field": "id"}]} == again
    assert {
        "customers": {"totalCount": 4},
        "gone": None,
        "segment": {
            "name": "Other",
            "problems": [{"code": "INVALID_ARGUMENT", "field": "where.segment.in.0"}],
            "count": None,
        },
    } == answer["data"]


@pytest.mark.parametrize(("where", "problems"), PROBLEMS.values(), ids=PROBLEMS.keys())
async def test_conditions_that_are_no_longer_allowed_say_so(
    quick: Graph, where: Any, problems: list[tuple[str, str]]
) -> None:
    """They are listed, and whoever they mean is an error."""
    await put(quick, "s.bad", where)

    answer = await quick.answer(
        """{ segments { nodes { name problems { code field message } count
        contains(customerId: "c.1") members { totalCount } } } }"""
    )

    (found,) = answer["data"]["segments"]["nodes"]
    told = found.pop("problems")
    assert sorted(problems) == sorted((one["code"], one["field"]) for one in told)
    assert {"name": "s.bad", "count": None, "contains": None, "members": None} == found
    assert {"SEGMENT_INVALID"} == {error["extensions"]["code"] for error in answer["errors"]}
    assert "Oulu" not in str(answer)


async def test_conditions_that_are_no_longer_allowed_are_mended_or_deleted(quick: Graph) -> None:
    await put(quick, "s.one", {"shoeSize": {"eq": 42}})
    await put(quick, "s.two", {"shoeSize": {"eq": 42}})

    await saved(quick, "One", {"city": {"eq": "Oulu"}}, id="s.one")
    await quick.data(DROP, id="s.two")

    assert 0 == await count(quick, "s.one")
    assert 1 == (await quick.data(NAMES))["segments"]["totalCount"]


async def test_who_names_a_segment_that_is_no_longer_allowed_is_told_which(quick: Graph) -> None:
    await put(quick, "s.bad", {"shoeSize": {"eq": 42}})
    await put(quick, "s.other", {"or": [{}, {"segment": {"notIn": ["s.bad"]}}]})

    found = await quick.data('{ segment(id: "s.other") { problems { code field } } }')
    error = await quick.error('{ customers(where: {segment: {in: "s.bad"}}) { totalCount } }')

    place = "where.or.1.segment.notIn.0"
    assert [{"code": "SEGMENT_INVALID", "field": place}] == found["segment"]["problems"]
    assert {"code": "SEGMENT_INVALID", "argument": "where.segment.in.0"} == error["extensions"]


async def test_a_field_whose_declared_type_does_not_take_the_value_any_more_is_a_problem(
    graph: Graph,
) -> None:
    await graph.upload({"external_id": "A", "A__b": 3})
    segment_id = await saved(graph, "Three", {"companyFields": {"name": "A__b", "eq": "three"}})
    declared = await graph.data(
        """mutation { declareCompanyField(name: "A__b", declaration: {type: NUMBER}) {
        errors { code } } }"""
    )
    assert [] == declared["declareCompanyField"]["errors"]
    await graph.services.registry.fields.reread()

    found = await graph.data(
        "query($id: ID!) { segment(id: $id) { problems { field message } } }", id=segment_id
    )

    (problem,) = found["segment"]["problems"]
    assert "where.companyFields.0.eq" == problem["field"]
    assert "three" not in problem["message"]
