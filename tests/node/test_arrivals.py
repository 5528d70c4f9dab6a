"""Who hears that somebody joined, and by which name: real nodes over links in memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from notesapp.node import arrivals
from notesapp.node.events import Event, PersonJoined, PersonRemoved
from notesapp.node.node import Node
from tests.node.air import room, until
from tests.node.test_sharing import joined


def news_of(node: Node) -> list[tuple[str, str]]:
    """What this person hears of others, as it comes."""
    heard: list[tuple[str, str]] = []

    def hear(event: Event) -> None:
        match event:
            case PersonJoined(_, name):
                heard.append(("joined", name))
            case PersonRemoved(_, name):
                heard.append(("removed", name))
            case _:
                pass

    node.subscribe(hear)
    return heard


async def test_everybody_hears_by_name_who_joined(tmp_path: Path) -> None:
    async with room(tmp_path, "alice", "bob", "carol") as three:
        alice, bob, carol = (three[name] for name in ("alice", "bob", "carol"))
        hers = news_of(alice)
        notebook = await joined(alice, bob)
        his = news_of(bob)
        await until(lambda: len(bob.people.of(notebook).members) == 2)
        await joined(alice, carol)
        await until(lambda: his)
        await until(lambda: len(hers) == 2)
        assert his == [("joined", "carol")]
        assert hers == [("joined", "bob"), ("joined", "carol")]


async def test_whose_name_doesn_t_come_is_told_of_by_his_words_and_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "NAME_S", 0.2)
    async with room(tmp_path, "alice", "bob", "carol") as three:
        alice, bob, carol = (three[name] for name in ("alice", "bob", "carol"))
        notebook = await joined(alice, bob)
        await until(lambda: len(bob.people.of(notebook).members) == 2)
        his = news_of(bob)
        may_speak = asyncio.Event()
        introduce = carol.people._ruling.introduce

        async def later(notebook_id: bytes) -> None:
            await may_speak.wait()
            await introduce(notebook_id)

        monkeypatch.setattr(carol.people._ruling, "introduce", later)
        await joined(alice, carol)
        await until(lambda: his)
        words = next(one.words for one in alice.people.of(notebook).members if one.name == "carol")
        assert his == [("joined", " ".join(words[:2]))]
        may_speak.set()
        await until(lambda: "carol" in [one.name for one in bob.people.of(notebook).members])
        assert len(his) == 1
        carols = next(one.person_id for one in alice.people.of(notebook).members if one.name == "carol")
        await alice.people.remove(notebook, carols)
        await until(lambda: his[1:] == [("removed", "carol")])
