"""How fast what one writes is at another's: real nodes and sockets. `pytest tests/bench/test_sharing.py -m slow -s`.

Both nodes run in one process here, so each figure holds the work of both ends; but for the thousand notes, whose
sender is a program of its own: pauses are those of the loop that receives.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from notesapp.identity.roles import Role
from notesapp.net.swarm import Swarm
from notesapp.node.events import Event, NoteEdited, Origin
from notesapp.node.node import Node
from notesapp.store.places import Home
from notesapp.text import Splice
from tests.node.air import until
from tests.node.conftest import OPEN
from tests.node.processes import Peer

pytestmark = [pytest.mark.slow, pytest.mark.socket, pytest.mark.timeout(300)]


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Node, Node]]:
    """Two people's nodes with a network each; nothing is announced."""
    nodes = [await Node.open(Home(tmp_path / name), OPEN) for name in ("alice", "bob")]
    for node in nodes:
        await node.people.go_online(lambda: Swarm(None, None))
    yield nodes[0], nodes[1]
    for node in nodes:
        await node.close()


async def joined(alice: Node, bob: Node, notebook: bytes) -> None:
    invite = await alice.people.share(notebook, Role.WRITER, approval=False)
    assert invite.link is not None
    assert alice.people.peering.network is not None
    here = f"127.0.0.1:{alice.people.peering.network.report.port}"
    await bob.people.joined(await bob.people.join(invite.link, at=[here]))


async def test_a_key_is_at_the_other_node_at_once(pair: tuple[Node, Node]) -> None:
    alice, bob = pair
    note_id = await alice.create_note(text="")
    await joined(alice, bob, alice.default_notebook)
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    await alice.open_note(note_id)
    await bob.open_note(note_id)
    for node in pair:
        node.people.show(note_id, 0, 0)
    await until(lambda: alice.people.who_is_in(note_id) and bob.people.who_is_in(note_id))
    await until(lambda: alice.people.peering.session_with(bob._core.persona.device.device_id))
    came: asyncio.Queue[float] = asyncio.Queue()

    def hear(event: Event) -> None:
        if isinstance(event, NoteEdited) and event.origin is Origin.LINK:
            came.put_nowait(time.perf_counter())

    bob.subscribe(hear)
    took: list[float] = []
    for number in range(100):
        began = time.perf_counter()
        alice.edit(note_id, Splice(number, "", "x"))
        took.append(await asyncio.wait_for(came.get(), 10) - began)
        await asyncio.sleep(0.02)
    took.sort()
    p50, p95 = 1000 * statistics.median(took), 1000 * took[94]
    print(f"\na key to the other node: p50 {p50:.0f} ms, p95 {p95:.0f} ms (25 ms of it the burst)")
    assert p50 < 120


async def test_a_thousand_notes_come_without_a_pause(tmp_path: Path) -> None:
    link = await asyncio.to_thread(_a_thousand_notes, sender := Peer("alice", tmp_path), tmp_path / "folder")
    bob = await Node.open(Home(tmp_path / "receiver"), OPEN)
    await bob.people.go_online(lambda: Swarm(None, None))
    pauses: list[tuple[float, float]] = []
    watching = asyncio.create_task(_watch(pauses))
    began = time.perf_counter()
    try:
        await bob.people.joined(await bob.people.join(link))
        await until(lambda: len([v for v in bob.notes() if v.file_name.startswith("note ")]) == 1000, 120)
        took = time.perf_counter() - began
        await bob.search("evening")
        named = time.perf_counter() - began
    finally:
        watching.cancel()
        await bob.close()
        await asyncio.to_thread(sender.stop)
    pauses.sort()
    wall, busy = (", ".join(f"{1000 * x:.0f}" for x in sorted(one)[-3:]) for one in zip(*pauses, strict=True))
    print(
        f"\n1,000 notes of 5 kB: {took:.1f} s, named and searchable after {named:.1f} s; longest pauses {wall} ms, of"
        f" this process's own processor time in one {busy} ms"
    )
    assert took < 30


async def _watch(pauses: list[tuple[float, float]]) -> None:
    """How long the loop was away each time: by the clock, and by the processor time of its thread."""
    while True:
        began, busy = time.perf_counter(), time.thread_time()
        await asyncio.sleep(0.005)
        pauses.append((time.perf_counter() - began - 0.005, time.thread_time() - busy))


def _a_thousand_notes(sender: Peer, folder: Path) -> str:
    """A program that shares them; the invite."""
    folder.mkdir()
    line = "A line of a note that somebody wrote on a long evening.\n"
    for number in range(1000):
        (folder / f"note {number:04}.md").write_text(f"# Note {number}\n\n" + line * 88)
    sender.start()
    sender.ask(calls.Import(str(folder), "Thousand"))
    link = sender.ask(people.Share("Thousand", approval=False)).link
    assert link is not None
    return link


async def test_an_attachment_comes_in_bulk(pair: tuple[Node, Node]) -> None:
    alice, bob = pair
    film = os.urandom(40_000_000)
    await alice.attach(alice.default_notebook, film, "film.mp4")
    await joined(alice, bob, alice.default_notebook)
    began = time.perf_counter()
    assert await bob.read_attachment(alice.default_notebook, "film.mp4") == film
    print(f"\nbulk: {40 / (time.perf_counter() - began):.1f} MB/s, to the disk and read back")


def sent_bytes() -> int:
    """What went over loopback since the start of the system."""
    return int(Path("/sys/class/net/lo/statistics/tx_bytes").read_text())


async def test_two_who_are_idle_cost_next_to_nothing(pair: tuple[Node, Node]) -> None:
    alice, bob = pair
    await joined(alice, bob, alice.default_notebook)
    await asyncio.sleep(8)
    cpu, began, before = time.process_time(), time.perf_counter(), sent_bytes()
    await asyncio.sleep(30)
    took = time.perf_counter() - began
    share, rate = 100 * (time.process_time() - cpu) / took, (sent_bytes() - before) / took
    print(f"\nidle, both together: {share:.1f} % of a core, {rate:.0f} B/s on loopback (other programs' included)")
    assert share < 5
