"""Fills the table of commands: what each is called, its keys, and which act it runs. The one list of all shortcuts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from notesapp.ui.acts.finding import Finding
from notesapp.ui.acts.mirrors import MirrorActs
from notesapp.ui.acts.notebooks import NotebookActs
from notesapp.ui.acts.notes import NoteActs
from notesapp.ui.acts.people import PeopleActs
from notesapp.ui.acts.program import ProgramActs
from notesapp.ui.acts.reading import Reading
from notesapp.ui.acts.transfer import Transfer
from notesapp.ui.acts.viewing import Viewing
from notesapp.ui.commands import Command, Commands
from notesapp.ui.desk import Desk
from notesapp.ui.window import Window


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)


@dataclass(frozen=True, slots=True)
class Acts:
    """Everything that commands run."""

    notes: NoteActs
    people: PeopleActs
    notebooks: NotebookActs
    mirrors: MirrorActs
    finding: Finding
    reading: Reading
    transfer: Transfer
    viewing: Viewing
    program: ProgramActs


def bind(commands: Commands, desk: Desk, window: Window, acts: Acts) -> None:
    """Adds all commands of the window; the editor's own are added by `viewing.editor_commands`."""
    for command in (
        *_notes(desk, acts),
        *_people(acts),
        *_going(desk, window, acts),
        *_views(acts),
        *_out_and_in(desk, acts),
        *_program(acts),
    ):
        commands.add(command)


def _notes(desk: Desk, acts: Acts) -> list[Command]:
    group, notes = _tr("Note"), acts.notes
    has, trashed = notes.has_note, notes.has_trashed
    return [
        Command("note.new", _tr("New note"), notes.new, ("Ctrl+N",), group, "square-pen"),
        Command("note.rename", _tr("Rename…"), notes.rename, ("F2",), group, "pencil", has),
        Command("note.duplicate", _tr("Duplicate"), notes.duplicate, (), group, "copy", has),
        Command("note.move", _tr("Move to…"), notes.move, ("Ctrl+Alt+M",), group, "folder-input", has),
        Command("note.pin", _tr("Pin to the top, or unpin"), notes.pin, ("Ctrl+Alt+P",), group, "pin", has),
        Command("note.favourite", _tr("Favourite, or not"), notes.favourite, ("Ctrl+D",), group, "star", has),
        Command("note.trash", _tr("Move to the trash"), notes.trash, ("Ctrl+Shift+Backspace",), group, "trash-2", has),
        Command("note.restore", _tr("Restore from the trash"), notes.restore, (), group, "archive-restore", trashed),
        Command("note.delete", _tr("Delete for ever…"), notes.delete, (), group, "trash-2", notes.can_delete),
        Command("trash.empty", _tr("Empty the trash…"), notes.empty_trash, (), group, "trash-2"),
        Command(
            "notebook.new", _tr("New notebook…"), acts.notebooks.new, ("Ctrl+Shift+N",), _tr("Notebook"), "folder-plus"
        ),
    ]


def _people(acts: Acts) -> list[Command]:
    group, people = _tr("People"), acts.people
    can, aside = people.can_share, people.has_recovered
    return [
        Command("people.share", _tr("Share this notebook…"), people.share, ("Ctrl+Shift+S",), group, "user-plus", can),
        Command("people.share.note", _tr("Share only this note…"), people.share_note, (), group, "user-plus", can),
        Command("people.join", _tr("Join a notebook…"), people.join, ("Ctrl+Shift+J",), group, "users"),
        Command("people.popover", _tr("People and status"), people.popover, ("Ctrl+Shift+U",), group, "users"),
        Command("people.follow", _tr("Follow who is here"), people.follow, ("Ctrl+Alt+F",), group, "eye"),
        Command("people.hide", _tr("Hide where I am, or show it"), people.hide, (), group, "eye-off"),
        Command("people.recovered", _tr("Edits that were set aside…"), people.recovered, (), group, "history", aside),
    ]


def _going(desk: Desk, window: Window, acts: Acts) -> list[Command]:
    group, finding = _tr("Go"), acts.finding
    return [
        Command("go.switcher", _tr("Go to a note…"), finding.switcher, ("Ctrl+K", "Ctrl+O"), group, "search"),
        Command("go.palette", _tr("All commands…"), finding.palette, ("Ctrl+Shift+P",), group, "command"),
        Command("go.search", _tr("Search all notes"), finding.search, ("Ctrl+Shift+F",), group, "search"),
        Command("go.back", _tr("Back"), desk.back, ("Alt+Left",), group, "arrow-left", lambda: desk.can_go_back),
        Command(
            "go.forward",
            _tr("Forward"),
            desk.forward,
            ("Alt+Right",),
            group,
            "arrow-right",
            lambda: desk.can_go_forward,
        ),
        Command("go.pane", _tr("Next pane"), window.next_pane, ("F6",), group),
        Command("go.pane.back", _tr("Previous pane"), lambda: window.next_pane(-1), ("Shift+F6",), group),
    ]


def _views(acts: Acts) -> list[Command]:
    group, view = _tr("View"), acts.viewing
    return [
        Command("view.sidebar", _tr("Sidebar"), view.sidebar, ("Ctrl+\\",), group, "panel-left"),
        Command("view.list", _tr("Back to the list"), view.list, (), group, in_palette=False),
        Command("view.outline", _tr("Outline"), lambda: view.panel("outline"), ("Ctrl+Alt+O",), group, "list-tree"),
        Command("view.links", _tr("Links to this note"), lambda: view.panel("links"), ("Ctrl+Alt+L",), group, "link"),
        Command(
            "view.history", _tr("Previous versions"), lambda: view.panel("history"), ("Ctrl+Shift+Y",), group, "history"
        ),
        Command("view.focus", _tr("Focus mode"), view.focus, ("F11",), group, "focus"),
        Command("view.source", _tr("Markdown source"), view.source, ("Ctrl+Alt+S",), group, "code"),
        Command("view.dark", _tr("Light or dark"), view.dark, (), group, "moon"),
        Command("view.larger", _tr("Larger text"), lambda: view.zoom(1), ("Ctrl+=", "Ctrl++"), group, "plus"),
        Command("view.smaller", _tr("Smaller text"), lambda: view.zoom(-1), ("Ctrl+-",), group, "minus"),
        Command("view.normal", _tr("Normal text size"), lambda: view.zoom(0), (), group),
    ]


def _out_and_in(desk: Desk, acts: Acts) -> list[Command]:
    group, move = _tr("File"), acts.transfer
    has = acts.notes.has_note
    return [
        Command("export.markdown", _tr("Export note as Markdown…"), move.markdown, (), group, "file-down", has),
        Command("export.html", _tr("Export note as web page…"), move.html, (), group, "file-down", has),
        Command("export.pdf", _tr("Export note as PDF…"), move.pdf, (), group, "file-down", has),
        Command("export.print", _tr("Print…"), move.print, ("Ctrl+P",), group, "printer", has),
        Command("export.notebook", _tr("Export this notebook…"), move.notebook, (), group, "file-down"),
        Command("import.files", _tr("Import files…"), move.import_files, (), group, "file-up"),
        Command("import.folder", _tr("Import a folder or vault…"), move.import_folder, (), group, "file-up"),
    ]


def _program(acts: Acts) -> list[Command]:
    group, program = _tr("Notesapp"), acts.program
    return [
        Command("settings.open", _tr("Settings"), program.settings, ("Ctrl+,",), group, "settings"),
        Command("settings.sync", _tr("Settings: sync and people"), program.sync, (), group, "refresh-cw"),
        Command("settings.devices", _tr("Settings: your devices"), program.devices, (), group, "laptop"),
        Command("help.shortcuts", _tr("Keyboard shortcuts"), program.shortcuts, ("F1",), group, "keyboard"),
        Command("help.doctor", _tr("Check the notes on this computer"), program.doctor, (), group, "shield-check"),
        Command("help.network", _tr("Check the connections"), program.network, (), group, "wifi"),
        Command("help.about", _tr("About Notesapp"), program.about, (), group, "info"),
        Command("backup.now", _tr("Back up now"), program.backup, (), group, "save"),
        Command("app.lock", _tr("Lock now"), program.lock, ("Ctrl+Alt+K",), group, "lock", program.can_lock),
        Command("app.quick", _tr("Quick note"), program.quick_note, ("Ctrl+Alt+N",), group, "notebook-pen"),
        Command("app.close", _tr("Close the window"), program.close, ("Ctrl+W",), group, in_palette=False),
        Command("app.quit", _tr("Quit"), program.quit, ("Ctrl+Q",), group, "power"),
    ]
