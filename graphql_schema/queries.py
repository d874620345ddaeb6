"""Everything that can be read."""

from typing import Annotated, Any

import strawberry

from graphql_schema.audit import WHERE as WHERE_AUDIT
from graphql_schema.audit import AuditEventConnection, list_events
from graphql_schema.company_fields import (
    CompanyField,
    CompanyFieldRegistry,
    load_company_field,
    load_registry,
)
from graphql_schema.connection import CustomerConnection
from graphql_schema.context import Info
from graphql_schema.filters import ORDER_BY, SEARCH, WHERE
from graphql_schema.inputs import CustomerBy
from graphql_schema.listing import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    asked_for,
    given,
    paging,
    read_listing,
)
from graphql_schema.nodes import customer_by, nodes_by_id
from graphql_schema.persons import load_person
from graphql_schema.reports import UploadCustomersPayload, as_stored, payload
from graphql_schema.segments import (
    Segment,
    SegmentConnection,
    list_segments,
    segments_by_id,
)
from graphql_schema.types import Customer, Node, Person
from graphql_schema.viewer import Viewer, viewer
from service import __version__
from service.errors import NotFound

_FIRST = Annotated[
    int | None,
    strawberry.argument(
        description="At most this many, 1 to the service's `maxPageSize`. Without it: 50."
    ),
]
_AFTER = Annotated[
    str | None, strawberry.argument(description="The `endCursor` of the page before.")
]


@strawberry.type(description="The service that answers: what it is set to, and its limits.")
class Service:
    version: str = strawberry.field(description="Version of the program, such as `1.2.0`.")
    time_zone: str = strawberry.field(
        description="The IANA time zone in which dates without a zone are read, such as "
        "`Europe/Helsinki`."
    )
    company_prefix: str | None = strawberry.field(
        description="The prefix that company fields must have. Null when any may be used."
    )
    max_upload_rows: int = strawberry.field(
        description="Most rows in one upload; more are refused (`TOO_MANY_ROWS`)."
    )
    max_body_bytes: int = strawberry.field(description="Most bytes in one request.")
    max_page_size: int = strawberry.field(description="Most objects on one page.")
    max_filter_depth: int = strawberry.field(description="How deep `where` may nest.")


async def _customer(
    info: Info,
    by: Annotated[CustomerBy, strawberry.argument(description="Exactly one identifier.")],
) -> Any:
    return await customer_by(info, *by.given())


async def _customers(
    info: Info,
    where: WHERE = strawberry.UNSET,
    search: SEARCH = strawberry.UNSET,
    order_by: ORDER_BY = strawberry.UNSET,
    first: FIRST = strawberry.UNSET,
    after: AFTER = strawberry.UNSET,
    last: LAST = strawberry.UNSET,
    before: BEFORE = strawberry.UNSET,
) -> Any:
    asked = await asked_for(info, given(where), given(order_by), search=given(search))
    return await read_listing(info, paging(first, after, last, before), asked)


async def _person(
    info: Info,
    canonical_id: Annotated[
        str,
        strawberry.argument(description="The id as uploaded in `canonicalId`, such as `P-1001`."),
    ],
) -> Any:
    return await load_person(info, canonical_id)


async def _segment(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="As `segments` gives it.")],  # noqa: A002  # GraphQL's own name
) -> Any:
    return (await segments_by_id(info, [id])).get(id)


async def _segments(
    info: Info,
    first: _FIRST = strawberry.UNSET,
    after: _AFTER = strawberry.UNSET,
    search: Annotated[
        str | None,
        strawberry.argument(
            description="Only segments whose name contains this text, letter case aside."
        ),
    ] = strawberry.UNSET,
) -> Any:
    asked = paging(first, after, strawberry.UNSET, strawberry.UNSET)
    return await list_segments(info, asked, given(search))


async def _company_field(
    info: Info,
    name: Annotated[
        str, strawberry.argument(description="Full name, such as `ACME__loyalty_level`.")
    ],
) -> Any:
    return await load_company_field(info, name)


async def _company_fields(info: Info) -> Any:
    return await load_registry(info)


async def _node(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The `id` of whatever there is.")],  # noqa: A002  # GraphQL's own name
) -> Any:
    (found,) = await nodes_by_id(info, [id])
    return found


async def _nodes(
    info: Info,
    ids: Annotated[
        list[strawberry.ID],
        strawberry.argument(description="Ids of any objects, at most `maxPageSize`."),
    ],
) -> Any:
    return await nodes_by_id(info, ids)


async def _upload(
    info: Info,
    id: Annotated[  # noqa: A002  # as other queries have it
        str, strawberry.argument(description="The `uploadId` that the upload was answered with.")
    ],
) -> UploadCustomersPayload | None:
    try:
        report = await info.context.services.uploads.report(id)
    except NotFound:
        return None
    return await payload(info, report, as_stored)


async def _audit_events(
    info: Info,
    where: WHERE_AUDIT = strawberry.UNSET,
    first: _FIRST = strawberry.UNSET,
    after: _AFTER = strawberry.UNSET,
) -> Any:
    asked = paging(first, after, strawberry.UNSET, strawberry.UNSET)
    return await list_events(info, asked, given(where))


def _service(info: Info) -> Service:
    settings = info.context.services.settings
    return Service(
        version=__version__,
        time_zone=settings.timezone,
        company_prefix=settings.company,
        max_upload_rows=settings.max_upload_rows,
        max_body_bytes=settings.max_body_bytes,
        max_page_size=settings.max_page_size,
        max_filter_depth=settings.max_filter_depth,
    )


@strawberry.type(
    description="""\
Everything that can be read. Start with `customers` for lists, `customer` for one, `person` for one
human being behind several records.

Rules that hold everywhere:

- `id` is opaque, globally unique and stable: caches may key on it, and `node` takes it.
- In optional inputs null means the same as leaving the key out. Only inside `where` is null \
refused, so that a forgotten variable never widens a filter.
- A list or object marked `!` is there whenever the request succeeds. What may fail by itself (a \
count) is nullable.
- Request errors carry `extensions.code` (a value of `ErrorCode`) and, for a fault in an argument, \
`extensions.argument`, the path to it."""
)
class Query:
    customer: Any = strawberry.field(
        resolver=_customer,
        graphql_type=Customer | None,
        description="One customer. Null when there is none. Where several customers share the "
        "e-mail or phone number, the error `AMBIGUOUS_IDENTITY` names their ids in "
        "`extensions.customerIds`; ask for them with `nodes`.",
    )
    customers: CustomerConnection = strawberry.field(
        resolver=_customers,
        description="Customers by filter, search and order, page by page, with their count under "
        "the same conditions. Only what you select is computed. Deleted customers are never among "
        "them; forgotten ones are, without personal data.",
    )
    person: Any = strawberry.field(
        resolver=_person,
        graphql_type=Person | None,
        description="The person whose records share a canonical id, merged into one view. Null "
        "when no record has it.",
    )
    segment: Any = strawberry.field(
        resolver=_segment,
        graphql_type=Segment | None,
        description="One saved segment. Null when there is none.",
    )
    segments: Any = strawberry.field(
        resolver=_segments,
        graphql_type=SegmentConnection,
        description="Saved segments by name, letter case aside.",
    )
    company_field: CompanyField | None = strawberry.field(
        resolver=_company_field,
        description="One company field of the registry. Null when it is neither declared nor in "
        "use.",
    )
    company_fields: CompanyFieldRegistry = strawberry.field(
        resolver=_company_fields,
        description="The registry of company fields: what is declared, and what is in use.",
    )
    upload: UploadCustomersPayload | None = strawberry.field(
        resolver=_upload,
        description="The report of an upload, as it was answered but for what it holds of rows: "
        "codes, ids and the names of fields alone, as documents name them. Null when no upload has "
        "the id, or its report is kept no longer.",
    )
    audit_events: Any = strawberry.field(
        resolver=_audit_events,
        graphql_type=AuditEventConnection,
        description="Who did what, when and from where, the newest first; without personal data "
        "of customers. Scope `admin`.",
    )
    viewer: Viewer = strawberry.field(
        resolver=viewer,
        description="Whoever asks: the key in use and what it may do. Any key.",
    )
    service: Service = strawberry.field(
        resolver=_service,
        description="This service: its version, settings that clients need, and limits.",
    )
    node: Node | None = strawberry.field(
        resolver=_node,
        description="Anything by its id; how caches and Relay refetch. Null when there is nothing "
        "by that id.",
    )
    nodes: list[Node | None] = strawberry.field(
        resolver=_nodes,
        description="Several by their ids, in the order asked; null at the place of each that is "
        "not there.",
    )
