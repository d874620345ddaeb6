"""Services that do not keep what they acknowledge: whoever kills them has to notice."""

from tests.running import START

FORGETFUL = f"""
from service.store.embedded import EmbeddedStore

durable = EmbeddedStore._command

def _command(self, port):
    less = [one for one in durable(self, port) if one != "--sync-on-commit"]
    return [*less, "--data-nonlogged", "--oplog-nonlogged"]

EmbeddedStore._command = _command
{START}
"""
"""Its store makes durable what it has at a time, and nothing before it acknowledges it."""

HASTY = f"""
import asyncio
from service.store.customers import Customers

write, writing = Customers.write, set()

async def soon(self, writes):
    await asyncio.sleep(0.3)
    await write(self, writes)

async def hasty(self, writes):
    writing.add(asyncio.create_task(soon(self, writes)))
    return []

Customers.write = hasty
{START}
"""
"""It acknowledges what it is going to write, to a store that keeps all that it is given."""

CONTROLS = {"forgetful": ("store", FORGETFUL), "hasty": ("both", HASTY)}
"""Each with what has to be killed for it to show."""
