"""Decides how one command reaches its node: the running one through the local door, else one opened for the moment.

Asks for a passphrase where one is needed and a person is there to type it; leaves all work to the node.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import typer

from notesapp.cli import output
from notesapp.control.calls import Call
from notesapp.control.door import Door, open_door
from notesapp.errors import BadRequest, NotesError, PassphraseNeeded, WrongPassphrase
from notesapp.node.home import Unlock
from notesapp.store.places import Home

R = TypeVar("R")
T = TypeVar("T")

GUESSES = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What every command knows: whose notes, and what the person typed to open them."""

    home: Home

    def ask(self, call: Call[R], title: str | None = None) -> R:
        """The answer to one call; a bar titled `title` on a terminal while it runs."""

        async def work(door: Door) -> R:
            if title is None:
                return await door.call(call)
            with output.progress(title) as report:
                return await door.call(call, report)

        return self.work(work)

    def work(self, work: Callable[[Door], Coroutine[Any, Any, T]]) -> T:
        """Runs something longer than one call over one door; asks for the passphrase if one is needed."""
        self.home.prepare()
        passphrase = os.environ.get("NOTESAPP_PASSPHRASE")
        for guess in range(1, GUESSES + 1):
            try:
                return asyncio.run(self._through_the_door(work, passphrase))
            except (PassphraseNeeded, WrongPassphrase) as error:
                if (
                    guess == GUESSES
                    or not can_ask()
                    or (passphrase and guess == 1 and "NOTESAPP_PASSPHRASE" in os.environ)
                ):
                    raise
                if isinstance(error, WrongPassphrase):
                    output.say(error.sentence)
                passphrase = getpass("Passphrase: ")
        raise AssertionError("the last guess returns or raises")

    def place(self, typed: str) -> Path:
        """The absolute path of what a person typed; BadRequest if that is nothing."""
        if not typed.strip():
            raise BadRequest(what="A path is empty; name a file or folder (“.” is the one you are in).")
        try:
            return Path(typed).expanduser().absolute()
        except RuntimeError:
            raise BadRequest(what=f"“{typed}” begins with “~” and a person whom this computer doesn't know.") from None

    def outside(self, typed: str) -> Path:
        """The same, for folders that may not be where Notesapp keeps its own files."""
        path = self.place(typed)
        if path.resolve().is_relative_to(self.home.folder.resolve()):
            raise BadRequest(what=f"“{path}” is where Notesapp keeps its own files; choose another place.")
        return path

    async def _through_the_door(self, work: Callable[[Door], Coroutine[Any, Any, T]], passphrase: str | None) -> T:
        async with open_door(self.home, Unlock(passphrase=passphrase)) as door:
            for sentence in door.notices:
                output.say(sentence)
            done = await work(door)
            for sentence in door.parting:
                output.say(sentence)
            return done


def can_ask() -> bool:
    """Whether a person sits at the terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()  # None: it was closed


async def answer(question: str) -> bool:
    """A person's yes or no at the terminal, while the loop goes on; the question can be cancelled (Ctrl+C, or its end).

    A thread that waits for a line can't be cancelled, and the end of the loop would wait for it; Windows has no other
    way, but there Ctrl+C ends the wait.
    """
    if sys.platform == "win32":
        return await asyncio.to_thread(typer.confirm, question, err=True)
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    while True:
        output.ask(f"{question} [y/N]: ")
        typed.clear()
        loop.add_reader(sys.stdin, typed.set)
        try:
            await typed.wait()
        except asyncio.CancelledError:
            sys.stderr.write("\n")  # what is said next begins a line
            raise
        finally:
            loop.remove_reader(sys.stdin)
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        if (word := line.strip().casefold()) in ("y", "yes", "n", "no", ""):
            return word.startswith("y")
        output.say("Type y or n.")


def as_json(row: object) -> object:
    """An answer as what JSON can say."""
    return msgspec.to_builtins(row)


def each(names: list[str], act: Callable[[str], None]) -> None:
    """Does one thing to several notes: all are tried, each failure is said, and the first one is the command's end."""
    first: NotesError | None = None
    for name in names:
        try:
            act(name)
        except NotesError as error:
            if first is not None or len(names) > 1:
                output.fail(error.sentence)
            first = first or error
    if first is not None:
        raise first if len(names) == 1 else Stop(first.exit_code)


class Stop(Exception):
    """A command that has said why it fails already."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code
