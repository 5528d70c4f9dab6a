"""Decides whether a note in the trash stays visible: when somebody edited it who didn't know of the trash.

Asked when its row goes to the trash and when its text changes afterwards. Every device comes to the same answer,
because the row says what the trasher knew of the text.
"""

from __future__ import annotations

from notesapp.errors import LocalError
from notesapp.node.core import Core
from notesapp.node.indexes import Indexes
from notesapp.node.loading import load
from notesapp.node.outbox import Deed
from notesapp.notes.notebook import kept_by_edit
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind


async def keep_if_edited(core: Core, indexes: Indexes, note_id: bytes, opened: Replica | None) -> None:
    """Brings the note back into the lists, with `kept` in its view, if it is to stay; `opened` is its open replica."""
    view = core.library.get(note_id)
    if view is None or view.trashed_ms is None or view.deleted:
        return
    index = await indexes.open(view.notebook_id)
    row = index.notebook.rows().get(note_id)
    if row is None or not row.trashed_heads:
        return
    try:
        replica = opened or (await load(core, index.held, note_id, Kind.NOTE)).replica
    except LocalError:
        return  # its beginning hasn't come yet: asked again when it does
    if kept_by_edit(row, replica):
        await core.outbox.put(Deed(rows=indexes.keep(note_id)))
