"""What others changed since this person last looked, note by note. Decides what counts as looked at; outlives the run.

A note is looked at while it is before the person's eyes, which a window tells (`eyes`); where no window is, nothing is.
What others had written before this program ran and met them is no exception for the note before the eyes: the person
didn't see it being written. Where a note stood then is kept by its heads: what somebody wrote earlier may arrive
later, so no clock can tell what is new. When a notebook comes for the first time, all of it counts as looked at:
nobody wants a dot at each of 5,000 notes. Kept in the settings of this device, so what is read on another one stays
unread here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import Event as NodeEvent
from notesapp.node.events import NoteReceived
from notesapp.node.history import text_at
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering, is_shared
from notesapp.store.rows import Batch
from notesapp.store.store import Store
from notesapp.sync.events import Event, Synced

Heads = tuple[bytes, ...]
_MOST_HEADS = 16  # with more of them, the time has to do
MOST = 2_000  # notes that are remembered as changed; in a larger pile nobody looks for dots

_UNREAD, _LOOKED, _JOINED = "unread ", "looked ", "joined "  # the settings, each with an id → ms since 1970
_COMING = 0  # instead of the time at which a notebook had come for the first time


class Looking:
    """See the module. `eyes` tells which note a person has before him at this moment."""

    def __init__(self, core: Core, peering: Peering, opened: Opened) -> None:
        self._core = core
        self._opened = opened
        self._peering = peering
        self.eyes: Callable[[], bytes | None] = nobody
        self._unread: dict[bytes, int] = {}
        self._looked: dict[bytes, int] = {}
        self._stood: dict[bytes, Heads] = {}  # where a note stood when it was looked at last
        self._before: dict[bytes, Heads] = {}  # where those stood that were looked at because others had changed them
        self._joined: dict[bytes, int] = {}
        self._behind: set[bytes] = set()  # shared notebooks of which nobody was met yet in this run
        core.hook.subscribe(self._heard)
        peering.on_event.append(self._synced)

    async def begin(self) -> None:
        """Reads what is remembered; what it says of notes that are gone is forgotten."""

        def read(store: Store) -> list[dict[bytes, tuple[int, Heads]]]:
            return [_kept(store, kind) for kind in (_UNREAD, _LOOKED, _JOINED)]

        unread, looked, joined = await self._core.journal.read(read)
        self._unread, self._looked, self._joined = (
            {one: at_ms for one, (at_ms, _) in kept.items()} for kept in (unread, looked, joined)
        )
        self._stood = {one: heads for one, (_, heads) in looked.items() if heads}
        self._behind = {notebook for notebook, held in self._core.held.items() if is_shared(held)}
        gone: dict[str, bytes | None] = {}
        for kind, kept in ((_UNREAD, self._unread), (_LOOKED, self._looked)):
            for note_id in [one for one in kept if (view := self._core.library.get(one)) is None or view.deleted]:
                del kept[note_id]
                gone[kind + note_id.hex()] = None
        self._keep(gone)

    # -- a person looks -----------------------------------------------------------------------------------------------

    def is_unread(self, note_id: bytes) -> bool:
        """Whether others changed the note since this person last looked."""
        return note_id in self._unread

    def look(self, note_id: bytes) -> int | None:
        """The person looks at a note: when he had last looked (ms since 1970), None if nobody changed it since."""
        since_ms = self._unread.pop(note_id, None)
        if since_ms is not None:
            self._before[note_id] = self._stood.get(note_id, ())
        self._look(note_id, {} if since_ms is None else {_UNREAD + note_id.hex(): None})
        return since_ms

    async def text_before(self, note_id: bytes) -> str | None:
        """The text as it stood when the person had looked before others changed it; None where that isn't known."""
        heads, found = self._before.get(note_id, ()), await self._opened.get_loaded(note_id)
        if not heads or found is None or found.note.now_at(0, heads) is None:
            return None
        return await text_at(self._core, note_id, heads)

    def leave(self, note_id: bytes) -> None:
        """The person looked at a note until now; if he did: what came behind his back stays unread."""
        if note_id not in self._unread:
            self._look(note_id, {})

    def _look(self, note_id: bytes, rows: dict[str, bytes | None]) -> None:
        if self._core.library.get(note_id) is not None:
            self._looked[note_id] = self._core.clock()
            stands = self._stood[note_id] = self._stands(note_id) or self._stood.get(note_id, ())
            self._keep(rows | {_LOOKED + note_id.hex(): _ms(self._looked[note_id]) + b"".join(stands)})

    def _stands(self, note_id: bytes) -> Heads:
        """Where a note stands now, own typing included; nothing of one that isn't loaded."""
        if self._opened.get(note_id) is None:
            return ()
        self._opened.flush(note_id)
        found = self._opened.get(note_id)
        heads = found.note.heads if found is not None else ()
        return heads if len(heads) <= _MOST_HEADS else ()

    def forget(self, notebook_id: bytes) -> None:
        """All of a notebook counts as looked at."""
        views = {note_id: self._core.library.get(note_id) for note_id in self._unread}
        gone = [one for one, view in views.items() if view is None or view.notebook_id == notebook_id]
        for note_id in gone:
            del self._unread[note_id]
        self._keep({_UNREAD + note_id.hex(): None for note_id in gone})

    # -- others write -------------------------------------------------------------------------------------------------

    def _heard(self, event: NodeEvent) -> None:
        if not isinstance(event, NoteReceived) or event.note_id in self._unread:
            return
        note_id, view = event.note_id, self._core.library.get(event.note_id)
        if self.eyes() == note_id and (view is None or view.notebook_id not in self._behind):
            return
        joined_ms = self._joined.get(view.notebook_id) if view is not None else None
        if joined_ms == _COMING or len(self._unread) >= MOST:
            return
        since_ms = self._looked.get(note_id, max(joined_ms or 0, view.created_ms if view is not None else 0))
        self._unread[note_id] = since_ms
        self._keep({_UNREAD + note_id.hex(): _ms(since_ms)})

    # -- notebooks that come ------------------------------------------------------------------------------------------

    def joined(self, notebook_id: bytes) -> None:
        """A notebook has just become one of ours: what others have of it comes now."""
        self._set_joined(notebook_id, _COMING)

    def _set_joined(self, notebook_id: bytes, at_ms: int) -> None:
        self._joined[notebook_id] = at_ms
        self._keep({_JOINED + notebook_id.hex(): _ms(at_ms)})

    def _synced(self, call: Call, event: Event) -> None:
        if isinstance(event, Synced) and self._awaits(event.notebook) and self._core.tasks.is_open:
            self._core.tasks.start(self._come(event.notebook), "waiting until a notebook has come")

    def _awaits(self, notebook_id: bytes) -> bool:
        return notebook_id in self._behind or self._joined.get(notebook_id) == _COMING

    async def _come(self, notebook_id: bytes) -> None:
        """It is on the disk; once all that waits before this is also in lists and texts, whatever comes is news."""
        if (hearing := self._peering.volumes.get(notebook_id)) is not None:
            await hearing.learn()
            self._behind.discard(notebook_id)
            if self._joined.get(notebook_id) == _COMING:
                self._set_joined(notebook_id, self._core.clock())

    def _keep(self, rows: dict[str, bytes | None]) -> None:
        if rows:
            self._core.outbox.put(Deed(rows=Batch(settings=rows)))


def nobody() -> bytes | None:
    """Nobody looks."""
    return None


def _ms(at_ms: int) -> bytes:
    return max(0, at_ms).to_bytes(8, "big")


def _kept(store: Store, kind: str) -> dict[bytes, tuple[int, Heads]]:
    rows: Any = store.db.execute("SELECT name, value FROM settings WHERE name GLOB ?", (f"{kind}*",))
    found = {}
    for name, value in rows:
        heads = tuple(value[at : at + 32] for at in range(8, len(value), 32))
        found[bytes.fromhex(name[len(kind) :])] = int.from_bytes(value[:8], "big"), heads
    return found
