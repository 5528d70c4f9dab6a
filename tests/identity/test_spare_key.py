"""Seeds of invites are shared with those who may let people in and with nobody else; made-up ones count nothing."""

from __future__ import annotations

from notesapp.identity.invite import InviteKeys
from notesapp.identity.primitives import box_seal
from notesapp.identity.roles import Role
from notesapp.identity.spare_key import (
    KIND,
    SPARE,
    SpareKey,
    holders,
    known_to,
    lacking,
    open_spares,
    share_seed,
)
from tests.identity.company import Company
from tests.identity.people import NOON, dice

KEYS = InviteKeys.from_seed(bytes(range(32)))
OTHER = InviteKeys.from_seed(bytes(32))


def shared() -> Company:
    """Alice has two devices and makes an invite on the first; its seed goes where it may."""
    it = Company(devices=2).settle()
    scribe = it.scribe(it.alice)
    scribe.invite(KEYS.public, Role.READER, uses=5, ends_ms=0, approval=False)
    share_seed(scribe, KEYS, dice("spare"))
    return it


def test_owner_and_admins_open_it_and_nobody_else_does() -> None:
    it = shared()
    for device in (it.alice.devices[1], *it.ada.devices):
        assert open_spares(it.roster, device)[KEYS.public].seed == KEYS.seed
    for somebody in (it.will, it.rita, it.stan):
        assert not any(open_spares(it.roster, device) for device in somebody.devices)
    invite = it.roster.invites[KEYS.public]
    assert lacking(it.roster, invite) == ()
    assert holders(it.roster, invite) == {one.device_id for one in (*it.alice.devices, *it.ada.devices)}


def test_shared_again_it_makes_no_records() -> None:
    it = shared()
    scribe = it.scribe(it.ada)
    share_seed(scribe, KEYS, dice("again"))
    assert scribe.records == ()


def test_a_writer_who_pretends_to_share_keeps_nobody_from_it() -> None:
    it = Company().settle()
    it.scribe(it.alice).invite(KEYS.public, Role.READER, uses=5, ends_ms=0, approval=False)
    to = it.ada.device
    fake = SpareKey(KEYS.public, to.device_id, box_seal(OTHER.seed, to.box, dice("fake")))
    it.scribe(it.will).say(KIND, SPARE.encode(fake))
    it.scribe(it.rita).say(KIND, b"noise")
    assert open_spares(it.roster, to) == {}
    assert [one.device_id for one in lacking(it.roster, it.roster.invites[KEYS.public])] == [to.device_id]
    share_seed(it.scribe(it.alice), KEYS, dice("true"))
    assert set(open_spares(it.roster, to)) == {KEYS.public}


def test_who_was_an_admin_holds_it_no_more_and_what_he_knew_is_named() -> None:
    it = shared()
    it.scribe(it.alice).change(it.ada.id, Role.WRITER, {})
    invite = it.roster.invites[KEYS.public]
    assert holders(it.roster, invite) == {one.device_id for one in it.alice.devices}
    assert known_to(it.roster, it.ada.id, NOON) == (KEYS.public,)
    assert known_to(it.roster, it.will.id, NOON) == ()
    it.scribe(it.alice).withdraw(KEYS.public)
    assert known_to(it.roster, it.ada.id, NOON) == ()
