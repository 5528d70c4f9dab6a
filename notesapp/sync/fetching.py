"""Chunks of attachments that are asked for in one session. Decides how many at once; whom to ask is the node's.

Whatever comes is known by its hash, so nothing else can be slipped in; what is stored already is simply not asked for
again, which is all that resuming takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from notesapp.errors import RemoteError
from notesapp.identity.primitives import HASH_BYTES, digest
from notesapp.sync.attachment import Manifest
from notesapp.sync.events import ChunkArrived, ChunksLacking
from notesapp.sync.messages import CHUNKS_LIMIT, Chunk, ChunksMissing, ChunksWanted
from notesapp.sync.voice import Voice

AT_ONCE = 16  # chunks of 256 KB: half of the window


class Fetching:
    """What one conversation has asked for."""

    def __init__(self, voice: Voice, notebook: bytes, number: int) -> None:
        self._voice = voice
        self._notebook = notebook
        self._number = number
        self._waiting: deque[bytes] = deque()
        self._asked: set[bytes] = set()

    def fetch(self, hashes: Iterable[bytes]) -> None:
        """Asks for chunks, a few at a time."""
        known = {*self._waiting, *self._asked}
        self._waiting.extend(hash_ for hash_ in hashes if hash_ not in known)

    def stop(self, hashes: Iterable[bytes]) -> None:
        """They are not wanted from here any more; what is under way may still come."""
        gone = set(hashes)
        self._waiting = deque(hash_ for hash_ in self._waiting if hash_ not in gone)

    def run(self) -> None:
        """Asks for as many as may be under way."""
        if self._waiting and len(self._asked) <= AT_ONCE // 2 and not self._voice.full:
            room = min(AT_ONCE - len(self._asked), CHUNKS_LIMIT)
            batch = [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]
            self._asked.update(batch)
            self._voice.say(ChunksWanted(self._number, b"".join(batch)))

    def came(self, message: Chunk, size: int) -> None:
        """A chunk; `RemoteError` if it was never asked for."""
        hash_ = digest(message.sealed)
        if hash_ not in self._asked:
            raise RemoteError(reason="a chunk came that nobody asked for")
        self._asked.discard(hash_)
        last = not self._asked and not self._waiting  # the giver counts what is on another disk
        ticket = self._voice.ask(lambda: self._voice.give_back(size, at_once=last))
        self._voice.tell(ChunkArrived(ticket, self._notebook, hash_, message.sealed))

    def lacking(self, message: ChunksMissing) -> None:
        """The peer doesn't have some."""
        gone = tuple(hash_ for hash_ in split(message.hashes) if hash_ in self._asked)
        self._asked.difference_update(gone)
        if gone:
            self._voice.tell(ChunksLacking(self._notebook, gone))


class Download:
    """One attachment that is fetched from whoever has it. Decides nothing about sessions; counts and remembers."""

    def __init__(self, manifest: Manifest, present: Iterable[bytes] = ()) -> None:
        """`present` are the chunks that are stored already."""
        self.manifest = manifest
        here = set(present)
        self._missing = {hash_: number for number, hash_ in enumerate(manifest.hashes) if hash_ not in here}
        self._tried: dict[object, set[bytes]] = {}

    @property
    def done(self) -> tuple[int, int]:
        """(chunks here, chunks in all)."""
        total = len(self.manifest.hashes)
        return total - len(self._missing), total

    @property
    def missing(self) -> tuple[bytes, ...]:
        """What is still to come, in order."""
        return tuple(self._missing)

    def arrived(self, hash_: bytes) -> bool:
        """A chunk is stored; whether it belonged to this attachment and was missing."""
        return self._missing.pop(hash_, None) is not None

    def lacks(self, session: object, hashes: Iterable[bytes]) -> None:
        """A peer doesn't have these: don't ask it again."""
        self._tried.setdefault(session, set()).update(hashes)

    def to_ask(self, session: object) -> tuple[bytes, ...]:
        """What this peer may still have."""
        tried = self._tried.get(session, set())
        return tuple(hash_ for hash_ in self._missing if hash_ not in tried)


def split(hashes: bytes) -> list[bytes]:
    """Hashes that were joined; `RemoteError` if one is cut off."""
    if len(hashes) % HASH_BYTES:
        raise RemoteError(reason="a list of chunks is cut off")
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
