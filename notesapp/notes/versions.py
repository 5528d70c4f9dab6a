"""Answers from the engine: earlier versions of a text, the changes themselves, and whether engine and state agree."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from notesapp.errors import LocalError
from notesapp.notes.change import Change, read_frame
from notesapp.notes.columns import Refused
from notesapp.notes.deeds import Typed
from notesapp.notes.engine import Engine
from notesapp.notes.ops import read
from notesapp.notes.state import State
from notesapp.text import Splice, between

_MANY_LINES = 20_000  # beyond these difflib would take seconds: one splice then says it


def changes_since(state: State, engine: Engine, heads: Sequence[bytes]) -> tuple[Change, ...]:
    """The changes beyond these heads, in topological order; without the engine if they are recent."""
    wanted = state.graph.beyond(heads)
    if not wanted:
        return ()
    compacted = len(state.graph) - len(engine.tail)
    places = {digest: state.graph.index[digest] - compacted for digest in wanted}
    older = {change.hash: change for change in engine.changes([])} if min(places.values()) < 0 else {}
    return tuple(
        read_frame(engine.tail[places[digest]]).change if places[digest] >= 0 else older[digest] for digest in wanted
    )


def typed_text(raw: bytes) -> str:
    """What a change typed, wherever that belongs; "" if it can't be read."""
    try:
        frame = read_frame(raw)
        deeds = list(read(frame, range(1 + len(frame.others))))
    except Refused:
        return ""
    return "".join(deed.text for deed in deeds if isinstance(deed, Typed))


def text_at(state: State, engine: Engine, heads: Sequence[bytes]) -> str:
    """The text at earlier heads."""
    if set(heads) == state.graph.heads:
        return state.sequence.text
    if any(head not in state.graph for head in heads):
        raise LocalError(what="a version is asked for that isn't here")
    return engine.text(heads) if heads else ""


def by_lines(old: str, new: str) -> tuple[Splice, ...]:
    """Splices, to be applied in order, that change whole lines first and then only what differs in them."""
    whole = between(old, new)
    if whole is None:
        return ()
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) + len(after) > _MANY_LINES:
        return (whole,)
    splices: list[Splice] = []
    at = 0
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed, inserted = "".join(before[a:b]), "".join(after[c:d])
        if tag != "equal":
            core = between(removed, inserted)
            if core is not None:
                splices.append(Splice(at + core.at, core.removed, core.inserted))
        at += len(inserted)
    return tuple(splices)


def verify(state: State, engine: Engine) -> None:
    """LocalError unless engine and state agree and the engine's bytes load again."""
    if engine.heads() != sorted(state.graph.heads):
        raise LocalError(what="the engine has other heads than the replica")
    if "body" in state.containers and engine.text() != state.sequence.text:
        raise LocalError(what="the engine has another text than the replica")
    for name in state.names.values():
        ours = dict(state.registers.items(name))
        if name != "body" and engine.fields(name) != ours:
            raise LocalError(what="the engine has other keys than the replica")
    engine.save()
