"""Bodies: read up to a limit."""

import pytest

from service.errors import BodyTooLarge
from service.web.bodies import read_body
from tests.web.sending import request


async def test_a_body_comes_whole_up_to_the_limit() -> None:
    chunks = [b"abc", b"de", b"fghij"]

    assert b"abcdefghij" == await read_body(request(chunks), 10)
    assert b"abcdefghij" == await read_body(request(chunks, content_length="10"), 10)


async def test_rule_13_a_body_that_says_it_is_too_large_is_not_read() -> None:
    with pytest.raises(BodyTooLarge) as caught:
        await read_body(request([], content_length="11"), 10)

    assert {"limit": 10} == caught.value.details


async def test_rule_13_a_body_that_grows_too_large_is_not_read_on() -> None:
    """Whatever its header says."""
    for headers in ({}, {"content_length": "3"}):
        parts = request([b"abc", b"defghijk"], **headers)
        with pytest.raises(BodyTooLarge):
            await read_body(parts, 10)


async def test_a_length_that_is_no_number_does_not_stop_the_reading() -> None:
    assert b"abc" == await read_body(request([b"abc"], content_length="many"), 10)
