"""The editor's surface: shows a binding's sheet, keeps caret and scroll in place, and paints.

What keys and the mouse do to the text is in `note_edit`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.blink import Blink
from notesapp.ui.editor.blocks import Kind
from notesapp.ui.editor.formats import TEXT_HEIGHT, Formats, Look, Markers
from notesapp.ui.editor.laying_out import LayingOut
from notesapp.ui.editor.margins import Margins
from notesapp.ui.editor.pictures import Pictures, Provider
from notesapp.ui.editor.quiet_bar import QuietBar
from notesapp.ui.editor.screen import CARET_PX, Found, PeerCaret, Screen
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.style.theme import Theme

LINES_BELOW_CARET = 2
_LOW_HALVES = frozenset(map(chr, range(0xDC00, 0xE000)))


class Canvas(QTextEdit):
    """Shows one binding's sheet. `shown` fires when another note is put on, `caret_changed` when the caret moves."""

    caret_changed = Signal()
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
        self.pictures = Pictures(pictures, self)
        self._markers = Markers.NEAR_CARET
        self.formats = Formats(self._look())
        self.binding: EditorBinding | None = None
        self.stage: Screen | None = None
        self.pressed = False
        self._composing = False
        self._typewriter = False
        self.laying_out = LayingOut(self)
        self._blink = Blink(self, self._repaint_caret)
        self.setVerticalScrollBar(QuietBar())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
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
            old.sheet.rewrapped.disconnect(self._rewrap)
            old.sheet.restyled.disconnect(self.viewport().update)
        self.binding = binding
        if binding is None:
            self.stage = None
            self.laying_out.stop()
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
        sheet.rewrapped.connect(self._rewrap)
        sheet.restyled.connect(self.viewport().update)
        self.setReadOnly(read_only)
        self._near()
        self.shown.emit()

    def _set_document(self, sheet: Sheet) -> None:
        self._fit()
        sheet.dressing = True  # a document that gets its layout claims that all of it has changed
        if sheet.wrap is not self.wordWrapMode():  # neither document is to be laid out by the other's rule
            between = QTextDocument()
            self.setDocument(between)
            self.setWordWrapMode(sheet.wrap)
        self.setDocument(sheet.document)
        self.setCursorWidth(0)
        sheet.dressing = False
        self.laying_out.start(sheet)

    def _document_replaced(self) -> None:
        if self.sheet is not None:
            self._set_document(self.sheet)

    def _rewrap(self) -> None:
        if self.sheet is not None:
            self.setWordWrapMode(self.sheet.wrap)

    def restyle(self) -> None:
        """Takes the theme, size and setting for markers as they are now; caret and place are kept."""
        if self.formats.look == self._look():
            return
        self.formats = Formats(self._look())
        if self.sheet is None:
            return
        anchor, position = self.caret_qt()
        mark, restore = self.hold_scroll()
        self.sheet.wear(self.formats)
        self.place_caret(anchor, position)
        restore(mark)
        self._near()

    # -- the binding's view

    def caret_qt(self) -> tuple[int, int]:
        """Anchor and position of the caret in UTF-16 units."""
        cursor = self.textCursor()
        return cursor.anchor(), cursor.position()

    def place_caret(self, anchor: int, position: int, *, show: bool = True) -> None:
        """Sets the caret without scrolling; `show` lays out all before it, so that it can be scrolled to."""
        if (anchor, position) == self.caret_qt():
            return
        value = self.verticalScrollBar().value()
        if show:
            self.laying_out.ensure(self.document().findBlock(max(anchor, position)).blockNumber() + 1)
        cursor = self.textCursor()
        cursor.setPosition(self._whole(anchor))
        cursor.setPosition(self._whole(position), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self._scroll_by(value - self.verticalScrollBar().value())

    def _whole(self, position: int) -> int:
        """A position that exists and doesn't halve a character."""
        position = max(0, min(position, self.document().characterCount() - 1))
        if self.document().characterAt(position) in _LOW_HALVES:
            return position - 1
        return position

    def hold_scroll(self) -> tuple[int, Callable[[int], None]]:
        """A position that is on the screen now, and what brings it back to the same height wherever it is then."""
        mark = self.textCursor()
        mark.setPosition(mark.position())
        if not self.viewport().rect().intersects(self.cursorRect(mark)):
            mark = self.cursorForPosition(self.viewport().rect().topLeft())
        y = self.cursorRect(mark).top()

        def restore(position: int) -> None:
            place = QTextCursor(self.document())
            place.setPosition(self._whole(position))
            self.laying_out.ensure(place.blockNumber() + 1)
            self._scroll_by(self.cursorRect(place).top() - y)

        return mark.position(), restore

    def set_scroll(self, pixels: int) -> None:
        """Scrolls to so many pixels from the top."""
        self._scroll_by(pixels - self.verticalScrollBar().value())

    def _scroll_by(self, pixels: int) -> None:
        """Scrolls, even to where Qt hasn't laid the text out yet and knows no end."""
        bar = self.verticalScrollBar()
        if bar.value() + pixels > bar.maximum():
            self.laying_out.ensure(self.document().blockCount())
        bar.setValue(bar.value() + pixels)

    def ensureCursorVisible(self) -> None:
        """Scrolls to the caret, with some lines below it."""
        super().ensureCursorVisible()
        room = round(LINES_BELOW_CARET * self.formats.look.scaled(TEXT_HEIGHT))
        over = self.cursorRect().bottom() + room - self.viewport().height()
        if 0 < over < self.cursorRect().top():
            self._scroll_by(over)

    def composing(self) -> bool:  # an input method is in the middle of a word
        return self._composing

    def _fit(self) -> None:
        """Centres the column: the document keeps its width while the window is wide, so nothing is laid out anew."""
        sheet = self.sheet
        if sheet is None:
            return
        wide = self.width() - self.verticalScrollBar().sizeHint().width()
        sheet.fit(Margins.fitting(self.formats.look, wide, self.height()))
        wanted = round(sheet.gutter + self.formats.look.column + sheet.right)
        spare = max(0, wide - wanted)
        left = round(spare / 2)
        self.setViewportMargins(left, 0, spare - left, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        before = self.document().textWidth()
        super().resizeEvent(event)
        if self.sheet is not None and self.document().textWidth() != before:
            self.laying_out.start(self.sheet)

    def sizeHint(self) -> QSize:
        return QSize(820, 600)

    # -- the caret

    def _caret_changed(self) -> None:
        if self.binding is not None and not self.binding.sheet.dressing:
            self.binding.caret_moved(self.textCursor().position())
        self._blink.restart()
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
        self._blink.set_steady(not blinks)

    def _repaint_caret(self) -> None:
        self.viewport().update(self.cursorRect().adjusted(-4, -4, 4, 4))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._blink.restart()
        self._near()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._blink.restart(seen=False)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._near()
        self.viewport().update()

    def set_focus_mode(self, on: bool) -> None:
        """Dims all but the paragraph with the caret and keeps it in the middle."""
        self._typewriter = on
        self.viewport().update()

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:  # one that an error left open would spoil every later paint
            painter.fillRect(event.rect(), self.formats.look.tokens.bg)
            if self.stage is not None:
                self._paint(painter, event, self.stage)

    def _paint(self, painter: QPainter, event: QPaintEvent, stage: Screen) -> None:
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        painter.translate(-x, -y)
        area = QRectF(event.rect().translated(x, y))
        cursor = self.textCursor()
        stage.focused = self._typewriter
        stage.paint(painter, area, cursor, (cursor.selectionStart(), cursor.selectionEnd()))
        if self.hasFocus() and self._blink.seen and not self.isReadOnly():
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

    # -- where things are

    def centre_caret(self) -> None:
        """Scrolls so that the caret is in the middle of the screen."""
        self._scroll_by(self.cursorRect().center().y() - self.viewport().height() // 2)

    def scroll_to(self, at: int) -> None:
        """Sets the caret (code points) and shows it in the upper third."""
        if self.binding is None:
            return
        qt_at = self.binding.to_qt(at)
        self.place_caret(qt_at, qt_at)
        self._scroll_by(self.cursorRect().top() - self.viewport().height() // 4)

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
