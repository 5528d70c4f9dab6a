"""What others changed since this person last looked: says it on opening, and shows where. The node remembers it.

A note counts as looked at while it is open in the window that the person works in.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

from PySide6.QtCore import QEvent, QObject

from notesapp.node.events import Event, NoteReceived
from notesapp.node.looking import nobody
from notesapp.ui.desk import Desk
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.screen import Found
from notesapp.ui.faces.phrases import ago
from notesapp.ui.note_list.pane import wall_ms
from notesapp.ui.note_pane import Notice
from notesapp.ui.window import Window
from notesapp.ui.writing import Writing

MOST_LINES = 20_000


class Unread(QObject):
    """The dots of the list, and “since you last looked”."""

    def __init__(
        self, desk: Desk, window: Window, editor: NoteEdit, writing: Writing, now_ms: Callable[[], int] = wall_ms
    ) -> None:
        super().__init__(window)
        self._desk, self._window, self._editor, self._writing, self._now_ms = desk, window, editor, writing, now_ms
        self._looking, self._closed = desk.node.people.looking, False
        self._looking.eyes = self._before_eyes
        self._before: bytes | None = None
        desk.node_event.connect(self._heard)
        desk.note_changed.connect(self._opened)
        window.installEventFilter(self)

    def begin(self) -> None:
        """The note that the window begins with is looked at as soon as the window is."""
        self._before = self._desk.note_id
        if self._before_eyes() is not None:
            self._say_news(self._before)

    def close(self) -> None:
        """The window goes; nobody looks any more."""
        self._leave()
        self._closed = True
        self._looking.eyes = nobody

    def _before_eyes(self) -> bytes | None:
        return self._desk.note_id if self._window.isActiveWindow() else None

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """The person comes to the window, or goes to another one."""
        if event.type() is QEvent.Type.WindowActivate and self._before is not None and not self._closed:
            if self._looking.is_unread(self._before):
                self._say_news(self._before)
        elif event.type() is QEvent.Type.WindowDeactivate:
            self._leave()
        return False

    def _leave(self) -> None:
        if self._before is not None and not self._closed:
            self._looking.leave(self._before)

    def _heard(self, event: Event) -> None:
        if not isinstance(event, NoteReceived) or not self._looking.is_unread(event.note_id):
            return
        if event.note_id != self._before_eyes():
            self._desk.refresh()
        elif self._window.note.banner.has("news"):
            self._looking.look(event.note_id)  # it came with what the notice tells of
        else:
            self._say_news(event.note_id)

    def _opened(self, note_id: bytes | None) -> None:
        self._leave()
        self._before = note_id
        self._say_news(note_id)

    def _say_news(self, note_id: bytes | None) -> None:
        banner = self._window.note.banner
        banner.clear("news")
        since_ms = self._looking.look(note_id) if note_id is not None else None
        if note_id is None or since_ms is None:
            return
        self._desk.refresh()
        sentence = self.tr("Others changed this note since you last looked.")
        if since_ms:
            sentence = self.tr("Others changed this note since you last looked, %1.")
            sentence = sentence.replace("%1", ago(since_ms, self._now_ms()))
        show = (
            self.tr("Show what is new"),
            lambda: self._desk.start(self._show(note_id, since_ms), "show what is new"),
        )
        gone = (self.tr("Close"), lambda: banner.clear("news"))
        banner.say("news", Notice(sentence, (show, gone)))

    def forget(self, notebook_id: bytes) -> None:
        """All of a notebook counts as looked at: it has just been joined."""
        self._looking.forget(notebook_id)
        self._desk.refresh()

    async def _show(self, note_id: bytes, since_ms: int) -> None:
        before = await self._looking.text_before(note_id)
        if before is None:
            versions = await self._desk.node.history(note_id)
            earlier = next((one for one in versions if one.at_ms <= since_ms), None)
            before = await self._desk.node.text_at(note_id, earlier.heads) if earlier is not None else ""
        if note_id != self._desk.note_id or not self._writing.is_loaded or self._editor.binding is None:
            return
        binding = self._editor.binding
        places = tuple((binding.to_qt(low), binding.to_qt(high)) for low, high in new_places(before, binding.text))
        self._editor.set_found(Found(places))
        if places:
            self._editor.scroll_to(binding.to_at(places[0][0]))
        else:
            self._desk.say(self.tr("Only something was taken out; the versions show it."))


def new_places(before: str, now: str) -> list[tuple[int, int]]:
    """The lines of a text that were not in it before, as code points (start, end) of their words."""
    old, new = before.split("\n"), now.split("\n")
    if len(old) + len(new) > MOST_LINES:
        return []
    starts = [0]
    for line in new:
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for what, _, _, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what in ("insert", "replace"):
            found += [(starts[at], starts[at] + len(new[at])) for at in range(low, high) if new[at].strip()]
    return found
