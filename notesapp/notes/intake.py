"""Takes in foreign changes: each after its deps, each vetted, none able to stop the others."""

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

    `splices` apply one after the other to the text before; `waiting` are the hashes that are missing, `held` those of
    the changes that wait for them or for a newer program; `refused` are (hash or b"", reason).
    """

    applied: tuple[Change, ...] = ()
    splices: tuple[Splice, ...] = ()
    waiting: tuple[bytes, ...] = ()
    refused: tuple[tuple[bytes, str], ...] = ()
    fields_changed: bool = False
    fields: tuple[tuple[str, str], ...] = ()  # which, as (map, key); the map of the document itself is ""
    held: tuple[bytes, ...] = ()
    newer: bool = False


def take(state: State, engine: Engine, raws: Iterable[bytes], feeds: Iterable[bytes] | None = None) -> Received:
    """Vet the changes in topological order and let state and engine have what may be applied."""
    return _Intake(state, engine).take(raws, feeds)


class _Intake:
    def __init__(self, state: State, engine: Engine) -> None:
        self._state = state
        self._engine = engine
        self._applied: list[Change] = []
        self._splices: list[Splice] = []
        self._refused: list[tuple[bytes, str]] = []
        self._bad: set[bytes] = set()
        self._fields: dict[tuple[str, str], None] = {}
        self._newer = False
        self._held: list[Frame] = []

    def take(self, raws: Iterable[bytes], feeds: Iterable[bytes] | None) -> Received:
        frames = self._read(raws, feeds)
        pending = {frame.change.hash: frame for frame in frames}
        waiting_for: dict[bytes, list[Frame]] = {}
        for frame in frames:
            ready = [frame]
            while ready:
                ready.extend(self._judge(ready.pop(), pending, waiting_for))
        held = [frame for frames_ in waiting_for.values() for frame in frames_] + self._held
        missing = [digest for digest in waiting_for if digest not in pending]
        return Received(
            applied=tuple(self._applied),
            splices=tuple(self._splices),
            waiting=tuple(missing),
            refused=tuple(self._refused),
            fields_changed=bool(self._fields),
            fields=tuple(self._fields),
            held=tuple(frame.change.hash for frame in held),
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

    def _judge(self, frame: Frame, pending: dict[bytes, Frame], waiting_for: dict[bytes, list[Frame]]) -> list[Frame]:
        """Take in one change if it may be; returns those that waited for it."""
        change = frame.change
        if any(dep in self._bad for dep in change.deps):
            self._refuse(frame, "it follows a change that was refused")
            return waiting_for.pop(change.hash, [])
        try:
            verdict = vet(self._state, frame)
        except Refused as refusal:
            self._refuse(frame, refusal.reason)
            return waiting_for.pop(change.hash, [])
        match verdict:
            case Known():
                return []
            case Waiting(missing):
                waiting_for.setdefault(missing[0], []).append(frame)
                return []
            case Newer():
                self._newer = True
                self._held.append(frame)
                return []
            case Ready(change, deeds):
                splices, fields = self._state.absorb(change, deeds)
                self._engine.queue(change.raw)
                self._applied.append(change)
                self._splices += splices
                self._fields |= dict.fromkeys(fields)
                return waiting_for.pop(change.hash, [])
