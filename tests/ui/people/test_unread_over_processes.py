"""What others wrote while a peer without a window ran, a process of its own: the window that opens next says it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from notesapp.control import calls
from notesapp.control import calls_people as people
from notesapp.ui.languages import speak
from notesapp.ui.shell import Shell
from tests.node.processes import Peer, join, wait
from tests.ui.driving import settle, story, until

# Soak: on a machine that does much else two processes that restart may need over a minute to meet again.
pytestmark = [pytest.mark.gui, pytest.mark.soak, pytest.mark.socket, pytest.mark.timeout(400)]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Peer, Peer]]:
    """Ana and Bo in one notebook that Ana made, each with a process of his own."""
    monkeypatch.setenv("NOTESAPP_KEYRING", "off")
    ana, bo = Peer("ana", tmp_path), Peer("bo", tmp_path)
    try:
        for one in (ana, bo):
            one.start()
            one.ask(people.Me(one.name))
        ana.ask(calls.NewNotebook("Room"))
        for title in ("Beds", "Seeds", "Tools"):
            ana.ask(calls.New(f"# {title}\n\nfirst line", "Room"))
        join(ana, bo, "Room")
        wait(lambda: bo.titles("Room") == ["Beds", "Seeds", "Tools"], "the notes to come to Bo")
        yield ana, bo
    finally:
        for one in (ana, bo):
            one.stop()


def writes(ana: Peer, bo: Peer, title: str, words: str) -> None:
    """Ana adds a line, and Bo's peer, without a window, has it."""
    ana.ask(calls.Append(title, words))
    wait(lambda: words in bo.ask(calls.Cat(title)).text, f"“{words}” to come")


def unread(shell: Shell) -> list[str]:
    """The titles with a dot."""
    return sorted(row.note.title for row in shell.window.list.rows.rows if row.unread)


def opens(shell: Shell, title: str) -> str:
    """Opens a note; what is said above it."""
    shell.desk.find_and_open(next(one.note_id for one in shell.node.notes() if one.title == title))
    return shell.window.note.banner.sentence


async def marked(shell: Shell) -> list[str]:
    """What “Show what is new” marks."""
    await until(lambda: shell.writing.is_loaded, "the note isn't loaded")
    shell.window.note.banner._notices["news"].acts[0][1]()
    await until(lambda: bool(shell.editor.stage and shell.editor.stage.found.places), "nothing is marked")
    binding, stage = shell.editor.binding, shell.editor.stage
    assert binding is not None
    assert stage is not None
    return [binding.text[binding.to_at(low) : binding.to_at(high)] for low, high in stage.found.places]


def test_dots_and_what_is_new_go_from_peer_to_window_and_back(
    two: tuple[Peer, Peer], tmp_path: Path, qapp: QApplication
) -> None:
    ana, bo = two
    speak(qapp, "en")
    writes(ana, bo, "Beds", "water them")
    writes(ana, bo, "Seeds", "order them")
    bo.stop()

    async def first(shell: Shell) -> None:
        # A window begins with the newest note, and says it there; the others have dots.
        await until(lambda: "since you last looked" in shell.window.note.banner.sentence, "nothing is said of Seeds")
        await until(lambda: unread(shell) == ["Beds"], f"the dots are at {unread(shell)}")
        assert opens(shell, "Tools") == ""
        assert opens(shell, "Beds").startswith("Others changed this note since you last looked")
        await until(lambda: unread(shell) == [], f"the dots are at {unread(shell)}")
        opens(shell, "Tools")
        await until(lambda: shell.writing.is_loaded, "the note isn't loaded")

    story(qapp, bo.home, first)
    bo.start()
    writes(ana, bo, "Tools", "oil them")
    writes(ana, bo, "Seeds", "sow them")
    bo.stop()
    bo.start()  # a second run forgets no dot
    bo.stop()

    async def second(shell: Shell) -> None:
        # The window begins with the note that was open last: it is said there at once, and has no dot.
        await until(lambda: shell.window.note.banner.sentence != "", "nothing is said of the note that was open")
        assert shell.window.note.banner.sentence.startswith("Others changed this note since you last looked, ")
        assert await marked(shell) == ["oil them"]
        await until(lambda: unread(shell) == ["Seeds"], f"the dots are at {unread(shell)}")
        assert opens(shell, "Beds") == ""
        assert opens(shell, "Seeds").startswith("Others changed this note since you last looked")
        await until(lambda: unread(shell) == [], f"the dots are at {unread(shell)}")

    story(qapp, bo.home, second)
    bo.start()
    wait(lambda: all(one.online for one in bo.ask(people.People("Room")).members), "the two to meet")
    bo.stop()

    async def third(shell: Shell) -> None:
        await settle()
        assert unread(shell) == []
        assert shell.window.note.banner.sentence == ""

    story(qapp, bo.home, third)


def test_the_open_note_says_what_was_written_while_nothing_ran(two: tuple[Peer, Peer], qapp: QApplication) -> None:
    ana, bo = two
    speak(qapp, "en")
    bo.stop()

    async def look(shell: Shell) -> None:
        opens(shell, "Beds")
        await until(lambda: shell.writing.is_loaded, "the note isn't loaded")

    story(qapp, bo.home, look)
    ana.ask(calls.Append("Beds", "water them"))

    async def meet(shell: Shell) -> None:
        await until(shell.window.isActiveWindow, "the window isn't in front")
        assert shell.window.note.banner.sentence == ""
        await shell.node.people.go_online()
        banner = shell.window.note.banner
        await until(lambda: "water them" in shell.writing.text, "it doesn't come", 60)
        await until(lambda: banner.sentence.startswith("Others changed this note since you last looked"), "nobody says")
        assert await marked(shell) == ["water them"]
        await until(lambda: not shell.node.people.looking._behind, "nobody was met")
        await asyncio.to_thread(ana.ask, calls.Append("Beds", "weed them"))
        await until(lambda: "weed them" in shell.writing.text, "it doesn't come", 60)
        assert unread(shell) == []  # it came before his eyes

    story(qapp, bo.home, meet)
