"""What a roster says about feeds: how far one counts that was written under several rosters."""

from __future__ import annotations

import pytest

from notesapp.errors import RemoteError
from notesapp.identity.roles import Role
from notesapp.sync.entry import MAX_INDEX
from notesapp.sync.messages import STATE_LIMIT
from notesapp.sync.rights import RosterRights, read_state, write_state
from tests.identity.company import Company

FEED, HASH = bytes(16), bytes(32)


def settled() -> Company:
    """Will has written under the roster in which he became a writer."""
    return Company().settle()


def test_run_of_entries_begun_without_the_right_ends_the_feed_before_it() -> None:
    it = settled()
    wrote = it.roster
    it.scribe(it.alice).change(it.will.id, Role.READER, {FEED: (9, HASH)})
    reads = it.roster
    it.scribe(it.alice).change(it.will.id, Role.WRITER, {})
    again = it.roster
    rights, will = RosterRights(it.roster), it.will.device.device_id
    states = {one.digest: one.heads for one in (wrote, reads, again)}
    assert rights.last_index(will, FEED, [(0, wrote.digest)], states) == 9  # the cut
    assert rights.last_index(will, FEED, [(0, wrote.digest), (5, reads.digest)], states) == 4
    # What he wrote later by right stands behind what he had no right to: a feed counts up to one end.
    under = [(0, wrote.digest), (5, reads.digest), (7, again.digest)]
    assert rights.last_index(will, FEED, under, states) == 4
    assert rights.last_index(will, FEED, [(0, wrote.digest), (7, again.digest)], states) == MAX_INDEX
    assert rights.last_index(will, FEED, [(0, reads.digest)], states) == -1
    assert rights.last_index(it.rita.device.device_id, FEED, [(0, wrote.digest)], states) == -1  # she reads


def test_run_of_entries_that_goes_on_behind_a_cut_ends_at_the_cut() -> None:
    it = settled()
    wrote = it.roster
    it.scribe(it.ada).remove(it.will.id, {FEED: (6, HASH)})
    rights, will = RosterRights(it.roster), it.will.device.device_id
    states = {one.digest: one.heads for one in (wrote, it.roster)}
    for first in (0, 3, 6):
        assert rights.last_index(will, FEED, [(first, wrote.digest)], states) == 6
    assert rights.last_index(will, FEED, [(0, wrote.digest), (7, wrote.digest)], states) == 6
    assert rights.last_index(will, FEED, [(7, wrote.digest)], states) == 6  # nothing of this run counts
    assert rights.last_index(will, bytes(15) + b"\1", [(0, wrote.digest)], states) == -1  # a feed that the cut lacks


def test_run_under_a_roster_that_is_not_known_waits_and_so_does_all_behind_it() -> None:
    it = settled()
    rights, will = RosterRights(it.roster), it.will.device.device_id
    known = {it.roster.digest: it.roster.heads}
    under = [(0, it.roster.digest), (3, b"another" + bytes(25)), (8, it.roster.digest)]
    assert rights.last_index(will, FEED, under, known) == 2
    named = {**known, under[1][1]: (b"a record that is not here yet".ljust(32),)}
    assert rights.last_index(will, FEED, under, named) == 2


def test_the_state_of_a_roster_is_read_as_it_was_written_and_nothing_else_is() -> None:
    notebook, heads = b"n" * 32, tuple(bytes([nth]) * 32 for nth in (1, 2, 3))
    data = write_state(notebook, heads[::-1])
    assert read_state(data, notebook)[1] == heads
    most = (STATE_LIMIT - len(write_state(notebook, ()))) // 32
    assert len(read_state(write_state(notebook, [nth.to_bytes(32, "big") for nth in range(most)]), notebook)[1]) == most
    begin = write_state(notebook, ())
    for bad, why in (
        (write_state(b"m" * 32, heads), "none of this notebook"),
        (write_state(notebook, [nth.to_bytes(32, "big") for nth in range(most + 1)]), "none of this notebook"),
        (data[:-1], "cut off"),
        (begin + heads[1] + heads[0], "not sorted"),
        (begin + heads[0] + heads[0], "not sorted"),
    ):
        with pytest.raises(RemoteError, match=why):
            read_state(bad, notebook)
