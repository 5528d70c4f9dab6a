"""The part of a node that deals with the world of files: imports, exports, attachments, history, backups, keys."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from notesapp.errors import BadRequest, NotesError
from notesapp.node import bodiless
from notesapp.node import history as histories
from notesapp.node import persona as personas
from notesapp.node.acts import Acts
from notesapp.node.attachments import Attachments
from notesapp.node.core import Core
from notesapp.node.erasing import has_body
from notesapp.node.exporting import Exporting, ExportReport
from notesapp.node.history import Version
from notesapp.node.home import Unlock
from notesapp.node.importing import Importing, ImportReport
from notesapp.node.indexes import Indexes
from notesapp.node.mirroring import Mirroring, MirrorReport, MirrorView
from notesapp.node.moving import Moving
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.node.upkeep import Upkeep
from notesapp.node.views import AttachmentView, NoteView
from notesapp.store.backup import Backup
from notesapp.store.doctor import Finding

if TYPE_CHECKING:
    from notesapp.node.people import People

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, what: str) -> None:
    """Nobody watches."""


class Outward:
    """What a `Node` offers besides notes and lists; made by it."""

    people: People

    def __init__(self, core: Core, opened: Opened, indexes: Indexes, acts: Acts, how: Unlock) -> None:
        self._core = core
        self._opened = opened
        self._files = Attachments(core, indexes)
        self._acts = acts
        self._imports = Importing(core, opened, indexes, acts, self._files)
        self._exports = Exporting(core, opened, indexes, self._files)
        self._mirroring = Mirroring(core, indexes, opened.indexing, self._exports, self._files)
        self._moves = Moving(core, opened, indexes, acts, self._files)
        self._upkeep = Upkeep(core, how)

    # -- folders of files -----------------------------------------------------------------------------------------

    async def import_folder(
        self,
        path: Path,
        notebook: bytes | str,
        dry_run: bool = False,
        progress: Progress = _silent,
        into: str = "",
        report: ImportReport | None = None,
    ) -> ImportReport:
        """Reads a folder of Markdown or an Obsidian vault into a notebook, or a new one of this name.

        To cancel, cancel the task; `report` is filled on the way, so it tells how far it came.
        """
        return await self._imports.run(path, notebook, dry_run, progress, into, report)

    async def export_folder(
        self, path: Path, notebook_id: bytes, overwrite: bool = False, progress: Progress = _silent
    ) -> ExportReport:
        """Writes a notebook into a folder of Markdown; to cancel, cancel the task."""
        return await self._exports.run(path, notebook_id, overwrite, progress)

    def mirrors(self) -> tuple[MirrorView, ...]:
        """The notebooks that are mirrored into folders of plain files, by name."""
        return self._mirroring.views()

    async def mirror(self, notebook_id: bytes, path: Path, progress: Progress | None = None) -> MirrorReport:
        """Mirrors a notebook one way into a folder from now on; returns when all of it is written there."""
        return await self._mirroring.begin(notebook_id, path, progress)

    async def stop_mirror(self, notebook_id: bytes) -> None:
        """Mirrors it no more; what was written stays. BadRequest if there is no mirror."""
        await self._mirroring.stop(notebook_id)

    async def _follow(self) -> None:
        """Brings what is made from texts up to date: lists, search index, mirrors."""
        await self._opened.indexing.flush()
        await self._mirroring.finish()

    async def move_to_notebook(self, note_id: bytes, notebook_id: bytes, folder: str | None = None) -> bytes:
        """Moves a note into another notebook; its id there."""
        return await self._moves.move(note_id, notebook_id, folder)

    # -- attachments ----------------------------------------------------------------------------------------------

    async def attach(
        self, notebook_id: bytes, source: Path | bytes, name: str | None = None, folder: str = ""
    ) -> AttachmentView:
        """Keeps a file, or bytes under a name, with a notebook."""
        if name is None:
            name = source.name if isinstance(source, Path) else "attachment"
        return await self._files.attach(notebook_id, source, name, folder)

    async def attachments(self, notebook_id: bytes) -> list[AttachmentView]:
        """The files kept with a notebook, by name."""
        return await self._files.all(notebook_id)

    async def remove_attachment(self, notebook_id: bytes, name: str) -> None:
        """Takes an attachment out of a notebook; its bytes go after 30 days."""
        await self._files.remove(notebook_id, name)

    async def read_attachment(self, notebook_id: bytes, name: str) -> bytes:
        """An attachment's bytes; BadRequest if there is none by this name."""
        return await self._files.read_all(notebook_id, name)

    def attachment_pieces(self, notebook_id: bytes, name: str) -> AsyncIterator[bytes]:
        """An attachment's bytes, piece by piece."""
        return self._files.read(notebook_id, name)

    # -- earlier versions -----------------------------------------------------------------------------------------

    async def history(self, note_id: bytes) -> list[Version]:
        """The stretches of work on a note, the newest first."""
        await self._save(note_id)
        names = self.people.names_in(self._core.library.note(note_id).notebook_id)
        return await histories.history(self._core, note_id, names)

    async def text_at(self, note_id: bytes, heads: tuple[bytes, ...]) -> str:
        """The note's text as it was at earlier heads."""
        await self._save(note_id)
        return await histories.text_at(self._core, note_id, heads)

    async def deleted_by_others(self) -> list[NoteView]:
        """Notes that others deleted for ever, and whose texts lie here until the 30 days are over."""
        gone = [view for view in self._core.library if view.deleted]
        return await self._core.journal.read(lambda store: [view for view in gone if has_body(store, view.note_id)])

    async def write_again(self, note_id: bytes) -> bytes:
        """One of them as a new note, with its text and place; its id."""
        view = self._core.library.note(note_id)
        if view not in await self.deleted_by_others():
            raise BadRequest(what=f"The text of “{view.title}” isn't here any more.")
        text = (await self._opened.open(note_id)).text
        self._opened.close(note_id)
        return await self._acts.create_note(view.notebook_id, text, view.folder, view.file_name)

    async def automerge_file(self, note_id: bytes) -> bytes:
        """The note with its whole history, as an Automerge document."""
        await self._save(note_id)
        return await histories.automerge_file(self._core, note_id)

    async def _save(self, note_id: bytes) -> None:
        self._opened.flush(note_id)
        await self._core.outbox.patiently(self._core.outbox.settled())

    # -- keeping safe ---------------------------------------------------------------------------------------------

    async def backup(self, to: Path | None = None) -> Backup:
        """A proved backup now, among those that are kept, or also at a path."""
        return await self._upkeep.backup("asked", to)

    async def look_by_the_way(self) -> None:
        """The daily upkeep, for a node that lives for one command only; what fails of it is told by the doctor."""
        try:
            await self._upkeep.look_by_the_way()
        except Exception:
            logger.exception("! the upkeep after a command failed")  # what the command did stands

    @property
    def late(self) -> tuple[str, ...]:
        """What a person who only uses single commands must do himself."""
        return self._upkeep.late()

    def backups(self) -> tuple[Backup, ...]:
        """The backups that are kept, the newest first."""
        return self._upkeep.backups()

    async def set_passphrase(self, old: str | None, new: str | None) -> None:
        """Sets, changes or (new None) takes away the passphrase."""
        await self._upkeep.set_passphrase(old, new)

    async def doctor(self) -> tuple[Finding, ...]:
        """What the doctor finds."""
        found = (*await self._upkeep.doctor(), await self._opened.indexing.examined())
        return (*found, *await bodiless.examined(self._core, self._core.owner))

    def recovery_kit(self) -> tuple[str, ...]:
        """The 24 words; BadRequest once they were confirmed."""
        return self._core.persona.kit()

    async def confirm_recovery_kit(self) -> None:
        """The person has the words: the root key leaves this device."""
        self._core.persona, rows = personas.confirm_kit(self._core.persona)
        await self._core.outbox.put(Deed(rows=rows))

    async def begin_note(self, notebook_id: bytes, text: str = "", folder: str = "") -> bytes:
        """A new note to write in, even while the disk refuses: its status then tells so; its id."""
        return await self._acts.create_note(notebook_id, text, folder, "", patient=True)

    @property
    def refused(self) -> NotesError | None:
        """Why the disk takes nothing now, or None."""
        return self._core.outbox.trouble if self._core.journal.refuses else None

    @property
    def waiting(self) -> int:
        """How many changes are in memory and not on the disk."""
        return self._core.outbox.waiting

    @property
    def notices(self) -> tuple[str, ...]:
        """What repairs of the store did, until a person has seen it in the doctor."""
        return self._core.untold

    @property
    def notice(self) -> str | None:
        """What the person must know about how the key is kept; None if all is well."""
        return self._core.keyfile.notice
