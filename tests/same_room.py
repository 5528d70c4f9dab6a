"""Two people in one room, each with a window of their own: the acts of a story, done with real keys on a real network.

Each has a virtual screen and a computer on one bridge; what they share goes over that bridge and nowhere else. What a
program knows is asked at its own door, a socket in its home.
"""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from notesapp.control import calls, calls_people
from notesapp.control.calls import Call
from notesapp.control.client import connect
from notesapp.control.door import FarDoor
from notesapp.control.rows_people import PeopleRow
from notesapp.errors import NotesError
from notesapp.store.places import Home
from tests.net.lab import Room, room
from tests.screen import VirtualScreen, virtual_screen, wait_for

R = TypeVar("R")
# Two windows, two screens and all they do share the cores of one small machine.
SOON_S, EQUAL_S, WORDS_S = 40.0, 40.0, 8.0
TEXT = (590, 100, 1390, 770)  # where the text stands on the virtual screen; header, list and foot are outside of it
CARET_LEAST_PX, FLAG_LEAST_PX = 14, 12  # a caret is as high as a line; a name is wider than the dot that follows it


@dataclass
class Person:
    """A person at a computer: a screen, a host in the room, a home, a running program."""

    name: str
    screen: VirtualScreen
    host: str
    home: Path
    program: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def within(self) -> tuple[str, ...]:
        """What runs a command on this person's computer."""
        return ("ip", "netns", "exec", self.host)

    def ask(self, call: Call[R]) -> R | None:
        """What the running program answers; None while it can't be asked."""

        async def asked() -> R | None:
            client = await connect(Home.find(self.home))
            if client is None:
                return None
            try:
                return await FarDoor(client).call(call)
            except NotesError:
                return None
            finally:
                await client.close()

        return asyncio.run(asked())

    def introduce(self) -> None:
        """Tells the program the person's name, and that this room is enough for him, before the first window."""
        for words in (("me", "--name", self.name), ("internet", "off")):
            command = [*self.within, sys.executable, "-m", "notesapp", "--home", str(self.home), *words]
            subprocess.run(command, env={**os.environ, "NOTESAPP_KEYRING": "off"}, check=True, timeout=90)

    def open(self) -> None:
        """Starts the window and waits for it."""
        self.program = self.screen.start(self.home, within=self.within)
        self.screen.wait_for_window(deadline_s=SOON_S)

    def close(self) -> None:
        """Ends the program as a computer does that is switched off in order."""
        program, self.program = self.program, None
        if program is not None:
            program.send_signal(signal.SIGTERM)
            wait_for(lambda: program.poll() is not None, f"the window of {self.name} didn't end", SOON_S)
            assert program.returncode == 0

    def kill(self) -> None:
        """Ends whatever still runs."""
        if self.program is not None:
            self.program.kill()
            self.program.wait(10)

    def text_of(self, title: str) -> str | None:
        """The text of the note of this title as the program has it; None if there is none."""
        found = [row.id for row in self.ask(calls.Ls()) or () if row.title == title]
        text = self.ask(calls.Cat(found[0])) if found else None
        return text.text if text is not None else None

    def is_asked(self) -> bool:
        """Whether somebody waits for a yes here, with words to compare."""
        return any(one.words for one in self.ask(calls_people.Requests()) or ())

    def compares(self) -> bool:
        """Whether words to compare stand on this screen for somebody who joins."""
        return any(one.words for one in self.ask(calls_people.Joins()) or ())

    def company(self) -> PeopleRow | None:
        """How it stands with the notebook that is shared, as the status of the window says it; None if none is."""
        for row in self.ask(calls.Notebooks()) or ():
            found = self.ask(calls_people.People(row.id))
            if found is not None and len(found.members) > 1:
                return found
        return None

    def is_sharing(self) -> bool:
        """Whether the status is “Sharing”, and nothing is here only."""
        found = self.company()
        return found is not None and (found.state, found.only_here) == ("sharing", 0)


@dataclass(frozen=True)
class SeenCaret:
    """Somebody else's caret on a screen: the lower end of the bar, and whether a name stands on it."""

    x: int
    y: int
    named: bool


def others_caret(person: Person) -> SeenCaret | None:
    """Where the other one's caret stands in the text on this person's screen: what has one of the eight colours."""
    from PySide6.QtGui import QImage

    from notesapp.ui.style.tokens import LIGHT

    path = person.home.with_suffix(".png")
    person.screen.picture(path)
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    data, stride = bytes(image.constBits()), image.bytesPerLine()
    left, top, right, bottom = TEXT
    for colour in LIGHT.peers:
        ink = struct.pack("<I", colour.rgb())
        lines = [data[y * stride + 4 * left : y * stride + 4 * right] for y in range(top, bottom)]
        rows = [y for y, line in enumerate(lines) if ink in line]
        if len(rows) >= CARET_LEAST_PX:
            named = max(lines[y].count(ink) for y in rows) > FLAG_LEAST_PX
            return SeenCaret(left + lines[rows[-1]].index(ink) // 4, top + rows[-1], named)
    return None


@contextmanager
def two_people(folder: Path) -> Iterator[tuple[Room, Person, Person]]:
    """Ana and Bo in one room, each before a window that was opened for the first time."""
    with ExitStack() as things:
        place = things.enter_context(room("w"))
        people = []
        for name in ("Ana", "Bo"):
            one = Person(name, things.enter_context(virtual_screen()), place.host(), folder / name.lower())
            things.callback(one.kill)
            one.introduce()
            one.open()
            people.append(one)
        yield place, people[0], people[1]


def share_nearby(ana: Person, bo: Person, pictures: Path) -> None:
    """Ana shares the notebook of her open note with Bo, who is nearby; both compare the words and say yes."""
    bo.screen.keys("ctrl+shift+j")
    wait_for(lambda: _invited(ana, bo, pictures), "Bo doesn't show up at Ana's", 2 * SOON_S)
    both(ana, bo, pictures / "3-words.png")
    bo.screen.keys("space")
    ana.screen.keys("space")


def _invited(ana: Person, bo: Person, pictures: Path) -> bool:
    """Opens the card and goes from “Make a link” on to “Invite”; as long as nobody shows up, that is “Done”."""
    ana.screen.keys("ctrl+shift+s")
    both(ana, bo, pictures / "2-nearby.png")
    ana.screen.keys("Tab", "space")
    ends_s = time.monotonic() + WORDS_S
    while time.monotonic() < ends_s:
        if ana.is_asked() and bo.compares():
            return True
    return False


def is_equal(ana: Person, bo: Person, title: str, *words: str) -> bool:
    """Whether both have one text, with these words in it."""
    mine = ana.text_of(title)
    return mine is not None and mine == bo.text_of(title) and all(word in mine for word in words)


def both(ana: Person, bo: Person, path: Path) -> None:
    """One picture of both screens, side by side."""
    parts = [path.with_name(f".{path.stem}-{one.name}.png") for one in (ana, bo)]
    for one, part in zip((ana, bo), parts, strict=True):
        one.screen.picture(part)
    beside(parts, path)
    for part in parts:
        part.unlink()


def beside(parts: list[Path], path: Path) -> None:
    """Joins pictures of one height into one."""
    from PySide6.QtGui import QImage, QPainter

    images = [QImage(str(part)) for part in parts]
    whole = QImage(sum(one.width() for one in images) + 8, images[0].height(), QImage.Format.Format_RGB32)
    whole.fill(0xFF808080)
    painter = QPainter(whole)
    x = 0
    for one in images:
        painter.drawImage(x, 0, one)
        x += one.width() + 8
    painter.end()
    assert whole.save(str(path))
