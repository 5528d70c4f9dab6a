"""The commands about notes and notebooks. Each turns names into ids, lets the node do it, and answers with rows."""

from __future__ import annotations

from notesapp.control import calls, typed
from notesapp.control.desk import Desk, command
from notesapp.control.rows import Count, HitRow, Hits, NotebookRow, NoteRow, NoteText, RenamedRow, VersionRow
from notesapp.errors import BadRequest, NoSuchNotebook
from notesapp.node.views import NotebookView, NoteFilter
from notesapp.text import Splice, cross

_QUICK_NAME = "Quick note"


@command
async def new(desk: Desk, call: calls.New) -> NoteRow:
    """Writes a new note."""
    notebook_id = desk.notebook(call.notebook)
    text, folder = typed.something(call.text), typed.folder(call.folder)
    name = "" if call.file_name is None else typed.name(call.file_name)
    return desk.note(await desk.node.create_note(notebook_id, text, folder, name))


@command
async def ls(desk: Desk, call: calls.Ls) -> tuple[NoteRow, ...]:
    """Lists notes."""
    notebook_id = None if call.notebook is None else desk.notebook(call.notebook)
    if call.deleted:
        return tuple(desk.row(view) for view in await desk.node.deleted_by_others())
    wanted = NoteFilter(notebook_id, call.folder, call.tag, call.pinned, call.trashed)
    return tuple(desk.row(view) for view in desk.node.notes(wanted)[: call.limit])


@command
async def notebooks(desk: Desk, call: calls.Notebooks) -> tuple[NotebookRow, ...]:
    """Lists notebooks."""
    return tuple(_notebook(view) for view in desk.node.notebooks())


@command
async def new_notebook(desk: Desk, call: calls.NewNotebook) -> NotebookRow:
    """Makes a notebook."""
    return _found(desk, await desk.node.create_notebook(call.name))


@command
async def rename_notebook(desk: Desk, call: calls.RenameNotebook) -> NotebookRow:
    """Gives a notebook another name."""
    notebook_id = desk.notebook(call.notebook)
    await desk.node.rename_notebook(notebook_id, call.name)
    return _found(desk, notebook_id)


@command
async def tags(desk: Desk, call: calls.Tags) -> dict[str, int]:
    """Counts the tags."""
    return dict(desk.node.tags())


@command
async def find(desk: Desk, call: calls.Find) -> NoteRow:
    """Tells which note a person means."""
    return desk.row(desk.node.find(call.note))


@command
async def cat(desk: Desk, call: calls.Cat) -> NoteText:
    """Reads a note, or an earlier version of it."""
    note_id = desk.node.find(call.note).note_id
    if call.version is not None:
        versions = await desk.node.history(note_id)
        chosen = next((version for version in versions if version.number == call.version), None)
        if chosen is None:
            raise BadRequest(what=f"There is no version {call.version}; `notesapp history` lists them.")
        text = await desk.node.text_at(note_id, chosen.heads)
        return NoteText(desk.note(note_id), text, chosen.heads)
    return await _text(desk, note_id)


@command
async def append(desk: Desk, call: calls.Append) -> NoteRow:
    """Adds text at a note's end, on a line of its own."""
    note_id = desk.node.find(call.note).note_id
    await _append(desk, note_id, typed.something(call.text))
    return desk.note(note_id)


@command
async def edit(desk: Desk, call: calls.Edit) -> NoteText:
    """Applies splices that were made on the text at earlier heads."""
    note_id = desk.node.find(call.note).note_id
    mine = [Splice(said.at, said.removed, typed.text(said.inserted)) for said in call.splices]
    if len(mine) > 1 and any("\r\n" in said.inserted for said in call.splices):
        raise BadRequest(what="Several splices at once need line ends of one character (\\n).")
    note = await desk.node.open_note(note_id)
    try:
        desk.node.flush(note_id)
        since = () if set(call.heads) == set(note.heads) else note.replica.splices_between(call.heads, note.heads)
        for splice in cross(mine, since)[0]:
            desk.node.edit(note_id, splice)
    finally:
        desk.node.close_note(note_id)
    await desk.node.saved(note_id)
    return await _text(desk, note_id)


@command
async def search(desk: Desk, call: calls.Search) -> Hits:
    """Finds notes by their words."""
    found = await desk.node.search(call.query, call.limit, call.offset)
    rows = (HitRow(desk.note(hit.note_id), hit.title_ranges, hit.snippet, hit.ranges) for hit in found.hits)
    return Hits(tuple(rows), found.total)


@command
async def tag(desk: Desk, call: calls.Tag) -> NoteRow:
    """Puts tags on a note and takes others away."""
    note_id = desk.node.find(call.note).note_id
    await desk.node.tag(note_id, call.add, call.remove)
    return desk.note(note_id)


@command
async def mv(desk: Desk, call: calls.Mv) -> NoteRow:
    """Moves a note to a folder, a notebook, or both."""
    view = desk.node.find(call.note)
    note_id = view.note_id
    notebook_id = view.notebook_id if call.notebook is None else desk.notebook(call.notebook)
    folder = None if call.folder is None else typed.folder(call.folder)
    if notebook_id != view.notebook_id:
        note_id = await desk.node.move_to_notebook(note_id, notebook_id, folder)
    elif folder is not None:
        await desk.node.set_folder(note_id, folder)
    return desk.note(note_id)


@command
async def pin(desk: Desk, call: calls.Pin) -> NoteRow:
    """Pins a note, or lets go of it."""
    note_id = desk.node.find(call.note).note_id
    await desk.node.pin(note_id, call.pinned)
    return desk.note(note_id)


@command
async def trash(desk: Desk, call: calls.Trash) -> NoteRow:
    """Puts a note into the trash."""
    note_id = desk.node.find(call.note).note_id
    await desk.node.trash(note_id)
    return desk.note(note_id)


@command
async def untrash(desk: Desk, call: calls.Untrash) -> NoteRow:
    """Takes a note out of the trash, or writes one again that others deleted."""
    if call.deleted:
        said = call.note.casefold()
        there = await desk.node.deleted_by_others()
        found = [one for one in there if said and (one.title.casefold() == said or one.note_id.hex().startswith(said))]
        if len(found) != 1:
            raise BadRequest(
                what=f"“{call.note}” names {len(found)} notes that others deleted: `notesapp ls --deleted`."
            )
        return desk.note(await desk.node.write_again(found[0].note_id))
    note_id = desk.node.find(call.note, trashed=True).note_id
    await desk.node.untrash(note_id)
    return desk.note(note_id)


@command
async def empty_trash(desk: Desk, call: calls.EmptyTrash) -> Count:
    """Deletes for ever what is in the trash."""
    return Count(await desk.node.empty_trash(None if call.notebook is None else desk.notebook(call.notebook)))


@command
async def rename(desk: Desk, call: calls.Rename) -> RenamedRow:
    """Gives a note another name and updates the links to it."""
    done = await desk.node.rename(desk.node.find(call.note).note_id, call.name, call.update_links)
    return RenamedRow(desk.note(done.note_id), done.notes_changed, done.links_changed)


@command
async def history(desk: Desk, call: calls.History) -> tuple[VersionRow, ...]:
    """Lists the stretches of work on a note, the newest first."""
    versions = await desk.node.history(desk.node.find(call.note).note_id)
    return tuple(VersionRow(v.number, v.at_ms, v.author, v.inserted, v.removed, v.heads) for v in versions)


@command
async def quick_note(desk: Desk, call: calls.QuickNote) -> NoteRow:
    """Writes text at the end of the quick note, which is made if there is none."""
    written = typed.something(call.text)
    for view in desk.node.notes():
        if view.file_name == _QUICK_NAME and not view.folder:
            await _append(desk, view.note_id, written)
            return desk.note(view.note_id)
    text = f"# {_QUICK_NAME}\n\n{written.rstrip()}\n"
    return desk.note(await desk.node.create_note(None, text, "", _QUICK_NAME))


async def _text(desk: Desk, note_id: bytes) -> NoteText:
    note = await desk.node.open_note(note_id)
    try:
        desk.node.flush(note_id)
        return NoteText(desk.note(note_id), note.text, note.heads)
    finally:
        desk.node.close_note(note_id)


async def _append(desk: Desk, note_id: bytes, text: str) -> None:
    note = await desk.node.open_note(note_id)
    try:
        between = "" if not note.text or note.text.endswith("\n") else "\n"
        ends = "" if text.endswith("\n") else "\n"
        desk.node.edit(note_id, Splice(len(note.text), "", between + text + ends))
    finally:
        desk.node.close_note(note_id)
    await desk.node.saved(note_id)


def _notebook(view: NotebookView) -> NotebookRow:
    return NotebookRow(view.notebook_id.hex(), view.name, view.notes, view.trashed, view.shared, view.folders)


def _found(desk: Desk, notebook_id: bytes) -> NotebookRow:
    for view in desk.node.notebooks():
        if view.notebook_id == notebook_id:
            return _notebook(view)
    raise NoSuchNotebook(name=notebook_id.hex()[:8])
