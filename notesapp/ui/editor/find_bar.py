"""The bar that finds and replaces in a note: as one types, plainly or by regular expression."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget
from shiboken6 import isValid

from notesapp.ui.announce import announce
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.finding import Query, Search, replacement, search, unknown_group
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.screen import Found
from notesapp.ui.parts import IconButton, button, retone, words

MOST_MARKED = 1_000  # more coloured places than that slow down painting and help nobody


class FindBar(QWidget):
    """Find and replace for one editor; hidden until `open_find` or `open_replace`."""

    def __init__(self, edit: NoteEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._found = Search()
        self._current = -1
        self._binding: EditorBinding | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(60)
        self._again.timeout.connect(self._look)
        self._goes = False  # what is typed in the bar is gone to; what changes in the note only is marked anew
        self.setObjectName("find_bar")
        self._build()
        edit.shown.connect(self._follow)
        self._follow()
        self.hide()

    def _build(self) -> None:
        theme = self._edit.theme
        self.what = QLineEdit()
        self.what.setPlaceholderText(self.tr("Find in this note"))
        self.what.setAccessibleName(self.tr("Find"))
        self.what.setClearButtonEnabled(True)
        self.by = QLineEdit()
        self.by.setPlaceholderText(self.tr("Replace with"))
        self.by.setAccessibleName(self.tr("Replace with"))
        self.case = self._switch("case-sensitive", self.tr("Match case"))
        self.word = self._switch("whole-word", self.tr("Whole words"))
        self.regex = self._switch("regex", self.tr("Regular expression"))
        self.count = words("", 12, tone="3")
        self.count.setMinimumWidth(86)
        back = IconButton(theme, "arrow-up", self.tr("Previous match (Shift+Enter)"))
        forward = IconButton(theme, "arrow-down", self.tr("Next match (Enter)"))
        close = IconButton(theme, "x", self.tr("Close (Esc)"))
        back.clicked.connect(lambda: self.step(-1))
        forward.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.close_bar)
        self.one = button(self.tr("Replace"), "", self.replace_one)
        self.all = button(self.tr("Replace all"), "", self.replace_all)
        top = QHBoxLayout()
        for widget in (self.case, self.word, self.regex, self.count, back, forward, close):
            top.addWidget(widget)
        bottom = QHBoxLayout()
        bottom.addWidget(self.one)
        bottom.addWidget(self.all)
        bottom.addStretch()
        for row in (top, bottom):
            row.setSpacing(4)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 8, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.what, 0, 0)
        grid.addLayout(top, 0, 1)
        grid.addWidget(self.by, 1, 0)
        grid.addLayout(bottom, 1, 1)
        grid.setColumnStretch(0, 1)
        self._in_order(self.what, self.by, self.case, self.word, self.regex, back, forward, self.one, self.all, close)
        for field in (self.what, self.by):
            field.installEventFilter(self)
        self.what.textChanged.connect(self._typed)

    def _in_order(self, *stops: QWidget) -> None:
        for one, other in pairwise(stops):
            self.setTabOrder(one, other)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # wherever in the bar the focus is
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _switch(self, icon: str, name: str) -> IconButton:
        made = IconButton(self._edit.theme, icon, name)
        made.setCheckable(True)
        made.toggled.connect(self._search)
        return made

    # -- opening and closing

    def open_find(self) -> None:
        """Shows the bar with the selection as what to find."""
        self._open(replacing=False)

    def open_replace(self) -> None:
        """Shows the bar with its second line."""
        self._open(replacing=True)

    def _open(self, *, replacing: bool) -> None:
        chosen = self._edit.textCursor().selectedText()
        if chosen and "\u2029" not in chosen and len(chosen) < 200:
            self.what.setText(chosen)
        for widget in (self.by, self.one, self.all):
            widget.setVisible(replacing)
        self.show()
        self.what.setFocus()
        self.what.selectAll()
        self._search()
        self._go()

    def close_bar(self) -> None:
        """Hides the bar; the caret stays on the match."""
        if self._again.isActive():
            self._again.stop()
            self._look()
        self.hide()
        self._edit.set_found(Found())
        self._edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_bar()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if watched is self.by:
                    self.replace_one()
                else:
                    self.step(-1 if shift else 1)
            case _:
                return False
        return True

    # -- searching

    def _follow(self) -> None:
        if self._binding is not None:
            self._binding.spliced.disconnect(self._spliced)
        self._binding = self._edit.binding
        if self._binding is not None:
            self._binding.spliced.connect(self._spliced)
        if not self.isHidden():
            self._search()

    def _spliced(self, _splice: object, _mine: bool) -> None:
        if self.isVisible():
            self._again.start()

    def _typed(self) -> None:
        self._goes = True
        self._again.start()

    def _look(self) -> None:
        if not isValid(self._edit):  # the window went while the timer ran
            return
        self._search()
        goes, self._goes = self._goes, False
        if goes and self.isVisible():
            self._go()

    @property
    def query(self) -> Query:
        """What the bar asks for."""
        return Query(self.what.text(), self.regex.isChecked(), self.case.isChecked(), self.word.isChecked())

    def _search(self) -> None:
        if self._edit.binding is None:
            return
        self._found = search(self._edit.binding.text, self.query)
        start = self._edit.textCursor().selectionStart()
        places = self._found.places
        self._current = next((n for n, place in enumerate(places) if place[0] >= start), 0 if places else -1)
        self._show()

    def _show(self) -> None:
        places, trouble = self._found.places, self._found.trouble
        near = max(0, self._current - MOST_MARKED // 2)
        marked = places[near : near + MOST_MARKED]
        self._edit.set_found(Found(marked, self._current - near))
        match trouble:
            case "pattern":
                said = self.tr("Not a pattern: %1").replace("%1", self._found.detail)
            case "slow":
                said = self.tr("This pattern takes too long")
            case _ if not self.what.text():
                said = ""
            case _ if not places:
                said = self.tr("Nothing found")
            case _:
                more = "+" if trouble == "many" else ""
                said = f"{self._current + 1} / {len(places)}{more}"
        self.count.setText(said)
        retone(self.count, "err" if trouble in ("pattern", "slow") or (said and not places) else "3")

    def step(self, by: int) -> None:
        """Goes to the next (1) or the previous (-1) match and selects it."""
        if self._again.isActive():
            self._again.stop()
            self._search()
        places = self._found.places
        if not places:
            self._search()
            places = self._found.places
            if not places:
                announce(self, self.count.text() or self.tr("Nothing found"))
                return
        cursor = self._edit.textCursor()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        if by > 0:
            after = (
                n for n, place in enumerate(places) if place[0] >= here[1] or (place[0] >= here[0] and place != here)
            )
            self._current = next(after, 0)
        else:
            before = (n for n in range(len(places) - 1, -1, -1) if places[n][0] < here[0])
            self._current = next(before, len(places) - 1)
        self._go()
        self._show()
        announce(self, self.count.text())

    def _go(self) -> None:
        """Selects the current match and shows it."""
        if 0 <= self._current < len(self._found.places):
            self._edit.place_caret(*self._found.places[self._current])
            self._edit.ensureCursorVisible()

    # -- replacing

    def replace_one(self) -> None:
        """Replaces the selected match and goes to the next one."""
        if self._edit.binding is None or self._is_locked() or self._names_no_group():
            return
        cursor = self._edit.textCursor()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        if here in self._found.places:
            new = replacement(self._edit.binding.text, here, self.query, self.by.text())
            self._edit.paste_rules.write(new) if new else self._edit.keys.pen.replace(*here, "")
            self._search()
        self.step(1)

    def _is_locked(self) -> bool:
        """Says so if the note can't be written in: it lies in the trash, or an earlier version is shown."""
        locked = self._edit.isReadOnly()
        if locked:
            self._warn(self.tr("This text can’t be changed here"))
        return locked

    def _warn(self, said: str) -> None:
        self.count.setText(said)
        retone(self.count, "err")
        announce(self, said)

    def _names_no_group(self) -> bool:
        """Says so if the replacement names a group that the pattern doesn't have."""
        number = unknown_group(self.query, self.by.text())
        if number:
            self._warn(self.tr("The pattern has no group %1").replace("%1", str(number)))
        return bool(number)

    def replace_all(self) -> None:
        """Replaces every match as one step that can be undone."""
        binding = self._edit.binding
        if binding is None or self._is_locked() or self._names_no_group():
            return
        self._search()
        places = self._found.places
        if not places:
            return
        first, last = places[0][0], places[-1][1]
        pen, at, parts = self._edit.keys.pen, first, []
        for start, end in places:
            parts.append(pen.text(at, start))
            parts.append(replacement(binding.text, (start, end), self.query, self.by.text()))
            at = end
        pen.replace(first, last, "".join(parts))
        count = len(places)
        self._search()
        said = self.tr("%n match(es) replaced", "", count)
        self.count.setText(said)
        announce(self, said)
