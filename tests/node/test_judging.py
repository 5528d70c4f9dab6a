"""Records that take long to judge don't keep anybody from typing."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from notesapp.identity.roles import Role
from notesapp.identity.roster import Roster
from notesapp.node import held as judging
from notesapp.node.node import Node
from notesapp.text import Splice
from tests.identity.company import Somebody, forge, granting


async def test_typing_goes_on_while_many_records_are_judged(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_MANY", 20)
    note_id = await node.create_note(text="")
    held = node._core.held[node.default_notebook]
    hearing = await node.people.peering.open_volume(held)
    ruler, somebody, records = node._core.persona.device, Somebody("Will"), list(held.roster.records)[-1:]
    for _ in range(30):
        records.append(forge(held.roster, ruler, "grant", granting(somebody.id, Role.WRITER), [records[-1]]))
    judge, begun, typed = Roster.judge, threading.Event(), threading.Event()

    def slowly(*args: Any) -> Roster:
        begun.set()
        assert typed.wait(60), "nobody could type while records were judged"
        return judge(*args)

    monkeypatch.setattr(Roster, "judge", slowly)
    learning = asyncio.create_task(hearing.learn(rosters=records[1:]))
    await asyncio.to_thread(begun.wait, 60)
    await node.open_note(note_id)
    node.edit(note_id, Splice(0, "", "typed meanwhile"))
    typed.set()
    await learning
    assert held.roster.heads == (records[-1].id,)
    assert await node.stored_text(note_id) == "typed meanwhile"


async def test_what_came_while_records_were_judged_counts_too(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_MANY", 0)
    held = node._core.held[node.default_notebook]
    before = held.roster.records[-1]
    one = forge(held.roster, node._core.persona.device, "grant", granting(Somebody("A").id, Role.WRITER), [before])
    other = forge(held.roster, node._core.persona.device, "grant", granting(Somebody("B").id, Role.WRITER), [before])
    weighed = await held.weigh([one], ())
    held.learn([other])
    held.learn([one], weighed=weighed)
    assert {one.id, other.id} <= {record.id for record in held.roster.records}
