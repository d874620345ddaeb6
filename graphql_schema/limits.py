"""How large a document may be. Checked before it is validated, which costs far more than to count.

What an operation with its variables may ask of the store: `costs`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLSyntaxError, parse

from graphql_schema.measures import Measures, count
from service.errors import QueryTooComplex
from service.settings import Settings

INTROSPECTION_DEPTH = 20
"""Of fields; what GraphiQL and others ask about a schema takes 15."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Each is a setting, told there."""

    document_bytes: int
    tokens: int
    depth: int
    aliases: int
    directives: int
    root_fields: int
    fields: int
    cost: int
    page: int
    variables: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        return cls(
            document_bytes=settings.max_document_bytes,
            tokens=settings.max_query_tokens,
            depth=settings.max_query_depth,
            aliases=settings.max_query_aliases,
            directives=settings.max_query_directives,
            root_fields=settings.max_root_fields,
            fields=settings.max_query_fields,
            cost=settings.max_query_cost,
            page=settings.max_page_size,
            variables=settings.max_variable_values,
        )


def parse_within(text: str, limits: Limits) -> DocumentNode:
    """Raises QueryTooComplex, and GraphQLError for what is no document."""
    most = limits.document_bytes
    if len(text) > most or len(text.encode(errors="surrogatepass")) > most:
        raise QueryTooComplex("bytes", most)
    try:
        document = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLSyntaxError as error:
        if error.message.startswith("Syntax Error: Document contains more than"):
            raise QueryTooComplex("tokens", limits.tokens) from None
        raise
    _check(document, limits)
    return document


_MEASURES: tuple[tuple[str, Callable[[Measures], int], Callable[[Limits], int]], ...] = (
    ("root fields", lambda found: found.root_fields, lambda limits: limits.root_fields),
    ("depth", lambda found: found.depth, lambda limits: limits.depth),
    (
        "depth of introspection",
        lambda found: found.introspection_depth,
        lambda limits: max(limits.depth, INTROSPECTION_DEPTH),
    ),
    ("aliases", lambda found: found.aliases, lambda limits: limits.aliases),
    ("directives", lambda found: found.directives, lambda limits: limits.directives),
    ("fields and fragments", lambda found: found.fields, lambda limits: limits.fields),
)


def _check(document: DocumentNode, limits: Limits) -> None:
    try:
        counted = count(document)
    except RecursionError:
        raise QueryTooComplex("depth", limits.depth) from None
    for measure, measured, limit in _MEASURES:
        most = limit(limits)
        if any(measured(operation) > most for operation in counted.operations):
            raise QueryTooComplex(measure, most)
    if counted.fields > limits.fields:
        raise QueryTooComplex("fields and fragments", limits.fields)
