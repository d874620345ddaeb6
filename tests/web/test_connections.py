"""How many connections there may be, of one address and at all."""

import resource

from structlog.testing import capture_logs

from service.settings import Settings
from service.web.connections import RESERVED_FILES, Connections
from tests.web.raw import App, Client, Server, serving, until

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def opened(server: Server, number: int, source: str = "127.0.0.1") -> list[Client]:
    """As many more from one address, that say nothing."""
    before = len(server.connections)
    clients = [await server.connect(source=source) for _ in range(number)]
    await until(lambda: len(server.connections) == before + number)
    return clients


async def test_one_address_has_so_many_connections_and_others_have_theirs() -> None:
    async with serving(App(), max_connections_per_address=3) as server:
        await opened(server, 3)
        one_more = await server.connect()
        refused = await one_more.answer()
        another = await server.connect(GET, source="127.0.0.2")

        assert (429, "There are too many connections from this address.\n") == refused
        assert b"" == await one_more.rest()
        assert 200 == (await another.answer())[0]
        assert {"too_many_of_address": 1} == server.connections.closed


async def test_a_connection_that_ended_makes_room_for_another() -> None:
    async with serving(App(), max_connections_per_address=3) as server:
        first, *_ = await opened(server, 3)
        first.writer.close()
        await until(lambda: len(server.connections) == 2)
        another = await server.connect(GET)

        assert 200 == (await another.answer())[0]


async def test_trusted_proxies_are_bound_by_the_whole_number_alone() -> None:
    """All the world comes from their addresses."""
    settings = {"max_connections_per_address": 3, "max_connections": 5}
    async with serving(App(), trusted_proxies="127.0.0.0/24", **settings) as server:
        await opened(server, 5)
        one_more = await server.connect()
        refused = await one_more.answer()

        assert (503, "There are too many connections.\n") == refused
        assert {"too_many": 1} == server.connections.closed


async def test_the_bound_of_addresses_can_be_left_out() -> None:
    async with serving(App(), max_connections_per_address=0) as server:
        await opened(server, 300)
        another = await server.connect(GET)

        assert 200 == (await another.answer())[0]


async def test_the_log_says_in_one_line_what_was_ended_since_the_last() -> None:
    async with serving(App(), max_connections_per_address=3) as server:
        for client in [await server.connect() for _ in range(5)][3:]:
            await client.rest()
        with capture_logs() as logs:
            await server.pass_by(3)

    (line,) = logs
    assert ("connections_closed", 2) == (line["event"], line["too_many_of_address"])


def test_there_are_as_many_connections_as_the_system_allows_files() -> None:
    """Out of files, the service could reach neither new clients nor its store."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with capture_logs() as logs:
        connections = Connections(Settings(max_connections=hard))
    raised, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert hard == raised
    assert hard - RESERVED_FILES == connections.most
    assert ["fewer_connections"] == [line["event"] for line in logs]
