"""Company fields on each store, under every error policy, in dry runs and when sent again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.customers.changes import same
from service.customers.company import MAX_LEVELS
from service.customers.policies import ErrorPolicy
from service.store.customers import Customers
from service.store.reports import Reports
from service.uploads.options import UploadOptions
from service.uploads.reporting import ReportedUploads
from tests.uploads.making import LIMITS, RULES, Row, ends, reported_on, uploads_on

MANY = 200
FULL = {f"A__{n}": n for n in range(MANY)}
LARGE = "x" * (16 * 1024 - 2)


def nested(levels: int) -> Any:
    """Lists and objects inside each other."""
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"in": value}
    return value


SOUND: dict[str, tuple[list[Row], Mapping[str, object]]] = {
    "a list is added to and taken from": (
        [{"A__l": ["a", "b"]}, {"A__l.add": ["c", "a"], "A__l.remove": "b"}],
        {"A__l": ["a", "c"]},
    ),
    "a list is made by adding, and emptied": (
        [{"A__l.add": "a"}, {"A__l.remove": ["a"]}],
        {"A__l": []},
    ),
    "a list is replaced, added to and taken from in one row": (
        [{"A__l": [1, 2]}, {"A__l": [3, 4], "A__l.add": [5], "A__l.remove": [3]}],
        {"A__l": [4, 5]},
    ),
    "a scalar stands where a list was": ([{"A__l": ["a"]}, {"A__l": 7}], {"A__l": 7}),
    "a list stands where a scalar was": ([{"A__l": 7}, {"A__l": ["a"]}], {"A__l": ["a"]}),
    "kinds are told apart in a list": (
        [
            {"A__m": [1, "1", True, 2.5, None, ["x"], {"a": 1, "b": 2}]},
            {"A__m.remove": [1, {"b": 2, "a": 1}, ["y"]], "A__m.add": [False, "1", ["x", "x"]]},
        ],
        {"A__m": ["1", True, 2.5, None, ["x"], False, ["x", "x"]]},
    ),
    "one field has a kind after another": (
        [{"A__k": "text"}, {"A__k": 1.5}, {"A__k": False}, {"A__k": {"a": []}}],
        {"A__k": {"a": []}},
    ),
    "a field goes by an empty text": ([{"A__a": 1, "A__b": 0}, {"A__a": ""}], {"A__b": 0}),
    "two hundred fields, one of them for another": (
        [FULL, {"A__0": "", "A__more": 1}],
        {**{name: FULL[name] for name in list(FULL)[1:]}, "A__more": 1},
    ),
    "values to their bound": (
        [{"A__deep": nested(MAX_LEVELS)}, {"A__large": LARGE}],
        {"A__deep": nested(MAX_LEVELS), "A__large": LARGE},
    ),
}
"""What is sent, an upload after the other, and what then stands there."""

FAULTY: dict[str, tuple[Row, Row, str]] = {
    "members for what is no list": ({"A__l": 7}, {"A__l.add": "a"}, "NOT_A_LIST"),
    "one field more than a customer may have": (FULL, {"A__more": 1}, "TOO_LONG"),
    "a level too deep": ({}, {"A__deep": nested(MAX_LEVELS + 1)}, "TOO_LONG"),
    "a list that grows too large": (
        {"A__l": [LARGE[:9000]]},
        {"A__l.add": [LARGE[:9000] + "y"]},
        "TOO_LONG",
    ),
    "a name that can't be stored": ({}, {"A__o": {"$set": 1}}, "INVALID_COMPANY_FIELD"),
}
"""What stands there, what is sent beside something sound, and the fault of it."""


@pytest.fixture
def kept(customers: Customers, reports: Reports) -> ReportedUploads:
    limits = replace(LIMITS, company_fields=MANY)
    rules = replace(RULES, max_company_fields=MANY)
    now = datetime.now(UTC).replace(microsecond=0)  # what has expired the stores remove
    uploads = uploads_on(customers, limits=limits, rules=rules, now=lambda: now)
    return reported_on(uploads, reports)


async def stored(customers: Customers) -> dict[str, Any]:
    (document,) = await customers.by_identifier("external_id", "X1", {"rev": 0, "keys": 0})
    return {name: value for name, value in document.items() if "__" in name}


def row(fields: Row) -> Row:
    return {"external_id": "X1", **fields}


@pytest.mark.parametrize("policy", ErrorPolicy)
@pytest.mark.parametrize("name", SOUND)
async def test_company_fields_hold(
    customers: Customers, kept: ReportedUploads, policy: ErrorPolicy, name: str
) -> None:
    """What a dry run says is what then stands there, and sent again it writes nothing."""
    rows, expected = SOUND[name]
    held: dict[str, Any] = {}
    for fields in rows:
        foreseen = await kept.upload([row(fields)], UploadOptions(policy, dry_run=True))
        report = await kept.upload([row(fields)], UploadOptions(policy))
        for change in foreseen.results[0].changes:
            held[change.field] = change.after
        assert ends(foreseen.results) == ends(report.results)

    again = await kept.upload([row(rows[-1])], UploadOptions(policy))

    assert same(expected, await stored(customers))
    told = {field: value for field, value in held.items() if "__" in field and value is not None}
    assert same(expected, told)
    assert ["UNCHANGED"] == ends(again.results)


@pytest.mark.parametrize("name", SOUND)
async def test_a_key_replays_company_fields_as_they_went_in(
    customers: Customers, kept: ReportedUploads, name: str
) -> None:
    rows, expected = SOUND[name]
    for number, fields in enumerate(rows):
        options = UploadOptions(idempotency_key=f"k{number}")
        report = await kept.upload([row(fields)], options)

        assert replace(report, replayed=True) == await kept.upload([row(fields)], options)

    assert same(expected, await stored(customers))


@pytest.mark.parametrize("policy", ErrorPolicy)
@pytest.mark.parametrize("name", FAULTY)
async def test_a_faulty_company_field_is_left_out_or_refuses(
    customers: Customers, kept: ReportedUploads, policy: ErrorPolicy, name: str
) -> None:
    before, faulty, code = FAULTY[name]
    await kept.upload([row(before)])
    sent = [row({**faulty, "city": "Turku"}), {"external_id": "X2"}]

    foreseen = await kept.upload(sent, UploadOptions(policy, dry_run=True))
    report = await kept.upload(sent, UploadOptions(policy))

    assert ends(foreseen.results) == ends(report.results)
    assert {
        ErrorPolicy.REJECT_FAILED_ROWS: [f"REJECTED {code}", "CREATED"],
        ErrorPolicy.REJECT_EVERYTHING: [f"REJECTED {code}", "REJECTED OTHER_ROWS_FAILED"],
        ErrorPolicy.IGNORE_FAILED: [f"UPDATED {code}", "CREATED"],
    }[policy] == ends(report.results)
    assert same(before, await stored(customers))
