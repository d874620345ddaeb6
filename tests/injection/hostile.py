"""What users send who try to be more than users. `MARK` stands in every text of it."""

from collections.abc import Sequence
from typing import Any

from service.customers.fields import ADD, CATALOGUE, REMOVE
from tests.injection.names import MARK, OPERAND

TEXTS: Sequence[str] = [
    MARK, f"${MARK}", f"$where{MARK}", f"$set.{MARK}", f"{MARK}.b", f"$$ROOT.{MARK}", f"$$n{MARK}",
    f"{{$gt: '{MARK}'}}", f'{{"$gt": "{MARK}"}}', f"{MARK}\0", f"__proto__.{MARK}",
    f"constructor{MARK}", MARK * 80, f"＄{MARK}", f"﹩{MARK}", f"{MARK}․b", f"{MARK}。b",
    f".*{MARK}", f"^{MARK}", f"{MARK}$", f"({MARK}|.*)", f"[{MARK}]", f"\\{MARK}", f"{MARK}\\",
    f"(?s).{MARK}", f"/{MARK}/i", f"' || 1==1 || '{MARK}", f"{MARK}\n$b", f"{MARK}-0",
    f"%24where{MARK}", f"$literal {MARK}", f"\u202e{MARK}", f"{MARK}\ud800",
]  # fmt: skip

TAKEN: Sequence[str] = [
    f"{MARK}1", f"{MARK}@example.org", f"$where.{MARK}@example.org", f"{MARK}.example.org", "GB",
    "en", "+447757138957", "44775", "2015-08-28", "2015-08-28T01:02:03Z",
]  # fmt: skip
"""Texts that some field or other takes."""

NAMES: Sequence[str] = [
    f"ACME__{MARK}", f"A__set_{MARK}", f"1__{MARK}", f"{MARK}__proto__", f"ACME__{MARK}__add",
    f"ACME__${MARK}", f"$ACME__{MARK}", f"ACME__{MARK}.b", f"ACME__{MARK}.$[]", f"ACME__{MARK}\n",
    f"ACME__{MARK}\0", f"ACME__é{MARK}", f"ACME.{MARK}__b", f"__{MARK}", f"ACME__{MARK}.add.add",
    *TEXTS[:9],
]  # fmt: skip
"""Names of company fields, good and bad."""

_OPERATORS = [
    "$gt", "$ne", "$in", "$where", "$regex", "$expr", "$set", "$each", "$function", "$literal",
    "$oid", "$date", "$code", "$ref", "$binary",
]  # fmt: skip

OBJECTS: Sequence[Any] = [
    *({operator: OPERAND} for operator in _OPERATORS),
    [{"$gt": OPERAND}],
    {"a": {"$gt": OPERAND}},
    {"$gt": ""},
    {"$where": f"{MARK} == 1"},
    {f"{MARK}.b": 1},
    {f"${MARK}": 1},
    {"__proto__": MARK},
    {"constructor": {"prototype": MARK}},
    {f"{MARK}\0": 1},
    {"": MARK},
    {MARK: {MARK: [f"${MARK}", {MARK: f"$$ROOT{MARK}"}]}},
    [f"${MARK}", [f"${MARK}"]],
    [],
    {},
]
"""Values that are no texts: what looks like operators, and what a company field may well hold."""

KEYS: Sequence[str] = [
    *(field.name for field in CATALOGUE),
    *(f"{name}{suffix}" for name in ("tags", "mailing_lists") for suffix in (ADD, REMOVE)),
    *(f"ACME__{MARK}{suffix}" for suffix in (ADD, REMOVE)),
    *NAMES,
    "_id", "rev", "state", "keys", "claims", "search", "schema_version", "$where", "$set", "$expr",
    "tags.0", "tags.$", "tags.$[]", "email.x", "tags.add.add", "__proto__", "constructor",
]  # fmt: skip
"""Of rows."""

_NUMBERS: dict[str, Sequence[Any]] = {
    "Int": [1, 3, 500, -1],
    "Float": [1.5, 2, -1],
    "Boolean": [True, False],
    "BooleanValue": [True, False, MARK, {"$ne": OPERAND}],
}
_JSON = {"JSON", "JSONObject", "CustomerDocument", "TextValue", "TextSetValue", "DateTimeValue"}


def pool(scalar: str, name: str) -> Sequence[Any]:
    """What may stand at a place of the scalar; `name` is that of the field or argument."""
    if scalar in _NUMBERS:
        return _NUMBERS[scalar]
    if name in ("name", "names"):
        return NAMES
    if scalar == "JSONObject":
        return [*({one: f"${MARK}"} for one in NAMES), *OBJECTS]
    if scalar == "CustomerDocument":
        return [{"external_id": f"{MARK}1", key: f"${MARK}"} for key in KEYS] + [*OBJECTS]
    if scalar in _JSON or scalar.endswith("Value"):
        return [*TEXTS, *TAKEN, *OBJECTS]
    return [*TEXTS, *TAKEN]
