#!/usr/bin/env python
"""A page of 100 customers of 20 fields through HTTP, against a bare route and stock Strawberry.

    .venv/bin/python scripts/bench/page.py

On the embedded store, or on MONGODB_URI. CPU is the server process's own; the store is another.
"""

import asyncio
import os
import tempfile
from pathlib import Path

import httpx2
from measuring import Contender, race, server
from page_rivals import DATABASE, FIELDS
from rich.console import Console

from service.customers.fields import camel
from service.settings import Settings
from service.store.embedded import EmbeddedStore
from service.store.opening import open_store
from service.uploads.upload import Limits, Uploads

PAGE, CUSTOMERS, ROUNDS, REQUESTS = 100, 300, 9, 60
QUERY = f"query Page($first: Int!) {{ customers(first: $first) {{ nodes {{ {' '.join(map(camel, FIELDS))} }} }} }}"
KEY = "a key for this benchmark, not a secret"
