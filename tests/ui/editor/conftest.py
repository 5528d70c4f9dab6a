"""An editor on an offscreen screen, bound to a text that the test can look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from notesapp.text import Splice, apply
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.pictures import Provider
from notesapp.ui.style.theme import Appearance, Theme


class Desk:
    """One editor with one note. `¦` in a text given to it is where the caret stands, two of them a selection."""

    def __init__(self, text: str, *, theme: Theme, pictures: Provider | None = None, width: int = 900) -> None:
        self.now_ms = 0
        self.splices: list[Splice] = []
        marks = [at for at, char in enumerate(text) if char == "¦"]
        self.model = text.replace("¦", "")
        self.edit = NoteEdit(theme, pictures=pictures)
        self.edit.set_blinking(False)
        self.edit.resize(width, 700)
        self.binding = EditorBinding(self.edit.make_sheet(self.model), self._spliced, clock=lambda: self.now_ms)
        self.edit.show_binding(self.binding)
        self.edit.show()
        self.edit.activateWindow()
        self.edit.setFocus()
        QApplication.processEvents()
        if marks:
            last = marks[-1] - (len(marks) - 1)
            self.edit.place_caret(self.binding.to_qt(marks[0]), self.binding.to_qt(last))

    def _spliced(self, splice: Splice) -> None:
        self.splices.append(splice)
        self.model = apply(self.model, splice)

    def type(self, text: str) -> None:
        """Types characters; \\n is Enter, \\t is Tab, \\b is Backspace."""
        keys = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\b": Qt.Key.Key_Backspace}
        for char in text:
            self.now_ms += 50
            sent = {"\n": "\r", "\b": ""}.get(char, char)
            self._send(keys.get(char, Qt.Key.Key_A), Qt.KeyboardModifier.NoModifier, sent)

    def press(self, keys: str) -> None:
        """Presses a shortcut such as Ctrl+B."""
        combination = QKeySequence(keys)[0]  # type: ignore[index] # the stubs leave out __getitem__
        self._send(combination.key(), combination.keyboardModifiers(), "")

    def _send(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str) -> None:
        QApplication.sendEvent(self.edit, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))

    @property
    def marked(self) -> str:
        """The text with ¦ where the caret stands, or around the selection."""
        assert self.binding.text == self.model == self.binding.sheet.text()
        anchor, caret = (self.binding.to_at(at) for at in self.edit.caret_qt())
        places = sorted({anchor, caret}, reverse=True)
        text = self.model
        for at in places:
            text = text[:at] + "¦" + text[at:]
        return text


MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[MakeDesk]:
    theme = Theme(Appearance.LIGHT)
    theme.dress(qapp)
    made: list[Desk] = []

    def make(text: str, **facts: object) -> Desk:
        one = Desk(text, theme=theme, **facts)  # type: ignore[arg-type] # tests know what they pass
        made.append(one)
        return one

    yield make
    for one in made:
        one.edit.close()
        one.edit.deleteLater()
