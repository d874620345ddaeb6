"""Rows: keys and values that mean something to a database, a spreadsheet, a parser or a reader."""

from tests.hostile.shots import Shot, row, uploaded


def _deep(levels: int, inner: object = 1, key: str | None = None) -> object:
    for _ in range(levels):
        inner = [inner] if key is None else {key: inner}
    return inner


def _identified(name: str, **values: object) -> Shot:
    return uploaded(f"row: {name}", [values])


def _each(what: str, field: str, values: dict[str, object]) -> list[Shot]:
    return [row(f"{what}: {name}", **{field: value}) for name, value in values.items()]


_KEYS = {
    "an operator": "$where", "a path": "a.b", "a path of an operator": "$set.email", "a prototype": "__proto__", "a constructor": "constructor",
    "nothing": "", "NUL": "a\0b", "an id": "_id", "underscores": "____", "a prefix": "A__", "no prefix": "__a", "a path in a prefix": "A__a.b",
    "an operator in a prefix": "A__$inc", "an operation": "A__x.add", "operations": "A__x.add.remove.add", "another alphabet": "Ä__ö", "a surrogate": "A__\ud800",
    "length": "A__" + "k" * 20_000, "right to left": "A__\u202ex", "no width": "A__\u200bx", "a dotted flag": "is_deleted.add", "an inner field": "claims", "a revision": "rev",
}  # fmt: skip
_TEXTS: dict[str, object] = {
    "NUL": "a\0b", "controls": "\x01\x1b[31m\x7f", "a surrogate": "\ud800", "right to left": "\u202eolleH", "no width": "\u200b\u200d\ufeff",
    "combining characters": "Z" + "\u0351\u0323" * 3000, "letters that become many": "\ufdfa" * 3000, "noncharacters": "\ufffe\uffff\U0010ffff",
    "a formula": "=HYPERLINK(\"x\")", "a command": "+cmd|' /C calc'!A0", "markup": "<script>alert(1)</script>", "a template": "{{7*7}}${7*7}#{7*7}",
    "an operator": {"$gt": ""}, "a list": ["a"], "a number": 7, "a float": 1e308, "true": True, "a long text": "x" * 200_000, "line ends": "a\r\nb\u2028c",
    "a path upwards": "../../etc/passwd", "a format": "%s%n{0.__class__}", "Unicode's largest": "\U0010fffd" * 900, "deep": _deep(90), "a lookup": "${jndi:ldap://x}",
}  # fmt: skip
_PHONES: dict[str, object] = {
    "a plus": "+", "pluses": "++++358", "many digits": "+" + "3" * 50_000, "other digits": "+٣٥٨٤٠١٢٣٤٥٦٧", "wide digits": "＋３５８４０１２３４５６７", "letters": "+1-800-FLOWERS",
    "an extension": "+358401234567;ext=123456789", "extensions": "+358401234567 x" * 200, "a number": 358401234567, "a float": 3.58e11, "spaces": " + 3 5 8 " * 90, "zeros": "00" * 300,
    "an URI": "tel:+358401234567;phone-context=+358", "brackets": "+358((((((((40))))1234567", "right to left": "\u202b+358401234567", "a satellite": "+881612345678", "nothing": "",
}  # fmt: skip
_EMAILS: dict[str, object] = {
    "signs": "a@b@c@example.org", "nothing before": "@example.org", "nothing behind": "a@", "quotes": '"a b"@example.org', "a comment": "a(b)@example.org",
    "an address of digits": "a@[127.0.0.1]", "another alphabet": "ä@öxämple.org", "punycode": "a@xn--xample-9ua.org", "punycode that is none": "a@xn--\u0000.org",
    "punycode past all": "a@" + "xn--" + "a" * 59 + ".org", "many dots": "a@" + "b." * 5000 + "org", "a long local part": "a" * 65 + "@example.org", "a long one": "a@" + "b" * 9000 + ".org",
    "right to left": "א\u202eב@example.org", "an ideographic stop": "a@b。example。org", "wide": "ａ＠ｅｘ.org", "no width": "a\u200b@exa\u200dmple.org", "sharp s": "a@straße.de",
    "line ends": "a@example.org\r\nBcc: b@example.org", "NUL": "a\0@example.org", "a surrogate": "a\ud800@example.org", "combining characters": "a" + "\u0301" * 60 + "@example.org", "emoji": "💩@💩.example",
}  # fmt: skip
_DATES: dict[str, object] = {
    "the first": "0001-01-01", "before the first": "0000-12-31", "the first moved": "0001-01-01T00:00:00+23:59", "the last": "9999-12-31T23:59:59.999999999", "the last moved": "9999-12-31T23:59:59-23:59",
    "after the last": "10000-01-01", "a leap day that is none": "1900-02-29", "a leap second": "2016-12-31T23:59:60Z", "an hour of 24": "2020-01-01T24:00:00", "a week": "2020-W01-1", "a day": "2020-366", "basic": "20200101T101010Z",
    "other digits": "２０２０-０１-０１", "a moment": 1600000000, "a negative year": "-0001-01-01", "a zone by name": "2020-01-01T00:00[Europe/Paris]", "a gap": "2021-03-28T02:30:00", "many fractions": "2020-01-01T00:00:00." + "9" * 9000,
    "an offset past all": "2020-01-01T00:00:00+99:99", "words": "tomorrow", "NUL": "2020-01-01\0",
}  # fmt: skip
_COMPANY: dict[str, object] = {
    "deep lists": _deep(150), "deep objects": _deep(150, 1, "a"), "very deep lists": _deep(400), "operators": {"$where": "1", "a.b": 1}, "a prototype": {"__proto__": {"a": 1}},
    "past 64 bits": 2**64, "past all": 10**400, "largest float": 1.7976931348623157e308, "smallest float": 5e-324, "minus zero": -0.0, "wide": {f"k{n}": n for n in range(5000)},
    "a long list": list(range(9000)), "a long text": "x" * 200_000, "empty keys": {"": {"": {"": 1}}}, "keys with NUL": {"a\0": 1}, "keys with surrogates": {"\ud800": 1}, "nulls": [None, [None], {"a": None}],
    "a reference": {"$ref": "customers", "$id": 1, "$db": "admin"}, "an id": {"$oid": "0" * 24}, "a date": {"$date": "2020-01-01"}, "a binary": {"$binary": "AAAA", "$type": "00"}, "kinds mixed": [1, "1", True, 1.0, None, {}, []],
}  # fmt: skip

SHAPES = [
    *(row(f"key: {what}", **{key: "x"}) for what, key in _KEYS.items()),
    *(row(f"key of an object: {what}", **{key: {"$set": {"a": 1}}}) for what, key in _KEYS.items()),
    *_each("text", "first_name", _TEXTS),
    *_each("tags", "tags", {what: [value] for what, value in _TEXTS.items()}),
    *_each("phone", "phone_number", _PHONES),
    *_each("e-mail", "email", _EMAILS),
    *_each("date joined", "date_joined", _DATES),
    *_each("birth date", "birth_date", _DATES),
    *_each("company field", "A__hostile", _COMPANY),
    *_each("members added", "A__hostiles.add", _COMPANY),
    *(_identified(f"external id: {what}", external_id=value) for what, value in _TEXTS.items()),
    *(_identified(f"by e-mail alone: {what}", email=value) for what, value in _EMAILS.items()),
    *(_identified(f"by phone number alone: {what}", phone_number=value) for what, value in _PHONES.items()),
    *(_identified(f"canonical id: {what}", external_id="hostile-3", canonical_id=value) for what, value in _TEXTS.items()),
    _identified("no identifier", city="Oslo"),
    _identified("nothing"),
    _identified("of two people", external_id="person-1", email="person2@example.org"),
    _identified("of one that others hold", external_id="hostile-4", email="person3@example.org"),
    _identified("that forgets nobody", external_id="hostile-5", is_forgotten=True),
    _identified("that forgets by halves", external_id="hostile-6", is_forgotten="yes", city="Oslo"),
    _identified("that forgets and deletes", external_id="hostile-7", is_forgotten=True, is_deleted=True),
    row("keys by the thousand", **{f"A__k{n}": n for n in range(3000)}),
    row("wrong keys by the thousand", **{f"k{n}": n for n in range(5000)}),
    row("misspelt keys by the hundred", **{f"first_name{n}": n for n in range(600)}),
    row("tags by the thousand", tags=[f"t{n}" for n in range(9000)]),
    row("tags added and removed", **{"tags": ["a"], "tags.add": ["a"] * 500, "tags.remove": ["a"] * 500}),
    uploaded("rows of one customer", [{"external_id": "hostile-8", "city": f"c{n}"} for n in range(300)]),
    uploaded("rows of one e-mail", [{"external_id": f"hostile-e{n}", "email": "shared@example.org"} for n in range(60)]),
    uploaded("rows that change who they are", [{"external_id": f"hostile-{n}", "email": f"h{(n + 1) % 5}@example.org"} for n in range(40)]),
    uploaded("rows that are all the same", [{"external_id": "hostile-9"}] * 500),
    uploaded("rows of every fault", [{"email": "x", "phone_number": "x", "birth_date": "x", "country": "x", "language": "x", "tags": 1}] * 100),
]  # fmt: skip
