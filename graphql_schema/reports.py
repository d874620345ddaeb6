"""What an upload answers: counts, a result for each row, and what went wrong, as data."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

import strawberry

from graphql_schema.context import Document, Info
from graphql_schema.enums import ErrorCode, IdentifierField, UploadStatus
from graphql_schema.plain import plain
from graphql_schema.scalars import JSONValue
from graphql_schema.types import Customer
from service.customers.moments import as_json
from service.customers.plans import FieldChange as ServiceChange
from service.errors import Fault
from service.uploads.upload import RowResult, UploadReport

AT_ONCE = 1000
"""Customers read by one query."""

Naming = Callable[[str], str]
"""From a field as it is stored, or a key of a raw row, to what the input calls it."""


def as_stored(name: str) -> str:
    return name


@strawberry.type(
    description="An expected failure, as data. Messages never repeat the values that were sent."
)
class UserError:
    code: Any = strawberry.field(
        description="What went wrong, for programs.", graphql_type=ErrorCode
    )
    field: str | None = strawberry.field(
        description="The field at fault, named as the input names it. Null when it is not about "
        "one field."
    )
    message: str = strawberry.field(description="What was wrong and what was expected, for people.")
    suggestion: str | None = strawberry.field(
        description="The nearest known name, for an unknown one. Null otherwise."
    )

    @classmethod
    def of(cls, fault: Fault, naming: Naming) -> "UserError":
        return cls(
            code=ErrorCode(fault.code),
            field=None if fault.field is None else naming(fault.field),
            message=fault.message,
            suggestion=fault.suggestion,
        )


@strawberry.type(description="What would change in one field of one customer.")
class FieldChange:
    customer_id: strawberry.ID | None = strawberry.field(
        description="The customer. Null when it would be created."
    )
    field: str = strawberry.field(
        description="The field, named as the row names it: `firstName` in `uploadCustomers`, "
        "`first_name` in `uploadCustomerDocuments`."
    )
    before: JSONValue | None = strawberry.field(
        description="The value now. Null when there is none."
    )
    after: JSONValue | None = strawberry.field(
        description="The value it would have. Null when it would be removed."
    )

    @classmethod
    def of(cls, change: ServiceChange, naming: Naming) -> "FieldChange":
        return cls(
            customer_id=None if change.customer_id is None else strawberry.ID(change.customer_id),
            field=naming(change.field),
            before=JSONValue(as_json(change.before)),
            after=JSONValue(as_json(change.after)),
        )


@strawberry.type(description="What became of one row.")
class UploadResult:
    index: int = strawberry.field(description="Which row, from 0.")
    status: UploadStatus = strawberry.field(description="How it ended.")
    matched_by: Any = strawberry.field(
        description="Which identifier found the customer. Null when none did.",
        graphql_type=IdentifierField | None,
    )
    customer: Any = strawberry.field(
        description="The customer after the upload; in a dry run, as stored now. Null when there "
        "is none, and when the row met several: then see `customers`.",
        graphql_type=Customer | None,
    )
    customers: Any = strawberry.field(
        description="All customers that the row met; with `AMBIGUOUS_IDENTITY`, those it might "
        "mean.",
        graphql_type=list[Customer],
    )
    customer_ids: list[strawberry.ID] = strawberry.field(
        description="The ids of all that the row met, without asking for more of them."
    )
    changes: list[FieldChange] = strawberry.field(
        description="In a dry run: what would change, field by field. Otherwise empty."
    )
    errors: list[UserError] = strawberry.field(
        description="What stood in the way. With `IGNORE_FAILED` a row that went in may have "
        "errors too; an `IGNORED` row has `FORGOTTEN` or `DELETED`."
    )


@strawberry.type(description="How many rows ended how.")
class UploadCounts:
    rows: int = strawberry.field(description="How many rows the upload has.")
    created: int = strawberry.field(description="Rows that created a customer.")
    updated: int = strawberry.field(description="Rows that changed at least one customer.")
    unchanged: int = strawberry.field(description="Rows that said nothing new.")
    ignored: int = strawberry.field(description="Rows that meant a forgotten or deleted customer.")
    rejected: int = strawberry.field(description="Rows refused.")


@plain()
def _results(
    root: strawberry.Parent[Any],
    only: Annotated[
        list[UploadStatus] | None,
        strawberry.argument(
            description="Only rows that ended so, such as `[REJECTED, IGNORED]`. Without it: every "
            "row."
        ),
    ] = strawberry.UNSET,
) -> Any:
    if not isinstance(only, list):
        return root.all_results
    return [result for result in root.all_results if result.status in only]


@strawberry.type(
    description="What became of an upload: counts for the whole, a result for each row."
)
class UploadCustomersPayload:
    upload_id: str | None = strawberry.field(
        description="Names this upload in the logs, and to `upload`, which gives its report again. "
        "Null in a dry run, and when the upload was refused as a whole."
    )
    dry_run: bool = strawberry.field(description="Whether this was a dry run: nothing was written.")
    replayed: bool = strawberry.field(
        description="Whether this is the stored report of an earlier upload: nothing was written "
        "now."
    )
    counts: UploadCounts = strawberry.field(description="How many rows ended how.")
    results: list[UploadResult] = strawberry.field(
        resolver=_results,
        description="A result for each row, in their order. Empty when the upload was refused as a "
        "whole before its rows were looked at.",
    )
    errors: list[UserError] = strawberry.field(
        description="Why the upload was refused as a whole. Empty when it was not; faults of "
        "single rows stand in `results`."
    )
    all_results: strawberry.Private[list[UploadResult]]


_RESULTS = (("results",),)


async def payload(info: Info, report: UploadReport, naming: Naming) -> UploadCustomersPayload:
    results: list[UploadResult] = []
    if info.context.projector.selected(info, _RESULTS):
        documents = await _documents(info, report.results)
        results = [_result(result, documents, naming) for result in report.results]
    return UploadCustomersPayload(
        upload_id=report.upload_id,
        dry_run=report.dry_run,
        replayed=report.replayed,
        counts=_counts(report.results),
        errors=[UserError.of(fault, naming) for fault in report.faults],
        all_results=results,
    )


async def _documents(info: Info, results: Iterable[RowResult]) -> dict[str, Document]:
    """The customers that the rows met as they are now, deleted ones too, by id; none where none
    is selected."""
    projector, customers = info.context.projector, info.context.services.customers
    if not projector.reaches(info, "Customer"):
        return {}
    projection = projector.projection(info, "Customer", {"_id"})
    ids = list(dict.fromkeys(found for result in results for found in result.customer_ids))
    documents: dict[str, Document] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        found = await customers.by_ids(part, projection, with_deleted=True)
        documents |= {document["_id"]: document for document in found}
    return documents


def _result(result: RowResult, documents: Mapping[str, Document], naming: Naming) -> UploadResult:
    met = [documents[found] for found in result.customer_ids if found in documents]
    return UploadResult(
        index=result.index,
        status=UploadStatus[result.status],
        matched_by=None if result.matched_by is None else IdentifierField(result.matched_by),
        customer=met[0] if len(result.customer_ids) == 1 and met else None,
        customers=met,
        customer_ids=[strawberry.ID(found) for found in result.customer_ids],
        changes=[FieldChange.of(change, naming) for change in result.changes],
        errors=[UserError.of(fault, naming) for fault in result.faults],
    )


def _counts(results: Iterable[RowResult]) -> UploadCounts:
    ended = Counter(result.status.value for result in results)
    return UploadCounts(
        rows=ended.total(),
        **{status.name.lower(): ended[status.name] for status in UploadStatus},
    )
