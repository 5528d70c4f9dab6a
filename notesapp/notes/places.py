"""Where a position in somebody else's version of a text is in ours: exact, whatever both wrote meanwhile.

A position counts the characters that its version shows. Each character's id says whether that version has it; what was
deleted since is known for the last changes. Judges nothing, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.notes.state import State

_Gone = dict[int, list[tuple[int, int]]]


def now_at(state: State, at: int, heads: Iterable[bytes]) -> int | None:
    """The place in the present text of a position in the text at these heads; None if some of them are unknown here.

    It stays behind the character that it stood behind. Costs a walk over the text's runs up to there.
    """
    graph, named = state.graph, set(heads)
    if named == graph.heads:
        return min(at, state.sequence.length)
    if not all(head in graph for head in named):
        return None
    clock = graph.clock(named)
    unseen = set(graph.beyond(named))
    undone, done = _Gone(), _Gone()  # characters struck by changes that the version lacks, and by those that it has
    for digest, runs in state.recent:
        for actor, first, count in runs:
            (undone if digest in unseen else done).setdefault(actor, []).append((first, first + count))
    limits = [graph.seen_to(clock, actor) for actor in range(len(graph.actors))]
    counted = now = 0
    for span in state.sequence.spans():
        if counted >= at:
            break
        seen = min(span.count, max(0, limits[span.actor] - span.start + 1))
        if span.live:
            take = min(seen, at - counted)
            counted += take
            if counted >= at and take:
                return now + take
            now += span.count
        elif seen and span.actor in undone:
            here = span.start, span.start + seen
            shown = _among(undone[span.actor], *here) - _among(done.get(span.actor, []), *here)
            counted += len(shown)
    return now


def _among(runs: Iterable[tuple[int, int]], start: int, end: int) -> set[int]:
    return {number for first, last in runs for number in range(max(first, start), min(last, end))}
