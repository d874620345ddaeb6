"""Clients that are slow, on purpose or not. No test waits: time goes by as each says."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.web.raw import App, Server, serving, until

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
RATE = 1000


@pytest_asyncio.fixture
async def app() -> App:
    return App()


@pytest_asyncio.fixture
async def server(app: App) -> AsyncIterator[Server]:
    """Six seconds for everything but the thought between two requests, for which there are five."""
    times = {"header_timeout": 6, "body_timeout": 6, "write_timeout": 6, "keep_alive_timeout": 5}
    async with serving(app, min_transfer_rate=RATE, **times) as server:
        yield server


async def test_a_head_that_does_not_end_is_answered_with_408(server: Server) -> None:
    """However often another header comes."""
    client = await server.connect(HEAD)
    for number in range(7):
        await server.send(client, b"X-%d: y\r\n" % number)
        await server.pass_by(1)

    assert (408, "The request did not arrive in time.\n") == await client.answer()
    assert b"" == await client.rest()
    assert {"slow_head": 1} == server.connections.closed


async def test_nobody_is_charged_for_time_that_the_service_was_busy(server: Server) -> None:
    """It has not read meanwhile what they sent."""
    client = await server.connect(HEAD)
    server.connections.look(60.0)
    await server.send(client, b"\r\n" + bytes(100_000))

    assert 200 == (await client.answer())[0]


async def test_a_head_may_take_its_time(server: Server) -> None:
    client = await server.connect(HEAD)
    await server.pass_by(5)
    await server.send(client, b"\r\n" + bytes(100_000))

    assert 200 == (await client.answer())[0]


async def test_a_connection_that_says_nothing_is_closed_without_a_word(server: Server) -> None:
    client = await server.connect()
    await until(lambda: len(server.connections) == 1)
    await server.pass_by(7)

    assert b"" == await client.rest()


async def test_a_head_that_is_begun_late_has_no_more_time(server: Server) -> None:
    """Than the connection had from the start."""
    client = await server.connect()
    await until(lambda: len(server.connections) == 1)
    await server.pass_by(5)
    await server.send(client, HEAD)
    await server.pass_by(2)

    assert 408 == (await client.answer())[0]


async def test_line_ends_in_front_of_a_head_gain_no_time(server: Server) -> None:
    client = await server.connect(b"\r\n")
    for _ in range(7):
        await server.send(client, b"\r\n")
        await server.pass_by(1)

    assert 408 == (await client.answer())[0]


async def test_a_body_that_stalls_is_answered_with_408(server: Server, app: App) -> None:
    """And whoever reads it is told that nobody is there."""
    client = await server.connect(HEAD + b"\r\n" + bytes(90_000))
    await server.pass_by(7)

    assert 408 == (await client.answer())[0]
    assert b"" == await client.rest()
    assert {"slow_body": 1} == server.connections.closed
    await until(lambda: app.disconnected == 1)


async def test_a_body_that_drips_is_answered_with_408(server: Server) -> None:
    client = await server.connect(HEAD + b"\r\n")
    for _ in range(8):
        await server.send(client, b"x" * (RATE // 10))
        await server.pass_by(1)

    assert 408 == (await client.answer())[0]


async def test_a_slow_body_gets_through_however_long_it_takes(server: Server) -> None:
    """With a stall now and then: 100 seconds at the slowest rate."""
    client = await server.connect(HEAD + b"\r\n")
    for _ in range(25):
        await server.pass_by(4)
        await server.send(client, b"x" * (4 * RATE))

    assert 200 == (await client.answer())[0]


async def test_who_waits_to_be_told_to_go_on_is_not_slow(server: Server, app: App) -> None:
    """The service, which is to say so, is."""
    slow = HEAD.replace(b"/", b"/later", 1) + b"Expect: 100-continue\r\n\r\n"
    client = await server.connect(slow)
    await server.pass_by(60)
    app.let.set()
    go_on = await client.answer()
    await server.send(client, bytes(100_000))

    assert 100 == go_on[0]
    assert 200 == (await client.answer())[0]


async def test_an_answer_that_takes_long_is_waited_for(server: Server, app: App) -> None:
    """The client has sent all and has nothing to do."""
    client = await server.connect(GET.replace(b"/", b"/held", 1))
    await server.pass_by(60)
    app.let.set()

    assert 200 == (await client.answer())[0]


async def test_half_of_the_next_request_ends_none_that_is_being_answered(
    server: Server, app: App
) -> None:
    client = await server.connect(GET.replace(b"/", b"/held", 1) + GET[:20])
    await server.pass_by(60)
    app.let.set()

    assert 200 == (await client.answer())[0]


async def test_a_connection_is_kept_between_requests_and_not_for_long(server: Server) -> None:
    client = await server.connect(GET)
    first = await client.answer()
    await server.pass_by(4)
    await server.send(client, GET)
    second = await client.answer()
    await server.pass_by(6)

    assert [200, 200] == [first[0], second[0]]
    assert b"" == await client.rest()
    assert {} == server.connections.closed


async def test_the_next_head_has_its_own_time(server: Server) -> None:
    client = await server.connect(GET)
    await client.answer()
    await server.pass_by(4)
    await server.send(client, GET[:20])
    await server.pass_by(5)
    await server.send(client, GET[20:])

    assert 200 == (await client.answer())[0]


async def test_a_body_that_was_refused_may_not_go_on_for_ever(server: Server) -> None:
    """The answer came before it; the rest is read away for as long as a stall may last."""
    client = await server.connect(HEAD.replace(b"/", b"/early", 1) + b"\r\n")
    refused = await client.answer()
    for _ in range(7):
        await server.send(client, b"x" * RATE)
        await server.pass_by(1)

    assert 200 == refused[0]
    assert b"" == await client.rest()


async def test_a_body_that_was_refused_leaves_its_connection_whole(server: Server) -> None:
    client = await server.connect(HEAD.replace(b"/", b"/early", 1) + b"\r\n")
    await client.answer()
    await server.send(client, bytes(100_000) + GET)

    assert "/" == (await client.answer())[1]["path"]


async def test_an_answer_that_nobody_reads_is_cut_off(server: Server) -> None:
    client = await server.connect(b"GET /large?20000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    await until(lambda: bool(server.unread()))
    await server.pass_by(9)
    await until(lambda: len(server.connections) == 0)

    assert {"slow_reader": 1} == server.connections.closed
    with pytest.raises(ConnectionResetError):
        await client.rest()


async def test_an_answer_that_the_system_holds_for_nobody_is_cut_off(server: Server) -> None:
    """All of it left the process, and the connection seems to be idle."""
    client = await server.connect()
    client.reader._transport.pause_reading()  # type: ignore[attr-defined]
    client.send(b"GET /large?2000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    await until(lambda: bool(server.unread()))
    await server.pass_by(9)
    await until(lambda: len(server.connections) == 0)

    assert {"slow_reader": 1} == server.connections.closed
