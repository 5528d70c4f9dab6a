"""The widget in which a note is written: what keys, input methods, the clipboard and the mouse do.

Text reaches the note only through the binding; what a key means is in `keys`, how it looks in `canvas`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QKeyEvent, QMouseEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QWidget

from notesapp.ui.editor.canvas import Canvas
from notesapp.ui.editor.context_menu import context_menu
from notesapp.ui.editor.finding import Query, search
from notesapp.ui.editor.formats import Markers
from notesapp.ui.editor.hits import Hit, hit_at
from notesapp.ui.editor.keys import Keys
from notesapp.ui.editor.paste import Paste
from notesapp.ui.editor.pictures import Provider
from notesapp.ui.editor.screen import Found
from notesapp.ui.style.theme import Theme

MOST_HITS = 1_000

_FORWARDED = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    }
)


class NoteEdit(Canvas):
    """The editor of one window.

    Signals carry what a person asked for; the window decides what happens. `attach_asked` carries a list of either file
    paths (str) or pictures (QImage) to be kept as attachments and written in with `insert_attachment`.
    """

    link_opened = Signal(str, str)  # kind: wiki, url, tag, attachment; target
    attach_asked = Signal(list)
    zoom_asked = Signal(int)  # steps: 1 larger, -1 smaller
    notice = Signal(str)

    def __init__(self, theme: Theme, *, pictures: Provider | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, pictures=pictures, parent=parent)
        self.keys = Keys(self)
        self.paste_rules = Paste(self)
        self._hits = False

    def run(self, name: str) -> None:
        """Runs a command of `keys.COMMANDS` by its name."""
        self.keys.run(name)

    def show_hits(self, sought: Sequence[str]) -> None:
        """Marks words that a search of all notes looked for and shows the first; Escape or typing takes them away."""
        binding = self.binding
        if binding is None:
            return
        pattern = "|".join(re.escape(word).replace("\\ ", r"\s+") for word in sought if word)
        places = search(binding.text, Query(pattern, regex=True)).places[:MOST_HITS]
        self.set_found(Found(places, 0 if places else -1))
        self._hits = bool(places)
        if places:
            self.scroll_to(binding.to_at(places[0][0]))

    def _drop_hits(self) -> None:
        if self._hits:
            self._hits = False
            self.set_found(Found())

    def insert_attachment(self, target: str, label: str, *, picture: bool) -> None:
        """Writes a kept file in at the caret: a picture on its own line without a caption, anything else as a link."""
        safe = f"<{target}>" if any(char in target for char in " ()") else target
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        label = label.replace("[", "").replace("]", "").replace("\n", " ")
        if not picture:
            self.keys.pen.replace(start, end, f"[{label}]({safe})")
            return
        before = cursor.block().text()[: cursor.positionInBlock()].strip()
        lead = "\n\n" if before else ""
        self.keys.pen.replace(start, end, f"{lead}![]({safe})\n")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.binding is not None:
            context_menu(self, event)

    # -- keys, input methods, clipboard

    def event(self, event: QEvent) -> bool:
        # QTextEdit claims Ctrl+Z and others as its own shortcuts even with its undo switched off.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.keys.claims(event):
            event.accept()
            return True
        if isinstance(event, QWheelEvent | QMouseEvent) and event.type() in _FORWARDED:
            return self._forward(event)
        return super().event(event)

    def _forward(self, event: QWheelEvent | QMouseEvent) -> bool:
        """The margins beside the column belong to the text: what happens there happens in it."""
        offset = QPointF(self.viewport().pos())
        if isinstance(event, QWheelEvent):
            self.wheelEvent(event)
            return True
        moved = QMouseEvent(
            event.type(),
            event.position() - offset,
            event.globalPosition(),
            event.button(),
            event.buttons(),
            event.modifiers(),
        )
        return self.viewportEvent(moved)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.binding is None:
            super().keyPressEvent(event)
            return
        if event.text() or event.key() == Qt.Key.Key_Escape:
            self._drop_hits()
        if self.keys.press(event):
            event.accept()
            return
        before = self.textCursor().position()
        super().keyPressEvent(event)
        if event.text():
            self.ensureCursorVisible()
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._skip_hidden(before)

    def _skip_hidden(self, before: int) -> None:
        """Markers that stayed hidden take no room, so the caret must not stop in them."""
        cursor = self.textCursor()
        sheet = self.sheet
        if sheet is None or cursor.blockNumber() >= len(sheet.rows):
            return
        line, at = sheet.rows[cursor.blockNumber()].line, cursor.positionInBlock()
        for number, span in enumerate(line.spans):
            if number in sheet.revealed or self._markers is not Markers.NEAR_CARET:
                continue
            for low, high in ((span.start, span.start + span.opening), (span.end - span.closing, span.end)):
                if low < at < high:
                    target = high if cursor.position() > before else low
                    keep = cursor.hasSelection()
                    mode = QTextCursor.MoveMode.KeepAnchor if keep else QTextCursor.MoveMode.MoveAnchor
                    cursor.setPosition(cursor.block().position() + target, mode)
                    self.setTextCursor(cursor)
                    return

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if not self._composing and self.binding is not None:
            self.binding.release()

    def paste_plain(self) -> None:
        """Pastes the clipboard's plain text as it stands."""
        self.paste_rules.plain()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return self.paste_rules.takes(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self.isReadOnly():
            self.paste_rules.insert(source)

    def createMimeDataFromSelection(self) -> QMimeData:
        return self.paste_rules.copied()

    # -- the mouse

    def hit(self, position: QPointF) -> Hit | None:
        """What is under a position of the viewport: a task's box, a link, a picture."""
        if self.sheet is None or self.stage is None:
            return None
        shift = QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        return hit_at(self.stage, position + shift)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            hit = self.hit(event.position())
            if hit is not None and self._act(hit, event):
                event.accept()
                return
            self.pressed = True
        super().mousePressEvent(event)

    def _act(self, hit: Hit, event: QMouseEvent) -> bool:
        """Does what a press on something means; False leaves it to the text."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match hit.what:
            case "task" if not self.isReadOnly():
                self.keys.tasks.toggle(hit.block)
                return True
            case "front":
                cursor = QTextCursor(self.document().findBlockByNumber(1))
                self.setTextCursor(cursor)
                return True
            case "link" if control or self.isReadOnly():
                self.link_opened.emit(hit.kind, hit.target)
                return True
        return False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.pressed:
            self.pressed = False
            self._near()
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.pressed:
            return
        hit = self.hit(event.position())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        hand = hit is not None and (hit.what in ("task", "front") or control or self.isReadOnly())
        shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_asked.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)
