"""The embedded store: what it survives, whom it refuses, and that it leaves nothing behind."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path
from typing import NoReturn

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from service.errors import StartError, StoreUnavailable
from service.store import directory as directories
from service.store import embedded
from service.store.database import Database, open_database
from service.store.embedded import EmbeddedStore

PATIENCE = 30.0
"""Seconds that a store has to come back."""


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path / "data", cache_size="64M")
    await store.start()
    yield store
    await store.stop()


@asynccontextmanager
async def client_of(store: EmbeddedStore) -> AsyncIterator[Database]:
    database = await open_database(store.address, "test", timeout=10)
    yield database
    await database.close()


async def kill(store: EmbeddedStore, sign: signal.Signals = signal.SIGKILL) -> int:
    assert store.pid is not None
    os.kill(store.pid, sign)
    return store.pid


async def comes_back(database: Database) -> None:
    """Asks until the store answers; each question waits for a server."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await database.ping()
            except StoreUnavailable:
                pass


async def test_data_survives_a_restart(store: EmbeddedStore) -> None:
    async with client_of(store) as database:
        await database.meta.insert_one({"_id": "a", "value": "kept"})
    await store.stop()
    await store.start()

    async with client_of(store) as database:
        assert {"_id": "a", "value": "kept"} == await database.meta.find_one({})


async def test_what_was_acknowledged_survives_a_kill_and_clients_find_the_store_again(
    store: EmbeddedStore,
) -> None:
    """It comes back on the same port, so that a client that knew it goes on."""
    async with client_of(store) as database:
        await database.customers.insert_many([{"_id": number} for number in range(200)])
        port, pid = store.port, await kill(store)
        await comes_back(database)

        assert 200 == await database.customers.count_documents({})
        await database.customers.insert_one({"_id": "after"})
    assert port == store.port
    assert pid != store.pid


async def test_a_server_that_does_not_start_again_is_tried_until_it_does(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each attempt is logged, and how it ended."""
    tried = asyncio.Event()

    def missing() -> NoReturn:
        tried.set()
        raise StartError("there is no program")

    async with client_of(store) as database:
        with capture_logs() as logs:
            with monkeypatch.context() as patch:
                patch.setattr(embedded, "find_program", missing)
                await kill(store)
                await asyncio.wait_for(tried.wait(), PATIENCE)
            await comes_back(database)

    events = [entry["event"] for entry in logs if entry["event"].startswith("store_")]
    assert ["store_died", "store_not_restarted"] == events[:2]
    assert "store_restarted" in events
    assert -signal.SIGKILL == logs[0]["exit_code"]
    assert "there is no program" == logs[1]["reason"]


async def test_a_second_owner_of_a_directory_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(StartError) as refused:
        await EmbeddedStore(store.directory).start()

    assert (
        f"The data directory {store.directory} is in use by another service, process "
        f"{os.getpid()}. Stop that one, or choose another directory." == str(refused.value)
    )


async def test_a_stopped_store_gives_its_directory_back(store: EmbeddedStore) -> None:
    """Stopping it again does nothing."""
    await store.stop()
    await store.stop()
    lock = directories.take(store.directory)

    assert store.pid is None
    assert lock is not None
    os.close(lock)


async def test_a_server_that_hangs_is_killed_at_the_stop(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "STOP_TIMEOUT", 0.2)
    await kill(store, signal.SIGSTOP)
    await store.stop()
    lock = directories.take(store.directory)

    assert lock is not None
    os.close(lock)


async def test_the_server_is_out_of_reach_of_the_terminals_interrupt(store: EmbeddedStore) -> None:
    assert store.pid is not None
    assert store.pid == os.getsid(store.pid) != os.getsid(0)


_PARENT = """
import asyncio, sys
from pathlib import Path
from service.store.embedded import EmbeddedStore

async def main():
    store = EmbeddedStore(Path(sys.argv[1]), cache_size="64M")
    print(await store.start(), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process with a store on `data`, which has said where that listens."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PARENT, tmp_path / "data"], stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()


async def test_the_server_dies_with_its_service(
    parent: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    """A service that was killed leaves nothing behind: the next one starts, with the data."""
    assert parent.stdout
    uri = await asyncio.to_thread(parent.stdout.readline)
    left = await open_database(uri.strip(), "test", timeout=10)
    await left.meta.insert_one({"_id": "a"})
    parent.kill()
    store = EmbeddedStore(tmp_path / "data", cache_size="64M")
    await store.start()

    with pytest.raises(StoreUnavailable):
        await left.ping(0.5)
    async with client_of(store) as database:
        assert 1 == await database.meta.count_documents({})
    await left.close()
    await store.stop()


async def test_a_machine_without_the_program_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is not there; nothing is made in its stead."""

    def files(name: str) -> NoReturn:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", files)

    with pytest.raises(StartError) as refused:
        await EmbeddedStore(tmp_path / "data").start()

    assert "pip install 'customer-graph[embedded]'" in str(refused.value)
    assert "set MONGODB_URI" in str(refused.value)
    assert not (tmp_path / "data").exists()


def test_a_wheel_without_the_program_is_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: [metadata.PackagePath("secantus/__init__.py")])

    with pytest.raises(StartError, match="not installed here"):
        embedded.find_program()


async def test_a_server_that_cannot_start_is_told_with_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The directory is free again, and the log kept."""
    program = tmp_path / "broken"
    program.write_text("#!/bin/sh\necho the disk is full >&2\nexit 3\n")
    program.chmod(0o700)
    monkeypatch.setattr(embedded, "find_program", lambda: program)
    store = EmbeddedStore(tmp_path / "data")

    with pytest.raises(StartError, match="does not start: the disk is full"):
        await store.start()

    assert "the disk is full\n" == (tmp_path / "data" / "store.log").read_text()
    lock = directories.take(store.directory)
    assert lock is not None
    os.close(lock)


async def test_only_its_user_reads_the_files(tmp_path: Path) -> None:
    """Whatever the process would give others by default."""
    before = os.umask(0)
    try:
        store = EmbeddedStore(tmp_path / "data", cache_size="64M")
        await store.start()
        directories.claims_key(store.directory)
        await store.stop()
    finally:
        os.umask(before)

    modes = {path.name: path for path in [store.directory, *store.directory.iterdir()]}
    assert {
        "data": "drwx------",
        "store": "drwx------",
        "owner.lock": "-rw-------",
        "port": "-rw-------",
        "store.log": "-rw-------",
        "store.toml": "-rw-------",
        "claims.key": "-rw-------",
    } == {name: stat.filemode(path.stat().st_mode) for name, path in modes.items()}
