"""The small bar that comes up over a selection: bold, italic, strike, highlight, code, link."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from notesapp.ui.editor.blocks import CODE
from notesapp.ui.editor.keys import COMMANDS
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.parts import IconButton

AFTER_MS = 400
SHOWN = ("bold", "italic", "strike", "highlight", "code", "link")


class SelectionBar(QFrame):
    """Lives in the editor's viewport; goes when the selection goes."""

    def __init__(self, edit: NoteEdit) -> None:
        super().__init__(edit.viewport())
        self._edit = edit
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(AFTER_MS)
        self._later.timeout.connect(self._come)
        self.setObjectName("selection_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Formatting"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(2)
        for command in COMMANDS:
            if command.name in SHOWN:
                title = QCoreApplication.translate("EditCommand", command.title)
                key = f" ({command.keys[0]})" if command.keys else ""
                one = IconButton(edit.theme, command.icon, title + key, side=28)
                one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                one.clicked.connect(lambda _checked=False, name=command.name: edit.keys.run(name))
                row.addWidget(one)
        edit.theme.changed.connect(self._dress)
        edit.selectionChanged.connect(self._changed)
        edit.verticalScrollBar().valueChanged.connect(self.hide)
        edit.installEventFilter(self)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        tokens = self._edit.theme.tokens
        self.setStyleSheet(
            f"#selection_bar {{ background: {tokens.elev.name()}; border: 1px solid {tokens.line_strong.name()};"
            " border-radius: 9px; }"
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.KeyPress):
            self.hide()
            if event.type() == QEvent.Type.KeyPress:
                self._later.start()
        return False

    def _changed(self) -> None:
        self._later.start()
        if not self._edit.textCursor().hasSelection():
            self.hide()

    def _come(self) -> None:
        edit = self._edit
        cursor = edit.textCursor()
        if not cursor.hasSelection() or edit.isReadOnly() or not edit.hasFocus() or edit.pressed:
            if edit.pressed:
                self._later.start()
            return
        if not cursor.selectedText().strip() or edit.kind_at_caret() in CODE:
            return
        start = edit.textCursor()
        start.setPosition(cursor.selectionStart())
        rect = edit.cursorRect(start)
        self.adjustSize()
        area = edit.viewport().rect()
        x = max(4, min(rect.left() - 12, area.width() - self.width() - 4))
        y = rect.top() - self.height() - 8
        if y < 4:
            end = edit.textCursor()
            end.setPosition(cursor.selectionEnd())
            y = edit.cursorRect(end).bottom() + 8
        if area.adjusted(0, -40, 0, 40).contains(x, y):
            self.move(x, y)
            self.show()
            self.raise_()
