"""Here uploads go to a store in memory, except where a test asks for `customers`."""

import pytest

from service.uploads.upload import Uploads
from tests.uploads.making import uploads_on
from tests.uploads.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def uploads(store: MemoryStore) -> Uploads:
    return uploads_on(store)
