"""Decides what pasted or dropped data becomes: a link, Markdown, plain text, an attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from notesapp.text import clean
from notesapp.ui.editor.binding import is_large
from notesapp.ui.editor.blocks import CODE
from notesapp.ui.editor.html_in import markdown_of
from notesapp.ui.editor.marks import looks_like_url

if TYPE_CHECKING:
    from notesapp.ui.editor.note_edit import NoteEdit

# A note holds 2 MB at most; more is refused before Qt lays it out.
LONGEST_PASTE = 2_000_000


class Paste:
    """The clipboard of one editor."""

    def __init__(self, edit: NoteEdit) -> None:
        self._edit = edit

    def takes(self, source: QMimeData) -> bool:
        """Whether there is anything in it for a note."""
        return source.hasText() or source.hasHtml() or source.hasImage() or source.hasUrls()

    def insert(self, source: QMimeData) -> None:
        """Writes what the data says at the caret."""
        files = [url.toLocalFile() for url in source.urls() if url.isLocalFile()] if source.hasUrls() else []
        if files:
            self._edit.attach_asked.emit(files)
            return
        if source.hasImage() and not (source.hasText() and source.text().strip()):
            image = source.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._edit.attach_asked.emit([image])
            else:
                self._edit.notice.emit(self._edit.tr("What was pasted looks like a picture but can't be read as one."))
            return
        plain = source.text() if source.hasText() else ""
        if looks_like_url(plain) and self._edit.textCursor().hasSelection():
            chosen = self._edit.textCursor().selectedText()
            if "\u2029" not in chosen and not looks_like_url(chosen):
                self._edit.keys.marks.link(plain.strip())
                return
        self.write(self._best(source, plain))

    def _best(self, source: QMimeData, plain: str) -> str:
        """Markdown of the HTML where that says more than the plain text does."""
        if not source.hasHtml() or self._edit.kind_at_caret() in CODE or looks_like_url(plain):
            return plain
        if source.hasFormat("text/markdown") or source.hasFormat("application/x-notesapp"):
            return plain
        made = markdown_of(source.html())
        unstyled = made.replace("\\", "").split() == plain.replace("\\", "").split()
        return plain if not made or unstyled else made

    def write(self, text: str) -> None:
        """Writes cleaned text at the caret; too much is refused with a sentence."""
        if len(text) > LONGEST_PASTE:
            self._edit.notice.emit(
                self._edit.tr("That is more than a note can hold (2 MB); nothing was pasted. Attach it as a file.")
            )
            return
        text = clean(text)
        if "\x00" in text or not text:
            return
        cursor = self._edit.textCursor()
        if self._edit.binding is not None and is_large(text):
            self._edit.binding.write(cursor.selectionStart(), cursor.selectionEnd(), text)
        else:
            self._edit.keys.pen.replace(cursor.selectionStart(), cursor.selectionEnd(), text)

    def plain(self) -> None:
        """Pastes the clipboard's plain text as it stands."""
        self.write(QGuiApplication.clipboard().text())

    def copied(self) -> QMimeData:
        """The selection as it goes to the clipboard: its Markdown, and nothing of Qt's own HTML."""
        data = QMimeData()
        text = self._edit.textCursor().selectedText().replace("\u2029", "\n")
        data.setText(text)
        data.setData("application/x-notesapp", b"1")
        return data
