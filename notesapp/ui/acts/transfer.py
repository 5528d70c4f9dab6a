"""Out and in: a note as Markdown, web page or PDF, on paper; notebooks as folders; files and vaults into a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtCore import QObject, Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from notesapp.control import calls
from notesapp.control.rows import FileReport, ImportRow
from notesapp.errors import NotesError
from notesapp.notes.file_names import safe_name
from notesapp.ui.desk import Desk
from notesapp.ui.dialogs.files import open_files, open_folder, save_file, write_file
from notesapp.ui.dialogs.progress import work
from notesapp.ui.dialogs.report import show_report
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.paper import print_note, write_pdf
from notesapp.ui.incoming import read_files
from notesapp.ui.places import InNotebook
from notesapp.ui.sayings import said
from notesapp.ui.window import Window
from notesapp.ui.writing import Writing


class Transfer(QObject):
    """The acts. What is exported is the open note or the notebook of the place."""

    def __init__(self, desk: Desk, window: Window, editor: NoteEdit, writing: Writing) -> None:
        super().__init__(window)
        self._desk, self._window, self._editor, self._writing = desk, window, editor, writing
        window.files_dropped.connect(self.dropped)
        window.sidebar.model.files_dropped.connect(
            lambda paths, place: self._desk.start(self._take_in([Path(path) for path in paths], place), "import")
        )

    # -- out

    def markdown(self) -> None:
        """Saves the open note's text as it is."""
        self._desk.start(self._markdown(), "export as Markdown")

    async def _markdown(self) -> None:
        path = await self._where(".md", self.tr("Markdown (*.md)"))
        if path is not None:
            write_file(path, self._writing.text.encode())
            self._done(path)

    def html(self) -> None:
        """Saves the open note as one web page with everything in it."""
        self._desk.start(self._html(), "export as web page")

    async def _html(self) -> None:
        path = await self._where(".html", self.tr("Web page (*.html)"))
        if path is not None:
            from notesapp.ui.editor.html_out import html_page  # with a whole Markdown parser: no start needs it

            text, note = self._writing.text, self._desk.note()
            kept = await self._kept(text)
            write_file(path, html_page(text, note.title if note is not None else "", kept.get).encode())
            self._done(path)

    async def _kept(self, text: str) -> dict[str, tuple[str, bytes]]:
        """The attachments that the text shows: name → (kind, bytes)."""
        note, found, plain = self._desk.note(), {}, unquote(text)
        if note is not None:
            for view in await self._desk.node.attachments(note.notebook_id):
                if view.name in text or view.name in plain:
                    data = await self._desk.node.read_attachment(note.notebook_id, view.name)
                    found[view.name] = (view.mime, data)
        return found

    def pdf(self) -> None:
        """Saves the open note as PDF, as it looks on the screen."""
        self._desk.start(self._pdf(), "export as PDF")

    async def _pdf(self) -> None:
        path = await self._where(".pdf", self.tr("PDF (*.pdf)"))
        if path is not None:
            note, look = self._desk.note(), self._editor.formats.look
            title = note.title if note is not None else ""
            write_pdf(path, self._writing.text, self._editor.pictures, title=title, look=look)
            self._done(path)

    def print(self) -> None:
        """Prints the open note."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        note = self._desk.note()
        if note is not None:  # printers show it in their queue, and a PDF is called so
            printer.setDocName(safe_name(note.title or self.tr("Untitled")))
        dialog = QPrintDialog(printer, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._desk.start(self._printed(printer), "print"))
        dialog.setModal(True)
        dialog.show()

    async def _printed(self, printer: QPrinter) -> None:
        print_note(printer, self._writing.text, self._editor.pictures, look=self._editor.formats.look)
        if printer.outputFileName():
            self._done(Path(printer.outputFileName()))
        else:
            self._desk.say(self.tr("Sent to “%1”").replace("%1", printer.printerName()))

    def notebook(self) -> None:
        """Writes the place's notebook, or that of the open note, as a folder of Markdown with its attachments."""
        self._desk.start(self._notebook(), "export a notebook")

    async def _notebook(self) -> None:
        notebook = self._desk.home().notebook_id
        name = self._desk.node.notebook_name(notebook)
        title = self.tr("Export “%1” into which folder?").replace("%1", name)
        folder = await open_folder(self._window, title)
        if folder is None:
            return
        await self._desk.node.saved()
        done = await work(
            self._window.theme,
            self._window,
            self.tr("Exporting"),
            lambda progress: self._desk.door.call(calls.Export(str(folder), notebook.hex()), progress),
        )
        if done is None:
            self._desk.say(self.tr("The export was cancelled; what it had written stays."))
            return
        told = self.tr("%n notes exported", "", done.notes)
        remarks = [_line(file) for file in done.files if file.why]
        if remarks:
            title = self.tr("“%1” is exported").replace("%1", name)
            show_report(self._window.theme, self._window, title, [told], "\n".join(remarks))
        else:
            self._desk.say(told)

    async def _where(self, ending: str, kinds: str) -> Path | None:
        note = self._desk.note()
        if note is None:
            return None
        name = safe_name(note.title or self.tr("Untitled")) + ending
        return await save_file(self._window, self.tr("Export"), name, kinds)

    def _done(self, path: Path) -> None:
        self._desk.say(self.tr("Saved as “%1”").replace("%1", path.name))

    # -- in

    def import_files(self) -> None:
        """Asks for files and takes them in."""
        self._desk.start(self._import_files(), "import")

    async def _import_files(self) -> None:
        kinds = self.tr("Notes (*.md *.markdown *.txt *.html *.htm);;All files (*)")
        await self._take_in(await open_files(self._window, self.tr("Import which files?"), kinds), None)

    def import_folder(self) -> None:
        """Asks for a folder and takes it in."""
        self._desk.start(self._import_folder(), "import")

    async def _import_folder(self) -> None:
        folder = await open_folder(self._window, self.tr("Import which folder?"))
        if folder is not None:
            await self._take_in([folder], None)

    def dropped(self, paths: Sequence[str]) -> None:
        """Files or folders were dropped on the window."""
        self._desk.start(self._take_in([Path(path) for path in paths], None), "import")

    async def _take_in(self, paths: Sequence[Path], place: InNotebook | None) -> None:
        home = place or self._desk.home()
        for folder in (path for path in paths if path.is_dir()):
            await self._vault(folder, home)
        files = [path for path in paths if not path.is_dir()]
        if files:
            await self._files(files, home)

    async def _vault(self, folder: Path, home: InNotebook) -> None:
        row = await work(
            self._window.theme,
            self._window,
            self.tr("Importing “%1”").replace("%1", folder.name),
            lambda progress: self._desk.door.call(calls.Import(str(folder), home.notebook_id.hex()), progress),
        )
        if row is None:
            self._desk.say(self.tr("The import was cancelled before any note came in."))
            return
        self._desk.go(InNotebook(home.notebook_id))
        self._report(folder.name, row)

    def _report(self, name: str, row: ImportRow) -> None:
        sentences = [
            self.tr("%n new notes", "", row.notes_new),
            self.tr("%n notes changed", "", row.notes_changed),
            self.tr("%n notes were there already", "", row.notes_same),
            self.tr("%n files kept with them", "", row.attachments),
            self.tr("%n links work", "", row.links_resolved),
            self.tr("%n links have no target", "", row.links_unresolved),
        ]
        counts = (
            row.notes_new,
            row.notes_changed,
            row.notes_same,
            row.attachments,
            row.links_resolved,
            row.links_unresolved,
        )
        told = " · ".join(sentence for sentence, count in zip(sentences, counts, strict=True) if count)
        details = "\n".join([*(_line(file) for file in row.files if file.why), *row.unresolved])
        title = self.tr("“%1” is imported").replace("%1", name)
        show_report(self._window.theme, self._window, title, [told or self.tr("Nothing was in it.")], details)

    async def _files(self, files: Sequence[Path], home: InNotebook) -> None:
        made: bytes | None = None
        wrong: list[str] = []
        incoming, wrong = read_files(files)
        for note in incoming:
            try:
                made = await self._desk.node.create_note(home.notebook_id, note.text, home.folder, note.name)
            except NotesError as error:
                wrong.append(f"{note.name}: {said(error.sentence)}")
        if made is not None:
            self._desk.find_and_open(made)
        if wrong:
            title = self.tr("%n files could not be imported", "", len(wrong))
            show_report(self._window.theme, self._window, title, [], "\n".join(wrong))
        elif made is not None:
            self._desk.say(self.tr("%n files imported", "", len(incoming)))


def _line(file: FileReport) -> str:
    return f"{file.path}: {said(file.why)}"
