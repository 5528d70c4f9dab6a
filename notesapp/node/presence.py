"""Where carets are: mine for others, theirs for me. Decides when mine is told, and keeps theirs right as texts change.

Mine is told in terms of what is durable here, so that whoever hears of it has, or is about to have, that text. Theirs
is translated into the present text at once, or as soon as the changes that it speaks of are here. Who has not been
heard for some seconds is not shown, though his link is kept: a caret says that somebody is there now.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from notesapp.net.standing import Stage
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import Event as NodeEvent
from notesapp.node.events import NoteEdited, Origin, PeopleChanged, PresenceChanged, Saved, SavedChanged
from notesapp.node.opened import Opened
from notesapp.node.sessions import Sessions
from notesapp.sync.events import Event, PresenceShown, Synced
from notesapp.sync.messages import Presence as Shown
from notesapp.text import Splice, shift

TYPING_MS = 2_000  # after somebody's last letter
SILENT_S = 2.0  # a link on which a ping went unanswered is silent; one that answers the next ones never blinks
_HASH = 32


@dataclass(slots=True)
class Caret:
    """Somebody's caret; `at` is None until the changes that it speaks of are here and the note is open."""

    device_id: bytes
    person_id: bytes
    notebook: bytes
    note_id: bytes
    said_at: int
    said_anchor: int
    heads: tuple[bytes, ...] = field(repr=False)
    seen_ms: int
    typed_ms: int = 0
    at: int | None = None
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class _Mine:
    note_id: bytes
    at: int
    anchor: int


class Presence:
    """See the module."""

    def __init__(self, core: Core, opened: Opened, sessions: Sessions) -> None:
        self._core = core
        self._opened = opened
        self._sessions = sessions
        self._mine: _Mine | None = None
        self._hidden = False
        self._due = False
        self._shown_in: bytes | None = None
        self._carets: dict[bytes, dict[bytes, Caret]] = {}  # by note, by device
        self._unplaced: set[tuple[bytes, bytes]] = set()  # (note, device): what they speak of is not here yet
        self._silent: dict[bytes, asyncio.TimerHandle] = {}  # device → when it is not shown any more
        self._unheard: set[bytes] = set()  # devices that aren't shown for now
        sessions.on_event.append(self._heard)
        self._lost: set[bytes] = set()
        sessions.on_over.append(self._over)
        sessions.on_bond.append(self._bond_changed)
        core.hook.subscribe(self._node_tells)

    def close(self) -> None:
        """The end of the program."""
        for timer in self._silent.values():
            timer.cancel()
        self._silent.clear()

    # -- mine ---------------------------------------------------------------------------------------------------------

    def show(self, note_id: bytes | None, at: int, anchor: int) -> None:
        """My caret stands there, in the text as it is on my screen; None: in no note."""
        self._mine = None if note_id is None else _Mine(note_id, at, anchor)
        self._due = True
        self._tell()

    def hide_me(self, hidden: bool) -> None:
        """Nobody sees where I am, until I say otherwise."""
        self._hidden = hidden
        self._due = True
        self._tell()

    def _tell(self, only: Call | None = None) -> None:
        mine = None if self._hidden else self._mine
        view = None if mine is None else self._core.library.get(mine.note_id)
        if mine is None or view is None:
            self._due = False
            if self._shown_in is not None:
                self._say_gone(self._shown_in)
            return
        found = self._opened.get(mine.note_id)
        if found is None or found.note.pending or self._opened.status(mine.note_id) != Saved():
            return  # told when it is durable
        self._due = False
        if self._shown_in not in (None, view.notebook_id):
            self._say_gone(self._shown_in)
        self._shown_in = view.notebook_id
        for call in self._sessions.sessions() if only is None else [only]:
            if call.session is not None:
                heads = found.note.heads
                call.session.show_presence(view.notebook_id, mine.note_id, mine.at, mine.anchor, heads, call.now_ms)
                call.settle()

    def _say_gone(self, notebook: bytes | None) -> None:
        self._shown_in = None
        if notebook is None:
            return
        for call in self._sessions.sessions():
            if call.session is not None:
                call.session.hide_presence(notebook, call.now_ms)
                call.settle()

    # -- theirs -------------------------------------------------------------------------------------------------------

    def carets(self, note_id: bytes) -> list[Caret]:
        """Who is in a note whose place is known in its present text."""
        for caret in self._carets.get(note_id, {}).values():
            if caret.at is None:
                self._place(caret)
        return [caret for caret in self.everybody_in(note_id) if caret.at is not None]

    def everybody_in(self, note_id: bytes) -> list[Caret]:
        """Who is in a note, whether it is open here or not."""
        return [caret for caret in self._carets.get(note_id, {}).values() if caret.device_id not in self._unheard]

    def is_company(self, note_id: bytes) -> bool:
        """Whether somebody else is in the note now."""
        return bool(self._carets.get(note_id))

    def typing(self, caret: Caret) -> bool:
        """Whether somebody has just written."""
        return self._core.clock() - caret.typed_ms < TYPING_MS

    def _heard(self, call: Call, event: Event) -> None:
        match event:
            case PresenceShown(notebook, shown) if call.proved is not None:
                self._moved(call.proved.device_id, call.proved.person_id, notebook, shown)
            case Synced():
                self._tell(call)
            case _:
                pass

    def _moved(self, device: bytes, person: bytes, notebook: bytes, shown: Shown | None) -> None:
        before = self._forget(device, notebook, but=None if shown is None else shown.note)
        if shown is None:
            return
        heads = tuple(shown.heads[at : at + _HASH] for at in range(0, len(shown.heads), _HASH))
        now_ms = self._core.clock()
        typed = before is not None and before.note_id == shown.note and set(before.heads) != set(heads)
        typed_ms = now_ms if typed else (before.typed_ms if before is not None else 0)
        caret = Caret(device, person, notebook, shown.note, shown.at, shown.anchor, heads, now_ms, typed_ms)
        self._carets.setdefault(shown.note, {})[device] = caret
        self._place(caret)
        if caret.at is None and before is not None and before.note_id == caret.note_id and before.at is not None:
            caret.at, caret.anchor = before.at, before.anchor  # where it was, until the changes are here
            caret.heads = heads
            self._unplaced.add((caret.note_id, device))
        self._core.hook.tell(PresenceChanged(shown.note))

    def _place(self, caret: Caret) -> bool:
        found = self._opened.get(caret.note_id)
        if found is None:
            return False
        at, anchor = (found.note.now_at(place, caret.heads) for place in (caret.said_at, caret.said_anchor))
        if at is None or anchor is None:
            self._unplaced.add((caret.note_id, caret.device_id))
            return False
        caret.at, caret.anchor = at, anchor
        self._unplaced.discard((caret.note_id, caret.device_id))
        return True

    def _forget(self, device: bytes, notebook: bytes, but: bytes | None = None) -> Caret | None:
        """A device is in one note of a notebook at a time; where it was."""
        before: Caret | None = None
        for note_id, carets in list(self._carets.items()):
            caret = carets.get(device)
            if caret is None or caret.notebook != notebook:
                continue
            before = caret
            del carets[device]
            if not carets:
                del self._carets[note_id]
            if note_id != but:
                self._core.hook.tell(PresenceChanged(note_id))
        return before

    def _over(self, call: Call) -> None:
        if call.proved is None or self._sessions.session_with(call.proved.device_id) is not None:
            return
        for notebook in self._sessions.volumes:
            self._forget(call.proved.device_id, notebook)

    def _bond_changed(self, device: bytes, lost: bool) -> None:
        """Whoever is out of reach isn't here, though his link is kept; once he is back he is told again where I am."""
        if lost and device not in self._lost:
            self._lost.add(device)
            for notebook in self._sessions.volumes:
                self._forget(device, notebook)
        elif not lost and device in self._lost:
            self._lost.discard(device)
            if (call := self._sessions.session_with(device)) is not None:
                self._tell(call)

    # -- what the node tells ------------------------------------------------------------------------------------------

    def _node_tells(self, event: NodeEvent) -> None:
        match event:
            case NoteEdited(note_id, splices, origin):
                self._text_changed(note_id, splices, mine=origin is not Origin.LINK)
            case PeopleChanged(None):
                self._listen()
            case SavedChanged(note_id, Saved()) if self._due and self._mine and self._mine.note_id == note_id:
                self._tell()
            case _:
                pass

    # -- who is heard -------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """The network has news: who fell silent has some seconds, who is heard again is shown at once."""
        network = self._sessions.network
        there = {device for carets in self._carets.values() for device in carets}
        silent = {one for one in there if network is not None and network.state(one).stage is Stage.SILENT}
        for device in [one for one in self._silent if one not in silent]:
            self._silent.pop(device).cancel()
        for device in silent - self._silent.keys() - self._unheard:
            self._silent[device] = asyncio.get_running_loop().call_later(SILENT_S, self._lose, device)
        back = self._unheard - silent
        self._unheard -= back
        self._show_anew(back)

    def _lose(self, device: bytes) -> None:
        del self._silent[device]
        self._unheard.add(device)
        self._show_anew({device})

    def _show_anew(self, devices: set[bytes]) -> None:
        for note_id, carets in list(self._carets.items()):
            if devices & carets.keys():
                self._core.hook.tell(PresenceChanged(note_id))

    # -- as texts change ----------------------------------------------------------------------------------------------

    def _text_changed(self, note_id: bytes, splices: tuple[Splice, ...], *, mine: bool) -> None:
        if not mine and self._mine is not None and self._mine.note_id == note_id:
            # it may still have to be told, and then with heads that hold these splices
            at, anchor = self._mine.at, self._mine.anchor
            for splice in splices:
                at, anchor = (shift(place, splice, stays_before=True) for place in (at, anchor))
            self._mine = _Mine(note_id, at, anchor)
        carets = self._carets.get(note_id)
        if not carets:
            return
        for caret in carets.values():
            if (note_id, caret.device_id) in self._unplaced and self._place(caret):
                continue
            for splice in splices:
                if caret.at is not None:
                    caret.at = shift(caret.at, splice, stays_before=mine)
                    caret.anchor = shift(caret.anchor, splice, stays_before=mine)
        if not mine:
            self._core.hook.tell(PresenceChanged(note_id))
