"""Keys: made, presented, exchanged and ended, on each store."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from service.access.keyring import FRESH, Keyring
from service.access.scopes import EVERYTHING, Scope
from service.access.secrets import new_key
from service.errors import Forbidden, NotFound, Unauthenticated
from service.store.api_keys import ApiKeys
from service.store.database import Database

READ = [Scope.CUSTOMERS_READ]


class Clock:
    """A moment that tests move on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 28, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keyring(database: Database, clock: Clock) -> Keyring:
    return Keyring(ApiKeys(database), clock.now, clock.monotonic)


async def test_whoever_has_a_key_may_do_what_it_says(keyring: Keyring) -> None:
    made = await keyring.make("frontend", READ, ["country", "ACME__level"])

    caller = await keyring.caller(str(made))

    assert caller.key is not None
    assert (made.public_id, "frontend") == (caller.key.public_id, caller.key.name)
    assert frozenset(READ) == caller.scopes
    assert frozenset({"country", "ACME__level"}) == caller.readable_fields
    with pytest.raises(Forbidden):
        caller.require([Scope.CUSTOMERS_WRITE])
    with pytest.raises(Forbidden):
        caller.require_field("email")


async def test_a_key_without_fields_reads_all(keyring: Keyring) -> None:
    caller = await keyring.caller(str(await keyring.make("all", EVERYTHING)))

    assert caller.readable_fields is None
    caller.require_field("email")


@pytest.mark.parametrize("wrong", ["secret", "id", "form", "nothing"])
async def test_nobody_else_comes_in(keyring: Keyring, wrong: str) -> None:
    made, other = await keyring.make("one", READ), new_key()
    presented = {
        "secret": f"{made.public_id}.{other.secret}",
        "id": f"{other.public_id}.{made.secret}",
        "form": f"{made} ",
        "nothing": "",
    }[wrong]

    with pytest.raises(Unauthenticated):
        await keyring.caller(presented)


@pytest.mark.parametrize("there_is_one", [True, False], ids=["wrong secret", "no such key"])
async def test_a_miss_takes_a_comparison_in_constant_time_too(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch, there_is_one: bool
) -> None:
    """Or the time that a refusal takes would tell which keys there are."""
    made, other = await keyring.make("one", READ), new_key()
    public_id = made.public_id if there_is_one else other.public_id
    compared: list[int] = []

    def compare(one: bytes, another: bytes) -> bool:
        compared.append(len(one))
        return one == another

    monkeypatch.setattr("service.access.secrets.hmac.compare_digest", compare)
    with pytest.raises(Unauthenticated):
        await keyring.caller(f"{public_id}.{other.secret}")

    assert [32] == compared


async def test_of_a_secret_only_a_digest_is_stored(keyring: Keyring, database: Database) -> None:
    made = await keyring.make("one", READ)

    (stored,) = [one async for one in database.api_keys.find({})]

    assert made.secret not in repr(stored)
    assert base64.urlsafe_b64decode(made.secret + "=") not in stored["digest"]
    assert 32 == len(stored["digest"])
    assert made.secret not in repr(made)


async def test_a_revoked_key_ends_within_seconds_where_it_is_known(
    keyring: Keyring, clock: Clock
) -> None:
    made = await keyring.make("one", READ)
    await keyring.caller(str(made))
    elsewhere = Keyring(keyring.keys, clock.now, clock.monotonic)
    clock.seconds += 1
    await elsewhere.revoke(made.public_id)

    clock.seconds += FRESH

    with pytest.raises(Unauthenticated):
        await keyring.caller(str(made))


async def test_an_expired_key_ends_at_its_moment(keyring: Keyring, clock: Clock) -> None:
    made = await keyring.make("one", READ, lifetime=timedelta(seconds=2))
    clock.seconds += 1.9
    await keyring.caller(str(made))

    clock.seconds += 0.1

    with pytest.raises(Unauthenticated):
        await keyring.caller(str(made))


async def test_a_rotated_key_works_on_beside_the_new_one_and_then_ends(
    keyring: Keyring, clock: Clock
) -> None:
    old = await keyring.make("nightly", READ, ["country"], timedelta(days=90))
    clock.seconds += 60
    new = await keyring.rotate(old.public_id, timedelta(hours=1))

    by_old, by_new = [await keyring.caller(str(key)) for key in (old, new)]

    assert by_old.key is not None
    assert by_new.key is not None
    assert (by_old.key.name, by_old.scopes) == (by_new.key.name, by_new.scopes)
    assert by_old.readable_fields == by_new.readable_fields
    assert clock.now() + timedelta(days=90) == by_new.key.expires_at

    clock.seconds += 3600

    with pytest.raises(Unauthenticated):
        await keyring.caller(str(old))
    assert (await keyring.caller(str(new))).scopes == by_new.scopes


async def test_a_key_that_ends_before_the_overlap_does_is_not_prolonged(
    keyring: Keyring, clock: Clock
) -> None:
    old = await keyring.make("nightly", READ, lifetime=timedelta(minutes=1))

    await keyring.rotate(old.public_id, timedelta(hours=1))

    assert clock.now() + timedelta(minutes=1) == (await keyring.find(old.public_id)).expires_at


async def test_the_last_use_is_known_to_some_minutes(keyring: Keyring, clock: Clock) -> None:
    made = await keyring.make("one", READ)
    assert (await keyring.find(made.public_id)).last_used_at is None

    await keyring.caller(str(made))
    first = (await keyring.find(made.public_id)).last_used_at
    clock.seconds += 200
    await keyring.caller(str(made))
    second = (await keyring.find(made.public_id)).last_used_at
    clock.seconds += 200
    await keyring.caller(str(made))
    third = (await keyring.find(made.public_id)).last_used_at

    assert first == second
    assert clock.now() == third


async def test_a_wrong_secret_is_no_use(keyring: Keyring) -> None:
    made = await keyring.make("one", READ)

    with pytest.raises(Unauthenticated):
        await keyring.caller(f"{made.public_id}.{new_key().secret}")

    assert (await keyring.find(made.public_id)).last_used_at is None


@pytest.mark.parametrize("do", ["revoke", "rotate"])
async def test_what_is_not_there_is_neither_ended_nor_exchanged(keyring: Keyring, do: str) -> None:
    doing = keyring.revoke("k0") if do == "revoke" else keyring.rotate("k0", timedelta(0))

    with pytest.raises(NotFound):
        await doing

    assert [] == await keyring.all()


async def test_lists_show_keys_that_ended_and_the_usable_are_without_them(keyring: Keyring) -> None:
    first, second = await keyring.make("first", READ), await keyring.make("second", READ)
    await keyring.revoke(first.public_id)

    everybody, usable = await keyring.all(), await keyring.usable()

    assert {first.public_id, second.public_id} == {key.public_id for key in everybody}
    assert [second.public_id] == [key.public_id for key in usable]
