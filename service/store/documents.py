"""Beanie documents: what the collections hold, and their indexes.

Pages are shaped from raw documents; a model is built where its behaviour is needed.
"""

from datetime import datetime
from typing import Any

from beanie import Document
from pydantic import ConfigDict, Field, create_model
from pymongo import ASCENDING, IndexModel

from service.customers.fields import STORED, Kind
from service.customers.records import State

_PYTHON_TYPES: dict[Kind, Any] = {
    Kind.PERMISSION: bool,
    Kind.DATE_TIME: datetime,
    Kind.TEXT_SET: list[str],
}


class StoredCustomer(Document):
    """What every customer document has, whatever else it holds.

    `extra` keeps company fields at the top level, as they came.
    """

    model_config = ConfigDict(extra="allow")

    id: str = Field(alias="_id")  # type: ignore[assignment]  # Beanie's own ids are ObjectIds
    state: State
    rev: int
    keys: list[str]
    claims: list[str]
    marks: list[str]
    created_at: datetime
    updated_at: datetime
    schema_version: int
    search: list[str] | None = None


_FIELDS: dict[str, Any] = {
    field.name: (_PYTHON_TYPES.get(field.kind, str) | None, None) for field in STORED
}


class CustomerDocument(create_model("CatalogueFields", __base__=StoredCustomer, **_FIELDS)):  # type: ignore[misc]
    """A customer with every field of the catalogue."""

    class Settings:
        name = "customers"


class MetaDocument(Document):
    """Facts of the database itself, such as the fingerprint of the key that its digests need."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    value: str
    leased_until: datetime | None = None

    class Settings:
        name = "meta"


class UploadDocument(Document):
    """The report of an upload, or the first part of it; or an idempotency key with the run that
    has it."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    expires_at: datetime
    report: bytes | None = None
    parts: int | None = None
    request: str | None = None
    upload_id: str | None = None
    leased_until: datetime | None = None
    rev: int | None = None

    class Settings:
        name = "uploads"


class CompanyFieldDocument(Document):
    """What is declared of a company field, and what is yet to be done for it; nothing, of one that
    was merely uploaded."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    rev: int
    type: str | None = None
    type_state: str | None = None
    description: str | None = None
    is_indexed: bool | None = None
    index_state: str | None = None
    is_personal: bool | None = None
    work: dict[str, str] | None = None

    class Settings:
        name = "company_fields"


class SegmentDocument(Document):
    """A saved segment. `where` is JSON, as text."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    name: str
    folded: str
    description: str | None
    where: str
    rev: int
    created_at: datetime
    updated_at: datetime

    class Settings:
        name = "segments"


class ApiKeyDocument(Document):
    """A key to the service. `digest`: SHA-256 of its secret. `readable_fields`: absent where all
    are; `ends_at`: where it does not end."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    name: str
    digest: bytes
    scopes: list[str]
    readable_fields: list[str] | None = None
    created_at: datetime
    ends_at: datetime | None = None
    last_used_at: datetime | None = None

    class Settings:
        name = "api_keys"


class AuditDocument(Document):
    """Something that was done. What there is nothing to say of is absent."""

    id: str = Field(alias="_id")  # type: ignore[assignment]
    at: datetime
    action: str
    key: str | None = None
    address: str | None = None
    operation: str | None = None
    error: str | None = None
    upload_id: str | None = None
    about: str | None = None
    counts: dict[str, int] | None = None
    expires_at: datetime

    class Settings:
        name = "audit"


DOCUMENTS: list[type[Document]] = [
    CustomerDocument,
    MetaDocument,
    UploadDocument,
    CompanyFieldDocument,
    SegmentDocument,
    ApiKeyDocument,
    AuditDocument,
]

IDENTITY_INDEXES = [
    IndexModel([("keys", ASCENDING)], name="keys"),
    IndexModel(
        [("claims", ASCENDING)],
        name="claims",
        unique=True,
        partialFilterExpression={"claims": {"$gt": ""}},
    ),
]
"""Nothing is served before these stand: uniqueness rests on them."""

_ORDERED_BY = {
    "newest": ["created_at"],
    "by_email": ["email"],
    "by_name": ["last_name", "first_name"],
    "by_date_joined": ["date_joined"],
    "by_last_login": ["last_login"],
    "by_update": ["updated_at"],
    "person": ["canonical_id", "created_at"],
    "search": ["search", "created_at"],
    "by_tag": ["tags"],
    "by_mailing_list": ["mailing_lists"],
}


def _in_state(name: str, fields: list[str]) -> IndexModel:
    """Of those in one state, in the order of the fields and then of ids."""
    return IndexModel([(field, ASCENDING) for field in ["state", *fields, "_id"]], name=name)


READING_INDEXES = [_in_state(name, fields) for name, fields in _ORDERED_BY.items()]
"""What lists are ordered by, and what they are most often asked for."""

UPLOAD_INDEXES = [
    IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0),
]
"""The database removes what has expired; nothing is shown that it has not come to yet."""

AUDIT_INDEXES = [
    *(
        IndexModel([*((name, ASCENDING) for name in names), ("at", ASCENDING), ("_id", ASCENDING)])
        for names in ((), ("action",), ("key",), ("upload_id",))
    ),
    IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0),
]
"""What the trail is listed by; the database removes what has expired."""

SEGMENT_INDEXES = [IndexModel([("folded", ASCENDING)], name="name", unique=True)]
"""No two segments have one name; lists of them go by it."""

EMBEDDED_INDEXES = [
    IndexModel([("_id", ASCENDING), ("rev", ASCENDING)], name="revision"),
]
"""Of customers and of uploads, for the embedded store alone, which else looks through all of them
at each write of one: it uses no index for a filter that says more than the index holds."""

VALIDATOR = {"schema_version": {"$exists": True}, "created_at": {"$exists": True}}
"""Creations alone set `schema_version`: an update whose customer is gone inserts no fragment."""
