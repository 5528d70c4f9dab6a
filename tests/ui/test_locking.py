"""The program around the window: passphrase, locking, recovery kit, quick note, session end, a bug that is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton

from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.keyfile import Limits
from notesapp.store.places import Home
from notesapp.ui.arguments import Arguments
from notesapp.ui.crash import CrashLog
from notesapp.ui.dialogs.report import Report
from notesapp.ui.dialogs.unlock import UnlockWindow
from notesapp.ui.program import Program
from notesapp.ui.shell import Shell
from tests.ui.driving import click, run, settle, type_in, until

pytestmark = [pytest.mark.gui, pytest.mark.socket]
CHEAP = Limits(rounds=1, memory_bytes=8192)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTESAPP_KEYRING", "off")


async def made(home: Path, passphrase: str | None = None) -> tuple[str, ...]:
    """A home with one note; its recovery kit."""
    node = await Node.open(Home.find(home), Unlock(passphrase=passphrase, keyring=False, limits=CHEAP))
    await node.create_note(text="# Kept safe")
    kit = node.recovery_kit()
    await node.close()
    return kit


def running(
    app: QApplication,
    home: Path,
    tell: Callable[[Program], Awaitable[None]],
    *,
    before: Callable[[], Awaitable[object]] | None = None,
    arguments: Arguments = Arguments(),
) -> int:
    """Runs the program in Qt's loop while the story is told; its exit code."""

    async def work() -> int:
        if before is not None:
            await before()
        crashes = CrashLog(home / "logs")
        crashes.watch()
        program = Program(app, Home.find(home), arguments, crashes)
        main = asyncio.ensure_future(program.main())
        try:
            await tell(program)
        finally:
            program._stop.set()
            code = await main
            crashes.close()
        return code

    return run(app, work)


async def shell_of(program: Program) -> Shell:
    await until(lambda: program.shell is not None and program.shell.window.isVisible(), "no window came")
    assert program.shell is not None
    return program.shell


async def asked() -> UnlockWindow:
    def shown() -> list[UnlockWindow]:
        return [
            w for w in QApplication.topLevelWidgets() if isinstance(w, UnlockWindow) and w.isVisible() and w.isEnabled()
        ]

    await until(shown, "the passphrase was not asked for")
    return shown()[0]


def give(window: UnlockWindow, passphrase: str) -> None:
    line = window.findChild(QLineEdit)
    assert line is not None
    line.clear()
    type_in(line, passphrase)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_the_passphrase_is_asked_for_and_a_wrong_one_refused(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(program: Program) -> None:
        window = await asked()
        give(window, "wrong horse")
        await until(lambda: "doesn’t open" in window._wrong.text(), "a wrong passphrase is not refused")
        assert "`" not in window._wrong.text()
        assert window.height() >= window.sizeHint().height(), "the sentence has no room"
        give(await asked(), "right horse")
        shell = await shell_of(program)
        assert [view.title for view in shell.node.notes()] == ["Kept safe"]
        assert shell.acts.program.can_lock()
        shell.commands.run("app.lock")
        window = await asked()
        assert program.shell is None
        give(window, "right horse")
        shell = await shell_of(program)
        assert [view.title for view in shell.node.notes()] == ["Kept safe"]

    assert running(qapp, tmp_path / "home", tell, before=lambda: made(tmp_path / "home", "right horse")) == 0


def test_the_recovery_kit_opens_what_the_passphrase_does_not(qapp: QApplication, tmp_path: Path) -> None:
    kit: list[str] = []

    async def before() -> None:
        kit.extend(await made(tmp_path / "home", "right horse"))

    async def tell(program: Program) -> None:
        window = await asked()
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Use the recovery kit"))
        field = window.findChild(QPlainTextEdit)
        assert field is not None
        field.setPlainText("wrong words")
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Open"))
        await until(lambda: window._wrong.text(), "wrong words are not refused")
        await asked()
        field.setPlainText(" ".join(kit))
        click(next(b for b in window.findChildren(QPushButton) if b.text() == "Open"))
        shell = await shell_of(program)
        assert [view.title for view in shell.node.notes()] == ["Kept safe"]

    assert running(qapp, tmp_path / "home", tell, before=before) == 0


def test_closing_the_passphrase_window_ends_the_program(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(program: Program) -> None:
        (await asked()).close()
        await settle()

    assert running(qapp, tmp_path / "home", tell, before=lambda: made(tmp_path / "home", "right horse")) == 0


def test_closing_the_window_ends_the_program_or_hides_it(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(program: Program) -> None:
        shell = await shell_of(program)
        program.settings.now.keep_running = True
        shell.window.close()
        await settle()
        assert not shell.window.isVisible()
        assert not program._stop.is_set()
        program._appear()
        assert shell.window.isVisible()
        program.settings.now.keep_running = False
        shell.window.close()
        await settle()
        assert program._stop.is_set()

    assert running(qapp, tmp_path / "home", tell) == 0


def test_a_quick_note_is_kept(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(program: Program) -> None:
        await until(lambda: program._quick.isVisible(), "no quick note")
        assert program.shell is not None
        assert not program.shell.window.isVisible()
        type_in(program._quick._text, "Buy leeks")
        node = program.shell.node
        QTest.keyClick(program._quick._text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: "Buy leeks" in [view.title for view in node.notes()], "it is not kept")
        await until(program._stop.is_set, "nothing is left to be shown, yet it runs on")

    home = tmp_path / "home"
    assert running(qapp, home, tell, arguments=Arguments(quick_note=True)) == 0

    async def again(program: Program) -> None:
        shell = await shell_of(program)
        assert "Buy leeks" in [view.title for view in shell.node.notes()]

    assert running(qapp, home, again) == 0


def test_the_end_of_the_session_keeps_what_was_typed(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(program: Program) -> None:
        shell = await shell_of(program)
        await until(lambda: not shell.editor.isReadOnly(), "the note can't be written in")
        type_in(shell.editor, "half a sen")
        program._session_ends(None)  # type: ignore[arg-type] # the manager is not asked anything
        assert program._stop.is_set()

    home = tmp_path / "home"
    assert running(qapp, home, tell) == 0

    async def again(program: Program) -> None:
        shell = await shell_of(program)
        await until(lambda: shell.writing.text == "half a sen", "it was lost")

    assert running(qapp, home, again) == 0


def test_a_bug_is_told_with_a_report_to_copy(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(program: Program) -> None:
        shell = await shell_of(program)

        async def bug() -> None:
            raise ZeroDivisionError("SECRET NOTE TEXT")

        shell.desk.start(bug(), "a bug")
        await until(lambda: shell.window.findChildren(Report), "nothing was told")
        await shell.desk.start(bug(), "the same bug")
        assert len(shell.window.findChildren(Report)) == 1, "cards pile up"
        report = shell.window.findChildren(Report)[0]
        assert "ZeroDivisionError" in report._details
        assert "SECRET" not in report._details
        click(next(b for b in report.findChildren(QPushButton) if b.text() == "Copy"))
        assert "ZeroDivisionError" in QApplication.clipboard().text()
        report.finish(None)

    assert running(qapp, tmp_path / "home", tell) == 0
    assert "SECRET" not in (tmp_path / "home" / "logs" / "notesapp.log").read_text()
