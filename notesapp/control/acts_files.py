"""The commands about files: import, export, attachments."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from notesapp.control import calls
from notesapp.control.desk import Desk, command
from notesapp.control.rows import AttachmentRow, Done, ExportRow, FileReport, ImportRow, MirrorRow
from notesapp.errors import BadRequest, CannotWrite, ImportStopped, NoSuchNotebook
from notesapp.node.attachments import markdown_link
from notesapp.node.importing import ImportReport
from notesapp.node.mirroring import MirrorView
from notesapp.node.views import AttachmentView
from notesapp.text import Splice


@command
async def import_(desk: Desk, call: calls.Import) -> ImportRow:
    """Reads a folder of Markdown, or an Obsidian vault, into a notebook."""
    notebook: bytes | str
    try:
        notebook = desk.notebook(call.notebook)
    except NoSuchNotebook:
        notebook = call.notebook or ""  # a vault is best kept apart: a new name makes a new notebook
    done = ImportReport(call.dry_run)
    try:
        await desk.node.import_folder(desk.path(call.path), notebook, call.dry_run, desk.progress, call.into, done)
    except asyncio.CancelledError:
        if call.dry_run or not done.notes_all:
            raise
        raise ImportStopped(notes=f"{done.notes_in:,}", total=f"{done.notes_all:,}") from None
    return ImportRow(
        dry_run=done.dry_run,
        notes_new=done.notes_new,
        notes_changed=done.notes_changed,
        notes_same=done.notes_same,
        attachments=done.attachments,
        links_resolved=done.links_resolved,
        links_unresolved=len(done.unresolved),
        skipped=done.skipped,
        files=tuple(FileReport(*file) for file in done.files),
        unresolved=tuple(f"{path}:{line}: {target}" for path, line, target in done.unresolved),
    )


@command
async def export(desk: Desk, call: calls.Export) -> ExportRow:
    """Writes notes and attachments into a folder of Markdown."""
    notebook_id = desk.notebook(call.notebook)
    done = await desk.node.export_folder(desk.path(call.path), notebook_id, call.overwrite, desk.progress)
    files = tuple(FileReport(*file) for file in done.files)
    return ExportRow(str(done.path), done.notes, done.attachments, done.written, done.same, files)


@command
async def export_history(desk: Desk, call: calls.ExportHistory) -> Done:
    """Writes one note with its whole history into an Automerge file."""
    view = desk.node.find(call.note)

    async def whole() -> AsyncIterator[bytes]:
        yield await desk.node.automerge_file(view.note_id)

    to = await _save(whole(), desk.path(call.path), f"{view.file_name or 'Note'}.automerge", call.overwrite)
    return Done(f"“{view.title}” is in “{to}” with its whole history.")


@command
async def mirrors(desk: Desk, call: calls.Mirrors) -> tuple[MirrorRow, ...]:
    """Lists the notebooks that are mirrored into folders of plain files."""
    return tuple(_mirror_row(desk, view) for view in desk.node.mirrors())


@command
async def mirror(desk: Desk, call: calls.Mirror) -> MirrorRow:
    """Mirrors a notebook one way into a folder from now on."""
    notebook_id = desk.notebook(call.notebook)
    done = await desk.node.mirror(notebook_id, desk.path(call.path), desk.progress)
    view = next(view for view in desk.node.mirrors() if view.notebook_id == notebook_id)
    files = tuple(FileReport(*file) for file in done.files)
    return MirrorRow(
        notebook=desk.node.notebook_name(notebook_id),
        path=str(view.path),
        written_ms=view.written_ms,
        trouble=view.trouble,
        notes=done.notes,
        attachments=done.attachments,
        written=done.written,
        same=done.same,
        removed=done.removed,
        files=files,
    )


@command
async def stop_mirror(desk: Desk, call: calls.StopMirror) -> MirrorRow:
    """Mirrors a notebook no more; what was written stays."""
    notebook_id = desk.notebook(call.notebook)
    view = next((view for view in desk.node.mirrors() if view.notebook_id == notebook_id), None)
    await desk.node.stop_mirror(notebook_id)
    if view is None:
        raise BadRequest(what="The notebook isn't mirrored.")
    return _mirror_row(desk, view)


@command
async def attach(desk: Desk, call: calls.Attach) -> AttachmentRow:
    """Keeps a file with a notebook, and refers to it at the end of a note if one is named."""
    view = None if call.note is None else desk.node.find(call.note)
    notebook_id = view.notebook_id if view is not None else desk.notebook(call.notebook)
    kept = await desk.node.attach(notebook_id, desk.path(call.path))
    if view is not None:
        note = await desk.node.open_note(view.note_id)
        try:
            between = "" if not note.text or note.text.endswith("\n") else "\n"
            link = f"{between}\n{markdown_link(kept.name, kept.mime)}\n"
            desk.node.edit(view.note_id, Splice(len(note.text), "", link))
        finally:
            desk.node.close_note(view.note_id)
        await desk.node.saved(view.note_id)
    return _row(kept)


@command
async def attachments(desk: Desk, call: calls.Attachments) -> tuple[AttachmentRow, ...]:
    """Lists the files kept with a notebook."""
    return tuple(_row(kept) for kept in await desk.node.attachments(desk.notebook(call.notebook)))


@command
async def save_attachment(desk: Desk, call: calls.SaveAttachment) -> Done:
    """Writes an attachment to a path."""
    to = desk.path(call.path)
    pieces = desk.node.attachment_pieces(desk.notebook(call.notebook), call.name)
    return Done(f"Saved as “{await _save(pieces, to, call.name, call.overwrite)}”.")


async def _save(pieces: AsyncIterator[bytes], to: Path, name: str, overwrite: bool) -> Path:
    """Where it was written: the whole file appears at once, or nothing does."""
    to, partial = await asyncio.to_thread(_begin, to, name, overwrite)
    try:
        async for piece in pieces:
            await asyncio.to_thread(_add, partial, piece)
        await asyncio.to_thread(_finish, partial, to)
    except OSError as error:
        raise CannotWrite(path=to, why=error.strerror or str(error)) from None
    finally:
        await asyncio.to_thread(partial.unlink, missing_ok=True)
    return to


def _begin(to: Path, name: str, overwrite: bool) -> tuple[Path, Path]:
    if to.is_dir():
        to = to / name.rpartition("/")[2]
    if to.exists() and not overwrite:
        raise CannotWrite(path=to, why="there is a file of this name already")
    try:
        handle, partial = tempfile.mkstemp(prefix=".notesapp-", dir=to.parent)
    except OSError as error:
        raise CannotWrite(path=to, why=error.strerror or str(error)) from None
    os.close(handle)
    return to, Path(partial)


def _add(partial: Path, piece: bytes) -> None:
    with open(partial, "ab") as file:
        file.write(piece)


def _finish(partial: Path, to: Path) -> None:
    os.replace(partial, to)


def _mirror_row(desk: Desk, view: MirrorView) -> MirrorRow:
    return MirrorRow(desk.node.notebook_name(view.notebook_id), str(view.path), view.written_ms, view.trouble)


def _row(kept: AttachmentView) -> AttachmentRow:
    return AttachmentRow(kept.name, kept.size, kept.mime, kept.added_ms, markdown_link(kept.name, kept.mime))
