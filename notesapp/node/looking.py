"""What others changed since this person last looked, note by note. Decides what counts as looked at; outlives the run.

A note is looked at while it is before the person's eyes, which a window tells (`eyes`); where no window is, nothing is.
When a notebook comes for the first time, all of it counts as looked at: nobody wants a dot at each of 5,000 notes. Kept
in the settings of this device, so what is read on another one stays unread here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import Event as NodeEvent
from notesapp.node.events import NoteReceived
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.store.rows import Batch
from notesapp.store.store import Store
from notesapp.sync.events import Event, Synced

MOST = 2_000  # notes that are remembered as changed; in a larger pile nobody looks for dots

_UNREAD, _LOOKED, _JOINED = "unread ", "looked ", "joined "  # the settings, each with an id → ms since 1970
_COMING = 0  # instead of the time at which a notebook had come for the first time


class Looking:
    """See the module. `eyes` tells which note a person has before him at this moment."""

    def __init__(self, core: Core, peering: Peering) -> None:
        self._core = core
        self._peering = peering
        self.eyes: Callable[[], bytes | None] = nobody
        self._unread: dict[bytes, int] = {}
        self._looked: dict[bytes, int] = {}
        self._joined: dict[bytes, int] = {}
        core.hook.subscribe(self._heard)
        peering.on_event.append(self._synced)

    async def begin(self) -> None:
        """Reads what is remembered; what it says of notes that are gone is forgotten."""

        def read(store: Store) -> list[dict[bytes, int]]:
            return [_kept(store, kind) for kind in (_UNREAD, _LOOKED, _JOINED)]

        self._unread, self._looked, self._joined = await self._core.journal.read(read)
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
        self._look(note_id, {} if since_ms is None else {_UNREAD + note_id.hex(): None})
        return since_ms

    def leave(self, note_id: bytes) -> None:
        """The person looked at a note until now; if he did: what came behind his back stays unread."""
        if note_id not in self._unread:
            self._look(note_id, {})

    def _look(self, note_id: bytes, rows: dict[str, bytes | None]) -> None:
        if self._core.library.get(note_id) is not None:
            self._looked[note_id] = self._core.clock()
            self._keep(rows | {_LOOKED + note_id.hex(): _ms(self._looked[note_id])})

    def forget(self, notebook_id: bytes) -> None:
        """All of a notebook counts as looked at."""
        views = {note_id: self._core.library.get(note_id) for note_id in self._unread}
        gone = [one for one, view in views.items() if view is None or view.notebook_id == notebook_id]
        for note_id in gone:
            del self._unread[note_id]
        self._keep({_UNREAD + note_id.hex(): None for note_id in gone})

    # -- others write -------------------------------------------------------------------------------------------------

    def _heard(self, event: NodeEvent) -> None:
        if not isinstance(event, NoteReceived) or event.note_id in self._unread or self.eyes() == event.note_id:
            return
        note_id, view = event.note_id, self._core.library.get(event.note_id)
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
        if isinstance(event, Synced) and self._joined.get(event.notebook) == _COMING and self._core.tasks.is_open:
            self._core.tasks.start(self._come(event.notebook), "waiting until a notebook has come")

    async def _come(self, notebook_id: bytes) -> None:
        """It is on the disk; once all that waits before this is also in lists and texts, whatever comes is news."""
        if (hearing := self._peering.volumes.get(notebook_id)) is not None:
            await hearing.learn()
            self._set_joined(notebook_id, self._core.clock())

    def _keep(self, rows: dict[str, bytes | None]) -> None:
        if rows:
            self._core.outbox.put(Deed(rows=Batch(settings=rows)))


def nobody() -> bytes | None:
    """Nobody looks."""
    return None


def _ms(at_ms: int) -> bytes:
    return max(0, at_ms).to_bytes(8, "big")


def _kept(store: Store, kind: str) -> dict[bytes, int]:
    rows: Any = store.db.execute("SELECT name, value FROM settings WHERE name GLOB ?", (f"{kind}*",))
    return {bytes.fromhex(name[len(kind) :]): int.from_bytes(value, "big") for name, value in rows}
