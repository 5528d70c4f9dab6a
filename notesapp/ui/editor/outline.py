"""Tells what a note has, a moment after the last key: headings, words, reading time. Counts changed lines only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.blocks import FRONT_MATTER, Kind, Line
from notesapp.ui.editor.inline import Mark
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.sheet import Sheet

IDLE_MS = 150
WORDS_PER_MINUTE = 220  # silent reading of prose: Brysbaert 2019 finds 238, less for notes with code
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}][^\W{_CJK}'’-]*(?:['’-][^\W{_CJK}]+)*")


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading: its level 1–6, its text without markers, and where its line begins (code points)."""

    level: int
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Gist:
    """What a note has. `chosen` are the words of the selection, 0 without one."""

    headings: tuple[OutlineEntry, ...]
    words: int
    chosen: int = 0

    @property
    def minutes(self) -> int:
        """The time that reading takes, at least one minute."""
        return max(1, round(self.words / WORDS_PER_MINUTE))


def count_words(text: str) -> int:
    """Words; each character of Chinese and Japanese is one, as they write no spaces."""
    return sum(1 for _ in _WORD.finditer(text))


def bare(text: str, line: Line, sheet: Sheet) -> str:
    """A line's text without its own marker and without the markers of its constructs."""
    cuts = [(0, line.prefix)]
    for span in line.spans:
        if span.mark is not Mark.TAG:
            cuts.append((span.start, span.start + span.opening))
            cuts.append((span.end - span.closing, span.end))
    kept, at = [], 0
    for low, high in sorted(cuts):
        if low > at:
            kept.append(sheet.cut(text, line, at, low))
        at = max(at, high)
    kept.append(sheet.cut(text, line, at, line.length))
    return "".join(kept).strip().rstrip("#").strip()


class Outline(QObject):
    """Follows the note on the screen of one editor; `changed` carries a Gist."""

    changed = Signal(object)

    def __init__(self, edit: NoteEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._binding: EditorBinding | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.look)
        self.gist = Gist((), 0)
        edit.shown.connect(self._follow)
        edit.selectionChanged.connect(self._idle.start)
        self._follow()

    def _follow(self) -> None:
        if self._binding is not None:
            self._binding.spliced.disconnect(self._spliced)
        self._binding = self._edit.binding
        if self._binding is not None:
            self._binding.spliced.connect(self._spliced)
        self.look()

    def _spliced(self, _splice: object, _mine: bool) -> None:
        self._idle.start()

    def look(self) -> Gist:
        """Looks now; `changed` fires if something is different."""
        binding = self._binding
        gist = Gist((), 0) if binding is None else self._gist(binding)
        if gist != self.gist:
            self.gist = gist
            self.changed.emit(gist)
        return gist

    def _gist(self, binding: EditorBinding) -> Gist:
        sheet = binding.sheet
        headings, words = [], 0
        for number, row in enumerate(sheet.rows):
            is_heading = row.line.kind is Kind.HEADING
            if row.words >= 0 and not is_heading:
                words += row.words
                continue
            block = sheet.document.findBlockByNumber(number)
            text = block.text()
            row.words = 0 if row.line.kind in FRONT_MATTER else count_words(text)
            words += row.words
            if is_heading:
                entry = OutlineEntry(row.line.level, bare(text, row.line, sheet), binding.to_at(block.position()))
                headings.append(entry)
        cursor = self._edit.textCursor()
        chosen = count_words(cursor.selectedText()) if cursor.hasSelection() else 0
        return Gist(tuple(headings), words, chosen)

    def current(self) -> int:
        """The number of the heading that the caret is under, or -1."""
        if self._binding is None:
            return -1
        at = self._binding.to_at(self._edit.textCursor().position())
        found = -1
        for number, entry in enumerate(self.gist.headings):
            if entry.at <= at:
                found = number
        return found
