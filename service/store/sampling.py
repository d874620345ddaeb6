"""Takes samples of the customers, so that searches are read the cheapest way."""

import asyncio
from typing import Any

import structlog
from bson.codec_options import CodecOptions

from service.errors import ServiceError
from service.queries.sample import SIZE, Sample
from service.store.database import Database
from service.store.failures import StoreDefect, named
from service.store.searches import Searches

PAUSE = 30.0
"""Seconds between looks at how many customers there are."""

DRIFT = 0.2
"""How much their number may change before they are sampled again."""

_NAIVE: CodecOptions[Any] = CodecOptions(tz_aware=False)

_log = structlog.get_logger()


async def keep_sampling(database: Database, searches: Searches) -> None:
    """Without end."""
    while True:
        try:
            customers = await _count(database)
            if _has_drifted(searches.sample, customers):
                searches.sample = await take_sample(database, customers)
        except (ServiceError, StoreDefect):
            pass  # which is told in the log; searches go by the sample before
        except Exception as error:  # noqa: BLE001  # whatever it is, sampling goes on
            _log.error("sampling_failed", error=named(error))
        await asyncio.sleep(PAUSE)


async def take_sample(database: Database, customers: int) -> Sample:
    """Of so many. The embedded store reads more than a page needs, unless it is asked for
    stretches."""
    collection = database.collection("customers", codec_options=_NAIVE)
    stages = [{"$sample": {"size": SIZE}}, {"$project": {"search": 1, "created_at": 1}}]
    async with database.deadline():
        documents: list[dict[str, Any]] = await collection.aggregate(stages).to_list(SIZE)
        server = await database.client.admin.command("buildInfo")
    return Sample.of(documents, customers, in_stretches="secantusVersion" in server)


async def _count(database: Database) -> int:
    async with database.deadline():
        return int(await database.customers.estimated_document_count())


def _has_drifted(sample: Sample | None, customers: int) -> bool:
    return sample is None or abs(customers - sample.customers) > DRIFT * sample.customers
