"""Out and in: exports, dropped files, folders, and what can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QApplication

from notesapp.ui.dialogs.report import Report
from notesapp.ui.shell import Shell
from tests.ui.driving import settle, story, until
from tests.ui.window_parts import sheet, write

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
