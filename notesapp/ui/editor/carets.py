"""Where other people's carets are: moves them with the text, shows a name for three seconds after that person acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCursor

from notesapp.text import Splice, shift
from notesapp.ui.editor.binding import EditorBinding, now_ms
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.screen import PeerCaret

FLAG_MS = 3_000
MARGIN_PX = 40  # a followed caret nearer to the edge is out of sight


@dataclass(frozen=True, slots=True)
class RemoteCaret:
    """Somebody's caret in code points; `person` tells carets apart (one person may have several)."""

    person: str
    name: str
    colour: int
    at: int
    anchor: int


class RemoteCarets(QObject):
    """The carets of everybody else in the note on the screen."""

    def __init__(self, edit: NoteEdit, *, clock: Callable[[], int] = now_ms) -> None:
        super().__init__(edit)
        self._edit = edit
        self._clock = clock
        self._carets: dict[str, RemoteCaret] = {}
        self._acted_ms: dict[str, int] = {}
        self._binding: EditorBinding | None = None
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.timeout.connect(self._show)
        edit.shown.connect(self._follow)
        edit.theme.changed.connect(self._show)
        self._follow()

    def set(self, carets: Iterable[RemoteCaret]) -> None:
        """Everybody who is in the note now, in places of the note; who moved shows a name again."""
        now = self._clock()
        screen = self._binding.on_screen if self._binding is not None else int
        fresh = {caret.person: replace(caret, at=screen(caret.at), anchor=screen(caret.anchor)) for caret in carets}
        for person, caret in fresh.items():
            if self._carets.get(person) != caret:
                self._acted_ms[person] = now
        self._carets = fresh
        self._show()

    def place(self, person: str) -> int | None:
        """Where somebody's caret is (code points)."""
        caret = self._carets.get(person)
        return caret.at if caret is not None else None

    def bring_into_sight(self, person: str) -> None:
        """Scrolls so that somebody's caret is seen; the own caret stays where it is."""
        caret, binding = self._carets.get(person), self._binding
        if caret is None or binding is None:
            return
        place = QTextCursor(self._edit.document())
        place.setPosition(min(binding.to_qt(caret.at), self._edit.document().characterCount() - 1))
        self._edit.laying_out.ensure(place.blockNumber() + 1)
        rect, height = self._edit.cursorRect(place), self._edit.viewport().height()
        if rect.top() < MARGIN_PX or rect.bottom() > height - MARGIN_PX:
            self._edit.set_scroll(self._edit.verticalScrollBar().value() + rect.top() - height // 3)

    def _follow(self) -> None:
        if self._binding is self._edit.binding:
            return
        if self._binding is not None:
            self._binding.spliced.disconnect(self._spliced)
        self._binding = self._edit.binding
        self._carets = {}
        if self._binding is not None:
            self._binding.spliced.connect(self._spliced)
        self._show()

    def _spliced(self, splice: Splice, _mine: bool) -> None:
        if not self._carets:
            return
        for person, caret in self._carets.items():
            self._carets[person] = replace(
                caret, at=shift(caret.at, splice, stays_before=True), anchor=shift(caret.anchor, splice)
            )
        self._show()

    def _show(self) -> None:
        binding = self._binding
        if binding is None:
            return
        now, next_ms = self._clock(), FLAG_MS
        shown = []
        for caret in self._carets.values():
            left = FLAG_MS - (now - self._acted_ms.get(caret.person, 0))
            if left > 0:
                next_ms = min(next_ms, left)
            shown.append(
                PeerCaret(
                    caret.name,
                    self._edit.theme.person(caret.colour),
                    binding.to_qt(caret.at),
                    binding.to_qt(caret.anchor),
                    left > 0,
                )
            )
        self._edit.set_peers(shown)
        if any(caret.flag for caret in shown):
            self._calm.start(next_ms + 20)
