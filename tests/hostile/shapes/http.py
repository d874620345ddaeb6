"""HTTP as a client can send it: methods, addresses, headers, types and codings."""

import gzip
import zlib
from urllib.parse import quote

from tests.hostile.shots import JSON, UPLOAD, Shot, uploaded

_QUERY = b'{"query": "{ service { version } }"}'
_ROWS = b'[{"external_id": "hostile-2", "city": "Oslo"}]'
_ZIP = ("Content-Encoding", "gzip")


def _sent(name: str, *headers: tuple[str, str], body: bytes = _QUERY, **more: object) -> Shot:
    return Shot(name, headers=headers or (JSON,), body=body, **more)  # type: ignore[arg-type]


def _got(name: str, target: str, *headers: tuple[str, str]) -> Shot:
    return Shot(name, method="GET", target=target, headers=headers)


def _packed(name: str, body: bytes, target: str = UPLOAD) -> Shot:
    return Shot(name, target=target, headers=(JSON, _ZIP), body=body)


_BOMB = gzip.compress(bytes(20 * 2**20))
_BOMB_OF_ROWS = gzip.compress(b"[" + b"0," * 8_000_000 + b"0]")
_BOMB_OF_BOMBS = gzip.compress(gzip.compress(bytes(2**24)))

SHAPES = [
    *(Shot(f"method {one}", method=one, body=_QUERY) for one in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE")),
    *(Shot(f"method {one} of an upload", method=one, target=UPLOAD, body=_ROWS) for one in ("GET", "PUT", "HEAD", "OPTIONS")),
    Shot("method nobody knows", method="PROPFIND", body=_QUERY),
    _got("a query in the address", "/graphql?query=" + quote("{ service { version } }")),
    _got("a query in the address by a preflighted header", "/graphql?query=" + quote("{ service { version } }"), ("GraphQL-Preflight", "1")),
    _got("a mutation in the address", "/graphql?query=" + quote('mutation { deleteSegment(id: "x") { errors { code } } }'), JSON),
    _got("a query twice in the address", "/graphql?query={a}&query={b}", JSON),
    _got("many parameters", "/graphql?" + "&".join(f"a{n}=1" for n in range(500)), JSON),
    _got("a long address", "/graphql?query=" + "a" * 20_000, JSON),
    _got("an address past the head", "/" + "a" * 60_000),
    _got("wrong percent signs", "/graphql?query=%zz%%%C0%AF%00", JSON),
    _got("variables in the address that are none", "/graphql?query={a}&variables=[1]&extensions=NaN", JSON),
    _got("a path upwards", "/graphiql/assets/../../../../etc/passwd"),
    _got("a path upwards, escaped", "/graphiql/assets/..%2f..%2f..%2fetc%2fpasswd%00.js"),
    _got("a path of slashes", "//////graphql////"),
    _got("a path of dots", "/./graphql/../graphql/%2e%2e/"),
    _got("a path of bytes", "/%ff%fe%00%0d%0aSet-Cookie:a=b"),
    _got("a path of semicolons", "/graphql;a=b;jsessionid=1"),
    _got("an upload of nothing known", UPLOAD + "u.AAAAAAAAAAAAAAAAAAAAAA/"),
    _got("an upload of a hostile name", UPLOAD + "%24where%00..%2f/"),
    _got("an upload of a long name", UPLOAD + "u" * 9000 + "/"),
    _got("an asset of a hostile name", "/graphiql/assets/%2e%2e%5c%00"),
    _got("the page", "/graphql", ("Accept", "text/html")),
    _got("the page by a hostile type", "/graphql", ("Accept", "text/html;q=" + "9" * 5000 + ", */*;q=nan")),
    *(_sent(f"a body of {one}", ("Content-Type", one)) for one in (
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "application/graphql",
        "application/json; charset=utf-16", "application/json; charset=" + "x" * 5000, "application/json;;;=;",
        'application/json; a="\\"', "application/xml", "APPLICATION/JSON", "application/json, text/plain", "*/*", "/", " ", "é",
    )),
    Shot("a body of no type", headers=(), body=_QUERY),
    _sent("a body of two types", JSON, ("Content-Type", "text/plain")),
    _sent("a form", ("Content-Type", "application/x-www-form-urlencoded"), body=b"query=%7B__typename%7D"),
    _sent("nothing acceptable", JSON, ("Accept", "image/png")),
    _sent("anything acceptable", JSON, ("Accept", ",".join(f"a/b{n};q=0.{n}" for n in range(900)))),
    _sent("a hostile Accept", JSON, ("Accept", "application/json;q=1e999, */*;q=-1;a=\"")),
    _sent("a long header", JSON, ("X-Long", "a" * 20_000)),
    _sent("headers past all", JSON, ("X-Long", "a" * 100_000)),
    _sent("headers by the hundred", JSON, *((f"X-{n}", "a") for n in range(300))),
    _sent("forwarded from everywhere", JSON, ("X-Forwarded-For", ",".join(["1.2.3.4", "::1", "x", ""] * 500))),
    _sent("a hostile request id", JSON, ("X-Request-Id", "a\t\"}{" + "b" * 500)),
    _sent("a hostile origin", JSON, ("Origin", "null"), ("Referer", "javascript:1")),
    _sent("a hostile host", JSON, ("X-Forwarded-Host", "evil"), ("Forwarded", "for=evil;host=evil")),
    _sent("bytes in headers", JSON, ("X-Bytes", "\xff\x80é")),
    _sent("an upgrade", JSON, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "a")),
    _sent("a range", JSON, ("Range", "bytes=0-,0-,0-,0-"), ("If-None-Match", "*")),
    *(_sent(f"signed by {what}", JSON, ("Authorization", given), signed=False) for what, given in {
        "nothing": "", "no secret": "Bearer", "a long secret": "Bearer " + "a." * 9000, "two": "Bearer a.b, Bearer c.d",
        "base64 that is none": "Basic !!!", "base64 without a colon": "Basic YQ==", "bytes": "Basic /////w==",
        "another scheme": "Digest username=a", "a key and more": "Bearer %key%x", "a key in other letters": "bearer %key%",
        "an operator": 'Bearer {"$gt":""}.x', "dots": "Bearer ....", "NUL": "Basic AAAAAAA=",
    }.items()),
    _packed("gzip of nothing", gzip.compress(b"")),
    _packed("gzip that is none", b"[]"),
    _packed("gzip of zeros", _BOMB),
    _packed("gzip of zeros for GraphQL", _BOMB, "/graphql"),
    _packed("gzip of rows past all", _BOMB_OF_ROWS),
    _packed("gzip of gzip", _BOMB_OF_BOMBS),
    _packed("gzip cut short", gzip.compress(_ROWS)[:-6]),
    _packed("gzip with a wrong sum", gzip.compress(_ROWS)[:-8] + bytes(8)),
    _packed("gzip with something behind", gzip.compress(_ROWS) + b"abc"),
    _packed("gzip of empty members", gzip.compress(b"") * 20_000 + gzip.compress(_ROWS)),
    _packed("zlib called gzip", zlib.compress(_ROWS)),
    *(uploaded(f"a coding of {one}", _ROWS, headers=(("Content-Encoding", one),)) for one in ("br", "deflate", "gzip, gzip", "identity", "x" * 900)),
    *(uploaded(f"options {one}", _ROWS, query="?" + one) for one in (
        "dry_run=maybe", "dry_run=true&dry_run=false", "error_policy=$where", "nothing=1", "error_policy=", "dry_run=%00",
        "on_multiple_matches=" + "x" * 9000, "&&&&==&=", "dry_run=true;x", "%ff=%ff",
    )),
    *(uploaded(f"an idempotency key of {what}", _ROWS, headers=(("Idempotency-Key", key),)) for what, key in {
        "nothing": "", "256 characters": "k" * 256, "255 characters": "k" * 255, "an operator": '{"$gt": ""}', "bytes": "\xe9\xff",
        "many characters": "k" * 9000, "a path": "../../a", "quotes": '"a", "b"',
    }.items()),
    uploaded("two idempotency keys", _ROWS, headers=(("Idempotency-Key", "a"), ("Idempotency-Key", "b"))),
]  # fmt: skip
