"""Fragments: what is small as it is written and large once they are spread."""

from tests.hostile.shots import asked

_HEAD = "{ customers(first: 1) { nodes { ...A0 } } } "


def _doubling(levels: int, times: int = 2) -> str:
    """Each spreads the next one twice: the last one's fields stand there 2^levels times."""
    spreads = [
        f"fragment A{n} on Customer {{ " + f"...A{n + 1} " * times + "}" for n in range(levels)
    ]
    return _HEAD + " ".join(spreads) + f" fragment A{levels} on Customer {{ id }}"


def _chain(levels: int) -> str:
    links = [f"fragment A{n} on Customer {{ ...A{n + 1} }}" for n in range(levels)]
    return _HEAD + " ".join(links) + f" fragment A{levels} on Customer {{ id }}"


def _nesting(levels: int) -> str:
    links = [
        f"fragment A{n} on Customer {{ person {{ customers(first: 2) {{ nodes {{ ...A{n + 1} }} }} }} }}"
        for n in range(levels)
    ]
    return _HEAD + " ".join(links) + f" fragment A{levels} on Customer {{ id }}"


def _conflicting(number: int) -> str:
    """Pairs of fragments, all of which must be compared to each other."""
    parts = [f"fragment A{n} on Customer {{ x: id ...B{n} }}" for n in range(number)]
    parts += [
        f"fragment B{n} on Customer {{ x: city ...A{(n + 1) % number} }}" for n in range(number)
    ]
    return _HEAD + " ".join(parts)


SHAPES = [
    asked("fragments that double", _doubling(30)),
    asked("fragments that double a little", _doubling(7)),
    asked("fragments spread a hundred times", _doubling(2, 100)),
    asked("fragments in a long chain", _chain(150)),
    asked("fragments in a chain past any stack", _chain(3000)),
    asked("fragments that hide a depth", _nesting(12)),
    asked("a fragment of itself", "{ customers { nodes { ...A } } } fragment A on Customer { id ...A }"),
    asked(
        "fragments in a circle",
        _HEAD + "fragment A0 on Customer { ...A1 } fragment A1 on Customer { person { customers { nodes { ...A0 } } } }",
    ),
    asked(
        "fragments in a circle of fifty",
        _HEAD + " ".join(f"fragment A{n} on Customer {{ ...A{(n + 1) % 50} }}" for n in range(50)),
    ),
    asked("a fragment of itself that nobody uses", "{ service { version } } fragment A on Customer { ...A }"),
    asked("fragments that conflict in a circle", _conflicting(40)),
    asked("fragments nobody uses", "{ service { version } } " + " ".join(f"fragment A{n} on Customer {{ id }}" for n in range(90))),
    asked("fragments of one name", "{ service { ...A } } fragment A on Service { version } fragment A on Service { version }"),
    asked("a fragment named on", "{ service { ...on } } fragment on on Service { version }"),
    asked("a fragment on a number", "{ ...A } fragment A on Int { id }"),
    asked("a fragment on an input", "{ ...A } fragment A on CustomerWhere { city }"),
    asked("a fragment on nothing there", "{ ...A } fragment A on Nothing { id }"),
    asked("a fragment on a prototype", "{ ...A } fragment A on __proto__ { id }"),
    asked("a fragment with variables", "{ ...A(b: 1) } fragment A($b: Int) on Query { service { version } }"),
    asked("a spread of nothing there", "{ " + "...Nothing " * 300 + "}"),
    asked("inline fragments deep", "{ " + "... { " * 300 + "__typename" + " }" * 300 + " }"),
    asked("inline fragments deep under a type", "{ " + "... on Query { " * 90 + "__typename" + " }" * 90 + " }"),
    asked("inline fragments wide", "{ " + "... { __typename } " * 390 + "}"),
    asked("inline fragments that contradict", '{ node(id: "%customer%") { ... on Person { ... on Customer { id } } } }'),
    asked(
        "inline fragments with directives",
        "{ " + "... @include(if: true) { __typename } " * 200 + "}",
    ),
    asked(
        "a fragment on every type of node",
        '{ node(id: "%customer%") { ' + " ".join(f"... on {one} {{ id }}" for one in ("Customer", "Person", "Segment", "CompanyField", "ApiKey", "AuditEvent") * 9) + " } }",
    ),
]  # fmt: skip
