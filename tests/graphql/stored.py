"""Customers as they may be stored, with gaps and with values that are wrong."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from service.store.customers import Customers
from tests.uploads.making import DIGESTER

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def document(number: int, **values: Any) -> dict[str, Any]:
    """A live customer; later numbers are newer, but every third is of the moment before."""
    created_at = BEGIN + timedelta(minutes=number - (number % 3 == 0), milliseconds=number % 2)
    identity = {
        name: values[name] for name in ("external_id", "email", "phone_number") if name in values
    }
    return {
        "_id": f"c.{number:04}",
        "state": "live",
        "rev": 1,
        "keys": [DIGESTER.digest(name, value) for name, value in identity.items()],
        "claims": [f"1.{number:022}#1"],
        "marks": [],
        "created_at": created_at,
        "updated_at": created_at + timedelta(days=number % 4),
        "schema_version": 1,
        **values,
    }


FULL: dict[str, Any] = {
    "first_name": "Ann",
    "last_name": "Ödegård",
    "can_email": True,
    "can_post": False,
    "can_sms": True,
    "date_joined": datetime(2015, 11, 23, 13, 11, 23, tzinfo=UTC),
    "last_login": datetime(2017, 10, 15, 3, 1, 13, 7000, tzinfo=UTC),
    "mailing_lists": ["kitchen", "garden"],
    "tags": ["vip"],
    "shop_id": "S1",
    "birth_date": "1991-06-14",
    "gender": "other",
    "company": "Acme",
    "city": "Epwell",
    "country": "GB",
    "language": "en",
    "ACME__level": 3,
    "ACME__hobbies": ["chess", 2, None, {"deep": [1.5, True]}],
    "ACME__nothing": {},
    "ACME__big": 2**62,
}

SOUND: Sequence[Mapping[str, Any]] = [
    document(1, external_id="X1", email="ann@example.org", canonical_id="P1", **FULL),
    document(2, external_id="X2", email="shared@example.org", canonical_id="P1", tags=[]),
    document(3, email="shared@example.org", can_email=False, ACME__level="gold"),
    document(4, external_id="X4"),
    document(5, phone_number="+447757138957", canonical_id="P2", mailing_lists=["garden"]),
    document(6, state="forgotten", can_email=False, can_sms=False, country="FI"),
    document(7, state="deleted"),
    document(8, external_id="X8", first_name="Ben", canonical_id="P1", can_email=False),
]

WRONG: Sequence[Mapping[str, Any]] = [
    document(11, external_id="X11", first_name="Cy", can_email="yes", canonical_id="P3"),
    document(12, external_id="X12", date_joined=20151123, birth_date=19910614),
    document(13, external_id="X13", tags="vip", first_name=7, can_sms=1),
    document(14, external_id="X14", tags=["vip", 3, None], mailing_lists=["a", None]),
    document(15, external_id="X15", city=["Epwell"], country=True, last_name={"a": 1}),
]
"""Nothing writes such values; a database that others write to may hold them."""


async def store(customers: Customers, documents: Sequence[Mapping[str, Any]]) -> None:
    await customers._collection.insert_many([dict(found) for found in documents])
