"""Keys as the API shows them, and whoever asks."""

from typing import Any

import strawberry

from graphql_schema.context import Info
from graphql_schema.enums import Scope
from graphql_schema.scalars import DateTime
from graphql_schema.types import Node
from service.access.callers import ApiKey as StoredKey
from service.customers.fields import FIELDS


@strawberry.type(
    description="A key to this service. Keys are made, rotated and revoked on the command line."
)
class ApiKey(Node):
    id: strawberry.ID = strawberry.field(description="Opaque, globally unique, stable.")
    public_id: str = strawberry.field(description="The public part of the key, before the dot.")
    name: str = strawberry.field(description="What it is called.")
    scopes: list[Any] = strawberry.field(description="What it may do.", graphql_type=list[Scope])
    created_at: DateTime = strawberry.field(description="When it was made.")
    expires_at: DateTime | None = strawberry.field(
        description="When it ends, or ended. Null when it does not."
    )
    last_used_at: DateTime | None = strawberry.field(
        description="When it was last used, to the nearest few minutes. Null when never."
    )

    @classmethod
    def of(cls, key: StoredKey) -> "ApiKey":
        return cls(
            id=strawberry.ID(key.public_id),
            public_id=key.public_id,
            name=key.name,
            scopes=[Scope(scope) for scope in sorted(key.scopes)],
            created_at=DateTime(key.created_at),
            expires_at=_moment(key.expires_at),
            last_used_at=_moment(key.last_used_at),
        )


def _moment(at: Any) -> DateTime | None:
    return None if at is None else DateTime(at)


@strawberry.type(description="Whoever asks.")
class Viewer:
    key: ApiKey | None = strawberry.field(
        description="The key in use. Null when the service runs without keys."
    )
    scopes: list[Any] = strawberry.field(description="What may be done.", graphql_type=list[Scope])
    readable_fields: list[str] | None = strawberry.field(
        description="The fields that may be read, filtered, sorted and counted, named as in "
        "`Customer`; company fields by full name. Null when all may."
    )


def viewer(info: Info) -> Viewer:
    caller = info.context.caller
    readable = caller.readable_fields
    return Viewer(
        key=None if caller.key is None else ApiKey.of(caller.key),
        scopes=[Scope(scope) for scope in sorted(caller.scopes)],
        readable_fields=None if readable is None else sorted(map(_shown, readable)),
    )


def _shown(name: str) -> str:
    return FIELDS[name].camel_name if name in FIELDS else name
