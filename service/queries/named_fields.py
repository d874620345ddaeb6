"""The fields that an input object of a query names, and so tells something of to whoever asks."""

from collections.abc import Iterator, Mapping

from service.customers.fields import CATALOGUE

NOBODYS = frozenset({"segment", "id", "isForgotten", "createdAt", "updatedAt"})
"""Keys that name no field of the catalogue; what a segment names is looked at where it is read."""

_WITHIN = frozenset({"and", "or", "not"})
_COMPANY = frozenset({"companyField", "companyFields"})
_NAMES: dict[str, str] = {field.camel_name: field.name for field in CATALOGUE}


def fields_named(given: object) -> Iterator[str]:
    """Of conditions, sort keys, buckets or an identifier, as JSON in GraphQL's names, and of lists
    of them: names of the catalogue, and full names of company fields. What is not known is named
    too, as it stands: no key may read it."""
    waiting = [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, Mapping):
            for key, value in one.items():
                if key in _WITHIN:
                    waiting.append(value)
                elif key in _COMPANY:
                    yield from _company_names(value)
                elif key not in NOBODYS:
                    yield _NAMES.get(key, str(key))


def _company_names(given: object) -> Iterator[str]:
    for one in given if isinstance(given, list) else [given]:
        yield str(one["name"]) if isinstance(one, Mapping) and "name" in one else "companyField"
