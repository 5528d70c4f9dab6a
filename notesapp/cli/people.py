"""The commands about people: share, join, people, invite, approve, role, remove, leave, me.

Decides what a person types and reads; the node does the work. Joining prints each stage, and waits until it is over.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from typing import Annotated

import typer

from notesapp.cli import output
from notesapp.cli.context import Context, Stop, answer, as_json, can_ask
from notesapp.cli.reaching import internet
from notesapp.control import calls_people as calls
from notesapp.control.door import Door
from notesapp.control.rows_people import InviteRow, JoinRow, MemberRow, RequestRow
from notesapp.errors import BadRequest, JoinRefused

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
InNotebook = Annotated[str | None, typer.Option("--notebook", "-n", help="A notebook's name or id.")]
At = Annotated[list[str] | None, typer.Option("--at", help="Where the other device is, like 192.168.1.7:45654.")]

SAME_WORDS = "Are the same words shown there?"
_LOOK_S = 0.25
_LONGEST_MESSAGE = 1 << 20  # an invite in a long mail; a stream without end is none
_UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}

invite_app = typer.Typer(help="List the invites of a notebook, or withdraw one.", invoke_without_command=True)


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command()(share)
    app.command()(join)
    app.command()(people)
    app.add_typer(invite_app, name="invite")
    app.command()(approve)
    app.command()(role)
    app.command()(remove)
    app.command()(leave)
    app.command()(me)
    app.command()(internet)


def share(
    ctx: typer.Context,
    notebook: Annotated[str | None, typer.Argument(help="A notebook's name or id; the first one if none.")] = None,
    role: Annotated[str, typer.Option("--role", help="reader or writer.")] = "writer",
    uses: Annotated[int, typer.Option("--uses", help="How many people may come by it.", min=1, max=1000)] = 1,
    ends: Annotated[str | None, typer.Option("--ends", help="After how long it ends, like 30m, 12h, 3d.")] = None,
    approval: Annotated[
        bool | None, typer.Option("--approval/--no-approval", help="Whether you are asked before somebody is let in.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Make an invite to a notebook: a link to send to a person."""
    known: Context = ctx.obj
    made = known.ask(calls.Share(notebook, role, uses, _end_of(ends), approval))
    if json:
        return output.data(as_json(made))
    output.text(f"{made.link}\n")
    output.say(_about(made))
    return output.say("Keep `notesapp peer` or the window running until the other person has joined.")


def join(
    ctx: typer.Context,
    link: Annotated[list[str] | None, typer.Argument(help="The link, or the whole message with it.")] = None,
    at: At = None,
    json: AsJson = False,
) -> None:
    """Join a notebook by an invite (by standard input if none is typed)."""
    known: Context = ctx.obj
    text = " ".join(link) if link else _typed()

    async def work(door: Door) -> JoinRow:
        row = await door.call(calls.Join(text, tuple(at or ())))
        return await followed(door, row)

    _ended(known.work(work), json)


async def followed(door: Door, row: JoinRow) -> JoinRow:
    """Tells what happens to an attempt until it ends."""
    said, asked = "", tuple[str, ...]()
    question: asyncio.Task[bool] | None = None
    try:
        while True:
            if (sentence := _stage(row)) != said:
                said = sentence
                output.say(sentence)
            if row.stage in ("done", "failed"):
                return row
            if row.stage == "matching" and row.words != asked:
                asked = row.words
                if can_ask():
                    question = asyncio.create_task(answer(SAME_WORDS))
                else:
                    output.say(f"Agree: `notesapp approve {row.id[:8]}`.")
            await asyncio.sleep(_LOOK_S)
            row = next(one for one in await door.call(calls.Joins()) if one.id == row.id)
            if question is not None and row.stage != "matching":  # its end came before the answer
                await ended(question)
                question = None
            if question is not None and question.done():
                await door.call(calls.ConfirmJoin(row.id, question.result()))
                question = None
    finally:
        await ended(question)


async def ended(question: asyncio.Task[bool] | None) -> None:
    """Withdraws a question that nobody needs to answer any more."""
    if question is not None:
        question.cancel()
        await asyncio.wait([question])


def asks(one: RequestRow) -> str:
    """Who waits to be let in, and for what."""
    words = f"the words are {'  '.join(one.words)}."
    if not one.notebook:
        return f"{one.name or 'A new device of yours'} waits; {words}"
    return f"{one.name or 'Somebody'} asks to be let into “{one.notebook}” as {one.role}; {words}"


def _stage(row: JoinRow) -> str:
    words, mine = "  ".join(row.words), row.role == "owner"  # nobody is invited as an owner but a device of mine
    match row.stage:
        case "fetching" if mine:
            return f"This is a device of {row.inviter} now; the notebooks are coming …"
        case "done" if mine:
            return f"This is a device of {row.inviter} now; the notebooks come by themselves while both are running."
        case "searching":
            return f"{row.cause} {row.remedy}" if row.cause else f"Looking for {row.inviter or 'the other device'} …"
        case "proving":
            return "Found; saying who we are …"
        case "matching":
            return f"Compare these words with those on the other device: {words}"
        case "waiting":
            return f"Waiting to be let in. The other person must see these words: {words}"
        case "fetching":
            return f"You are a member of “{row.notebook}”; its notes are coming …"
        case "done":
            return f"“{row.notebook}” is here."
        case _:
            return " ".join(part for part in (row.cause, row.remedy) if part)


def _ended(row: JoinRow, json: bool) -> None:
    if json:
        output.data(as_json(row))
    if row.stage == "failed":
        raise Stop(JoinRefused.exit_code)


def people(
    ctx: typer.Context,
    notebook: Annotated[str | None, typer.Argument(help="A notebook's name or id.")] = None,
    json: AsJson = False,
) -> None:
    """Tell who is in a notebook, what each has, and who waits to be let in."""
    known: Context = ctx.obj
    found = known.ask(calls.People(notebook))
    if json:
        return output.data(as_json(found))
    rows = [(one.name, one.role, _reached(one), _has(one), " ".join(one.words)) for one in found.members]
    output.table(("name", "role", "reached", "has", "words"), rows, empty="Nobody is in this notebook.")
    if found.cause:
        output.say(" ".join(part for part in (found.cause, found.remedy) if part))
    for one in known.ask(calls.Requests()):
        output.say(f"{asks(one)} Agree: `notesapp approve {one.id[:8]}`.")
    return None


def _reached(one: MemberRow) -> str:
    if one.me:
        return "you"
    ways = [device.path for device in one.devices if device.linked and device.path]
    if ways:
        return ways[0]
    seen = [device.last_seen_ms for device in one.devices if device.last_seen_ms]
    return f"last seen {output.when(max(seen))}" if seen else "not seen yet"


def _has(one: MemberRow) -> str:
    if one.me:
        return ""
    if one.has_all:
        return "everything"
    if not one.waiting:
        return "not known"  # he has told nothing yet, and there is nothing of ours to wait for him
    waits = f"{output.count(one.waiting, 'change')} wait{'s' if one.waiting == 1 else ''}"
    return waits if one.has_until_ms is None else f"everything up to {output.when(one.has_until_ms)}; {waits}"


@invite_app.callback()
def invites(ctx: typer.Context, notebook: InNotebook = None, json: AsJson = False) -> None:
    """List the invites of a notebook."""
    if ctx.invoked_subcommand is not None:
        return None
    known: Context = ctx.obj
    found = known.ask(calls.People(notebook)).invites
    if json:
        return output.data(as_json(found))
    rows = [(one.id[:8], one.role, f"{one.used} of {one.uses}", "open" if one.open else "ended") for one in found]
    return output.table(("id", "role", "used", "state"), rows, empty="There is no invite.")


@invite_app.command()
def withdraw(
    ctx: typer.Context,
    invite: Annotated[str, typer.Argument(help="The beginning of its id.")],
    notebook: InNotebook = None,
) -> None:
    """Let nobody come by an invite any more."""
    known: Context = ctx.obj
    known.ask(calls.Withdraw(invite, notebook))
    output.say("Nobody can join by it any more.")


def approve(
    ctx: typer.Context,
    request: Annotated[str, typer.Argument(help="The person's name, or the beginning of the request's id.")],
    no: Annotated[bool, typer.Option("--no", help="Don't let them in.")] = False,
) -> None:
    """Agree, after you compared the words: to let somebody in who asked, or to be let in."""
    known: Context = ctx.obj
    output.say(known.ask(calls.Approve(request, not no)).said)


def role(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(help="A member's name.")],
    new: Annotated[str, typer.Argument(help="reader, writer or admin.")],
    notebook: InNotebook = None,
) -> None:
    """Give a member another role."""
    known: Context = ctx.obj
    known.ask(calls.SetRole(person, new, notebook))
    output.say(f"{person} is {new} now.")


def remove(
    ctx: typer.Context, person: Annotated[str, typer.Argument(help="A member's name.")], notebook: InNotebook = None
) -> None:
    """End somebody's membership."""
    known: Context = ctx.obj
    output.say(known.ask(calls.Remove(person, notebook)).said)


def leave(ctx: typer.Context, notebook: Annotated[str, typer.Argument(help="A notebook's name or id.")]) -> None:
    """End your membership of a notebook."""
    known: Context = ctx.obj
    output.say(known.ask(calls.Leave(notebook)).said)


def me(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Option("--name", help="What others shall see.")] = None,
    json: AsJson = False,
) -> None:
    """Tell what you are called and the six words by which others can be sure that it is you; or change the name."""
    known: Context = ctx.obj
    found = known.ask(calls.Me(name))
    if json:
        return output.data(as_json(found))
    return output.text(f"{found.name}: {' '.join(found.words)}\n")


def _about(made: InviteRow) -> str:
    may = "read and write" if made.role == "writer" else "read"
    who = "one person" if made.uses == 1 else f"{made.uses} people"
    asked = "; you will be asked before they are let in" if made.approval else ""
    until = f" until {output.when(made.ends_ms)}" if made.ends_ms else ""
    return f"Whoever has this link can ask to {may} “{made.notebook}” ({who}){until}{asked}."


def _end_of(said: str | None) -> int | None:
    if said is None:
        return None
    found = re.fullmatch(r"(\d{1,4})([mhdw])", said.strip().lower())
    if found is None or not int(found[1]):
        raise BadRequest(what=f"“{said}” is no time; say it like 30m, 12h, 3d or 2w.")
    return int(time.time() * 1000) + int(found[1]) * _UNITS_MS[found[2]]


def _typed() -> str:
    text = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read(_LONGEST_MESSAGE)
    if not text.strip():
        raise BadRequest(what="Give the invite's link, or its whole message by standard input.")
    return text
