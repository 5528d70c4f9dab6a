"""Records that take long to judge don't keep anybody from typing."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from notesapp.errors import BadRequest
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


@pytest.mark.parametrize("deed", ["invite", "withdraw", "remove", "profile"])
async def test_no_own_act_judges_many_records_where_somebody_types(
    deed: str, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_MANY", 20)
    notebook, me = node.default_notebook, node._core.persona
    held, somebody = node._core.held[notebook], Somebody("Will")
    made = await node.people.share(notebook, Role.READER)
    hearing = await node.people.peering.open_volume(held)
    records = [forge(held.roster, me.device, "grant", granting(somebody.id, Role.WRITER), list(held.roster.heads))]
    for _ in range(30):
        records.append(forge(held.roster, me.device, "grant", granting(somebody.id, Role.WRITER), [records[-1]]))
    await hearing.learn(rosters=records, persons=somebody.log.records)
    loop, judge, judged = threading.get_ident(), Roster.judge, []

    def noted(*args: Any) -> Roster:
        judged.append(threading.get_ident())
        return judge(*args)

    monkeypatch.setattr(Roster, "judge", noted)
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "invite": lambda: node.people.share(notebook, Role.WRITER),
        "withdraw": lambda: node.people.withdraw(notebook, made.invite_id),
        "remove": lambda: node.people.remove(notebook, somebody.id),
        "profile": lambda: node.people._ruling.write(
            notebook, lambda scribe, _: scribe.say("x", secrets.token_bytes(9))
        ),
    }
    await acts[deed]()
    assert len(judged) >= 2
    assert loop not in judged


async def test_what_an_act_on_a_thread_may_not_do_is_said_where_it_was_asked_for(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_MANY", 0)
    with pytest.raises(BadRequest, match="no member of this notebook"):
        await node.people.remove(node.default_notebook, Somebody("Will").id)
    made = await node.people.share(node.default_notebook, Role.READER)
    assert made.open
