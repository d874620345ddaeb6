"""What a selection reads of documents."""

from functools import reduce
from operator import or_
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList

from graphql_schema.collecting import Collector
from graphql_schema.plain import Reads, loader_reads, plain_of


def reads_under(
    type_: Any, details: FieldDetailsList, wanted: str, schema: GraphQLSchema, collector: Collector
) -> Reads | None:
    """What objects of the wanted type read, under fields of a type; None where none is selected.

    Fields that load their own documents are looked at, not into.
    """
    named = get_named_type(type_)
    objects: list[GraphQLObjectType] = []
    if is_object_type(named):
        objects = [named]
    elif is_abstract_type(named):
        objects = list(schema.get_possible_types(named))
    return _union([_of_object(each, details, wanted, schema, collector) for each in objects])


def _of_object(
    type_: GraphQLObjectType,
    details: FieldDetailsList,
    wanted: str,
    schema: GraphQLSchema,
    collector: Collector,
) -> Reads | None:
    is_wanted = type_.name == wanted
    found: list[Reads | None] = [Reads()] if is_wanted else []
    for _, fields in collector.subfields(type_, details):
        field = type_.fields.get(fields[0].node.name.value)
        if field is None:  # __typename
            continue
        loads = loader_reads(field)
        if is_wanted:
            found.append(loads or _plain_reads(field, fields, collector))
        elif loads is None:
            found.append(reads_under(field.type, fields, wanted, schema, collector))
    return _union(found)


def _plain_reads(field: GraphQLField, details: FieldDetailsList, collector: Collector) -> Reads:
    """Nothing where an argument is at fault: the field will say so."""
    plain = plain_of(field)
    assert plain, "a field of a document is plain, or loads its own"
    try:
        return plain.reads(**collector.arguments(field, details))
    except GraphQLError:
        return Reads()


def _union(found: list[Reads | None]) -> Reads | None:
    present = [reads for reads in found if reads is not None]
    return reduce(or_, present) if present else None
