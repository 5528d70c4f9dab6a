"""The trust matrix: every role × every kind of record × every state of its author, against a table written by hand."""

from __future__ import annotations

import pytest

from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import Roster
from notesapp.identity.roster_bodies import (
    CHANGE,
    CUT,
    DEVICE,
    HAND_OVER,
    INVITE,
    KEYBOX,
    KINDS,
    LEAVE,
    ROTATE,
    WITHDRAW,
    Cut,
    Devices,
    HandOver,
    Invitation,
    KeyBox,
    Leaving,
    Marks,
    NewRole,
    Rotate,
    Withdrawal,
)
from notesapp.identity.scribe import consent_to_own
from tests.identity.company import Company, Somebody, forge, granting, removing

OWN = {"device", "keybox", "cut", "something-new"}  # everybody's own affairs; the key box is for his own device
RULING = {"grant", "change", "revoke", "invite", "withdraw", "rotate"}
MAY: dict[Role | None, set[str]] = {
    Role.OWNER: OWN | RULING | {"hand-over"},
    Role.ADMIN: OWN | RULING | {"leave"},
    Role.WRITER: OWN | {"leave"},
    Role.COMMENTER: OWN | {"leave"},
    Role.READER: OWN | {"leave"},
    Role.KEEPER: OWN | {"leave"},
    None: set(),
}
TAKING = {"leave", "device"}  # they only take, and only from their author: nobody needs to stop them
STATES = ("active", "removed", "demoted", "removed meanwhile", "demoted meanwhile", "device revoked meanwhile")


def table(role: Role | None, kind: str, state: str) -> str:
    """What must become of the record."""
    if role is Role.OWNER and state == "demoted":
        role = Role.READER  # he leaves, too, once he is no owner
    if role is Role.OWNER and state == "removed" and kind == "leave":
        return "stands"
    if kind not in MAY[role]:
        return "refused"
    match state:
        case "active":
            return "stands"
        case "removed":
            return "stands" if kind in TAKING else "refused"
        case "demoted":
            return "stands" if kind in MAY[Role.READER if role is not Role.KEEPER else Role.KEEPER] else "refused"
        case "removed meanwhile":
            return "stands" if kind in TAKING else "void"
        case "device revoked meanwhile":
            return "void"
        case _:
            return "stands" if kind in MAY[Role.READER] or role is Role.KEEPER else "void"


class Scene:
    """Wanda has some role; everybody else is in place for every kind of record to be sayable."""

    def __init__(self, role: Role | None) -> None:
        self.it = Company(devices=2).settle()
        self.wanda = self.it.alice if role is Role.OWNER else Somebody("Wanda", devices=2)
        self.it.hear(logs=[self.wanda.log])
        self.role = role
        alice = self.it.scribe(self.it.alice)
        alice.invite(bytes(32), Role.READER, uses=1, ends_ms=0, approval=False)
        if role not in (None, Role.OWNER):
            body = granting(self.wanda.id, role)
            self.it.hear(forge(self.it.roster, self.it.alice.device, "grant", body))
        self.consent = consent_to_own(self.it.roster, self.it.will.id, self.it.will.device)
        self.before = self.it.roster

    def bodies(self) -> dict[str, bytes]:
        it, epoch = self.it, self.before.epochs[0].epoch_id
        heir = it.will
        handing = HandOver(heir.id, Role.ADMIN, self.before.term, heir.device.device_id, self.consent, Cut())
        return {
            "grant": granting(it.stan.id, Role.READER),
            "change": CHANGE.encode(NewRole(it.rita.id, Role.WRITER, Cut())),
            "revoke": removing(it.rita.id),
            "leave": LEAVE.encode(Leaving(Cut())),
            "hand-over": HAND_OVER.encode(handing),
            "device": DEVICE.encode(Devices((), Cut())),
            "invite": INVITE.encode(Invitation(b"\1" * 32, Role.READER, 1, 0, False)),
            "withdraw": WITHDRAW.encode(Withdrawal(bytes(32))),
            "rotate": ROTATE.encode(Rotate(bytes(32), ())),
            "keybox": KEYBOX.encode(KeyBox(epoch, self.wanda.device.device_id, bytes(112))),
            "cut": CUT.encode(Marks(((bytes(16), 0, bytes(32)),))),
            "something-new": b"\x90",
        }

    def disturb(self, state: str) -> Roster:
        """What happens to Wanda; the roster on which she writes afterwards."""
        it = self.it
        if state == "device revoked meanwhile":
            self.wanda.revoke(self.wanda.devices[0], self.wanda.root)
            if self.role is None:
                it.hear(logs=[self.wanda.log])
            else:
                it.scribe(self.wanda, device=1).devices(self.wanda.log, {})
            return self.before
        if state != "active" and self.role is not None:
            self.take(state)
        return self.before if state.endswith("meanwhile") else it.roster

    def take(self, state: str) -> None:
        it = self.it
        lower = Role.KEEPER if self.role is Role.KEEPER else Role.READER
        ruler = it.alice
        if self.role is Role.OWNER:
            consent = consent_to_own(it.roster, it.ada.id, it.ada.device)
            it.scribe(it.alice).hand_over(it.ada.id, it.ada.device.device_id, consent, lower, {})
            ruler = it.ada
        if state.startswith("removed"):
            it.scribe(ruler).remove(self.wanda.id, {})
        elif self.role is not Role.OWNER:
            body = CHANGE.encode(NewRole(self.wanda.id, lower, Cut()))
            it.hear(forge(it.roster, ruler.device, "change", body))

    def verdict(self, record: Record) -> str:
        roster = self.it.hear(record)
        found = [
            name
            for name, ids in (("void", roster.void), ("refused", roster.refused), ("waiting", roster.waiting))
            if record.id in ids
        ]
        return found[0] if found else "stands"


def test_table_knows_every_kind() -> None:
    assert set().union(*MAY.values()) == KINDS | {"something-new"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", [*Role, None])
def test_every_kind_of_record_ends_as_the_table_says(role: Role | None, state: str) -> None:
    for kind in sorted(KINDS | {"something-new"}):
        scene = Scene(role)
        on = scene.disturb(state)
        record = forge(on, scene.wanda.devices[0], kind, scene.bodies()[kind])
        verdict = scene.verdict(record)
        if role is Role.OWNER and kind == "hand-over" and state in ("removed meanwhile", "demoted meanwhile"):
            # One term handed to two heirs: the smaller (lamport, id) counts, and the other is told of.
            lost = record.id in scene.it.roster.contested
            assert (verdict, len(scene.it.roster.contested)) == ("void" if lost else "stands", 1)
        else:
            assert verdict == table(role, kind, state), f"{role} says {kind}, {state}"
