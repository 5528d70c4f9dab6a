"""Carries out an export: a folder of Markdown files and attachments. Decides what may be overwritten, and writes whole.

A file that is already there with the same bytes is left alone; another one is overwritten only if an earlier export
wrote it (and nobody changed it since), or if the person says so.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from notesapp.errors import AttachmentAway, BadRequest, CannotWrite, DiskFull, NotesError
from notesapp.node.attachments import Attachments
from notesapp.node.core import Core
from notesapp.node.indexes import Indexes
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.notes.vault import digest_of
from notesapp.notes.vault_export import ExportAttachment, ExportNote, ExportPlan, plan_export
from notesapp.store.rows import Batch

Progress = Callable[[int, int, str], None]

_NO_SPACE = frozenset({28, 122, 39, 112})  # ENOSPC, EDQUOT, and Windows' disk and handle full


@dataclass(slots=True)
class ExportReport:
    """What an export wrote. `files`: (path, what happened, why) for those that need a word."""

    path: Path
    notes: int = 0
    attachments: int = 0
    written: int = 0
    same: int = 0
    files: list[tuple[str, str, str]] = field(default_factory=list)


class Exporting:
    """The exports of one node."""

    def __init__(self, core: Core, opened: Opened, indexes: Indexes, attachments: Attachments) -> None:
        self._core = core
        self._opened = opened
        self._indexes = indexes
        self._attachments = attachments

    async def run(self, root: Path, notebook_id: bytes, overwrite: bool, progress: Progress) -> ExportReport:
        """Exports a notebook. CannotWrite or DiskFull stop it; files that must not be overwritten are reported."""
        await asyncio.to_thread(_prepare, root)
        report = ExportReport(root)
        plan = await self.plan(notebook_id, report)
        memory = _memory(root, notebook_id)
        before = await self._written(memory)
        names = {
            row.attachment_id: row.name
            for row in (await self._indexes.open(notebook_id)).notebook.attachments().values()
        }
        for folder in plan.folders:
            await asyncio.to_thread(make_folder, root / folder)
        try:
            for number, file in enumerate(plan.files, start=1):
                if file.attachment_id is None:
                    data = file.data or b""
                    report.notes += 1
                else:
                    try:
                        data = await self._attachments.read_all(notebook_id, names[file.attachment_id])
                    except AttachmentAway as away:
                        report.files.append((file.path, "left out", away.sentence))
                        continue
                    report.attachments += 1
                ours = (before[file.path],) if file.path in before else ()
                outcome, digest = await asyncio.to_thread(write_file, root, file.path, data, ours, overwrite=overwrite)
                if outcome == "kept":
                    why = "Another file of this name is there; it was kept. Use --overwrite to replace it."
                    report.files.append((file.path, outcome, why))
                else:
                    before[file.path] = digest
                    report.written += outcome == "written"
                    report.same += outcome == "same"
                progress(number, len(plan.files), file.path)
        finally:
            memory_kept = self._core.outbox.put(Deed(rows=Batch(settings={memory: msgspec.msgpack.encode(before)})))
            await self._core.outbox.patiently(memory_kept)
        report.files += [(remark.path, "remark", remark.sentence) for remark in plan.remarks]
        return report

    async def plan(self, notebook_id: bytes, report: ExportReport) -> ExportPlan:
        """The files of a notebook as it is now; notes without a text here are told in `report`."""
        index = await self._indexes.open(notebook_id)
        texts, missing = await self._opened.indexing.texts(notebook_id)
        views = [v for v in self._core.library if v.notebook_id == notebook_id and v.shown and v.trashed_ms is None]
        notes = [ExportNote(v.note_id, v.folder, v.file_name, texts[v.note_id]) for v in views if v.note_id in texts]
        report.files += [(v.path or v.title, "left out", missing[v.note_id]) for v in views if v.note_id in missing]
        files = [ExportAttachment(row.attachment_id, row.name) for row in index.notebook.attachments().values()]
        folders = index.notebook.folders()
        return await asyncio.to_thread(lambda: plan_export(notes, files, folders=folders))

    async def _written(self, memory: str) -> dict[str, bytes]:
        data = await self._core.journal.read(lambda store: store.setting(memory))
        return {} if data is None else msgspec.msgpack.decode(data, type=dict[str, bytes])


def _memory(root: Path, notebook_id: bytes) -> str:
    """The setting that keeps what earlier exports of this notebook wrote there."""
    return f"export:{digest_of(f'{os.path.realpath(root)}|{notebook_id.hex()}').hex()}"


def _prepare(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise BadRequest(what=f"“{root}” is a file; name a folder to export to.")
    make_folder(root)


def make_folder(path: Path) -> None:
    """The folder and those above it; CannotWrite, DiskFull. Blocking."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explained(path, error) from None


def write_file(root: Path, name: str, data: bytes, ours: Sequence[bytes], *, overwrite: bool) -> tuple[str, bytes]:
    """(written, same or kept; the digest). The whole new file appears at once, or the old one stays.

    `ours`: digests of what we may have written there before; another file is kept unless `overwrite`. Blocking.
    """
    path, digest = root / name, digest_of(data)
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise CannotWrite(path=path, why="it would lie outside the folder, behind a link")
        if path.exists() or path.is_symlink():
            there = digest_of(path.read_bytes()) if path.is_file() else b""
            if there == digest:
                return "same", digest
            if not overwrite and there not in ours:
                return "kept", digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=".notesapp-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(partial, 0o666 & ~_umask())
            os.replace(partial, path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise explained(path, error) from None
    return "written", digest


def explained(path: Path, error: OSError) -> NotesError:
    """The sentence for what the disk said of a file of the person's own."""
    if error.errno in _NO_SPACE:
        return DiskFull(path=path)
    return CannotWrite(path=path, why=error.strerror or str(error))


def _umask() -> int:
    mask = os.umask(0o022)  # the only way to read it; for an instant, on a thread that makes no files
    os.umask(mask)
    return mask
