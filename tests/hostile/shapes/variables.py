"""Variables: of other types, too many, too deep, and not those that were declared."""

from tests.hostile.shots import Shot, asked

LIST = "query($a: Int) { customers(first: $a) { totalCount nodes { id } } }"
WHERE = "query($a: CustomerWhere) { customers(where: $a) { totalCount } }"
BY = "query($a: CustomerBy!) { customer(by: $a) { id } }"
IDS = "query($a: [ID!]!) { nodes(ids: $a) { id } }"
ROWS = "mutation($a: [CustomerDocument!]!) { uploadCustomerDocuments(documents: $a) { counts { rejected } } }"
TYPED = "mutation($a: [CustomerInput!]!) { uploadCustomers(customers: $a) { counts { rejected } } }"


def _deep(levels: int, inner: object, key: str | None = None) -> object:
    for _ in range(levels):
        inner = [inner] if key is None else {key: inner}
    return inner


def _each(name: str, query: str, values: dict[str, object]) -> list[Shot]:
    return [asked(f"{name}: {what}", query, {"a": value}) for what, value in values.items()]


ANYTHING: dict[str, object] = {
    "a text": "x", "a number": 2, "true": True, "a list": [1], "an object": {"x": 1},
    "null": None, "a float": 1.5, "past 32 bits": 2**31, "past 64 bits": 2**64, "huge": 10**400,
    "negative": -1, "zero": 0, "an empty text": "", "an operator": {"$gt": 0},
}  # fmt: skip

SHAPES = [
    *_each("a page of", LIST, ANYTHING),
    *_each("conditions of", WHERE, ANYTHING),
    *_each("a customer by", BY, ANYTHING),
    *_each("ids of", IDS, ANYTHING),
    *_each("rows of", ROWS, ANYTHING),
    *_each("typed rows of", TYPED, ANYTHING),
    asked("variables that are a list", LIST, [1, 2]),
    asked("variables that are a text", LIST, '{"a": 1}'),
    asked("variables that are a number", LIST, 7),
    asked("variables nobody declared", "{ service { version } }", {f"v{n}": n for n in range(9000)}),
    asked("variables nobody gave", LIST),
    asked("a variable nobody declared", "{ customers(first: $a) { totalCount } }", {"a": 1}),
    asked("variables nobody uses", "query(" + " ".join(f"$v{n}: Int" for n in range(300)) + ") { service { version } }"),
    asked("a variable twice", "query($a: Int, $a: Int) { customers(first: $a) { totalCount } }", {"a": 1}),
    asked("a variable of an output", "query($a: Customer) { customers(first: $a) { totalCount } }"),
    asked("a variable of itself", "query($a: Int = $a) { customers(first: $a) { totalCount } }"),
    asked("a default of another type", 'query($a: Int = "x") { customers(first: $a) { totalCount } }'),
    asked("a default past 32 bits", "query($a: Int = 99999999999) { customers(first: $a) { totalCount } }"),
    asked("a prototype's variables", LIST, {"__proto__": {"a": 1}, "constructor": 1, "a": 1}),
    asked("a long variable's name", LIST, {"a" * 200_000: 1}),
    asked("deep variables", WHERE, {"a": _deep(90, {}, "not")}),
    asked("variables as deep as they may", WHERE, {"a": _deep(8, {"city": {"eq": "x"}}, "not")}),
    asked("very deep variables", WHERE, {"a": _deep(400, {}, "not")}),
    asked("a deep list", IDS, {"a": _deep(95, "x")}),
    asked("wide conditions", WHERE, {"a": {"or": [{"city": {"eq": f"c{n}"}} for n in range(3000)]}}),
    asked("wide and deep conditions", WHERE, {"a": {"or": [{"and": [{"not": {"tags": {"has": "x"}}}] * 40}] * 40}}),
    asked("a wide list of values", WHERE, {"a": {"city": {"in": [f"c{n}" for n in range(20_000)]}}}),
    asked("ids by the thousand", IDS, {"a": ["%customer%"] * 20_000}),
    asked("ids that are none by the thousand", IDS, {"a": [f"c.{n}" for n in range(20_000)]}),
    asked("wrong rows by the thousand", ROWS, {"a": [0] * 100_000}),
    asked("wrong typed rows by the thousand", TYPED, {"a": [0] * 100_000}),
    asked("typed rows of wrong keys", TYPED, {"a": [{f"k{n}": n for n in range(100)}] * 100}),
    asked("null rows by the thousand", TYPED, {"a": [None] * 100_000}),
    asked("wrong ids by the thousand", IDS, {"a": [{}] * 100_000}),
    asked("a row of wrong keys", TYPED, {"a": [{f"k{n}": n for n in range(20_000)}]}),
    asked("a page of nothing at all", LIST, {}),
    asked("extensions that are a list", "{ service { version } }", extensions=[1]),
    asked("a persisted query", None, extensions={"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}}),
    asked("a document that is a list", ["{ service { version } }"]),
    asked("a document that is an object", {"kind": "Document", "definitions": []}),
    asked("an id of an upload", "{ upload(id: \"%upload%\") { uploadId counts { rows } results { errors { code } } } }"),
]  # fmt: skip
