"""The service as its users run it: a process of its own, on an embedded store of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

START = "from graphql_schema.cli import main; main()"


class Service:
    """A running service. `log` is where its standard error goes.

    Without arguments it listens on a free port, and its data stand in the directory. It asks for no
    keys unless the environment says so; the first one that it tells is sent with every request.
    """

    program = START
    """What its process runs."""

    def __init__(
        self, directory: Path, arguments: Sequence[str] | None = None, **environment: str
    ) -> None:
        self.directory = directory
        default = ["--port", "0", "--data-dir", str(directory)]
        self._arguments = default if arguments is None else list(arguments)
        self.log = directory.with_suffix(".log")
        self._environment = {"CUSTOMER_GRAPH_REQUIRE_KEYS": "false"} | _environment(environment)
        self.key: str | None = None

    def start(self) -> "Service":
        self.launch()
        return self.wait_until_ready()

    def launch(self) -> None:
        """It is on its way, and serves nobody yet."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.program, "serve", *self._arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment,
            )

    def wait_until_ready(self) -> "Service":
        assert self.process.stdout
        self.ready = self.process.stdout.readline().strip()
        assert self.ready, self.log.read_text()
        self.url = self.ready.rpartition(" ")[2].removesuffix("/graphql")
        if self._environment["CUSTOMER_GRAPH_REQUIRE_KEYS"] == "true" and self.key is None:
            self.key = self.process.stdout.readline().strip().rpartition("#key=")[2] or None
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        self.client = httpx2.Client(base_url=self.url, timeout=60, headers=headers)
        return self

    def stop(self, sign: int = signal.SIGTERM) -> int:
        self.client.close()
        self.process.send_signal(sign)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """Whatever state it is in."""
        self.process.kill()
        self.process.wait()

    def store_pid(self) -> int:
        """The process of its embedded store."""
        return int(subprocess.check_output(["pgrep", "-P", str(self.process.pid)]))

    def store_uri(self) -> str:
        """Where its embedded store listens."""
        process = Path(f"/proc/{self.store_pid()}")
        sockets = {os.readlink(one) for one in (process / "fd").iterdir() if one.is_symlink()}
        lines = (process / "net/tcp").read_text().splitlines()[1:]
        ports = {line.split()[9]: line.split()[1] for line in lines if line.split()[3] == "0A"}
        (port,) = [ports[one] for one in ports if f"socket:[{one}]" in sockets]
        return f"mongodb://127.0.0.1:{int(port.rpartition(':')[2], 16)}/?directConnection=true"

    def graphql(self, query: str, **variables: object) -> Any:
        """The data; a request error fails."""
        answer = self.client.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def upload(self, *rows: object) -> Any:
        """The answer of the HTTP upload."""
        answer = self.client.post("/api/customers/upload/", json={"customers": rows})
        assert answer.status_code == 200, answer.text
        return answer.json()


def run_command(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """What `customer-graph` ends with, and what it says on standard output and error."""
    ended = subprocess.run(
        [sys.executable, "-c", START, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=_environment(environment),
    )
    return ended.returncode, ended.stdout, ended.stderr


def _environment(changed: Mapping[str, str]) -> dict[str, str]:
    """That of the tests without what would set the service up, and with what is given."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CUSTOMER_GRAPH_") and name != "MONGODB_URI"
    } | dict(changed)
