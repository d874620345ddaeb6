"""The header that says what a body is."""

import pytest

from service.web.media_types import MediaType, media_type
from tests.web.sending import request


@pytest.mark.parametrize(
    ("header", "name", "parameters"),
    [
        ("text/csv", "text/csv", {}),
        (" Text/CSV ", "text/csv", {}),
        ("", "", {}),
        ("text/csv;charset=utf-8", "text/csv", {"charset": "utf-8"}),
        ('text/csv ; Charset="UTF-8" ;empty=remove', "text/csv",
         {"charset": "UTF-8", "empty": "remove"}),
        ('text/csv; delimiter=";"; empty=keep', "text/csv", {"delimiter": ";", "empty": "keep"}),
        ("text/csv;", "text/csv", {}),
        ("text/csv; ;charset=utf-8; ", "text/csv", {"charset": "utf-8"}),
        ("text/csv; charset=", "text/csv", {"charset": ""}),
        ("text/csv; charset", "text/csv", None),
        ("text/csv; charset=a b", "text/csv", None),
        ('text/csv; charset="a', "text/csv", None),
        ("text/csv; charset=a; CHARSET=b", "text/csv", None),
        ("text/csv, application/json", "text/csv, application/json", {}),
    ],
)  # fmt: skip
def test_a_media_type_is_read(header: str, name: str, parameters: dict[str, str] | None) -> None:
    assert MediaType(name, parameters) == media_type(request([], content_type=header))
