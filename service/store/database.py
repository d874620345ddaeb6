"""The database: its client, its deadlines, and what must stand in it before anything is served.

The only importer of Motor.
"""

import asyncio
import hmac
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC
from typing import Any, TypeAlias

import pymongo
from beanie import Document, init_beanie
from bson.codec_options import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import IndexModel, ReadPreference, WriteConcern
from pymongo.errors import ConfigurationError, DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from service.errors import QueryTooSlow, StartError, StoreUnavailable
from service.store import THREADS
from service.store.failures import StoreDefect, named, told
from service.store.observing import Listener
from service.store.watch import Watch

ASKING = 2
"""Threads that ask whether the server answers, beside those that wait for it."""

POOL_SIZE = THREADS + 2 * ASKING
"""Most connections to one server: enough that some are left for asking one that hangs."""

HEARTBEAT = 500
"""Milliseconds between two looks of the driver at a server: what a server that returns, and another
primary, wait for."""

CONNECTING = 1000
"""Milliseconds for a connection, and for a server to say that it is there: after that the driver
takes it for gone, and ends what still reads from it."""

OPENING = 4.0
"""Seconds that a server has to answer at the start."""

CLOSING = 1.0
"""Seconds that a server has to take leave of its client."""

ANSWERING = 0.5
"""Seconds in which a database says that it is there, after a query that took too long."""

GRACE = 0.2
"""Seconds more than a deadline that the driver has to keep it, before it is left behind."""

Client: TypeAlias = AsyncIOMotorClient[dict[str, Any]]
Collection: TypeAlias = AsyncIOMotorCollection[dict[str, Any]]
RawDatabase: TypeAlias = AsyncIOMotorDatabase[dict[str, Any]]

_FINGERPRINT_ID = "claims_key"
_NAMESPACE_EXISTS = 48
_SRV = "mongodb+srv://"


class Database:
    """One database and how to talk to it. `timeout` is what an operation may take, in seconds;
    `query_timeout` what one may that looks through customers."""

    def __init__(
        self, client: Client, name: str, *, timeout: float, query_timeout: float | None = None
    ) -> None:
        self.client = client
        self.raw: RawDatabase = client.get_database(
            name,
            codec_options=CodecOptions(tz_aware=True, tzinfo=UTC),
            read_preference=ReadPreference.PRIMARY,
            write_concern=WriteConcern(w="majority", j=True),
        )
        self.customers = self.collection("customers")
        self.meta = self.collection("meta")
        self.uploads = self.collection("uploads")
        self.segments = self.collection("segments")
        self.company_fields = self.collection("company_fields")
        self.api_keys = self.collection("api_keys")
        self.rate_limits = self.collection("rate_limits")
        self.audit = self.collection("audit")
        self.timeout = timeout
        self._query_timeout = min(timeout, query_timeout or timeout)
        self._asking = ThreadPoolExecutor(ASKING, "store-watch")
        self.watch = Watch(self.answers, self._give_up)

    def collection(self, name: str, **options: Any) -> Collection:
        """`options` are the driver's: they replace those of the database."""
        return self.raw.get_collection(name, **options)

    def deadline(self, seconds: float | None = None) -> AbstractAsyncContextManager[int]:
        """What is done inside takes at most so long; gives the bound in ms, for `maxTimeMS`.

        Ends sooner where the store answers nobody. Failures are told as `failures.told` says:
        StoreUnavailable and StoreDefect; BulkWriteError and DuplicateKeyError pass.
        """
        return self._within(self.timeout if seconds is None else seconds)

    def query(self) -> AbstractAsyncContextManager[int]:
        """As `deadline`, for a query that may look through many customers: QueryTooSlow when its
        time is over, also where the database ends nothing by itself but still answers others."""
        return self._within(self._query_timeout, reading=True)

    @asynccontextmanager
    async def _within(self, bound: float, *, reading: bool = False) -> AsyncIterator[int]:
        self.watch.check()
        end = time.monotonic() + bound
        try:
            with told(reading=reading):
                async with asyncio.timeout(bound + GRACE) as limit:
                    with self.watch.over(limit), pymongo.timeout(bound):
                        yield int(bound * 1000)
        except StoreUnavailable:
            if reading and time.monotonic() >= end and await self.answers(ANSWERING):
                raise QueryTooSlow from None
            raise

    async def answers(self, seconds: float) -> bool:
        """Whether the database answers in time, whatever else waits for it."""
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self._asking, self._ask, seconds)
        done, _ = await asyncio.wait([asked], timeout=seconds + GRACE)
        return bool(done) and asked.result()

    def _ask(self, seconds: float) -> bool:
        """Of the primary, and for something to be read: whoever is another now refuses that."""
        meta = self.client.delegate[self.raw.name]["meta"]
        try:
            with pymongo.timeout(seconds):
                meta.find_one({"_id": _FINGERPRINT_ID}, {"_id": 1})
        except PyMongoError:
            return False
        return True

    async def ping(self, seconds: float | None = None) -> None:
        """Raises StoreUnavailable unless the database answers in time."""
        async with self.deadline(seconds):
            await self.client.admin.command("ping")

    async def settle(self) -> None:
        """Returns when all that was written before is durable: a write that changes nothing is
        acknowledged to the majority once whatever it may have found is."""
        async with self.deadline():
            await self.meta.update_one({"_id": _FINGERPRINT_ID}, {"$unset": {"nothing": ""}})

    async def _give_up(self) -> None:
        """What still waits on an old connection, though nobody waits for it any more, makes room: a
        connection through which nothing comes would keep its thread until the deadline."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._asking, _interrupt, self.client)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Its watch is kept meanwhile."""
        keeping = asyncio.create_task(self.watch.keep())
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def close(self) -> None:
        """Says goodbye to the server, in a thread: one that hangs holds nobody up for long."""
        self._asking.shutdown(wait=False, cancel_futures=True)
        with pymongo.timeout(CLOSING):
            await asyncio.to_thread(self.client.close)


def _interrupt(client: Client) -> None:
    """As the driver itself does with the connections to a server that it takes for gone."""
    for server in list(client.delegate._topology._servers.values()):
        with server.pool.lock:
            for waiting in server.pool.active_contexts:
                waiting.cancel()
        server.pool.reset_without_pause()


async def open_database(
    uri: str,
    name: str,
    *,
    timeout: float,  # noqa: ASYNC109  # of every operation on it later, not of this call alone
    query_timeout: float | None = None,
    models: Sequence[type[Document]] = (),
    listeners: Sequence[Listener] = (),
) -> Database:
    """A database that answers, with Beanie's models on it; their indexes are built elsewhere.

    Raises StartError, within seconds, where none answers or it refuses us. The error names hosts
    and never the address, which may hold a password.
    """
    database = Database(_client(uri, listeners), name, timeout=timeout, query_timeout=query_timeout)
    try:
        await _answers(database)
        async with database.deadline():
            await init_beanie(
                database=database.raw, document_models=list(models), skip_indexes=True
            )
    except (StoreUnavailable, StoreDefect) as error:
        await database.close()
        raise StartError(unreachable(uri, error)) from None
    return database


async def _answers(database: Database) -> None:
    """Asks until OPENING is over: a server that is starting, or busy, may miss an attempt."""
    clock = asyncio.get_running_loop().time
    until = clock() + OPENING
    while True:
        try:
            return await database.ping(max(until - clock(), GRACE))
        except StoreUnavailable:
            if clock() >= until:
                raise


def _client(uri: str, listeners: Sequence[Listener] = ()) -> Client:
    """Connects at the first use. Raises StartError for an address that cannot be read.

    Retryable writes are on, as the driver has them, unless the address turns them off; it uses them
    on replica sets and clusters alone.
    """
    try:
        if not uri.startswith(_SRV):  # whose hosts are asked of the network
            parse_uri(uri)
        return AsyncIOMotorClient(
            uri,
            appname="customer-graph",
            tz_aware=True,
            tzinfo=UTC,
            w="majority",
            journal=True,
            readPreference="primary",
            maxPoolSize=POOL_SIZE,
            serverSelectionTimeoutMS=2000,
            connectTimeoutMS=CONNECTING,
            heartbeatFrequencyMS=HEARTBEAT,
            serverMonitoringMode="poll",
            event_listeners=listeners,
        )
    except (ConfigurationError, OSError, ValueError, TypeError) as error:
        raise StartError(
            f"MONGODB_URI is not the address of a MongoDB ({named(error)}): expected one such as "
            "mongodb://user:password@host:27017/?replicaSet=name, with reserved characters in user "
            "and password percent-encoded."
        ) from None


def unreachable(uri: str, error: StoreUnavailable | StoreDefect) -> str:
    """Why the service can't start on the server at the address, which is not told."""
    where = _hosts(uri)
    unresolved = str(error).startswith("ConfigurationError")  # nobody knows it
    if isinstance(error, StoreDefect) and not unresolved:
        return (
            f"The MongoDB at {where} refuses the service ({error}). Check the user, the password "
            "and their rights in MONGODB_URI."
        )
    return (
        f"No MongoDB answers at {where}. Check MONGODB_URI, and that the server runs and can be "
        "reached from here."
    )


def _hosts(uri: str) -> str:
    """The hosts of an address that the driver could read."""
    if uri.startswith(_SRV):
        return re.split("[/?]", uri.removeprefix(_SRV).rpartition("@")[2])[0]
    nodes = parse_uri(uri)["nodelist"]
    return ", ".join(
        f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in nodes
    )


async def check_claims_key(database: Database, fingerprint: str) -> None:
    """Raises StartError if the database's digests were made with another key.

    The first service to start leaves its key's fingerprint in `meta`.
    """
    async with database.deadline():
        try:
            await database.meta.insert_one({"_id": _FINGERPRINT_ID, "value": fingerprint})
        except DuplicateKeyError:
            known = await database.meta.find_one({"_id": _FINGERPRINT_ID}) or {}
        else:
            return
    if not hmac.compare_digest(str(known.get("value")), fingerprint):
        raise StartError(
            f"The database {database.raw.name} was made with another claims key. Set "
            "CUSTOMER_GRAPH_CLAIMS_KEY to that one, or restore the file claims.key of the data "
            "directory: with another key people who were forgotten could come back."
        )


async def ensure_indexes(collection: Collection, indexes: Sequence[IndexModel]) -> None:
    """Builds those that are not there, however long it takes.

    Raises StartError if one can't be built.
    """
    try:
        with told():
            await collection.create_indexes(list(indexes))
    except (DuplicateKeyError, StoreDefect) as error:
        reason = named(error) if isinstance(error, DuplicateKeyError) else error
        raise StartError(
            f"The indexes of the collection {collection.name} cannot be built ({reason}): another "
            "index has the name of one, or documents break its uniqueness."
        ) from None
    except StoreUnavailable:
        raise StartError(
            f"The database stopped answering while indexes of {collection.name} were built."
        ) from None


async def ensure_validator(
    database: Database, collection: str, validator: Mapping[str, Any]
) -> None:
    """Makes the collection if need be; from now on it refuses documents unlike the validator."""
    async with database.deadline():
        try:
            await database.raw.create_collection(
                collection, validator=validator, check_exists=False
            )
        except OperationFailure as error:
            if error.code != _NAMESPACE_EXISTS:
                raise
            await database.raw.command({"collMod": collection, "validator": validator})
