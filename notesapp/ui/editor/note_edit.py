"""The widget in which a note is read and written: shows a binding's sheet, moves the caret, paints.

Commands (what keys do to the text) are in `commands/`; Qt's own keys and input methods do the rest. Text reaches the
note only through the binding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.blocks import Kind
from notesapp.ui.editor.formats import Formats, Look, Markers
from notesapp.ui.editor.hits import Hit, hit_at
from notesapp.ui.editor.keys import Keys
from notesapp.ui.editor.paste import Paste
from notesapp.ui.editor.pictures import Pictures, Provider
from notesapp.ui.editor.screen import CARET_PX, Found, PeerCaret, Screen
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.style.theme import Theme

NARROW_PX = 560


class NoteEdit(QTextEdit):
    """The editor of one window.

    Signals carry what a person asked for; the window decides what happens. `attach_asked` carries a list of either file
    paths (str) or pictures (QImage) to be kept as attachments and written in with `insert_attachment`.
    """

    link_opened = Signal(str, str)  # kind: wiki, url, tag, attachment; target
    caret_changed = Signal()
    attach_asked = Signal(list)
    zoom_asked = Signal(int)  # steps: 1, -1; 0 = back to normal
    notice = Signal(str)
    shown = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        pictures: Provider | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.pictures = Pictures(pictures)
        self._markers = Markers.NEAR_CARET
        self.formats = Formats(self._look())
        self.binding: EditorBinding | None = None
        self.stage: Screen | None = None
        self.keys = Keys(self)
        self.paste_rules = Paste(self)
        self.pressed = False
        self._blink_on = True
        self._blinks = True
        self._composing = False
        self._typewriter = False
        self._blink = QTimer(self)
        self._blink.timeout.connect(self._toggle_blink)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("note_edit")
        self.setAccessibleName(self.tr("Text of the note"))
        self.setAcceptRichText(False)
        self.setCursorWidth(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUndoRedoEnabled(False)
        self.setReadOnly(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.cursorPositionChanged.connect(self._caret_changed)
        self.theme.changed.connect(self.restyle)

    # -- what is shown

    def _look(self) -> Look:
        return Look(self.theme.tokens, self.theme.body_px, self._markers)

    @property
    def markers(self) -> Markers:
        """When markers are seen."""
        return self._markers

    def set_markers(self, markers: Markers) -> None:
        """Near the caret, always, or the bare source."""
        if markers is not self._markers:
            self._markers = markers
            self.restyle()

    @property
    def sheet(self) -> Sheet | None:
        """The sheet on the screen."""
        return self.binding.sheet if self.binding is not None else None

    def make_sheet(self, text: str) -> Sheet:
        """A sheet for this editor's look, not shown yet."""
        return Sheet(text, self.formats, self.pictures)

    def show_binding(self, binding: EditorBinding | None, *, read_only: bool = False) -> None:
        """Shows a note; None shows nothing. The caret is where it was in that sheet's document."""
        old = self.binding
        if old is not None:
            old.view = None
            old.sheet.set_caret(None)
            old.sheet.document_replaced.disconnect(self._document_replaced)
            old.sheet.restyled.disconnect(self.viewport().update)
        self.binding = binding
        if binding is None:
            self.stage = None
            self.setReadOnly(True)
            self.viewport().update()
            return
        sheet = binding.sheet
        if sheet.formats is not self.formats:
            sheet.wear(self.formats)
        self.stage = Screen(sheet)
        self._set_document(sheet)
        binding.view = self
        sheet.document_replaced.connect(self._document_replaced)
        sheet.restyled.connect(self.viewport().update)
        self.setReadOnly(read_only)
        self._near()
        self.shown.emit()

    def _set_document(self, sheet: Sheet) -> None:
        sheet.dressing = True  # a document that gets its layout claims that all of it has changed
        self.setDocument(sheet.document)
        self.setCursorWidth(0)
        sheet.dressing = False
        self._fit()

    def _document_replaced(self) -> None:
        if self.sheet is not None:
            self._set_document(self.sheet)

    def restyle(self) -> None:
        """Takes the theme, size and setting for markers as they are now; caret and place are kept."""
        if self.formats.look == self._look():
            return
        self.formats = Formats(self._look())
        if self.sheet is None:
            return
        anchor, position = self.caret_qt()
        restore = self.hold_scroll()
        self.sheet.wear(self.formats)
        self.place_caret(anchor, position)
        restore()
        self._near()

    # -- the binding's view

    def caret_qt(self) -> tuple[int, int]:
        """Anchor and position of the caret in UTF-16 units."""
        cursor = self.textCursor()
        return cursor.anchor(), cursor.position()

    def place_caret(self, anchor: int, position: int) -> None:
        """Sets the caret without scrolling."""
        if (anchor, position) == self.caret_qt():
            return
        bar, value = self.verticalScrollBar(), self.verticalScrollBar().value()
        cursor = self.textCursor()
        cursor.setPosition(self._whole(anchor))
        cursor.setPosition(self._whole(position), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        bar.setValue(value)

    def _whole(self, position: int) -> int:
        """A position that exists and doesn't halve a character."""
        position = max(0, min(position, self.document().characterCount() - 1))
        if self.document().characterAt(position) in _LOW_HALVES:
            return position - 1
        return position

    def hold_scroll(self) -> Callable[[], None]:
        """Remembers what stands where on the screen; call the answer to bring it back there."""
        mark = self.textCursor()
        mark.setPosition(mark.position())
        if not self.viewport().rect().intersects(self.cursorRect(mark)):
            mark = self.cursorForPosition(self.viewport().rect().topLeft())
        at, y = mark.position(), self.cursorRect(mark).top()

        def restore() -> None:
            place = mark
            if mark.document() is not self.document():
                place = QTextCursor(self.document())
                place.setPosition(min(at, self.document().characterCount() - 1))
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.cursorRect(place).top() - y)

        return restore

    def composing(self) -> bool:
        """Whether an input method is in the middle of a word."""
        return self._composing

    # -- place

    def _fit(self) -> None:
        """Centres the column: the document keeps its width while the window is wide, so nothing is laid out anew."""
        sheet = self.sheet
        if sheet is None:
            return
        wide = self.width() - self.verticalScrollBar().sizeHint().width()
        sheet.fit(narrow=wide < NARROW_PX)
        wanted = round(sheet.gutter + self.formats.look.column + sheet.right)
        spare = max(0, wide - wanted)
        left = round(spare / 2)
        self.setViewportMargins(left, 0, spare - left, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(820, 600)

    # -- the caret

    def _caret_changed(self) -> None:
        if self.binding is not None and not self.binding.sheet.dressing:
            self.binding.caret_moved(self.textCursor().position())
        self._blink_on = True
        self._restart_blink()
        self._near()
        self.viewport().update()
        self.caret_changed.emit()

    def _near(self) -> None:
        """Reveals markers at the caret, but not while the mouse is down: text must not move under it."""
        if self.sheet is None or self.pressed or self.sheet.dressing:
            return
        wants = self.hasFocus() and not self.isReadOnly()
        self.sheet.set_caret(self.textCursor() if wants else None)

    def set_blinking(self, blinks: bool) -> None:
        """A steady caret for pictures in tests."""
        self._blinks = blinks
        self._blink_on = True
        self._restart_blink()

    def _restart_blink(self) -> None:
        time_ms = QGuiApplication.styleHints().cursorFlashTime()
        if self._blinks and self.hasFocus() and time_ms > 0:
            self._blink.start(time_ms // 2)
        else:
            self._blink.stop()

    def _toggle_blink(self) -> None:
        self._blink_on = not self._blink_on
        self.viewport().update(self.cursorRect().adjusted(-4, -4, 4, 4))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._blink_on = True
        self._restart_blink()
        self._near()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._restart_blink()
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._near()
        self.viewport().update()

    def set_focus_mode(self, on: bool) -> None:
        """Dims all but the paragraph with the caret and keeps it in the middle."""
        self._typewriter = on
        if self.stage is not None:
            self.stage.focused = on
        self.viewport().update()

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.formats.look.tokens.bg)
        if self.stage is None or self.sheet is None:
            return
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        painter.translate(-x, -y)
        area = QRectF(event.rect().translated(x, y))
        cursor = self.textCursor()
        self.stage.focused = self._typewriter
        self.stage.paint(painter, area, cursor, (cursor.selectionStart(), cursor.selectionEnd()))
        if self.hasFocus() and self._blink_on and not self.isReadOnly():
            bar = self.caret_bar()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(self.formats.look.tokens.accent)
            painter.drawRoundedRect(bar.translated(x, y), 1, 1)

    def caret_bar(self) -> QRectF:
        """The caret's bar in the viewport."""
        rect = QRectF(self.cursorRect())
        return QRectF(rect.left() - CARET_PX / 2 + 0.5, rect.top() - 1, CARET_PX, rect.height() + 2)

    def set_found(self, found: Found) -> None:
        """Marks what a search has found."""
        if self.stage is not None:
            self.stage.found = found
            self.viewport().update()

    def set_peers(self, peers: Sequence[PeerCaret]) -> None:
        """Shows other people's carets, in UTF-16 positions."""
        if self.stage is not None:
            self.stage.peers = tuple(peers)
            self.viewport().update()

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
        if self.keys.press(event):
            event.accept()
            return
        before = self.textCursor().position()
        super().keyPressEvent(event)
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

    def centre_caret(self) -> None:
        """Scrolls so that the caret is in the middle of the screen."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().center().y() - self.viewport().height() // 2)

    def scroll_to(self, at: int) -> None:
        """Sets the caret (code points) and shows it in the upper third."""
        if self.binding is None:
            return
        cursor = self.textCursor()
        cursor.setPosition(self.binding.to_qt(at))
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 4)

    def kind_at_caret(self) -> Kind:
        """What the caret's line is."""
        number = self.textCursor().blockNumber()
        if self.sheet is None or number >= len(self.sheet.rows):
            return Kind.PARAGRAPH
        return self.sheet.rows[number].line.kind

    def caret_area(self) -> QRect:
        """Where a popup belongs: the caret's rectangle in global coordinates."""
        rect = self.cursorRect()
        return QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size())


_LOW_HALVES = frozenset(map(chr, range(0xDC00, 0xE000)))
_FORWARDED = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    }
)
