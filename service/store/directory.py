"""The embedded store's directory: its one owner, its log, and the key of the digests.

owner.lock   locked while a service, or a server that it left behind, uses the directory
port         where the server listens, for commands given while the service runs
store.log    what the server says; holds no personal data
claims.key   the key of the digests, made once
store/       the server's own files
"""

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from service.errors import StartError

LOG_LIMIT = 10 * 2**20
"""Bytes past which the log is set aside when the server starts."""

_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 bits in base64url."""


@contextmanager
def _told(action: str, path: Path) -> Iterator[None]:
    """An operating-system error as the reason why the service can't start."""
    try:
        yield
    except OSError as error:
        raise StartError(f"Cannot {action} {path}: {error.strerror}.") from error


def make(directory: Path) -> None:
    """Makes the directory, and the server's own inside it, for this user alone."""
    with _told("make the data directory", directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        server_files(directory).mkdir(mode=0o700, exist_ok=True)


def server_files(directory: Path) -> Path:
    return directory / "store"


def take(directory: Path) -> int | None:
    """Becomes the owner: the descriptor of the lock, or None if there is another owner.

    The directory is given back when every process that has the descriptor has closed it.
    """
    import fcntl  # not on Windows, for which there is no embedded store

    path = directory / "owner.lock"
    with _told("lock", path):
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def owner(directory: Path) -> int | None:
    """The process that took the directory last, if it is written there."""
    with suppress(OSError, ValueError):
        return int((directory / "owner.lock").read_text())
    return None


def tell_port(directory: Path, port: int) -> None:
    """Where the server of the directory's owner listens."""
    path = directory / "port"
    with _told("write", path):
        path.touch(0o600)
        path.write_text(str(port))


def owners_port(directory: Path) -> int | None:
    """Where the server listens, while somebody owns the directory; None where nobody does."""
    if not (directory / "owner.lock").exists():
        return None
    lock = take(directory)
    if lock is not None:
        os.close(lock)
        return None
    with suppress(OSError, ValueError):
        return int((directory / "port").read_text())
    return None


def open_log(directory: Path) -> BinaryIO:
    """The log, to be appended to; a long one is set aside, in place of the one before."""
    path = directory / "store.log"
    with _told("open the log", path):
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def last_lines(directory: Path, start: int, count: int = 5) -> str:
    """The last lines of the log after byte `start`."""
    with open(directory / "store.log", "rb") as log:
        log.seek(start)
        return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])


def claims_key(directory: Path) -> str:
    """The key of the identifiers' digests: 43 characters, made at the first start.

    Never replaced: with another key the forgotten could come back. One that cannot be read is a
    StartError.
    """
    make(directory)
    path = directory / "claims.key"
    if not path.exists():
        with _told("make the key", path):
            _make_key(path)
    with _told("read the key", path):
        key = path.read_bytes().decode(errors="replace").strip()
    if not _KEY.fullmatch(key):
        raise StartError(
            f"{path} does not hold a key: expected 43 letters, digits, dashes and underscores. "
            "Restore it from a backup. With another key, people who were forgotten could come back."
        )
    return key


def _make_key(path: Path) -> None:
    """All of the key or nothing, and the first of several that make one wins."""
    descriptor, draft = tempfile.mkstemp(prefix="claims.", dir=path.parent)
    try:
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    """Makes a new name in it survive a power failure."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
