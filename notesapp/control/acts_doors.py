"""The commands that need the other person, or the other device, at hand: codes, nearby, devices of mine."""

from __future__ import annotations

from notesapp.control import calls_people as calls
from notesapp.control.acts_people import be_online, join_row, role_of
from notesapp.control.desk import Desk, command
from notesapp.control.rows import Done
from notesapp.control.rows_people import CodeRow, JoinRow, NearbyRow
from notesapp.errors import BadRequest
from notesapp.node.people_views import CodeView


@command
async def code(desk: Desk, call: calls.Code) -> CodeRow:
    """Makes a code of three words."""
    stays(desk)
    return code_row(await desk.node.people.code(desk.notebook(call.notebook), role_of(call.role)))


@command
async def codes(desk: Desk, call: calls.Codes) -> tuple[CodeRow, ...]:
    """The codes of this run."""
    return tuple(code_row(view) for view in desk.node.people.codes())


@command
async def end_code(desk: Desk, call: calls.EndCode) -> Done:
    """Ends a code."""
    desk.node.people.end_code(bytes.fromhex(call.id))
    return Done()


@command
async def link_device(desk: Desk, call: calls.LinkDevice) -> CodeRow:
    """Makes a code by which a new device becomes mine."""
    stays(desk)
    return code_row(await desk.node.people.link_device())


@command
async def join_as_device(desk: Desk, call: calls.JoinAsDevice) -> JoinRow:
    """Makes this device one of the person's who made the code."""
    await be_online(desk)
    join_id = await desk.node.people.join_as_device(call.words, call.at, bring=call.bring)
    return join_row(desk.node.people.a_join(join_id))


@command
async def revoke_device(desk: Desk, call: calls.RevokeDevice) -> Done:
    """A device of mine is mine no more."""
    mine = desk.node.people.me().devices
    said = call.device.casefold()
    found = [one for one in mine if said and (one.name.casefold() == said or one.device_id.hex().startswith(said))]
    if len(found) != 1:
        names = ", ".join(f"{one.name or 'unnamed'} ({one.device_id.hex()[:8]})" for one in mine)
        raise BadRequest(what=f"“{call.device}” is no device of yours; they are {names}.")
    await desk.node.people.revoke_device(found[0].device_id)
    return Done("It gets nothing that is written from now on.")


@command
async def nearby(desk: Desk, call: calls.Nearby) -> tuple[NearbyRow, ...]:
    """Shows me to everybody in this network while `on`, and tells who shows himself."""
    stays(desk)
    await desk.node.people.show_nearby(call.on)
    return tuple(NearbyRow(one.nearby_id, one.name, one.person_id is not None) for one in desk.node.people.nearby())


@command
async def invite_nearby(desk: Desk, call: calls.InviteNearby) -> Done:
    """Invites somebody nearby."""
    stays(desk)
    there = desk.node.people.nearby()
    said = call.person.casefold()
    found = [one for one in there if one.name.casefold() == said or (said and one.nearby_id.startswith(said))]
    if len(found) != 1:
        names = ", ".join(one.name for one in there) or "nobody"
        raise BadRequest(what=f"“{call.person}” is not one of those who show themselves nearby: {names}.")
    await desk.node.people.invite_nearby(found[0].nearby_id, desk.notebook(call.notebook), role_of(call.role))
    return Done(f"Compare the words with {found[0].name}: `notesapp people` shows them, `notesapp approve` agrees.")


def stays(desk: Desk) -> None:
    """BadRequest unless a program runs that can answer somebody who comes later."""
    if not desk.node.stays:
        raise BadRequest(what="This needs Notesapp to be running: open the window, or start `notesapp peer`.")


def code_row(view: CodeView) -> CodeRow:
    """A code as it travels."""
    return CodeRow(view.code_id.hex(), view.words, view.ends_ms, view.tries_left, view.over)
