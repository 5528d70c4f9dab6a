"""Two people far apart, each with a window of their own behind a router; between them nothing but nodes of a DHT.

The acts of a story, done with real keys. A third, Carol, has no window: her program runs somewhere and carries.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from notesapp.control import calls_people
from notesapp.control.rows_people import ReachRow
from tests.lab.ground import Ground, Side, ground
from tests.lab.kinds import Kind
from tests.lab.nodes import lay
from tests.same_room import SOON_S, WORDS_S, Person, both
from tests.screen import virtual_screen, wait_for

DHT_NODES = 24


@dataclass
class FarPerson(Person):
    """A person behind a router, who agreed to be found on the internet; `nodes` are asked first."""

    nodes: tuple[str, ...] = field(default=())

    def introduce(self) -> None:
        """Tells the program the person's name, and that people far away may be looked for."""
        for words in (("me", "--name", self.name), ("internet", "on", "--nodes", ",".join(self.nodes))):
            self.run(*words)

    def run(self, *words: str) -> None:
        """A command on this person's computer."""
        command = [*self.within, sys.executable, "-m", "notesapp", "--home", str(self.home), *words]
        subprocess.run(command, env={**os.environ, "NOTESAPP_KEYRING": "off"}, check=True, timeout=90)

    def serve(self) -> None:
        """Starts the program without a window."""
        command = [*self.within, sys.executable, "-m", "notesapp", "--home", str(self.home), "peer"]
        environment = {**os.environ, "NOTESAPP_KEYRING": "off"}
        self.program = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )  # fmt: skip
        wait_for(lambda: self.ask(calls_people.Network()) is not None, f"{self.name}'s program didn't start", SOON_S)

    def reach(self, name: str) -> ReachRow | None:
        """How the program says that somebody is reached."""
        return next((row for row in self.ask(calls_people.Reach()) or () if row.name == name), None)

    def path(self, name: str) -> str:
        """The path to somebody; empty if there is none."""
        row = self.reach(name)
        return row.path if row is not None else ""


@dataclass
class Far:
    """The internet of the story."""

    ground: Ground
    things: ExitStack
    folder: Path
    nodes: tuple[str, ...]
    sides: dict[str, Side] = field(default_factory=dict)

    def person(self, name: str, kind: Kind) -> FarPerson:
        """One more, before a screen, and behind a router of this kind."""
        side = self.sides[name] = self.ground.side(kind)
        screen = self.things.enter_context(virtual_screen())
        one = FarPerson(name, screen, side.host, self.folder / name.lower(), nodes=self.nodes)
        self.things.callback(one.kill)
        one.introduce()
        return one

    def carry(self, person: FarPerson, kind: Kind) -> None:
        """A person's computer is carried behind another router."""
        self.ground.move(self.sides[person.name], kind)


@contextmanager
def far_apart(folder: Path) -> Iterator[Far]:
    """Nobody yet, and a DHT."""
    with ExitStack() as things:
        it = things.enter_context(ground(secrets.token_hex(1)))
        yield Far(it, things, folder, tuple(lay(it, DHT_NODES)[:4]))


def say_three_words(ana: FarPerson) -> tuple[str, ...]:
    """Ana opens the card of her notebook, goes to “Three words” and makes some; she has them before her eyes."""
    ana.screen.keys("ctrl+shift+s")
    ana.screen.keys(*["shift+Tab"] * 4, "space")  # back over the terms to the other way
    ana.screen.keys("Tab", "Tab", "space")  # over the role to “Make three words”
    wait_for(lambda: bool(ana.ask(calls_people.Codes())), "no three words were made", WORDS_S)
    return (ana.ask(calls_people.Codes()) or ())[0].words


def type_three_words(bo: FarPerson, words: tuple[str, ...]) -> None:
    """Bo types what he was told."""
    bo.screen.keys("ctrl+shift+j")
    bo.screen.write(" ".join(words))
    bo.screen.keys("Return")


def compare_and_agree(ana: FarPerson, bo: FarPerson, picture: Path) -> None:
    """Both see the same words; Ana lets Bo in."""
    wait_for(lambda: ana.is_asked() and bo.compares(), "Bo doesn't find Ana", SOON_S)
    both(ana, bo, picture)
    asked = (ana.ask(calls_people.Requests()) or ())[0].words
    assert asked == next(one.words for one in bo.ask(calls_people.Joins()) or () if one.words)
    ana.screen.keys("space")


def bring(far: Far, ana: FarPerson, name: str, kind: Kind) -> FarPerson:
    """A third one joins by a link, without a window."""
    carol = far.person(name, kind)
    carol.serve()
    row = ana.ask(calls_people.Share(None, "writer"))
    assert row is not None
    assert row.link is not None
    carol.ask(calls_people.Join(row.link))
    wait_for(ana.is_asked, f"{name} doesn't find Ana", SOON_S)
    ana.ask(calls_people.Approve(name))
    return carol
