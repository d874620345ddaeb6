"""Made-up people as customers: each row makes one, whoever comes first."""

from itertools import islice
from random import Random

import pytest

from scripts.people import Row, people
from service.customers.plans import UploadStatus
from service.customers.values import ReadingRules
from service.uploads.upload import Limits
from tests.uploads.making import KEEPS, RULES, send, uploads_on
from tests.uploads.memory import MemoryStore

GIVEN = list(islice(people(seed=4), 2000))
SHUFFLED = Random(1).sample(GIVEN, len(GIVEN))
LIMITS = Limits(rows=len(GIVEN), holders=100, company_fields=200, keeps=KEEPS)
ROOMY = ReadingRules(zone=RULES.zone)


@pytest.mark.parametrize("rows", [GIVEN, SHUFFLED], ids=["as they come", "shuffled"])
async def test_every_row_makes_one_customer_and_changes_nothing_when_it_comes_again(
    rows: list[Row],
) -> None:
    uploads = uploads_on(MemoryStore(), limits=LIMITS, rules=ROOMY)
    first, again = await send(uploads, *rows), await send(uploads, *rows)

    assert {UploadStatus.CREATED} == {result.status for result in first}
    assert {UploadStatus.UNCHANGED} == {result.status for result in again}
