"""Conditions written in a query, with variables in them."""

from tests.graphql.asking import Graph

QUERY = (
    "query($city: String) { customers(where: {city: {exists: true, eq: $city}}) {"
    " nodes { city } } %s }"
)
OTHERS = ["", "service { version }"]
"""With another field beside it, the query is executed in another way."""


async def test_a_variable_in_a_condition_is_its_value(quick: Graph) -> None:
    await quick.upload({"external_id": "A", "city": "Oulu"}, {"external_id": "B", "city": "Ely"})

    for other in OTHERS:
        found = await quick.data(QUERY % other, city="Ely")
        assert [{"city": "Ely"}] == found["customers"]["nodes"]


async def test_a_variable_that_was_forgotten_widens_no_condition(quick: Graph) -> None:
    for other in OTHERS:
        error = await quick.error(QUERY % other)
        assert ("INVALID_ARGUMENT", "where") == (
            error["extensions"]["code"],
            error["extensions"]["argument"],
        )
        assert "$city" in error["message"]
