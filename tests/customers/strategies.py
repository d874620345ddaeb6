"""What hostile uploaders send: any JSON, and texts that other programs give a meaning to."""

from hypothesis import strategies as st

from service.customers.fields import CATALOGUE
from service.customers.keys import KNOWN

HOSTILE_TEXTS = st.sampled_from(
    [
        "$where", "$set", "$unset", "$pull", "$each", "$$ROOT", "$first_name", "$expr", "$literal",
        "_id", "rev", "state", "keys", "claims", "marks", "created_at", "updated_at",
        "schema_version", "a.b", "tags.0", "tags.$", "tags.$[]", "email.x", "__proto__",
        "__class__", "constructor", "A__x.$", "A__x.y", "A__x.add.add", "A__$where", "$A__x",
        "A__x\0", "tags\0.add", "tags.add ", "\0", "", " ", "\ud800", "A__\udfff", "A__é",
        "A__x\n", "\u200b", "😀" * 40, "x" * 300,
    ]
)  # fmt: skip

TEXTS = st.one_of(
    HOSTILE_TEXTS,
    st.text(max_size=12),
    st.text("$._\0{}:\ud800aA1 \u0301", max_size=12),
    st.sampled_from(["X1", "ann@example.org", "+358401234567", "2015-08-28", "GB", "en"]),
)

NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**2000, 1e308, -0.0]),
    st.floats(),
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)

KEYS = st.one_of(
    st.sampled_from(sorted(KNOWN)),
    st.sampled_from([f"A__{name}{suffix}" for name in "ab" for suffix in ("", ".add", ".remove")]),
    TEXTS,
)

HOSTILE_ROWS = st.dictionaries(KEYS, JSON, max_size=8)

_PLAUSIBLE = {
    **{field.name: st.one_of(TEXTS, JSON) for field in CATALOGUE},
    "external_id": st.sampled_from(["X1", "X2"]),
    "email": st.sampled_from(["ann@example.org", "BO@example.org", ""]),
    "phone_number": st.sampled_from(["+358 40 123 4567", "+447757138957", ""]),
    "tags": st.lists(HOSTILE_TEXTS, max_size=3),
    "tags.add": st.lists(HOSTILE_TEXTS, max_size=3),
    "tags.remove": st.lists(HOSTILE_TEXTS, max_size=3),
    "A__a": JSON,
    "A__a.add": st.lists(JSON, max_size=2),
    "A__b": st.dictionaries(HOSTILE_TEXTS, JSON, max_size=2),
    "is_forgotten": st.sampled_from([True, False]),
    "is_deleted": st.sampled_from([True, False]),
}

PLAUSIBLE_ROWS = st.lists(st.sampled_from(sorted(_PLAUSIBLE)), max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {"external_id": _PLAUSIBLE["external_id"], **{name: _PLAUSIBLE[name] for name in names}}
    )
)
"""Rows that are mostly taken: what they hold reaches the store."""
