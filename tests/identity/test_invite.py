"""Invites: links that survive being pasted, requests that can't be stolen, uses, ends, withdrawals, approval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import BadRequest, InviteDamaged, InviteMissing, InviteNewer, LocalError, RemoteError
from notesapp.identity.invite import InviteKeys, JoinLink, read_link
from notesapp.identity.keys import PersonId
from notesapp.identity.matching import DIALER, LISTENER, begin_matching, matching_context
from notesapp.identity.record import Record
from notesapp.identity.redeem import Joiner, Redeem, Refusal, admit, admitted, examine
from notesapp.identity.roles import Role
from notesapp.identity.roster import Roster
from notesapp.identity.tally import AUTHORS_LIMIT, DAY_MS, Tally
from tests.identity.company import Company, Somebody
from tests.identity.people import NOON, dice

KEYS = InviteKeys.generate(dice("invite"))
BINDING = dice("binding")(32)
LINK = JoinLink(dice("notebook")(32), KEYS.seed, Role.WRITER, "Reise nach Łódź", "Ana", ("192.168.1.7:4433",), NOON)


def invited(uses: int = 1, ends_ms: int = 0, approval: bool = False, role: Role = Role.WRITER) -> Company:
    it = Company().settle()
    it.scribe(it.alice).give_keys(it.roster.keys_for(it.alice.device), entropy=dice("boxes"))
    it.scribe(it.ada).invite(KEYS.public, role, uses=uses, ends_ms=ends_ms, approval=approval)
    return it


def ask(it: Company, who: Somebody, binding: bytes = BINDING) -> Redeem:
    made = Redeem.make(KEYS, it.roster.genesis.notebook_id, who.log, who.device.device_id, binding, "Stan")
    return Redeem.read(made.write())


def look(
    it: Company, asked: Redeem, who: Somebody, now_ms: int = NOON, roster: Roster | None = None
) -> Joiner | Refusal:
    return examine(roster or it.roster, asked, device_id=who.device.device_id, binding=BINDING, now_ms=now_ms)


# -- links ----------------------------------------------------------------------------------------------------------


def test_link_survives_being_pasted_in_any_case_inside_a_message() -> None:
    url = LINK.url()
    assert url.startswith("notesapp://join#1.")
    for pasted in (
        url,
        url.upper(),
        f"  {url}\n",
        LINK.as_text(),
        f"> Hi!\n> {url} bye",
        url.replace("join#", "join/#"),
    ):
        assert read_link(pasted) == LINK
    assert "read and write “Reise nach Łódź”" in LINK.as_text()
    assert LINK.seed.hex() not in repr(LINK)


def test_each_way_to_spoil_a_link_has_its_sentence() -> None:
    url = LINK.url()
    for nothing in ("", "hello", "notesapp://join", "https://example.org/#1.abc"):
        with pytest.raises(InviteMissing, match="paste the whole message"):
            read_link(nothing)
    for damaged in (url[:-1], url[:40], url[:-3] + "aaa", url.replace("#1.", "#1.a"), "notesapp://join#1."):
        with pytest.raises(InviteDamaged, match="ask for a new one"):
            read_link(damaged)
    with pytest.raises(InviteNewer, match="update"):
        read_link(url.replace("#1.", "#2."))


def test_link_that_promises_what_nobody_may_promise_is_refused() -> None:
    for role in (Role.OWNER, Role.ADMIN):
        with pytest.raises(InviteDamaged, match="nobody is invited as"):
            read_link(JoinLink(LINK.notebook, KEYS.seed, role, "", "").url())
    for name in ("a\nb", "‮evil", "x" * 81):
        with pytest.raises(InviteDamaged):
            read_link(JoinLink(LINK.notebook, KEYS.seed, Role.READER, name, "").url())
    with pytest.raises(InviteDamaged):
        read_link(JoinLink(LINK.notebook, KEYS.seed, Role.READER, "", "", ("a b",)).url())


@given(st.text(max_size=80), st.sampled_from([Role.WRITER, Role.READER]), st.integers(0, 2**40))
def test_any_link_is_read_back_or_refused_with_a_sentence(name: str, role: Role, ends_ms: int) -> None:
    link = JoinLink(LINK.notebook, KEYS.seed, role, name, name[:5], (), ends_ms)
    try:
        url = link.url()
    except UnicodeEncodeError:
        return  # a lone surrogate is no text
    try:
        assert read_link(url) == link
    except InviteDamaged:
        assert any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or ord(c) in range(0x2028, 0x206A) for c in name)


def test_keys_of_an_invite_differ_and_the_seed_gives_them_all() -> None:
    again = InviteKeys.from_seed(KEYS.seed)
    assert again == KEYS
    assert len({KEYS.public, KEYS.topic, KEYS.disco, KEYS.hello, KEYS.seed}) == 5
    assert KEYS.seed.hex() not in repr(KEYS)
    assert repr(KEYS.seed) not in repr(KEYS)
    with pytest.raises(LocalError):
        InviteKeys.from_seed(b"short")


# -- redeeming ------------------------------------------------------------------------------------------------------


def test_stranger_with_the_seed_becomes_a_member_with_keys() -> None:
    it = invited()
    joiner = look(it, ask(it, it.stan), it.stan)
    assert isinstance(joiner, Joiner)
    assert (joiner.person, joiner.role, joiner.name, joiner.approval) == (it.stan.id, Role.WRITER, "Stan", False)
    held = it.roster.keys_for(it.ada.device)
    before = it.roster
    records = admit(it.scribe(it.ada), joiner, held, dice("boxes"))
    assert [record.kind for record in records] == ["grant", "keybox"]
    assert it.role(it.stan) is Role.WRITER
    assert it.roster.keys_for(it.stan.device) == held
    assert admitted(before, it.stan.id, records)
    assert look(it, ask(it, it.stan), it.stan) is Refusal.MEMBER
    other = Somebody("Otto")
    assert look(it, ask(it, other), other) is Refusal.USED


def test_request_serves_only_on_its_own_link_and_for_its_own_device() -> None:
    it = invited()
    asked = ask(it, it.stan)
    with pytest.raises(RemoteError, match="for this link"):
        examine(it.roster, asked, device_id=it.stan.device.device_id, binding=bytes(32), now_ms=NOON)
    with pytest.raises(RemoteError, match="for this link"):
        examine(it.roster, asked, device_id=it.will.device.device_id, binding=BINDING, now_ms=NOON)
    thief = Somebody("Thief")
    swapped = Redeem(asked.invite, thief.id, tuple(r.data for r in thief.records), asked.name, asked.signature)
    with pytest.raises(RemoteError, match="for this link"):
        look(it, swapped, thief)
    # With the seed, but as somebody else's device.
    message = Redeem.make(KEYS, it.roster.genesis.notebook_id, it.stan.log, thief.device.device_id, BINDING, "Stan")
    with pytest.raises(RemoteError, match="not the person's"):
        look(it, message, thief)


def test_device_that_was_revoked_gets_in_by_no_log_that_keeps_quiet_about_it() -> None:
    it = invited(uses=2)
    otto = Somebody("Otto", devices=2)
    stolen, quiet = otto.devices[1], otto.log
    otto.revoke(stolen, otto.root)
    it.hear(logs=[otto.log])
    asked = Redeem.make(KEYS, it.roster.genesis.notebook_id, quiet, stolen.device_id, BINDING, "Otto")
    with pytest.raises(RemoteError, match="not the person's"):
        examine(it.roster, asked, device_id=stolen.device_id, binding=BINDING, now_ms=NOON)
    kept = Redeem.make(KEYS, it.roster.genesis.notebook_id, quiet, otto.device.device_id, BINDING, "Otto")
    joiner = examine(it.roster, kept, device_id=otto.device.device_id, binding=BINDING, now_ms=NOON)
    assert isinstance(joiner, Joiner)
    held = it.roster.keys_for(it.ada.device)
    admit(it.scribe(it.ada), joiner, held, dice("boxes"))
    assert it.roster.keys_for(otto.device) == held
    assert it.roster.keys_for(stolen) == {}  # an old log brings no keys to what was revoked since


def test_request_by_an_unknown_withdrawn_or_ended_invite_is_refused_by_name() -> None:
    it = Company().settle()
    asked = ask(it, it.stan)
    assert look(it, asked, it.stan) is Refusal.UNKNOWN
    it = invited(ends_ms=NOON + 10)
    asked = ask(it, it.stan)
    assert isinstance(look(it, asked, it.stan, NOON + 9), Joiner)
    assert look(it, asked, it.stan, NOON + 10) is Refusal.ENDED
    it.scribe(it.alice).withdraw(KEYS.public)
    assert look(it, asked, it.stan) is Refusal.WITHDRAWN
    with pytest.raises(BadRequest, match="withdrawn"):
        it.scribe(it.ada).grant(it.stan.id, Role.WRITER, KEYS.public)


def test_invite_for_several_lets_in_as_many() -> None:
    it = invited(uses=2, role=Role.READER)
    for name in ("Otto", "Olga"):
        who = Somebody(name)
        joiner = look(it, ask(it, who), who)
        assert isinstance(joiner, Joiner)
        admit(it.scribe(it.ada), joiner, {}, dice("b"))
    assert look(it, ask(it, it.stan), it.stan) is Refusal.USED
    with pytest.raises(BadRequest, match="used up"):
        it.scribe(it.ada).grant(it.stan.id, Role.READER, KEYS.public)


def test_overuse_under_partition_leaves_the_smallest_lamport_and_id() -> None:
    it = invited()
    apart = it.roster
    otto = Somebody("Otto")
    grants: dict[Record, Somebody] = {}
    for ruler, who in ((it.alice, it.stan), (it.ada, otto), (it.ada, it.stan)):
        scribe = it.scribe(ruler, apart)
        scribe.hear(who.log)
        grants[scribe.grant(who.id, Role.WRITER, KEYS.public)] = who
    it.hear(*grants, logs=[otto.log])
    first = min(grants, key=lambda record: (record.lamport, record.id))
    assert [who.id for who in (it.stan, otto) if who.id in it.roster.members] == [grants[first].id]
    assert it.roster.invites[KEYS.public].used_by == (grants[first].id,)


def test_withdrawal_wins_over_the_grant_that_did_not_know_it() -> None:
    it = invited()
    apart = it.roster
    scribe = it.scribe(it.ada, apart)
    grant = scribe.grant(it.stan.id, Role.WRITER, KEYS.public)
    it.scribe(it.alice).withdraw(KEYS.public)
    it.hear(grant)
    assert it.role(it.stan) is None
    assert it.roster.void[grant.id] == "its invite was withdrawn at the same time"


def test_invite_of_a_key_that_has_one_is_refused() -> None:
    it = invited(role=Role.READER)
    with pytest.raises(BadRequest, match="exists already"):
        it.scribe(it.alice).invite(KEYS.public, Role.WRITER, uses=1000, ends_ms=0, approval=False)
    assert it.roster.invites[KEYS.public].terms.role is Role.READER


def test_grant_gives_no_more_than_its_invite() -> None:
    it = invited(role=Role.READER)
    with pytest.raises(BadRequest, match="more than its invite"):
        it.scribe(it.ada).grant(it.stan.id, Role.WRITER, KEYS.public)
    with pytest.raises(BadRequest, match="doesn't follow"):
        it.scribe(it.ada).grant(it.stan.id, Role.WRITER, bytes(32))


# -- matching words -------------------------------------------------------------------------------------------------


def test_two_people_see_the_same_words_and_a_man_between_shows_others() -> None:
    context = matching_context(BINDING, bytes(32), b"\1" * 32, "join")
    ana, ben = begin_matching(DIALER, context, dice("a")), begin_matching(LISTENER, context, dice("b"))
    ana_revealed, ben_revealed = ana.receive(ben.out), ben.receive(ana.out)
    seen = ana_revealed.receive(ben_revealed.out), ben_revealed.receive(ana_revealed.out)
    assert seen[0] == seen[1]
    assert len(seen[0].words) == 3
    other = matching_context(bytes(32), bytes(32), b"\1" * 32, "join")
    mallory = begin_matching(LISTENER, other, dice("m"))
    with pytest.raises(RemoteError, match="promised"):
        begin_matching(DIALER, context, dice("a")).receive(mallory.out).receive(mallory.receive(ana.out).out)


def test_commitment_is_neither_reflected_nor_changed() -> None:
    context = matching_context(BINDING, bytes(32), b"\1" * 32, "join")
    ana, ben = begin_matching(DIALER, context, dice("a")), begin_matching(LISTENER, context, dice("b"))
    with pytest.raises(RemoteError, match="reflected"):
        ana.receive(ana.out)
    with pytest.raises(RemoteError, match="promised"):
        ana.receive(ben.out).receive(ana.receive(ben.out).out)
    for hostile in (b"", bytes(31), bytes(33)):
        with pytest.raises(RemoteError):
            ana.receive(hostile)
        with pytest.raises(RemoteError):
            ana.receive(ben.out).receive(hostile)
    with pytest.raises(LocalError):
        begin_matching(b"X", context, dice("a"))


# -- tally ----------------------------------------------------------------------------------------------------------


def test_author_may_send_so_much_a_day_and_again_the_next() -> None:
    tally = Tally(limit=3)
    assert [tally.take(b"a", now) for now in (0, 1, 2, 3)] == [True, True, True, False]
    assert tally.take(b"b", 3)
    assert (tally.left(b"a", 3), tally.left(b"c", 3)) == (0, 3)
    assert [tally.take(b"a", DAY_MS + now) for now in (0, 0, 1)] == [True, False, True]


def test_tally_forgets_the_longest_silent_author_first() -> None:
    tally = Tally(limit=1)
    for n in range(AUTHORS_LIMIT + 1):
        assert tally.take(PersonId(n.to_bytes(32, "big")), 0)
    assert tally.take(bytes(32), 0)
    assert not tally.take(AUTHORS_LIMIT.to_bytes(32, "big"), 0)


def test_grant_never_lowers_a_role_for_it_has_no_cut() -> None:
    it = invited()
    with pytest.raises(BadRequest, match="without a cut"):
        it.scribe(it.alice).grant(it.will.id, Role.READER)
    assert it.role(it.will) is Role.WRITER
    it.scribe(it.alice).change(it.will.id, Role.READER, {})
    assert it.role(it.will) is Role.READER
