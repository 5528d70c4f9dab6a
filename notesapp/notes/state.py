"""All that a replica knows of its document without the engine: past, text order, keys. Takes in vetted changes only."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence as Row

from notesapp.notes.change import Change
from notesapp.notes.deeds import Deed, Deleted, Dropped, Id, Made, Put, Typed
from notesapp.notes.graph import Graph
from notesapp.notes.registers import Registers
from notesapp.notes.schema import Kind
from notesapp.notes.sequence import Sequence
from notesapp.text import Splice

Run = tuple[int, int, int]
"""Characters of one actor: (actor, first number, how many)."""

_RECENT = 1_024  # changes: whoever is in the note has seen all but a few of them


class State:
    """One document: `containers` maps the names of its containers to their ids once the creating change is in."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.graph = Graph()
        self.sequence = Sequence(self.graph.actors)
        self.registers = Registers(self.graph.actors)
        self.containers: dict[str, Id] = {}
        self.names: dict[Id | None, str] = {None: ""}
        self.recent: deque[tuple[bytes, tuple[Run, ...]]] = deque(maxlen=_RECENT)  # what the last changes deleted

    @property
    def created(self) -> bool:
        """Whether the creating change is known."""
        return len(self.graph) > 0

    def make(self, name: str, ident: Id) -> None:
        """Remember a container."""
        self.containers[name] = ident
        self.names[ident] = name

    def absorb(self, change: Change, deeds: Row[Deed]) -> tuple[list[Splice], list[tuple[str, str]]]:
        """Do what a vetted change does; its splices in order, and which (map, key) it set."""
        actor = self.graph.learn_actor(change.actor)
        splices: list[Splice] = []
        fields: list[tuple[str, str]] = []
        gone: list[Run] = []
        for deed in deeds:
            match deed:
                case Typed():
                    at = self.sequence.insert(deed.after, (deed.first, actor), deed.text)
                    _push(splices, Splice(at, "", deed.text))
                case Deleted():
                    gone += self._delete(deed, splices)
                case Put():
                    name = self.names[deed.into]
                    self.registers.put(name, deed.key, (deed.op, actor), deed.value, deed.over)
                    fields.append((name, deed.key))
                case Dropped():
                    name = self.names[deed.into]
                    self.registers.drop(name, deed.key, (deed.op, actor), deed.over)
                    fields.append((name, deed.key))
                case Made():
                    self.make(deed.key, (deed.op, actor))
        if gone:
            self.recent.append((change.hash, tuple(gone)))
        self.graph.add(change)
        return splices, fields

    def _delete(self, deed: Deleted, splices: list[Splice]) -> list[Run]:
        if deed.count == 1 or deed.step == 1:
            runs = [(deed.first, deed.count)]
        elif deed.step == -1:
            runs = [(deed.first - deed.count + 1, deed.count)]
        else:
            runs = [(deed.first + nth * deed.step, 1) for nth in range(deed.count)]
        for first, count in runs:
            for at, removed in self.sequence.delete(deed.actor, first, count):
                _push(splices, Splice(at, removed, ""))
        return [(deed.actor, first, count) for first, count in runs]


def _push(splices: list[Splice], new: Splice) -> None:
    """Append a splice, joined with the one before where they touch: fewer repaints."""
    if splices:
        old = splices[-1]
        if not new.removed and new.at == old.inserted_end:
            splices[-1] = Splice(old.at, old.removed, old.inserted + new.inserted)
            return
        if not new.inserted and not old.inserted:
            if new.at == old.at:
                splices[-1] = Splice(old.at, old.removed + new.removed, "")
                return
            if new.removed_end == old.at:
                splices[-1] = Splice(new.at, new.removed + old.removed, "")
                return
    splices.append(new)
