"""Customers and persons: two views of what is known of somebody.

A customer's source is its raw document, a plain dict; a person's is a `PersonDocument`.
"""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graphql_schema.context import Info
from graphql_schema.filters import ORDER_BY
from graphql_schema.listing import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    asked_of_person,
    given,
    paging,
    read_listing,
)
from graphql_schema.persons import PersonDocument, load_person
from graphql_schema.plain import plain, reading, reads, stored
from graphql_schema.profile import make_type, profile_fields
from graphql_schema.scalars import DateTime
from service.customers.fields import FIELDS, TEXT_SETS, Field, Kind
from service.customers.records import State

if TYPE_CHECKING:
    from graphql_schema.connection import CustomerConnection


@strawberry.interface(description="Anything with a globally unique id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, globally unique, stable.")


Profile: Any = make_type(
    strawberry.interface,
    "Profile",
    (),
    profile_fields(lambda text, _: text, "All company fields of the record"),
    "What is known of somebody: of one record (`Customer`), or of the person behind several "
    "(`Person`). Write a fragment on it to show both alike.",
)


@stored("_id")
def _id(root: strawberry.Parent[Any]) -> Any:
    return root["_id"]


@plain(reading("state"))
def _is_forgotten(root: strawberry.Parent[Any]) -> bool:
    return bool(root["state"] == State.FORGOTTEN)


@plain(reading("state"))
def _is_deleted(root: strawberry.Parent[Any]) -> bool:
    return bool(root["state"] == State.DELETED)


@stored("created_at")
def _created_at(root: strawberry.Parent[Any]) -> Any:
    return root["created_at"]


@stored("updated_at")
def _updated_at(root: strawberry.Parent[Any]) -> Any:
    return root["updated_at"]


@reads({"canonical_id"})
async def _person(root: strawberry.Parent[Any], info: Info) -> Any:
    canonical_id = root.get("canonical_id")
    return canonical_id and await load_person(info, canonical_id)


@reads({"canonical_id"})
async def _persons_customers(
    root: strawberry.Parent[Any],
    info: Info,
    order_by: ORDER_BY = strawberry.UNSET,
    first: FIRST = strawberry.UNSET,
    after: AFTER = strawberry.UNSET,
    last: LAST = strawberry.UNSET,
    before: BEFORE = strawberry.UNSET,
) -> Any:
    asked = await asked_of_person(info, root["canonical_id"], given(order_by))
    return await read_listing(info, paging(first, after, last, before), asked)


def _id_field(description: str) -> Any:
    return strawberry.field(resolver=_id, description=description, graphql_type=strawberry.ID)


Customer: Any = make_type(
    strawberry.type,
    "Customer",
    (Node, Profile),
    {
        "id": _id_field("Opaque, globally unique, stable. Not your `externalId`."),
        **profile_fields(lambda text, _: text, "All company fields of the record"),
        "is_forgotten": strawberry.field(
            resolver=_is_forgotten, description=FIELDS["is_forgotten"].description
        ),
        "is_deleted": strawberry.field(
            resolver=_is_deleted, description=FIELDS["is_deleted"].description
        ),
        "created_at": strawberry.field(
            resolver=_created_at,
            description="When the record was first uploaded.",
            graphql_type=DateTime,
        ),
        "updated_at": strawberry.field(
            resolver=_updated_at,
            description="When an upload last changed the record.",
            graphql_type=DateTime,
        ),
        "person": strawberry.field(
            resolver=_person,
            description="The person whom this record belongs to, by `canonicalId`. Null when it "
            "has none.",
            graphql_type=Annotated["Person", strawberry.lazy("graphql_schema.types")] | None,
        ),
        "is_type_of": classmethod(lambda _, source, __: type(source) is dict),
    },
    "One customer record. Fields that were never given are null. A forgotten customer keeps "
    "`country`, `language`, `dateJoined` as the first of its month (or less, as the service is "
    "set), `createdAt` so too, `updatedAt` as the day of erasure, and company fields that are "
    "declared not personal; its permissions are `DENIED`, and all else is gone for good.",
)


def _of_several(text: str, field: Field | None) -> str:
    """A field's description where its value comes from several records."""
    if field is None:
        permission, _, _ = text.partition(" ")
        return f"{text} Merged as {permission} is; `UNKNOWN` when no record speaks of it."
    if field.kind is Kind.PERMISSION:
        return (
            f"{field.input_description} True only if at least one record speaks of it and every "
            "record that does gives it."
        )
    if field.name in TEXT_SETS:
        text = text.removesuffix(" Empty when there are none.")
        return f"{text} The values of all records together."
    return f"{text} The newest non-empty value of the records."


@stored("canonical_id")
def _canonical_id(root: strawberry.Parent[Any]) -> Any:
    return root["canonical_id"]


Person: Any = make_type(
    strawberry.type,
    "Person",
    (Node, Profile),
    {
        "id": _id_field("Opaque, globally unique, stable as long as the canonical id is."),
        **profile_fields(
            _of_several,
            "All company fields of the person, the newest value of each,",
            canonical_id=strawberry.field(
                resolver=_canonical_id,
                description="The id that the records share.",
                graphql_type=str,
            ),
        ),
        "customers": strawberry.field(
            resolver=_persons_customers,
            description="The records. Without `orderBy`: the newest first.",
            graphql_type=Annotated[
                "CustomerConnection", strawberry.lazy("graphql_schema.connection")
            ],
        ),
        "is_type_of": classmethod(lambda _, source, __: type(source) is PersonDocument),
    },
    "One natural or legal person: all customer records with the same canonical id, and the view "
    "of them merged field by field. Forgotten and deleted records are not among them.",
)
