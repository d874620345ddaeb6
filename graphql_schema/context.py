"""What resolvers are given: the services of the process, and what is known of one request."""

from asyncio import Semaphore
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import strawberry

from graphql_schema.projections import EVERYTHING, Projector
from service.access.callers import Caller
from service.access.rates import UNBOUNDED, Rates
from service.audit.events import NOWHERE, Origin
from service.audit.trail import Trail
from service.customers.values import ReadingRules
from service.errors import UnknownCompanyField
from service.queries.cursors import Sealer
from service.queries.terms import Given, Terms
from service.registry.registry import Registry
from service.segments.saving import SegmentSaving
from service.settings import Settings
from service.store.api_keys import ApiKeys
from service.store.customers import Customers
from service.uploads.reporting import ReportedUploads

Document = dict[str, Any]
Read = TypeVar("Read")


AT_ONCE = 4
"""Reads of one request that pass its gate."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """Made once, when the process starts."""

    settings: Settings
    rules: ReadingRules
    customers: Customers
    uploads: ReportedUploads
    trail: Trail
    keys: ApiKeys
    sealer: Sealer
    digest: Callable[[str, str], str]
    segments: SegmentSaving
    registry: Registry
    rates: Rates = UNBOUNDED
    now: Callable[[], datetime] = _now

    async def terms(
        self, where: Given | None = None, may_read: Callable[[str], None] | None = None
    ) -> Terms:
        """What queries are read by, at this moment, with the segments that the conditions name."""
        known = await self.registry.fields.known()
        terms = Terms(
            rules=self.rules,
            now=self.now(),
            max_depth=self.settings.max_filter_depth,
            declared=known.declared,
            company_names=known.names,
            digest=self.digest,
            may_read=may_read,
        )
        return terms if where is None else await self.segments.reader.terms(terms, where)

    async def judged(self, read: Callable[[], Awaitable[Read]]) -> Read:
        """What a query is read as. A company field that nobody knows of is looked for before it is
        refused."""
        try:
            return await read()
        except UnknownCompanyField:
            await self.registry.look_for_names()
            return await read()


@dataclass(slots=True)
class Context:
    """One request. `projector` says what it selects; without a compiled plan, everything.

    `persons` holds what was begun to be loaded, so that no person is loaded twice. `gate` is passed
    by what each of many objects may ask of the store: the others wait, and no other request does.
    """

    services: Services
    origin: Origin = NOWHERE
    projector: Projector = EVERYTHING
    persons: dict[Any, Awaitable[Any]] = field(default_factory=dict)
    gate: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))

    def terms(self, where: Given | None = None) -> Awaitable[Terms]:
        """As `Services.terms`, with what the caller may read."""
        is_limited = self.caller.readable_fields is not None
        return self.services.terms(where, self.caller.require_field if is_limited else None)

    @property
    def reader(self) -> str | None:
        """What stands for whoever asks in cursors, which serve nobody else: their key's id."""
        return self.origin.key

    @property
    def caller(self) -> Caller:
        return self.origin.caller


Info = strawberry.Info[Context, None]
