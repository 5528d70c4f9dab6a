"""The internet, once a person agreed: three words and notebooks find each other there, and everything is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from notesapp.errors import BadBootstrap
from notesapp.identity.roles import Role
from notesapp.net.candidate import NatClass
from notesapp.net.memory_dht import MemoryDht, MemoryNetwork
from notesapp.net.swarm import Swarm
from notesapp.net.watch import FakeWatch
from notesapp.node.faraway import nodes_of
from notesapp.node.people_views import JoinStage
from tests.net.ends import LOCAL
from tests.net.test_internet import mirrors
from tests.node.air import Room, until

pytestmark = pytest.mark.socket
OWN = ("127.0.0.1:1",)  # a network of one's own, so that no test ever asks the public one


@asynccontextmanager
async def far_room(folder: Path, *names: str) -> AsyncIterator[Room]:
    """People with real ports and nothing in common but a DHT."""
    network = MemoryNetwork()
    async with AsyncExitStack() as stack:
        nodes = await stack.enter_async_context(mirrors())
        found = Room(folder, stack)
        for name in names:
            people = (await found.enter(name, online=False)).people
            people.internet.make_engine = lambda options: MemoryDht(network, LOCAL, nodes)
            await people.go_online(lambda: Swarm(None, FakeWatch()), 0)
        yield found


@pytest.fixture
async def far(tmp_path: Path) -> AsyncIterator[Room]:
    async with far_room(tmp_path, "alice", "bob") as found:
        yield found


async def test_nothing_is_looked_up_before_a_person_agreed(far: Room) -> None:
    alice = far["alice"]
    await alice.people.code(alice.default_notebook, Role.WRITER)
    await until(lambda: alice.people.peering.network is not None)
    view = alice.people.internet.view
    assert (view.choice.agreed, view.on, view.report) == (None, False, None)
    await alice.people.internet.choose(agreed=True, mapping=False, bootstrap=OWN)
    await until(lambda: alice.people.internet.view.on)
    await alice.people.internet.choose(agreed=False)
    assert not alice.people.internet.view.on


async def test_three_words_find_each_other_with_nothing_but_the_dht(far: Room) -> None:
    alice, bob = far["alice"], far["bob"]
    note_id = await alice.create_note(text="from far away")
    for one in (alice, bob):
        await one.people.internet.choose(agreed=True, mapping=False, bootstrap=OWN)
    code = await alice.people.code(alice.default_notebook, Role.WRITER)
    join_id = await bob.people.join(code.words)
    await until(lambda: alice.people.requests(), 40)
    await alice.people.approve(alice.people.requests()[0].request_id, True)
    await until(lambda: bob.people.a_join(join_id).stage in (JoinStage.DONE, JoinStage.FAILED), 40)
    assert bob.people.a_join(join_id).stage is JoinStage.DONE, bob.people.a_join(join_id)
    await until(lambda: any(view.note_id == note_id for view in bob.notes()))
    report = bob.people.internet.view.report
    assert report is not None
    assert report.nat.nat is NatClass.CONSISTENT


async def test_a_link_leads_to_an_admin_by_the_dht_while_its_maker_is_away(tmp_path: Path) -> None:
    async with far_room(tmp_path, "alice", "bob", "carol") as far:
        alice, bob, carol = far["alice"], far["bob"], far["carol"]
        for one in (alice, bob, carol):
            await one.people.internet.choose(agreed=True, mapping=False, bootstrap=OWN)
        notebook = alice.default_notebook
        first = (await alice.people.share(notebook, Role.WRITER, approval=False)).link
        assert first is not None
        ended = await bob.people.joined(await bob.people.join(first))
        assert ended.stage is JoinStage.DONE, ended
        await alice.people.set_role(notebook, bob.people.me().person_id, Role.ADMIN)
        link = (await alice.people.share(notebook, Role.WRITER)).link
        assert link is not None
        await until(lambda: any(view.open and view.link for view in bob.people.of(notebook).invites))
        await far.leave("alice")  # the link names her addresses, where nobody answers now
        join_id = await carol.people.join(link)
        await until(bob.people.requests, 60)
        await bob.people.approve(bob.people.requests()[0].request_id, True)
        assert (await carol.people.joined(join_id)).stage is JoinStage.DONE
        assert [one.name for one in bob.people.of(notebook).members] == ["bob", "alice", "carol"]


async def test_what_was_chosen_is_kept(far: Room) -> None:
    alice = far["alice"]
    await alice.people.internet.choose(agreed=True, be_found=False, mapping=False, relay=False, bootstrap=OWN)
    chosen = alice.people.internet.choice
    await alice.people.internet.load()
    assert alice.people.internet.choice == chosen
    assert (chosen.be_found, chosen.relay, chosen.bootstrap) == (False, False, OWN)


@pytest.mark.parametrize("text", ["nonsense", "host:0", "host:70000", "ho st:5x", "-a:1", ":5", "a:1," * 17])
async def test_bad_bootstrap_nodes_are_refused_and_change_nothing(far: Room, text: str) -> None:
    alice = far["alice"]
    with pytest.raises(BadBootstrap, match="host:port"):
        await alice.people.internet.choose(bootstrap=(text,))
    assert alice.people.internet.choice.bootstrap == ()


def test_nodes_as_people_type_them() -> None:
    typed = nodes_of(" a.example:6881,192.0.2.1:5  [2001:db8::1]:7 ")
    assert typed == ("a.example:6881", "192.0.2.1:5", "[2001:db8::1]:7")
    assert nodes_of("") == ()
