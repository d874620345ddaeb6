"""The registry of company fields: which there are, what is declared of them, how they are used."""

from collections.abc import Iterable
from typing import Annotated, Any

import strawberry

from graphql_schema.context import Context, Info
from graphql_schema.enums import (
    CompanyFieldKind,
    CompanyFieldSet,
    CompanyFieldType,
    CompanyFieldTypeState,
    IndexState,
)
from graphql_schema.plain import plain
from graphql_schema.reports import UserError, as_stored
from graphql_schema.types import Node
from service.customers.declared import CompanyType, Declaration
from service.customers.kinds import Kinds, by_frequency
from service.errors import InvalidArgument
from service.registry.declaring import Declared, Wanted
from service.registry.fitting import MOST_IDS, Report
from service.registry.usage import MOST, SAMPLE
from service.store.company_fields import INDEXES

_PURPOSE = "company field"
_PREFIX = "f."


def company_field_id(context: Context, name: str) -> str:
    return _PREFIX + context.services.sealer.seal(_PURPOSE, [name])


def company_field_of(context: Context, node_id: str) -> str | None:
    """The name that a company field's id stands for; None for what is no such id."""
    if not node_id.startswith(_PREFIX):
        return None
    try:
        (name,) = context.services.sealer.open(_PURPOSE, node_id.removeprefix(_PREFIX))
    except ValueError:
        return None
    return str(name)


@strawberry.type(description="One kind of value, and how often it was found.")
class CompanyFieldKindCount:
    kind: Any = strawberry.field(
        description="Which kind of value this is a count of.", graphql_type=CompanyFieldKind
    )
    customers: int = strawberry.field(
        description="How many of the customers that were looked at hold a value of it."
    )


def _counts(kinds: Kinds) -> list[CompanyFieldKindCount]:
    return [
        CompanyFieldKindCount(kind=CompanyFieldKind(kind.value), customers=count)
        for kind, count in by_frequency(kinds)
    ]


@strawberry.type(description="How a company field is used, in a sample of the customers.")
class CompanyFieldUsage:
    sampled_customers: int = strawberry.field(
        description="How many customers were looked at, as they were some seconds ago at most."
    )
    is_exact: bool = strawberry.field(description="Whether these were all there are.")
    customers: int = strawberry.field(description="How many of them hold the field.")
    kinds: list[CompanyFieldKindCount] = strawberry.field(
        description="The kinds of value found, the most frequent first."
    )


async def _usage(
    root: strawberry.Parent[Any],
    info: Info,
    sample: Annotated[
        int,
        strawberry.argument(description=f"Look at no more than this many customers, 1 to {MOST}."),
    ] = SAMPLE,
) -> CompanyFieldUsage | None:
    if not 1 <= sample <= MOST:
        raise InvalidArgument("sample", f"expected 1 to {MOST}")
    found = await info.context.services.registry.usage.sample(sample)
    kinds = found.kinds.get(root.name) or Kinds()
    return CompanyFieldUsage(
        sampled_customers=found.customers,
        is_exact=found.is_exact,
        customers=kinds.total(),
        kinds=_counts(kinds),
    )


@strawberry.type(description="One company field.")
class CompanyField(Node):
    name: str = strawberry.field(description="Full name, such as `ACME__loyalty_level`.")
    is_declared: bool = strawberry.field(description="Whether anything is declared of it.")
    description: str | None = strawberry.field(description="What it means. Null when nobody said.")
    type: Any = strawberry.field(
        description="The declared type; `ANY` when none is.", graphql_type=CompanyFieldType
    )
    type_state: Any = strawberry.field(
        description="Whether stored values are of that type yet.",
        graphql_type=CompanyFieldTypeState,
    )
    is_personal: bool = strawberry.field(
        description="Whether forgetting a customer erases it. True unless declared otherwise."
    )
    index_state: Any = strawberry.field(
        description="Whether it has an index, which makes filters, order and facets on it fast.",
        graphql_type=IndexState,
    )
    usage: CompanyFieldUsage | None = strawberry.field(
        resolver=_usage,
        description="How it is used. Null, with an error `QUERY_TOO_SLOW`, when looking took too "
        "long.",
    )


def company_field(context: Context, declaration: Declaration) -> CompanyField:
    return CompanyField(
        id=strawberry.ID(company_field_id(context, declaration.name)),
        name=declaration.name,
        is_declared=declaration.is_declared,
        description=declaration.description,
        type=CompanyFieldType(declaration.type.value),
        type_state=CompanyFieldTypeState(declaration.type_state.value),
        is_personal=declaration.is_personal,
        index_state=IndexState(declaration.index_state.value),
    )


async def load_company_field(info: Info, name: str) -> CompanyField | None:
    """None for one that is neither declared nor in use."""
    found = await info.context.services.registry.field(name)
    return company_field(info.context, found) if found else None


_ALL = CompanyFieldSet("ALL")
_DECLARED = {"ALL": (True, False), "DECLARED": (True,), "UNDECLARED": (False,)}


@plain()
def _fields(
    root: strawberry.Parent[Any],
    only: Annotated[CompanyFieldSet, strawberry.argument(description="Which of them.")] = _ALL,
    search: Annotated[
        str | None,
        strawberry.argument(description="Only fields whose name contains this text, case aside."),
    ] = strawberry.UNSET,
    first: Annotated[
        int, strawberry.argument(description="At most this many, the first by name.")
    ] = 500,
) -> Any:
    if first < 1:
        raise InvalidArgument("first", "expected at least 1")
    part = (search or "").lower()
    wanted = _DECLARED[only.value]
    found = [one for one in root.all_fields if one.is_declared in wanted]
    return [one for one in found if part in one.name.lower()][:first]


@strawberry.type(description="Which company fields there are.")
class CompanyFieldRegistry:
    fields: list[CompanyField] = strawberry.field(
        resolver=_fields, description="The fields that are declared or in use, by name."
    )
    sampled_customers: int = strawberry.field(
        description="How many customers were looked at to find fields that are in use and not "
        "declared, beside those that were noted as they were uploaded. The count is exact when it "
        "equals the number of customers; 0 when looking took too long."
    )
    indexes_used: int = strawberry.field(description="Indexes that company fields have.")
    indexes_allowed: int = strawberry.field(description="Indexes that they may have.")
    all_fields: strawberry.Private[list[CompanyField]]


async def load_registry(info: Info) -> CompanyFieldRegistry:
    listed = await info.context.services.registry.listed()
    return CompanyFieldRegistry(
        sampled_customers=listed.sampled,
        indexes_used=sum(one.is_indexed for one in listed.fields),
        indexes_allowed=INDEXES,
        all_fields=[company_field(info.context, one) for one in listed.fields],
    )


@strawberry.input(
    description="What to declare of a company field. What is left out stays as it is."
)
class CompanyFieldDeclaration:
    type: CompanyFieldType | None = strawberry.field(
        default=strawberry.UNSET, description="Its type; `ANY` takes the type back."
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="What it means; empty text removes it."
    )
    is_indexed: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether it should have an index. Built in the background.",
    )
    is_personal: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="False: the field survives when a customer is forgotten. Only a field that is "
        "declared `BOOLEAN` may be marked so.",
    )

    def wanted(self) -> Wanted:
        type_: Any = self.type or None
        return Wanted(
            type=type_ and CompanyType(type_.value),
            description=_given(self.description),
            is_indexed=_given(self.is_indexed),
            is_personal=_given(self.is_personal),
        )


def _given(value: Any) -> Any:
    return None if value is strawberry.UNSET else value


@plain()
def _breaking_ids(
    root: strawberry.Parent[Any],
    first: Annotated[
        int, strawberry.argument(description=f"At most this many, 1 to {MOST_IDS}.")
    ] = 10,
) -> list[strawberry.ID]:
    if not 1 <= first <= MOST_IDS:
        raise InvalidArgument("first", f"expected 1 to {MOST_IDS}")
    ids: list[strawberry.ID] = root.all_ids[:first]
    return ids


@strawberry.type(description="How stored values fit a type.")
class CompanyFieldTypeReport:
    fitting: int = strawberry.field(description="Customers whose value is of the type.")
    convertible: int = strawberry.field(description="Customers whose value is not, but converts.")
    breaking: int = strawberry.field(description="Customers whose value neither is nor converts.")
    breaking_customer_ids: list[strawberry.ID] = strawberry.field(
        resolver=_breaking_ids, description="Some of these customers."
    )
    breaking_kinds: list[CompanyFieldKindCount] = strawberry.field(
        description="The kinds of their values, the most frequent first."
    )
    all_ids: strawberry.Private[Iterable[str]]

    @classmethod
    def of(cls, report: Report) -> "CompanyFieldTypeReport":
        return cls(
            fitting=report.fitting,
            convertible=report.convertible,
            breaking=report.breaking,
            breaking_kinds=_counts(report.kinds),
            all_ids=report.ids,
        )


@strawberry.type(description="What became of a declaration.")
class DeclareCompanyFieldPayload:
    company_field: CompanyField | None = strawberry.field(
        description="The field as it is now. Null when it was refused and is not known."
    )
    report: CompanyFieldTypeReport | None = strawberry.field(
        description="How stored values fit the type asked for. Null when no type was asked for."
    )
    errors: list[UserError] = strawberry.field(
        description="Why it was refused. Empty when it was not."
    )

    @classmethod
    def of(cls, context: Context, declared: Declared) -> "DeclareCompanyFieldPayload":
        field, report = declared.field, declared.report
        return cls(
            company_field=company_field(context, field) if field else None,
            report=CompanyFieldTypeReport.of(report) if report else None,
            errors=[UserError.of(fault, as_stored) for fault in declared.faults],
        )
