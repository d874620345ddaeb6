"""Every entrance of the schema: each field with arguments, and each place in an argument where a
value can stand. Derived from the schema, so that a new argument is one by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

Value = Callable[[str, str], Any]
"""What stands at a place: of a scalar's name, and the name of the field or argument."""

_DEEP = 1
"""Levels of objects that are selected under an entrance."""


class Step(NamedTuple):
    name: str
    field: GraphQLField


@dataclass(frozen=True)
class Entrance:
    """A field with arguments, and how it is reached from an operation's root."""

    operation: str
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        return ".".join([self.operation, *(step.name for step in self.steps)])

    @property
    def arguments(self) -> dict[str, Any]:
        """The types of its own, by name."""
        return {name: one.type for name, one in self.steps[-1].field.args.items()}

    @property
    def needed(self) -> dict[str, Any]:
        """The types of the arguments that nothing is asked without, by the names of variables."""
        return {
            _variable(place, name): argument.type
            for place, step in enumerate(self.steps)
            for name, argument in step.field.args.items()
            if is_required_argument(argument)
        }

    def variable(self, argument: str) -> str:
        return _variable(len(self.steps) - 1, argument)

    @property
    def document(self) -> str:
        """All arguments are variables; what is not given is as if it was not written."""
        types = {
            _variable(place, name): argument.type
            if is_required_argument(argument)
            else get_nullable_type(argument.type)
            for place, step in enumerate(self.steps)
            for name, argument in step.field.args.items()
        }
        head = ", ".join(f"${name}: {type_}" for name, type_ in types.items())
        body = _selection(self.steps[-1].field.type, _DEEP)
        for place, step in reversed(list(enumerate(self.steps))):
            arguments = ", ".join(f"{name}: ${_variable(place, name)}" for name in step.field.args)
            body = f" {{ {step.name}{f'({arguments})' if arguments else ''}{body} }}"
        return f"{self.operation}({head}){body}"


def _variable(place: int, argument: str) -> str:
    return f"{argument}_{place}"


def entrances(schema: GraphQLSchema) -> Iterator[Entrance]:
    """By the shortest way to each, breadth first."""
    roots = {"query": schema.query_type, "mutation": schema.mutation_type}
    seen: set[tuple[str, str]] = set()
    ways: list[tuple[str, tuple[Step, ...], Any]] = [(one, (), of) for one, of in roots.items()]
    for operation, steps, type_ in ways:
        for name, field in type_.fields.items():
            if (type_.name, name) in seen:
                continue
            seen.add((type_.name, name))
            further = (*steps, Step(name, field))
            if field.args:
                yield Entrance(operation, further)
            inner = get_named_type(field.type)
            if isinstance(inner, GraphQLObjectType):
                ways.append((operation, further, inner))


def _selection(type_: Any, depth: int) -> str:
    """All that needs no arguments; of what lies deepest the first alone, which is enough to have it
    read."""
    type_ = get_named_type(type_)
    if is_leaf_type(type_):
        return ""
    if is_abstract_type(type_):
        return " { __typename }"
    free = {
        name: field
        for name, field in type_.fields.items()
        if not any(map(is_required_argument, field.args.values()))
    }
    leaves = [name for name, field in free.items() if is_leaf_type(get_named_type(field.type))]
    if depth == 0:
        return f" {{ {leaves[0] if leaves else '__typename'} }}"
    parts = [f"{name}{_selection(field.type, depth - 1)}" for name, field in free.items()]
    return f" {{ {' '.join(parts)} }}"


Place = tuple[str, ...]
"""Names of fields, one inside the other, down to a leaf."""


INSIDE: dict[str, Place] = {"CustomerWhere": ("city", "eq")}
"""Of what may stand inside itself: the place that is enough of it there."""


def places(type_: Any, within: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every place inside a value of the type."""
    type_ = get_named_type(type_)
    if not isinstance(type_, GraphQLInputObjectType):
        yield ()
    elif type_.name in within:
        yield INSIDE[type_.name]
    else:
        for name, field in type_.fields.items():
            yield from ((name, *rest) for rest in places(field.type, (*within, type_.name)))


def built(type_: Any, place: Place, value: Value, filling: Value, name: str = "") -> Any:
    """A value of the type with `value` at the place, and `filling` wherever else something must
    stand."""
    type_ = get_nullable_type(type_)
    if is_list_type(type_):
        return [built(type_.of_type, place, value, filling, name)]
    if isinstance(type_, GraphQLInputObjectType):
        place = place or INSIDE.get(type_.name) or next(places(type_))
        first = place[0]
        chosen = {first} | {one for one, of in type_.fields.items() if is_required_input_field(of)}
        return {
            one: built(
                type_.fields[one].type,
                place[1:] if place[:1] == (one,) else (),
                value if place[:1] == (one,) else filling,
                filling,
                one,
            )
            for one in sorted(chosen)
        }
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    return value(type_.name, name)


def drawn(
    type_: Any, draw: Callable[[int], int], value: Value, name: str = "", depth: int = 4
) -> Any:
    """A value of the type, as `draw` chooses: a number less than it is given."""
    type_ = get_nullable_type(type_)
    if is_list_type(type_):
        number = 1 + draw(2)
        return [drawn(type_.of_type, draw, value, name, depth) for _ in range(number)]
    if isinstance(type_, GraphQLInputObjectType):
        names = list(type_.fields)
        needed = {one for one, of in type_.fields.items() if is_required_input_field(of)}
        number = 1 if type_.is_one_of or depth <= 0 else 1 + draw(3)
        chosen = needed | {names[draw(len(names))] for _ in range(number)}
        return {
            one: drawn(type_.fields[one].type, draw, value, one, depth - 1)
            for one in sorted(chosen)
            if depth > 0 or get_named_type(type_.fields[one].type) is not type_
        }
    if isinstance(type_, GraphQLEnumType):
        members = list(type_.values)
        return members[draw(len(members))]
    return value(type_.name, name)
