"""`POST /api/customers/upload/`: the upload call of the reference, as it stands."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.access.scopes import Scope
from service.audit.trail import Trail
from service.customers.moments import as_json
from service.customers.plans import FieldChange, RowResult, UploadStatus
from service.errors import (
    Fault,
    Forbidden,
    ServiceError,
    StoreUnavailable,
    Unauthenticated,
)
from service.settings import Settings
from service.uploads.reporting import ReportedUploads
from service.uploads.rights import check_options, check_rows
from service.uploads.upload import UploadReport
from service.web.answers import Answer
from service.web.authentication import authenticated, rates_of
from service.web.capacity import Capacity, Place
from service.web.options import read_options
from service.web.origins import origin_of
from service.web.refusals import refused
from service.web.sent_rows import read_rows


async def upload(request: Request) -> Response:
    """Takes the formats that `sent_rows` reads, with the options of `options`.

    Answers 200 with a result for each row, also when rows were refused; 4xx and 503 for refusals
    of the whole.
    """
    capacity: Capacity = request.state.capacity
    try:
        with capacity.of_upload(request) as place:
            return await _upload(request, place)
    except ServiceError as error:
        return await _refused(request, error)


async def _upload(request: Request, place: Place) -> Response:
    settings: Settings = request.state.settings
    uploads: ReportedUploads = request.state.uploads
    caller = await authenticated(request)
    options = read_options(request)
    check_options(caller, options)
    rates = rates_of(request.scope)
    await rates.admit_upload(caller)
    sent = await read_rows(request, settings)
    check_rows(caller, sent.rows)
    await rates.upload(caller, len(sent.rows))
    try:
        report = await place.do(
            lambda: uploads.upload(sent.rows, options, origin_of(request)),
            settings.upload_timeout,
        )
    except TimeoutError:  # as if the store had gone away: what went in stays in
        raise StoreUnavailable from None
    return _json(200, report_json(report, sent.lines))


async def stored_report(request: Request) -> Response:
    """The report of an upload that went in, for as long as it is kept."""
    uploads: ReportedUploads = request.state.uploads
    try:
        caller = await authenticated(request)
        caller.require([Scope.CUSTOMERS_WRITE])
        report = await uploads.report(request.path_params["upload_id"])
    except ServiceError as error:
        return await _refused(request, error)
    return _json(200, report_json(report))


def report_json(report: UploadReport, lines: Sequence[int] | None = None) -> dict[str, Any]:
    """The mutation's payload in snake_case. `lines`: where each row begins in the body."""
    ended = Counter(result.status for result in report.results)
    return {
        "upload_id": report.upload_id,
        "dry_run": report.dry_run,
        "replayed": report.replayed,
        "counts": {
            "rows": len(report.results),
            **{status.lower(): ended[status] for status in UploadStatus},
        },
        "results": [
            _result_json(result, lines, dry_run=report.dry_run) for result in report.results
        ],
        "errors": [_fault_json(fault) for fault in report.faults],
    }


def _result_json(
    result: RowResult, lines: Sequence[int] | None, *, dry_run: bool
) -> dict[str, Any]:
    return {
        "index": result.index,
        **({} if lines is None else {"line": lines[result.index]}),
        "status": result.status,
        "matched_by": result.matched_by,
        "customer_ids": result.customer_ids,
        **({"changes": [_change_json(change) for change in result.changes]} if dry_run else {}),
        "errors": [_fault_json(fault) for fault in result.faults],
    }


def _change_json(change: FieldChange) -> dict[str, Any]:
    return {
        "customer_id": change.customer_id,
        "field": change.field,
        "before": as_json(change.before),
        "after": as_json(change.after),
    }


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "field": fault.field,
        "message": fault.message,
        "suggestion": fault.suggestion,
    }


async def _refused(request: Request, error: ServiceError) -> Response:
    """For want of a key or a right: that is in the audit trail."""
    if isinstance(error, Unauthenticated | Forbidden):
        trail: Trail = request.state.trail
        await trail.note_denied(origin_of(request), error)
    return refused(error)


def _json(status: int, content: object, headers: dict[str, str] | None = None) -> Response:
    return Answer(orjson.dumps(content), status, headers)


_PATH = "/api/customers/upload"

UPLOAD_ROUTES = [
    *(Route(path, upload, methods=["POST"]) for path in (f"{_PATH}/", _PATH)),
    *(
        Route(path, stored_report, methods=["GET"])
        for path in (f"{_PATH}/{{upload_id}}/", f"{_PATH}/{{upload_id}}")
    ),
]
