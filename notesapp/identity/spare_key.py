"""The seed of an invite, shared with those who may let people in: so a link works while its maker is away.

A roster record of the kind `spare-key`, which the roster keeps and passes on without judging it: [public key of the
invite, device id, sealed box with the seed]. Decides whom a seed is for: the devices of owner and admins. Nobody else
could let anybody in, and whoever has the seed of a link that asks for no approval could hand it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.invite import InviteKeys
from notesapp.identity.keys import Device, PersonId
from notesapp.identity.person import OwnDevice
from notesapp.identity.primitives import KEY_BYTES, Entropy, box_seal
from notesapp.identity.record import RECORD_LIMIT, Bytes32, Form
from notesapp.identity.roles import RULERS
from notesapp.identity.roster import Invite, Roster
from notesapp.identity.scribe import Scribe

KIND = "spare-key"
_BOX_BYTES = KEY_BYTES + 48
_AT_ONCE = 64  # records of one deed; the next deed brings the rest


class SpareKey(msgspec.Struct, array_like=True, frozen=True):
    """The body of a `spare-key` record."""

    invite: Bytes32
    device_id: Bytes32
    sealed: Annotated[bytes, msgspec.Meta(min_length=_BOX_BYTES, max_length=_BOX_BYTES)]


SPARE: Form[SpareKey] = Form(SpareKey, RECORD_LIMIT, "a spare key")


def spare_keys(roster: Roster) -> Iterator[tuple[bytes, SpareKey]]:
    """(author, what he shared) of all spare keys on a roster."""
    for record in roster.records:
        if record.kind == KIND and record.id not in roster.void:
            try:
                yield record.author, SPARE.decode(record.body)
            except RemoteError:
                continue  # a later version's, or a broken device's


def open_spares(roster: Roster, device: Device) -> dict[bytes, InviteKeys]:
    """The invites, by public key, whose seed was shared with this device; what doesn't fit its invite is no seed."""
    found: dict[bytes, InviteKeys] = {}
    for _, spare in spare_keys(roster):
        if spare.device_id != device.device_id or spare.invite in found or spare.invite not in roster.invites:
            continue
        try:
            keys = InviteKeys.from_seed(device.open_box(spare.sealed))
        except (RemoteError, LocalError):
            continue  # spoiled by its maker; another may be good
        if keys.public == spare.invite:
            found[spare.invite] = keys
    return found


def holders(roster: Roster, invite: Invite) -> frozenset[bytes]:
    """The devices that can let somebody in by an invite, as far as the roster tells: its maker's, and who got it."""
    made_by = maker(roster, invite)
    found = set() if made_by is None else {made_by}
    for author, spare in spare_keys(roster):
        if spare.invite == invite.terms.public and roster.right(author) in RULERS:
            found.add(spare.device_id)
    return frozenset(device for device in found if roster.right(device) in RULERS)


def maker(roster: Roster, invite: Invite) -> bytes | None:
    """The device that made an invite."""
    return next((record.author for record in roster.records if record.id == invite.record_id), None)


def lacking(roster: Roster, invite: Invite) -> tuple[OwnDevice, ...]:
    """The devices of owner and admins that can't let anybody in by this invite yet."""
    there = holders(roster, invite)
    rulers = [member for member in roster.members.values() if member.role in RULERS]
    devices = [device for member in rulers for device in member.devices if device.active]
    return tuple(device for device in devices if device.device_id not in there)


def share_seed(scribe: Scribe, keys: InviteKeys, entropy: Entropy) -> None:
    """Brings an invite's seed to all devices that lack it and may have it."""
    invite = scribe.roster.invites.get(keys.public)
    for device in lacking(scribe.roster, invite)[:_AT_ONCE] if invite is not None else ():
        try:
            sealed = box_seal(keys.seed, device.box, entropy)
        except RemoteError:
            continue  # a device that named an unusable key can't be given anything
        scribe.say(KIND, SPARE.encode(SpareKey(keys.public, device.device_id, sealed)))


def known_to(roster: Roster, person: PersonId, now_ms: int) -> tuple[bytes, ...]:
    """The open invites, by public key, that this person could use or hand on: made, came by, or had a seed of."""
    had = {spare.invite for _, spare in spare_keys(roster) if roster.person_of(spare.device_id) == person}
    found = []
    for public, invite in roster.invites.items():
        made_by = maker(roster, invite)
        made = made_by is not None and roster.person_of(made_by) == person
        if invite.open(now_ms) and (made or public in had or person in invite.used_by):
            found.append(public)
    return tuple(found)
