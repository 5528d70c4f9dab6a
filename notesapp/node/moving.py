"""Moves a note into another notebook: a new note there that says where it came from, and a sign at the old place.

Decides what goes along: the text, the name, the pin, and the attachments to which the text refers, announced again.
"""

from __future__ import annotations

from notesapp.errors import BadRequest, TooLarge
from notesapp.node.acts import Acts
from notesapp.node.attachments import Attachments
from notesapp.node.core import Core
from notesapp.node.importing import merged
from notesapp.node.indexes import Indexes, OpenIndex
from notesapp.node.late import LateEdits
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.notes.markup import parse
from notesapp.notes.replica import Origin
from notesapp.notes.resolve import Place, Resolver
from notesapp.notes.rows import AttachmentRow, join_heads
from notesapp.sync.attachment import Manifest

_HEADS_LIMIT = 65_536  # bytes of a value in a document


class Moving:
    """The moves between the notebooks of one node."""

    def __init__(self, core: Core, opened: Opened, indexes: Indexes, acts: Acts, attachments: Attachments) -> None:
        self.late = LateEdits(core, opened)
        self._core = core
        self._opened = opened
        self._indexes = indexes
        self._acts = acts
        self._attachments = attachments

    async def move(self, note_id: bytes, notebook_id: bytes, folder: str | None) -> bytes:
        """The note's id in the other notebook. One deed: a kill leaves it wholly here or wholly there."""
        view = self._core.library.note(note_id)
        if view.notebook_id == notebook_id:
            raise BadRequest(what=f"“{view.title}” is in that notebook already.")
        source, target = await self._indexes.open(view.notebook_id), await self._indexes.open(notebook_id)
        note = await self._opened.open(note_id)
        try:
            self._opened.flush(note_id)
            heads = join_heads(note.heads)
            if len(heads) > _HEADS_LIMIT:
                raise TooLarge(what="The note's origin", size=f"{len(heads)} bytes", limit=f"{_HEADS_LIMIT} bytes")
            brought = await self._upload_attachments(source, target, note.text, view.folder)
            origin = Origin(view.notebook_id, note_id, heads)
            new_id, made = await self._acts.made_note(
                target,
                note.text,
                view.folder if folder is None else folder,
                view.file_name,
                created_ms=view.created_ms,
                origin=origin,
            )
            # from here on nothing waits: what is changed in an index must be put, or later changes stand on nothing
            deeds = [made, self._indexes.deed(source, [source.notebook.move_away(note_id, notebook_id + new_id)])]
            deeds += [self._attachments.named(target, manifest, name)[0] for name, manifest in brought.items()]
            deeds.append(Deed(rows=self.late.remember(note_id, new_id, heads)))
            if view.pinned:
                deeds.append(self._indexes.deed(target, [target.notebook.pin(new_id)]))
            await self._core.outbox.put(merged(deeds))
        finally:
            self._opened.close(note_id)
        return new_id

    async def _upload_attachments(
        self, source: OpenIndex, target: OpenIndex, text: str, folder: str
    ) -> dict[str, Manifest]:
        there = {row.name: row.hash for row in target.notebook.attachments().values()}
        brought: dict[str, Manifest] = {}
        for row in _referred(source, text, folder):
            if there.get(row.name) != row.hash:
                data = await self._attachments.read_all(source.held.notebook_id, row.name)
                brought[row.name] = await self._attachments.upload(data, row.name, row.size)
        return brought


def _referred(index: OpenIndex, text: str, folder: str) -> list[AttachmentRow]:
    """The attachments to which a text refers, each once."""
    rows = index.notebook.attachments()
    resolver = Resolver(
        Place(row.attachment_id, row.name.rpartition("/")[0], row.name.rpartition("/")[2]) for row in rows.values()
    )
    facts = parse(text)
    found = [resolver.resolve(link.target, folder) for link in facts.links if link.target]
    found += [resolver.resolve_url(link.target, folder) for link in facts.md_links]
    return [rows[place_id] for place_id in {place.id: None for place in found if place is not None}]
