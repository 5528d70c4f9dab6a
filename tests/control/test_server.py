"""The local door under honest, slow, broken and hostile callers."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from notesapp.control import address, client, frames, server
from notesapp.control.client import connect
from notesapp.control.server import Progress, Server
from notesapp.errors import (
    AmbiguousNote,
    BadRequest,
    BrokenOff,
    Cancelled,
    CannotWrite,
    LocalError,
    NoAnswer,
    NotesError,
)
from notesapp.store.places import Home

pytestmark = pytest.mark.socket


class Desk:
    """Stands for the command table; remembers what was asked of it."""

    def __init__(self) -> None:
        self.cancelled: list[str] = []
        self.was_cancelled = asyncio.Event()
        self.may_end = asyncio.Event()

    async def run(self, command: str, args: bytes, cwd: str, progress: Progress) -> bytes:
        match command:
            case "echo":
                return args
            case "where":
                return msgspec.msgpack.encode(cwd)
            case "count":
                for step in range(1, 4):
                    progress(step, 3, f"step {step}")
                    await asyncio.sleep(0.15)
                return msgspec.msgpack.encode("counted")
            case "ambiguous":
                raise AmbiguousNote(name="plan", candidates=["ab12 Plan", "cd34 Plan"])
            case "bug":
                raise ZeroDivisionError
            case "wait":
                try:
                    await self.may_end.wait()
                except asyncio.CancelledError:
                    self.cancelled.append(command)
                    self.was_cancelled.set()
                    raise
                return args
        raise BadRequest(what=f"no command {command}")


@pytest.fixture
async def desk() -> Desk:
    return Desk()


def there(home: Home) -> bool:
    return Path(home.control_address).exists()


def modes(home: Home) -> tuple[int, int]:
    path = Path(home.control_address)
    return stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.prepare()
    return found


@pytest.fixture
async def listening(home: Home, desk: Desk) -> AsyncIterator[Server]:
    found = Server(home, desk.run)
    await found.start()
    yield found
    await found.close()


async def raw(home: Home) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_unix_connection(home.control_address)


async def ask(home: Home, command: str, args: object = None) -> object:
    client = await connect(home)
    assert client is not None
    try:
        return msgspec.msgpack.decode(await client.ask(command, msgspec.msgpack.encode(args)))
    finally:
        await client.close()


async def test_an_answer_comes_back_with_the_callers_folder(home: Home, listening: Server) -> None:
    assert await ask(home, "echo", {"text": "Grüße 🙂"}) == {"text": "Grüße 🙂"}
    assert await ask(home, "where") == os.getcwd()


async def test_an_error_travels_as_itself(home: Home, listening: Server) -> None:
    with pytest.raises(AmbiguousNote) as found:
        await ask(home, "ambiguous")
    assert found.value.facts == {"name": "plan", "candidates": ["ab12 Plan", "cd34 Plan"]}
    assert found.value.exit_code == 3


async def test_a_bug_in_a_command_is_told_and_the_door_stays_open(home: Home, listening: Server) -> None:
    with pytest.raises(LocalError, match="bug: ZeroDivisionError"):
        await ask(home, "bug")
    assert await ask(home, "echo", 1) == 1


def test_an_unknown_error_keeps_its_sentence_and_code() -> None:
    found = frames.raised(frames.Fault("FromTheFuture", {}, "The moon is full.", 42))
    assert isinstance(found, NotesError)
    assert (str(found), found.exit_code) == ("The moon is full.", 42)


async def test_progress_streams_before_the_result(home: Home, listening: Server) -> None:
    client = await connect(home)
    assert client is not None
    steps: list[tuple[int, int, str]] = []
    result = await client.ask("count", b"\xc0", lambda *step: steps.append(step))
    await client.close()
    assert msgspec.msgpack.decode(result) == "counted"
    assert steps == [(1, 3, "step 1"), (2, 3, "step 2"), (3, 3, "step 3")]


async def test_commands_of_one_caller_overlap_and_one_is_cancelled(home: Home, listening: Server, desk: Desk) -> None:
    client = await connect(home)
    assert client is not None
    first = asyncio.create_task(client.ask("wait", b"\xc0"))
    second = asyncio.create_task(client.ask("wait", b"\x01"))
    assert await client.ask("echo", b"\x07") == b"\x07"
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await client.ask("echo", b"\x08") == b"\x08"
    assert desk.cancelled == ["wait"]
    desk.may_end.set()
    assert await second == b"\x01"
    await client.close()


async def test_a_caller_that_leaves_cancels_what_it_asked(home: Home, listening: Server, desk: Desk) -> None:
    client = await connect(home)
    assert client is not None
    waiting = asyncio.create_task(client.ask("wait", b"\xc0"))
    await client.ask("echo", b"\x01")
    await client.close()
    with pytest.raises(NoAnswer):
        await waiting
    async with asyncio.timeout(2):
        await desk.was_cancelled.wait()


async def test_closing_the_node_tells_its_callers(home: Home, desk: Desk) -> None:
    listening = Server(home, desk.run)
    await listening.start()
    client = await connect(home)
    assert client is not None
    waiting = asyncio.create_task(client.ask("wait", b"\xc0"))
    await client.ask("echo", b"\x01")
    await listening.close()
    with pytest.raises((Cancelled, NoAnswer)):
        await waiting
    await client.close()
    assert not there(home)
    assert await connect(home) is None


async def test_closing_waits_for_the_answer_that_is_on_its_way(home: Home, desk: Desk) -> None:
    listening = Server(home, desk.run)
    await listening.start()
    client = await connect(home)
    assert client is not None
    waiting = asyncio.create_task(client.ask("wait", b"\x05"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(listening.close(drain_s=5))
    desk.may_end.set()
    assert await waiting == b"\x05"
    await client.close()
    await closing


async def test_another_version_is_told_in_a_sentence(home: Home, listening: Server) -> None:
    reader, writer = await raw(home)
    body = msgspec.msgpack.encode({"v": 99, "id": 5, "command": ["a new shape"]})
    writer.write(len(body).to_bytes(4, "big") + body)
    said = await frames.read(reader, 2, 2)
    assert said is not None
    answer = msgspec.msgpack.decode(said, type=frames.Answer)
    writer.close()
    assert answer.id == 5
    assert answer.error is not None
    assert answer.error.name == "OtherVersion"
    assert "version (1, this one 99)" in answer.error.sentence


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x04\xc1\xc1\xc1\xc1",
        b"\x00\x00\x00\x01\x07",
        (2).to_bytes(4, "big") + b"\x81",
        os.urandom(4096),
    ],
)
async def test_garbage_costs_only_the_caller(home: Home, listening: Server, garbage: bytes) -> None:
    reader, writer = await raw(home)
    writer.write(garbage)
    writer.write_eof()
    async with asyncio.timeout(2):
        assert await reader.read() == b""
    writer.close()
    assert await ask(home, "echo", "still here") == "still here"


async def test_a_half_frame_and_a_silent_caller_run_into_their_deadline(
    home: Home, listening: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_HELLO_S", 0.1)
    monkeypatch.setattr(server, "_REST_S", 0.1)
    half, half_writer = await raw(home)
    half_writer.write(b"\x00\x00\x00\x10abc")
    silent, silent_writer = await raw(home)
    async with asyncio.timeout(2):
        assert await half.read() == b""
        assert await silent.read() == b""
    half_writer.close()
    silent_writer.close()


async def test_idle_callers_starve_nobody(home: Home, listening: Server) -> None:
    held = [await raw(home) for _ in range(200)]
    assert await ask(home, "echo", "let me in") == "let me in"
    assert await asyncio.wait_for(held[0][0].read(), 5) == b"", "the oldest had to leave"
    for _, writer in held:
        writer.close()


async def test_a_node_that_is_stopped_is_given_up_in_time_and_one_that_breaks_off_is_told_as_such(
    home: Home, listening: Server, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server._BEAT_S * 3 < client.SILENCE_S <= 10
    monkeypatch.setattr(client, "SILENCE_S", 0.2)
    monkeypatch.setattr(server, "_BEAT_S", 5.0)
    found = await connect(home)
    assert found is not None
    with pytest.raises(NoAnswer, match=r"within 0\.2 seconds"):
        await found.ask("wait", b"\xc0")
    waiting = asyncio.create_task(found.ask("wait", b"\xc0"))
    await asyncio.sleep(0)
    for caller in listening._callers:
        caller.drop()
    with pytest.raises(BrokenOff, match="broke off"):
        await waiting
    await found.close()


async def test_one_caller_too_many_is_turned_away_while_all_others_work(home: Home, listening: Server) -> None:
    held = [await raw(home) for _ in range(server._CALLERS)]
    for _, busy in held:
        busy.write(frames.pack(frames.Ask(frames.VERSION, 1, "wait")))
    for _ in range(300):  # until all their commands run
        await asyncio.sleep(0.001)
    assert not any(caller.is_idle for caller in listening._callers)
    reader, writer = await raw(home)
    async with asyncio.timeout(2):
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
    writer.close()
    for _, other in held:
        other.close()


async def test_too_many_commands_at_once_are_refused_with_a_sentence(home: Home, listening: Server, desk: Desk) -> None:
    client = await connect(home)
    assert client is not None
    waiting = [asyncio.create_task(client.ask("wait", b"\xc0")) for _ in range(server._COMMANDS_PER_CALLER)]
    await asyncio.sleep(0)
    with pytest.raises(BadRequest, match="Too many commands"):
        await client.ask("echo", b"\x01")
    desk.may_end.set()
    await asyncio.gather(*waiting)
    await client.close()


async def test_a_socket_that_a_dead_node_left_is_replaced(home: Home, desk: Desk) -> None:
    path = Path(home.control_address)
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(os.fspath(path))
    dead.close()
    assert await connect(home) is None
    listening = Server(home, desk.run)
    await listening.start()
    assert await ask(home, "echo", 1) == 1
    await listening.close()


async def test_only_the_owner_may_reach_the_socket(
    home: Home, listening: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert modes(home) == (0o600, 0o700)
    monkeypatch.setattr(address, "peer_uid", lambda peer: os.getuid() + 1)
    reader, writer = await raw(home)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    assert await connect(home) is None


def test_a_deep_home_gets_a_short_private_socket(tmp_path: Path) -> None:
    path = Path(Home(tmp_path / ("x" * 80) / ("y" * 80)).control_address)
    assert len(os.fsencode(path)) < 104
    address.check_folder(path)


def test_a_folder_where_others_could_put_a_socket_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(CannotWrite):
        address.check_folder(tmp_path / "control.sock")
