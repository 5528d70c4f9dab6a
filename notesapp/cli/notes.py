"""The commands about single notes: new, ls, cat, append, edit, search, tag, mv, pin, trash, rename, history.

Decides what a person types and reads; the node does the work.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from notesapp.cli import output
from notesapp.cli.context import Context, as_json, can_ask, each
from notesapp.cli.editing import edit_in_editor, write_in_editor
from notesapp.cli.notebooks import list_notebooks
from notesapp.control import calls
from notesapp.control.rows import HitRow, NoteRow
from notesapp.errors import BadRequest, NotText, TooLarge

NoteName = Annotated[str, typer.Argument(help="A note: at least 4 letters of its id, its title, or folder/name.")]
NoteNames = Annotated[list[str], typer.Argument(help="Notes: ids, titles, or folder/name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
InNotebook = Annotated[str | None, typer.Option("--notebook", "-n", help="The notebook's name or id.")]
MOST_STDIN_BYTES = 8_000_000  # four times what a note may hold: enough to say how much too large it is


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    for name, command in (
        ("new", new), ("ls", ls), ("cat", cat), ("append", append), ("edit", edit), ("search", search), ("tag", tag),
        ("mv", mv), ("pin", pin), ("trash", trash), ("untrash", untrash), ("empty-trash", empty_trash),
        ("rename", rename), ("history", history), ("quick-note", quick_note),
    ):  # fmt: skip
        app.command(name)(command)


def new(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The note's text; “-” reads it from standard input.")] = None,
    notebook: InNotebook = None,
    folder: Annotated[str, typer.Option("--folder", "-f", help="The folder in the notebook, as a/b.")] = "",
    name: Annotated[
        str | None, typer.Option("--name", help="The file name; the title serves if there is none.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write a new note: from the words given, from standard input, or in your editor."""
    known: Context = ctx.obj

    def make(text: str) -> NoteRow:
        return known.ask(calls.New(text=text, notebook=notebook, folder=folder, file_name=name))

    if text is None and can_ask():
        return _show_note(write_in_editor(known.home, make), json)
    return _show_note(make(_standard_input() if text in (None, "-") else text or ""), json)


def ls(
    ctx: typer.Context,
    folder: Annotated[str | None, typer.Argument(help="Only notes in this folder.")] = None,
    notebook: InNotebook = None,
    tag: Annotated[str | None, typer.Option("--tag", "-t", help="Only notes with this tag or one below it.")] = None,
    trashed: Annotated[bool, typer.Option("--trash", help="What is in the trash.")] = False,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="What others deleted for ever in the last 30 days and is still here.")
    ] = False,
    pinned: Annotated[bool, typer.Option("--pinned", help="Only pinned notes.")] = False,
    notebooks: Annotated[bool, typer.Option("--notebooks", help="List notebooks instead of notes.")] = False,
    tags: Annotated[bool, typer.Option("--tags", help="List tags instead of notes.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
    json: AsJson = False,
) -> None:
    """List notes: pinned first, then the newest edit."""
    known: Context = ctx.obj
    if notebooks:
        return list_notebooks(ctx, json)
    if tags:
        counts = known.ask(calls.Tags())
        if json:
            return output.data(counts)
        pairs = [(f"#{name}", str(count)) for name, count in sorted(counts.items())]
        return output.table(("tag", "notes"), pairs, empty="No note has a tag.")
    call = calls.Ls(notebook, folder, tag, pinned or None, trashed, limit, deleted)
    notes = known.ask(call)
    if json:
        return output.data(as_json(notes))
    rows = [
        (n.id[:8], _titled(n), _where(n), output.when(n.edited_ms), " ".join(f"#{t}" for t in n.tags)) for n in notes
    ]
    empty = (
        "The trash is empty."
        if trashed
        else "There is no such note."
        if folder or tag or notebook
        else "No notes yet: `notesapp new`."
    )
    return output.table(("id", "title", "where", "edited", "tags"), rows, empty=empty)


def cat(
    ctx: typer.Context,
    notes: NoteNames,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="An earlier version, by its number in `history`.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Print notes as they stand."""
    known: Context = ctx.obj

    def show(name: str) -> None:
        found = known.ask(calls.Cat(name, version))
        if json:
            return output.data({**_mapping(found.note), "text": found.text})
        return output.text(found.text if found.text.endswith("\n") or not found.text else found.text + "\n")

    each(notes, show)


def append(
    ctx: typer.Context,
    note: NoteName,
    text: Annotated[list[str] | None, typer.Argument(help="What to add; standard input if there is none.")] = None,
    json: AsJson = False,
) -> None:
    """Add text at a note's end, on a line of its own; it is on the disk when the command ends."""
    known: Context = ctx.obj
    words = " ".join(text) if text else ""
    _show_note(known.ask(calls.Append(note, words if text and words != "-" else _standard_input())), json)


def edit(ctx: typer.Context, note: NoteName) -> None:
    """Edit a note in your editor ($VISUAL, $EDITOR); only what you changed is changed."""
    edit_in_editor(ctx.obj, note)


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help='Words, "phrases", -not, tag:a/b, notebook:name, folder:x.')],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 20,
    json: AsJson = False,
) -> None:
    """Find notes by their words."""
    known: Context = ctx.obj
    found = known.ask(calls.Search(" ".join(query), limit=limit))
    if json:
        return output.data(as_json(found))
    for hit in found.hits:
        output.out.print(_marked(hit))
    more = found.total - len(found.hits)
    return output.say("No note has that." if not found.hits else f"{more} more; use --limit." if more > 0 else "")


def tag(
    ctx: typer.Context,
    note: NoteName,
    tags: Annotated[list[str] | None, typer.Argument(help="Tags to put on it; none: print those it has.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", "-r", help="A tag to take away.")] = None,
    json: AsJson = False,
) -> None:
    """Put tags on a note, or take them away."""
    known: Context = ctx.obj
    if tags or remove:
        row = known.ask(calls.Tag(note, add=tuple(tags or ()), remove=tuple(remove or ())))
    else:
        row = known.ask(calls.Find(note))
    if json:
        return output.data(as_json(row))
    return output.text("".join(f"#{name}\n" for name in row.tags))


def mv(
    ctx: typer.Context,
    note: NoteName,
    folder: Annotated[str | None, typer.Argument(help="The folder, as a/b; “/” is the top.")] = None,
    notebook: InNotebook = None,
    json: AsJson = False,
) -> None:
    """Move a note to a folder, to another notebook, or both."""
    if folder is None and notebook is None:
        raise BadRequest(what="Say where to: a folder (“/” is the top), --notebook NAME, or both.")
    known: Context = ctx.obj
    target = None if folder is None else folder.strip("/")
    _show_note(known.ask(calls.Mv(note, folder=target, notebook=notebook)), json)


def pin(
    ctx: typer.Context,
    note: NoteName,
    off: Annotated[bool, typer.Option("--off", help="Let go of it.")] = False,
    json: AsJson = False,
) -> None:
    """Pin a note to the top of lists."""
    known: Context = ctx.obj
    _show_note(known.ask(calls.Pin(note, pinned=not off)), json)


def trash(ctx: typer.Context, notes: NoteNames, json: AsJson = False) -> None:
    """Put notes into the trash."""
    known: Context = ctx.obj
    each(notes, lambda name: _show_note(known.ask(calls.Trash(name)), json))


def untrash(
    ctx: typer.Context,
    notes: NoteNames,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="Write notes again, as new ones, that others deleted for ever.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Take notes out of the trash."""
    known: Context = ctx.obj
    each(notes, lambda name: _show_note(known.ask(calls.Untrash(name, deleted)), json))


def empty_trash(
    ctx: typer.Context,
    notebook: InNotebook = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    json: AsJson = False,
) -> None:
    """Delete for ever what is in the trash: here at once, on other devices 30 days after they hear of it."""
    known: Context = ctx.obj
    if not yes:
        if not can_ask():
            raise BadRequest(what="This deletes notes for ever; say --yes to mean it.")
        waiting = known.ask(calls.Ls(notebook=notebook, trashed=True))
        if not waiting:
            return output.say("The trash is empty.")
        typer.confirm(f"Delete {output.count(len(waiting), 'note')} for ever?", abort=True, err=True)
    done = known.ask(calls.EmptyTrash(notebook))
    if json:
        return output.data(as_json(done))
    return output.say(f"Deleted for ever: {output.count(done.count, 'note')}.")


def rename(
    ctx: typer.Context,
    note: NoteName,
    name: Annotated[str, typer.Argument(help="The new name.")],
    links: Annotated[bool, typer.Option("--links/--no-links", help="Update the links to it in other notes.")] = True,
    json: AsJson = False,
) -> None:
    """Give a note another name and update the links to it."""
    known: Context = ctx.obj
    done = known.ask(calls.Rename(note, name, update_links=links))
    if json:
        return output.data(as_json(done))
    _show_note(done.note, json=False)
    if done.links_changed:
        output.say(f"{done.links_changed} links in {done.notes_changed} notes now say “{name}”.")
    return None


def history(ctx: typer.Context, note: NoteName, json: AsJson = False) -> None:
    """List the versions of a note, the newest first; `cat --version N` prints one."""
    known: Context = ctx.obj
    found = known.ask(calls.History(note))
    if json:
        return output.data(as_json(found))
    rows = [(str(v.number), output.when(v.at_ms), f"+{v.inserted}", f"-{v.removed}", v.author) for v in found]
    return output.table(("number", "until", "written", "struck", "by"), rows, empty="Nothing was written yet.")


def quick_note(
    ctx: typer.Context,
    text: Annotated[list[str] | None, typer.Argument(help="What to keep.")] = None,
    json: AsJson = False,
) -> None:
    """Keep a thought at the end of the quick note."""
    known: Context = ctx.obj
    _show_note(known.ask(calls.QuickNote(" ".join(text) if text else _standard_input())), json)


def _standard_input() -> str:
    if sys.stdin is None:
        raise BadRequest(what="Standard input is closed; give the text as words or by a pipe.")
    raw = sys.stdin.buffer.read(MOST_STDIN_BYTES + 1)
    if len(raw) > MOST_STDIN_BYTES:
        raise TooLarge(what="What was given", size="more than 8 MB", limit="2 MB of text")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotText(path=Path("standard input"), why=f"byte {error.start} can't be read") from None


def _show_note(row: NoteRow, json: bool) -> None:
    if json:
        return output.data(as_json(row))
    return output.text(f"{row.id[:8]}  {_titled(row)}\n")


def _mapping(row: NoteRow) -> dict[str, object]:
    found = as_json(row)
    assert isinstance(found, dict)
    return found


def _titled(row: NoteRow) -> str:
    return ("★ " if row.pinned else "") + (row.title or "Untitled")


def _where(row: NoteRow) -> str:
    return f"{row.notebook}/{row.folder}" if row.folder else row.notebook


def _marked(hit: HitRow) -> str:
    title = _with_marks(hit.note.title or "Untitled", hit.title_ranges)
    snippet = _with_marks(hit.snippet, hit.ranges)
    return f"[dim]{hit.note.id[:8]}[/]  [bold]{title}[/]  [dim]{_where(hit.note)}[/]\n          {snippet}"


def _with_marks(text: str, ranges: tuple[tuple[int, int], ...]) -> str:
    parts, last = [], 0
    for start, end in sorted(ranges):
        parts += [escape(text[last:start]), f"[black on yellow]{escape(text[start:end])}[/]"]
        last = end
    return "".join(parts).replace("\n", " ") + escape(text[last:]).replace("\n", " ")
