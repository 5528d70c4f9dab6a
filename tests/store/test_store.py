"""The store: what it keeps, finds again, refuses, and hides."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from notesapp.errors import LocalError, StoreDamaged
from notesapp.store import database
from notesapp.store.places import Home
from notesapp.store.rows import (
    Batch,
    CardRow,
    EntryRow,
    HeadRow,
    Mark,
    PendingRow,
    QuarantineRow,
    RecordRow,
    SnapshotRow,
    TextRow,
)
from notesapp.store.store import Store
from tests.store.work import FEED, KEY, NOTE, NOTEBOOK, entry, new_home

OTHER_FEED = b"G" * 16
OTHER_NOTE = b"P" * 16


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


@pytest.fixture
def store(home: Home) -> Store:
    return Store.open(home, KEY)


def test_entries_come_back_as_they_were_put(store: Store) -> None:
    rows = tuple(entry(n, note=None if n == 0 else NOTE) for n in range(5))
    store.write(Batch(entries=rows))
    assert tuple(store.entries(FEED)) == rows
    assert tuple(store.entries(FEED, 2, 3)) == rows[2:4]
    assert store.entry(FEED, 4) == rows[4]
    assert store.entry(FEED, 5) is None
    assert store.head(FEED) == Mark(4, rows[4].hash)
    assert store.head(OTHER_FEED) is None


def test_a_note_is_found_in_all_feeds_beyond_what_a_snapshot_holds_in_order_of_arrival(store: Store) -> None:
    for n in range(4):
        store.write(
            Batch(
                entries=(
                    entry(n),
                    entry(n, feed=OTHER_FEED),
                )
            )
        )
    store.write(Batch(entries=(entry(4, note=OTHER_NOTE),)))
    found = [(e.feed, e.index) for e in store.entries_of(NOTE, {FEED: 2, OTHER_FEED: 1})]
    assert found == [(OTHER_FEED, 2), (FEED, 3), (OTHER_FEED, 3)]
    assert len(list(store.entries_of(NOTE))) == 8
    assert store.note_ids(NOTEBOOK) == {NOTE, OTHER_NOTE}
    assert store.entry_counts(NOTEBOOK) == {NOTE: 8, OTHER_NOTE: 1}
    assert store.frontier(NOTEBOOK) == {FEED: Mark(4, entry(4).hash), OTHER_FEED: Mark(3, entry(3).hash)}


def test_the_same_entry_twice_is_one_entry(store: Store) -> None:
    store.write(Batch(entries=(entry(0), entry(1))))
    store.write(Batch(entries=(entry(0), entry(1), entry(2))))
    assert [e.index for e in store.entries(FEED)] == [0, 1, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        entry(3),  # a gap
        EntryRow(NOTEBOOK, FEED, 1, b"another hash, 32 bytes of it !!!", b"h", b"b", NOTE),  # a fork
        entry(5, feed=OTHER_FEED),  # a feed without its beginning
    ],
)
def test_a_gap_or_a_fork_is_refused_whole(store: Store, wrong: EntryRow) -> None:
    store.write(Batch(entries=(entry(0), entry(1))))
    with pytest.raises(LocalError):
        store.write(Batch(settings={"half": b"1"}, entries=(wrong,)))
    assert [e.index for e in store.entries(FEED)] == [0, 1]
    assert store.setting("half") is None


def test_a_signed_head_vouches_only_for_what_is_stored_and_never_goes_back(store: Store) -> None:
    store.write(Batch(entries=(entry(0), entry(1)), heads=(HeadRow(FEED, 1, b"one"),)))
    store.write(Batch(heads=(HeadRow(FEED, 0, b"zero"),)))
    assert store.signed_head(FEED) == HeadRow(FEED, 1, b"one")
    with pytest.raises(LocalError):
        store.write(Batch(heads=(HeadRow(FEED, 2, b"two"),)))


def test_a_body_can_be_erased_and_the_chain_stays(store: Store) -> None:
    store.write(Batch(entries=(entry(0), entry(1), entry(2, note=OTHER_NOTE))))
    assert store.erase_note(NOTE) == 2
    assert [e.body is None for e in store.entries(FEED)] == [True, True, False]
    assert [e.hash for e in store.entries(FEED)] == [entry(n).hash for n in range(3)]


def test_two_generations_of_snapshots_are_kept_and_a_rotten_one_is_passed_over(store: Store) -> None:
    for n in range(4):
        store.write(Batch(snapshots=(SnapshotRow(NOTE, b"f%d" % n, b"data %d" % n),)))
    assert [s.data for s in store.snapshots(NOTE)] == [b"data 3", b"data 2"]
    store.db.execute("UPDATE snapshots SET data = x'00' WHERE data = ?", (b"data 3",))
    assert [s.data for s in store.snapshots(NOTE)] == [b"data 2"]
    assert store.rotten_snapshots(NOTE) == 1


def test_small_things_are_kept_replaced_and_taken_away(store: Store) -> None:
    record = RecordRow(NOTEBOOK, b"id", "roster", b"signed")
    store.write(
        Batch(
            records=(record, RecordRow(b"person", b"id", "person", b"signed")),
            texts=(TextRow(NOTE, NOTEBOOK, "alt", b"1"), TextRow(OTHER_NOTE, b"other" * 6 + b"!!", "x")),
            cards=(CardRow(NOTE, NOTEBOOK, b"card"), CardRow(OTHER_NOTE, NOTEBOOK, b"card")),
            pending=(PendingRow(NOTEBOOK, b"1", b"later"), PendingRow(NOTEBOOK, b"2", b"later")),
            quarantine=(QuarantineRow(NOTEBOOK, b"q", "fork", b"proof", 5),),
            settings={"a": b"1", "b": b"2"},
            secrets={"seed": b"s"},
            peers={b"device": b"address"},
        )
    )
    store.write(
        Batch(
            records=(record,),
            texts=(TextRow(NOTE, NOTEBOOK, "neu", b"2"),),
            cards=(CardRow(OTHER_NOTE, NOTEBOOK, None),),
            pending=(PendingRow(NOTEBOOK, b"1", None),),
            quarantine=(QuarantineRow(NOTEBOOK, b"q", "another reason", b"", 6),),
            settings={"a": None, "b": b"3"},
        )
    )
    assert list(store.records(NOTEBOOK)) == [record]
    assert list(store.records(NOTEBOOK, "person")) == []
    assert store.scopes("person") == {b"person"}
    assert store.text(NOTE) == TextRow(NOTE, NOTEBOOK, "neu", b"2")
    assert {t.text for t in store.texts()} == {"neu", "x"}
    assert [t.text for t in store.texts(NOTEBOOK)] == ["neu"]
    assert list(store.cards()) == [CardRow(NOTE, NOTEBOOK, b"card")]
    assert list(store.pending(NOTEBOOK)) == [PendingRow(NOTEBOOK, b"2", b"later")]
    assert list(store.quarantine(NOTEBOOK)) == [QuarantineRow(NOTEBOOK, b"q", "fork", b"proof", 5)]
    assert store.settings() == {"b": b"3"}
    assert store.secret("seed") == b"s"
    assert store.secret("none") is None
    assert store.peers() == {b"device": b"address"}


def test_everything_on_the_disk_is_encrypted(home: Home, store: Store) -> None:
    word = "Schattenmorelle"
    store.write(
        Batch(
            texts=(TextRow(NOTE, NOTEBOOK, f"{word} " * 300),),
            settings={word: word.encode() * 50},
            snapshots=(SnapshotRow(NOTE, b"", word.encode() * 300),),
        )
    )
    files = [p for p in home.folder.iterdir() if p.is_file()]
    assert any(p.name.endswith("-wal") for p in files)
    store.db.pragma("wal_checkpoint(TRUNCATE)")
    for path in [*files, home.database]:
        data = path.read_bytes()
        assert word.encode() not in data, path
        assert b"CREATE TABLE" not in data, path
    store.close()


def test_nothing_spills_into_unencrypted_temporary_files(store: Store) -> None:
    assert store.db.pragma("temp_store") == 2  # memory


def test_the_connection_is_as_durable_as_it_can_be(store: Store) -> None:
    assert store.db.pragma("journal_mode") == "wal"
    assert store.db.pragma("synchronous") == 2  # FULL
    assert store.db.pragma("cell_size_check") == 1


def test_a_wrong_key_opens_nothing_and_changes_nothing(home: Home, store: Store) -> None:
    store.write(Batch(settings={"a": b"1"}))
    store.close()
    before = home.database.read_bytes()
    with pytest.raises(StoreDamaged):
        Store.open(home, bytes(32))
    with pytest.raises(LocalError):
        Store.open(home, b"short")
    assert home.database.read_bytes() == before
    with Store.open(home, KEY) as again:
        assert again.setting("a") == b"1"


def test_a_file_that_is_no_store_is_told_from_one(home: Home) -> None:
    home.database.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(StoreDamaged):
        Store.open(home, KEY)
    assert home.database.read_bytes() == b"Dear diary, " * 1000


def test_rot_in_any_page_is_never_read_as_data(home: Home, store: Store) -> None:
    """Each page is authenticated: a flipped bit gives an error, not another text."""
    rows = tuple(entry(n, size=2000) for n in range(40))
    store.write(Batch(entries=rows))
    store.close()
    good = home.database.read_bytes()
    noticed = 0
    for at in range(5000, len(good), 4096 * 3 + 17):
        home.database.write_bytes(good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1 :])
        home.database.with_name("notes.db-wal").unlink(missing_ok=True)
        try:
            with Store.open(home, KEY) as rotten:
                assert tuple(rotten.entries(FEED)) == rows
        except (StoreDamaged, apsw.CorruptError, apsw.NotADBError, apsw.IOError):
            noticed += 1
    assert noticed > 3


def test_damage_is_told_without_sqlites_own_names(tmp_path: Path) -> None:
    error = database.explain(apsw.CorruptError("vtable constructor failed: search_parts"), tmp_path / "notes.db")
    assert isinstance(error, StoreDamaged)
    assert "search index" in error.sentence
    assert "vtable" not in error.sentence
