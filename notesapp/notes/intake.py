"""Takes in foreign changes: each after its deps, each vetted, none able to stop the others.

What comes before the changes that it follows is kept, and judged as soon as these are here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notesapp.notes.change import Change, Frame, read_frame
from notesapp.notes.columns import Refused
from notesapp.notes.engine import Engine
from notesapp.notes.state import State
from notesapp.notes.vet import Known, Newer, Ready, Waiting, vet
from notesapp.text import Splice


@dataclass(frozen=True, slots=True)
class Received:
    """What became of foreign changes.

    `splices` apply one after the other to the text before; of the changes just given, `held` are the hashes of those
    that wait for others (`waiting`) or for a newer program; `refused` are (hash or b"", reason).
    """

    applied: tuple[Change, ...] = ()
    splices: tuple[Splice, ...] = ()
    waiting: tuple[bytes, ...] = ()
    refused: tuple[tuple[bytes, str], ...] = ()
    fields_changed: bool = False
    fields: tuple[tuple[str, str], ...] = ()  # which, as (map, key); the map of the document itself is ""
    held: tuple[bytes, ...] = ()
    newer: bool = False


Early = dict[bytes, dict[bytes, Frame]]
"""Changes that came before what they follow: the hash of the first that is missing → their hashes and frames."""


def take(
    state: State, engine: Engine, early: Early, raws: Iterable[bytes], feeds: Iterable[bytes] | None = None
) -> Received:
    """Vet the changes in topological order; state and engine get what may be applied, `early` keeps the rest."""
    return _Intake(state, engine, early).take(raws, feeds)


class _Intake:
    def __init__(self, state: State, engine: Engine, early: Early) -> None:
        self._state = state
        self._engine = engine
        self._early = early
        self._applied: list[Change] = []
        self._splices: list[Splice] = []
        self._refused: list[tuple[bytes, str]] = []
        self._bad: set[bytes] = set()
        self._fields: dict[tuple[str, str], None] = {}
        self._newer = False
        self._held: dict[bytes, None] = {}  # for a newer program
        self._waiting: dict[bytes, bytes] = {}  # what waits → what for

    def take(self, raws: Iterable[bytes], feeds: Iterable[bytes] | None) -> Received:
        frames = self._read(raws, feeds)
        for frame in frames:
            ready = [frame]
            while ready:
                ready.extend(self._judge(ready.pop()))
        held = self._waiting.keys() | self._held
        missing = dict.fromkeys(digest for digest in self._waiting.values() if digest not in held)
        return Received(
            applied=tuple(self._applied),
            splices=tuple(self._splices),
            waiting=tuple(missing),
            refused=tuple(self._refused),
            fields_changed=bool(self._fields),
            fields=tuple(self._fields),
            held=(*self._waiting, *self._held),
            newer=self._newer,
        )

    def _read(self, raws: Iterable[bytes], feeds: Iterable[bytes] | None) -> list[Frame]:
        frames: list[Frame] = []
        authors = iter(feeds) if feeds is not None else None
        for raw in raws:
            feed = next(authors, b"") if authors is not None else None
            try:
                frame = read_frame(raw)
                if feed is not None and frame.change.actor != feed:
                    self._refuse(frame, "it is made in the name of another feed")
                    continue
            except Refused as refusal:
                self._refused.append((b"", refusal.reason))
                continue
            frames.append(frame)
        return frames

    def _refuse(self, frame: Frame, reason: str) -> None:
        self._refused.append((frame.change.hash, reason))
        self._bad.add(frame.change.hash)

    def _judge(self, frame: Frame) -> list[Frame]:
        """Take in one change if it may be; returns those that waited for it."""
        change = frame.change
        self._waiting.pop(change.hash, None)
        if any(dep in self._bad for dep in change.deps):
            self._refuse(frame, "it follows a change that was refused")
            return self._followers(change)
        try:
            verdict = vet(self._state, frame)
        except Refused as refusal:
            self._refuse(frame, refusal.reason)
            return self._followers(change)
        match verdict:
            case Known():
                return []
            case Waiting(missing):
                self._early.setdefault(missing[0], {})[change.hash] = frame
                self._waiting[change.hash] = missing[0]
                return []
            case Newer():
                self._newer = True
                self._held[change.hash] = None
                return []
            case Ready(change, deeds):
                splices, fields = self._state.absorb(change, deeds)
                self._engine.queue(change.raw)
                self._applied.append(change)
                self._splices += splices
                self._fields |= dict.fromkeys(fields)
                return self._followers(change)

    def _followers(self, change: Change) -> list[Frame]:
        return list(self._early.pop(change.hash, {}).values())
