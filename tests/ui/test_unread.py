"""What others changed meanwhile: a dot in the list, a sentence on opening, and the new lines marked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from notesapp.node.events import NoteReceived
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.places import Home
from notesapp.text import Splice
from notesapp.ui.languages import speak
from notesapp.ui.shell import Shell
from notesapp.ui.unread import new_places
from tests.ui.driving import story, until
from tests.ui.window_parts import write

pytestmark = pytest.mark.gui


def receive(shell: Shell, note_id: bytes) -> None:
    """As a change of somebody else arrives, once its text is there."""
    shell.node._core.hook.tell(NoteReceived(note_id))


def test_a_note_that_others_changed_has_a_dot_until_it_is_looked_at(qapp: QApplication, tmp_path: Path) -> None:
    speak(qapp, "en")

    async def tell(shell: Shell) -> None:
        beds = await write(shell, "# Beds\n\nfirst line")
        await write(shell, "# Other")
        await shell.node.change_text(beds, [Splice(18, "", "\nby somebody else")])
        receive(shell, beds)
        rows = shell.window.list.rows
        await until(lambda: [r.unread for r in rows.rows if r.note.note_id == beds] == [True], "no dot")
        row = next(one for one in rows.rows if one.note.note_id == beds)
        assert "changed since you looked" in rows.spoken(row)
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
        receive(shell, beds)

    async def second(shell: Shell) -> None:
        await until(lambda: any(row.unread for row in shell.window.list.rows.rows), "the dot was forgotten")
        shell.unread.forget(shell.node.default_notebook)
        await until(lambda: not any(row.unread for row in shell.window.list.rows.rows), "the dot stays")

    story(qapp, tmp_path / "home", first)
    story(qapp, tmp_path / "home", second)


def test_what_came_into_the_open_note_behind_the_window_is_said_when_it_comes_to_the_front(
    qapp: QApplication, tmp_path: Path
) -> None:
    speak(qapp, "en")

    async def tell(shell: Shell) -> None:
        beds = await write(shell, "# Beds\n\nfirst line")
        await until(shell.window.isActiveWindow, "the window isn't in front")
        receive(shell, beds)
        assert not shell.node.people.looking.is_unread(beds)  # it came before the person's eyes
        other = QWidget()
        other.show()
        other.activateWindow()
        await until(lambda: not shell.window.isActiveWindow(), "the other window isn't in front")
        receive(shell, beds)
        assert shell.node.people.looking.is_unread(beds)
        assert shell.window.note.banner.sentence == ""
        other.close()
        shell.appear()
        await until(lambda: "since you last looked" in shell.window.note.banner.sentence, "it isn't said")
        assert not shell.node.people.looking.is_unread(beds)
        other.deleteLater()

    story(qapp, tmp_path / "home", tell)


def test_what_others_had_written_before_the_window_met_them_is_said_even_of_the_open_note(
    qapp: QApplication, tmp_path: Path
) -> None:
    speak(qapp, "en")

    async def tell(shell: Shell) -> None:
        beds = await write(shell, "# Beds\n\nfirst line")
        await until(shell.window.isActiveWindow, "the window isn't in front")
        shell.node.people.looking._behind.add(shell.node.default_notebook)  # as if it had been shared before the start
        receive(shell, beds)
        await until(lambda: "since you last looked" in shell.window.note.banner.sentence, "it isn't said")
        said = shell.window.note.banner.sentence
        receive(shell, beds)  # more of the same
        assert shell.window.note.banner.sentence == said
        assert not shell.node.people.looking.is_unread(beds)

    story(qapp, tmp_path / "home", tell)


def test_what_came_while_no_window_was_open_is_said_at_the_next_start(qapp: QApplication, tmp_path: Path) -> None:
    speak(qapp, "en")
    notes: list[bytes] = []

    async def first(shell: Shell) -> None:
        notes.append(await write(shell, "# Other"))
        notes.append(await write(shell, "# Beds\n\nfirst line"))

    async def without_a_window() -> None:
        node = await Node.open(Home.find(tmp_path / "home"), Unlock(keyring=False))
        try:
            for note_id in notes:
                node._core.hook.tell(NoteReceived(note_id))
        finally:
            await node.close()

    async def second(shell: Shell) -> None:
        await until(lambda: "since you last looked" in shell.window.note.banner.sentence, "it isn't said")
        assert shell.desk.note_id == notes[1]
        rows = shell.window.list.rows
        await until(lambda: [r.note.note_id for r in rows.rows if r.unread] == notes[:1], "the dot is elsewhere")

    story(qapp, tmp_path / "home", first)
    asyncio.run(without_a_window())
    story(qapp, tmp_path / "home", second)


def test_new_lines_are_found_wherever_they_stand() -> None:
    before = "# Beds\n\none\ntwo"
    now = "# Beds\n\nzero\none\ntwo changed\n\n😀 last"
    assert [now[low:high] for low, high in new_places(before, now)] == ["zero", "two changed", "😀 last"]
    assert new_places(before, before) == []
    assert new_places(before, "# Beds") == []
