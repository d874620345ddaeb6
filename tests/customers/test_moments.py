"""Dates and date-times: zones, clocks that change, fractions, and what is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.customers.fields import Kind
from service.errors import ErrorCode
from tests.customers.reading import refusal, value


def read_moment(raw: str) -> str:
    moment = value(Kind.DATE_TIME, raw)

    assert UTC is moment.tzinfo
    return str(moment.isoformat(timespec="milliseconds")).removesuffix("+00:00")


@given(st.datetimes(), st.booleans())
def test_the_usual_writing_is_read_as_every_other(moment: datetime, with_fraction: bool) -> None:
    text = moment.isoformat(timespec="milliseconds" if with_fraction else "seconds")

    assert read_moment(f"{text}+00:00") == read_moment(f"{text}Z")


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        pytest.param("2015-08-28T14:10:00Z", "2015-08-28T14:10:00.000", id="UTC"),
        pytest.param("2015-08-28t14:10:00z", "2015-08-28T14:10:00.000", id="small letters"),
        pytest.param(" 2015-08-28T14:10:00Z ", "2015-08-28T14:10:00.000", id="trimmed"),
        pytest.param("2015-08-28T14:10Z", "2015-08-28T14:10:00.000", id="no seconds"),
        pytest.param("2015-08-28T14:10:00+05:30", "2015-08-28T08:40:00.000", id="east"),
        pytest.param("2015-08-28T14:10:00-0800", "2015-08-28T22:10:00.000", id="west, no colon"),
        pytest.param("2015-08-28T14:10:00+02", "2015-08-28T12:10:00.000", id="whole hours"),
        pytest.param("2015-08-28T14:10:00", "2015-08-28T11:10:00.000", id="summer of the zone"),
        pytest.param("2015-01-28T14:10:00", "2015-01-28T12:10:00.000", id="winter of the zone"),
        pytest.param("2015-08-28", "2015-08-27T21:00:00.000", id="a date is its midnight"),
        pytest.param("2015-08-28T14:10:00.123Z", "2015-08-28T14:10:00.123", id="milliseconds"),
        pytest.param("2015-08-28T14:10:00,5Z", "2015-08-28T14:10:00.500", id="comma"),
        pytest.param("2015-08-28T14:10:00.999999999Z", "2015-08-28T14:10:00.999", id="cut"),
        pytest.param("2026-03-29T03:30:00", "2026-03-29T01:30:00.000", id="a skipped hour"),
        pytest.param("2026-10-25T03:30:00", "2026-10-25T00:30:00.000", id="an hour twice"),
        pytest.param("2024-02-29", "2024-02-28T22:00:00.000", id="leap day"),
        pytest.param("0001-01-02T00:00:00Z", "0001-01-02T00:00:00.000", id="first year"),
        pytest.param("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000", id="last year"),
    ],
)
def test_a_date_time_is_stored_in_utc_to_the_millisecond(raw: str, stored: str) -> None:
    """Without a zone, in that of the settings: Helsinki here."""
    assert stored == read_moment(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "yesterday", "2015", "2015-08", "20150828", "2015-8-28", "28.8.2015", "08/28/2015",
        "2015-02-29", "2015-13-01", "2015-00-10", "0000-01-01", "2015-W35-5", "2015-240",
        "2015-08-28 14:10:00", "2015-08-28T14", "2015-08-28T25:00:00", "2015-08-28T14:60:00",
        "2015-08-28T14:10:61", "2015-08-28T14:10.5Z", "2015-08-28T14:10:00+24:00",
        "2015-08-28T14:10:00+05:60", "2015-08-28T14:10:00 Europe/Helsinki",
        "2015-08-28T14:10:00Z\0", "２０１５-08-28", "٢٠١٥-08-28", "10000-01-01",
        "0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00", "1440770000", "\ud800",
        "2015-08-28T14:10:00." + "9" * 100 + "Z",
    ],
)  # fmt: skip
def test_any_other_date_time_is_refused(raw: str) -> None:
    assert ErrorCode.INVALID_DATE_TIME == refusal(Kind.DATE_TIME, raw)


def test_a_date_of_birth_is_kept_as_its_text() -> None:
    assert "1991-06-14" == value(Kind.DATE, " 1991-06-14 ")
    assert "2024-02-29" == value(Kind.DATE, "2024-02-29")


@pytest.mark.parametrize(
    "raw",
    [
        "14.6.1991", "1991-6-14", "19910614", "1991-06-31", "2023-02-29", "0000-01-01",
        "1991-06-14T00:00:00", "１９９１-06-14", "1991-06-14\0", "born 1991-06-14", "1991-W24-5",
    ],
)  # fmt: skip
def test_any_other_date_is_refused(raw: str) -> None:
    assert ErrorCode.INVALID_DATE == refusal(Kind.DATE, raw)


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.DATE_TIME])
@pytest.mark.parametrize("raw", [0, 1440770000, 1.5, True, [], {}, ["1991-06-14"]])
def test_a_moment_is_a_text(kind: Kind, raw: object) -> None:
    """Seconds since 1970, or days, would be a guess."""
    assert ErrorCode.WRONG_TYPE == refusal(kind, raw)


def test_zones_of_the_same_moment_are_stored_as_one_value() -> None:
    moment = datetime(2015, 8, 28, 14, 10, tzinfo=UTC)

    for hours in (-12, -1, 0, 1, 14):
        local = moment + timedelta(hours=hours)
        sign = "-" if hours < 0 else "+"
        raw = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{abs(hours):02}:00"

        assert moment == value(Kind.DATE_TIME, raw)
