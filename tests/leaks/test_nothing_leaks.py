"""Whatever is sent to a service, nothing of a customer stands in its logs, its errors or its
records; and once the customer is forgotten, in no collection either.
"""

import json
import os
import signal
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from bson.codec_options import CodecOptions
from pymongo import MongoClient

from service.store.directory import owners_port
from service.store.embedded import address_of
from tests.leaks.battery import (
    UPLOAD,
    Answered,
    bad_bodies,
    bad_queries,
    bad_rows,
    broken_off,
    good,
)
from tests.leaks.canary import PERSON, SECRETS, WORD, found_in
from tests.running import Service

DEBUG = {"CUSTOMER_GRAPH_LOG_LEVEL": "DEBUG", "CUSTOMER_GRAPH_STORE_TIMEOUT": "1"}


class Told:
    """A service that was sent everything, and what it answered."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.secret = str(service.key).partition(".")[2]
        self.claims_key = (service.directory / "claims.key").read_text().strip()
        self.answers: list[Answered] = [
            *good(service),
            *bad_rows(service),
            *bad_bodies(service),
            *bad_queries(service),
        ]
        broken_off(service)
        self.answers += while_the_store_hangs(service)

    @property
    def log(self) -> bytes:
        return self.service.log.read_bytes() + (self.service.directory / "store.log").read_bytes()

    def documents(self) -> dict[str, bytes]:
        """Every document of every database of the store, by its collection, what is packed
        unpacked."""
        port = owners_port(self.service.directory)
        assert port is not None
        client: MongoClient[Any] = MongoClient(address_of(port))
        with client:
            return {
                f"{database}.{name}": b"".join(
                    _told(one)
                    for one in client[database]
                    .get_collection(name, codec_options=CodecOptions(document_class=dict))
                    .find()
                )
                for database in client.list_database_names()
                for name in client[database].list_collection_names()
            }


def _told(document: dict[str, Any]) -> bytes:
    packed = document.get("report", b"")
    return bson.encode(document) + zlib.decompressobj().decompress(packed)


def while_the_store_hangs(service: Service) -> Iterator[Answered]:
    """Every door answers that it is unavailable."""
    os.kill(service.store_pid(), signal.SIGSTOP)
    try:
        response = service.client.post(UPLOAD, json=[PERSON])
        yield Answered("an upload", response.status_code, response.content)
        query = f'{{ customer(by: {{email: "{PERSON["email"]}"}}) {{ id }} }}'
        response = service.client.post("/graphql", json={"query": query})
        yield Answered("a query", response.status_code, response.content)
    finally:
        os.kill(service.store_pid(), signal.SIGCONT)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    directory = tmp_path_factory.mktemp("leaks") / "data"
    service = Service(directory, CUSTOMER_GRAPH_REQUIRE_KEYS="true", **DEBUG).start()
    told = Told(service)
    yield told
    assert 0 == service.stop()


def test_what_was_sent_was_taken_and_refused_as_meant(told: Told) -> None:
    """Or nothing would be shown here."""
    statuses = {one.status for one in told.answers}
    asked = [one for one in told.answers if one.may_hold]

    assert {200, 400, 401, 404, 415, 422, 503} <= statuses
    assert asked
    assert all(found_in(one.body, [WORD]) for one in asked)


def test_no_answer_but_to_who_asks_holds_anything_of_a_customer(told: Told) -> None:
    """Names of keys that nobody knows are told to whoever sent them, cut short, and so is where in
    a document something was: the canary was put into values alone."""
    held = {one.what: found_in(one.body) for one in told.answers if not one.may_hold}

    assert {} == {what: found for what, found in held.items() if found}


def test_no_failure_is_one_that_nobody_foresaw(told: Told) -> None:
    assert not [one.what for one in told.answers if b"INTERNAL_ERROR" in one.body]


def test_the_logs_hold_nothing_of_a_customer(told: Told) -> None:
    """At their lowest level, neither the service's nor its store's."""
    assert b'"event":"request"' in told.log
    assert set() == found_in(told.log)


def test_standard_error_holds_nothing_but_log_lines(told: Told) -> None:
    """No traceback, no warning, no task whose exception nobody took."""
    lines = told.service.log.read_text().splitlines()

    assert [] == [line for line in lines if not _is_event(line)]
    assert not [line for line in lines if "raceback" in line or "never retrieved" in line]


def _is_event(line: str) -> bool:
    try:
        return "event" in json.loads(line)
    except ValueError:
        return False


def test_no_secret_is_told_to_the_log_or_the_list_of_processes(told: Told) -> None:
    """Neither that of a key nor that of the digests."""
    pids = [told.service.process.pid, told.service.store_pid()]
    commands = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids)
    store = Path(f"/proc/{pids[1]}/environ").read_bytes()
    bodies = b"".join(one.body for one in told.answers)

    for secret in (told.secret, told.claims_key):
        assert len(secret) > 40
        assert set() == found_in(told.log + commands + store + bodies, [secret])


def test_no_secret_stands_in_the_database(told: Told) -> None:
    """Of a key's there is a digest; the key of the digests is not there in any form but its
    fingerprint, which is made with it."""
    documents = told.documents()
    without_keys = b"".join(one for name, one in documents.items() if "api_keys" not in name)

    assert documents["customer_graph.api_keys"]
    assert told.secret.encode() not in b"".join(documents.values())
    assert set() == found_in(without_keys, [told.secret, told.claims_key])


def test_reports_and_idempotency_keys_hold_nothing_of_a_customer(told: Told) -> None:
    documents = told.documents()

    assert documents["customer_graph.uploads"]
    assert set() == found_in(documents["customer_graph.uploads"])


def test_where_no_customer_is_nothing_of_one_is(told: Told) -> None:
    """While they live, in one collection alone."""
    found = {name: found_in(one) for name, one in told.documents().items()}

    assert ["customer_graph.customers"] == [name for name, texts in found.items() if texts]


def test_once_forgotten_nothing_of_a_customer_is_in_any_collection(told: Told) -> None:
    """The last of these: it ends what the others look at."""
    before = told.documents()["customer_graph.customers"]
    report = told.service.upload(
        {"external_id": PERSON["external_id"], "is_forgotten": True},
        {"external_id": "other-1", "first_name": "Other"},
    )
    after = told.documents()

    assert set(SECRETS) - found_in(before) <= {"zebrafink.old@example.org", "+358459871234"}
    assert "UPDATED" == report["results"][0]["status"]
    assert b"Other" in after["customer_graph.customers"]
    assert {} == {name: found_in(one) for name, one in after.items() if found_in(one)}
    assert b'"search"' not in after["customer_graph.customers"]
    assert set() == found_in(told.log)
