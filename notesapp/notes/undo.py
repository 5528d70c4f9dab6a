"""Decides what undo takes back: my own edits, newest first, however much others wrote in between.

The stack holds inverse splices of own edits (`_Step`) and, between them, runs of others' splices that came later
(`_Run`). Others' splices are only put on top (constant time); they are moved below a step, by transforming both, when
that step is extended or undone. So what a step removes is always my own text, and never theirs.
It applies nothing: it hands out splices. One stack per note; it survives switching notes because it knows no screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from notesapp.notes.touching import append, compose
from notesapp.text import Splice, cross, inverse, shift

PAUSE_MS = 700  # a longer pause begins a new step
STEP_CHARS = 40
LIMIT_STEPS = 1_000  # older ones are forgotten


@dataclass(slots=True)
class _Step:
    """One undoable step: splices to apply in order on the text just after the step."""

    splices: tuple[Splice, ...]
    caret: int | None


@dataclass(slots=True)
class _Run:
    """Others' splices, in order, that came after the step below."""

    splices: list[Splice] = field(default_factory=list)


class UndoStack:
    """Undo and redo of one note for one person. Feed it every own edit (`record`) and every other one (`foreign`)."""

    def __init__(self) -> None:
        self._undo: list[_Step | _Run] = []
        self._redo: list[_Step | _Run] = []
        self._last: Splice | None = None  # the newest own edit, while the next may still join its step
        self._last_ms = 0
        self.caret: int | None = None  # where the caret belongs after the last undo or redo

    @property
    def can_undo(self) -> bool:
        return any(isinstance(item, _Step) for item in self._undo)

    @property
    def can_redo(self) -> bool:
        return any(isinstance(item, _Step) for item in self._redo)

    def record(self, splice: Splice, *, now_ms: int, caret: int | None = None) -> None:
        """An own edit has been made; `caret` is where the caret stood before it (undo brings it back)."""
        if not (splice.removed or splice.inserted):
            return
        self._redo.clear()
        back = inverse(splice)
        if self._joins(splice, now_ms):
            step = self._surface(self._undo)
            if step is not None and len(step.splices) == 1:
                joined = compose(back, step.splices[0])
                if joined is not None and (joined.removed or joined.inserted):
                    step.splices = (joined,)
                    self._undo.append(step)
                    self._remember(splice, now_ms)
                    return
            if step is not None:
                self._undo.append(step)
        self._undo.append(_Step((back,), splice.removed_end if caret is None else caret))
        self._forget_oldest()
        self._remember(splice, now_ms)

    def foreign(self, splice: Splice) -> None:
        """Somebody else's edit (or one from the disk) has been applied to the text."""
        if not (splice.removed or splice.inserted):
            return
        for stack in (self._undo, self._redo):
            if stack:
                if not isinstance(stack[-1], _Run):
                    stack.append(_Run())
                top = stack[-1]
                assert isinstance(top, _Run)
                append(top.splices, splice)
        if self._last is not None:
            at = shift(self._last.inserted_end, splice, stays_before=True)
            self._last = Splice(at - len(self._last.inserted), self._last.removed, self._last.inserted)

    def undo(self) -> tuple[Splice, ...]:
        """The splices, to be applied in order, that take back the newest own step; () if there is none."""
        return self._take(self._undo, self._redo)

    def redo(self) -> tuple[Splice, ...]:
        """The splices, to be applied in order, that make the step undone last again; () if there is none."""
        return self._take(self._redo, self._undo)

    def settle(self) -> None:
        """The next edit begins a new step: the caret jumped, or the writer went elsewhere."""
        self._last = None

    def _take(self, source: list[_Step | _Run], target: list[_Step | _Run]) -> tuple[Splice, ...]:
        self._last = None
        while (step := self._surface(source)) is not None:
            if not step.splices:
                continue  # others have removed all that this step would have changed
            again = tuple(inverse(splice) for splice in reversed(step.splices))
            end = step.splices[-1]
            target.append(_Step(again, again[-1].inserted_end))
            self.caret = end.inserted_end if step.caret is None else step.caret
            return step.splices
        return ()

    def _surface(self, stack: list[_Step | _Run]) -> _Step | None:
        """Take the newest step off, rewritten for the text as it is now; what lay on it sinks below it."""
        over: list[Splice] = []
        while stack:
            item = stack.pop()
            if isinstance(item, _Run):
                for splice in over:
                    append(item.splices, splice)
                over = item.splices
                continue
            if over:
                item.caret = _shift_all(item.caret, over)
                item.splices, sunk = cross(item.splices, over)
                self._sink(stack, sunk)
            return item
        return None

    @staticmethod
    def _sink(stack: list[_Step | _Run], sunk: Iterable[Splice]) -> None:
        if not stack:
            return  # nothing below needs to know
        if not isinstance(stack[-1], _Run):
            stack.append(_Run())
        top = stack[-1]
        assert isinstance(top, _Run)
        for splice in sunk:
            append(top.splices, splice)

    def _joins(self, splice: Splice, now_ms: int) -> bool:
        """Whether this edit goes on with the last one: soon after, same place, same kind, same word, not too long."""
        last = self._last
        if last is None or now_ms - self._last_ms > PAUSE_MS or now_ms < self._last_ms:
            return False
        if splice.inserted and splice.removed:
            return False
        if len(splice.inserted) > 1 or len(splice.removed) > 1:
            return False
        if splice.inserted:
            if last.removed and not last.inserted:
                return False
            new_word = not splice.inserted.isspace() and last.inserted[-1:].isspace()
            return (
                splice.at == last.inserted_end
                and "\n" not in splice.inserted
                and not new_word
                and len(last.inserted) < STEP_CHARS
            )
        if last.inserted or len(last.removed) >= STEP_CHARS or "\n" in splice.removed:
            return False
        backspace, delete = splice.removed_end == last.at, splice.at == last.at
        edge = last.removed[:1] if backspace else last.removed[-1:]
        return (backspace or delete) and (splice.removed.isspace() or not edge.isspace())

    def _remember(self, splice: Splice, now_ms: int) -> None:
        joined = compose(self._last, splice) if self._last is not None and self._joins(splice, now_ms) else None
        long = len(splice.inserted) > 1 or (splice.inserted and splice.removed) or "\n" in splice.inserted
        self._last = None if long else (joined or splice)
        self._last_ms = now_ms

    def _forget_oldest(self) -> None:
        if len(self._undo) > 2 * LIMIT_STEPS:  # between two steps lies at most one run
            del self._undo[: len(self._undo) // 10]


def _shift_all(caret: int | None, over: Iterable[Splice]) -> int | None:
    if caret is None:
        return None
    for splice in over:
        caret = shift(caret, splice)
    return caret
