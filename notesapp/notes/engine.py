"""Keeps the Automerge document of a replica: loads it late, feeds it vetted changes, compares heads every time.

The engine is the second opinion and the exchange format, never what a person waits for: text, order and keys live in
`state`. A panic of the engine leaks its document (its memory can't be trusted), names the change and goes on without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from automerge.core import ROOT, Document, Message, ScalarValue, SyncState

from notesapp.errors import LocalError
from notesapp.notes.change import Change
from notesapp.notes.columns import write_unsigned
from notesapp.notes.graph import Graph

T = TypeVar("T")

_BATCH = 500  # changes a message: a panic then costs only so many to try again

_leaked: list[Document] = []  # a document that panicked is never freed: its destructor may crash the process


class EngineTrouble(LocalError):
    """The engine could not take in a change ({what}); the note itself is unharmed, please report it."""


def is_panic(error: BaseException) -> bool:
    """Whether an exception is a panic of the engine; such a one is no `Exception` and can be told by name only."""
    return type(error).__name__ == "PanicException"


def sync_message(heads: Sequence[bytes], raws: Iterable[bytes]) -> bytes:
    """An Automerge sync message (version 1) that carries these changes."""
    raws = list(raws)
    parts = [b"\x42", write_unsigned(len(heads)), *heads, b"\x00\x00", write_unsigned(len(raws))]
    for raw in raws:
        parts += (write_unsigned(len(raw)), raw)
    return b"".join(parts)


class Engine:
    """One Automerge document: `base` (its saved bytes) and the raw changes since, the last ones of `graph`."""

    def __init__(self, graph: Graph, base: bytes = b"", tail: Iterable[bytes] = ()) -> None:
        self._graph = graph
        self.base = base
        self.tail = list(tail)
        self.lost: dict[bytes, str] = {}  # changes that the engine could not take in, and why
        self._fed = 0  # how many of `tail` the document has
        self._document: Document | None = None

    @property
    def lag(self) -> int:
        """How many changes the document still has to take in."""
        return len(self.tail) - self._fed

    @property
    def loaded(self) -> bool:
        """Whether the document is in memory."""
        return self._document is not None

    def queue(self, raw: bytes) -> None:
        """Remember the change that the graph has just learnt; the document takes it in later."""
        self.tail.append(raw)

    def document(self, at_most: int | None = None) -> Document:
        """The document with all queued changes (or `at_most` more of them) taken in."""
        if self._document is None:
            self._document = self._open()
        end = len(self.tail) if at_most is None else min(len(self.tail), self._fed + at_most)
        while self._fed < end:
            self._feed(self._fed, min(end, self._fed + _BATCH))
        return self._document

    def save(self) -> bytes:
        """The document's bytes with everything taken in; from now on the base of this engine."""
        document = self.document()
        if self.lost:
            raise EngineTrouble(what=", ".join(sorted(set(self.lost.values()))))
        base = guard(document.save)
        check = guard(lambda: Document.load(base))
        if sorted(check.get_heads()) != sorted(document.get_heads()):
            raise EngineTrouble(what="what it saved can't be loaded again")
        self.base, self.tail, self._fed = base, [], 0
        return base

    def heads(self) -> list[bytes]:
        """The document's heads, sorted, with everything taken in."""
        return sorted(self.document().get_heads())

    def text(self, heads: Sequence[bytes] | None = None) -> str:
        """The body's text, now or at earlier heads."""
        document = self.document()
        found = document.get(ROOT, "body")
        if found is None:
            return ""
        return guard(lambda: document.text(found[1], list(heads)) if heads is not None else document.text(found[1]))

    def fields(self, container: str) -> dict[str, ScalarValue]:
        """The scalar keys of a map of the root, or of the root itself ("")."""
        document = self.document()
        found = document.get(ROOT, container) if container else (None, ROOT)
        if found is None:
            return {}
        values: dict[str, ScalarValue] = {}
        for key in document.keys(found[1]):
            entry = document.get(found[1], key)
            if entry is not None and isinstance(entry[0], tuple):
                value = entry[0][1]
                values[key] = bytes(value) if isinstance(value, list) else value  # bytes come back as a list
        return values

    def changes(self, since: Sequence[bytes]) -> list[Change]:
        """All changes after these heads in topological order."""
        document = self.document()
        return [
            Change(c.hash, c.actor_id, c.seq, tuple(c.deps), c.start_op, c.max_op, c.raw_bytes)
            for c in guard(lambda: document.get_changes(list(since)))
        ]

    def _open(self) -> Document:
        if not self.base:
            return Document()
        return guard(lambda: Document.load(self.base))

    def _feed(self, start: int, end: int) -> None:
        if not self._receive(start, end):
            self._rebuild()
            for nth in range(start, end):
                if not self._receive(nth, nth + 1):
                    self.lost[self._hash(nth)] = "it broke the engine"
                    self._rebuild()
                self._fed = nth + 1
        self._fed = end

    def _hash(self, nth: int) -> bytes:
        return self._graph.hashes[len(self._graph) - len(self.tail) + nth]

    def _receive(self, start: int, end: int) -> bool:
        """Whether the document took in these of the tail; those that follow a lost one are lost, too."""
        document = self._document
        if document is None:
            raise LocalError(what="a document is fed before it is loaded")
        heads = before = set(document.get_heads())
        raws: list[bytes] = []
        for nth in range(start, end):
            digest = self._hash(nth)
            deps = self._graph.deps_of(digest)
            if any(dep in self.lost for dep in deps):
                self.lost[digest] = "it follows one that broke the engine"
            elif digest not in self.lost:
                heads = heads.difference(deps) | {digest}
                raws.append(self.tail[nth])
        if not raws:
            return True
        try:
            self._take(sync_message(sorted(before), raws))
            return set(document.get_heads()) == heads
        except BaseException as error:
            if not is_panic(error) and not isinstance(error, ValueError):
                raise
            return False

    def _take(self, message: bytes) -> None:
        if self._document is None:
            raise LocalError(what="a document is fed before it is loaded")
        self._document.receive_sync_message(SyncState(), Message.decode(message))

    def _rebuild(self) -> None:
        """Start again from the base, without what is lost."""
        if self._document is not None:
            _leaked.append(self._document)
        self._document = self._open()
        done, self._fed = self._fed, 0
        for start in range(0, done, _BATCH):
            if not self._receive(start, min(done, start + _BATCH)):
                raise EngineTrouble(what="it refuses changes that it took in before")
        self._fed = done


def guard(call: Callable[[], T]) -> T:
    """What the call to the engine returns; EngineTrouble if it panics."""
    try:
        return call()
    except BaseException as error:
        if is_panic(error):
            raise EngineTrouble(what=f"it panicked: {error}") from None
        raise
