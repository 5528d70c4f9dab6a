"""What people do with notes besides typing. Decides which documents an act changes; each is durable when it returns.

An act on several documents goes to the journal as one deed, or as deeds of one turn of the loop, which are one commit:
a kill leaves all of it or nothing. Whatever may wait or fail comes before the first change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from notesapp.errors import BadRequest
from notesapp.node.core import Core
from notesapp.node.erasing import TO_ERASE, erase_own
from notesapp.node.held import found as found_notebook
from notesapp.node.indexes import Indexes, OpenIndex
from notesapp.node.loading import Covered, advance
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed, joined
from notesapp.node.views import NoteFilter, NoteView
from notesapp.notes import file_names
from notesapp.notes.links import rename_links
from notesapp.notes.markup import parse
from notesapp.notes.note import Note
from notesapp.notes.notebook import Notebook
from notesapp.notes.replica import Origin as NoteOrigin
from notesapp.notes.replica import Replica
from notesapp.notes.resolve import Place, Resolver
from notesapp.notes.tagging import add_tag, remove_tag
from notesapp.store.rows import Batch, EntryRow, PendingRow
from notesapp.sync.naming import new_note_id
from notesapp.text import Splice, clean


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a new name changed: notes whose links were updated, and how many links."""

    note_id: bytes
    notes_changed: int
    links_changed: int


class Acts:
    """The acts of one node."""

    def __init__(self, core: Core, opened: Opened, indexes: Indexes) -> None:
        self._core = core
        self._opened = opened
        self._indexes = indexes

    # -- notebooks ------------------------------------------------------------------------------------------------

    async def create_notebook(self, name: str, beside: Callable[[bytes], Batch] = lambda made: Batch()) -> bytes:
        """A new notebook of this person, with its signed beginning; its id. `beside`: rows for the same commit."""
        core = self._core
        held, records = found_notebook(core.persona, core.openings, core.clock, core.entropy)
        notebook = Notebook.create(held.notebook_id, held.feed.actor, name)
        core.held[held.notebook_id] = held
        index = self._indexes.adopt(held, notebook)
        deed = self._indexes.deed(index, notebook.replica.changes_since(()))
        deed.rows = joined([records, deed.rows, beside(held.notebook_id)])
        await core.outbox.put(deed)
        for hear in core.on_made:
            hear(held.notebook_id)
        return held.notebook_id

    async def rename_notebook(self, notebook_id: bytes, name: str) -> None:
        """Calls a notebook something else."""
        await self._indexes.act(notebook_id, lambda notebook: notebook.rename(name))

    async def remove_notebook(self, notebook_id: bytes) -> tuple[bytes, ...]:
        """Takes a notebook off the lists and its notes into the trash, in one change; the notes that went there."""
        library = self._core.library
        if notebook_id in library.shared:
            raise BadRequest(what=f"“{library.name_of(notebook_id)}” is shared; leave it instead of removing it.")
        if library.listed() == [notebook_id]:
            raise BadRequest(what="This is the only notebook; make another one first.")
        index = await self._indexes.open(notebook_id)
        heads: dict[bytes, tuple[bytes, ...]] = {}
        for view in library.notes(NoteFilter(notebook_id)):
            note = await self._opened.open(view.note_id)
            self._opened.flush(view.note_id)
            heads[view.note_id] = tuple(note.heads)
            self._opened.close(view.note_id)
        # from here on nothing waits
        await self._core.outbox.put(
            self._indexes.deed(index, [index.notebook.remove(heads, now_ms=self._core.clock())])
        )
        return tuple(heads)

    async def add_folder(self, notebook_id: bytes, folder: str) -> None:
        """Makes a folder that stays though it is empty."""
        await self._indexes.act(notebook_id, lambda notebook: notebook.add_folder(folder))

    async def rename_folder(self, notebook_id: bytes, folder: str, new_path: str) -> None:
        """Gives a folder another path; what is in it goes with it."""
        await self._indexes.act(notebook_id, lambda notebook: notebook.rename_folder(folder, new_path))

    async def remove_folder(self, notebook_id: bytes, folder: str) -> None:
        """Forgets a folder; the notes in it move to the folder above."""
        await self._indexes.act(notebook_id, lambda notebook: notebook.remove_folder(folder))

    # -- notes ----------------------------------------------------------------------------------------------------

    async def create_note(
        self,
        notebook_id: bytes,
        text: str,
        folder: str,
        file_name: str,
        origin: NoteOrigin | None = None,
        *,
        patient: bool = False,
    ) -> bytes:
        """A new note; its id. TooLarge before anything is made. `patient` waits no longer for a disk that refuses."""
        index = await self._indexes.open(notebook_id)
        note_id, deed = await self.made_note(index, text, folder, file_name.strip(), origin=origin)
        durable = self._core.outbox.put(deed)
        await (self._core.outbox.patiently(durable) if patient else durable)
        return note_id

    async def made_note(
        self,
        index: OpenIndex,
        text: str,
        folder: str,
        file_name: str,
        *,
        created_ms: int | None = None,
        origin: NoteOrigin | None = None,
        keep_open: bool = True,
    ) -> tuple[bytes, Deed]:
        """A new note in memory and in the lists, and the deed that makes it last."""
        core, held, text = self._core, index.held, clean(text)
        note_id = self._free_id(held.feed.actor)
        replica = Replica.create_note(held.feed.actor, note_id, text, origin)
        now_ms = core.clock() if created_ms is None else created_ms
        facts = await self._opened.indexing.facts(text, file_name)
        change = index.notebook.add_note(note_id, now_ms=now_ms, folder=folder, file_name=file_name)
        row = index.notebook.rows()[note_id]
        view = NoteView(
            note_id,
            held.notebook_id,
            folder=row.folder,  # as the index has it: else its first look at the row would take it for changed
            file_name=row.file_name,
            created_ms=row.created_ms,
            edited_ms=now_ms,
            **facts,
        )
        core.library.put([view])
        core.hook.list_changed({note_id})
        raws = tuple(made.raw for made in replica.changes_since(()))
        deed = Deed(
            [(held.feed, note_id, raws), (held.feed, held.index_id, (change.raw,))],
            rows=joined([self._opened.indexing.rows(view, text), self._indexes.refresh(index)]),
            rows_of=[lambda rows: self._opened.indexing.text_row(view, text, _reach(note_id, rows))],
            fresh={note_id},
        )
        if keep_open:
            self._opened.adopt(held, replica, note_id)
        return note_id, deed

    def _free_id(self, feed: bytes) -> bytes:
        while self._core.library.get(note_id := new_note_id(feed, self._core.entropy)) is not None:
            continue  # chance met: one in billions
        return note_id

    async def set_folder(self, note_id: bytes, folder: str) -> None:
        """Moves a note within its notebook."""
        view = self._core.library.note(note_id)
        await self._indexes.act(view.notebook_id, lambda notebook: notebook.set_folder([note_id], folder))

    async def pin(self, note_id: bytes, pinned: bool) -> None:
        """Pins a note to the top of lists, or lets go of it."""
        view = self._core.library.note(note_id)
        await self._indexes.act(view.notebook_id, lambda notebook: notebook.pin(note_id, pinned))

    async def trash(self, note_id: bytes) -> None:
        """Puts a note into the trash; what was typed before belongs to it."""
        view = self._core.library.note(note_id)
        note = await self._opened.open(note_id)
        try:
            self._opened.flush(note_id)
            heads, now_ms = note.heads, self._core.clock()
            await self._indexes.act(
                view.notebook_id, lambda notebook: notebook.trash(note_id, now_ms=now_ms, heads=heads)
            )
        finally:
            self._opened.close(note_id)

    async def untrash(self, note_id: bytes) -> None:
        """Takes a note out of the trash."""
        view = self._core.library.note(note_id)
        await self._indexes.act(view.notebook_id, lambda notebook: notebook.untrash(note_id))

    async def delete(self, note_ids: Iterable[bytes]) -> int:
        """Deletes trashed notes for ever: here at once, elsewhere 30 days later (see `erasing`). How many."""
        by_notebook: dict[bytes, list[bytes]] = {}
        for note_id in note_ids:
            view = self._core.library.note(note_id)
            if view.trashed_ms is None:
                raise BadRequest(what=f"“{view.title}” is not in the trash; put it there first.")
            by_notebook.setdefault(view.notebook_id, []).append(note_id)
        for notebook_id, gone in by_notebook.items():
            for note_id in gone:
                self._opened.forget(note_id)
            index = await self._indexes.open(notebook_id)
            deed = self._indexes.deed(index, [index.notebook.delete(gone)])
            deed.rows = joined(
                [deed.rows, Batch(pending=tuple(PendingRow(TO_ERASE, gone_id, b"") for gone_id in gone))]
            )
            deed.fresh |= set(gone)
            await self._core.outbox.put(deed)
        await erase_own(self._core)
        return sum(map(len, by_notebook.values()))

    # -- texts ----------------------------------------------------------------------------------------------------

    async def change_text(self, note_id: bytes, splices: Iterable[Splice]) -> int:
        """Applies splices, one after another, as one burst; how many. Durable when it returns."""
        await self._opened.open(note_id)
        try:
            self._opened.flush(note_id)
            count = 0
            for splice in splices:
                self._opened.edit(note_id, splice, None)
                count += 1
            self._opened.flush(note_id)
        finally:
            self._opened.close(note_id)
        await self._core.outbox.settled()
        return count

    async def tag(self, note_id: bytes, add: Iterable[str], remove: Iterable[str]) -> None:
        """Puts tags on a note and takes others away; nothing else in the text changes."""
        note = await self._opened.open(note_id)
        try:
            for tag in add:
                for splice in add_tag(note.text, tag):
                    self._opened.edit(note_id, splice, None)
            for tag in remove:
                for splice in remove_tag(note.text, tag):
                    self._opened.edit(note_id, splice, None)
        finally:
            self._opened.close(note_id)
        await self._core.outbox.settled()
        await self._opened.indexing.flush()

    async def rename(self, note_id: bytes, name: str, update_links: bool) -> Renamed:
        """Gives a note another file name; where its heading was its name, the heading too; and the links to it."""
        view = self._core.library.note(note_id)
        name = name.strip().removesuffix(".md")
        if why := file_names.why_no_name(name):
            raise BadRequest(what=why)
        linking = await self._linking(view, name) if update_links else {}
        index = await self._indexes.open(view.notebook_id)
        notes: dict[bytes, Note] = {}
        try:
            for other in {note_id, *linking}:
                notes[other] = await self._opened.open(other)
            deed = self._indexes.deed(index, [index.notebook.rename_file(note_id, name)])
            try:
                changed = {other: self._relink(other, notes[other], asks, name) for other, asks in linking.items()}
                if (heading := _naming_heading(notes[note_id].text, view)) is not None:
                    self._opened.edit(note_id, Splice(heading, view.title, name), None)
            finally:
                done = self._core.outbox.put(deed)
        finally:
            for other in notes:
                self._opened.close(other)  # ends the burst: the same turn, so the same commit
        await done
        await self._core.outbox.settled()
        await self._opened.indexing.flush()
        return Renamed(note_id, sum(map(bool, changed.values())), sum(changed.values()))

    def _relink(self, other: bytes, note: Note, asks: Callable[[str], bool], name: str) -> int:
        splices = rename_links(note.text, asks, name)
        for splice in splices:
            self._opened.edit(other, splice, None)
        return len(splices)

    async def _linking(self, view: NoteView, name: str) -> dict[bytes, Callable[[str], bool]]:
        """The notes that link to one that gets a new name, each with the test of which of its links do."""
        beside = [other for other in self._core.library if other.notebook_id == view.notebook_id and other.shown]
        resolver = Resolver(Place(v.note_id, v.folder, v.file_name, v.aliases, v.title) for v in beside)
        old = {file_names.name_key(said) for said in (view.file_name or view.title, view.file_name) if said}
        texts, _ = await self._opened.indexing.texts(view.notebook_id)
        found: dict[bytes, Callable[[str], bool]] = {}
        for other in beside:

            def asks(target: str, folder: str = other.folder) -> bool:
                place = resolver.resolve(target, folder)
                said = file_names.name_key(target.rpartition("/")[2].strip().removesuffix(".md"))
                return place is not None and place.id == view.note_id and said in old

            text = texts.get(other.note_id, "")
            if "[" in text and rename_links(text, asks, name):
                found[other.note_id] = asks
        return found


def _reach(note_id: bytes, rows: Iterable[EntryRow]) -> Covered:
    """Which entries of a note there are among those just sealed."""
    covered: Covered = {}
    advance(covered, (row for row in rows if row.note_id == note_id))
    return covered


def _naming_heading(text: str, view: NoteView) -> int | None:
    """Where the heading's words stand, if they are what the note is called."""
    headings = parse(text).headings
    if not headings or headings[0].text != view.title:
        return None
    if view.file_name and file_names.name_key(view.file_name) != file_names.name_key(view.title):
        return None
    at = text.find(view.title, headings[0].at)
    return at if at >= 0 and "\n" not in text[headings[0].at : at].strip() else None
