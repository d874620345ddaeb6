"""The schema, and its text as it is checked in beside this file."""

from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
from strawberry.types import get_object_definition

from graphql_schema.audit import AuditEvent
from graphql_schema.company_fields import CompanyField
from graphql_schema.connection import CustomerConnection
from graphql_schema.mutations import Mutation
from graphql_schema.queries import Query
from graphql_schema.scalars import SCALARS, JSONObject
from graphql_schema.segments import Segment
from graphql_schema.types import Customer, Person
from graphql_schema.viewer import ApiKey

SDL_FILE = Path(__file__).with_name("schema.graphql")

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[Customer, Person, CompanyField, AuditEvent, ApiKey],
    config=StrawberryConfig(scalar_map=SCALARS),
)


def _as_coerced(type_: Any, name: str, *arguments: str) -> None:
    """Once the schema is made: the resolver gets the arguments as GraphQL has coerced them, without
    an instance made of every input object."""
    field = get_object_definition(type_, strict=True).get_field(name)
    assert field, name
    for argument in arguments:
        (found,) = (one for one in field.arguments if one.python_name == argument)
        found.type_annotation = StrawberryAnnotation(JSONObject)


_as_coerced(Mutation, "upload_customers", "customers")
_as_coerced(Query, "customers", "where", "order_by")
_as_coerced(Query, "audit_events", "where")
_as_coerced(Person, "customers", "order_by")
_as_coerced(Segment, "members", "where", "order_by")
_as_coerced(Mutation, "save_segment", "where")
_as_coerced(CustomerConnection, "facets", "of")
_as_coerced(CustomerConnection, "groups", "by")


def _for_core() -> GraphQLSchema:
    """The schema as graphql-core executes it. Strawberry checks `@oneOf` by itself and in its own
    words; graphql-core does too, once it is told."""
    core = schema._schema
    for type_ in core.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of
    return core


core_schema: GraphQLSchema = _for_core()


def sdl() -> str:
    """As the schema definition language has it, ending in a newline."""
    return schema.as_str() + "\n"
