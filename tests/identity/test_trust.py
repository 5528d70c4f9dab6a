"""Who keeps which right when people are added, removed, demoted, hand over, and lie about what they knew."""

from __future__ import annotations

import pytest

from notesapp.errors import BadRequest
from notesapp.identity.person import PersonLog
from notesapp.identity.roles import Role
from notesapp.identity.roster import Counted, Roster
from notesapp.identity.roster_bodies import (
    CUT,
    CUT_MARKS,
    DEVICE,
    HAND_OVER,
    INLINE_MARKS,
    REVOKE,
    ROTATE,
    Cut,
    Devices,
    HandOver,
    Marks,
    Removal,
    Rotate,
    hand_over_message,
)
from notesapp.identity.scribe import consent_to_own
from tests.identity.company import Company, Somebody, forge, fresh_keys, granting, removing
from tests.identity.people import NOON, dice

FEED, OTHER, HASH = b"f" * 16, b"o" * 16, b"h" * 32


def test_owner_makes_an_admin_who_adds_a_writer() -> None:
    it = Company()
    it.scribe(it.alice).grant(it.ada.id, Role.ADMIN)
    it.scribe(it.ada).grant(it.will.id, Role.WRITER)
    assert [it.role(who) for who in it.everybody] == [Role.OWNER, Role.ADMIN, Role.WRITER, None, None]
    assert it.roster.right(it.will.device.device_id) is Role.WRITER


def test_admin_makes_no_admin_and_unmakes_none() -> None:
    it = Company().settle()
    with pytest.raises(BadRequest, match="takes the owner"):
        it.scribe(it.ada).grant(it.stan.id, Role.ADMIN)
    with pytest.raises(BadRequest, match="takes the owner"):
        it.scribe(it.ada).change(it.will.id, Role.ADMIN, {})
    it.scribe(it.alice).change(it.will.id, Role.ADMIN, {})
    with pytest.raises(BadRequest, match="takes the owner"):
        it.scribe(it.ada).remove(it.will.id, {})
    with pytest.raises(BadRequest, match="nobody unmakes the owner"):
        it.scribe(it.ada).remove(it.alice.id, {})


def test_removed_admin_back_dates_nothing() -> None:
    it = Company().settle()
    before = it.roster
    it.scribe(it.alice).remove(it.ada.id, {})
    forged = forge(before, it.ada.device, "grant", granting(it.stan.id, Role.WRITER))
    earliest = forge(before, it.ada.device, "grant", granting(it.ada.id, Role.WRITER), [before.records[2]])
    it.hear(forged, earliest)
    assert (it.role(it.stan), it.role(it.ada)) == (None, None)
    assert {forged.id, earliest.id} <= it.roster.void.keys()
    assert forged in it.roster.records  # kept and passed on, so that everybody judges alike


def test_what_the_removed_admin_did_before_stays() -> None:
    it = Company().settle()
    it.scribe(it.ada).grant(it.stan.id, Role.READER)
    it.scribe(it.alice).remove(it.ada.id, {})
    assert it.role(it.stan) is Role.READER


def test_others_records_that_followed_a_void_one_still_count() -> None:
    it = Company().settle()
    it.scribe(it.alice).change(it.will.id, Role.ADMIN, {})
    apart = it.roster
    removal = it.scribe(it.alice, apart).remove(it.ada.id, {})
    grant = it.scribe(it.ada, apart).grant(it.stan.id, Role.READER)
    wills = it.scribe(it.will, apart.joined([grant]))
    change = wills.change(it.rita.id, Role.WRITER, {})
    it.hear(removal, grant, change)
    assert (it.role(it.stan), it.role(it.rita)) == (None, Role.WRITER)


def test_lower_of_two_concurrent_roles_wins_and_removal_wins_over_grant() -> None:
    it = Company().settle()
    apart = it.roster
    up = it.scribe(it.alice, apart).change(it.rita.id, Role.WRITER, {})
    down = it.scribe(it.ada, apart).remove(it.rita.id, {})
    it.hear(up, down)
    assert it.role(it.rita) is None
    it.scribe(it.alice).grant(it.rita.id, Role.WRITER)
    assert it.role(it.rita) is Role.WRITER


def test_owners_promotion_outweighs_an_admin_who_pretends_not_to_know_it() -> None:
    it = Company().settle()
    before = it.roster
    it.scribe(it.alice).change(it.will.id, Role.ADMIN, {})
    forged = forge(before, it.ada.device, "revoke", removing(it.will.id))
    it.hear(forged)
    assert it.role(it.will) is Role.ADMIN
    assert forged.id in it.roster.void


def test_member_leaves_and_may_be_granted_again() -> None:
    it = Company().settle()
    it.scribe(it.will).leave({FEED: (7, HASH)})
    assert it.role(it.will) is None
    it.scribe(it.ada).grant(it.will.id, Role.READER)
    assert it.role(it.will) is Role.READER
    with pytest.raises(BadRequest, match="role owner can't"):
        it.scribe(it.alice).leave({})


def test_hand_over_needs_the_heirs_consent_and_makes_one_owner() -> None:
    it = Company().settle()
    own, theirs = it.will.device, it.ada.device
    consent = consent_to_own(it.roster, it.will.id, own)
    with pytest.raises(BadRequest, match="consent"):
        it.scribe(it.alice).hand_over(it.will.id, theirs.device_id, consent, Role.WRITER, {})
    for device, false in (
        (own, consent_to_own(it.roster, it.ada.id, own)),  # about another heir
        (own, bytes(64)),
        (theirs, consent_to_own(it.roster, it.will.id, theirs)),  # nobody agrees for somebody else
    ):
        with pytest.raises(BadRequest, match="consent"):
            it.scribe(it.alice).hand_over(it.will.id, device.device_id, false, Role.WRITER, {})
    with pytest.raises(BadRequest):
        it.scribe(it.ada).hand_over(it.will.id, own.device_id, consent, Role.WRITER, {})
    it.scribe(it.alice).hand_over(it.will.id, own.device_id, consent, Role.READER, {FEED: (3, HASH)})
    assert (it.roster.owner, it.role(it.alice), it.role(it.will)) == (it.will.id, Role.READER, Role.OWNER)
    with pytest.raises(BadRequest):
        it.scribe(it.alice).grant(it.stan.id, Role.READER)
    it.scribe(it.will).remove(it.alice.id, {})
    assert it.role(it.alice) is None
    again = consent_to_own(it.roster, it.alice.id, it.alice.device)
    it.scribe(it.will).hand_over(it.alice.id, it.alice.device.device_id, again, Role.ADMIN, {})
    assert (it.roster.owner, it.role(it.will)) == (it.alice.id, Role.ADMIN)


def test_former_owner_back_dates_no_removal_of_the_new_one() -> None:
    it = Company().settle()
    before = it.roster
    consent = consent_to_own(before, it.will.id, it.will.device)
    it.scribe(it.alice).hand_over(it.will.id, it.will.device.device_id, consent, Role.WRITER, {})
    it.hear(forge(before, it.alice.device, "revoke", removing(it.will.id)))
    it.hear(forge(before, it.alice.device, "grant", granting(it.stan.id, Role.ADMIN)))
    assert (it.role(it.will), it.role(it.alice), it.role(it.stan)) == (Role.OWNER, Role.WRITER, None)


def test_two_hand_overs_of_one_term_leave_one_owner_and_are_told() -> None:
    it = Company(devices=2).settle()
    apart = it.roster
    to_ada = consent_to_own(apart, it.ada.id, it.ada.device)
    to_will = consent_to_own(apart, it.will.id, it.will.device)
    one = it.scribe(it.alice, apart).hand_over(it.ada.id, it.ada.device.device_id, to_ada, Role.ADMIN, {})
    two = it.scribe(it.alice, apart, 1).hand_over(it.will.id, it.will.device.device_id, to_will, Role.ADMIN, {})
    it.hear(two, one)
    first = min((one, two), key=lambda record: record.id)
    assert it.roster.owner == (it.ada.id if first is one else it.will.id)
    assert set(it.roster.contested) == {one.id, two.id} - {first.id}
    assert [m.role for m in it.roster.members.values()].count(Role.OWNER) == 1
    loser = one if first is two else two
    heard = apart.joined([first])
    assert heard.contests(loser)
    assert not heard.contests(first)
    assert not apart.contests(loser)


def test_revoked_device_of_an_admin_back_dates_nothing_once_its_person_said_so() -> None:
    it = Company(devices=2).settle()
    before = it.roster
    earlier = it.scribe(it.ada, device=1).grant(it.stan.id, Role.READER)
    it.ada.revoke(it.ada.devices[1], it.ada.devices[0])
    it.scribe(it.ada).devices(it.ada.log, {FEED: (4, HASH)})
    stolen = forge(before, it.ada.devices[1], "revoke", removing(it.will.id))
    it.hear(stolen)
    assert earlier.id not in it.roster.void
    assert (it.role(it.stan), it.role(it.will)) == (Role.READER, Role.WRITER)
    assert stolen.id in it.roster.void
    assert it.roster.right(it.ada.devices[1].device_id) is None


def test_later_word_about_devices_does_not_cut_again() -> None:
    it = Company(devices=3).settle()
    thief = it.ada.devices[2]
    heads = it.roster.heads
    it.ada.revoke(thief, it.ada.devices[0])
    it.scribe(it.ada).devices(it.ada.log, {FEED: (4, HASH)})
    it.ada.revoke(it.ada.devices[1], it.ada.devices[0])
    it.scribe(it.ada).devices(it.ada.log, {OTHER: (9, HASH)})
    assert it.roster.counts(thief.device_id, FEED, 4, heads) is Counted.COUNTS
    assert it.roster.counts(thief.device_id, FEED, 5, heads) is Counted.RECOVERED
    assert it.roster.counts(it.ada.devices[1].device_id, OTHER, 9, heads) is Counted.COUNTS


def test_suspension_that_is_lifted_gives_everything_back() -> None:
    it = Company(devices=2).settle()
    heads = it.roster.heads
    suspended = it.ada.log.suspend(it.ada.devices[0].device_id, it.ada.devices[1], now_ms=NOON)
    it.ada.records.append(suspended)
    it.scribe(it.ada, device=1).devices(it.ada.log, {})
    assert it.roster.right(it.ada.devices[0].device_id) is None
    assert it.roster.counts(it.ada.devices[0].device_id, FEED, 1, heads) is Counted.RECOVERED
    it.ada.records.append(it.ada.log.lift(suspended.id, it.ada.root, now_ms=NOON))
    it.hear(logs=[it.ada.log])
    assert it.roster.right(it.ada.devices[0].device_id) is Role.ADMIN
    assert it.roster.counts(it.ada.devices[0].device_id, FEED, 1, heads) is Counted.COUNTS


def test_entries_of_a_removed_writer_count_as_far_as_the_cut() -> None:
    it = Company().settle()
    wills = it.will.device.device_id
    old = it.roster.heads
    it.scribe(it.ada).remove(it.will.id, {FEED: (7, HASH)})
    now = it.roster.heads
    assert [it.roster.counts(wills, FEED, n, old) for n in (7, 8)] == [Counted.COUNTS, Counted.RECOVERED]
    assert it.roster.counts(wills, OTHER, 0, old) is Counted.RECOVERED
    assert it.roster.counts(wills, FEED, 7, now) is Counted.RECOVERED  # he had no right there any more
    it.scribe(it.ada).grant(it.will.id, Role.WRITER)
    assert it.roster.counts(wills, FEED, 9, it.roster.heads) is Counted.COUNTS
    assert it.roster.counts(wills, FEED, 8, old) is Counted.RECOVERED
    assert [taking.marks[FEED] for taking in it.roster.takings(wills)] == [(7, HASH)]


def test_two_removals_at_once_cut_at_the_lower_mark() -> None:
    it = Company().settle()
    apart = it.roster
    one = it.scribe(it.ada, apart).remove(it.will.id, {FEED: (7, HASH)})
    two = it.scribe(it.alice, apart).remove(it.will.id, {FEED: (3, HASH)})
    it.hear(one, two)
    counted = [it.roster.counts(it.will.device.device_id, FEED, n, apart.heads) for n in (3, 4)]
    assert counted == [Counted.COUNTS, Counted.RECOVERED]


def test_demoted_admin_goes_on_writing_and_a_reader_never_began() -> None:
    it = Company().settle()
    it.scribe(it.alice).change(it.ada.id, Role.WRITER, {})
    assert it.roster.counts(it.ada.device.device_id, FEED, 9, it.roster.heads) is Counted.COUNTS
    assert it.roster.counts(it.rita.device.device_id, FEED, 0, it.roster.heads) is Counted.RECOVERED
    assert it.roster.counts(it.ada.device.device_id, FEED, 0, (bytes(32),)) is Counted.WAITS
    assert it.roster.counts(bytes(32), FEED, 0, it.roster.heads) is Counted.WAITS


def test_cut_over_many_feeds_is_written_before_the_removal_that_names_it() -> None:
    it = Company().settle()
    have = {n.to_bytes(16, "big"): (n, HASH) for n in range(INLINE_MARKS + 3 * CUT_MARKS - 5)}
    old = it.roster.heads
    scribe = it.scribe(it.ada)
    removal = scribe.remove(it.will.id, have)
    assert [record.kind for record in scribe.records] == ["cut", "cut", "cut", "revoke"]
    assert max(len(record.data) for record in scribe.records) <= 4096
    for feed, (index, _) in have.items():
        assert it.roster.counts(it.will.device.device_id, feed, index, old) is Counted.COUNTS
        assert it.roster.counts(it.will.device.device_id, feed, index + 1, old) is Counted.RECOVERED
    # Without the cut's records the removal waits, so that nobody ever judges by half a cut.
    half = [record for record in it.roster.records if record.id != scribe.records[0].id]
    logs = [somebody.log for somebody in it.everybody]
    assert removal.id in Roster.judge(it.roster.genesis, logs, half).waiting


def test_nobody_cuts_with_another_ones_records() -> None:
    it = Company().settle()
    scribe = it.scribe(it.will)
    part = scribe._write("cut", forge_cut())
    body = removal_naming(it.rita, part.id)
    forged = forge(it.roster, it.ada.device, "revoke", body)
    it.hear(forged)
    assert "somebody else's" in it.roster.refused[forged.id]
    assert it.role(it.rita) is Role.READER


def forge_cut() -> bytes:
    from notesapp.identity.roster_bodies import CUT, Marks

    return CUT.encode(Marks(((FEED, 1, HASH),)))


def removal_naming(who: Somebody, part: bytes) -> bytes:
    from notesapp.identity.roster_bodies import REVOKE, Cut, Removal

    return REVOKE.encode(Removal(who.id, Cut((), (part,))))


def test_removal_calls_for_a_rotation_that_covers_it() -> None:
    it = Company().settle()
    held = it.roster.keys_for(it.alice.device)
    it.scribe(it.alice).give_keys(held, entropy=dice("boxes"))
    assert it.roster.keys_for(it.will.device) == held
    apart = it.roster
    removal = it.scribe(it.ada).remove(it.will.id, {})
    assert list(it.roster.rotation_due) == [removal.id]
    stale = it.scribe(it.alice, apart).rotate(fresh_keys("stale"), held, entropy=dice("s"))
    fresh = it.scribe(it.ada, it.roster).rotate(fresh_keys("fresh"), held, entropy=dice("f"))
    it.hear(*stale, *fresh)
    assert it.roster.epoch is not None
    assert it.roster.epoch.epoch_id == fresh[0].id  # the other one's keys reached Will
    assert list(it.roster.rotation_due) == []
    assert it.roster.keys_for(it.will.device).keys() == held.keys() | {stale[0].id}
    assert it.roster.keys_for(it.rita.device).keys() == held.keys() | {stale[0].id, fresh[0].id}
    assert len(it.roster.heads) == 2  # boxes follow one another


def test_two_removals_apart_need_a_third_rotation() -> None:
    it = Company().settle()
    held = it.roster.keys_for(it.alice.device)
    it.scribe(it.alice).give_keys(held, entropy=dice("boxes"))
    apart = it.roster
    one, two = it.scribe(it.alice, apart), it.scribe(it.ada, apart)
    one.remove(it.rita.id, {})
    one.rotate(fresh_keys("one"), held, entropy=dice("1"))
    removal = two.remove(it.will.id, {})
    two.rotate(fresh_keys("two"), held, entropy=dice("2"))
    it.hear(*one.records, *two.records)
    assert len(it.roster.rotation_due) == 1
    held = it.roster.keys_for(it.alice.device)
    assert len(held) == 3
    it.scribe(it.alice).rotate(fresh_keys("three"), held, entropy=dice("3"))
    assert list(it.roster.rotation_due) == []
    assert removal.id not in it.roster.void
    assert len(it.roster.tips) == 1


def test_revoked_device_that_had_keys_calls_for_a_rotation() -> None:
    it = Company(devices=2).settle()
    it.scribe(it.alice).give_keys(it.roster.keys_for(it.alice.device), entropy=dice("boxes"))
    it.rita.revoke(it.rita.devices[1], it.rita.devices[0])
    word = it.scribe(it.rita).devices(it.rita.log, {})
    assert it.roster.rotation_due == (word.id,)


def test_epoch_of_an_admin_who_was_removed_meanwhile_is_read_but_not_written_under() -> None:
    it = Company().settle()
    held = it.roster.keys_for(it.alice.device)
    it.scribe(it.alice).give_keys(held, entropy=dice("boxes"))
    apart = it.roster
    adas = it.scribe(it.ada, apart)
    rotation, *_ = adas.rotate(fresh_keys("Ada's"), held, entropy=dice("a"))
    it.scribe(it.alice).remove(it.ada.id, {})
    it.hear(*adas.records)
    assert it.roster.epoch is not None
    assert it.roster.epoch.epoch_id != rotation.id
    assert rotation.id in it.roster.keys_for(it.rita.device)


def test_rotation_without_boxes_stops_nobody_from_writing() -> None:
    it = Company().settle()
    held = it.roster.keys_for(it.alice.device)
    it.hear(forge(it.roster, it.ada.device, "rotate", ROTATE.encode(Rotate(bytes(32), ()))))
    mine = it.roster.keys_for(it.alice.device)
    assert mine == held
    chosen = it.roster.epoch_among(mine)
    assert chosen is not None
    assert chosen.epoch_id in held
    it.scribe(it.alice).rotate(fresh_keys("next"), mine, entropy=dice("n"))


def test_member_gives_keys_to_his_own_second_device_only() -> None:
    it = Company().settle()
    held = it.roster.keys_for(it.alice.device)
    it.scribe(it.alice).give_keys(held, entropy=dice("boxes"))
    tablet = Somebody("Rita's tablet").device
    it.rita.add(tablet, it.rita.device)
    it.hear(logs=[it.rita.log])
    boxes = it.scribe(it.rita).give_keys(it.roster.keys_for(it.rita.device), entropy=dice("r"))
    assert len(boxes) == 1
    assert it.roster.keys_for(tablet) == held
    own = it.stan.log.active[0]
    forged = it.roster.key_box(it.rita.device, next(iter(held)), it.keys, own, now_ms=NOON, entropy=dice("x"))
    it.hear(forged)
    assert "somebody else's device" in it.roster.refused[forged.id]


def test_records_of_unknown_persons_count_once_their_log_is_there() -> None:
    it = Company().settle()
    record = it.scribe(it.ada).grant(it.stan.id, Role.READER)
    logs = [somebody.log for somebody in it.everybody if somebody is not it.ada]
    without = Roster.judge(it.roster.genesis, logs, it.roster.records)
    assert without.refused[record.id] == "its author is no known device"
    assert without.joined((), [it.ada.log]) == it.roster


def test_lone_log_of_another_person_claims_no_device() -> None:
    it = Company().settle()
    assert it.roster.person_of(it.will.device.device_id) == it.will.id
    assert it.roster.person_of(bytes(32)) is None
    assert PersonLog.judge(it.stan.id, it.will.records).active == ()


def test_roster_that_is_passed_on_says_the_same() -> None:
    it = Company().settle()
    it.scribe(it.alice).remove(it.will.id, {})
    it.hear(forge(it.roster, it.stan.device, "grant", granting(it.stan.id, Role.READER)))
    passed_on = Roster.judge(it.roster.genesis, it.roster.logs.values(), it.roster.records)
    assert (passed_on.members, passed_on.heads, passed_on.void) == (
        it.roster.members,
        it.roster.heads,
        it.roster.void,
    )


def test_who_has_the_frontier_lacks_nothing_and_who_has_less_lacks_that() -> None:
    it = Company().settle()
    before = it.roster
    removal = it.scribe(it.alice).remove(it.ada.id, {})
    void = forge(before, it.ada.device, "grant", granting(it.stan.id, Role.WRITER))
    it.hear(void)
    assert it.roster.beyond(it.roster.frontier) == ()
    assert set(it.roster.beyond(before.frontier)) == {removal, void}
    assert void.id in it.roster.frontier
    assert void.id not in it.roster.heads
    assert it.roster.beyond([bytes(32)]) == it.roster.records


def test_removed_admin_undoes_none_of_his_own_old_deeds_by_revoking_the_device_that_did_them() -> None:
    it = Company(devices=2).settle()
    it.scribe(it.ada).remove(it.rita.id, {})
    it.scribe(it.alice).remove(it.ada.id, {})
    it.ada.revoke(it.ada.devices[0], it.ada.root)
    it.hear(logs=[it.ada.log])
    body = DEVICE.encode(Devices(it.ada.log.heads, Cut()))
    it.hear(forge(it.roster, it.ada.devices[1], "device", body, [it.roster.records[0]]))
    assert (it.role(it.rita), it.role(it.ada)) == (None, None)


def test_former_owner_who_revokes_the_device_that_handed_over_is_told_of_and_kept_out() -> None:
    it = Company(devices=2).settle()
    consent = consent_to_own(it.roster, it.will.id, it.will.device)
    it.scribe(it.alice).hand_over(it.will.id, it.will.device.device_id, consent, Role.WRITER, {})
    it.alice.revoke(it.alice.devices[0], it.alice.root)
    it.hear(logs=[it.alice.log])
    honest = forge(it.roster, it.alice.devices[1], "device", DEVICE.encode(Devices(it.alice.log.heads, Cut())))
    assert not it.roster.contests(honest)
    late = forge(it.roster, it.alice.devices[1], "device", honest.body, [it.roster.records[0]])
    assert it.roster.contests(late)


def test_of_two_marks_for_one_feed_the_lower_counts() -> None:
    it = Company().settle()
    heads = it.roster.heads
    for marks in (((FEED, 5, HASH), (FEED, 3, HASH)), ((FEED, 3, HASH), (FEED, 5, HASH))):
        removal = forge(it.roster, it.alice.device, "revoke", REVOKE.encode(Removal(it.will.id, Cut(marks))))
        after = it.roster.joined([removal])
        counted = [after.counts(it.will.device.device_id, FEED, index, heads) for index in (3, 4)]
        assert counted == [Counted.COUNTS, Counted.RECOVERED]


def test_cut_names_only_records_that_it_follows() -> None:
    it = Company().settle()
    before = it.roster
    part = forge(before, it.alice.device, "cut", CUT.encode(Marks(((FEED, 9, HASH),))))
    body = REVOKE.encode(Removal(it.will.id, Cut((), (part.id,))))
    beside = forge(before, it.alice.device, "revoke", body)
    assert before.joined([part, beside]).refused[beside.id] == "its cut names a record that it doesn't follow"
    behind = forge(before, it.alice.device, "revoke", body, [*before.heads, part])
    assert it.will.id not in before.joined([part, behind]).members


def test_hand_over_of_a_term_follows_its_beginning() -> None:
    it = Company().settle()
    before = it.roster
    consent = consent_to_own(before, it.will.id, it.will.device)
    first = it.scribe(it.alice).hand_over(it.will.id, it.will.device.device_id, consent, Role.WRITER, {})
    agreed = it.ada.device.sign(hand_over_message(before.genesis.notebook_id, first.id, it.ada.id))
    body = HAND_OVER.encode(HandOver(it.ada.id, Role.WRITER, first.id, it.ada.device.device_id, agreed, Cut()))
    beside = forge(before, it.will.device, "hand-over", body)
    assert it.roster.joined([beside]).owner == it.will.id
    behind = forge(it.roster, it.will.device, "hand-over", body)
    assert it.roster.joined([behind]).owner == it.ada.id
