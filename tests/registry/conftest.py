"""A replica with its registry, on each store."""

import pytest

from service.store.company_fields import CompanyFields
from service.store.customers import Customers
from tests.registry.registering import Registered, registered


@pytest.fixture
def registry(customers: Customers, company_fields: CompanyFields) -> Registered:
    return registered(customers, company_fields)
