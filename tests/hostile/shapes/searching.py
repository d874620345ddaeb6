"""Texts of the search box, cursors and ids."""

from tests.hostile.shots import Shot, asked

SEARCH = "query($a: String) { customers(search: $a, first: 5) { totalCount nodes { id } } }"
AFTER = (
    "query($a: String) { customers(first: 5, after: $a) { nodes { id } pageInfo { hasNextPage } } }"
)
BEFORE = "query($a: String) { customers(last: 5, before: $a) { nodes { id } } }"
NODE = "query($a: ID!) { node(id: $a) { id } }"


def _search(name: str, text: str) -> Shot:
    return asked(f"search: {name}", SEARCH, {"a": text})


def _after(name: str, text: str) -> Shot:
    return asked(f"cursor: {name}", AFTER, {"a": text})


def _node(name: str, text: object) -> Shot:
    return asked(f"id: {name}", NODE, {"a": text})


SHAPES = [
    _search("nothing", ""),
    _search("spaces", " \u00a0\u2003\u200b" * 500),
    _search("a regular expression", ".*"),
    _search("a regular expression that explodes", "(a+)+$ ((a*)*)* (x+x+)+y ([a-zA-Z]+)*"),
    _search("brackets left open", "[[[[((((\\"),
    _search("a thousand words", "a " * 1000),
    _search("a thousand other words", " ".join(f"w{n}" for n in range(1000))),
    _search("a long word", "a" * 100_000),
    _search("a long number", "+" + "3" * 100_000),
    _search("combining characters", "a" + "\u0301\u0323\u0308" * 5000),
    _search("letters that become many", "\ufdfa" * 3000),
    _search("letters that fold oddly", "İıſßŉǰΐﬃ" * 300),
    _search("Hangul to be put together", "\u1100\u1161\u11a8" * 2000),
    _search("right to left", "\u202e\u2066\u200fabc\u202c"),
    _search("flags and families", "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 200),
    _search("NUL", "a\0b"),
    _search("a lone surrogate", "\ud800"),
    _search("noncharacters", "\ufffe\uffff\U0010ffff"),
    _search("digits of all scripts", "٠١٢٣٤٥٦٧٨٩ ०१२३ ４５６"),
    _search("operators", '$where $gt {"$ne": null} \'; return true; //'),
    _search("a quotation without end", '"abc'),
    _search("an e-mail of many signs", "a@b@c@d" * 500),
    _search("an e-mail of many dots", "a@" + "b." * 5000),
    _search("percent signs", "%25%00%s%n%x" * 100),
    asked("search: many at once", "{ " + " ".join(f'a{n}: customers(search: "a{n} b") {{ totalCount }}' for n in range(10)) + " }"),
    asked("search: of segments", 'query($a: String) { segments(search: $a) { totalCount nodes { id } } }', {"a": ".*(a+)+$"}),
    _after("nothing", ""),
    _after("spaces", "   "),
    _after("not base64", "!!!!"),
    _after("of another kind", "%segment%"),
    _after("with something behind", "%cursor%AAAA"),
    _after("cut", "A%cursor%"),
    _after("long", "A" * 500_000),
    _after("with padding", "%cursor%===="),
    _after("of another alphabet", "ＡＢＣ"),
    _after("NUL", "\0"),
    _after("surrogate", "\udfff"),
    _after("JSON in base64", "eyIkZ3QiOiAxfQ"),
    asked("cursor: of another order", 'query($a: String) { customers(first: 5, after: $a, orderBy: {city: ASC}) { nodes { id } } }', {"a": "%cursor%"}),
    asked("cursor: of another list", "query($a: String) { segments(first: 5, after: $a) { nodes { id } } }", {"a": "%cursor%"}),
    asked("cursor: the wrong way", BEFORE, {"a": "%cursor%"}),
    asked("cursor: both ways", 'query($a: String) { customers(first: 5, after: $a, before: $a) { nodes { id } } }', {"a": "%cursor%"}),
    asked("cursor: of events", "query($a: String) { auditEvents(after: $a) { nodes { id } } }", {"a": "%cursor%"}),
    _node("nothing", ""),
    _node("a number", 12345678901234567890),
    _node("a float", 1.5),
    _node("an upload", "%upload%"),
    _node("a cursor", "%cursor%"),
    _node("no letter before the dot", ".abc"),
    _node("dots alone", "." * 10_000),
    _node("a long one", "c." + "A" * 300_000),
    _node("of another kind", "z.AAAAAAAAAAAAAAAAAAAAAA"),
    _node("of bits that are left over", "c.AAAAAAAAAAAAAAAAAAAAAB"),
    _node("NUL", "c.\0"),
    _node("surrogate", "c.\ud800"),
    _node("base64 of the global kind", "Q3VzdG9tZXI6MQ=="),
    _node("an operator", '{"$gt": ""}'),
    asked("a person by a hostile id", 'query($a: String!) { person(canonicalId: $a) { id customers { totalCount } } }', {"a": "$ne\0" + "x" * 9000}),
    asked("an upload by a hostile id", 'query($a: String!) { upload(id: $a) { uploadId } }', {"a": "u." + "../" * 900}),
    asked("a segment by a hostile id", 'query($a: ID!) { segment(id: $a) { name } }', {"a": "s." + "\ufeff" * 900}),
    asked("a company field by a hostile name", 'query($a: String!) { companyField(name: $a) { name } }', {"a": "A__" + "$.\0" * 900}),
]  # fmt: skip
