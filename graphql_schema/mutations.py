"""Everything that can be changed."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import strawberry

from graphql_schema.context import Info
from graphql_schema.inputs import CustomerInput, as_typed, raw_row
from graphql_schema.reports import UploadCustomersPayload, payload
from graphql_schema.scalars import CustomerDocument
from service.errors import Fault, TooManyRows
from service.uploads.upload import UploadReport


async def _upload_customers(
    info: Info,
    customers: Annotated[
        list[CustomerInput],
        strawberry.argument(description="The rows, at most the service's `maxUploadRows`."),
    ],
) -> UploadCustomersPayload:
    return await _upload(info, [raw_row(typed) for typed in customers], as_typed)


async def _upload_customer_documents(
    info: Info,
    documents: Annotated[
        list[CustomerDocument],
        strawberry.argument(
            description="The rows, at most `maxUploadRows`. Give them as a variable: keys with a "
            "dot cannot be written in a query."
        ),
    ],
) -> UploadCustomersPayload:
    return await _upload(info, documents, lambda fault: fault)


async def _upload(
    info: Info, rows: Sequence[object], as_given: Callable[[Fault], Fault]
) -> UploadCustomersPayload:
    try:
        report = await info.context.services.uploads.upload(rows)
    except TooManyRows as error:
        report = UploadReport(None, [], (Fault(error.code, details=error.details),))
    info.context.persons.clear()  # loaded for an upload before this one in the request
    return await payload(info, report, as_given)


_AS_ONE_BY_ONE = (
    "Rows are independent and applied in order; a row that changes nothing writes nothing, so "
    "sending the same rows again is safe. Expected failures stand in the payload."
)


@strawberry.type(
    description="Everything that can be changed. Each mutation answers with a payload of its own; "
    "what can be expected to go wrong is in its `errors`, as data."
)
class Mutation:
    upload_customers: Any = strawberry.field(
        resolver=_upload_customers,
        graphql_type=UploadCustomersPayload,
        description="Create and update customers from typed rows: each row updates whom its "
        "strongest identifier finds (external id, then e-mail, then phone number), or creates a "
        f"customer. {_AS_ONE_BY_ONE}",
    )
    upload_customer_documents: Any = strawberry.field(
        resolver=_upload_customer_documents,
        graphql_type=UploadCustomersPayload,
        description="The same with rows as JSON objects in the shape of the upload API: "
        '`external_id`, `"tags.add"`, `PREFIX__name`. For data that is JSON already, and for large '
        f"batches. {_AS_ONE_BY_ONE}",
    )
