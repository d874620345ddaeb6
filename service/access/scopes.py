"""What a key may do."""

from enum import StrEnum


class Scope(StrEnum):
    """Its value is how it is written in settings, on the command line and in messages."""

    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    CUSTOMERS_ERASE = "customers:erase"
    SEGMENTS_WRITE = "segments:write"
    SCHEMA_READ = "schema:read"
    ADMIN = "admin"


EVERYTHING = frozenset(Scope)
