"""Random operations that are valid on the schema, of bounded depth, for hypothesis."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    parse,
    validate,
)
from hypothesis import assume
from hypothesis import strategies as st

from graphql_schema.schema import core_schema

DEEPEST = 6
ROOTS = ["customers", "customer", "person", "node", "nodes", "service", "segment", "segments"]
TYPES = ["Customer", "Person", "Node", "Profile", "Segment"]

ARGUMENTS: dict[str, list[str]] = {
    "Query.customer": ['by: {externalId: "X1"}', 'by: {email: "shared@example.org"}'],
    "Query.customers": ["", "first: 3", "last: $size", "first: $size", "first: 0"],
    "Query.person": ['canonicalId: "P1"', 'canonicalId: "P2"', 'canonicalId: "none"'],
    "Query.node": ['id: "c.0001"', 'id: "none"', "id: $id"],
    "Query.nodes": ['ids: ["c.0001", "c.0006", "none"]', "ids: [$id, $id]"],
    "Query.segment": ['id: "s.gb"', 'id: "s.bad"', 'id: "s.none"', "id: $id"],
    "Query.segments": ["", "first: 2", 'search: "B"', "first: 0", "first: $size"],
    "members": ["", "first: 2", "last: $size", 'where: {segment: {in: "s.gb"}}'],
    "contains": ['customerId: "c.0001"', "customerId: $id"],
    "count": ["", "upTo: 2", "upTo: $size"],
    "companyField": ['name: "ACME__level"', "name: $name", 'name: "bad"'],
    "companyFields": ["", 'names: ["ACME__hobbies"]', "names: [$name]", "names: null"],
    "customers": ["", "first: 1", "last: $size", "first: $size"],
    "totalCount": ["", "upTo: 2", "upTo: $size", "upTo: 0"],
    "facets": ["of: [{country: {}}, {tags: {size: 1}}]", "of: {canEmail: {}}", "of: []"],
    "groups": ["by: [{country: {}}]", "by: [{tags: {}}, {isForgotten: {}}]", "by: []"],
    "CustomerFieldCounts.companyField": ['name: "ACME__level"', "name: $name"],
    "CustomerExtremes.companyField": ['name: "ACME__big"', "name: $name"],
    "CustomerAverages.companyField": ['name: "ACME__level"', "name: $name"],
}
"""What may stand in the brackets, by field; by type and field at the root."""

DIRECTIVES = ["", "", "", "", "@include(if: $yes)", "@skip(if: $yes)", "@include(if: true)"]
HEAD = "query Q($yes: Boolean!, $name: String!, $size: Int, $id: ID!)"

VARIABLES = st.fixed_dictionaries(
    {
        "yes": st.booleans(),
        "name": st.sampled_from(["ACME__level", "ACME__big", "ACME__absent", "worse"]),
        "size": st.sampled_from([None, 1, 2, 5, -1]),
        "id": st.sampled_from(["c.0001", "c.0003", "c.0007", "p.none", "s.not"]),
    }
)


@dataclass
class _Writer:
    draw: Any
    fragments: dict[str, str] = field(default_factory=dict)

    def selection(self, type_: Any, depth: int) -> str:
        parts = [self.part(type_, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def part(self, type_: Any, depth: int) -> str:
        kind = self.draw(st.integers(0, 11))
        if kind == 0:
            return f"__typename {self.directive()}"
        if kind in (1, 2) and depth < DEEPEST:
            return self.fragment(type_, depth)
        return self.field(type_, depth)

    def field(self, type_: Any, depth: int) -> str:
        """Response names follow from arguments, so that fields of one name can be merged."""
        fits = [
            name
            for name, made in type_.fields.items()
            if is_leaf_type(get_named_type(made.type)) or depth < DEEPEST
        ]
        if not fits:
            return "__typename"
        name = self.draw(st.sampled_from(ROOTS if type_.name == "Query" else fits))
        made: GraphQLField = type_.fields[name]
        named = get_named_type(made.type)
        options = ARGUMENTS.get(f"{type_.name}.{name}") or ARGUMENTS.get(name) or [""]
        number = self.draw(st.integers(0, len(options) - 1))
        alias = f"{name}{number}: " if number or self.draw(st.booleans()) else ""
        brackets = f"({options[number]})" if options[number] else ""
        under = "" if is_leaf_type(named) else self.selection(named, depth + 1)
        return f"{alias}{name}{brackets} {self.directive()} {under}"

    def fragment(self, type_: Any, depth: int) -> str:
        condition = self.draw(st.sampled_from(["", type_.name, *_related(type_)]))
        under = core_schema.type_map[condition] if condition else type_
        selection = self.selection(under, depth + 1)
        if not condition or self.draw(st.booleans()):
            on = f"on {condition}" if condition else ""
            return f"... {on} {self.directive()} {selection}"
        name = f"F{len(self.fragments)}"
        self.fragments[name] = f"fragment {name} on {condition} {selection}"
        again = f"...{name}" if self.draw(st.booleans()) else ""
        return f"...{name} {self.directive()} {again}"

    def directive(self) -> str:
        return str(self.draw(st.sampled_from(DIRECTIVES)))


def _related(type_: Any) -> list[str]:
    """Types that a fragment on objects of a type may be on."""
    if is_abstract_type(type_):
        return TYPES
    if isinstance(type_, GraphQLObjectType):
        return [interface.name for interface in type_.interfaces]
    return []


@st.composite
def operations(draw: Any) -> str:
    """One document, valid but for variables that it leaves unused."""
    writer = _Writer(draw)
    selection = writer.selection(core_schema.query_type, 0)
    text = " ".join([selection, *writer.fragments.values()])
    used = [part for part in HEAD[8:-1].split(", ") if part.partition(":")[0] in text]
    head = f"query Q({', '.join(used)}) " if used else "query Q "
    assume(not validate(core_schema, parse(head + text)))
    return head + text
