"""The audit trail as the API shows it: who did what, when and from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import strawberry

from graphql_schema.connection import PageInfo
from graphql_schema.context import Context, Info
from graphql_schema.enums import AuditAction, ErrorCode
from graphql_schema.filters import DateTimeFilter, as_json, optional
from graphql_schema.listing import SHOWN, Asked, Paging, page_request, purpose_of
from graphql_schema.plain import plain
from graphql_schema.reports import UploadCounts
from graphql_schema.scalars import DateTime
from graphql_schema.types import Node
from graphql_schema.viewer import ApiKey
from service.access.keyring import key_of
from service.access.scopes import Scope
from service.audit.events import Event
from service.audit.trail import ID_PREFIX, event_of
from service.customers.plans import UploadStatus
from service.errors import InvalidArgument
from service.queries.cursors import Sealer
from service.queries.periods import moment_conditions
from service.queries.terms import Filter, Given, Terms
from service.store.audit import NEWEST_EVENTS
from service.store.pages import Page


@strawberry.input(description="Conditions on audit events. Keys side by side must all hold.")
class AuditWhere:
    at: Any = optional(DateTimeFilter, "By time.")
    actions: Any = optional(list[AuditAction], "One of these kinds.")
    key_public_id: Any = optional(str, "By the public part of the key that it was done with.")
    upload_id: Any = optional(
        str, "Only what this upload did, by the id that it was answered with."
    )


@strawberry.type(description="Something that was done.")
class AuditEvent(Node):
    id: strawberry.ID = strawberry.field(description="Opaque, globally unique, stable.")
    at: DateTime = strawberry.field(description="When.")
    key: ApiKey | None = strawberry.field(
        description="By which key. Null when there was none, or it no longer exists."
    )
    key_public_id: str | None = strawberry.field(
        description="The public part of that key, also when it no longer exists. Null when there "
        "was none."
    )
    action: Any = strawberry.field(description="What kind of thing.", graphql_type=AuditAction)
    operation_name: str | None = strawberry.field(
        description="The name of the GraphQL operation. Null when it had none, or it was not "
        "GraphQL."
    )
    address: str | None = strawberry.field(
        description="The network address it came from. Null for the command line and the service "
        "itself."
    )
    error_code: Any = strawberry.field(
        description="Why it was refused. Null when it was done.", graphql_type=ErrorCode | None
    )
    upload_id: str | None = strawberry.field(
        description="The upload it was, as in `UploadCustomersPayload.uploadId`. Null for other "
        "things."
    )
    about: str | None = strawberry.field(
        description="What it was done to: a segment's id, a company field's name, the public part "
        "of a key. Null for other things."
    )
    counts: UploadCounts | None = strawberry.field(
        description="How many rows of the upload ended how; of `FORGET` and `DELETE`, how many "
        "rows did so, in `rows` alone. Null for other things."
    )

    @classmethod
    def of(cls, event: Event, keys: Mapping[str, ApiKey]) -> "AuditEvent":
        return cls(
            id=strawberry.ID(event.id),
            at=DateTime(event.at),
            key=keys.get(event.key or ""),
            key_public_id=event.key,
            action=AuditAction(event.action),
            operation_name=event.operation,
            address=event.address,
            error_code=event.error and ErrorCode(event.error.value),
            upload_id=event.upload_id,
            about=event.about,
            counts=_counts(event.counts) if event.counts else None,
        )


def _counts(counts: Mapping[str, int]) -> UploadCounts:
    ended = {status.name.lower(): counts.get(status.name.lower(), 0) for status in UploadStatus}
    return UploadCounts(rows=counts["rows"], **ended)


@dataclass(frozen=True, slots=True)
class EventListing:
    """A page of events, as `Listing` is one of customers."""

    page: Page
    events: list[AuditEvent]
    asked: Asked
    sealer: Sealer

    def cursor(self, place: int) -> str:
        return self.asked.cursor(self.page.documents, place, self.sealer)


class _Edge(NamedTuple):
    node: AuditEvent
    place: int
    listing: EventListing


@plain()
def _cursor(root: strawberry.Parent[_Edge]) -> str:
    return root.listing.cursor(root.place)


@plain()
def _edges(root: strawberry.Parent[EventListing]) -> Any:
    return [_Edge(event, place, root) for place, event in enumerate(root.events)]


@plain()
def _nodes(root: strawberry.Parent[EventListing]) -> Any:
    return root.events


@plain()
def _page_info(root: strawberry.Parent[EventListing]) -> Any:
    return root


@strawberry.type(description="An event in a page.")
class AuditEventEdge:
    cursor: str = strawberry.field(
        resolver=_cursor, description="Where it stands: for `after` with the same `where`."
    )
    node: AuditEvent = strawberry.field(description="The event that stands there.")


@strawberry.type(description="Audit events, page by page.")
class AuditEventConnection:
    edges: list[AuditEventEdge] = strawberry.field(
        resolver=_edges, description="The page, each event with its cursor."
    )
    nodes: list[AuditEvent] = strawberry.field(
        resolver=_nodes, description="The page, events alone."
    )
    page_info: PageInfo = strawberry.field(
        resolver=_page_info, description="Where this page lies, and whether there are more."
    )


WHERE = Annotated[
    AuditWhere | None,
    strawberry.argument(description="Only events that meet these conditions."),
]


async def list_events(info: Info, paging: Paging, where: Given | None) -> EventListing:
    """Raises InvalidArgument and InvalidCursor."""
    context, services = info.context, info.context.services
    given = as_json(where) or {}
    filter_ = _filter(given, await services.terms())
    asked = Asked(filter_, NEWEST_EVENTS, purpose_of(["audit", context.reader, given]))
    shown = context.projector.selected(info, SHOWN)
    page = await services.trail.log.page(page_request(paging, shown, services, asked))
    events = await _shown(context, list(map(event_of, page.documents)))
    return EventListing(page, events, asked, services.sealer)


def _filter(where: Given, terms: Terms) -> Filter:
    conditions: list[Filter] = []
    for name, given in where.items():
        if given is None:
            raise InvalidArgument(f"where.{name}", "null is no condition; leave the key out")
        if name == "at":
            conditions += [{"at": one} for one in moment_conditions(given, "where.at", terms)]
        elif name == "actions":
            conditions.append({"action": {"$in": given}})
        else:
            conditions.append({_STORED[name]: {"$eq": given}})
    return {"$and": conditions} if conditions else {}


_STORED = {"keyPublicId": "key", "uploadId": "upload_id"}


async def events_by_id(info: Info, ids: Sequence[str]) -> dict[str, AuditEvent]:
    """Missing ones are left out; all are, for whoever may not read the trail."""
    context = info.context
    wanted = [one for one in ids if one.startswith(ID_PREFIX)]
    if not wanted or Scope.ADMIN not in context.caller.scopes:
        return {}
    found = await context.services.trail.log.by_ids(wanted)
    return {event.id: event for event in await _shown(context, list(map(event_of, found)))}


async def keys_by_id(context: Context, ids: Sequence[str]) -> dict[str, ApiKey]:
    """The same of keys, by their public parts."""
    wanted = [one for one in ids if one.startswith("k")]
    if not wanted or Scope.ADMIN not in context.caller.scopes:
        return {}
    found = await context.services.keys.by_ids(wanted)
    return {one["_id"]: ApiKey.of(key_of(one)) for one in found}


async def _shown(context: Context, events: list[Event]) -> list[AuditEvent]:
    """With the keys that they were done with."""
    keys = await keys_by_id(context, list({event.key for event in events if event.key}))
    return [AuditEvent.of(event, keys) for event in events]
