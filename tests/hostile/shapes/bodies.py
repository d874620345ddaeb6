"""Bodies that should be JSON."""

from tests.hostile.shots import Shot, posted, uploaded

_BODIES: dict[str, bytes | str] = {
    "nothing": "", "spaces": " \n\t" * 9000, "null": "null", "a number": "3", "a text": '"x"', "an empty list": "[]",
    "true": "true", "a list of lists": "[[[[]]]]", "an empty object": "{}", "a word": "hello", "NaN": '{"query": NaN}',
    "infinity": '{"query": "{ a }", "variables": {"a": -Infinity}}', "1e400": '{"query": "{ a }", "variables": {"a": 1e400}}',
    "a number of many digits": '{"query": "{ a }", "variables": {"a": ' + "7" * 100_000 + "}}",
    "a fraction of many digits": '{"query": "{ a }", "variables": {"a": 0.' + "7" * 100_000 + "}}",
    "an exponent of many digits": '{"query": "{ a }", "variables": {"a": 1e' + "7" * 100_000 + "}}",
    "a key twice": '{"query": "{ a }", "query": "{ b }"}', "a key twice deep": '{"query": "{ a }", "variables": {"a": {"b": 1, "b": 2}}}',
    "the same key by thousands": "{" + '"a": 1, ' * 20_000 + '"a": 1}', "keys by thousands": "{" + ", ".join(f'"k{n}": 1' for n in range(30_000)) + "}",
    "brackets": "[" * 200_000, "brackets closed": "[" * 90_000 + "]" * 90_000, "braces": '{"a":' * 60_000,
    "braces in variables": '{"query": "{ a }", "variables": ' + '{"a":' * 990 + "1" + "}" * 991,
    "a batch": '[{"query": "{ service { version } }"}, {"query": "{ a }"}]', "a batch of hundreds": "[" + ", ".join(['{"query": "{ a }"}'] * 900) + "]",
    "a comma too many": '{"query": "{ a }",}', "a comment": '{"query": "{ a }"} // a', "single quotes": "{'query': '{ a }'}",
    "two values": '{"query": "{ a }"}{"query": "{ b }"}', "a byte order mark": b'\xef\xbb\xbf{"query": "{ service { version } }"}',
    "UTF-16": '{"query": "{ a }"}'.encode("utf-16-le"), "UTF-32": '{"query": "{ a }"}'.encode("utf-32"), "bytes": bytes(range(256)) * 20,
    "an overlong NUL": b'{"query": "\xc0\x80"}', "a surrogate in UTF-8": b'{"query": "\xed\xa0\x80"}', "a lone escape": '{"query": "\\ud800"}',
    "an escape cut short": '{"query": "\\u12', "NUL in a text": b'{"query": "a\x00b"}', "a line end in a text": b'{"query": "a\nb"}',
    "colons": ":" * 100_000, "quotes": '"' * 100_000, "backslashes": '"' + "\\" * 100_000, "colons in texts": '{"query": "' + '\\":' * 40_000 + '"}',
    "a wrong end": '{"query": "{ a }"]', "a prototype": '{"__proto__": {"query": "{ a }"}, "constructor": {"prototype": 1}}',
    "minus": "-", "a plus": "+1", "zeros": "0" * 100_000, "a minus zero": "-0", "a half": '{"query": "{ a }"',
}  # fmt: skip
"""For GraphQL and as an upload: what they are to both of them."""


def _for_graphql(what: str, body: bytes | str) -> Shot:
    return posted(f"a body of {what}", body)


SHAPES = [
    *(_for_graphql(what, body) for what, body in _BODIES.items()),
    *(uploaded(f"an upload of {what}", body) for what, body in _BODIES.items()),
    *(uploaded(f"lines of {what}", body, "application/x-ndjson") for what, body in _BODIES.items()),
    uploaded("an upload of rows beside", b'{"customers": [], "rows": []}'),
    uploaded("an upload of an object of rows", b'{"customers": {"0": {}}}'),
    uploaded("an upload of null rows", b'{"customers": null}'),
    uploaded("an upload of rows twice", b'{"customers": [], "customers": [1]}'),
    uploaded("an upload of too many rows", b"[" + b"0," * 10_001 + b"0]"),
    uploaded("an upload of rows that are none", [0, None, "a", [], True, 1.5, [[]], {}]),
    uploaded("lines of empty lines", b"\n" * 200_000, "application/x-ndjson"),
    uploaded("lines of line ends of all kinds", '{}\r\n{}\r{}\u2028{}\x0b{}\x85{}', "application/x-ndjson"),
    uploaded("lines that are too many", b"0\n" * 10_002, "application/x-ndjson"),
    uploaded("a line without end", b'{"external_id": "' + b"a" * 900_000, "application/x-ndjson"),
    uploaded("lines that are objects by halves", b'{"external_id"\n: "a"}\n{"city": \n', "application/x-ndjson"),
]  # fmt: skip
