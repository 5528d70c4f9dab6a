"""Attachments come and go chunk by chunk, and none is lost that somebody refers to."""

from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import apsw
import pytest

from notesapp.errors import AttachmentsFull, LocalError, RemoteError, TooLarge
from notesapp.store import database, schema
from notesapp.store.blobs import CHUNK_BYTES, KEPT_MS, LIMIT_BYTES, PARTIAL_MS, SEALED_BYTES, Blobs, chunk_hash

KEY = b"k" * 32
NOW = 1_790_000_000_000
CAT, DOG = b"C" * 32, b"D" * 32


@pytest.fixture
def db(tmp_path: Path) -> apsw.Connection:
    opened = database.open_writer(tmp_path / "notes.db", KEY)
    schema.bring_up(opened)
    return opened


@pytest.fixture
def blobs(db: apsw.Connection) -> Blobs:
    return Blobs(db)


def put(blobs: Blobs, content: bytes, *chunks: bytes, now_ms: int = NOW) -> None:
    upload = blobs.begin(sum(map(len, chunks)), now_ms)
    for chunk in chunks:
        blobs.add(upload, chunk, now_ms)
    blobs.finish(upload, content, now_ms)


def rows(db: apsw.Connection) -> list[int]:
    tables = ("blobs", "blob_parts", "blob_chunks")
    return [int(db.execute(f"SELECT count(*) FROM {table}").get) for table in tables]


def test_what_is_put_is_read_again(blobs: Blobs) -> None:
    put(blobs, CAT, b"one", b"two", b"one")
    assert list(blobs.read(CAT)) == [b"one", b"two", b"one"]
    assert blobs.has(CAT)
    assert not blobs.has(DOG)
    assert blobs.chunks(CAT) == (chunk_hash(b"one"), chunk_hash(b"two"), chunk_hash(b"one"))


def test_the_same_attachment_twice_is_kept_once(blobs: Blobs, db: apsw.Connection) -> None:
    put(blobs, CAT, b"one", b"two")
    put(blobs, CAT, b"sealed otherwise", b"under another key")
    assert list(blobs.read(CAT)) == [b"one", b"two"]
    assert rows(db) == [1, 2, 2]


def test_a_chunk_is_given_only_where_its_attachment_is_referred_to(blobs: Blobs) -> None:
    ours, theirs = b"our notebook", b"their notebook"
    put(blobs, CAT, b"one", b"two")
    put(blobs, DOG, b"two", b"three")
    blobs.mark(CAT, ours)
    blobs.mark(DOG, theirs)
    given = [
        [blobs.chunk_of(holder, chunk_hash(one)) for one in (b"one", b"two", b"three")] for holder in (ours, theirs)
    ]
    assert given == [[b"one", b"two", None], [None, b"two", b"three"]]
    blobs.unmark(CAT, ours, NOW)
    assert blobs.chunk_of(ours, chunk_hash(b"one")) is None
    assert blobs.chunk(chunk_hash(b"one")) == b"one"  # kept for thirty days all the same


@pytest.mark.parametrize("size", [LIMIT_BYTES + 1, 10**12])
def test_too_large_is_said_before_anything_is_written(blobs: Blobs, db: apsw.Connection, size: int) -> None:
    before = db.total_changes()
    with pytest.raises(TooLarge, match="200"):
        blobs.begin(size, NOW)
    with pytest.raises(TooLarge):
        blobs.expect(CAT, size, [b"h" * 32], NOW)
    assert db.total_changes() == before


def test_a_quota_is_kept(db: apsw.Connection) -> None:
    blobs = Blobs(db, quota_bytes=1000)
    put(blobs, CAT, b"x" * 600)
    with pytest.raises(AttachmentsFull):
        blobs.begin(500, NOW)
    blobs.begin(400, NOW)
    assert blobs.usage().quota_bytes == 1000


def test_a_source_that_grows_past_the_limit_is_stopped(blobs: Blobs, db: apsw.Connection) -> None:
    upload = blobs.begin(LIMIT_BYTES, NOW)
    with db:
        db.executemany("INSERT INTO blob_parts VALUES (?, ?, ?)", ((upload, n, bytes(32)) for n in range(763)))
    with pytest.raises(TooLarge):
        blobs.add(upload, b"one more", NOW)


def test_a_broken_upload_goes_on_where_it_stopped(tmp_path: Path, blobs: Blobs, db: apsw.Connection) -> None:
    upload = blobs.begin(9, NOW)
    blobs.add(upload, b"one", NOW)
    blobs.add(upload, b"two", NOW)
    db.close()  # the program ended
    again = Blobs(database.open_writer(tmp_path / "notes.db", KEY))
    assert again.uploaded(upload) == (chunk_hash(b"one"), chunk_hash(b"two"))
    again.add(upload, b"six", NOW)
    again.finish(upload, CAT, NOW)
    assert list(again.read(CAT)) == [b"one", b"two", b"six"]


def test_a_fetch_goes_on_where_it_stopped(blobs: Blobs) -> None:
    chunks = [b"one", b"two", b"six"]
    names = [chunk_hash(chunk) for chunk in chunks]
    assert blobs.expect(CAT, 9, names, NOW) == tuple(names)
    assert blobs.receive(b"two", NOW) == names[1]
    assert not blobs.has(CAT)
    assert blobs.expect(CAT, 9, names, NOW) == (names[0], names[2])
    with pytest.raises(LocalError):
        list(blobs.read(CAT))
    blobs.receive(b"six", NOW)
    blobs.receive(b"one", NOW)
    blobs.receive(b"one", NOW)
    assert list(blobs.read(CAT)) == chunks


def test_what_nobody_asked_for_is_refused(blobs: Blobs, db: apsw.Connection) -> None:
    blobs.expect(CAT, 3, [chunk_hash(b"one")], NOW)
    before = db.total_changes()
    for data in (b"other", b"", b"x" * (SEALED_BYTES + 1)):
        with pytest.raises(RemoteError):
            blobs.receive(data, NOW)
    for names in ([b"short"], [bytes(32)] * 1000):
        with pytest.raises(RemoteError):
            blobs.expect(DOG, 3, names, NOW)
    assert db.total_changes() == before


def test_wrong_use_is_our_own_mistake(blobs: Blobs) -> None:
    put(blobs, CAT, b"one")
    for mistake in (
        lambda: blobs.add(99, b"x", NOW),
        lambda: blobs.add(1, b"x", NOW),
        lambda: blobs.add(blobs.begin(1, NOW), b"x" * (SEALED_BYTES + 1), NOW),
        lambda: blobs.finish(99, DOG, NOW),
        lambda: blobs.missing(DOG),
    ):
        with pytest.raises(LocalError):
            mistake()


def test_rot_in_a_chunk_is_found_when_it_is_read(blobs: Blobs, db: apsw.Connection) -> None:
    put(blobs, CAT, b"one")
    db.execute("UPDATE blob_chunks SET data = x'00'")
    with pytest.raises(LocalError, match="hash"):
        list(blobs.read(CAT))


def test_thirty_days_after_the_last_reference_it_goes(blobs: Blobs, db: apsw.Connection) -> None:
    put(blobs, CAT, b"one", b"shared")
    put(blobs, DOG, b"shared", b"three")
    for holder in (b"note 1", b"note 2"):
        blobs.mark(CAT, holder)
    blobs.mark(DOG, b"note 1")
    blobs.unmark(CAT, b"note 1", NOW)
    assert blobs.sweep(NOW + 10 * KEPT_MS).blobs == 0
    blobs.unmark(CAT, b"note 2", NOW)
    assert blobs.usage().loose_bytes == len(b"one" + b"shared")
    assert blobs.sweep(NOW + KEPT_MS - 1).blobs == 0
    swept = blobs.sweep(NOW + KEPT_MS)
    assert (swept.blobs, swept.chunks, swept.freed_bytes) == (1, 1, 3)
    assert list(blobs.read(DOG)) == [b"shared", b"three"]
    assert rows(db) == [1, 2, 2]


def test_a_reference_that_comes_back_in_time_keeps_it(blobs: Blobs) -> None:
    put(blobs, CAT, b"one")
    blobs.mark(CAT, b"note")
    blobs.unmark(CAT, b"note", NOW)
    blobs.mark(CAT, b"note")
    assert blobs.sweep(NOW + 10 * KEPT_MS).blobs == 0


def test_a_reference_may_come_before_the_attachment(blobs: Blobs) -> None:
    blobs.mark(CAT, b"note")
    put(blobs, CAT, b"one")
    assert blobs.sweep(NOW + 10 * KEPT_MS).blobs == 0


def test_an_attachment_that_nobody_ever_named_goes_too(blobs: Blobs) -> None:
    put(blobs, CAT, b"one")
    assert blobs.sweep(NOW + KEPT_MS).blobs == 1


def test_uploads_that_nobody_went_on_with_are_cleaned_up(blobs: Blobs, db: apsw.Connection) -> None:
    old, young = blobs.begin(9, NOW), blobs.begin(9, NOW)
    blobs.add(old, b"one", NOW)
    blobs.add(young, b"two", NOW + 1)
    assert blobs.sweep(NOW + PARTIAL_MS).chunks == 1
    assert blobs.uploaded(young) == (chunk_hash(b"two"),)
    blobs.abandon(young)
    blobs.abandon(young)
    assert rows(db) == [0, 0, 0]


@pytest.mark.slow
def test_two_hundred_megabytes_pass_with_a_few_chunks_in_memory(blobs: Blobs) -> None:
    def chunk(n: int) -> bytes:
        return hashlib.shake_128(n.to_bytes(4, "big")).digest(CHUNK_BYTES)

    tracemalloc.start()
    upload = blobs.begin(LIMIT_BYTES, NOW)
    for n in range(762):
        blobs.add(upload, chunk(n), NOW)
    blobs.finish(upload, CAT, NOW)
    for n, sealed in enumerate(blobs.read(CAT)):
        assert sealed == chunk(n)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * CHUNK_BYTES
