"""What is assumed of a store, tried on each store at hand; and that trying can fail."""

import asyncio
from collections.abc import Iterable
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from graphql_schema import cli
from service.store import checks
from service.store.checks import CHECKS, Check, CheckResult, run_checks
from service.store.checks.check import Body, Unmet, expect
from service.store.database import Collection, Database
from service.store.failures import StoreDefect

MOCK_FAILS = {
    "a_write_is_acknowledged_when_it_is_durable": "it keeps no write concern, and no files",
    "a_fragment_is_refused": "it has no validators",
    "a_claim_has_one_holder": "it compares whole arrays, not their members",
    "a_claim_is_refused_to_an_update_too": "it compares whole arrays, not their members",
    "those_without_claims_do_not_collide": "it ignores the condition of a partial index",
    "one_of_many_racing_claims_wins": "it compares whole arrays, not their members",
    "an_index_refuses_what_breaks_it": "it builds no index over arrays that stand already",
    "moments_come_back": "its UTC is a class of its own",
    "a_projection_includes": "it puts _id last",
    "lists_are_equal_as_a_whole": "its expressions fail where a field is absent",
    "an_order_can_be_computed": "it has no expression of a value's type",
    "what_was_acknowledged_is_read": "it knows no read concern",
    "different_members_are_counted": "it takes True for 1 where it unites sets",
    "types_are_told_by_comparing": "it does not compare every type with every other",
    "moments_are_written_in_a_time_zone": "it knows no time zone where it writes moments",
    "texts_are_taken_apart": "it cuts no texts",
}
"""Checks that the store in memory fails, and why. Nothing that rests on them is tested on it."""

EXPECTED_TO_FAIL: dict[str, dict[str, str]] = {"embedded": {}, "mock": MOCK_FAILS, "mongodb": {}}


def failed(results: Iterable[CheckResult]) -> dict[str, str]:
    return {result.name: result.reason for result in results if result.reason is not None}


async def meets(collection: Collection) -> None:
    """A check that every store passes."""


async def misses(collection: Collection) -> None:
    """A check that every store fails."""
    expect("what", 1, 2)


async def breaks(collection: Collection) -> None:
    """A check whose failure nobody foresaw."""
    raise LookupError("a text that may hold anything")


async def hangs(collection: Collection) -> None:
    """A check that the store never answers."""
    await asyncio.Event().wait()


def made(*bodies: Body) -> tuple[Check, ...]:
    return tuple(Check(body.__name__, body.__doc__ or "", "", body) for body in bodies)


async def test_a_store_passes_the_checks_that_it_is_expected_to_pass(
    database: Database, store_name: str
) -> None:
    """A listed failure that passes fails as one does that is not listed."""
    found = failed(await run_checks(database))

    assert EXPECTED_TO_FAIL[store_name].keys() == found.keys(), found


def test_every_check_has_a_name_of_its_own_and_says_what_rests_on_it() -> None:
    assert len(CHECKS) == len({check.name for check in CHECKS})
    assert all(check.description and check.fact for check in CHECKS)


async def test_a_store_that_misbehaves_is_told_by_what_it_did(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One check that fails, whatever the way, stops none of the others."""
    monkeypatch.setattr(checks, "CHECKS", made(misses, breaks, hangs, meets))
    monkeypatch.setattr(checks, "CHECK_TIMEOUT", 0.1)

    assert {
        "misses": "what: expected 1, got 2",
        "breaks": "the operation fails with LookupError",
        "hangs": "the operation fails with StoreUnavailable STORE_UNAVAILABLE",
    } == failed(await run_checks(database))


@pytest.mark.parametrize(("expected", "actual"), [(1, True), (1, 1.0), ([1], [1, 1]), (None, 0)])
def test_values_of_other_types_are_not_what_was_expected(expected: object, actual: object) -> None:
    with pytest.raises(Unmet):
        expect("value", expected, actual)


async def test_the_scratch_database_is_dropped(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when a check fails; the user's own databases stay."""
    written: list[str] = []

    async def writes(collection: Collection) -> None:
        await collection.insert_one({"_id": "a"})
        written.append(collection.database.name)
        raise Unmet

    await database.meta.insert_one({"_id": "kept"})
    monkeypatch.setattr(checks, "CHECKS", made(writes))
    await run_checks(database)
    names = await database.client.list_database_names()

    assert 1 == len(written)
    assert written[0] not in names
    assert database.raw.name in names


def test_doctor_says_that_the_embedded_store_is_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check is told with what it is about."""
    monkeypatch.delenv("MONGODB_URI", raising=False)
    result = CliRunner().invoke(cli.cli, ["doctor"])
    said = result.output

    assert 0 == result.exit_code, said
    assert f"All {len(CHECKS)} checks pass: this store is supported." in said
    assert all(f"passes  {check.name}: {check.description}" in said for check in CHECKS)


def test_doctor_names_what_fails_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    async def examine(_: object) -> list[CheckResult]:
        passes, fails = made(meets, misses)
        return [CheckResult(passes, None), CheckResult(fails, "what: expected [1], got [2]")]

    monkeypatch.setattr(cli, "_examine", examine)
    result = CliRunner().invoke(cli.cli, ["doctor"])

    assert 1 == result.exit_code
    assert "passes  meets: A check that every store passes." in result.output
    assert "fails   misses: A check that every store fails." in result.output
    assert "what: expected [1], got [2]" in result.output
    assert "1 of 2 checks failed: this store is not supported." in result.output


def test_doctor_says_so_where_it_may_not_examine(monkeypatch: pytest.MonkeyPatch) -> None:
    async def examine(_: object) -> NoReturn:
        raise StoreDefect("OperationFailure 13")

    monkeypatch.setattr(cli, "_examine", examine)
    result = CliRunner().invoke(cli.cli, ["doctor"])

    assert 1 == result.exit_code
    assert "The MongoDB refuses to be examined (OperationFailure 13)" in result.output


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("mongodb://ann:secret@127.0.0.1:9/", "No MongoDB answers at 127.0.0.1:9."),
        ("mongodb://ann:secret@[fe80::1]:9/", "No MongoDB answers at [fe80::1]:9."),
        ("postgres://ann:secret@127.0.0.1/", "MONGODB_URI is not the address of a MongoDB"),
        ("mongodb://ann:se/cret@127.0.0.1/", "MONGODB_URI is not the address of a MongoDB"),
    ],
    ids=["unreachable", "in brackets", "another database", "not an address"],
)
def test_doctor_says_why_it_cannot_examine(uri: str, told: str) -> None:
    result = CliRunner().invoke(cli.cli, ["doctor", "--uri", uri])

    assert 1 == result.exit_code
    assert told in result.output
    assert "cret" not in result.output
    assert isinstance(result.exception, SystemExit)
