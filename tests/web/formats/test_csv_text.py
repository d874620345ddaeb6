"""The charset of a table: by its byte order mark, as declared, or found."""

import pytest

from service.errors import BodyInvalid
from service.web.formats.csv_text import CHARSETS, CsvText

TEXT = "external_id,city\nX1,Jyv\xe4skyl\xe4\n"
EURO = "external_id,A__price\nX1,5 \u20ac\n"


def decoded(body: bytes, declared: str | None = None) -> str:
    """Byte by byte, which is the hardest."""
    text = CsvText(declared)
    parts = [text.decode(body[at : at + 1]) for at in range(len(body))]
    return "".join(parts) + text.decode(b"", final=True)


@pytest.mark.parametrize("charset", sorted({*CHARSETS.values()}))
def test_what_is_declared_is_read_so(charset: str) -> None:
    assert TEXT == decoded(TEXT.encode(charset), charset)


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_what_is_not_declared_is_found(charset: str) -> None:
    assert TEXT == decoded(TEXT.encode(charset))


def test_what_is_found_to_be_one_byte_each_is_windows_1252() -> None:
    """Latin-1 has controls where it has the euro and the quotes that programs write."""
    assert EURO == decoded(EURO.encode("windows-1252"))


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "iso-8859-1", "utf-16-be"])
def test_a_byte_order_mark_wins_over_what_is_declared(charset: str, declared: str) -> None:
    assert TEXT == decoded(TEXT.encode(charset), declared)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_shows_its_order_by_its_zeros(charset: str) -> None:
    assert TEXT == decoded(TEXT.encode(charset), "utf-16")


@pytest.mark.parametrize("declared", [None, "utf-8"])
def test_bytes_that_are_no_utf_8_are_the_fault_of_their_row(declared: str | None) -> None:
    body = "X1,\xe4\n".encode() + b"X2,\xff\n" + "X3,\xe4\n".encode()

    assert "X1,\xe4\nX2,\udcff\nX3,\xe4\n" == decoded(body, declared)


@pytest.mark.parametrize(
    ("body", "declared", "reason"),
    [
        (b"X1,\xe4\n" + "X2,\xe4\n".encode(), None, "neither UTF-8 nor Windows-1252"),
        (b"X1,\xe4\x81\n", None, "neither UTF-8 nor Windows-1252"),
        (b"X1,\x81\n", "windows-1252", "not charmap"),
        (b"X1,\n"[:-1] + b"\0" + b"X", "utf-16-le", "not utf-16-le"),
    ],
)
def test_what_cannot_be_told_or_read_is_refused(
    body: bytes, declared: str | None, reason: str
) -> None:
    with pytest.raises(BodyInvalid, match=reason):
        decoded(body if len(body) % 2 else body + b"\0", declared)


@pytest.mark.parametrize("body", [b"", b"a", b"ab", b"\xff", b"\xef\xbb"])
def test_a_body_shorter_than_a_mark_is_read_too(body: bytes) -> None:
    assert decoded(body, "iso-8859-1") == body.decode("latin-1")


def test_a_lone_surrogate_in_utf_16_is_the_fault_of_its_row() -> None:
    body = "X1,\ud800\n".encode("utf-16-le", "surrogatepass")

    assert "X1,\ud800\n" == decoded(body)
