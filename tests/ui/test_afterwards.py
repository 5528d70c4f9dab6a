"""What is left when a window has been taken down: nothing that holds a text, nothing that a timer or signal reaches."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from notesapp.ui.shell import Shell
from tests.ui.driving import settle, story, type_in
from tests.ui.window_parts import write

pytestmark = pytest.mark.gui


def living() -> dict[int, str]:
    """The objects of the window that live, by their address."""
    gc.collect()
    return {
        id(one): type(one).__name__
        for one in shiboken6.getAllValidWrappers()
        if isinstance(one, QObject) and type(one).__module__.startswith("notesapp.ui")
    }


def test_a_window_that_was_taken_down_leaves_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell) -> None:
        await write(shell, "# Beans")
        await write(shell, "# Peas")
        shell.commands.run("view.outline")
        shell.show_settings("shortcuts")
        shell.commands.run("find.open")
        shell.commands.run("go.switcher")
        await settle()
        type_in(shell.editor, "more")

    story(qapp, tmp_path / "one", tell)
    before = living()
    story(qapp, tmp_path / "two", tell)
    of_the_application = {"Theme", "_Style"}
    left = [name for key, name in living().items() if key not in before and name not in of_the_application]
    assert left == []
