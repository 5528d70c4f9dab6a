"""What others changed since this person last looked: remembers it per note, says it on opening, and shows where.

A note counts as looked at while it is open in the window that the person works in.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

from PySide6.QtCore import QObject

from notesapp.node.events import Event, NoteReceived
from notesapp.ui.desk import Desk
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.screen import Found
from notesapp.ui.faces.phrases import ago
from notesapp.ui.note_list.pane import wall_ms
from notesapp.ui.note_pane import Notice
from notesapp.ui.window import Window
from notesapp.ui.writing import Writing

MOST = 2_000  # notes that are remembered as changed; in a larger pile nobody looks for dots
MOST_LINES = 20_000


class Unread(QObject):
    """The dots of the list, and “since you last looked”."""

    def __init__(
        self, desk: Desk, window: Window, editor: NoteEdit, writing: Writing, now_ms: Callable[[], int] = wall_ms
    ) -> None:
        super().__init__(window)
        self._desk, self._window, self._editor, self._writing, self._now_ms = desk, window, editor, writing, now_ms
        self._looked: dict[bytes, int] = {}  # when a note was last left, in this run
        self._before: bytes | None = None
        desk.node_event.connect(self._heard)
        desk.note_changed.connect(self._opened)

    def begin(self) -> None:
        """The note that the window begins with is looked at from now on."""
        self._before = self._desk.note_id

    def _heard(self, event: Event) -> None:
        if not isinstance(event, NoteReceived):
            return
        if event.note_id == self._desk.note_id and self._window.isActiveWindow():
            return
        unread, word = self._desk.settings.now.unread, event.note_id.hex()
        if word not in unread and len(unread) < MOST:
            view = self._desk.view(event.note_id)
            known = view.created_ms if view is not None else 0
            unread[word] = self._looked.get(event.note_id, max(known, self._began(event.note_id)))
            self._desk.refresh()

    def _began(self, note_id: bytes) -> int:
        """When the note that is open behind other windows was last seen: now."""
        return self._now_ms() if note_id == self._desk.note_id else 0

    def _opened(self, note_id: bytes | None) -> None:
        if self._before is not None:
            self._looked[self._before] = self._now_ms()
        self._before = note_id
        banner = self._window.note.banner
        banner.clear("news")
        since_ms = self._desk.settings.now.unread.pop(note_id.hex(), None) if note_id is not None else None
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
        unread = self._desk.settings.now.unread
        for word in list(unread):
            view = self._desk.view(bytes.fromhex(word))
            if view is None or view.notebook_id == notebook_id:
                del unread[word]
        self._desk.refresh()

    async def _show(self, note_id: bytes, since_ms: int) -> None:
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
