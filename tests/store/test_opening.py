"""The store that the settings name, and what a start without one says."""

import os
import re
from pathlib import Path
from typing import Any, NoReturn

import pytest
from pydantic import SecretStr

from service.errors import StartError, StoreUnavailable
from service.settings import Settings
from service.store import directory as directories
from service.store import opening
from service.store.failures import StoreDefect
from service.store.opening import open_store


def settings(uri: str | None, directory: Path, **changed: Any) -> Settings:
    return Settings(
        mongodb_uri=None if uri is None else SecretStr(uri), data_dir=directory, **changed
    )


async def test_the_users_mongodb_is_opened_with_the_users_key(
    embedded_uri: str, tmp_path: Path
) -> None:
    """It stands ready, and nothing is written into the data directory."""
    chosen = settings(embedded_uri, tmp_path, database="opened", claims_key="k" * 32)
    async with open_store(chosen) as store:
        indexes = await store.database.customers.index_information()

        assert {"keys", "claims"} <= set(indexes)
        assert "MongoDB, database opened" == store.name
    assert [] == os.listdir(tmp_path)


async def test_the_database_does_not_hold_the_key(embedded_uri: str, tmp_path: Path) -> None:
    """Who has the database alone can't tell whether an address was ever known."""
    async with open_store(
        settings(embedded_uri, tmp_path, database="secret", claims_key="k" * 32)
    ) as store:
        known = [document async for document in store.database.meta.find()]

        assert known
        assert "k" * 32 not in repr(known)


async def test_another_key_than_that_of_the_database_is_refused(
    embedded_uri: str, tmp_path: Path
) -> None:
    async with open_store(settings(embedded_uri, tmp_path, database="keyed", claims_key="k" * 32)):
        pass

    with pytest.raises(StartError, match="The database keyed was made with another claims key"):
        async with open_store(
            settings(embedded_uri, tmp_path, database="keyed", claims_key="l" * 32)
        ):
            pytest.fail("it opened")


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (StoreDefect("OperationFailure 13"), "refuses the service (OperationFailure 13)"),
        (StoreUnavailable(), "No MongoDB answers at 127.0.0.1:"),
    ],
    ids=["without the right", "no longer there"],
)
async def test_a_server_that_cannot_be_made_ready_is_told(
    embedded_uri: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    told: str,
) -> None:
    async def prepare(*_: object) -> NoReturn:
        raise failure

    monkeypatch.setattr(opening, "prepare", prepare)

    with pytest.raises(StartError) as refused:
        async with open_store(settings(embedded_uri, tmp_path, claims_key="k" * 32)):
            pytest.fail("it opened")

    assert told in str(refused.value)


async def test_a_start_without_a_key_offers_a_new_one_each_time(tmp_path: Path) -> None:
    """Before the server is asked for anything."""
    offered = set()
    for _ in range(2):
        with pytest.raises(StartError, match="CUSTOMER_GRAPH_CLAIMS_KEY must be set") as refused:
            async with open_store(settings("mongodb://127.0.0.1:9/", tmp_path)):
                pytest.fail("it opened")
        offered |= set(re.findall(r"[\w-]{43}$", str(refused.value)))

    assert 2 == len(offered)


async def test_the_embedded_store_makes_its_key_once(tmp_path: Path) -> None:
    """And the data needs that one: without it, a start is refused rather than given another."""
    async with open_store(settings(None, tmp_path)) as store:
        assert f"the embedded store in {tmp_path}" == store.name
    key = tmp_path / "claims.key"
    kept = key.read_text()
    async with open_store(settings(None, tmp_path)):
        assert kept == key.read_text()
    key.unlink()

    with pytest.raises(StartError, match=r"restore the file claims\.key"):
        async with open_store(settings(None, tmp_path)):
            pytest.fail("it opened")


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 43, b"a" * 42 + b"!"])
def test_a_damaged_key_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "claims.key").write_bytes(content)

    with pytest.raises(StartError, match="does not hold a key"):
        directories.claims_key(tmp_path)

    assert content == (tmp_path / "claims.key").read_bytes()


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StartError, match="Cannot make the data directory .*: Not a directory"):
        directories.make(tmp_path / "file" / "data")


def test_a_long_log_is_set_aside_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directories, "LOG_LIMIT", 10)
    (tmp_path / "store.log").write_text("more than ten bytes")

    directories.open_log(tmp_path).close()

    assert "" == (tmp_path / "store.log").read_text()
    assert "more than ten bytes" == (tmp_path / "store.log.1").read_text()
