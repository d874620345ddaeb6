"""What pages of other sites can have a browser send."""

import pytest

from service.web.cross_site import is_preflighted


@pytest.mark.parametrize(
    "header",
    [
        "graphql-require-preflight: 1",
        "apollo-require-preflight: true",
        "x-requested-with: XMLHttpRequest",
        "authorization: Bearer id.secret",
        "authorization: bearer id.secret",
        "content-type: application/json",
        "content-type: application/json; charset=utf-8",
    ],
)
def test_a_header_that_a_browser_asks_leave_for_is_proof(header: str) -> None:
    assert is_preflighted({"headers": [(b"accept", b"*/*"), pair(header)]})


@pytest.mark.parametrize(
    "header",
    [
        "accept: application/json",
        "authorization: Basic aWQuc2VjcmV0Og==",
        "authorization: Bearer",
        "content-type: text/plain",
        "content-type: text/plain; application/json",
        "content-type: application/x-www-form-urlencoded",
        "content-type: multipart/form-data; boundary=application/json",
        "cookie: session=1",
        "origin: https://example.org",
        "referer: https://example.org/graphql-require-preflight",
        "sec-fetch-site: same-origin",
    ],
)
def test_what_a_form_or_link_has_is_none(header: str) -> None:
    assert not is_preflighted({"headers": [pair(header)]})


def pair(header: str) -> tuple[bytes, bytes]:
    name, _, value = header.encode().partition(b": ")
    return name, value
