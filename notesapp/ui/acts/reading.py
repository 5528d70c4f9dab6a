"""Following links, finding who links here, and looking at earlier versions."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices

from notesapp.node.history import Version
from notesapp.node.views import NoteFilter, NoteView
from notesapp.notes.resolve import Place as Linkable
from notesapp.notes.resolve import Resolver
from notesapp.text import Splice
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.files import save_file, write_file
from notesapp.ui.editing import Editing
from notesapp.ui.mentions import mentions_in
from notesapp.ui.note_pane import Notice
from notesapp.ui.panel.links import Mention
from notesapp.ui.places import Tagged
from notesapp.ui.when import long_time
from notesapp.ui.window import Window
from notesapp.ui.writing import Writing

WEB = frozenset({"http", "https", "mailto"})
# Opened by the system's own program; everything else is only saved, since opening it could run it.
HARMLESS = frozenset({
    ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".svg", ".txt", ".md", ".csv",
    ".mp3", ".ogg", ".flac", ".wav", ".mp4", ".webm", ".mkv",
})  # fmt: skip
MENTIONS_LIMIT = 200


class Reading(QObject):
    """The acts around what the open note says and what others say of it."""

    def __init__(self, desk: Desk, window: Window, editing: Editing, writing: Writing) -> None:
        super().__init__(window)
        self._desk, self._window, self._editor, self._writing = desk, window, editing.editor, writing
        self._outline = editing.outline
        self._downloads: QTemporaryDir | None = None
        self._previewed: Version | None = None
        self._editor.link_opened.connect(self.follow)
        panel = window.panel
        panel.page_changed.connect(self._page)
        panel.outline.heading_chosen.connect(self._heading)
        panel.links.mention_chosen.connect(self._mention)
        panel.links.link_asked.connect(lambda mention: desk.start(self._link(mention), "make a link"))
        panel.versions.version_chosen.connect(self._version)
        self._outline.changed.connect(lambda gist: panel.outline.show_rows(gist.headings))
        writing.opened.connect(lambda _: self.refresh())
        desk.note_changed.connect(lambda _: self._left())

    # -- links

    def follow(self, kind: str, target: str) -> None:
        """A link was clicked; `kind` is wiki, url, tag or attachment."""
        match kind:
            case "tag":
                self._desk.go(Tagged(target.lstrip("#")))
            case "url":
                self._web(target)
            case "attachment":
                self._desk.start(self._attachment(target), "open an attachment")
            case _:
                self._desk.start(self._wiki(target), "follow a link")

    def _web(self, target: str) -> None:
        url = QUrl(target, QUrl.ParsingMode.TolerantMode)
        if url.scheme().lower() not in WEB:
            self._desk.say(self.tr("Links of the kind “%1” are not opened.").replace("%1", url.scheme() or target))
        elif not QDesktopServices.openUrl(url):
            self._desk.say(self.tr("No program on this computer opens “%1”.").replace("%1", target))

    async def _wiki(self, target: str) -> None:
        note = self._desk.note()
        if note is None:
            return
        name, _, heading = target.partition("#")
        name = name.partition("|")[0].strip()
        if not name:
            self._go_to_heading(heading)
            return
        found = self.resolve(name, note)
        if found is not None:
            self._desk.find_and_open(found)
            return
        title = name.rsplit("/", 1)[-1]
        folder = name.rpartition("/")[0] or note.folder
        made = await self._desk.node.create_note(note.notebook_id, f"# {title}\n\n", folder, title)
        self._desk.find_and_open(made)
        self._desk.say(self.tr("“%1” is new").replace("%1", title))

    def resolve(self, name: str, note: NoteView) -> bytes | None:
        """The note that a link of this name leads to, seen from `note`."""
        views = self._desk.node.notes(NoteFilter(notebook_id=note.notebook_id))
        resolver = Resolver(
            Linkable(view.note_id, view.folder, view.file_name, tuple(view.aliases), view.title) for view in views
        )
        found = resolver.resolve(name, note.folder)
        return found.id if found is not None else None

    async def _attachment(self, name: str) -> None:
        note = self._desk.note()
        if note is None:
            return
        data = await self._desk.node.read_attachment(note.notebook_id, name)
        plain = Path(name).name
        if Path(plain).suffix.lower() not in HARMLESS:
            chosen = await save_file(self._window, self.tr("Save the attachment"), plain)
            if chosen is not None:
                write_file(chosen, data)
            return
        if self._downloads is None:
            self._downloads = QTemporaryDir()
        path = Path(self._downloads.path()) / plain
        write_file(path, data)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    # -- the panel

    def _page(self, page: str) -> None:
        if page != "history":
            self._back_to_now()
        self.refresh()

    def refresh(self) -> None:
        """Reads again what the open page of the panel shows."""
        match self._window.panel.page:
            case "outline":
                self._window.panel.outline.show_rows(self._outline.look().headings)
            case "links":
                self._desk.start(self._mentions(), "find links to this note")
            case "history":
                self._desk.start(self._versions(), "read the versions")
            case _:
                pass

    def _heading(self, at: int) -> None:
        self._editor.scroll_to(at)
        self._editor.setFocus()

    def _go_to_heading(self, text: str) -> None:
        wanted = text.strip().casefold()
        row = next((row for row in self._outline.gist.headings if row.text.casefold() == wanted), None)
        if row is not None:
            self._heading(row.at)

    async def _mentions(self) -> None:
        note = self._desk.note()
        if note is None:
            self._window.panel.links.show_mentions(())
            return
        names = {name for name in (note.file_name, note.title, *note.aliases) if name.strip()}
        found: dict[bytes, NoteView] = {}
        for name in sorted(names):
            quoted = name.replace('"', " ")
            results = await self._desk.node.search(f'"{quoted}"', limit=MENTIONS_LIMIT)
            for hit in results.hits:
                view = self._desk.view(hit.note_id)
                if view is not None and view.note_id != note.note_id and view.trashed_ms is None:
                    found[hit.note_id] = view
        mentions: list[Mention] = []
        for view in found.values():
            text = await self._desk.node.stored_text(view.note_id)
            mentions += mentions_in(view, text, names)
        if self._desk.note_id == note.note_id:
            self._window.panel.links.show_mentions(mentions)

    def _mention(self, note_id: bytes, at: int) -> None:
        self._desk.find_and_open(note_id)
        self._writing.go_to(at)

    async def _link(self, mention: Mention) -> None:
        """Puts brackets around an unlinked mention."""
        note = self._desk.note()
        open_note = await self._desk.node.open_note(mention.note_id)
        try:
            words = open_note.text[mention.at : mention.at + mention.length]
            if note is None or words.casefold() not in {
                name.casefold() for name in (note.file_name, note.title, *note.aliases)
            }:
                self._desk.say(self.tr("That place has changed in the meantime."))
                return
            self._desk.node.edit(mention.note_id, Splice(mention.at, words, f"[[{words}]]"), screen=self)
        finally:
            self._desk.node.close_note(mention.note_id)
        await self._mentions()

    # -- versions

    async def _versions(self) -> None:
        note_id = self._desk.note_id
        if note_id is None:
            self._window.panel.versions.show_versions(())
            return
        self._desk.node.flush(note_id)
        rows = await self._desk.node.history(note_id)
        if note_id == self._desk.note_id:
            self._window.panel.versions.show_versions(rows)

    def _version(self, row: Version | None) -> None:
        if row is None:
            self._back_to_now()
        else:
            self._desk.start(self._preview(row), "show a version")

    async def _preview(self, row: Version) -> None:
        note_id = self._desk.note_id
        if note_id is None:
            return
        text = await self._desk.node.text_at(note_id, row.heads)
        if note_id != self._desk.note_id:
            return
        self._previewed = row
        self._writing.preview(text)
        when = self.tr("This is the version of %1.").replace("%1", long_time(row.at_ms))
        acts = (
            (self.tr("Restore this version"), lambda: self._restore(text)),
            (self.tr("Back to now"), self._back_to_now),
        )
        self._window.note.banner.say("version", Notice(when, acts))

    def _restore(self, text: str) -> None:
        self._back_to_now()
        self._writing.rewrite(text)
        self._desk.say(self.tr("Restored; the text before it is kept as a version, too"), self.tr("Undo"), self._undo)
        self.refresh()

    def _undo(self) -> None:
        if self._editor.binding is not None:
            self._editor.binding.undo()

    def _back_to_now(self) -> None:
        if self._previewed is not None:
            self._previewed = None
            self._window.note.banner.clear("version")
            self._writing.end_preview()

    def _left(self) -> None:
        self._previewed = None
        self._window.note.banner.clear("version")
        self.refresh()
