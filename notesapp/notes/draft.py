"""Turns a burst of splices into the operations that do it, cut into changes of a size that everybody accepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from notesapp.errors import LocalError
from notesapp.notes.change import MAX_OPS
from notesapp.notes.deeds import Deed, Deleted, Typed
from notesapp.notes.state import State
from notesapp.text import Splice


def draft(state: State, actor: bytes, regions: Sequence[Splice]) -> list[list[Deed]]:
    """The operations of each change for disjoint ascending splices; the numbers run on from all that is known."""
    body = state.containers.get("body")
    if body is None:
        raise LocalError(what="an index has no text")
    graph = state.graph
    own = graph.actor_index.get(actor, len(graph.actors))
    return list(_pieces(_deeds(state, regions, graph.max_op + 1), own))


def _deeds(state: State, regions: Sequence[Splice], op: int) -> Iterator[Typed | Deleted]:
    """From the end of the text, so that positions keep their meaning."""
    body, sequence = state.containers["body"], state.sequence
    for region in reversed(regions):
        if region.inserted:
            yield Typed(body, sequence.anchor(region.at), op, region.inserted)
            op += len(region.inserted)
        for actor, first, count in sequence.runs(region.at, len(region.removed)):
            yield Deleted(body, op, actor, first, 1, count)
            op += count


def _pieces(deeds: Iterable[Typed | Deleted], own: int) -> Iterator[list[Deed]]:
    piece: list[Deed] = []
    room = MAX_OPS
    for deed in deeds:
        rest: Typed | Deleted | None = deed
        while rest is not None:
            first, rest, size = _cut(rest, room, own)
            piece.append(first)
            room -= size
            if not room:
                yield piece
                piece, room = [], MAX_OPS
    if piece:
        yield piece


def _cut(deed: Typed | Deleted, room: int, own: int) -> tuple[Deed, Typed | Deleted | None, int]:
    """The first `room` operations of a deed, what remains of it, and how many the first part has."""
    match deed:
        case Typed(into, after, first, text):
            if len(text) <= room:
                return deed, None, len(text)
            last = first + room - 1
            return (
                Typed(into, after, first, text[:room]),
                Typed(into, (last, own), last + 1, text[room:]),
                room,
            )
        case Deleted(into, op, actor, first, step, count):
            if count <= room:
                return deed, None, count
            return (
                Deleted(into, op, actor, first, step, room),
                Deleted(into, op + room, actor, first + room * step, step, count - room),
                room,
            )
