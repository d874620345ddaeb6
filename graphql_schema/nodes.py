"""Customers by an identifier, and anything by its id."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from graphql_schema.audit import AuditEvent, events_by_id, keys_by_id
from graphql_schema.company_fields import CompanyField, company_field_of, load_company_field
from graphql_schema.context import Document, Info
from graphql_schema.persons import PersonDocument, canonical_id_of, load_person
from graphql_schema.segments import Segment, is_segment_id, segments_by_id
from graphql_schema.viewer import ApiKey
from service.customers.fields import FIELDS
from service.customers.texts import Unreadable
from service.customers.values import ReadingRules, read
from service.errors import AmbiguousIdentity, Fault, InvalidArgument


async def customer_by(info: Info, identifier: str, value: str) -> Document | None:
    """The one customer that has the identifier, which is a field's name or `id`.

    Raises InvalidArgument for a value that can't be read, AmbiguousIdentity for several holders.
    """
    services = info.context.services
    projection = info.context.projector.projection(info, "Customer", {"_id"})
    if identifier == "id":
        found = await services.customers.by_ids([value], projection)
    else:
        readable = _readable(identifier, value, services.rules)
        found = await services.customers.by_identifier(identifier, readable, projection)
    if len(found) > 1:
        raise AmbiguousIdentity([document["_id"] for document in found])
    return found[0] if found else None


Found = Document | PersonDocument | Segment | CompanyField | AuditEvent | ApiKey


async def nodes_by_id(info: Info, ids: Sequence[str]) -> list[Found | None]:
    """In the order asked, None at the place of each that is not there."""
    limit = info.context.services.settings.max_page_size
    if len(ids) > limit:
        raise InvalidArgument("ids", f"expected at most {limit}")
    persons = {node_id: canonical_id_of(info.context, node_id) for node_id in ids}
    others = [node_id for node_id, person in persons.items() if person is None]
    fields = {one: name for one in others if (name := company_field_of(info.context, one))}
    saved = [one for one in others if is_segment_id(one)]
    audited, keys = await events_by_id(info, others), await keys_by_id(info.context, others)
    customers, merged, segments, named = await asyncio.gather(
        _customers(info, [one for one in others if one not in fields and one not in saved]),
        _persons(info, [person for person in persons.values() if person is not None]),
        segments_by_id(info, saved),
        _company_fields(info, fields.values()),
    )
    documents = {document["_id"]: document for document in (*customers, *merged)}
    shown = (*named, *audited.values(), *keys.values())
    found: dict[str, Any] = {**documents, **segments, **{one.id: one for one in shown}}
    return [found.get(node_id) for node_id in ids]


async def _customers(info: Info, ids: Sequence[str]) -> list[Document]:
    if not ids:
        return []
    projection = info.context.projector.projection(info, "Customer", {"_id"})
    return await info.context.services.customers.by_ids(ids, projection)


async def _persons(info: Info, canonical_ids: Sequence[str]) -> list[PersonDocument]:
    loaded = await asyncio.gather(*(load_person(info, person) for person in canonical_ids))
    return [person for person in loaded if person is not None]


async def _company_fields(info: Info, names: Iterable[str]) -> list[CompanyField]:
    loaded = [await load_company_field(info, name) for name in names]
    return [field for field in loaded if field is not None]


def _readable(identifier: str, value: str, rules: ReadingRules) -> str:
    field = FIELDS[identifier]
    try:
        return str(read(field.kind, value, rules))
    except Unreadable as error:
        message = Fault(error.code, details=error.details).message
        reason = message[0].lower() + message[1:].rstrip(".")
        raise InvalidArgument(f"by.{field.camel_name}", reason) from None
