"""What no HTTP client sends: lengths that lie, chunks that are none, heads that do not end."""

from tests.hostile.shots import Shot, raw

_HEAD = "POST /graphql HTTP/1.1\r\nHost: a\r\nX-Request-Id: %id%\r\nAuthorization: Bearer %key%\r\nContent-Type: application/json\r\n"
_BODY = '{"query": "{ service { version } }"}'


def _headed(name: str, headers: str, body: str = _BODY) -> Shot:
    return raw(f"wire: {name}", f"{_HEAD}{headers}\r\n\r\n{body}")


def _chunked(name: str, body: str) -> Shot:
    return _headed(name, "Transfer-Encoding: chunked", body)


SHAPES = [
    raw("wire: nothing", b""),
    raw("wire: line ends", b"\r\n" * 5000),
    raw("wire: NULs", bytes(5000)),
    raw("wire: TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300)),
    raw("wire: HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(50)),
    raw("wire: HTTP/0.9", "GET /graphql\r\n"),
    raw("wire: HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n"),
    raw("wire: HTTP/9.9", "GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n"),
    raw("wire: an address of its own", "GET http://evil.example/graphql HTTP/1.1\r\nHost: a\r\n\r\n"),
    raw("wire: an address of a star", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
    raw("wire: CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
    raw("wire: a fragment in the address", "GET /graphql#a HTTP/1.1\r\nHost: a\r\n\r\n"),
    raw("wire: bytes in the address", b"GET /\xff\xfe\x00 HTTP/1.1\r\nHost: a\r\n\r\n"),
    raw("wire: a method of a kilobyte", "A" * 1024 + " / HTTP/1.1\r\nHost: a\r\n\r\n"),
    raw("wire: no host", "GET /healthz HTTP/1.1\r\n\r\n"),
    raw("wire: two hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    raw("wire: a head without end", "GET /healthz HTTP/1.1\r\nHost: a\r\nX: "),
    raw("wire: a header without a name", "GET /healthz HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n"),
    raw("wire: a header without a colon", "GET /healthz HTTP/1.1\r\nHost: a\r\nabc\r\n\r\n"),
    raw("wire: a space before a colon", "GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n"),
    raw("wire: a folded header", "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
    raw("wire: NUL in a header", "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
    raw("wire: line feeds alone", "GET /healthz HTTP/1.1\nHost: a\n\n"),
    _headed("a length too long", "Content-Length: 5000"),
    _headed("a length too short", "Content-Length: 5"),
    _headed("a length below nothing", "Content-Length: -1"),
    _headed("a length of words", "Content-Length: many"),
    _headed("a length past all", "Content-Length: 99999999999999999999999"),
    _headed("a length in hexadecimal", "Content-Length: 0x24"),
    _headed("a length with a sign", "Content-Length: +36"),
    _headed("two lengths", "Content-Length: 36\r\nContent-Length: 5"),
    _headed("two lengths in one", "Content-Length: 36, 36"),
    _headed("a length and chunks", "Content-Length: 36\r\nTransfer-Encoding: chunked"),
    _headed("a coding nobody knows", "Transfer-Encoding: gzip, chunked"),
    _headed("a coding that is no longer one", "Transfer-Encoding: identity"),
    _headed("a coding in disguise", "Transfer-Encoding : chunked"),
    _headed("an expectation", "Content-Length: 36\r\nExpect: 100-continue"),
    _headed("an expectation of nothing known", "Content-Length: 36\r\nExpect: a-miracle"),
    _chunked("chunks", "24\r\n" + _BODY + "\r\n0\r\n\r\n"),
    _chunked("chunks of a byte", "".join(f"1\r\n{one}\r\n" for one in _BODY) + "0\r\n\r\n"),
    _chunked("chunks with extensions", "24;" + "a=b;" * 2000 + "\r\n" + _BODY + "\r\n0\r\n\r\n"),
    _chunked("chunks past all", "fffffffffffffffff\r\n" + _BODY),
    _chunked("chunks below nothing", "-1\r\n" + _BODY),
    _chunked("chunks of words", "zz\r\n" + _BODY),
    _chunked("chunks with a trailer", "24\r\n" + _BODY + "\r\n0\r\nAuthorization: a\r\n\r\n"),
    _chunked("chunks that lie", "5\r\n" + _BODY + "\r\n0\r\n\r\n"),
    _chunked("chunks without end", "24\r\n" + _BODY + "\r\n"),
    _headed("a request behind another", "Content-Length: 36", _BODY + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"),
    _headed("requests by the dozen", "Content-Length: 36", _BODY + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 60),
    _headed("bytes behind a body", "Content-Length: 36", _BODY + "\0\xff" * 500),
]  # fmt: skip
