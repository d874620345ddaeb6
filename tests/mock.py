"""mongomock-motor, and what it lacks of the driver's calls.

Updates and finds of it are those of MongoDB; uniqueness over arrays, validators, deadlines and
concurrency are not, so nothing that rests on those is tested on it.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from bson.codec_options import CodecOptions
from mongomock.collection import BulkOperationBuilder, Collection
from mongomock_motor import AsyncMongoMockClient


class MockClient(AsyncMongoMockClient):  # type: ignore[type-arg]  # passes for Motor's
    """Takes codec options that name a time zone: it knows no zone but UTC."""

    def get_database(  # type: ignore[override]
        self, name: str, codec_options: Any = None, **options: Any
    ) -> Any:
        return super().get_database(name, codec_options=CodecOptions(tz_aware=True), **options)


def mock_client() -> Any:
    """A client of a store in memory, empty at first."""
    return MockClient(tz_aware=True)


def _without_sort(method: Callable[..., None]) -> Callable[..., None]:
    """PyMongo names `sort` with every operation of a bulk; the mock's bulk does not know it."""

    @wraps(method)
    def added(
        self: BulkOperationBuilder, *args: Any, sort: Mapping[str, int] | None = None, **kwargs: Any
    ) -> None:
        assert sort is None, "no update of ours sorts"
        method(self, *args, **kwargs)

    return added


_added = _without_sort(BulkOperationBuilder.add_update)
BulkOperationBuilder.add_update = _added  # type: ignore[method-assign]


def _without_hint(method: Callable[..., Any]) -> Callable[..., Any]:
    """It has no use for an index, and refuses to be told of one."""

    @wraps(method)
    def find(self: Collection, *args: Any, hint: str | None = None, **kwargs: Any) -> Any:
        assert hint is None or isinstance(hint, str), "indexes are told by name"
        return method(self, *args, **kwargs)

    return find


Collection.find = _without_hint(Collection.find)  # type: ignore[method-assign]
