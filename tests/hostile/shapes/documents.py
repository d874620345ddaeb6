"""GraphQL documents: how much they ask for, and of what."""

from graphql import get_introspection_query

from tests.hostile.shots import asked

SERVICE = "service { version }"


def _nested(field: str, levels: int, leaf: str = "id") -> str:
    return f"{{ {field} {{ " * levels + leaf + " } }" * levels


def _aliased(number: int, field: str) -> str:
    return "{ " + " ".join(f"a{n}: {field}" for n in range(number)) + " }"


_NODE = 'node(id: "%customer%") { ... on Customer { person { customers(first: 1) { nodes'
_CIRCLE = "fields { name type { name "

SHAPES = [
    asked("deep selection", _nested("customers { nodes", 60) + " }" * 60),
    asked("deep circle of persons", "{ " + (_NODE + " { ") * 12 + "id" + " } } } } }" * 12 + " }"),
    asked("deep selection of nothing there", "{ a " * 500 + "}" * 500),
    asked("deep selection past any stack", "{ a " * 20_000 + "}" * 20_000),
    asked("deep value", "{ customers(where: " + "{not: " * 400 + "{}" + "}" * 400 + ") { totalCount } }"),
    asked("deep list value", "{ nodes(ids: " + "[" * 900 + "]" * 900 + ") { id } }"),
    asked("deep list type", "query($a: " + "[" * 900 + "Int" + "]" * 900 + ") { " + SERVICE + " }"),
    asked("aliases by the thousand", _aliased(1000, SERVICE)),
    asked("aliases at the limit", _aliased(20, SERVICE)),
    asked("aliases of lists", _aliased(20, "customers(first: 1000) { totalCount nodes { id } }")),
    asked("aliases of counts", _aliased(12, "customers { totalCount }")),
    asked("aliases of one customer", _aliased(15, 'customer(by: {id: "%customer%"}) { id tags }')),
    asked("aliases of a leaf", "{ service { " + " ".join(f"a{n}: version" for n in range(99)) + " } }"),
    asked("a field repeated", "{ service { " + "version " * 900 + "} }"),
    asked("a field repeated at the limit", "{ service { " + "version " * 390 + "} }"),
    asked("an object repeated", "{ " + "customers { nodes { id } } " * 60 + "}"),
    asked(
        "overlapping selections",
        "{ " + "customers { nodes { id person { id firstName } } edges { node { id } } } " * 12 + "}",
    ),
    asked(
        "selections that conflict everywhere",
        "{ customers { " + " ".join(f"x: nodes {{ y: {one} }}" for one in ("id", "tags", "city") * 30) + " } }",
    ),
    asked(
        "arguments that conflict everywhere",
        "{ " + " ".join(f"customers(first: {n}) {{ totalCount }}" for n in range(80)) + " }",
    ),
    asked("directives by the hundred", "{ service " + "@skip(if: false) " * 300 + "{ version } }"),
    asked("directives nobody knows", "{ service " + "@aa " * 300 + "{ version } }"),
    asked("directives of other names", "{ " + " ".join(f"service @d{n} {{ version }}" for n in range(90)) + " }"),
    asked("directives in wrong places", "query @skip(if: true) @include { service @deprecated { version @specifiedBy } }"),
    asked("skip and include at once", "{ service @skip(if: true) @include(if: true) { version } }"),
    asked("all is skipped", "{ service @skip(if: true) { version } }"),
    asked("defer", "{ ... @defer(label: \"a\") { service { version } } }"),
    asked("stream", "{ customers { nodes @stream(initialCount: 1) { id } } }"),
    asked("live", "query @live { service { version } }"),
    asked("one of many at once", '{ customer(by: {id: "a", email: "b", externalId: "c"}) { id } }'),
    asked("one of none", "{ customer(by: {}) { id } }"),
    asked("one of null", "{ customer(by: {id: null}) { id } }"),
    asked("one of orders at once", "{ customers(orderBy: {city: ASC, id: DESC}) { totalCount } }"),
    asked("orders by the hundred", "{ customers(orderBy: [" + "{city: ASC} " * 200 + "]) { nodes { id } } }"),
    asked("an order twice", "{ customers(orderBy: [{city: ASC}, {city: DESC}]) { nodes { id } } }"),
    asked("subscription", "subscription { customers { totalCount } }"),
    asked("a mutation of a query's field", "mutation { customers { totalCount } }"),
    asked("mutations by the dozen", "mutation { " + " ".join(f'a{n}: deleteSegment(id: "x") {{ errors {{ code }} }}' for n in range(20)) + " }"),
    asked("the same mutation hundreds of times", "mutation { " + " ".join(f'a{n}: deleteSegment(id: "x") {{ errors {{ code }} }}' for n in range(300)) + " }"),
    asked("introspection whole", get_introspection_query()),
    asked("introspection in a circle", "{ __schema { types { " + _CIRCLE * 9 + "} }" * 9 + " } } }"),
    asked("introspection under many names", "{ " + " ".join(f'a{n}: __type(name: "Customer") {{ name fields {{ name }} }}' for n in range(20)) + " }"),
    asked("introspection of nothing", '{ __type(name: "") { name } b: __type(name: "__proto__") { name } }'),
    asked("typename by the hundred", "{ " + "__typename " * 399 + "}"),
    asked("double underscores", "{ __typename __class__ __proto__ __init__ }"),
    asked("a type system in an operation", "type Query { a: Int } { service { version } }"),
    asked("a schema of its own", "schema { query: Customer } extend type Query { a: Int }"),
    asked("operations by the hundred", " ".join(f"query a{n} {{ service {{ version }} }}" for n in range(200)), operation="a7"),
    asked("operations of one name", "query a { service { version } } query a { service { version } }", operation="a"),
    asked("operations without names", "{ service { version } } { service { version } }"),
    asked("an operation that is not there", "query a { service { version } }", operation="b"),
    asked("an operation of a long name", "query " + "a" * 60_000 + " { service { version } }"),
    asked("an operation asked by a long name", "query a { service { version } }", operation="b" * 100_000),
    asked("an operation of the empty name", "query a { service { version } }", operation=""),
    asked("an operation that is a number", "query a { service { version } }", operation=3),
    asked("an operation by a prototype's name", "query a { service { version } }", operation="__proto__"),
    asked("facets of everything", "{ customers { facets(of: [" + "{city: {first: 100}} " * 50 + "]) { buckets { value count } } } }"),
    asked("groups of groups", "{ customers { groups(by: [{city: {}}, {country: {}}, {gender: {}}, {tags: {}}]) { count } } }"),
    asked("all figures there are", "{ customers { aggregate { count min { dateJoined lastLogin birthDate } max { dateJoined } } } }"),
]  # fmt: skip
