"""What a key must be allowed to for an upload. All of it is looked at before the first write."""

from collections.abc import Iterable

from service.access.callers import Caller
from service.access.scopes import Scope
from service.customers.rows import erasure_of
from service.errors import Forbidden
from service.uploads.options import UploadOptions


def check_options(caller: Caller, options: UploadOptions) -> None:
    """Raises Forbidden. A dry run shows what is stored, of any field that a row may name."""
    caller.require([Scope.CUSTOMERS_WRITE])
    if options.dry_run:
        caller.require([Scope.CUSTOMERS_READ])
        if caller.readable_fields is not None:
            raise Forbidden("a dry run shows stored values, and it may not read all fields")


def check_rows(caller: Caller, rows: Iterable[object]) -> None:
    """Raises Forbidden where a row forgets or deletes, and the key may not."""
    if Scope.CUSTOMERS_ERASE not in caller.scopes and any(any(erasure_of(row)) for row in rows):
        caller.require([Scope.CUSTOMERS_ERASE])
