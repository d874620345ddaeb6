"""Trusted documents: those that the service was given beforehand, and how requests name them.

They are read, and held against the schema, at the start: what is wrong with one stops it. How large
one is was decided by whoever wrote it, so the limits of documents leave it alone; what it costs
with the variables of a request is looked at like everybody's.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from graphql_schema.documents import read_document
from graphql_schema.errors import without_values
from graphql_schema.execution import Document
from graphql_schema.limits import Limits
from service.errors import BodyInvalid, QueryNotTrusted, StartError
from service.settings import Settings

_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,255}")
_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)
_SUFFIXES = (".graphql", ".gql")


class TrustedDocuments:
    """By name, and by the SHA-256 of their text. `only`: no others are taken."""

    def __init__(self, texts: Mapping[str, str], limits: Limits, *, only: bool = False) -> None:
        """Raises StartError for one that the schema does not take."""
        self.only = only
        self._named = dict(texts)
        self._by_text: dict[str, Document] = {}
        for name, text in texts.items():
            self._named[_digest(text)] = text
            if text not in self._by_text:
                self._by_text[text] = _sound(name, text, limits)

    def get(self, query: str, name: str | None) -> Document | None:
        """The document that is named; without a name, that of this very text. None where it is
        another, and others are taken too.

        Raises QueryNotTrusted, and BodyInvalid where the text that came with a name is another.
        """
        if name is not None:
            query = self._text_of(name, query) or query
        document = self._by_text.get(query)
        if document is None and self.only:
            raise QueryNotTrusted
        return document

    def _text_of(self, name: str, sent: str) -> str | None:
        digest = _HASH.fullmatch(name)
        text = self._named.get(digest[1].lower() if digest else name)
        if text is None and (self.only or not sent):
            raise QueryNotTrusted
        if text and sent and sent != text:
            raise BodyInvalid("query is another document than the one that is named")
        return text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _sound(name: str, text: str, limits: Limits) -> Document:
    document = read_document(text, limits, trusted=True)
    if document.errors:
        told = " ".join(without_values(error.message) for error in document.errors)
        raise StartError(f"The trusted document {name} is not valid: {told}")
    if not document.costs:
        raise StartError(f"The trusted document {name} holds no operation.")
    return document


def trusted_documents(settings: Settings) -> TrustedDocuments:
    """Those that are set. Raises StartError."""
    path = settings.trusted_documents
    if path is None and settings.trusted_only:
        raise StartError(
            "CUSTOMER_GRAPH_TRUSTED_ONLY takes no documents but trusted ones, and there are none: "
            "set CUSTOMER_GRAPH_TRUSTED_DOCUMENTS to their manifest or directory."
        )
    texts = dict(_read(path)) if path else {}
    return TrustedDocuments(texts, Limits.of(settings), only=settings.trusted_only)


def _read(path: Path) -> Iterator[tuple[str, str]]:
    try:
        if path.is_dir():
            yield from _of_directory(path)
        else:
            yield from _of_manifest(path, orjson.loads(path.read_bytes()))
    except OSError as error:
        raise StartError(
            f"The trusted documents in {path} cannot be read: {error.strerror}."
        ) from None
    except UnicodeDecodeError:
        raise StartError(f"The trusted documents in {path} are not all UTF-8.") from None
    except orjson.JSONDecodeError:
        raise StartError(f"The trusted documents in {path} are not JSON.") from None


def _of_directory(path: Path) -> Iterator[tuple[str, str]]:
    """Each file is one, named by what its name is before the last dot."""
    found = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES)
    for file in found:
        yield file.relative_to(path).with_suffix("").as_posix(), file.read_text("utf-8")


def _of_manifest(path: Path, manifest: Any) -> Iterator[tuple[str, str]]:
    """From names or hashes to texts, as Relay and graphql-codegen write it, or Apollo's list."""
    if isinstance(manifest, dict) and manifest.get("format") == "apollo-persisted-query-manifest":
        operations = manifest.get("operations")
        manifest = (
            {one.get("id"): one.get("body") for one in operations if isinstance(one, dict)}
            if isinstance(operations, list)
            else None
        )
    if not isinstance(manifest, dict):
        raise StartError(
            f"The trusted documents in {path} are not an object from names or hashes to texts."
        )
    for name, text in manifest.items():
        if not (isinstance(name, str) and _NAME.fullmatch(name) and isinstance(text, str)):
            raise StartError(f"The trusted documents in {path} have one without a name or a text.")
        digest = _HASH.fullmatch(name)
        if digest and digest[1].lower() != _digest(text):
            raise StartError(f"The trusted document {name} in {path} has another hash than that.")
        yield digest[1].lower() if digest else name, text
