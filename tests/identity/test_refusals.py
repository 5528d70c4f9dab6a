"""Records that are signed and well-formed, and say nothing all the same: each by the reason that is told."""

from __future__ import annotations

import msgspec
import pytest

from notesapp.errors import RemoteError
from notesapp.identity.genesis import Genesis
from notesapp.identity.home import HomeLog
from notesapp.identity.invite import InviteKeys
from notesapp.identity.person import PersonLog
from notesapp.identity.person_bodies import (
    ADD,
    LIFT,
    REVOKE,
    SUSPEND,
    DeviceOffer,
    Lifted,
    Revoked,
    Suspended,
    _consent,
)
from notesapp.identity.primitives import domain, verify
from notesapp.identity.record import Form, Payload, Record, write
from notesapp.identity.roles import Role
from notesapp.identity.roster import DOMAIN as ROSTER
from notesapp.identity.roster_bodies import (
    GRANT,
    HAND_OVER,
    INVITE,
    ROTATE,
    Cut,
    Grant,
    HandOver,
    Invitation,
    Removal,
    Rotate,
    hand_over_message,
)
from notesapp.identity.roster_bodies import REVOKE as REMOVE
from tests.identity.company import Company, Somebody, forge, fresh_keys, granting
from tests.identity.people import NOON, Person, alice_with, device, dice
from tests.identity.test_person import forge as forge_in_log

LAPTOP, PHONE = device("laptop"), device("phone")
KEYS = InviteKeys.generate(dice("invite"))


def judged(alice: Person, *more: Record) -> PersonLog:
    return PersonLog.judge(alice.root.person_id, [*alice.records, *more])


def removal(who: Somebody, part: bytes) -> bytes:
    """A removal whose cut goes on in another record."""
    return REMOVE.encode(Removal(who.id, Cut((), (part,))))


# -- person logs and home ---------------------------------------------------------------------------------------------


def test_what_a_device_says_for_one_person_says_nothing_in_anothers_log() -> None:
    alice, bob = alice_with(LAPTOP, PHONE), Person("Bob")
    revocation = forge_in_log(
        LAPTOP, "revoke", bob.root.person_id, alice.records, REVOKE.encode(Revoked(PHONE.device_id))
    )
    log = judged(alice, revocation)
    assert log.refused[revocation.id] == "it belongs to another person's log"
    assert [own.device_id for own in log.active] == [LAPTOP.device_id, PHONE.device_id]


def test_a_device_says_nothing_before_the_record_that_added_it() -> None:
    alice = alice_with(LAPTOP, PHONE)
    early = forge_in_log(LAPTOP, "revoke", alice.root.person_id, [], REVOKE.encode(Revoked(PHONE.device_id)))
    log = judged(alice, early)
    assert early.id in log.refused
    assert [own.device_id for own in log.active] == [LAPTOP.device_id, PHONE.device_id]


def test_a_signature_is_over_exactly_these_bytes_and_has_its_length() -> None:
    message = b"I owe you a beer"
    signature = LAPTOP.sign(message)
    assert verify(message, signature, LAPTOP.device_id)
    assert not verify(message[1:], signature + message[:1], LAPTOP.device_id)
    assert not verify(signature[-1:] + message, signature[:-1], LAPTOP.device_id)
    assert not verify(message, b"", LAPTOP.device_id)
    assert not verify(message, signature, LAPTOP.device_id[:-1])


def test_a_root_key_is_no_device() -> None:
    alice = alice_with(LAPTOP)
    root = alice.root.person_id
    offer = DeviceOffer(root, LAPTOP.box, alice.root.sign(_consent(root, root, LAPTOP.box)))
    adding = forge_in_log(alice.root, "add", root, alice.records, ADD.encode(offer))
    log = judged(alice, adding)
    assert log.refused[adding.id] == "a root key can't be a device"
    assert [own.device_id for own in log.devices] == [LAPTOP.device_id]


def test_a_device_that_suspends_itself_by_hand_is_not_obeyed() -> None:
    alice = alice_with(LAPTOP)
    body = SUSPEND.encode(Suspended(LAPTOP.device_id))
    suspension = forge_in_log(LAPTOP, "suspend", alice.root.person_id, alice.records, body)
    log = judged(alice, suspension)
    assert log.refused[suspension.id] == "a device suspends itself"
    assert log.devices[0].active


def test_a_lift_that_does_not_follow_its_suspension_lifts_nothing() -> None:
    alice = alice_with(LAPTOP, PHONE)
    suspension = alice.log.suspend(LAPTOP.device_id, PHONE, now_ms=NOON)
    body = LIFT.encode(Lifted(suspension.id))
    beside = forge_in_log(alice.root, "lift", alice.root.person_id, alice.records, body)
    log = judged(alice, suspension, beside)
    assert "doesn't follow" in log.refused[beside.id]
    assert [own.device_id for own in log.active] == [PHONE.device_id]


def test_what_was_said_in_another_home_notebook_is_not_remembered_here() -> None:
    alice = alice_with(LAPTOP)
    elsewhere = HomeLog.judge(b"o" * 32, alice.log, []).set("theme", b"dark", LAPTOP, now_ms=NOON)
    here = HomeLog.judge(b"h" * 32, alice.log, [elsewhere])
    assert here.refused[elsewhere.id] == "it belongs to another notebook"
    assert not here.values


def test_bytes_of_another_domain_begin_no_notebook() -> None:
    genesis = Genesis.make(Person("Alice").root.person_id, now_ms=NOON, entropy=dice("genesis"))
    mine = domain("genesis")
    other = domain("genesys") + genesis.data[len(mine) :]
    assert len(other) == len(genesis.data)
    with pytest.raises(RemoteError):
        Genesis.read(other)


# -- rosters ----------------------------------------------------------------------------------------------------------


def test_a_record_names_its_heads_in_order_and_each_once() -> None:
    it = Company().settle()
    one, two = (it.scribe(who, it.roster).grant(it.stan.id, Role.READER) for who in (it.alice, it.ada))
    it.hear(one, two)
    in_order = tuple(sorted((one.id, two.id)))
    scope, author = it.roster.genesis.notebook_id, it.alice.device.device_id
    for prev in (in_order[::-1], (*in_order, in_order[1]), in_order):
        payload = Payload("grant", scope, author, prev, 1 + one.lamport, granting(it.rita.id, Role.WRITER), NOON)
        record = write(ROSTER, payload, it.alice.device.sign)
        told = it.roster.joined([record]).refused.get(record.id)
        assert told == (None if prev == in_order else "its heads are not sorted or are named twice")


def test_a_cut_that_names_what_is_no_cut_is_refused() -> None:
    it = Company().settle()
    for part in (bytes(32), it.roster.heads[0]):
        forged = forge(it.roster, it.ada.device, "revoke", removal(it.will, part))
        after = it.roster.joined([forged])
        assert after.refused[forged.id] == "its cut names what is no cut"
        assert it.will.id in after.members


def test_an_owners_removal_whose_cut_can_not_be_read_takes_nobodys_voice() -> None:
    it = Company().settle()
    apart = it.roster
    unreadable = forge(apart, it.alice.device, "revoke", removal(it.ada, bytes(32)))
    grant = it.scribe(it.ada, apart).grant(it.stan.id, Role.READER)
    it.hear(unreadable, grant)
    assert (it.role(it.ada), it.role(it.stan)) == (Role.ADMIN, Role.READER)


def test_nobody_goes_on_from_the_epoch_of_somebody_who_may_not_rotate() -> None:
    it = Company().settle()
    wills, adas = fresh_keys("Will's"), fresh_keys("Ada's")
    wrong = forge(it.roster, it.will.device, "rotate", ROTATE.encode(Rotate(wills.commitment, ())))
    body = ROTATE.encode(Rotate(adas.commitment, ((wrong.id, adas.seal_previous(wrong.id, wills, dice("seal"))),)))
    after = forge(it.roster, it.ada.device, "rotate", body, [*it.roster.heads, wrong])
    it.hear(wrong, after)
    assert it.roster.refused[wrong.id] == "a member with the role writer can't say that"
    assert it.roster.refused[after.id] == "it speaks of an epoch that it doesn't follow"
    assert len(it.roster.epochs) == 1


def test_nobody_hands_a_notebook_over_and_keeps_it() -> None:
    it = Company().settle()
    term = it.roster.genesis.notebook_id
    consent = it.will.device.sign(hand_over_message(term, term, it.will.id))
    body = HAND_OVER.encode(HandOver(it.will.id, Role.OWNER, term, it.will.device.device_id, consent, Cut()))
    both = forge(it.roster, it.alice.device, "hand-over", body)
    it.hear(both)
    assert it.roster.refused[both.id] == "a notebook has one owner"
    assert it.roster.owner == it.alice.id


def test_a_form_reads_no_byte_beyond_its_limit() -> None:
    form = Form(bytes, 8, "a thing")
    assert form.decode(msgspec.msgpack.encode(b"sixsix")) == b"sixsix"
    with pytest.raises(RemoteError, match="has 9 bytes, the limit is 8"):
        form.decode(msgspec.msgpack.encode(b"seven77"))


def invited(uses: int = 1) -> Company:
    it = Company().settle()
    it.scribe(it.ada).invite(KEYS.public, Role.WRITER, uses=uses, ends_ms=0, approval=False)
    return it


def test_a_grant_that_knows_of_the_withdrawal_of_its_invite_is_refused() -> None:
    it = invited()
    it.scribe(it.alice).withdraw(KEYS.public)
    late = forge(it.roster, it.ada.device, "grant", GRANT.encode(Grant(it.stan.id, Role.WRITER, KEYS.public)))
    it.hear(late)
    assert it.roster.refused[late.id] == "its invite was withdrawn"
    assert it.role(it.stan) is None


def test_a_person_whom_two_let_in_at_once_uses_an_invite_once() -> None:
    it = invited(uses=2)
    apart = it.roster
    it.hear(*(it.scribe(ruler, apart).grant(it.stan.id, Role.WRITER, KEYS.public) for ruler in (it.alice, it.ada)))
    assert it.roster.invites[KEYS.public].used_by == (it.stan.id,)
    assert not it.roster.void


def test_nobody_is_invited_to_rule() -> None:
    it = Company().settle()
    for role in (Role.OWNER, Role.ADMIN):
        body = INVITE.encode(Invitation(KEYS.public, role, 1, 0, False))
        invitation = forge(it.roster, it.alice.device, "invite", body)
        judged = it.roster.joined([invitation])
        assert judged.refused[invitation.id] == f"nobody is invited as {role}"
        assert not judged.invites
