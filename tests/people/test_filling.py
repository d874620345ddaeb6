"""Filling, where the service is slow, or gone for good."""

from itertools import islice

import httpx2
import pytest

from scripts.people import people
from scripts.people.filling import ATTEMPTS, CannotFill, Filled, fill
from scripts.people.telling import summary

ROWS = list(islice(people(), 3))
DONE = {"counts": {"rows": 3, "created": 1, "unchanged": 2}, "results": []}


def _answering(*statuses: int) -> httpx2.Client:
    """A service that answers so, in turn."""
    left = iter(statuses)

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(next(left), json=DONE, headers={"retry-after": "0"})

    return httpx2.Client(base_url="http://service", transport=httpx2.MockTransport(answer))


def test_what_the_service_could_not_finish_is_sent_again_and_told() -> None:
    filled = Filled()
    batches = list(fill(_answering(503, 503, 200), ROWS, filled))

    assert ([3], 3, 2) == (batches, filled.counts["rows"], filled.resent)
    assert "2 uploads were sent again" in summary(filled)


def test_what_was_too_much_at_once_is_sent_again_and_nothing_is_said() -> None:
    """Nothing of it had gone in."""
    filled = Filled()
    batches = list(fill(_answering(429, 200), ROWS, filled))

    assert ([3], 0) == (batches, filled.resent)


def test_a_service_that_never_can_is_given_up() -> None:
    with pytest.raises(CannotFill, match="HTTP 503"):
        list(fill(_answering(*[503] * ATTEMPTS), ROWS, Filled()))


def test_a_service_that_goes_away_is_told() -> None:
    def gone(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    client = httpx2.Client(base_url="http://service", transport=httpx2.MockTransport(gone))
    with pytest.raises(CannotFill, match="The service is gone: refused"):
        list(fill(client, ROWS, Filled()))
