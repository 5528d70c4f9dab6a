"""A start that fails says why where a person sees it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from notesapp.errors import KeyLost, KeyringSilent, NotesError, ReadOnlyHome
from notesapp.store.places import Home
from notesapp.ui import app
from notesapp.ui.arguments import Arguments
from notesapp.ui.dialogs.sorry import Sorry
from notesapp.ui.dialogs.unlock import UnlockWindow
from notesapp.ui.style.theme import Theme

pytestmark = pytest.mark.gui


async def refuse(home: Home, arguments: Arguments) -> bool:
    raise ReadOnlyHome(path=home.folder)


def test_a_start_that_fails_shows_its_sentence_and_one_button(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "hand_over", refuse)
    monkeypatch.setattr(app, "_need_display", lambda: None)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")  # the application of the tests is there already
    said: list[str] = []

    def read() -> None:
        sorry = next(one for one in qapp.topLevelWidgets() if isinstance(one, Sorry) and one.isVisible())
        (button,) = sorry.findChildren(QPushButton)
        said.append(sorry.said.text())
        button.click()

    QTimer.singleShot(100, read)
    assert app.run(["--home", "/tmp/nowhere"]) == ReadOnlyHome.exit_code
    assert said == [ReadOnlyHome(path="/tmp/nowhere").sentence]
    assert capsys.readouterr().err == said[0] + "\n"


def test_without_a_screen_and_for_wrong_words_only_the_terminal_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "hand_over", refuse)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert app.run(["--home", "/tmp/nowhere"]) == ReadOnlyHome.exit_code
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert app.run(["--wat"]) == 2
    assert "--wat" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyLost(place="the keyring"), KeyringSilent(why="locked")])
def test_the_locked_window_names_no_command_where_a_button_stands(theme: Theme, error: NotesError) -> None:
    window = UnlockWindow(theme, error)
    said = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "`" not in said
    assert "kit" in said
