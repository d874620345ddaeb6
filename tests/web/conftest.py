"""The upload route on a store in memory."""

import pytest
from starlette.testclient import TestClient

from tests.uploads.memory import MemoryStore
from tests.web.uploading import client_on


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client(store: MemoryStore) -> TestClient:
    return client_on(store)
