"""Round pictures of people: a letter on their colour. One painter for lists, one widget, and a stack that overlaps.

A colour is never all that tells people apart: the letter is on it, the name is the tool tip and what is spoken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from notesapp.ui.faces.phrases import names
from notesapp.ui.parts import plain_tip, words
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX

OVERLAP = 0.28
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Face:
    """What is drawn of a person; `key` tells people apart (a person's id)."""

    key: bytes
    name: str
    colour: int

    @property
    def letter(self) -> str:
        return next((char for char in self.name if char.isalnum()), "?").upper()


def paint_face(painter: QPainter, theme: Theme, face: Face, box: QRectF, rim: QColor | None = None) -> None:
    """Draws a face into a square; `rim` is the ground's colour, where faces overlap."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if rim is not None:
        painter.setBrush(rim)
        painter.drawEllipse(box.adjusted(-2, -2, 2, 2))
    painter.setBrush(theme.person(face.colour))
    painter.drawEllipse(box)
    painter.setPen(theme.tokens.on_accent)
    painter.setFont(ui_font(box.height() * 0.43, 700))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), face.letter)
    painter.restore()


def paint_faces(
    painter: QPainter, theme: Theme, faces: Sequence[Face], right_centre: QPointF, side: float, rim: QColor
) -> float:
    """Draws overlapping faces that end at a point; the first lies on top. Returns how wide they are."""
    shown = list(faces[:MOST_SHOWN])
    step = side * (1 - OVERLAP)
    wide = side + step * (len(shown) - 1) if shown else 0.0
    for number in reversed(range(len(shown))):
        left = right_centre.x() - wide + number * step
        paint_face(painter, theme, shown[number], QRectF(left, right_centre.y() - side / 2, side, side), rim)
    return wide


class Avatar(QAbstractButton):
    """One face; a button if it can be pressed, else only looked at. `ring` marks who is being followed."""

    def __init__(
        self, theme: Theme, face: Face, side: int = 28, *, pressable: bool = False, away: bool = False
    ) -> None:
        super().__init__()
        self._theme, self._face, self._side, self._away, self._ring = theme, face, side, away, False
        self.setFixedSize(side + 4, side + 4)
        self.setToolTip(plain_tip(face.name))
        self.setAccessibleName(face.name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if pressable else Qt.FocusPolicy.NoFocus)
        if pressable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    @property
    def face(self) -> Face:
        """Who this is."""
        return self._face

    def show_ring(self, on: bool) -> None:
        """Marks the person as followed."""
        self._ring = on
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side + 4, self._side + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2, 2, self._side, self._side)
        if self._ring:  # a little smaller, so that the ring stands clear of it
            box = box.adjusted(2, 2, -2, -2)
        if self._away:
            painter.setOpacity(0.55)
        paint_face(painter, self._theme, self._face, box)
        painter.setOpacity(1)
        if self._ring or self.hasFocus():
            ink = self._theme.tokens.accent if self.hasFocus() else self._theme.person(self._face.colour)
            painter.setPen(QPen(ink, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(1, 1, self._side + 2, self._side + 2))
        painter.end()


class AvatarStack(QWidget):
    """Who is in the open note, overlapping; a press on somebody asks to follow that person."""

    pressed = Signal(bytes)

    def __init__(self, theme: Theme, side: int = 26) -> None:
        super().__init__()
        self._theme, self._side = theme, side
        self._faces: tuple[Face, ...] = ()
        self._followed: bytes | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._shown: list[Avatar] = []
        self._more = words("", META_PX, 600, "2")
        self._more.setParent(self)
        self.hide()

    @property
    def faces(self) -> tuple[Face, ...]:
        """Who is shown, the first on top."""
        return self._faces

    def show_faces(self, faces: Sequence[Face], followed: bytes | None = None) -> None:
        """Shows these people; who is followed has a ring."""
        if tuple(faces) == self._faces and followed == self._followed:
            return
        focused = next((one.face.key for one in self._shown if one.hasFocus()), None)
        self._faces, self._followed = tuple(faces), followed
        for old in self._shown:
            old.hide()
            old.deleteLater()
        self._shown = [_Stacked(self._theme, face, self._side) for face in self._faces[:MOST_SHOWN]]
        step = round(self._side * (1 - OVERLAP))  # no layout of Qt lets its widgets overlap
        more = self._faces[MOST_SHOWN:]
        wide = step * max(0, len(self._shown) - 1) + self._side + 4
        self._show_more(len(more), wide)
        self.setFixedSize(wide + (self._more.width() if more else 0), self._side + 4)
        for number, one in enumerate(self._shown):
            self._say(one, one.face, followed)
            one.clicked.connect(partial(self.pressed.emit, one.face.key))
            one.setParent(self)
            one.move(number * step, 0)
            one.show()
            if one.face.key == focused:
                one.setFocus(Qt.FocusReason.OtherFocusReason)
        last = [one for one in self._shown if one.face.key == followed]
        for one in (*reversed(self._shown), *last):
            one.raise_()
        rest = names([face.name for face in more])
        also = self.tr("Also here: %1").replace("%1", rest) if more else ""
        self._more.setToolTip(plain_tip(also))
        self._more.setAccessibleName(also)
        self.setVisible(bool(self._faces))

    def _show_more(self, more: int, left: int) -> None:
        """How many are here besides those who are shown."""
        self._more.setText(f"+{more}")
        self._more.setVisible(more > 0)
        self._more.setGeometry(left, 0, self._more.sizeHint().width() + 4, self._side + 4)

    def _say(self, one: Avatar, face: Face, followed: bytes | None) -> None:
        sentence = self.tr("Stop following %1") if followed == face.key else self.tr("Follow %1")
        one.setToolTip(plain_tip(sentence.replace("%1", face.name)))
        one.setAccessibleName(sentence.replace("%1", face.name))
        one.show_ring(followed == face.key)


class _Stacked(Avatar):
    """A face with the header's ground around it, so that it stands clear of the one below."""

    def __init__(self, theme: Theme, face: Face, side: int) -> None:
        super().__init__(theme, face, side, pressable=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.bg)
        painter.drawEllipse(QRectF(self.rect()))
        painter.end()
        super().paintEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.HoverEnter:
            self.raise_()
        return super().event(event)
