"""The commands about folders and files: import, export, mirror, attach, attachments.

Decides what a person types and reads; the node does the work.
"""

from __future__ import annotations

from typing import Annotated

import typer

from notesapp.cli import output
from notesapp.cli.context import Context, as_json
from notesapp.control import calls
from notesapp.control.rows import ImportRow
from notesapp.errors import BadRequest, PartlyImported
from notesapp.notes.vault import AS_FILE, LEFT_OUT

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
InNotebook = Annotated[str | None, typer.Option("--notebook", "-n", help="The notebook's name or id.")]
FILES_SHOWN = 20
_SHORT = {"unreadable", "refused", LEFT_OUT, AS_FILE}


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("import")(import_)
    app.command()(export)
    app.command()(mirror)
    app.command()(attach)
    app.command()(attachments)


def import_(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(help="A folder of Markdown files, or an Obsidian vault.")],
    notebook: InNotebook = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    json: AsJson = False,
) -> None:
    """Bring a folder of Markdown, or an Obsidian vault, with its attachments. Run it again: nothing is doubled.

    Ends with 5 if a file could not be taken as it is: too large, no UTF-8 text, a link that leads out or round.
    """
    known: Context = ctx.obj
    title = "Looking" if dry_run else "Importing"
    done = known.ask(calls.Import(str(known.outside(folder)), notebook, dry_run), title=title)
    if json:
        output.data(as_json(done))
    else:
        _report(done)
    short = [row for row in done.files if row.outcome in _SHORT]
    if short and not dry_run:
        raise PartlyImported(count=len(short), path=short[0].path, why=short[0].why.rstrip("."))


def export(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(help="Where to; it is made if it isn't there. A file with --automerge.")],
    notebook: InNotebook = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files of the same name that differ.")] = False,
    automerge: Annotated[
        str | None,
        typer.Option("--automerge", metavar="NOTE", help="Only this note, with its whole history, as Automerge file."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Write notes and their attachments into a folder of Markdown files."""
    known: Context = ctx.obj
    if automerge is not None:
        return _export_history(known, automerge, folder, notebook, overwrite, json)
    call = calls.Export(str(known.outside(folder)), notebook, overwrite)
    done = known.ask(call, title="Exporting")
    if json:
        return output.data(as_json(done))
    for row in done.files:
        if row.why:
            output.say(f"{row.path}: {row.why}")
    output.say(
        f"{output.count(done.notes, 'note')} and {output.count(done.attachments, 'attachment')} are in “{done.path}”:"
        f" {output.count(done.written, 'file')} written, {done.same} the same."
    )
    return None


def _export_history(known: Context, note: str, file: str, notebook: str | None, overwrite: bool, json: bool) -> None:
    if notebook is not None:
        raise BadRequest(what="--automerge names one note by itself; leave --notebook out.")
    done = known.ask(calls.ExportHistory(note, str(known.outside(file)), overwrite), title="Exporting")
    return output.data(as_json(done)) if json else output.say(done.said)


def mirror(
    ctx: typer.Context,
    notebook: Annotated[str | None, typer.Argument(help="The notebook's name or id; none: list the mirrors.")] = None,
    folder: Annotated[str | None, typer.Argument(help="Where to; it is made if it isn't there.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Mirror it no more; what was written stays.")] = False,
    json: AsJson = False,
) -> None:
    """Keep a notebook written into a folder of Markdown files, one way, so that it is at hand without Notesapp."""
    known: Context = ctx.obj
    if notebook is None or (folder is None and not off):
        if notebook is not None:
            raise BadRequest(what=f"Say where to mirror “{notebook}” (a folder), or --off.")
        found = known.ask(calls.Mirrors())
        if json:
            return output.data(as_json(found))
        rows = [
            (row.notebook, row.path, output.when(row.written_ms) if row.written_ms else "not yet", row.trouble)
            for row in found
        ]
        return output.table(("notebook", "folder", "written", "trouble"), rows, empty="No notebook is mirrored.")
    if off:
        if folder is not None:
            raise BadRequest(what="--off takes the notebook alone.")
        stopped = known.ask(calls.StopMirror(notebook))
        if json:
            return output.data(as_json(stopped))
        return output.say(f"“{stopped.notebook}” is mirrored no more; what is in “{stopped.path}” stays.")
    done = known.ask(calls.Mirror(notebook, str(known.outside(folder or ""))), title="Mirroring")
    if json:
        return output.data(as_json(done))
    for file in done.files:
        if file.why:
            output.say(f"{file.path}: {file.why}")
    return output.say(
        f"“{done.notebook}” is mirrored in “{done.path}” from now on: {output.count(done.notes, 'note')} and"
        f" {output.count(done.attachments, 'attachment')}. The files there are not encrypted."
    )


def attach(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="The file to keep.")],
    note: Annotated[str | None, typer.Option("--note", help="Refer to it at the end of this note.")] = None,
    notebook: InNotebook = None,
    save: Annotated[
        bool, typer.Option("--save", help="The other way: write the attachment of this name to the file.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Keep a file with a notebook; --save writes one back to the disk."""
    known: Context = ctx.obj
    path = known.outside(file)
    if save:
        if note is not None:
            raise BadRequest(what="--save takes the attachment's name as the file's name, and no --note.")
        known.ask(calls.SaveAttachment(path.name, str(path), notebook), title="Saving")
        return output.say(f"Written: {path}")
    row = known.ask(calls.Attach(str(path), note, notebook), title="Attaching")
    if json:
        return output.data(as_json(row))
    return output.text(f"{row.markdown}\n")


def attachments(ctx: typer.Context, notebook: InNotebook = None, json: AsJson = False) -> None:
    """List the files kept with a notebook."""
    known: Context = ctx.obj
    found = known.ask(calls.Attachments(notebook))
    if json:
        return output.data(as_json(found))
    rows = [(output.size(row.size), row.name, row.mime, output.when(row.added_ms)) for row in found]
    return output.table(("size", "name", "kind", "added"), rows, empty="No files are kept there.")


def _report(done: ImportRow) -> None:
    would = "would be " if done.dry_run else ""
    output.say(
        f"Notes: {done.notes_new} {would}new, {done.notes_changed} {would}changed, {done.notes_same} the same."
        f" Attachments: {done.attachments}. Links: {done.links_resolved} lead to a note or file,"
        f" {done.links_unresolved} lead nowhere. Left out: {done.skipped}."
    )
    told = [f"{row.path}: {row.why or row.outcome}" for row in done.files if row.why]
    for line in told[:FILES_SHOWN]:
        output.say(f"  {line}")
    for line in done.unresolved[:FILES_SHOWN]:
        output.say(f"  leads nowhere: {line}")
    hidden = max(0, len(told) - FILES_SHOWN) + max(0, len(done.unresolved) - FILES_SHOWN)
    if hidden:
        output.say(f"  and {hidden} more; --json lists all.")
