"""What others changed meanwhile: a dot in the list, a sentence on opening, and the new lines marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from notesapp.node.events import NoteReceived
from notesapp.text import Splice
from notesapp.ui.languages import speak
from notesapp.ui.settings import SettingsFile
from notesapp.ui.shell import Shell
from notesapp.ui.unread import new_places
from tests.ui.driving import story, until
from tests.ui.window_parts import write

pytestmark = pytest.mark.gui


def test_a_note_that_others_changed_has_a_dot_until_it_is_looked_at(qapp: QApplication, tmp_path: Path) -> None:
    speak(qapp, "en")

    async def tell(shell: Shell) -> None:
        beds = await write(shell, "# Beds\n\nfirst line")
        await write(shell, "# Other")
        # As a change of somebody else arrives: the text first, then the news of it.
        await shell.node.change_text(beds, [Splice(18, "", "\nby somebody else")])
        shell.desk._heard(NoteReceived(beds))
        rows = shell.window.list.rows
        await until(lambda: [r.unread for r in rows.rows if r.note.note_id == beds] == [True], "no dot")
        row = next(one for one in rows.rows if one.note.note_id == beds)
        assert "changed since you looked" in rows.spoken(row)
        assert beds.hex() in shell.settings.now.unread
        shell.desk.open(beds)
        banner = shell.window.note.banner
        assert banner.sentence.startswith("Others changed this note since you last looked, ")
        await until(lambda: not any(r.unread for r in rows.rows), "the dot stays")
        await until(lambda: shell.writing.is_loaded, "the note is not there")
        banner._notices["news"].acts[1][1]()
        assert banner.sentence == ""

    story(qapp, tmp_path / "home", tell)


def test_dots_last_over_a_restart_and_go_where_one_has_just_come_in(qapp: QApplication, tmp_path: Path) -> None:
    async def first(shell: Shell) -> None:
        beds = await write(shell, "# Beds\n\nfirst line")
        await write(shell, "# Other")
        shell.desk._heard(NoteReceived(beds))

    async def second(shell: Shell) -> None:
        await until(lambda: any(row.unread for row in shell.window.list.rows.rows), "the dot was forgotten")
        shell.unread.forget(shell.node.default_notebook)
        await until(lambda: not any(row.unread for row in shell.window.list.rows.rows), "the dot stays")

    story(qapp, tmp_path / "home", first)
    assert len(SettingsFile(tmp_path / "home" / "window.json").now.unread) == 1
    story(qapp, tmp_path / "home", second)


def test_new_lines_are_found_wherever_they_stand() -> None:
    before = "# Beds\n\none\ntwo"
    now = "# Beds\n\nzero\none\ntwo changed\n\n😀 last"
    assert [now[low:high] for low, high in new_places(before, now)] == ["zero", "two changed", "😀 last"]
    assert new_places(before, before) == []
    assert new_places(before, "# Beds") == []
