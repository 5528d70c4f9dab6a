"""Two windows over two real nodes on a network in memory: invited nearby, compared, joined, written at once, parted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from notesapp.control.door import NearDoor
from notesapp.node.node import Node
from notesapp.node.people_views import Company
from notesapp.ui.languages import speak
from notesapp.ui.people.join_sheet import JoinSheet
from notesapp.ui.people.share_people import Asking
from notesapp.ui.people.share_sheet import ShareSheet
from notesapp.ui.settings import SettingsFile
from notesapp.ui.shell import Shell
from notesapp.ui.style.theme import Appearance, Theme
from tests.node.air import Room, room
from tests.ui.driving import run, type_in, until
from tests.ui.window_parts import press, sheet, write

pytestmark = pytest.mark.gui
LONG_S = 30.0


async def window(node: Node, theme: Theme, folder: Path) -> Shell:
    """A window over a node that is there already."""
    shell = Shell(node, NearDoor(node), theme, SettingsFile(folder / "window.json"))
    await shell.begin()
    shell.window.resize(1100, 700)
    shell.appear()
    return shell


def two_windows(app: QApplication, folder: Path, tell: Callable[[Room, Shell, Shell], Awaitable[None]]) -> None:
    """Ana's and Bo's windows, in one loop; bugs in either fail the test."""
    speak(app, "en")

    async def work() -> None:
        theme = Theme(Appearance.LIGHT, contrast=False, reduced_motion=True)
        theme.dress(app)
        async with room(folder, "ana", "bo") as there:
            shells = [await window(there[name], theme, folder / name) for name in ("ana", "bo")]
            bugs: list[BaseException] = []
            for shell in shells:
                shell.desk.broke.connect(bugs.append)
            try:
                await tell(there, *shells)
            finally:
                for shell in shells:
                    await shell.close()
            if bugs:
                raise bugs[0]

    run(app, work)


async def nearby(ana: Shell, bo: Shell) -> None:
    """Ana shares the notebook of her open note with Bo, who is nearby."""
    bo.commands.run("people.join")
    ana.commands.run("people.share")
    share = sheet(ana, ShareSheet)
    await until(lambda: [one.name for one in ana.desk.people.nearby()] == ["bo"], "Bo doesn't show up", LONG_S)
    share._invite_nearby(ana.desk.people.nearby()[0].nearby_id)
    join = sheet(bo, JoinSheet)
    await until(lambda: bool(share.requests.findChildren(Asking)) and bool(join.steps.match.shown), "no words", LONG_S)
    assert share.requests.findChildren(Asking)[0].request.words == join.steps.match.shown
    assert share.requests.findChildren(Asking)[0].yes.hasFocus() or join.same.hasFocus()
    join.same.click()
    share.requests.findChildren(Asking)[0].yes.click()
    await until(lambda: len(ana.desk.people.of(ana.node.default_notebook).members) == 2, "Bo is no member", LONG_S)
    share.finish(None)


async def both_in(ana: Shell, bo: Shell, note_id: bytes) -> None:
    """Both have the note before them and can write."""
    await until(lambda: bo.desk.view(note_id) is not None, "the note doesn't come", LONG_S)
    bo.desk.find_and_open(note_id)
    for shell in (ana, bo):
        await until(lambda shell=shell: shell.writing.is_loaded, "the note isn't loaded", LONG_S)  # type: ignore[misc]
        await until(lambda shell=shell: not shell.editor.isReadOnly(), "it can't be written in", LONG_S)  # type: ignore[misc]


def says(shell: Shell, other: str) -> bool:
    """Whether the foot of the note says that somebody else is in it."""
    return shell.window.note.foot._status.text() == f"Saved · {other} is here"


def test_two_people_share_write_part_and_come_together(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(there: Room, ana: Shell, bo: Shell) -> None:
        note_id = await write(ana, "# Beds\n\nnorth\n\nsouth")
        await nearby(ana, bo)
        await both_in(ana, bo, note_id)
        assert bo.window.focusWidget() is bo.editor
        press(ana.editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        bo.editor.scroll_to(bo.writing.text.index("north") + 5)
        for mine, his in zip(" by ana.", " by bo..", strict=True):
            type_in(ana.editor, mine)
            type_in(bo.editor, his)
            await asyncio.sleep(0.005)
        whole = "# Beds\n\nnorth by bo..\n\nsouth by ana."
        await until(lambda: ana.writing.text == bo.writing.text == whole, "the texts differ", LONG_S)

        # carets, faces and the foot tell who is here
        for shell, other in ((ana, "bo"), (bo, "ana")):
            await until(partial(says, shell, other), "who is here isn’t said", LONG_S)
            assert [face.name for face in shell.window.note.people.faces] == [other]
            assert shell.editor.stage is not None
            assert [one.name for one in shell.editor.stage.peers] == [other]
        assert bo.editor.stage is not None
        await until(lambda: bo.editor.stage.peers[0].position == len(whole), "Ana's caret is elsewhere", LONG_S)  # type: ignore[union-attr]
        await until(lambda: ana.window.sidebar._status.accessibleName() == "Sharing", "the state is another", LONG_S)

        # apart, both write on; together again, it is one text, and undo takes back only what is one's own
        there.air.part("ana", "bo")
        await until(lambda: ana.desk.people.company().company is not Company.SHARING, "nobody notices", LONG_S)
        type_in(ana.editor, " Alone.")
        type_in(bo.editor, " So am I.")
        await ana.node.saved(note_id)
        assert "So am I" not in ana.writing.text
        there.air.join("ana", "bo")
        whole = "# Beds\n\nnorth by bo.. So am I.\n\nsouth by ana. Alone."
        await until(lambda: ana.writing.text == bo.writing.text == whole, "the texts differ for good", LONG_S)
        press(bo.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: ana.writing.text == bo.writing.text != whole, "the undo didn't come", LONG_S)
        assert ana.writing.text.endswith("Alone.")
        assert "So am I" not in ana.writing.text

    two_windows(qapp, tmp_path, tell)


def test_what_was_written_while_one_was_elsewhere_is_marked(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(there: Room, ana: Shell, bo: Shell) -> None:
        note_id = await write(ana, "# Beds\n\nnorth")
        await nearby(ana, bo)
        await both_in(ana, bo, note_id)
        ana.desk.open(await ana.node.create_note(text="# Elsewhere"))
        bo.editor.scroll_to(len(bo.writing.text))
        type_in(bo.editor, "\n\nwater them")
        await until(lambda: ana.node.people.looking.is_unread(note_id), "no dot", LONG_S)
        await until(lambda: "water them" in ana.node.note(note_id).snippet, "the list doesn't know", LONG_S)
        ana.desk.open(note_id)
        banner = ana.window.note.banner
        assert banner.sentence.startswith("Others changed this note since you last looked")
        await until(lambda: ana.writing.is_loaded and "water" in ana.writing.text, "the note isn't loaded", LONG_S)
        banner._notices["news"].acts[0][1]()
        await until(lambda: bool(ana.editor.stage and ana.editor.stage.found.places), "nothing is marked", LONG_S)
        binding, stage = ana.editor.binding, ana.editor.stage
        assert binding is not None
        assert stage is not None
        marked = [binding.text[binding.to_at(low) : binding.to_at(high)] for low, high in stage.found.places]
        assert marked == ["water them"]

    two_windows(qapp, tmp_path, tell)
