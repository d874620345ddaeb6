"""Saving and deleting segments."""

from typing import Annotated, Any

import strawberry

from graphql_schema.context import Info, Services
from graphql_schema.filters import CustomerWhere, check_variables
from graphql_schema.listing import given
from graphql_schema.reports import UserError, as_stored
from graphql_schema.saved_where import to_keep
from graphql_schema.segments import Segment, read_segments
from service.audit.events import Action
from service.errors import Conflict, Fault, InvalidArgument, NotFound, ServiceError
from service.segments.saving import Draft
from service.store.segments import SavedSegment


@strawberry.type(description="What became of saving a segment.")
class SaveSegmentPayload:
    segment: Segment | None = strawberry.field(
        description="The segment as it is saved. Null when it was refused."
    )
    errors: list[UserError] = strawberry.field(
        description="Why it was refused, `field` being the path to what is at fault, such as "
        "`where.city.eq`. Empty when it was not."
    )


@strawberry.type(description="What became of deleting a segment.")
class DeleteSegmentPayload:
    deleted_segment_id: strawberry.ID | None = strawberry.field(
        description="The id of the deleted segment, for caches to drop. Null when it was refused."
    )
    errors: list[UserError] = strawberry.field(
        description="Why it was refused. Empty when it was not."
    )


async def _save_segment(
    info: Info,
    name: Annotated[
        str,
        strawberry.argument(
            description="Its name, unique (letter case aside), at most 200 characters."
        ),
    ],
    where: Annotated[
        CustomerWhere,
        strawberry.argument(
            description="Its conditions. Relative dates stay relative: they count from the moment "
            "at which the segment is read. Refused are values of fields that tell who somebody is "
            "(ids, e-mail, phone number, last name, address, VAT number), which forgetting would "
            "have to erase; of these, `exists`, an e-mail's `domain` and a phone number's first "
            "four digits remain."
        ),
    ],
    id: Annotated[  # noqa: A002  # GraphQL's own name
        strawberry.ID | None,
        strawberry.argument(description="The segment to change. Without it a new one is made."),
    ] = strawberry.UNSET,
    description: Annotated[
        str | None,
        strawberry.argument(
            description="What it is for, at most 2,000 characters. Empty text removes it."
        ),
    ] = strawberry.UNSET,
) -> SaveSegmentPayload:
    services = info.context.services
    try:
        check_variables(info)
        draft = Draft(name, to_keep(where, info._raw_info.schema), given(description), given(id))
        saved = await services.judged(lambda: _save(services, draft))
        await services.trail.note(Action.SEGMENT, info.context.origin, about=saved.id)
    except (InvalidArgument, NotFound, Conflict) as error:
        return SaveSegmentPayload(segment=None, errors=[_refusal(error)])
    (segment,) = await read_segments(info, [saved])
    return SaveSegmentPayload(segment=segment, errors=[])


async def _save(services: Services, draft: Draft) -> SavedSegment:
    return await services.segments.save(draft, await services.terms())


async def _delete_segment(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Which one, by its `id`.")],  # noqa: A002  # GraphQL's own name
) -> DeleteSegmentPayload:
    try:
        services = info.context.services
        await services.segments.delete(id)
        await services.trail.note(Action.SEGMENT, info.context.origin, about=id)
    except NotFound as error:
        return DeleteSegmentPayload(deleted_segment_id=None, errors=[_refusal(error)])
    return DeleteSegmentPayload(deleted_segment_id=id, errors=[])


def _refusal(error: ServiceError) -> UserError:
    field = error.argument if isinstance(error, InvalidArgument) else None
    if isinstance(error, NotFound):
        field = "id"
    return UserError.of(Fault(error.code, field=field, details=error.details), as_stored)


save_segment: Any = strawberry.field(
    resolver=_save_segment,
    graphql_type=SaveSegmentPayload,
    description="Save a `where` under a name: a new segment, or with `id` a changed one. Expected "
    "failures stand in the payload: `NAME_TAKEN`, `SEGMENT_CYCLE`, `SEGMENT_INVALID` (of a segment "
    "that it names), `INVALID_ARGUMENT`, `NOT_FOUND`.",
)
delete_segment: Any = strawberry.field(
    resolver=_delete_segment,
    graphql_type=DeleteSegmentPayload,
    description="Delete a segment. The customers in it are not touched. Segments that name it have "
    "a problem from then on.",
)
