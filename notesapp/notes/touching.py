"""Decides when two splices made one after the other are one: typing letter after letter is one piece of text."""

from __future__ import annotations

from notesapp.text import Splice


def compose(first: Splice, then: Splice) -> Splice | None:
    """The one splice that does what `first` and `then` do in this order; None where they don't touch.

    It never claims to remove what only `first` had inserted, so the answer may be a splice that does nothing.
    """
    start, end = first.at, first.at + len(first.inserted)
    at, to = then.at, then.at + len(then.removed)
    if at > end or to < start:
        return None
    removed = first.removed
    if at < start:
        removed = then.removed[: start - at] + removed
    if to > end:
        removed += then.removed[end - to :]
    inserted = first.inserted[: max(0, at - start)] + then.inserted
    if to < end:
        inserted += first.inserted[max(0, to - start) :]
    return Splice(min(at, start), removed, inserted)


def append(splices: list[Splice], then: Splice) -> None:
    """Add `then` to a run of splices that are made in order, as part of the last one where they touch."""
    if splices:
        joined = compose(splices[-1], then)
        if joined is not None:
            splices.pop()
            if not (joined.removed or joined.inserted):
                return
            if splices and (before := compose(splices[-1], joined)) is not None:
                splices.pop()
                joined = before
            if joined.removed or joined.inserted:
                splices.append(joined)
            return
    if then.removed or then.inserted:
        splices.append(then)
