"""Keys as their users meet them: the first start, the command line, the running service."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from service.access.secrets import read_key
from tests.running import Service, run_command

ASK = {"query": "{ customers { totalCount } }"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    directory = tmp_path_factory.mktemp("keys") / "data"
    running = Service(directory, CUSTOMER_GRAPH_REQUIRE_KEYS="true").start()
    yield running
    running.stop()


def _make(service: Service, *scopes: str) -> str:
    arguments = [part for scope in scopes for part in ("--scope", scope)]
    status, key, said = run_command(
        "keys", "make", "a key", *arguments, "--data-dir", str(service.directory)
    )
    assert 0 == status, said
    return key.strip()


def _status(service: Service, key: str) -> int:
    headers = {"authorization": f"Bearer {key}"}
    return httpx2.post(f"{service.url}/graphql", json=ASK, headers=headers).status_code


def test_the_first_start_tells_a_key_once_that_may_do_everything(service: Service) -> None:
    assert service.key is not None
    assert read_key(service.key)
    assert 1 == service.upload({"external_id": "1"})["counts"]["created"]
    assert 1 == service.graphql(ASK["query"])["customers"]["totalCount"]
    assert service.key.partition(".")[2] not in service.log.read_text()


def test_without_a_key_there_is_no_data(service: Service) -> None:
    asked = httpx2.post(f"{service.url}/graphql", json=ASK)
    uploaded = httpx2.post(f"{service.url}/api/customers/upload/", json=[{"external_id": "2"}])
    reported = httpx2.get(f"{service.url}/api/customers/upload/u.x/")
    health = httpx2.get(f"{service.url}/readyz")

    assert [401] * 3 == [asked.status_code, uploaded.status_code, reported.status_code]
    assert 200 == health.status_code


def test_a_key_made_beside_the_running_service_works_at_once(service: Service) -> None:
    assert 200 == _status(service, _make(service, "customers:read"))
    assert 403 == _status(service, _make(service, "customers:write"))


def test_lists_show_no_secret(service: Service) -> None:
    key = read_key(_make(service, "customers:read", "admin"))
    assert key

    status, listed, _ = run_command("keys", "list", "--data-dir", str(service.directory))

    assert 0 == status
    assert key.public_id in listed
    assert key.secret not in listed


def test_a_rotated_key_works_beside_its_successor_until_it_is_revoked(service: Service) -> None:
    old = _make(service, "customers:read")
    public_id = old.partition(".")[0]
    where = ["--data-dir", str(service.directory)]

    _, new, _ = run_command("keys", "rotate", public_id, "--overlap", "1h", *where)
    revoked, _, _ = run_command("keys", "revoke", public_id, *where)

    assert 0 == revoked
    assert 200 == _status(service, new.strip())
    assert 401 == _status(service, old)


def test_the_trail_tells_of_keys_and_of_who_was_refused(service: Service) -> None:
    """From the command line without an address, from the network with it; never a secret."""
    made = _make(service, "customers:read").partition(".")[0]
    httpx2.post(f"{service.url}/api/customers/upload/", json=[])

    query = """{ auditEvents(first: 1000, where: {actions: [KEY, DENIED]}) {
      nodes { action about address errorCode keyPublicId } } }"""
    events = service.graphql(query)["auditEvents"]["nodes"]

    assert service.key is not None
    first = service.key.partition(".")[0]
    about = {"action": "KEY", "address": None, "errorCode": None, "keyPublicId": None}
    assert {**about, "about": first} in events
    assert {**about, "about": made} in events
    assert {
        "action": "DENIED",
        "about": None,
        "address": "127.0.0.1",
        "errorCode": "UNAUTHENTICATED",
        "keyPublicId": None,
    } in events


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "a", "--scope", "customers:raed"], "customers:raed is no scope"),
        (["make", "a", "--scope", "all", "--field", "emial"], "emial is no field"),
        (["make", "a", "--scope", "all", "--expires", "soon"], "soon is no duration"),
        (["revoke", "k0"], "There is no key"),
        (["rotate", "k0"], "There is no key"),
    ],
    ids=lambda one: one if isinstance(one, str) else one[0],
)
def test_a_mistake_is_told(service: Service, arguments: list[str], said: str) -> None:
    status, printed, told = run_command("keys", *arguments, "--data-dir", str(service.directory))

    assert 1 == status
    assert said in told
    assert "" == printed


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"CUSTOMER_GRAPH_REQUIRE_KEYS": "false"}, "may listen on a loopback address alone"),
        ({"CUSTOMER_GRAPH_REQUIRE_KEYS": "true"}, "Nobody has a key"),
    ],
    ids=["keys off", "no key"],
)
def test_nothing_but_loopback_is_served_without_keys(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    where = ["--host", "0.0.0.0", "--port", "0", "--data-dir", str(tmp_path / "data")]

    status, _, told = run_command("serve", *where, **settings)

    assert 1 == status
    assert said in told
