"""Hostile bytes at the local door: a command, an answer, or a named error; the door stays open for the next caller."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from notesapp.control import calls, commands, frames
from notesapp.control.client import connect
from notesapp.control.door import serving
from notesapp.control.frames import Answer, Ask, Fault
from notesapp.errors import NoSuchNote, NotesError, RemoteError
from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.places import Home
from tests.fuzzing import Decoder, attack, mutant

ASKS = [
    frames.pack(Ask(1, 7, "new", msgspec.msgpack.encode(calls.New("Grüße", "Notes")), "/home/ana"))[4:],
    frames.pack(Ask(2, 7, "new"))[4:],
    frames.pack(Ask(1, 8, "cancel"))[4:],
]
ANSWERS = [
    frames.pack(Answer(1, 7, result=b"\xc0"))[4:],
    frames.pack(Answer(1, 7, progress=(1, 3, "step")))[4:],
    frames.pack(Answer(1, 7, error=frames.fault(NoSuchNote(name="Plan"))))[4:],
]
CALLS: list[calls.Call[object]] = [
    calls.New("text", "Notes", "a/b", "name"),
    calls.Ls("Notes", None, "tag", True, False, 3),
    calls.Edit("ab12", (bytes(32),), (calls.SpliceRow(0, "", "x"),)),
    calls.ExportHistory("ab12", "/tmp/x", True),
]


def answered(data: bytes) -> object:
    """An answer as the client takes it, its error raised anew."""
    answer = frames.read_answer(data)
    return answer if answer.error is None else frames.raised(answer.error).sentence


def asked_of_each(data: bytes) -> object:
    """The arguments of every command there is."""
    found = []
    for line in commands.TABLE.values():
        with suppress(*frames.UNREADABLE):
            found.append(msgspec.msgpack.decode(data, type=line.asks))
    return found


DECODERS: dict[str, Decoder] = {
    "length": Decoder(lambda data: frames.size_of(data[:4].ljust(4, b"\0")), [b"\0\0\0\x09", b"\x01\0\0\0"]),
    "command": Decoder(frames.read_ask, ASKS),
    "answer": Decoder(answered, ANSWERS),
    "arguments": Decoder(asked_of_each, [msgspec.msgpack.encode(call) for call in CALLS], ()),
}


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_ten_thousand_mutants_end_in_a_value_or_a_named_error(name: str) -> None:
    attack(name, DECODERS[name], 10_000 if name != "arguments" else 1_000, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_million_mutants(name: str) -> None:
    for seed in range(2, 102):
        attack(name, DECODERS[name], 10_000 if name != "arguments" else 1_000, seed)


@pytest.mark.parametrize(
    "hostile", [b"\x84\xa1v\x01\xa2id\x01\xa7command\xa1\xff", b"\x91" * 5_000, b"\xdd\xff\xff\xff\xff"]
)
def test_half_letters_and_deep_nesting_are_no_commands(hostile: bytes) -> None:
    with pytest.raises(RemoteError):
        frames.read_ask(hostile)
    with pytest.raises(RemoteError):
        frames.read_answer(hostile)


@pytest.mark.parametrize("facts", [{}, {"self": 1}, {"name": {"deep": [1]}}, {"name": "x", "other": None}])
def test_an_error_with_any_facts_is_raised_as_some_error(facts: dict[str, object]) -> None:
    for name in ("NoSuchNote", "NotesError", "TooLarge", "nothing", "annotations", "__doc__"):
        assert isinstance(frames.raised(Fault(name, facts, "What it said.", 3)), NotesError)


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    found = await Node.open(Home(tmp_path / "home"), Unlock(keyring=False))
    yield found
    await found.close()


@pytest.mark.socket
async def test_five_hundred_hostile_callers_leave_the_door_open_and_the_notes_alone(node: Node) -> None:
    chance = random.Random("callers")
    async with serving(node):
        for _ in range(500):
            body = mutant(chance.choice([ASKS[1], *(frames.pack(Ask(1, 1, "ls"))[4:] for _ in range(3))]), chance)
            _, writer = await asyncio.open_unix_connection(node.home.control_address)
            writer.write(mutant(len(body).to_bytes(4, "big"), chance)[:4].ljust(4, b"\0") + body)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        client = await connect(node.home)
        assert client is not None
        assert msgspec.msgpack.decode(await client.ask("ls", b"\x80")) == []
        await client.close()
