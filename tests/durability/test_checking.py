"""What the checks after a kill find: nothing in what uploads leave, and each thing that is not."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from service.customers.records import Record
from service.uploads.upload import Limits
from service.web.uploads import report_json
from tests.durability.checking import findings
from tests.durability.ledger import Ledger
from tests.durability.writing import Writer
from tests.uploads.making import KEEPS, uploads_on
from tests.uploads.memory import MemoryStore

Documents = list[dict[str, Any]]


@pytest_asyncio.fixture
async def written() -> tuple[Ledger, Documents]:
    """What writers sent, and the customers that it left."""
    random, store, ledger = Random(1), MemoryStore(), Ledger()
    limits = Limits(rows=10_000, holders=25, company_fields=200, keeps=KEEPS)
    uploads = uploads_on(store, limits=limits)
    writers = [Writer(number, random) for number in range(2)]
    for writer in writers * 10:
        sent = writer.next(0)
        sent.attempts, sent.results = 1, report_json(await uploads.upload(sent.rows))["results"]
        ledger.uploads.append(sent)
    return ledger, [_document(record) for record in store.records.values()]


def _document(record: Record) -> dict[str, Any]:
    fields = deepcopy(record._asdict())
    return {"_id": fields.pop("id"), **fields.pop("values"), **fields}


def _lively(documents: Documents) -> dict[str, Any]:
    """Somebody to whom several rows of one writer went."""
    return next(one for one in documents if "city" in one and len(one["tags"]) > 1)


def _erased(documents: Documents) -> dict[str, Any]:
    return next(one for one in documents if one["state"] != "live")


def _gone(documents: Documents) -> None:
    documents.remove(_lively(documents))


def _one_row_gone(documents: Documents) -> None:
    one = _lively(documents)
    one.update(tags=one["tags"][1:], mailing_lists=one["mailing_lists"][1:], rev=one["rev"] - 1)


def _made_twice(documents: Documents) -> None:
    documents.append(_lively(documents) | {"_id": "c.again"})


def _written_twice(documents: Documents) -> None:
    _lively(documents)["rev"] += 1


def _a_stranger(documents: Documents) -> None:
    documents.append(_lively(documents) | {"_id": "c.stranger", "keys": ["1.nobody"]})


def _a_row_that_was_not_sent(documents: Documents) -> None:
    one = _lively(documents)
    for name in ("tags", "mailing_lists"):
        one[name] = ["nobody's", *one[name]]
    one["rev"] += 1


def _half_a_row(documents: Documents) -> None:
    one = _lively(documents)
    one["city"] = one["tags"][0]


def _half_a_row_of_members(documents: Documents) -> None:
    _lively(documents)["mailing_lists"].pop()


def _back_among_the_living(documents: Documents) -> None:
    _erased(documents)["state"] = "live"


def _data_of_the_erased(documents: Documents) -> None:
    _erased(documents)["city"] = "Turku"


def _a_key_gone(documents: Documents) -> None:
    one = _lively(documents)
    one["keys"] = list(one["keys"])[1:]


def _claims_gone(documents: Documents) -> None:
    _lively(documents)["claims"] = []


def _an_identifier_of_nobody(documents: Documents) -> None:
    _lively(documents)["phone_number"] = "+447757199999"


BREAKING: dict[Callable[[Documents], None], str] = {
    _gone: "lost",
    _one_row_gone: "lost",
    _made_twice: "twice",
    _written_twice: "twice",
    _a_stranger: "unexplained",
    _a_row_that_was_not_sent: "unexplained",
    _half_a_row: "half",
    _half_a_row_of_members: "half",
    _back_among_the_living: "erasure",
    _data_of_the_erased: "erasure",
    _a_key_gone: "identity",
    _claims_gone: "identity",
    _an_identifier_of_nobody: "identity",
}


async def test_nothing_is_found_in_what_uploads_leave(written: tuple[Ledger, Documents]) -> None:
    assert [] == list(findings(*written))


@pytest.mark.parametrize("breaking", BREAKING)
async def test_what_is_not_as_it_was_told_is_found(
    breaking: Callable[[Documents], None], written: tuple[Ledger, Documents]
) -> None:
    ledger, documents = written
    breaking(documents)

    assert BREAKING[breaking] in {finding.kind for finding in findings(ledger, documents)}


async def test_a_customer_who_was_told_to_be_made_twice_is_found(
    written: tuple[Ledger, Documents],
) -> None:
    ledger, documents = written
    for upload in ledger.uploads:
        for result in upload.results or ():
            if result["status"] == "UPDATED":
                result["status"] = "CREATED"

    assert "twice" in {finding.kind for finding in findings(ledger, documents)}


async def test_what_nobody_acknowledged_may_be_there_or_not(
    written: tuple[Ledger, Documents],
) -> None:
    """Those whom an upload made that was cut off."""
    ledger, documents = written
    last = ledger.uploads[-1]
    last.results = None
    without = [one for one in documents if one.get("tags") != [last.token]]

    assert len(without) < len(documents)
    assert [] == list(findings(ledger, documents))
    assert [] == list(findings(ledger, without))
