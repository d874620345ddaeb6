"""The enums, each value with its description."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from service.access.scopes import Scope as ServiceScope
from service.audit.events import Action
from service.customers import policies
from service.customers.declared import CompanyType
from service.customers.fields import FIELDS, IDENTIFIERS, camel
from service.errors import ErrorCode as ServiceErrorCode


def _described(name: str, description: str, members: Mapping[str, tuple[Any, str]]) -> Any:
    """An enum of members by name: each its Python value and its description."""
    values = {
        member: strawberry.enum_value(value, description=text)
        for member, (value, text) in members.items()
    }
    made: Any = Enum
    return strawberry.enum(made(name, values), description=description)


PermissionState = _described(
    "PermissionState",
    "What is known of a permission.",
    {
        "GRANTED": (True, "Given: the Boolean field is true."),
        "DENIED": (False, "Refused: the Boolean field is false, and was supplied."),
        "UNKNOWN": (None, "Never given: the Boolean field is false by default."),
    },
)
"""By what a document holds: true, false, or nothing."""

Scope = _described(
    "Scope",
    "Something that a key may be allowed to do.",
    {
        scope.name: (scope.value, f"`{scope}`: {text}")
        for scope, text in {
            ServiceScope.CUSTOMERS_READ: "read customers, persons, segments and the registry.",
            ServiceScope.CUSTOMERS_WRITE: "upload.",
            ServiceScope.CUSTOMERS_ERASE: "forget and delete.",
            ServiceScope.SEGMENTS_WRITE: "save and delete segments.",
            ServiceScope.SCHEMA_READ: "introspection and suggestions.",
            ServiceScope.ADMIN: "declare company fields, read the audit trail.",
        }.items()
    },
)
"""By how it is written everywhere else."""

AuditAction = _described(
    "AuditAction",
    "Kinds of things that are done. New ones may be added.",
    {
        action.name: (action.value, text)
        for action, text in {
            Action.UPLOAD: "An upload of rows.",
            Action.FORGET: "Customers forgotten by an upload.",
            Action.DELETE: "Customers deleted by an upload.",
            Action.READ: "Something read, where reading is set to be recorded.",
            Action.SEGMENT: "A segment saved or deleted.",
            Action.COMPANY_FIELD: "A company field declared.",
            Action.KEY: "A key made, rotated or revoked.",
            Action.DENIED: "Something refused for want of a key or a right.",
        }.items()
    },
)

IdentifierField = _described(
    "IdentifierField",
    "A field that identifies customers, strongest first.",
    {name.upper(): (name, f"`{camel(name)}`. {FIELDS[name].description}") for name in IDENTIFIERS},
)
"""By the field's name."""


ErrorPolicy = _described(
    "ErrorPolicy",
    "What a fault in a row does to the rest.",
    {
        "REJECT_FAILED_ROWS": (
            policies.ErrorPolicy.REJECT_FAILED_ROWS,
            "Rows with a fault are refused whole; the others go in.",
        ),
        "REJECT_EVERYTHING": (
            policies.ErrorPolicy.REJECT_EVERYTHING,
            "One fault, and nothing goes in. Faults are found before the first write; what only "
            "writing can find still refuses its own row alone.",
        ),
        "IGNORE_FAILED": (
            policies.ErrorPolicy.IGNORE_FAILED,
            "A faulty field is left out and reported; the rest of its row goes in. A faulty "
            "identifier is left out only where a stronger one in the row is sound; otherwise the "
            "row is refused, since it could mean somebody else. A faulty `isForgotten` or "
            "`isDeleted` refuses its row.",
        ),
    },
)

MultipleMatches = _described(
    "MultipleMatches",
    "What to do when several customers share the identifier that a row is matched by.",
    {
        "UPDATE_ALL": (
            policies.MultipleMatches.UPDATE_ALL,
            "Update every one of them. Forgetting and deleting still need exactly one.",
        ),
        "REJECT": (
            policies.MultipleMatches.REJECT,
            "Refuse the row with `AMBIGUOUS_IDENTITY`.",
        ),
    },
)

OrderDirection = _described(
    "OrderDirection",
    "Which way to sort, and where customers stand that do not hold the field.",
    {
        name: (name, text)
        for name, text in {
            "ASC": "Smallest first; absent first. The fast way when the field is indexed.",
            "DESC": "Largest first; absent last. The fast way when the field is indexed.",
            "ASC_NULLS_FIRST": "Smallest first; absent first. The same as `ASC`, said aloud.",
            "ASC_NULLS_LAST": "Smallest first; absent last.",
            "DESC_NULLS_FIRST": "Largest first; absent first.",
            "DESC_NULLS_LAST": "Largest first; absent last. The same as `DESC`, said aloud.",
        }.items()
    },
)

CalendarInterval = _described(
    "CalendarInterval",
    "A calendar interval, in the service's time zone.",
    {
        name: (name, text)
        for name, text in {
            "HOUR": "From a full hour to the next.",
            "DAY": "From midnight to midnight.",
            "WEEK": "Seven days, from Monday.",
            "MONTH": "From the first of the month to the first of the next.",
            "QUARTER": "Three months, from January, April, July or October.",
            "YEAR": "From 1 January to the next.",
            "DECADE": "Ten years, from one that ends in 0.",
        }.items()
    },
)

CompanyFieldKind = _described(
    "CompanyFieldKind",
    "The kind of a stored value.",
    {
        name: (name, text)
        for name, text in {
            "TEXT": 'Text, such as `"gold"`.',
            "NUMBER": "A number, whole or not.",
            "BOOLEAN": "True or false.",
            "LIST": "A list of values of any kind.",
            "OBJECT": "An object: names with values.",
        }.items()
    },
)

CompanyFieldSet = _described(
    "CompanyFieldSet",
    "A choice of company fields.",
    {
        "ALL": ("ALL", "Fields that are declared or in use."),
        "DECLARED": ("DECLARED", "Fields of which anything is declared, in use or not."),
        "UNDECLARED": ("UNDECLARED", "Fields that are in use, but not declared."),
    },
)

CompanyFieldType = _described(
    "CompanyFieldType",
    "A type that can be declared. Uploads enforce it.",
    {
        type_.name: (type_.value, text)
        for type_, text in {
            CompanyType.ANY: "No type: whatever is sent. Declare it to take a type back.",
            CompanyType.TEXT: "Text; numbers are read as their text.",
            CompanyType.NUMBER: "A number; text that is one is read as it.",
            CompanyType.BOOLEAN: "True or false; the texts `true` and `false` are read as them.",
            CompanyType.DATE: "A date as `YYYY-MM-DD`.",
            CompanyType.DATE_TIME: "A moment, ISO 8601; without a zone, the service's time zone.",
            CompanyType.LIST: "A list; a single value is a list of one.",
            CompanyType.OBJECT: "An object: names with values, of whatever kinds.",
        }.items()
    },
)

CompanyFieldTypeState = _described(
    "CompanyFieldTypeState",
    "Whether stored values are of the declared type.",
    {
        "ENFORCED": ("ENFORCED", "All are, and uploads keep it so. Always so for `ANY`."),
        "CONVERTING": (
            "CONVERTING",
            "Uploads enforce it already; stored values are being looked at, and converted where "
            "they need it. So for some seconds at least.",
        ),
        "FAILED": (
            "FAILED",
            "Converting stopped: a value came meanwhile that does not convert. Declare it again.",
        ),
    },
)

IndexState = _described(
    "IndexState",
    "How far an index of a company field has come.",
    {
        "NONE": ("NONE", "The field has no index: filters and order by it read every customer."),
        "BUILDING": (
            "BUILDING",
            "Being built; queries on the field are slow until then.",
        ),
        "READY": ("READY", "In use: filters and order by the field are fast."),
        "FAILED": ("FAILED", "Could not be built; it is tried again when it is declared again."),
    },
)


@strawberry.enum(description="How a row ended. In a dry run: how it would end.")
class UploadStatus(Enum):
    CREATED = strawberry.enum_value("CREATED", description="A new customer.")
    UPDATED = strawberry.enum_value("UPDATED", description="At least one customer changed.")
    UNCHANGED = strawberry.enum_value("UNCHANGED", description="Nothing new; nothing was written.")
    IGNORED = strawberry.enum_value(
        "IGNORED",
        description="The row means a forgotten or deleted customer, which nothing brings back.",
    )
    REJECTED = strawberry.enum_value(
        "REJECTED", description="The row was refused; its errors say why."
    )


_CODES: dict[ServiceErrorCode, str] = {
    ServiceErrorCode.MISSING_IDENTIFIER: (
        "A row names no identifier with a value, or would leave a customer with none."
    ),
    ServiceErrorCode.UNKNOWN_FIELD: "No field has this name; `suggestion` has the nearest.",
    ServiceErrorCode.WRONG_TYPE: (
        "A value of the wrong type, such as a number where a set stands."
    ),
    ServiceErrorCode.INVALID_EXTERNAL_ID: "Not letters, digits and dashes, or longer than 255.",
    ServiceErrorCode.INVALID_EMAIL: "Not an e-mail address.",
    ServiceErrorCode.INVALID_PHONE_NUMBER: "Not a valid phone number with country prefix.",
    ServiceErrorCode.INVALID_DATE: "Not a date as `YYYY-MM-DD`.",
    ServiceErrorCode.INVALID_DATE_TIME: "Not an ISO 8601 date or date-time.",
    ServiceErrorCode.INVALID_COUNTRY: "Not an ISO 3166-1 alpha-2 code.",
    ServiceErrorCode.INVALID_LANGUAGE: "Not an ISO 639-1 code.",
    ServiceErrorCode.INVALID_TEXT: "A text with control characters or lone surrogates.",
    ServiceErrorCode.TOO_LONG: "A text, list or object larger than allowed.",
    ServiceErrorCode.NUMBER_OUT_OF_RANGE: "A whole number past 64 bits, or not a finite number.",
    ServiceErrorCode.INVALID_COMPANY_FIELD: (
        "A name not of the form `PREFIX__name`, another company's prefix, or a value nested too "
        "deep or with keys that are not allowed."
    ),
    ServiceErrorCode.DECLARED_TYPE: (
        "The value is not of the type declared for this company field."
    ),
    ServiceErrorCode.NOT_A_LIST: (
        "Members to add or remove, but the company field does not hold a list."
    ),
    ServiceErrorCode.AMBIGUOUS_IDENTITY: (
        "Several customers share the identifier, where exactly one is needed."
    ),
    ServiceErrorCode.FORGOTTEN_IDENTIFIER: (
        "The identifier belongs to somebody who was forgotten or deleted, and may not be given to "
        "a customer."
    ),
    ServiceErrorCode.IDENTIFIER_OVERSHARED: (
        "So many customers share the identifier that it can't mean anybody; a placeholder, most "
        "likely."
    ),
    ServiceErrorCode.FORGOTTEN: "The customer was forgotten; nothing brings it back.",
    ServiceErrorCode.DELETED: "The customer was deleted; nothing brings it back.",
    ServiceErrorCode.CONFLICT: (
        "Somebody else changed the same customer, or segment, at the same time. Send it again."
    ),
    ServiceErrorCode.ROW_INVALID: (
        "A row of a file that cannot be read, such as a line with too few cells."
    ),
    ServiceErrorCode.OTHER_ROWS_FAILED: (
        "The row is sound, but `REJECT_EVERYTHING` refuses it because of others."
    ),
    ServiceErrorCode.IDEMPOTENCY_KEY_INVALID: "The idempotency key is empty or too long.",
    ServiceErrorCode.IDEMPOTENCY_KEY_IN_USE: (
        "An upload with this idempotency key is still running. Send it again later."
    ),
    ServiceErrorCode.IDEMPOTENCY_KEY_REUSED: (
        "The idempotency key was used for other rows or options."
    ),
    ServiceErrorCode.STORED_VALUES_BREAK_TYPE: (
        "Stored values are not of the type to be declared; the report says how many."
    ),
    ServiceErrorCode.INDEX_BUDGET_SPENT: "No index is left for company fields.",
    ServiceErrorCode.NOT_FOUND: "Nothing has this id or name.",
    ServiceErrorCode.NAME_TAKEN: "Another segment has this name, letter case aside.",
    ServiceErrorCode.SEGMENT_CYCLE: "The segment would contain itself through other segments.",
    ServiceErrorCode.SEGMENT_INVALID: (
        "The saved conditions are no longer allowed; `Segment.problems` says why."
    ),
    ServiceErrorCode.TOO_MANY_ROWS: "More rows than one upload may have.",
    ServiceErrorCode.INVALID_ARGUMENT: (
        "An argument that cannot be, such as `first` beside `last` or an empty list in a filter."
    ),
    ServiceErrorCode.INVALID_CURSOR: (
        "The cursor was changed, or belongs to another order or filter."
    ),
    ServiceErrorCode.NOT_SORTABLE: "The field cannot be sorted by.",
    ServiceErrorCode.QUERY_INVALID: (
        "The GraphQL document does not parse, does not fit the schema, or its variables do not."
    ),
    ServiceErrorCode.QUERY_TOO_COMPLEX: "The query is larger, deeper or costlier than allowed.",
    ServiceErrorCode.QUERY_NOT_TRUSTED: (
        "The service takes only operations that it was given beforehand, and this is none of them."
    ),
    ServiceErrorCode.UNAUTHENTICATED: "No key, or not a valid one.",
    ServiceErrorCode.FORBIDDEN: "Your key may not do this, or not read this field.",
    ServiceErrorCode.RATE_LIMITED: (
        "Too much at once; `extensions.retryAfter` says for how many seconds to wait."
    ),
    ServiceErrorCode.OVERLOADED: (
        "The service has as much to do as it can, and did not begin this; "
        "`extensions.retryAfter` says for how many seconds to wait."
    ),
    ServiceErrorCode.QUERY_TOO_SLOW: (
        "The query took longer than allowed. Narrow it, or index the field."
    ),
    ServiceErrorCode.SEARCH_NOT_READY: (
        "Customers of an earlier version are being prepared for searches. Search again later."
    ),
    ServiceErrorCode.BODY_TOO_LARGE: "The request is larger than allowed.",
    ServiceErrorCode.BODY_INVALID: "The request's body cannot be read.",
    ServiceErrorCode.STORE_UNAVAILABLE: (
        "The database does not answer. Nothing is half-applied; send it again later."
    ),
    ServiceErrorCode.STOPPING: (
        "The service is being stopped. Nothing is half-applied; send it again in "
        "`extensions.retryAfter` seconds."
    ),
    ServiceErrorCode.INTERNAL_ERROR: "A fault of the service; `extensions.id` names it in the log.",
}

ErrorCode = _described(
    "ErrorCode",
    "Every code there is: in `UserError.code`, in `extensions.code` of request errors, and in the "
    "answers of the HTTP API. New codes may be added: treat one you do not know by its message.",
    {code.name: (code.value, _CODES[code]) for code in ServiceErrorCode},
)
