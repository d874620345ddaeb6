"""Runs one contender: `serving.py module:factory`. Prints the address that it listens on."""

import importlib
import socket
import sys
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parent))

module, _, factory = sys.argv[1].partition(":")
app = getattr(importlib.import_module(module), factory)()
listener = socket.create_server(("127.0.0.1", 0))
server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="on"))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
server.run(sockets=[listener])
