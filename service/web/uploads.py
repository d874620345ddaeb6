"""`POST /api/customers/upload/`: the upload call of the reference, as it stands."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.errors import (
    BodyTooLarge,
    Fault,
    ServiceError,
    StoreUnavailable,
    TooManyRows,
    UnsupportedBody,
)
from service.settings import Settings
from service.uploads.upload import RowResult, UploadReport, Uploads, UploadStatus
from service.web.sent_rows import read_rows


async def upload(request: Request) -> Response:
    """Takes `{"customers": [...]}` or a bare list.

    Answers 200 with a result for each row, also when rows were refused; 4xx and 503 for refusals
    of the whole.
    """
    settings: Settings = request.state.settings
    uploads: Uploads = request.state.uploads
    try:
        sent = await read_rows(request, settings)
        report = await uploads.upload(sent.rows)
    except ServiceError as error:
        return _refusal(error)
    return _json(200, report_json(report, sent.lines))


def report_json(report: UploadReport, lines: Sequence[int] | None = None) -> dict[str, Any]:
    """The mutation's payload in snake_case. `lines`: where each row begins in the body."""
    ended = Counter(result.status for result in report.results)
    return {
        "upload_id": report.upload_id,
        "dry_run": False,
        "replayed": False,
        "counts": {
            "rows": len(report.results),
            **{status.lower(): ended[status] for status in UploadStatus},
        },
        "results": [_result_json(result, lines) for result in report.results],
        "errors": [_fault_json(fault) for fault in report.faults],
    }


def _result_json(result: RowResult, lines: Sequence[int] | None) -> dict[str, Any]:
    return {
        "index": result.index,
        **({} if lines is None else {"line": lines[result.index]}),
        "status": result.status,
        "matched_by": result.matched_by,
        "customer_ids": result.customer_ids,
        "errors": [_fault_json(fault) for fault in result.faults],
    }


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "field": fault.field,
        "message": fault.message,
        "suggestion": fault.suggestion,
    }


def _refusal(error: ServiceError) -> Response:
    """The whole is refused: nothing was applied, or (503) nothing half-applied."""
    status, headers = 400, {}
    if isinstance(error, BodyTooLarge | TooManyRows):
        status = 413
    if isinstance(error, UnsupportedBody):
        status, headers = 415, error.headers
    if isinstance(error, StoreUnavailable):
        status, headers = 503, {"Retry-After": str(error.retry_after)}
    fault = {"code": error.code, "field": None, "message": error.message, "suggestion": None}
    return _json(status, {"errors": [fault]}, headers)


def _json(status: int, content: object, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, "application/json")


UPLOAD_ROUTES = [
    Route(path, upload, methods=["POST"])
    for path in ("/api/customers/upload/", "/api/customers/upload")
]
