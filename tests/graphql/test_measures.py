"""What is counted of a document is what would be found by putting every fragment in its place."""

from typing import Any

from graphql import parse
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_schema.measures import Measures, count

LAST = 4
"""Fragments spread those of higher numbers alone, up to this one."""


@st.composite
def selections(draw: Any, fragment: int = -1, levels: int = 2) -> str:
    parts = [draw(_part(fragment, levels)) for _ in range(draw(st.integers(0, 3)))]
    return "{ " + " ".join(parts) + " }"


@st.composite
def _part(draw: Any, fragment: int, levels: int) -> str:
    directives = "@a " * draw(st.integers(0, 2))
    kind = draw(st.sampled_from(["field", "field", "nested", "inline", "spread"]))
    if kind == "spread" and fragment < LAST:
        return f"...F{draw(st.integers(fragment + 1, LAST))} {directives}"
    if kind == "inline" and levels:
        return f"... {directives}{draw(selections(fragment, levels - 1))}"
    name = draw(st.sampled_from(["a", "b: a", "__schema", "c: __type", "__typename"]))
    inner = draw(selections(fragment, levels - 1)) if kind == "nested" and levels else ""
    return f"{name} {directives}{inner}"


@st.composite
def documents(draw: Any) -> str:
    fragments = [
        f"fragment F{number} on Query {'@a ' * draw(st.integers(0, 1))}{draw(selections(number))}"
        for number in range(LAST + 1)
    ]
    operations = [
        f"query Q{number}($v: Int {'@a ' * draw(st.integers(0, 1))}) {draw(selections())}"
        for number in range(draw(st.integers(1, 2)))
    ]
    return " ".join(draw(st.permutations(fragments + operations)))


class Expanding:
    """Walks each fragment again wherever it is spread."""

    def __init__(self, document: Any) -> None:
        by_kind: dict[str, list[Any]] = {one.kind: [] for one in document.definitions}
        for one in document.definitions:
            by_kind[one.kind].append(one)
        self.operations = by_kind["operation_definition"]
        self.fragments = {one.name.value: one for one in by_kind["fragment_definition"]}
        self.spread: set[str] = set()

    def measures(self, operation: Any) -> Measures:
        found = Measures(directives=len(operation.directives or ()))
        found.directives += sum(
            len(one.directives or ()) for one in operation.variable_definitions or ()
        )
        self._walk(operation.selection_set.selections, found, 1, introspects=False)
        return found

    def fields(self, fragment: str) -> int:
        found = Measures()
        selections = self.fragments[fragment].selection_set.selections
        self._walk(selections, found, 1, introspects=False)
        return found.fields

    def _walk(self, nodes: Any, found: Measures, level: int, introspects: bool) -> None:
        for node in nodes:
            found.fields += 1
            found.directives += len(node.directives or ())
            if node.kind == "field":
                self._field(node, found, level, introspects)
                continue
            if node.kind == "fragment_spread":
                self.spread.add(node.name.value)
                node = self.fragments[node.name.value]
                found.directives += len(node.directives or ())
            self._walk(node.selection_set.selections, found, level, introspects)

    def _field(self, node: Any, found: Measures, level: int, introspects: bool) -> None:
        introspects = introspects or node.name.value in ("__schema", "__type")
        found.root_fields += level == 1
        found.aliases += node.alias is not None
        if introspects:
            found.introspection_depth = max(found.introspection_depth, level)
        else:
            found.depth = max(found.depth, level)
        if node.selection_set:
            self._walk(node.selection_set.selections, found, level + 1, introspects)


@settings(max_examples=50)
@given(documents())
def test_fragments_count_wherever_they_are_spread(text: str) -> None:
    document = parse(text)
    expanding = Expanding(document)

    counted = count(document)

    expected = [expanding.measures(operation) for operation in expanding.operations]
    assert expected == counted.operations


@settings(max_examples=50)
@given(documents())
def test_all_that_is_written_counts_at_least_once(text: str) -> None:
    document = parse(text)
    expanding = Expanding(document)
    expected = sum(expanding.measures(operation).fields for operation in expanding.operations)
    for name in expanding.fragments.keys() - expanding.spread:
        expected += expanding.fields(name)

    assert expected == count(document).fields
