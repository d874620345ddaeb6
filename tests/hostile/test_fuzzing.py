"""A small part of what `scripts/fuzz-schema` does; and that a failure would be seen."""

from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from graphql_schema.schema import core_schema
from tests.hostile.fuzzing import OPERATIONS, fuzz
from tests.hostile.promises import SCALARS, is_answered_as_foreseen

EACH = 3


def test_operations_made_of_the_schema_bring_nothing_about(tmp_path: Path) -> None:
    fuzzed = fuzz(tmp_path / "data", EACH, seed=1)

    assert (0, []) == (fuzzed.status, fuzzed.findings), fuzzed.told[-3000:]
    assert fuzzed.cases >= EACH * OPERATIONS


def test_every_scalar_of_the_schema_has_values() -> None:
    own = {name for name, one in core_schema.type_map.items() if one.ast_node is None}
    scalars = {
        name for name in own if type(core_schema.type_map[name]).__name__ == "GraphQLScalarType"
    }

    assert scalars - {"Boolean", "Float", "ID", "Int", "String"} == set(SCALARS)


def answered(status: int, **content: object) -> None:
    response = SimpleNamespace(status_code=status, content=orjson.dumps(content))
    is_answered_as_foreseen(response)


def wrong(code: str) -> list[dict[str, object]]:
    return [{"message": "", "path": ["a"], "extensions": {"code": code}}]


def test_data_and_refusals_are_foreseen() -> None:
    answered(200, data={"a": 1})
    answered(200, data={"a": None}, errors=wrong("INVALID_ARGUMENT"))
    answered(400, errors=wrong("QUERY_INVALID"))


@pytest.mark.parametrize("code", ["INTERNAL_ERROR", "STORE_UNAVAILABLE"])
def test_a_failure_is_not_foreseen(code: str) -> None:
    with pytest.raises(AssertionError):
        answered(200, data={"a": None}, errors=wrong(code))


def test_an_answer_of_no_kind_is_not_foreseen() -> None:
    with pytest.raises(AssertionError):
        answered(200)
    with pytest.raises(AssertionError):
        answered(502, errors=wrong("QUERY_INVALID"))
