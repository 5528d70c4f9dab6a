"""Keeps one note's document and its text the same: makes splices of what is typed, and types what others wrote.

Qt's `contentsChange` is only a hint about where something changed; the truth is found by comparing the document with
the shadow, the text as it was. Nothing here waits, and nothing here knows a node: splices go to a callable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor

from notesapp.errors import NotesError
from notesapp.notes.undo import UndoStack
from notesapp.text import AstralIndex, Splice, apply, between, clean, cross, inverse, shift
from notesapp.ui.editor.sheet import Sheet

# More splices than this cost more, one by one, than a new document (measured; see docs/decisions).
RELOAD_SPLICES = 150
# Text of that size is faster in a new document than typed into the one on the screen.
RELOAD_CHARS, RELOAD_LINES = 100_000, 2_000


class View(Protocol):
    """What a binding asks of the widget that shows it."""

    def caret_qt(self) -> tuple[int, int]: ...
    def place_caret(self, anchor: int, position: int, *, show: bool = True) -> None: ...
    def hold_scroll(self) -> tuple[int, Callable[[int], None]]: ...
    def composing(self) -> bool: ...


def now_ms() -> int:
    """Milliseconds that only go forward."""
    return time.monotonic_ns() // 1_000_000


class EditorBinding(QObject):
    """One note on the desk. `on_splice` gets each own edit; `apply` takes everybody else's.

    `trouble` carries a sentence when an edit was refused and taken back. `spliced` fires for every change of the text,
    mine or theirs, with the splice and whether it is mine.
    """

    trouble = Signal(str)
    spliced = Signal(object, bool)

    def __init__(
        self,
        sheet: Sheet,
        on_splice: Callable[[Splice], None],
        *,
        undo: UndoStack | None = None,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        super().__init__()
        self.sheet = sheet
        self.stack = undo or UndoStack()
        self.view: View | None = None
        self._on_splice = on_splice
        self._clock = clock
        self._text = sheet.text()
        self._astral = AstralIndex(self._text)
        self._applying = False
        self._undoing = False
        self._hint: tuple[int, int] | None = None
        self._held: list[Splice] = []
        self._caret_before: int | None = None
        sheet.contents_changed.connect(self._hinted)
        sheet.text_changed.connect(self._take)

    @property
    def text(self) -> str:
        """The text as the screen shows it, without what an input method is still composing."""
        return self._text

    def end(self) -> None:
        """The note is put away: nothing of its text stays."""
        self._text, self._held = "", []
        self._astral = AstralIndex("")
        self.sheet.deleteLater()
        self.deleteLater()

    def to_qt(self, at: int) -> int:
        """The UTF-16 position of a code point position."""
        return self._astral.to_qt(min(at, len(self._text)))

    def to_at(self, qt_at: int) -> int:
        """The code point position of a UTF-16 position."""
        return self._astral.to_at(qt_at)

    def in_note(self, at: int) -> int:
        """Where a place of the text on the screen is in the note, which has what is held back already."""
        for splice in self._held:
            at = shift(at, splice)
        return at

    def on_screen(self, at: int) -> int:
        """Where a place of the note is in the text on the screen."""
        for splice in reversed(self._held):
            at = shift(at, inverse(splice))
        return at

    # -- own edits

    def caret_moved(self, qt_at: int) -> None:
        """The view's caret stands there now, before the next edit."""
        if not self._applying:
            self._caret_before = self.to_at(min(qt_at, self.to_qt(len(self._text))))

    def _hinted(self, at: int, _removed: int, added: int) -> None:
        if self._applying:
            return
        growth = self.sheet.document.characterCount() - 1 - self.to_qt(len(self._text))
        if self._hint is None:
            self._hint = (at, at + added - growth)
        else:  # two hints before one look: compare everything
            self._hint = (0, self.to_qt(len(self._text)))

    def _take(self) -> None:
        if self._applying or self._hint is None:
            return
        (low, high), self._hint = self._hint, None
        splice, dirty = self._difference(low, high)
        if splice is not None:
            self._remember(splice)
        if dirty or self.sheet.document.characterCount() - 1 != self.to_qt(len(self._text)):
            self._repair()
        if splice is None:
            return
        try:
            for part in self._over_held(splice):
                self._on_splice(part)
        except NotesError as error:
            self._take_back(splice, error)
            return
        if not self._undoing:
            caret = self._caret_before
            self.stack.record(splice, now_ms=self._clock(), caret=caret)
        self.spliced.emit(splice, True)

    def _difference(self, low: int, high: int) -> tuple[Splice | None, bool]:
        """The splice between shadow and document, looked for between two UTF-16 positions of the shadow."""
        document = self.sheet.document
        old_length = self.to_qt(len(self._text))
        growth = document.characterCount() - 1 - old_length
        low, high = max(0, low), min(high, old_length)
        if high < low or high + growth < low:
            low, high = 0, old_length
        start, end = self.to_at(low), self.to_at(high)
        if self.to_qt(end) < high:  # in the middle of a pair
            end += 1
        low, high = self.to_qt(start), self.to_qt(end)
        cursor = QTextCursor(document)
        cursor.setPosition(low)
        cursor.setPosition(max(low, min(high + growth, document.characterCount() - 1)), QTextCursor.MoveMode.KeepAnchor)
        raw = cursor.selectedText().replace("\u2029", "\n")
        new = clean(raw)
        caret = None
        if self.view is not None:
            caret_qt = self.view.caret_qt()[1] - low
            caret = caret_qt if new.isascii() else _points(new, caret_qt)
        found = between(self._text[start:end], new, caret=caret)
        if found is None:
            return None, new != raw
        return Splice(found.at + start, found.removed, found.inserted), new != raw

    def _remember(self, splice: Splice) -> None:
        self._text = apply(self._text, splice)
        self._astral.apply(splice)

    def _repair(self) -> None:
        """Takes out of the document what no note may hold, a lone half of a pair included, which Python doesn't even
        see. Rare, so the document is built anew."""
        anchor, position = self.view.caret_qt() if self.view is not None else (0, 0)
        held = self.view.hold_scroll() if self.view is not None else None
        self._applying = True
        self.sheet.load(self._text)
        self._applying = False
        if self.view is not None and held is not None:
            self.view.place_caret(anchor, position)
            held[1](held[0])

    def _take_back(self, splice: Splice, error: NotesError) -> None:
        back = inverse(splice)
        low, high = self.to_qt(back.at), self.to_qt(back.removed_end)
        self._applying = True
        self._type(low, high, back.inserted)
        self._applying = False
        self._remember(back)
        self.trouble.emit(str(error))

    def write(self, low: int, high: int, text: str) -> None:
        """Puts large, clean text between two UTF-16 positions as one own edit; the caret stands behind it.

        What is on the screen stays there: laying out all that comes before the caret would take seconds.
        """
        self._take()
        start, end = self.to_at(low), self.to_at(high)
        if self._rebuild(Splice(start, self._text[start:end], text)) and self.view is not None:
            at = self.to_qt(start + len(text))
            self.view.place_caret(at, at, show=False)

    def _rebuild(self, splice: Splice) -> bool:
        """An own edit that is too large to be typed: the sheet gets a new document. False if it was refused."""
        try:
            for part in self._over_held(splice):
                self._on_splice(part)
        except NotesError as error:
            self.trouble.emit(str(error))
            return False
        self._remember(splice)
        held = self.view.hold_scroll() if self.view is not None else None
        self._applying = True
        self.sheet.load(self._text)
        self._applying = False
        if held is not None:
            held[1](min(held[0], self.to_qt(splice.at)))
        if not self._undoing:
            self.stack.record(splice, now_ms=self._clock(), caret=splice.removed_end)
        self.spliced.emit(splice, True)
        return True

    def _type(self, low: int, high: int, text: str) -> None:
        cursor = QTextCursor(self.sheet.document)
        cursor.setPosition(low)
        cursor.setPosition(high, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)

    # -- undo

    def undo(self) -> bool:
        """Takes back the newest own step; False if there is none."""
        return self._replay(self.stack.undo())

    def redo(self) -> bool:
        """Makes the step undone last again; False if there is none."""
        return self._replay(self.stack.redo())

    def _replay(self, splices: Sequence[Splice]) -> bool:
        if not splices:
            return False
        self._undoing = True
        try:
            for splice in splices:
                if is_large(splice.inserted) or is_large(splice.removed):
                    self._rebuild(splice)
                else:
                    self._type(self.to_qt(splice.at), self.to_qt(splice.removed_end), splice.inserted)
        finally:
            self._undoing = False
        if self.view is not None:
            caret = self.stack.caret
            last = splices[-1].inserted_end if caret is None else caret
            at = self.to_qt(max(0, min(last, len(self._text))))
            self.view.place_caret(at, at, show=not is_large(splices[-1].inserted))
        return True

    # -- others' edits

    def apply(self, splices: Iterable[Splice]) -> None:
        """Types what others (or the disk) wrote, made for the text as the note has it; caret and scroll stay put."""
        todo = list(splices)
        if not todo:
            return
        if self.view is not None and self.view.composing():
            self._held += todo
            return
        self._apply_now(todo)

    def release(self) -> None:
        """An input method has finished: applies what was held back."""
        held, self._held = self._held, []
        if held:
            self._apply_now(held)

    def _apply_now(self, splices: list[Splice]) -> None:
        self._take()
        held = self.view.hold_scroll() if self.view is not None else None
        anchor, position = self.view.caret_qt() if self.view is not None else (0, 0)
        anchor, position = self.to_at(anchor), self.to_at(position)
        mark = self.to_at(held[0]) if held is not None else 0
        reload = len(splices) > RELOAD_SPLICES or any(is_large(splice.inserted) for splice in splices)
        self._applying = True
        try:
            for splice in splices:
                low, high = self.to_qt(splice.at), self.to_qt(splice.removed_end)
                self._remember(splice)
                self.stack.foreign(splice)
                anchor, position = _shifted(anchor, splice), _shifted(position, splice)
                mark = _shifted(mark, splice)
                if not reload:
                    self._type(low, high, splice.inserted)
            if reload:
                self.sheet.load(self._text)
        finally:
            self._applying = False
        if self.view is not None and held is not None:
            self.view.place_caret(self.to_qt(anchor), self.to_qt(position))
            held[1](self.to_qt(mark))
        for splice in splices:
            self.spliced.emit(splice, False)

    def _over_held(self, splice: Splice) -> tuple[Splice, ...]:
        """The splice as the note must take it, which has the held splices already; the held ones move over it."""
        mine, held = cross((splice,), tuple(self._held))
        self._held = list(held)
        return mine

    def matches(self) -> bool:
        """Whether shadow and document are the same text (for tests)."""
        return self._text == self.sheet.text()


def _shifted(at: int, splice: Splice) -> int:
    """Where the local caret goes: it stays before what others insert right at it, and moves with what they remove."""
    if at <= splice.at:
        return at
    if at < splice.removed_end:
        return splice.at
    return at + splice.growth


def is_large(text: str) -> bool:
    """Whether text is faster in a new document than typed into the one on the screen."""
    return len(text) > RELOAD_CHARS or text.count("\n") > RELOAD_LINES


def _points(text: str, qt_at: int) -> int:
    """The code points before a UTF-16 position."""
    return AstralIndex(text).to_at(max(0, qt_at))
