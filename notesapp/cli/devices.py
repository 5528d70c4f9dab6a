"""The commands that need the other person, or the other device, at hand: code, nearby, link-device, petname, take-over.

Decides what a person types and reads; a program must be running that can answer whoever comes.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from notesapp.cli import output
from notesapp.cli.context import Context, Stop, answer, as_json, can_ask
from notesapp.cli.people import SAME_WORDS, AsJson, At, InNotebook, asks, ended, followed
from notesapp.control import calls_people as calls
from notesapp.control.door import Door
from notesapp.control.rows_people import CodeRow, JoinRow
from notesapp.errors import JoinRefused

_LOOK_S = 0.25
_NEARBY_S = 3.0


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command()(code)
    app.command()(nearby)
    app.command("link-device")(link_device)
    app.command("revoke-device")(revoke_device)
    app.command()(petname)
    app.command("hand-over")(hand_over)
    app.command("share-note")(share_note)


def code(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(help="The three words that somebody said; none: make some.")
    ] = None,
    notebook: InNotebook = None,
    role: Annotated[str, typer.Option("--role", help="reader or writer.")] = "writer",
    at: At = None,
    json: AsJson = False,
) -> None:
    """Join by three words, or make three words by which one person can join within ten minutes."""
    known: Context = ctx.obj
    if words:
        return _join(known, calls.JoinByCode(" ".join(words), tuple(at or ())), json)
    return _wait_for_code(known, calls.Code(notebook, role), json, "Say these three words to the person who joins")


def link_device(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(help="On the new device: the three words.")] = None,
    bring: Annotated[
        bool, typer.Option("--bring", help="The new device's own notes come along, without their earlier versions.")
    ] = False,
    at: At = None,
    json: AsJson = False,
) -> None:
    """Make another device yours: without words on this one, with them on the new one."""
    known: Context = ctx.obj
    if words:
        return _join(known, calls.JoinAsDevice(" ".join(words), tuple(at or ()), bring), json)
    return _wait_for_code(
        known, calls.LinkDevice(), json, "Type `notesapp link-device` and these words on the new device"
    )


def _join(known: Context, call: calls.JoinByCode | calls.JoinAsDevice, json: bool) -> None:
    async def work(door: Door) -> JoinRow:
        return await followed(door, await door.call(call))

    row = known.work(work)
    if json:
        output.data(as_json(row))
    if row.stage == "failed":
        raise Stop(JoinRefused.exit_code)


def _wait_for_code(known: Context, call: calls.Code | calls.LinkDevice, json: bool, say: str) -> None:
    """Makes a code and waits until it was used or has ended, so that Ctrl+C ends it."""

    async def work(door: Door) -> CodeRow:
        made = await door.call(call)
        if json:
            output.data(as_json(made))
            return made
        output.text(f"{' '.join(made.words)}\n")
        output.say(f"{say}; it ends {output.when(made.ends_ms)}, or with Ctrl+C.")
        asked: set[str] = set()
        question: asyncio.Task[bool] | None = None
        about = ""
        try:
            while True:
                row = next(one for one in await door.call(calls.Codes()) if one.id == made.id)
                waiting = await door.call(calls.Requests())
                if question is not None and about not in {one.id for one in waiting}:  # he is gone, or let in elsewhere
                    await ended(question)
                    question = None
                if question is not None and question.done():
                    await door.call(calls.Approve(about, question.result()))
                    question = None
                for one in waiting:
                    if one.id not in asked and question is None:
                        asked.add(one.id)
                        output.say(f"{asks(one)} Agree: `notesapp approve {one.id[:8]}`.")
                        if can_ask():
                            question, about = asyncio.create_task(answer(SAME_WORDS)), one.id
                if row.over is not None and question is None and (not isinstance(call, calls.LinkDevice) or asked):
                    output.say(row.over)
                    return row
                await asyncio.sleep(_LOOK_S)
        except asyncio.CancelledError:
            await door.call(calls.EndCode(made.id))
            raise
        finally:
            await ended(question)

    known.work(work)


def nearby(
    ctx: typer.Context,
    person: Annotated[str | None, typer.Argument(help="Whom to invite, by name.")] = None,
    notebook: InNotebook = None,
    role: Annotated[str, typer.Option("--role", help="reader or writer.")] = "writer",
    json: AsJson = False,
) -> None:
    """Show yourself to the people in this network and see who does; or invite one of them."""
    known: Context = ctx.obj
    if person is not None:
        return output.say(known.ask(calls.InviteNearby(person, notebook, role)).said)

    async def work(door: Door) -> None:
        rows = await door.call(calls.Nearby())
        waited = 0.0
        while not rows and waited < _NEARBY_S:
            await asyncio.sleep(_LOOK_S)
            waited += _LOOK_S
            rows = await door.call(calls.Nearby())
        if json:
            return output.data(as_json(rows))
        output.table(("name", "id"), [(one.name, one.id) for one in rows], empty="Nobody shows himself here now.")
        for one in await door.call(calls.Joins()):
            if one.stage == "matching":
                output.say(f"{one.inviter} invites you to “{one.notebook}”; the words are {'  '.join(one.words)}.")
                if can_ask():
                    await followed(door, one)
                else:
                    output.say(f"Agree: `notesapp approve {one.id[:8]}`.")
        return None

    return known.work(work)


def revoke_device(
    ctx: typer.Context, device: Annotated[str, typer.Argument(help="Its name, or the beginning of its id.")]
) -> None:
    """Take a device of yours away: it gets nothing that is written from now on."""
    known: Context = ctx.obj
    output.say(known.ask(calls.RevokeDevice(device)).said)


def petname(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(help="A member's name.")],
    name: Annotated[str, typer.Argument(help="What you call them; nothing (“”) forgets it.")],
    notebook: InNotebook = None,
) -> None:
    """Call somebody by a name of your own."""
    known: Context = ctx.obj
    known.ask(calls.Petname(person, name, notebook))
    output.say(f"You call them {name} now." if name else "The name is forgotten.")


def hand_over(
    ctx: typer.Context,
    person: Annotated[str | None, typer.Argument(help="The member who shall own it.")] = None,
    notebook: InNotebook = None,
    accept: Annotated[bool, typer.Option("--accept", help="Agree to own a notebook that was offered to you.")] = False,
) -> None:
    """Make another member the owner of a notebook, who has to agree."""
    known: Context = ctx.obj
    if accept:
        return output.say(known.ask(calls.TakeOver(notebook)).said)
    if person is None:
        raise typer.BadParameter("name the member who shall own it, or say --accept")
    return output.say(known.ask(calls.HandOver(person, notebook)).said)


def share_note(
    ctx: typer.Context,
    note: Annotated[str, typer.Argument(help="A note.")],
    name: Annotated[str, typer.Argument(help="The name of its own notebook.")],
) -> None:
    """Move one note into a notebook of its own, to be shared."""
    known: Context = ctx.obj
    known.ask(calls.ShareNote(note, name))
    output.say(f"It is in “{name}” now: `notesapp share {name!r}`.")
