"""The GraphiQL page: HTML for browsers that open `/graphql`, its files under `/graphiql/assets/`.

Both come from `graphiql/built/`, which `scripts/build-page` makes. The page asks no other host for
anything, and its Content-Security-Policy holds it to that.
"""

import gzip
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graphql_schema.negotiation import GRAPHQL, JSON, qualities, quality

BUILT = Path(__file__).parent / "graphiql" / "built"

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # for Monaco, the editor: it styles each line
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)

PAGE_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
    "vary": "accept",
    "x-content-type-options": "nosniff",
}

ASSET_HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
}

MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


class Asset(NamedTuple):
    media_type: str
    plain: bytes
    zipped: bytes


def page_routes() -> list[BaseRoute]:
    """The page's files. Each has a hash in its name: it never changes, and is kept for good."""
    return [Route("/graphiql/assets/{name}", _serve_asset)]


def page_response() -> Response:
    """The page itself, for a request that `wants_page`."""
    return Response(_html(), media_type="text/html", headers=PAGE_HEADERS)


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks: a GET (or HEAD) that takes HTML rather than JSON."""
    if request.method not in ("GET", "HEAD"):
        return False
    liked = qualities(request.headers.get("accept", "*/*"))
    html = quality(liked, "text/html")
    return html > max(quality(liked, kind.name) for kind in (GRAPHQL, JSON))


async def _serve_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _asset_names():
        raise HTTPException(404)
    asset = _assets.get(name)
    if asset is None:
        asset = await run_in_threadpool(_asset, name)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = ASSET_HEADERS | {"content-encoding": "gzip"}
        return Response(asset.zipped, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=ASSET_HEADERS)


@cache
def _html() -> bytes:
    return (BUILT / "index.html").read_bytes()


@cache
def _asset_names() -> frozenset[str]:
    return frozenset(path.name for path in (BUILT / "assets").iterdir())


_assets: dict[str, Asset] = {}
_compressing = Lock()


def _asset(name: str) -> Asset:
    """Read and compressed once, however many ask for it at once."""
    with _compressing:
        if name not in _assets:
            path = BUILT / "assets" / name
            plain = path.read_bytes()
            zipped = gzip.compress(plain, mtime=0)
            _assets[name] = Asset(MEDIA_TYPES[path.suffix], plain, zipped)
        return _assets[name]
