"""Everything that can be changed."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from graphql_schema.company_fields import CompanyFieldDeclaration, DeclareCompanyFieldPayload
from graphql_schema.context import Info
from graphql_schema.inputs import CustomerInput, raw_rows, typed_name
from graphql_schema.options import UploadOptions
from graphql_schema.reports import Naming, UploadCustomersPayload, as_stored, payload
from graphql_schema.scalars import CustomerDocument
from graphql_schema.segment_mutations import delete_segment, save_segment
from service.audit.events import Action
from service.errors import Fault, IdempotencyError, TooManyRows
from service.uploads.options import DEFAULT_OPTIONS
from service.uploads.rights import check_options, check_rows
from service.uploads.upload import UploadReport

_Options = Annotated[
    UploadOptions | None,
    strawberry.argument(
        description="How to treat faults, shared identifiers and repetition. Without it: the "
        "defaults named there."
    ),
]


async def _upload_customers(
    info: Info,
    customers: Annotated[
        list[CustomerInput],
        strawberry.argument(description="The rows, at most the service's `maxUploadRows`."),
    ],
    options: _Options = strawberry.UNSET,
) -> UploadCustomersPayload:
    return await _upload(info, raw_rows(customers), options, typed_name)


async def _upload_customer_documents(
    info: Info,
    documents: Annotated[
        list[CustomerDocument],
        strawberry.argument(
            description="The rows, at most `maxUploadRows`. Give them as a variable: keys with a "
            "dot cannot be written in a query."
        ),
    ],
    options: _Options = strawberry.UNSET,
) -> UploadCustomersPayload:
    return await _upload(info, documents, options, as_stored)


async def _upload(
    info: Info, rows: Sequence[object], options: UploadOptions | None, naming: Naming
) -> UploadCustomersPayload:
    """What refuses the whole, and can be expected to, stands in the payload."""
    try:
        chosen = options.chosen() if options else DEFAULT_OPTIONS
        caller = info.context.caller
        check_options(caller, chosen)
        check_rows(caller, rows)
        services, origin = info.context.services, info.context.origin
        await services.rates.uploaded(caller, len(rows))
        report = await services.uploads.upload(rows, chosen, origin)
    except (TooManyRows, IdempotencyError) as error:
        dry_run = bool(options and options.dry_run)
        fault = Fault(error.code, details=error.details)
        report = UploadReport(None, [], (fault,), dry_run=dry_run)
    info.context.persons.clear()  # loaded for an upload before this one in the request
    return await payload(info, report, naming)


async def _declare_company_field(
    info: Info,
    name: Annotated[
        str, strawberry.argument(description="Full name, such as `ACME__loyalty_level`.")
    ],
    declaration: Annotated[
        CompanyFieldDeclaration,
        strawberry.argument(
            description="What holds from now on; what it leaves out stays as it is."
        ),
    ],
    convert: Annotated[
        bool,
        strawberry.argument(
            description="Convert stored values to the declared type, if all of them convert."
        ),
    ] = False,
    dry_run: Annotated[
        bool, strawberry.argument(description="Report only; change nothing.")
    ] = False,
) -> DeclareCompanyFieldPayload:
    declaring = info.context.services.registry.declaring
    declared = await declaring.declare(name, declaration.wanted(), convert=convert, dry_run=dry_run)
    if not (declared.faults or dry_run):
        context = info.context
        await context.services.trail.note(Action.COMPANY_FIELD, context.origin, about=name)
    return DeclareCompanyFieldPayload.of(info.context, declared)


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
    save_segment: Any = save_segment
    delete_segment: Any = delete_segment
    declare_company_field: DeclareCompanyFieldPayload = strawberry.field(
        resolver=_declare_company_field,
        description="Declare a company field, or change what is declared: type, description, "
        "index, whether it is personal. What is left out stays. A type that stored values break is "
        "refused with a report, unless every value converts and `convert` is true. Every stored "
        "value of the field is looked at, which takes time where there are millions of customers.",
    )
