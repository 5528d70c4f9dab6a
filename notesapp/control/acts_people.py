"""The commands about people: sharing, joining, who may do what."""

from __future__ import annotations

from notesapp.control import calls_people as calls
from notesapp.control.desk import Desk, command
from notesapp.control.rows import Done
from notesapp.control.rows_people import (
    DeviceRow,
    InviteRow,
    JoinRow,
    MemberRow,
    NetworkRow,
    PeopleRow,
    ReachRow,
    RequestRow,
)
from notesapp.errors import BadRequest
from notesapp.identity.roles import Role
from notesapp.node.people_views import InviteView, JoinStage, JoinView, MemberView


@command
async def share(desk: Desk, call: calls.Share) -> InviteRow:
    """Makes an invite to a notebook."""
    notebook = desk.notebook(call.notebook)
    made = await desk.node.people.share(
        notebook, role_of(call.role), uses=call.uses, ends_ms=call.ends_ms, approval=call.approval
    )
    return invite_row(made, desk.node.notebook_name(notebook))


@command
async def withdraw(desk: Desk, call: calls.Withdraw) -> Done:
    """Nobody may come by an invite any more."""
    notebook = desk.notebook(call.notebook)
    found = [one for one in desk.node.people.of(notebook).invites if one.invite_id.hex().startswith(call.invite)]
    if len(found) != 1 or not call.invite:
        raise BadRequest(what=f"“{call.invite}” is no invite of this notebook; `notesapp invite` lists them.")
    await desk.node.people.withdraw(notebook, found[0].invite_id)
    return Done()


@command
async def join(desk: Desk, call: calls.Join) -> JoinRow:
    """Begins to join by an invite."""
    await be_online(desk)
    join_id = await desk.node.people.join(call.text, call.at)
    return join_row(desk.node.people.a_join(join_id))


@command
async def join_by_code(desk: Desk, call: calls.JoinByCode) -> JoinRow:
    """Begins to join by three words."""
    await be_online(desk)
    join_id = await desk.node.people.join(tuple(call.words.split()), call.at)
    return join_row(desk.node.people.a_join(join_id))


@command
async def joins(desk: Desk, call: calls.Joins) -> tuple[JoinRow, ...]:
    """My attempts to join in this run."""
    return tuple(join_row(view) for view in desk.node.people.joins())


@command
async def cancel_join(desk: Desk, call: calls.CancelJoin) -> Done:
    """Gives an attempt up."""
    await desk.node.people.cancel(bytes.fromhex(call.id))
    return Done()


@command
async def people(desk: Desk, call: calls.People) -> PeopleRow:
    """The people of a notebook."""
    view = desk.node.people.of(desk.notebook(call.notebook))
    return PeopleRow(
        notebook=view.name,
        id=view.notebook_id.hex(),
        my_role=str(view.my_role),
        removed=view.removed,
        state=str(view.company),
        cause=view.cause,
        remedy=view.remedy,
        only_here=view.only_here,
        files_only_here=view.files_only_here,
        recovered=view.recovered,
        members=tuple(member_row(one) for one in view.members),
        invites=tuple(invite_row(one, view.name) for one in view.invites),
    )


@command
async def requests(desk: Desk, call: calls.Requests) -> tuple[RequestRow, ...]:
    """Who waits to be let in."""
    return tuple(
        RequestRow(one.request_id.hex(), one.notebook_name, one.name, str(one.role), one.words)
        for one in desk.node.people.requests()
    )


@command
async def approve(desk: Desk, call: calls.Approve) -> Done:
    """Lets somebody in, or doesn't; or agrees to the words of an attempt of mine."""
    waiting = desk.node.people.requests()
    said = call.request.casefold()
    found = [one for one in waiting if one.name.casefold() == said or (said and one.request_id.hex().startswith(said))]
    mine = {one.join_id for one in desk.node.people.joins() if one.stage is JoinStage.MATCHING}
    if not found and said and len(going := [one for one in mine if one.hex().startswith(said)]) == 1:
        await desk.node.people.confirm(going[0], call.yes)
        return Done("You agreed." if call.yes else "You declined.")
    if len(found) != 1:
        names = ", ".join(one.name for one in waiting) or "nobody"
        raise BadRequest(what=f"“{call.request}” doesn't wait to be let in here; who waits: {names}.")
    if told := await desk.node.people.approve(found[0].request_id, call.yes):
        return Done(told)
    return Done("They are in." if call.yes else "They are told no.")


@command
async def set_role(desk: Desk, call: calls.SetRole) -> Done:
    """Gives a member another role."""
    notebook = desk.notebook(call.notebook)
    member = desk.node.people.find(notebook, call.person)
    await desk.node.people.set_role(notebook, member.person_id, role_of(call.role))
    return Done()


@command
async def remove(desk: Desk, call: calls.Remove) -> Done:
    """Ends somebody's membership."""
    notebook = desk.notebook(call.notebook)
    member = desk.node.people.find(notebook, call.person)
    await desk.node.people.remove(notebook, member.person_id)
    return Done(f"{member.name} keeps what was here until now, and gets nothing that comes from now on.")


@command
async def leave(desk: Desk, call: calls.Leave) -> Done:
    """Ends mine."""
    await desk.node.people.leave(desk.notebook(call.notebook))
    return Done("The notes stay here as they are now.")


@command
async def me(desk: Desk, call: calls.Me) -> MemberRow:
    """Tells or changes what I am called."""
    if call.name is not None or call.colour is not None:
        name = desk.node.people.me().name if call.name is None else call.name
        await desk.node.people.set_me(name, call.colour)
    return member_row(desk.node.people.me())


@command
async def network(desk: Desk, call: calls.Network) -> NetworkRow:
    """How it stands with this computer's network."""
    view = desk.node.people.network()
    return NetworkRow(view.on, view.port, view.addresses, view.links, view.generation, view.trouble, view.remedy)


@command
async def reach(desk: Desk, call: calls.Reach) -> tuple[ReachRow, ...]:
    """How each other device is reached, or why it isn't."""
    return tuple(
        ReachRow(
            view.person_id.hex(), view.name, view.device_id.hex(), view.stage, view.path, view.address, view.my_nat,
            view.their_nat, view.lag_ms, view.quiet_ms, view.last_seen_ms, view.error, view.cause, view.remedy,
        )
        for view in desk.node.people.reach()
    )  # fmt: skip


@command
async def confirm_join(desk: Desk, call: calls.ConfirmJoin) -> Done:
    """The words of an attempt match, or don't."""
    await desk.node.people.confirm(bytes.fromhex(call.id), call.yes)
    return Done()


@command
async def hand_over(desk: Desk, call: calls.HandOver) -> Done:
    """Offers a notebook of mine to a member."""
    notebook = desk.notebook(call.notebook)
    member = desk.node.people.find(notebook, call.person)
    await desk.node.people.hand_over(notebook, member.person_id)
    return Done(f"{member.name} owns it as soon as they agree: `notesapp hand-over --accept`.")


@command
async def take_over(desk: Desk, call: calls.TakeOver) -> Done:
    """I agree to own a notebook that was offered to me."""
    await desk.node.people.take_over(desk.notebook(call.notebook))
    return Done("You own it as soon as its present owner's device hears of it.")


@command
async def petname(desk: Desk, call: calls.Petname) -> Done:
    """What I call somebody."""
    member = desk.node.people.find(desk.notebook(call.notebook), call.person)
    await desk.node.people.petname(member.person_id, call.name)
    return Done()


@command
async def share_note(desk: Desk, call: calls.ShareNote) -> Done:
    """Moves one note into a notebook of its own, to be shared."""
    view = desk.node.find(call.note)
    await desk.node.people.share_note(view.note_id, call.name)
    return Done()


async def be_online(desk: Desk) -> None:
    """A node that lives for one command only goes online for it."""
    if not desk.node.people.peering.online:
        await desk.node.people.go_online()


def role_of(said: str) -> Role:
    """The role that a person means."""
    try:
        return Role(said.lower())
    except ValueError:
        raise BadRequest(what=f"“{said}” is no role; choose reader, writer or admin.") from None


def invite_row(view: InviteView, notebook: str) -> InviteRow:
    """An invite as it travels."""
    return InviteRow(
        id=view.invite_id.hex(),
        notebook=notebook,
        role=str(view.role),
        uses=view.uses,
        used=view.used,
        ends_ms=view.ends_ms,
        approval=view.approval,
        open=view.open,
        link=view.link,
        text=view.text,
    )


def member_row(view: MemberView) -> MemberRow:
    """A member as he travels."""
    devices = tuple(
        DeviceRow(
            one.device_id.hex(), one.name, one.this, one.active, one.linked, one.path, one.lag_ms, one.last_seen_ms
        )
        for one in view.devices
    )
    return MemberRow(
        id=view.person_id.hex(),
        name=view.name,
        claimed_name=view.claimed_name,
        role=str(view.role),
        me=view.me,
        words=view.words,
        online=view.online,
        has_all=view.has_all,
        waiting=view.waiting,
        devices=devices,
        has_until_ms=view.has_until_ms,
    )


def join_row(view: JoinView) -> JoinRow:
    """An attempt to join as it travels."""
    return JoinRow(
        id=view.join_id.hex(),
        stage=view.stage.name.lower(),
        notebook=view.offer.notebook_name,
        notebook_id=None if view.notebook_id is None else view.notebook_id.hex(),
        inviter=view.offer.inviter,
        role=str(view.offer.role),
        words=view.words,
        done=view.done,
        total=view.total,
        cause=view.cause,
        remedy=view.remedy,
    )
