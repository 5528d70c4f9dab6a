"""Drives the real window over a real node, while another device writes: screen, note and disk hold one text, always."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from notesapp.node.loading import load
from notesapp.node.node import Node
from notesapp.notes.note import Note
from notesapp.notes.schema import Kind
from notesapp.store.places import Home
from notesapp.text import Splice
from notesapp.ui.shell import Shell
from tests.node.conftest import OPEN
from tests.node.test_two_nodes import Wire, give_everything, second_device
from tests.ui.driving import run, shown, until
from tests.ui.editor.test_fuzz import PIECES, START, World

pytestmark = pytest.mark.gui


class TrueWorld(World):
    """The acts of the fuzz test on the window's own editor; the other person is a device with a node of its own."""

    def __init__(self, shell: Shell, mine: Note, bob: Node, there: Wire, back: Wire, seed: int) -> None:
        assert shell.editor.binding is not None
        self.dice = random.Random(seed)
        self.shell, self.mine, self.bob, self.there, self.back = shell, mine, bob, there, back
        self.edit, self.binding = shell.editor, shell.editor.binding
        self.edit.setFocus()
        self.composing = False

    async def act(self) -> str:
        act = self.choose()
        match act:
            case "remote":
                await self.bob_writes(self.dice.randint(1, 4))
            case "reload":
                if self.dice.random() < 0.2:
                    await self.bob_writes(160)
            case _:
                getattr(self, f"do_{act}")()
        return act

    async def bob_writes(self, count: int) -> None:
        """Bob edits what he has, which is behind as often as not; then all of it comes here."""
        note = await self.bob.open_note(self.mine.note_id)
        for _ in range(count):
            at = self.dice.randint(0, len(note.text))
            removed = note.text[at : at + self.dice.choice((0, 0, 0, 1, 5, 30))]
            splice = Splice(at, removed, self.dice.choice([*PIECES, ""]))
            if splice.removed or splice.inserted:
                self.bob.edit(note.note_id, splice)
        self.bob.close_note(note.note_id)
        await self.bob.saved()
        await self.back.carry()
        if self.dice.random() < 0.5:
            await self.shell.node.saved()
            await self.there.carry()

    async def check_all(self) -> None:
        """The same text on the screen, in the note, and in what the disk says of it."""
        assert self.binding.text == self.binding.sheet.text()
        if not self.composing:  # what an input method is at is no text yet, and what others wrote waits for it
            assert self.binding.text == self.mine.text
        node = self.shell.node
        node.flush(self.mine.note_id)
        await node.saved()
        core = node._core
        held = core.notebook(node.note(self.mine.note_id).notebook_id)
        assert (await load(core, held, self.mine.note_id, Kind.NOTE)).replica.text == self.mine.text


def play(qapp: QApplication, folder: Path, seed: int, steps: int) -> None:
    async def work() -> None:
        ana = await Node.open(Home(folder / "laptop"), OPEN)
        note_id = await ana.create_note(text=START)
        bob = await second_device(ana, Home(folder / "desktop"))
        await ana.close()
        ana = await Node.open(Home(folder / "laptop"), OPEN)
        there, back = Wire(ana, bob), Wire(bob, ana)
        try:
            await give_everything(ana, bob)
            async with shown(qapp, ana, folder / "window.json", size=(1100, 700)) as shell:
                shell.desk.open(note_id)
                await until(lambda: shell.writing.is_loaded, "the note was not opened")
                world = TrueWorld(shell, await ana.open_note(note_id), bob, there, back, seed)
                acts: list[str] = []
                for _ in range(steps):
                    acts.append(await world.act())
                    try:
                        await world.check_all()
                    except AssertionError as error:
                        raise AssertionError(f"seed {seed}, step {len(acts)} ({acts[-4:]})") from error
                world.do_commit()
                await world.check_all()
                while await there.carry() + await back.carry():
                    await ana.saved()
                    await bob.saved()
                assert (await bob.open_note(note_id)).text == world.mine.text
        finally:
            await ana.close()
            await bob.close()

    run(qapp, work, deadline_s=600)


@pytest.mark.parametrize("seed", range(3))
def test_screen_note_and_disk_hold_one_text_after_every_step(qapp: QApplication, tmp_path: Path, seed: int) -> None:
    play(qapp, tmp_path, seed, 50)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(100, 108))
def test_the_same_for_longer(qapp: QApplication, tmp_path: Path, seed: int) -> None:
    play(qapp, tmp_path, seed, 400)
