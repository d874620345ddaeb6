"""Requests as they stand on the wire: what is taken, what could be read in two ways, how long."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.web.raw import App, Server, serving, until

POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LIMIT = 4096


@pytest_asyncio.fixture
async def app() -> App:
    return App()


@pytest_asyncio.fixture
async def server(app: App) -> AsyncIterator[Server]:
    async with serving(app, max_head_bytes=LIMIT) as server:
        yield server


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (GET, ""),
        (POST + b"Content-Length: 5\r\n\r\nhello", "hello"),
        (CHUNKED + b"2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\n\r\n", "hello"),
        (b"POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello", "hello"),
        (b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", ""),
        (b"\r\n\r\n" + GET, ""),
    ],
    ids=["get", "length", "chunked", "1.0", "absolute", "line ends in front"],
)
async def test_well_formed_requests_are_taken(server: Server, request_: bytes, body: str) -> None:
    client = await server.connect(request_)
    status, told = await client.answer()

    assert (200, "/", body) == (status, told["path"], told["body"])


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (400, POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        (400, POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        (400, POST + b"Content-Length: 5, 5\r\n\r\nhello"),
        (400, POST + b"Content-Length: +5\r\n\r\nhello"),
        (400, POST + b"Content-Length: 0x5\r\n\r\nhello"),
        (400, POST + b"Content-Length : 5\r\n\r\nhello"),
        (400, POST + b"Content-Length:\r\n\r\nhello"),
        (400, POST + b"Content-Length: 99999999999999999999\r\n\r\nhello"),
        (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (501, POST + b"Transfer-Encoding: identity\r\n\r\n"),
        (501, POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        (
            501,
            POST + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (400, POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        (501, b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, CHUNKED + b"5\nhello\r\n0\r\n\r\n"),
        (400, CHUNKED + b"5 \r\nhello\r\n0\r\n\r\n"),
        (400, CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n"),
        (400, CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n"),
        (400, CHUNKED + b"fffffffffffffffff\r\nhello"),
        (400, CHUNKED + b"5\r\nhelloworld0\r\n\r\n"),
        (400, POST + b"X: a\r\n b\r\n\r\n"),
        (400, POST + b"X: a\rContent-Length: 5\r\n\r\nhello"),
        (400, POST + b"X: a\0b\r\n\r\n"),
        (400, POST + b"A B: c\r\n\r\n"),
        (400, POST + b": c\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        (400, b"GET / HTTP/1.1\nHost: a\n\n"),
        (400, b"GET / HTTP/1.1\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        (400, b"GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        (505, b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (400, b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\nhello"),
        (400, b"FOO / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n".encode()),
        (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    ],
    ids=repr,
)
async def test_what_a_proxy_may_read_otherwise_is_refused(
    server: Server, app: App, status: int, request_: bytes
) -> None:
    """And the connection ends: nothing behind it is read as a request."""
    client = await server.connect(request_ + GET.replace(b"/", b"/smuggled", 1))
    refused = await client.answer()

    assert status == refused[0]
    assert b"" == await client.rest()
    assert "/smuggled" not in app.asked


@pytest.mark.parametrize(
    "head",
    [
        POST + b"X: " + b"y" * LIMIT + b"\r\n\r\n",
        POST + b"X: " + b"y" * LIMIT,
        POST + b"y" * LIMIT,
        POST + b"X: y\r\n" * 101 + b"\r\n",
        b"GET /" + b"y" * LIMIT,
        b"GET /" + b"y" * LIMIT + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    ids=["value", "value without end", "name", "number", "address without end", "address"],
)
async def test_a_head_has_a_size(server: Server, app: App, head: bytes) -> None:
    client = await server.connect(head)

    assert (431, "The head of the request is too large.\n") == await client.answer()
    assert [] == app.asked


async def test_a_head_in_small_parts_has_a_size(server: Server) -> None:
    """Its parser keeps a header until that ends."""
    client = await server.connect(POST + b"X: ")
    for _ in range(LIMIT // 100 + 1):
        await server.send(client, b"y" * 100)

    assert 431 == (await client.answer())[0]


async def test_a_body_in_the_same_packet_does_not_count_as_head(server: Server) -> None:
    client = await server.connect(POST + b"Content-Length: 9000\r\n\r\n" + b"x" * 9000)

    assert 9000 == len((await client.answer())[1]["body"])


@pytest.mark.parametrize("endless", [b"3;" + b"x" * 999, b"0\r\nX: " + b"y" * 999])
async def test_what_stands_beside_a_body_has_a_size(server: Server, endless: bytes) -> None:
    """Names of chunks, and headers behind the body, which the parser keeps until they end."""
    client = await server.connect(CHUNKED + endless)
    for _ in range(5):
        await server.send(client, b"y" * 999)

    assert 431 == (await client.answer())[0]


async def test_headers_behind_a_body_are_no_headers(server: Server) -> None:
    """A proxy has not looked there for those that it sets itself."""
    client = await server.connect(CHUNKED + b"0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")

    assert ["host", "transfer-encoding"] == (await client.answer())[1]["headers"]


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c"])
async def test_another_protocol_is_not_spoken(server: Server, protocol: bytes) -> None:
    """Who asks for it is answered in this one, with the body read as what it is."""
    asked = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol + b"\r\n"
    body = b"Content-Length: 27\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n\r\n"
    client = await server.connect(POST + asked + b"HTTP2-Settings: AAA\r\n" + body)
    status, told = await client.answer()
    await server.send(client, GET)
    _, next_told = await client.answer()

    assert (200, "POST", "GET / HTTP/1.1\r\nHost: b\r\n\r\n\r\n"[:27]) == (
        status,
        told["method"],
        told["body"],
    )
    assert "upgrade" not in told["headers"]
    assert "GET" == next_told["method"]


async def test_requests_that_did_not_wait_are_answered_in_turn(server: Server, app: App) -> None:
    paths = [b"/held", b"/b", b"/c"]
    client = await server.connect(b"".join(GET.replace(b"/", path, 1) for path in paths))
    app.let.set()
    answers = [await client.answer() for _ in paths]

    assert ["/held", "/b", "/c"] == [told["path"] for _, told in answers]


async def test_requests_that_do_not_wait_are_not_kept_without_end(server: Server, app: App) -> None:
    client = await server.connect(GET.replace(b"/", b"/held", 1) + GET * 1000)

    assert b"" == await client.rest()
    assert {"malformed": 1} == server.connections.closed


async def test_a_bad_request_behind_one_that_is_owed_an_answer_gets_none(
    server: Server, app: App
) -> None:
    """It would be taken for the answer of the first."""
    client = await server.connect(GET.replace(b"/", b"/held", 1) + b"nonsense\r\n\r\n")

    assert b"" == await client.rest()


async def test_a_refused_request_that_would_have_gone_on_ends_its_connection(
    server: Server,
) -> None:
    """Whether what comes next is its body or another request, nobody can tell."""
    asks = POST.replace(b"/", b"/early", 1) + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    client = await server.connect(asks)

    assert 200 == (await client.answer())[0]
    assert b"" == await client.rest()


async def test_an_old_client_is_answered_and_left(server: Server) -> None:
    client = await server.connect(b"GET / HTTP/1.0\r\n\r\n")
    await client.answer()

    assert b"" == await client.rest()


async def test_who_goes_away_leaves_nothing_behind(server: Server, app: App) -> None:
    client = await server.connect(POST + b"Content-Length: 5\r\n\r\nhel")
    client.writer.close()
    await until(lambda: app.disconnected == 1)

    assert 0 == len(server.connections)
