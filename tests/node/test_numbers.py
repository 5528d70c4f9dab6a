"""The numbers of people, notes and keeping that are promised; what each of them does is tested where it is used."""

from __future__ import annotations

from notesapp.identity import invite, matching, person, record, three_words, words
from notesapp.node import bursts, snapshots
from notesapp.notes import change, replica, schema
from notesapp.store import blobs
from notesapp.sync import hello, presence

DAY_MS = 24 * 3600 * 1000


def test_what_people_compare_type_and_get_wrong() -> None:
    assert (three_words.WORDS, three_words.TRIES, matching.WORDS) == (3, 3, 3)
    assert (words.FINGERPRINT_WORDS, words.KIT_WORDS) == (6, 24)


def test_how_many_and_how_long() -> None:
    assert (person.DEVICES_LIMIT, record.RECORD_LIMIT, hello.TAGS) == (16, 4_096, 8)
    assert invite.WRITING_LIFETIME_MS == 3 * DAY_MS
    assert presence.EXPIRES_MS == 30_000
    assert blobs.KEPT_MS == 30 * DAY_MS


def test_what_a_change_and_a_note_may_be() -> None:
    assert (change.MAX_DEPS, change.MAX_OPS, replica._MANY_HEADS) == (1_024, 20_000, 32)
    assert schema.MAX_TEXT_BYTES == 2_000_000


def test_when_typing_is_kept() -> None:
    assert (bursts.QUIET_S, bursts.BURST_CHARS) == (0.3, 64 * 1024)
    assert bursts.SHARED_QUIET_S <= 0.025
    assert (snapshots.ENTRIES, snapshots._TIMES) == (500, 3)
