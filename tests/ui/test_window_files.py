"""Out and in: exports, dropped files, folders, and what can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from notesapp.ui.dialogs.report import Report
from notesapp.ui.places import AllNotes
from notesapp.ui.shell import Shell
from tests.ui.driving import click, settle, story, type_in, until
from tests.ui.window_parts import press, sheet, write

pytestmark = pytest.mark.gui


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_files_are_dropped_on_the_window_and_bad_ones_are_named(qapp: QApplication, home: Path, tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nText")
    (tmp_path / "page.html").write_text("<h1>Page</h1><p>With <b>bold</b></p>")
    (tmp_path / "bad.md").write_bytes(b"\x00\x01\x02")
    (tmp_path / "latin.txt").write_bytes("Größe".encode("latin-1"))

    async def tell(shell: Shell) -> None:
        data = QMimeData()
        names = ("good.md", "page.html", "bad.md", "latin.txt", "missing.md")
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
        shell.window.files_dropped.emit([str(tmp_path / name) for name in names])
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(Report)), "no report")
        assert {"Good", "Page"} <= {view.title for view in shell.node.notes()}
        page = next(view for view in shell.node.notes() if view.title == "Page")
        assert "**bold**" in await shell.node.stored_text(page.note_id)
        report = sheet(shell, Report)
        assert report._details.count("\n") == 2
        report.finish(None)

    story(qapp, home, tell)


def test_a_folder_is_imported_with_a_report_and_exported_again(
    qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = tmp_path / "vault"
    (vault / "sub").mkdir(parents=True)
    (vault / "a.md").write_text("# A\n\n[[b]] and [[nowhere]]\n")
    (vault / "sub" / "b.md").write_text("# B\n")

    async def tell(shell: Shell) -> None:
        shell.window.files_dropped.emit([str(vault)])
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(Report)), "no report")
        sheet(shell, Report).finish(None)
        assert {"A", "B"} <= {view.title for view in shell.node.notes()}
        out = tmp_path / "out"
        out.mkdir()

        async def chosen(*_: object) -> Path:
            return out

        monkeypatch.setattr("notesapp.ui.acts.transfer.open_folder", chosen)
        shell.commands.run("export.notebook")
        await until(lambda: (out / "sub" / "b.md").exists() or list(out.rglob("b.md")), "nothing was exported")
        await until(lambda: "exported" in shell.window.toast.sentence, "nothing was said")

    story(qapp, home, tell)


def test_a_note_goes_out_as_markdown_web_page_and_pdf(
    qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# Title\n\nSome **bold** words.")
        for name, ending, begins in (
            ("markdown", ".md", b"# Title"),
            ("html", ".html", b"<!doctype"),
            ("pdf", ".pdf", b"%PDF"),
        ):
            path = tmp_path / f"out{ending}"

            async def chosen(*_: object, path: Path = path) -> Path:
                return path

            monkeypatch.setattr("notesapp.ui.acts.transfer.save_file", chosen)
            shell.commands.run(f"export.{name}")
            await until(path.exists, f"no {name}")
            await settle(300)
            assert path.read_bytes().startswith(begins)

        async def forbidden(*_: object) -> Path:
            return tmp_path / "no such folder" / "x.md"

        monkeypatch.setattr("notesapp.ui.acts.transfer.save_file", forbidden)
        shell.commands.run("export.markdown")
        await until(lambda: "can't be written" in shell.window.toast.sentence, "nothing was said")

    story(qapp, home, tell)


def picture(path: Path) -> Path:
    image = QImage(60, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    assert image.save(str(path))
    return path


async def answer_dialog(shell: Shell, path: Path) -> None:
    """Types a path into the file dialog that opens, and presses Return."""

    def shown() -> list[QFileDialog]:
        return [one for one in shell.window.findChildren(QFileDialog) if one.isVisible()]

    await until(shown, "no file dialog")
    line = shown()[0].findChild(QLineEdit)
    assert line is not None
    line.clear()
    type_in(line, str(path))
    press(line, Qt.Key.Key_Return)
    await until(lambda: not shown(), "the file dialog stays")


def test_a_web_page_holds_its_pictures_whatever_they_are_called(qapp: QApplication, home: Path, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# Walks\n\n")
        shell.commands.run("edit.attach")
        await answer_dialog(shell, picture(tmp_path / "ridge (2) at noon.png"))
        await until(lambda: "ridge (2)" in shell.writing.text, "not attached")
        shell.commands.run("export.html")
        await answer_dialog(shell, tmp_path / "walks")
        page = tmp_path / "walks.html"
        await until(page.exists, "a name without an ending gets none")
        await until(lambda: "walks.html" in shell.window.toast.sentence, "nothing was said")
        assert "data:image/png;base64," in page.read_text()
        assert "%20" not in page.read_text().partition("<body>")[2]

    story(qapp, home, tell)


def test_a_name_without_an_ending_overwrites_nothing_unasked(qapp: QApplication, home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("not to be lost")

    async def tell(shell: Shell) -> None:
        await write(shell, "# Walks")
        shell.commands.run("export.markdown")
        await until(lambda: shell.window.findChildren(QFileDialog), "no file dialog")
        dialog = shell.window.findChildren(QFileDialog)[0]
        assert dialog.defaultSuffix() == "md"
        assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.reject()
        await settle()

    story(qapp, home, tell)
    assert (tmp_path / "mine.md").read_text() == "not to be lost"


def test_the_notebook_of_the_open_note_goes_out_and_what_was_kept_is_told(
    qapp: QApplication, home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "Beans.md").write_text("somebody else's")

    async def tell(shell: Shell) -> None:
        garden = await shell.node.create_notebook("Garden")
        beans = await shell.node.create_note(garden, "# Beans\n", "", "Beans")
        await shell.node.create_note(garden, "# Peas\n", "", "Peas")
        shell.desk.go(AllNotes())
        shell.desk.find_and_open(beans)
        shell.commands.run("export.notebook")
        await answer_dialog(shell, out)
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(Report)), "no report")
        report = sheet(shell, Report)
        assert "Garden" in report.accessibleName()
        assert report._details.startswith("Beans.md: Another file of this name is there")
        report.finish(None)

    story(qapp, home, tell)
    assert (out / "Beans.md").read_text() == "somebody else's"
    assert (out / "Peas.md").exists()


def test_a_note_is_printed_and_that_is_said(qapp: QApplication, home: Path, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# On paper\n\nwords")
        shell.commands.run("export.print")
        await until(lambda: shell.window.findChildren(QPrintDialog), "no dialog")
        dialog = shell.window.findChildren(QPrintDialog)[0]
        assert dialog.printer().docName() == "On paper"
        path = tmp_path / "paper.pdf"
        line = next(one for one in dialog.findChildren(QLineEdit) if one.isVisible())
        line.setText(str(path))
        click(next(one for one in dialog.findChildren(QPushButton) if "Print" in one.text()))
        await until(lambda: "paper.pdf" in shell.window.toast.sentence, "nothing was said")
        assert path.read_bytes().startswith(b"%PDF")

    story(qapp, home, tell)


def test_an_import_that_is_cancelled_says_what_is_in_and_goes_on_later(
    qapp: QApplication, home: Path, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    for number in range(400):
        (vault / f"n{number}.md").write_text(f"# Note {number}\n")

    async def tell(shell: Shell) -> None:
        def come() -> int:
            return sum(view.title.startswith("Note ") for view in shell.node.notes())

        task = shell.desk.start(shell.acts.transfer._take_in([vault], None), "import")
        await until(lambda: come() > 40 or task.done(), "nothing comes in")
        cancel = [b for b in shell.window.findChildren(QPushButton) if b.text() == "Cancel"]
        assert cancel or task.done()
        if cancel and not task.done():
            cancel[0].click()
        await until(task.done, "it does not end")
        if come() < 400:  # a quick machine may have had it all by then
            assert f"{come()} of 400 notes are in" in shell.window.toast.sentence
        await settle()
        shell.acts.transfer.dropped([str(vault)])
        await until(lambda: come() == 400, "it does not go on")

    story(qapp, home, tell)


def test_what_only_calls_itself_a_picture_is_kept_as_a_file_and_that_is_said(
    qapp: QApplication, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "fake.png").write_bytes(b"no picture at all")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "peas.md").write_text("# Peas")

    async def tell(shell: Shell) -> None:
        await write(shell, "# Walks\n\n")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("fake.png", "missing.png")])
        shell.editor.insertFromMimeData(data)
        await until(lambda: "can't be read" in shell.window.toast.sentence, "a missing file is passed over")
        assert "[fake.png](fake.png)" in shell.writing.text
        assert "![" not in shell.writing.text
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / "folder"))])
        shell.editor.insertFromMimeData(data)  # a folder is no attachment: it is taken in
        await until(lambda: "Peas" in {view.title for view in shell.node.notes()}, "the folder is refused")
        type_in(shell.editor, "still writing")
        assert "still writing" in shell.writing.text

    story(qapp, home, tell)


def test_a_window_that_closes_while_an_import_begins_breaks_nothing(
    qapp: QApplication, home: Path, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    for number in range(300):
        (vault / f"n{number}.md").write_text(f"# Note {number}\n")

    async def tell(shell: Shell) -> None:
        shell.acts.transfer.dropped([str(vault)])
        await settle(30)  # no card is shown yet; what breaks after this fails the test

    story(qapp, home, tell)
