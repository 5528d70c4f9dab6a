"""Carries out an import: reads the folder, lets `vault` plan, makes what it says. Decides order, groups and the report.

Each note comes in whole or not at all, many in one commit. What an import left is remembered per folder, so that a
second run changes only what changed; a run that was stopped or killed goes on where it was.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from notesapp.errors import ImportIncomplete, LocalError, NoSuchNotebook, NotesError
from notesapp.node.acts import Acts
from notesapp.node.attachments import Attachments
from notesapp.node.core import Core
from notesapp.node.folder import Folder, read_folder
from notesapp.node.indexes import Indexes, OpenIndex
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed, joined
from notesapp.notes.link_report import Linking, LinkReport, report_links
from notesapp.notes.vault import Action, AttachmentPlan, Held, ImportPlan, Known, NotePlan, digest_of, plan_import
from notesapp.store.rows import Batch
from notesapp.sync.attachment import Manifest

Progress = Callable[[int, int, str], None]

_SMALL_BYTES = 1024 * 1024  # files up to here are kept many at a time
_GROUP = 32  # notes made before the loop gets a turn and a commit is asked for


@dataclass(slots=True)
class ImportReport:
    """What an import did (or would do). `files`: (path, what happened, why); `unresolved`: (path, line, target)."""

    dry_run: bool
    notes_new: int = 0
    notes_changed: int = 0
    notes_same: int = 0
    attachments: int = 0
    skipped: int = 0
    links_resolved: int = 0
    files: list[tuple[str, str, str]] = field(default_factory=list)
    unresolved: list[tuple[str, int, str]] = field(default_factory=list)
    notes_in: int = 0  # so far, while it runs
    notes_all: int = 0
    bugs: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, path: str, error: NotesError) -> None:
        """A file that could not be taken, and whose fault that is."""
        self.files.append((path, "refused", error.sentence))
        self.skipped += 1
        if isinstance(error, LocalError):
            self.bugs.append((path, str(error.facts.get("what", ""))))


class Importing:
    """The imports of one node."""

    def __init__(self, core: Core, opened: Opened, indexes: Indexes, acts: Acts, attachments: Attachments) -> None:
        self._core = core
        self._opened = opened
        self._indexes = indexes
        self._acts = acts
        self._attachments = attachments
        self._one = asyncio.Lock()  # two plans made of one state would bring everything twice

    async def run(
        self,
        root: Path,
        notebook: bytes | str,
        dry_run: bool,
        progress: Progress,
        into: str = "",
        report: ImportReport | None = None,
    ) -> ImportReport:
        """Imports a folder into a notebook, or (a name) into a new one, made once the folder could be read.

        UnreadableFile if it can't be read at all; single files are only reported, but ImportIncomplete at the end if
        that was our fault. Cancelling stops it between two notes; what is in stays in. `report` is filled on the way.
        Another import waits until this one has ended.
        """
        report = report or ImportReport(dry_run)
        async with self._one:
            await self._run(root, notebook, dry_run, progress, into, report)
        if report.bugs:
            path, what = report.bugs[0]
            raise ImportIncomplete(count=len(report.bugs), path=path, what=what)
        return report

    async def _run(
        self, root: Path, notebook: bytes | str, dry_run: bool, progress: Progress, into: str, report: ImportReport
    ) -> None:
        folder = await _read(root, progress)
        if isinstance(notebook, str):
            notebook = await self._named(notebook, dry_run)
        index = await self._indexes.open(notebook) if notebook else None
        memory = _memory(root, notebook, into)
        known = await self._known(memory)
        plan, links = await self._plan(index, folder, known, into)
        self._remark(report, plan, folder, links)
        if index is not None and not dry_run:
            await self._add_folders(index, plan)
            await self._take_notes(index, plan, memory, known, report, progress)
            await self._take_files(index, root, plan, report, progress)

    async def _named(self, name: str, dry_run: bool) -> bytes:
        """The notebook of this name, which an import that we waited for may have made; nothing yet in a dry run."""
        try:
            return self._core.library.notebook(name)
        except NoSuchNotebook:
            return b"" if dry_run else await self._acts.create_notebook(name)

    async def _plan(
        self, index: OpenIndex | None, folder: Folder, known: dict[str, Known], into: str
    ) -> tuple[ImportPlan, LinkReport]:
        notebook_id = index.held.notebook_id if index is not None else b""
        texts, _ = await self._opened.indexing.texts(notebook_id)
        views = [v for v in self._core.library if v.notebook_id == notebook_id and v.shown and v.trashed_ms is None]
        shown = {view.note_id for view in views}
        held = [
            Held(v.note_id, v.folder, v.file_name, digest_of(texts[v.note_id])) for v in views if v.note_id in texts
        ]
        rows = index.notebook.attachments().values() if index is not None else ()
        names = {row.name: row.hash for row in rows}

        def plan() -> tuple[ImportPlan, LinkReport]:
            found = plan_import(
                folder.files,
                known=known,
                held=held,
                text_now=lambda note_id: texts.get(note_id, "") if note_id in shown else None,
                attachments=names,
                folders=folder.folders,
                into=into,
            )
            notes = [Linking(note.path, note.folder, note.file_name, note.text) for note in found.notes]
            return found, report_links(notes, [file.name for file in found.attachments])

        return await asyncio.to_thread(plan)

    def _remark(self, report: ImportReport, plan: ImportPlan, folder: Folder, links: LinkReport) -> None:
        report.notes_new = sum(note.action in (Action.CREATE, Action.KEEP_BOTH) for note in plan.notes)
        report.notes_changed = sum(note.action is Action.UPDATE for note in plan.notes)
        report.notes_same = sum(note.action is Action.SKIP for note in plan.notes)
        report.attachments = sum(file.action in (Action.CREATE, Action.UPDATE) for file in plan.attachments)
        report.notes_all = len(plan.notes)
        report.links_resolved = links.resolved
        report.unresolved = [(link.path, link.line, link.target) for link in links.unresolved]
        report.files += [(path, "unreadable", why) for path, why in folder.unreadable]
        report.files += [(remark.path, remark.outcome, remark.sentence) for remark in plan.remarks]
        report.skipped = len(folder.unreadable) + sum(f.action is Action.REFUSE for f in plan.attachments)

    async def _add_folders(self, index: OpenIndex, plan: ImportPlan) -> None:
        there = set(index.notebook.folders()) | {note.folder for note in plan.notes}
        there |= {folder[:at] for folder in there for at, sign in enumerate(folder) if sign == "/"}
        changes = [index.notebook.add_folder(folder) for folder in plan.folders if folder not in there]
        if changes:
            await self._core.outbox.put(self._indexes.deed(index, changes))

    async def _take_notes(
        self,
        index: OpenIndex,
        plan: ImportPlan,
        memory: str,
        known: dict[str, Known],
        report: ImportReport,
        progress: Progress,
    ) -> None:
        for start in range(0, len(plan.notes), _GROUP):
            try:
                for number, note in enumerate(plan.notes[start : start + _GROUP], start=start + 1):
                    try:
                        note_id = await self._take_note(index, note)
                    except NotesError as error:
                        report.refuse(note.path, error)
                        continue
                    known[note.path] = Known(note_id, note.source_digest, note.text_digest)
                    report.notes_in += 1
                    progress(number, len(plan.notes), note.path)
            finally:  # also of a run that is stopped here: it goes on with what it left
                done = self._core.outbox.put(Deed(rows=Batch(settings={memory: _pack_known(known)})))
            await done
            await self._core.outbox.settled()

    async def _take_note(self, index: OpenIndex, plan: NotePlan) -> bytes:
        """The note's id. What is made is on its way to the disk before anything else gets a turn."""
        match plan.action:
            case Action.CREATE | Action.KEEP_BOTH:
                note_id, deed = await self._acts.made_note(
                    index, plan.text, plan.folder, plan.file_name, created_ms=plan.created_ms, keep_open=False
                )
                self._core.outbox.put(deed)
                return note_id
            case Action.UPDATE if plan.note_id is not None:
                if plan.splice is not None:
                    await self._acts.change_text(plan.note_id, [plan.splice])
                return plan.note_id
            case _:
                return plan.note_id or b""

    async def _take_files(
        self, index: OpenIndex, root: Path, plan: ImportPlan, report: ImportReport, progress: Progress
    ) -> None:
        wanted = [file for file in plan.attachments if file.action in (Action.CREATE, Action.UPDATE)]
        for start in range(0, len(wanted), _GROUP):
            group = wanted[start : start + _GROUP]
            small = [root / file.path for file in group if file.size <= _SMALL_BYTES]
            ready = await self._attachments.upload_small(small)
            for number, file in enumerate(group, start=start + 1):
                try:
                    await self._take_file(index, root, file, ready.get(root / file.path))
                except NotesError as error:
                    report.refuse(file.path, error)
                    report.attachments -= 1
                progress(number, len(wanted), file.path)
            await self._core.outbox.settled()

    async def _take_file(
        self, index: OpenIndex, root: Path, file: AttachmentPlan, ready: Manifest | NotesError | None
    ) -> None:
        if isinstance(ready, NotesError):
            raise ready
        manifest = ready or await self._attachments.upload(root / file.path, file.name, file.size)
        old = [row for row in index.notebook.attachments().values() if row.name == file.name]
        gone = [(row, await self._attachments.manifest(index, row)) for row in old]
        deed, _ = self._attachments.named(index, manifest, file.name)
        self._core.outbox.put(merged([deed, *[self._attachments.removed(index, row, its) for row, its in gone]]))

    async def _known(self, memory: str) -> dict[str, Known]:
        data = await self._core.journal.read(lambda store: store.setting(memory))
        if data is None:
            return {}
        rows = msgspec.msgpack.decode(data, type=dict[str, tuple[bytes, bytes, bytes]])
        return {path: Known(*row) for path, row in rows.items()}


def _memory(root: Path, notebook_id: bytes, into: str) -> str:
    """The setting that keeps what earlier imports of this folder left in the notebook."""
    return f"import:{digest_of(f'{os.path.realpath(root)}|{notebook_id.hex()}|{into}').hex()}"


def merged(deeds: Iterable[Deed]) -> Deed:
    """One deed that does all of these together."""
    whole = Deed()
    batches: list[Batch] = []
    for deed in deeds:
        whole.changes += deed.changes
        whole.announced += deed.announced
        whole.stale |= deed.stale
        whole.fresh |= deed.fresh
        batches.append(deed.rows)
        whole.rows_of += deed.rows_of
    whole.rows = joined(batches)
    return whole


def _pack_known(known: dict[str, Known]) -> bytes:
    rows = {path: (row.note_id, row.source_digest, row.text_digest) for path, row in known.items()}
    return msgspec.msgpack.encode(rows)


async def _read(root: Path, progress: Progress) -> Folder:
    """The folder, read on a thread that ends when the import is cancelled."""
    loop, stop = asyncio.get_running_loop(), threading.Event()

    def tell(done: int, total: int, what: str) -> None:
        loop.call_soon_threadsafe(progress, done, total, what)

    try:
        return await asyncio.to_thread(read_folder, root, tell, stop.is_set)
    finally:
        stop.set()
