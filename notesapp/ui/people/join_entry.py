"""Where an invitation comes in: pasted, typed, dropped, read from a picture of a QR code, or from somebody nearby.

Decides what a piece of text is; joins nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageReader
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from notesapp.errors import CodeWordCount, NoInviteIn, NotesError, UnreadableFile
from notesapp.identity.three_words import CodeWords, Purpose
from notesapp.identity.words import listed_word
from notesapp.node.people_views import NearbyView
from notesapp.ui.announce import announce
from notesapp.ui.parts import button, words
from notesapp.ui.people.member_row import PersonRow
from notesapp.ui.people.qr import read_qr
from notesapp.ui.people.roll import Rows, section
from notesapp.ui.people.share_people import face_of
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

LIMIT_BYTES = 40_000_000  # a photo; an invitation as a file is under 4 kB
_TEXT_BYTES = 64_000


def three_words(typed: str) -> tuple[str, str, str] | None:
    """The code that somebody typed; None if it is meant as something else. CodeWordCount and CodeWordsUnknown tell
    what is wrong with one.
    """
    if "://" in typed or len(typed) > 200:
        return None
    parts = "".join(letter if letter.isalpha() else " " for letter in typed).split()
    if len(parts) != 3:
        if len(parts) > 1 and all(listed_word(part) for part in parts):
            raise CodeWordCount(found=len(parts))
        return None
    one, two, three = CodeWords.read(typed, Purpose.INVITE).words
    return one, two, three


def text_of_file(path: Path) -> str:
    """The invitation in a file: a picture of a QR code, or a text. UnreadableFile and NoInviteIn say what is wrong."""
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise NoInviteIn(path=path.name, why="it is far too large")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path=path, why=error.strerror or str(error)) from error
    if QImageReader.imageFormat(str(path)).data():
        return text_of_picture(QImage.fromData(data), path.name)
    try:
        return data[:_TEXT_BYTES].decode("utf-8")
    except UnicodeDecodeError:
        raise NoInviteIn(path=path.name, why="it is neither text nor a picture") from None


def text_of_picture(image: QImage, name: str) -> str:
    """The invitation in a picture."""
    found = read_qr(image)
    if found is None:
        raise NoInviteIn(path=name, why="no QR code can be seen in it; take the picture from nearer and straight")
    return found


def text_of_drop(data: QMimeData) -> str:
    """The invitation in what was dropped or lies on the clipboard; an empty text if there is nothing of use."""
    for url in data.urls():
        if url.isLocalFile():
            return text_of_file(Path(url.toLocalFile()))
        if url.scheme() == "notesapp":
            return url.toString()
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage):
            return text_of_picture(image, "clipboard")
    return data.text().strip()


class EntryPage(QWidget):
    """`given(text)` when something was pasted, typed or read; `picture_asked` to choose a file."""

    given = Signal(str)
    picture_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        tell = self.tr("Paste the link you were sent, type the three words, or drop a picture of the QR code here.")
        column.addWidget(words(tell, tone="2", wrap=True))
        line = QHBoxLayout()
        line.setSpacing(8)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Link or three words"))
        self.field.setAccessibleName(self.tr("Link or three words"))
        self.field.setClearButtonEnabled(True)
        self.field.returnPressed.connect(self._go)
        self.field.textChanged.connect(self._typed)
        self.go = button(self.tr("Continue"), "primary", self._go)
        line.addWidget(self.field, 1)
        line.addWidget(self.go)
        column.addLayout(line)
        self._wrong = words("", SMALL_PX, tone="err", wrap=True)
        column.addWidget(self._wrong)
        ways = QHBoxLayout()
        ways.setSpacing(8)
        self.paste = button(self.tr("Paste"), "small", self._paste)
        self.picture = button(self.tr("Picture of a QR code…"), "small", self.picture_asked.emit)
        for one, icon in ((self.paste, "clipboard-paste"), (self.picture, "qr-code")):
            one.setIcon(theme.icon(icon))
            ways.addWidget(one)
        ways.addStretch()
        column.addLayout(ways)
        column.addWidget(section(self.tr("People nearby")))
        self.nearby = Rows()
        column.addWidget(self.nearby)
        self.refuse("")
        self._typed("")
        self.show_nearby(())

    def show_nearby(self, people: Sequence[NearbyView]) -> None:
        """Who is in this network with a share card open."""
        if not self.nearby.differs(tuple(people)):
            return
        if not people:
            hint = self.tr("Nobody shows up yet. Ask the other person to press “Share” in the same network.")
            self.nearby.column.addWidget(words(hint, SMALL_PX, tone="2", wrap=True))
        for one in people:
            detail = self.tr("Is sharing. Ask to be invited: it opens here by itself.")
            self.nearby.column.addWidget(PersonRow(self._theme, face_of(one), one.name, detail))

    def refuse(self, sentence: str) -> None:
        """Says what is wrong with what was given, also aloud; an empty text takes it back."""
        told = said(sentence) if sentence else ""
        self._wrong.setText(told)
        self._wrong.setVisible(bool(told))
        if told:
            announce(self, told, at_once=True)

    def take(self, data: QMimeData) -> None:
        """Reads what was dropped or pasted."""
        try:
            text = text_of_drop(data)
        except NotesError as error:
            self.refuse(error.sentence)
            return
        if not text:
            self.refuse(self.tr("There is no invitation in what was pasted."))
            return
        self.field.setText(" ".join(text.split()))
        self.given.emit(text)

    def _paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        if data is not None:
            self.take(data)

    def _typed(self, text: str) -> None:
        self.go.setEnabled(bool(text.strip()))
        self.refuse("")

    def _go(self) -> None:
        if self.field.text().strip():
            self.given.emit(self.field.text().strip())
