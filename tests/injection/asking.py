"""Requests through each entrance of the schema, with what stands at its places."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql_schema.schema import core_schema
from tests.injection.entrances import Entrance, Place, built, drawn, entrances, places
from tests.injection.hostile import pool
from tests.injection.names import MARK
from tests.injection.serving import Front

ENTRANCES = list(entrances(core_schema))

SEED = {
    "external_id": f"{MARK}seed",
    "canonical_id": "P",
    "city": MARK,
    "tags": [MARK],
    f"ACME__{MARK}": f"${MARK}",
    f"ACME__{MARK}_list": [f"${MARK}", 1],
}
_SAVE = """mutation($name: String!, $where: CustomerWhere!) {
  saveSegment(name: $name, where: $where) { segment { id } errors { code } } }"""

Choose = Callable[[Sequence[Any]], Any]


async def seeded(front: Front) -> dict[str, str]:
    """Ids of what is there to be asked about, by the first field that asks for it."""
    report = await front.upload(SEED)
    (customer,) = report["results"][0]["customer_ids"]
    saved = await front.graphql(_SAVE, {"name": "a", "where": {"city": {"eq": MARK}}})
    segment = saved["data"]["saveSegment"]["segment"]["id"]
    return {
        "customer": customer,
        "customers": customer,
        "segment": segment,
        "saveSegment": segment,
        "upload": report["upload_id"],
    }


def requests(
    entrance: Entrance, ids: Mapping[str, str]
) -> list[tuple[str, Place, Callable[[Any, Any], dict[str, Any]]]]:
    """Of each argument and place: the variables, given what stands there."""

    def variables(argument: str, place: Place) -> Callable[[Any, Any], dict[str, Any]]:
        def given(value: Any, filling: Any) -> dict[str, Any]:
            type_ = entrance.arguments[argument]
            own = {entrance.variable(argument): built(type_, place, value, filling, argument)}
            return {**_needed(entrance, ids), **own}

        return given

    return [
        (argument, place, variables(argument, place))
        for argument, type_ in entrance.arguments.items()
        for place in places(type_)
    ]


def plain(entrance: Entrance, ids: Mapping[str, str]) -> Callable[[str, str], Any]:
    """What stands wherever something must."""
    values: dict[str, Any] = {
        "Int": 1, "Float": 1.5, "Boolean": True, "Date": "1991-06-14", "JSON": 1,
        "DateTime": "2015-08-28", "JSONObject": {f"ACME__{MARK}": 1},
        "CustomerDocument": {"external_id": f"{MARK}1"},
    }  # fmt: skip
    named = {
        "name": f"ACME__{MARK}",
        "canonicalId": "P",
        "id": ids.get(entrance.steps[0].name, MARK),
        "customerId": ids["customer"],
    }
    return lambda scalar, name: named.get(name, values.get(scalar, f"{MARK}1"))


def _needed(entrance: Entrance, ids: Mapping[str, str]) -> dict[str, Any]:
    filling = plain(entrance, ids)
    return {
        name: built(type_, (), filling, filling, name.rpartition("_")[0])
        for name, type_ in entrance.needed.items()
    }


async def swept(front: Front, entrance: Entrance, ids: Mapping[str, str], choose: Choose) -> int:
    """Asks with what is chosen of all that may stand at each place, one place after another; how
    many requests that made."""
    filling, made = plain(entrance, ids), 0
    for argument, place, given in requests(entrance, ids):
        for value in choose(_texts(entrance, argument, place)):
            await front.graphql(entrance.document, given(lambda *_, v=value: v, filling))
            made += 1
    return made


def _texts(entrance: Entrance, argument: str, place: Place) -> Sequence[Any]:
    """What may stand there."""
    asked: list[tuple[str, str]] = []

    def note(scalar: str, name: str) -> Any:
        asked.append((scalar, name))
        return None

    built(entrance.arguments[argument], place, note, lambda *_: None, argument)
    return pool(*asked[0]) if asked else [None]


async def asked_at_random(
    front: Front, entrance: Entrance, ids: Mapping[str, str], draw: Callable[[int], int]
) -> Any:
    """Some of its arguments, each as it happens to be drawn; `draw` gives less than it is given."""

    def value(scalar: str, name: str) -> Any:
        several = pool(scalar, name)
        return several[draw(len(several))]

    given = _needed(entrance, ids)
    for argument, type_ in entrance.arguments.items():
        if draw(2):
            given[entrance.variable(argument)] = drawn(type_, draw, value, argument)
    return await front.graphql(entrance.document, given)
