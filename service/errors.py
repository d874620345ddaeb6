"""What can go wrong: one code for each, its message, and the exceptions that carry it.

Messages are made here and nowhere else, from a code and details that never hold personal data.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Detail = str | int | None


class ErrorCode(StrEnum):
    """Every code there is; its value is its name."""

    MISSING_IDENTIFIER = "MISSING_IDENTIFIER"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    WRONG_TYPE = "WRONG_TYPE"
    INVALID_EXTERNAL_ID = "INVALID_EXTERNAL_ID"
    INVALID_EMAIL = "INVALID_EMAIL"
    INVALID_PHONE_NUMBER = "INVALID_PHONE_NUMBER"
    INVALID_DATE = "INVALID_DATE"
    INVALID_DATE_TIME = "INVALID_DATE_TIME"
    INVALID_COUNTRY = "INVALID_COUNTRY"
    INVALID_LANGUAGE = "INVALID_LANGUAGE"
    INVALID_TEXT = "INVALID_TEXT"
    TOO_LONG = "TOO_LONG"
    NUMBER_OUT_OF_RANGE = "NUMBER_OUT_OF_RANGE"
    INVALID_COMPANY_FIELD = "INVALID_COMPANY_FIELD"
    DECLARED_TYPE = "DECLARED_TYPE"
    NOT_A_LIST = "NOT_A_LIST"
    AMBIGUOUS_IDENTITY = "AMBIGUOUS_IDENTITY"
    FORGOTTEN_IDENTIFIER = "FORGOTTEN_IDENTIFIER"
    IDENTIFIER_OVERSHARED = "IDENTIFIER_OVERSHARED"
    FORGOTTEN = "FORGOTTEN"
    DELETED = "DELETED"
    CONFLICT = "CONFLICT"
    ROW_INVALID = "ROW_INVALID"
    OTHER_ROWS_FAILED = "OTHER_ROWS_FAILED"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    IDEMPOTENCY_KEY_INVALID = "IDEMPOTENCY_KEY_INVALID"
    IDEMPOTENCY_KEY_IN_USE = "IDEMPOTENCY_KEY_IN_USE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    STORED_VALUES_BREAK_TYPE = "STORED_VALUES_BREAK_TYPE"
    INDEX_BUDGET_SPENT = "INDEX_BUDGET_SPENT"
    NOT_FOUND = "NOT_FOUND"
    NAME_TAKEN = "NAME_TAKEN"
    SEGMENT_CYCLE = "SEGMENT_CYCLE"
    SEGMENT_INVALID = "SEGMENT_INVALID"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    INVALID_CURSOR = "INVALID_CURSOR"
    NOT_SORTABLE = "NOT_SORTABLE"
    QUERY_INVALID = "QUERY_INVALID"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    QUERY_TOO_SLOW = "QUERY_TOO_SLOW"
    QUERY_NOT_TRUSTED = "QUERY_NOT_TRUSTED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    RATE_LIMITED = "RATE_LIMITED"
    OVERLOADED = "OVERLOADED"
    SEARCH_NOT_READY = "SEARCH_NOT_READY"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    BODY_INVALID = "BODY_INVALID"
    STORE_UNAVAILABLE = "STORE_UNAVAILABLE"
    STOPPING = "STOPPING"
    INTERNAL_ERROR = "INTERNAL_ERROR"


MESSAGES: Mapping[ErrorCode, str] = {
    ErrorCode.MISSING_IDENTIFIER: (
        "A customer needs at least one of external_id, email and phone_number with a value."
    ),
    ErrorCode.UNKNOWN_FIELD: "There is no such field.",
    ErrorCode.WRONG_TYPE: "The value has the wrong type: expected {expected}.",
    ErrorCode.INVALID_EXTERNAL_ID: (
        "Not an external id: expected 1 to 255 ASCII letters, digits and dashes."
    ),
    ErrorCode.INVALID_EMAIL: "Not an e-mail address: expected one such as person@example.org.",
    ErrorCode.INVALID_PHONE_NUMBER: (
        "Not a valid phone number: expected one with country prefix, such as +358101234567."
    ),
    ErrorCode.INVALID_DATE: "Not a date: expected YYYY-MM-DD, such as 1991-06-14.",
    ErrorCode.INVALID_DATE_TIME: (
        "Not a date or date-time: expected ISO 8601, such as 2015-08-28 or 2015-08-28T14:10:00Z."
    ),
    ErrorCode.INVALID_COUNTRY: "Not a country code: expected ISO 3166-1 alpha-2, such as GB.",
    ErrorCode.INVALID_LANGUAGE: "Not a language code: expected ISO 639-1, such as en.",
    ErrorCode.INVALID_TEXT: "The text holds control characters or lone surrogates.",
    ErrorCode.TOO_LONG: "The value is larger than allowed: at most {limit} {unit}.",
    ErrorCode.NUMBER_OUT_OF_RANGE: "A number past 64 bits, or not a finite one.",
    ErrorCode.INVALID_COMPANY_FIELD: "Not a company field that can be stored: {reason}.",
    ErrorCode.DECLARED_TYPE: (
        "The value is not of the type declared for this company field: expected {expected}."
    ),
    ErrorCode.NOT_A_LIST: (
        "Members can be added and removed only where the company field holds a list or nothing."
    ),
    ErrorCode.AMBIGUOUS_IDENTITY: (
        "Several customers share the identifier, where exactly one is needed."
    ),
    ErrorCode.FORGOTTEN_IDENTIFIER: (
        "The identifier belongs to somebody who was forgotten or deleted, "
        "and may not be given to a customer."
    ),
    ErrorCode.IDENTIFIER_OVERSHARED: (
        "At least {limit} customers share the identifier: a placeholder, most likely."
    ),
    ErrorCode.FORGOTTEN: "The customer was forgotten; nothing brings it back.",
    ErrorCode.DELETED: "The customer was deleted; nothing brings it back.",
    ErrorCode.CONFLICT: (
        "Somebody else changed the same customer, or segment, at the same time. Send it again."
    ),
    ErrorCode.ROW_INVALID: "The row cannot be read: {reason}.",
    ErrorCode.TOO_MANY_ROWS: (
        "More than the {limit} rows that one upload may have. Nothing was applied."
    ),
    ErrorCode.OTHER_ROWS_FAILED: (
        "The row is sound, and went in as little as the others: the upload was to go in whole, or "
        "not at all."
    ),
    ErrorCode.IDEMPOTENCY_KEY_INVALID: (
        "Not an idempotency key: expected 1 to {limit} characters, not all of them blank."
    ),
    ErrorCode.IDEMPOTENCY_KEY_IN_USE: (
        "An upload with this idempotency key is still running. Send it again later."
    ),
    ErrorCode.IDEMPOTENCY_KEY_REUSED: (
        "The idempotency key was used for other rows or options. Nothing was applied."
    ),
    ErrorCode.STORED_VALUES_BREAK_TYPE: (
        "Stored values are not of the type to be declared: the report says how many, and how many "
        "of them convert."
    ),
    ErrorCode.INDEX_BUDGET_SPENT: (
        "No index is left for company fields, which may have {limit}: take one back first."
    ),
    ErrorCode.NOT_FOUND: "Nothing has this id, or it is kept no longer.",
    ErrorCode.NAME_TAKEN: "Another segment has this name, letter case aside.",
    ErrorCode.SEGMENT_CYCLE: "The segment would contain itself through other segments.",
    ErrorCode.SEGMENT_INVALID: (
        "The saved conditions of the segment are no longer allowed; its `problems` say why."
    ),
    ErrorCode.INVALID_ARGUMENT: "The argument is not valid: {reason}.",
    ErrorCode.INVALID_CURSOR: (
        "The cursor was changed, or belongs to another list, order or filter."
    ),
    ErrorCode.NOT_SORTABLE: "The field cannot be sorted by: it is declared as a list or object.",
    ErrorCode.QUERY_INVALID: "The GraphQL request is not valid.",
    ErrorCode.QUERY_TOO_COMPLEX: (
        "The query is larger than allowed in its {measure}: at most {limit}."
    ),
    ErrorCode.QUERY_NOT_TRUSTED: (
        "The operation is none of those that this service was given beforehand."
    ),
    ErrorCode.UNAUTHENTICATED: (
        "A key is needed: send one as `Authorization: Bearer ID.SECRET`, or by Basic with the key "
        "as the user. None was given, or it is not valid."
    ),
    ErrorCode.FORBIDDEN: "The key may not do this: {reason}.",
    ErrorCode.RATE_LIMITED: "Too much at once for this key. Send it again in {seconds} s.",
    ErrorCode.OVERLOADED: (
        "The service has as much to do as it can. Nothing was begun; send it again later."
    ),
    ErrorCode.QUERY_TOO_SLOW: (
        "The query took longer than allowed. Narrow it, or index the field."
    ),
    ErrorCode.SEARCH_NOT_READY: (
        "Customers who were uploaded to an earlier version are being prepared for searches. Search "
        "again later."
    ),
    ErrorCode.BODY_TOO_LARGE: "The body is larger than the {limit} bytes that are allowed.",
    ErrorCode.BODY_INVALID: "The body cannot be read: {reason}.",
    ErrorCode.STORE_UNAVAILABLE: (
        "The database does not answer. No customer is half written; send the request again later."
    ),
    ErrorCode.STOPPING: (
        "The service is being stopped. No customer is half written; send the request again, to the "
        "service that comes after it."
    ),
    ErrorCode.INTERNAL_ERROR: "The service failed. The log has more under the id {id}.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One expected failure, as data. `field` is the key as a row names it (`tags.add`)."""

    code: ErrorCode
    field: str | None = None
    suggestion: str | None = None
    details: Mapping[str, Detail] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """For people: what was wrong and what was expected, never the value itself."""
        return MESSAGES[self.code].format_map(self.details)


@dataclass(eq=False)
class ServiceError(Exception):
    """A request that fails as a whole. Subclasses fix the code and name their details."""

    details: Mapping[str, Detail] = dataclasses.field(default_factory=dict)
    code = ErrorCode.INTERNAL_ERROR

    @property
    def message(self) -> str:
        return MESSAGES[self.code].format_map(self.details)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class InvalidArgument(ServiceError):
    """`argument` is the path of the argument at fault, empty where it is none."""

    code = ErrorCode.INVALID_ARGUMENT

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__({"reason": reason})
        self.argument = argument


class NameTaken(InvalidArgument):
    code = ErrorCode.NAME_TAKEN

    def __init__(self) -> None:
        super().__init__("name", "the name of another segment")


class SegmentCycle(InvalidArgument):
    code = ErrorCode.SEGMENT_CYCLE

    def __init__(self, argument: str) -> None:
        super().__init__(argument, "a segment that contains itself")


class SegmentInvalid(InvalidArgument):
    code = ErrorCode.SEGMENT_INVALID

    def __init__(self, argument: str = "") -> None:
        super().__init__(argument, "a segment whose conditions are no longer allowed")


class UnknownCompanyField(InvalidArgument):
    """Nobody knows of a company field of this name."""


class InvalidCursor(ServiceError):
    code = ErrorCode.INVALID_CURSOR

    def __init__(self, argument: str) -> None:
        super().__init__()
        self.argument = argument


class AmbiguousIdentity(ServiceError):
    """Several customers share the identifier; `customer_ids` are theirs."""

    code = ErrorCode.AMBIGUOUS_IDENTITY

    def __init__(self, customer_ids: Sequence[str]) -> None:
        super().__init__()
        self.customer_ids = list(customer_ids)


class TooManyRows(ServiceError):
    code = ErrorCode.TOO_MANY_ROWS

    def __init__(self, limit: int) -> None:
        super().__init__({"limit": limit})


class IdempotencyError(ServiceError):
    """Something is wrong with an idempotency key, and nothing was applied."""


class IdempotencyKeyInvalid(IdempotencyError):
    code = ErrorCode.IDEMPOTENCY_KEY_INVALID

    def __init__(self, limit: int) -> None:
        super().__init__({"limit": limit})


class IdempotencyKeyReused(IdempotencyError):
    code = ErrorCode.IDEMPOTENCY_KEY_REUSED


class IdempotencyKeyInUse(IdempotencyError):
    """`retry_after` is in seconds."""

    code = ErrorCode.IDEMPOTENCY_KEY_IN_USE
    retry_after = 2


class NotFound(ServiceError):
    code = ErrorCode.NOT_FOUND


class Conflict(ServiceError):
    code = ErrorCode.CONFLICT


class NotSortable(ServiceError):
    code = ErrorCode.NOT_SORTABLE

    def __init__(self, argument: str) -> None:
        super().__init__()
        self.argument = argument


class BodyInvalid(ServiceError):
    code = ErrorCode.BODY_INVALID

    def __init__(self, reason: str) -> None:
        super().__init__({"reason": reason})


class UnsupportedBody(BodyInvalid):
    """Said to be of a type or encoding that is not taken; `headers` tell which ones are."""

    def __init__(self, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.headers = dict(headers or {})


class BodyTooLarge(ServiceError):
    code = ErrorCode.BODY_TOO_LARGE

    def __init__(self, limit: int) -> None:
        super().__init__({"limit": limit})


class QueryTooSlow(ServiceError):
    code = ErrorCode.QUERY_TOO_SLOW


class QueryTooComplex(ServiceError):
    """`measure` is what there is too much of, such as `depth`."""

    code = ErrorCode.QUERY_TOO_COMPLEX

    def __init__(self, measure: str, limit: int) -> None:
        super().__init__({"measure": measure, "limit": limit})
        self.measure = measure
        self.limit = limit


class QueryNotTrusted(ServiceError):
    code = ErrorCode.QUERY_NOT_TRUSTED


class Unauthenticated(ServiceError):
    """Nothing is said of why: not whether there is such a key, nor whether it ended."""

    code = ErrorCode.UNAUTHENTICATED


class Forbidden(ServiceError):
    """`reason` names the scope or the field that the key has no right to."""

    code = ErrorCode.FORBIDDEN

    def __init__(self, reason: str) -> None:
        super().__init__({"reason": reason})


class RateLimited(ServiceError):
    """`retry_after` is in whole seconds."""

    code = ErrorCode.RATE_LIMITED

    def __init__(self, retry_after: int) -> None:
        super().__init__({"seconds": retry_after})
        self.retry_after = retry_after


class Overloaded(ServiceError):
    """Refused before anything was begun. `retry_after` is in seconds."""

    code = ErrorCode.OVERLOADED
    retry_after = 1


class SearchNotReady(ServiceError):
    code = ErrorCode.SEARCH_NOT_READY


class Unavailable(ServiceError):
    """Not now; no customer is half written, and the request can be sent again. `retry_after` is in
    seconds."""

    retry_after = 2


class StoreUnavailable(Unavailable):
    """The database does not answer, or not in time."""

    code = ErrorCode.STORE_UNAVAILABLE


class Stopping(Unavailable):
    """The service is being stopped."""

    code = ErrorCode.STOPPING


class StartError(Exception):
    """The service can't start; the text says why and what to do."""
