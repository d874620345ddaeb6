"""Plain fields: those that their source holds already, so that no resolver needs to run for each.

A resolver marked `plain` takes its source and the field's arguments, and neither waits nor looks at
anything else. Stock execution calls it as it calls any resolver; compiled selections call it
straight. Fields without a resolver are attributes of their source, and plain too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from graphql import GraphQLField
from strawberry.types.field import StrawberryField

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


class Reads(NamedTuple):
    """What is read of a customer's document: these keys and, if so, every company field."""

    keys: frozenset[str] = frozenset()
    every_company_field: bool = False

    def __or__(self, other: "Reads") -> "Reads":
        return Reads(self.keys | other.keys, self.every_company_field or other.every_company_field)


def reading(*keys: str) -> Callable[..., Reads]:
    reads = Reads(frozenset(keys))
    return lambda **_: reads


NOTHING = reading()


@dataclass(frozen=True, slots=True)
class Plain:
    """`read` takes the source, and the arguments by name; `reads` takes the arguments alone.

    `key`: that of the document, where the field is what stands there, and `absent` where nothing
    does.
    """

    read: Callable[..., Any]
    reads: Callable[..., Reads] = NOTHING
    key: str | None = None
    absent: Any = None


_PLAIN: dict[Callable[..., Any], Plain] = {}
_BEGUN: set[Callable[..., Any]] = set()
_READS: dict[Callable[..., Any], Reads] = {}


def plain(reads: Callable[..., Reads] = NOTHING) -> Callable[[Resolver], Resolver]:
    """Marks a resolver that holds to the rules above."""

    def mark(resolver: Resolver) -> Resolver:
        _PLAIN[resolver] = Plain(resolver, reads)
        return resolver

    return mark


def stored(key: str, absent: Any = None) -> Callable[[Resolver], Resolver]:
    """Marks a resolver that gives what a document holds under the key, `absent` for nothing."""

    def mark(resolver: Resolver) -> Resolver:
        _PLAIN[resolver] = Plain(resolver, reading(key), key, absent)
        return resolver

    return mark


def reads(keys: Iterable[str]) -> Callable[[Resolver], Resolver]:
    """Marks a resolver that reads these keys of its source and then loads what it needs itself."""

    def mark(resolver: Resolver) -> Resolver:
        _READS[resolver] = Reads(frozenset(keys))
        return resolver

    return mark


def begun(resolver: Resolver) -> Resolver:
    """Marks a resolver of what was begun when its source was read: `source.begun` holds the task
    under the field's name in the response, unless an argument was at fault."""
    _BEGUN.add(resolver)
    return resolver


def is_begun(field: GraphQLField) -> bool:
    resolver = field.extensions["strawberry-definition"].base_resolver
    return resolver is not None and resolver.wrapped_func in _BEGUN


def plain_of(field: GraphQLField) -> Plain | None:
    """None for fields that are not plain, and for those of introspection, which are graphql-core's
    own."""
    definition: StrawberryField | None = field.extensions.get("strawberry-definition")
    if definition is None:
        return None
    resolver = definition.base_resolver
    if resolver is None:
        return Plain(attrgetter(definition.python_name))
    function: Any = resolver.wrapped_func
    return _PLAIN.get(function)


def loader_reads(field: GraphQLField) -> Reads | None:
    """What a field that loads its own documents reads of its source; None for other fields."""
    resolver = field.extensions["strawberry-definition"].base_resolver
    return _READS.get(resolver.wrapped_func) if resolver else None
