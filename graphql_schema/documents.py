"""Documents by their text: read once, away from the event loop, and kept.

Reading one takes milliseconds, and hundreds of them where somebody means harm. So a thread reads,
one document at a time, and everybody else is served meanwhile.
"""

import asyncio
from collections import OrderedDict

from graphql import GraphQLError, parse, validate

from graphql_schema.aside import aside
from graphql_schema.bounded_costs import bounded_costs
from graphql_schema.execution import Document
from graphql_schema.limits import Limits, parse_within
from graphql_schema.schema import core_schema
from service.errors import Overloaded, QueryTooComplex

MOST_DOCUMENTS = 256
MOST_CHARACTERS = 600_000
"""Of all documents that are kept; parsed they take some hundred times as many bytes."""

MOST_NEW = 64
MOST_WAITING = 64
"""Documents that wait to be read; whoever brings another is to come later."""

MOST_ERRORS = 20
"""Of a document; each may cost as much as to print all of it."""


class Documents:
    """Those used last. One is kept for good company only when it is asked for again and sound, so
    that nobody drives the others out with documents that are used once, or are wrong."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._kept = _Recent(MOST_DOCUMENTS, MOST_CHARACTERS)
        self._new = _Recent(MOST_NEW, MOST_CHARACTERS)
        self._reading: dict[str, asyncio.Future[Document]] = {}

    async def get(self, text: str) -> Document:
        """Raises QueryTooComplex for one that is too large, and Overloaded."""
        document = self._kept.get(text)
        if document is None:
            document = await self._seldom(text)
        if document.too_complex:
            raise QueryTooComplex(*document.too_complex)
        return document

    async def _seldom(self, text: str) -> Document:
        document = self._new.get(text)
        if document is None:
            return await self._read(text)
        if document.node and not document.errors:
            self._new.drop(text)
            self._kept.put(text, document)
        return document

    async def _read(self, text: str) -> Document:
        reading = self._reading.get(text)
        if reading is None:
            if len(self._reading) >= MOST_WAITING:
                raise Overloaded
            reading = self._reading[text] = aside(read_document, text, self._limits)
            reading.add_done_callback(lambda done: self._keep(text, done))
        return await asyncio.shield(reading)  # others may wait for it too

    def _keep(self, text: str, done: asyncio.Future[Document]) -> None:
        del self._reading[text]
        if not done.cancelled() and done.exception() is None:
            self._new.put(text, done.result())


class _Recent:
    """Documents by text, so many with so many characters at most; the latest stay."""

    def __init__(self, documents: int, characters: int) -> None:
        self._documents = documents
        self._characters = characters
        self._by_text: OrderedDict[str, Document] = OrderedDict()
        self._held = 0

    def get(self, text: str) -> Document | None:
        found = self._by_text.get(text)
        if found is not None:
            self._by_text.move_to_end(text)
        return found

    def put(self, text: str, document: Document) -> None:
        self._by_text[text] = document
        self._held += len(text)
        while len(self._by_text) > self._documents or self._held > self._characters:
            oldest, _ = self._by_text.popitem(last=False)
            self._held -= len(oldest)

    def drop(self, text: str) -> None:
        del self._by_text[text]
        self._held -= len(text)


def read_document(text: str, limits: Limits, *, trusted: bool = False) -> Document:
    """One that is trusted may be of any size; not so what it asks for."""
    try:
        node = parse(text) if trusted else parse_within(text, limits)
        errors = _once(validate(core_schema, node, max_errors=MOST_ERRORS))
        return Document(node, errors, costs={} if errors else bounded_costs(node, limits))
    except QueryTooComplex as error:
        return Document(None, [], too_complex=(error.measure, error.limit))
    except GraphQLError as error:
        return Document(None, [error])
    except RecursionError:
        return Document(None, [GraphQLError("The document nests too deep.")])


def _once(errors: list[GraphQLError]) -> list[GraphQLError]:
    """What is wrong in many places is told of the first."""
    told: dict[str, GraphQLError] = {}
    for error in errors:
        told.setdefault(error.message, error)
    return list(told.values())
