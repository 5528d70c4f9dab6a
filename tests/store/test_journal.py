"""The journal: what `submit` promises, how commits are grouped, and how it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from notesapp.errors import LocalError, NotesError, StoreDamaged, StoreNewer
from notesapp.store.highwater import Highwater
from notesapp.store.journal import Journal
from notesapp.store.places import Home
from notesapp.store.rows import Batch, Mark
from notesapp.store.store import Store
from tests.store.work import FEED, KEY, NOTEBOOK, batch, entry, last_whole_commit, new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


@pytest.fixture
async def journal(home: Home) -> AsyncIterator[Journal]:
    journal = await Journal.open(home, KEY)
    yield journal
    await journal.close()


async def test_a_submitted_batch_is_read_back_once_it_is_durable(home: Home, journal: Journal) -> None:
    await journal.submit(batch(0))
    assert await journal.read(last_whole_commit) == 0
    with Store.open_reader(home, KEY) as other:
        assert last_whole_commit(other) == 0


async def test_batches_that_come_while_a_commit_runs_share_the_next_one(journal: Journal) -> None:
    commits: list[None] = []
    running, go_on = threading.Event(), threading.Event()

    def hold(store: Store) -> None:
        def count() -> bool:
            commits.append(None)
            return False  # go on with the commit

        store.db.set_commit_hook(count)
        running.set()
        go_on.wait(10)

    held = asyncio.ensure_future(journal.write_with(hold))
    await asyncio.to_thread(running.wait, 10)
    waiting = [journal.submit(batch(number)) for number in range(100)]
    go_on.set()
    await asyncio.gather(held, *waiting)
    assert len(commits) == 1
    assert await journal.read(last_whole_commit) == 99


async def test_a_batch_that_fails_takes_no_other_with_it(journal: Journal) -> None:
    def explode(db: apsw.Connection) -> None:
        db.execute("INSERT INTO settings VALUES ('half', x'00')")
        raise LocalError(what="a step failed")

    gap = Batch(entries=(entry(50),))
    broken = Batch(settings={"before": b"1"}, also=(explode,))
    results = await asyncio.gather(
        *(journal.submit(b) for b in (batch(0), gap, batch(1), broken, batch(2))), return_exceptions=True
    )
    assert [type(r) for r in results] == [type(None), LocalError, type(None), LocalError, type(None)]
    assert await journal.read(last_whole_commit) == 2
    assert await journal.read(lambda store: store.settings()) == {"last": b"2"}


async def test_steps_of_others_commit_with_the_batch(journal: Journal) -> None:
    def put(db: apsw.Connection) -> None:
        db.execute("INSERT INTO settings VALUES ('from a step', x'01')")

    await journal.submit(replace(batch(0), also=(put,)))
    assert await journal.read(lambda store: store.setting("from a step")) == b"\x01"


async def test_the_mark_is_written_before_anybody_may_send(home: Home, journal: Journal) -> None:
    for number in range(5):
        await journal.submit(batch(number))
        row = entry(number)
        assert Highwater.open(home.highwater, KEY).marked(FEED) == Mark(row.index, row.hash)


async def test_a_failed_batch_leaves_no_mark(home: Home, journal: Journal) -> None:
    with pytest.raises(LocalError):
        await journal.submit(Batch(entries=(entry(7),), marks={FEED: Mark(7, entry(7).hash)}))
    assert Highwater.open(home.highwater, KEY).marked(FEED) is None


async def test_cancelling_the_wait_takes_nothing_back(journal: Journal) -> None:
    waiting = journal.submit(batch(0))
    waiting.cancel()
    await journal.submit(batch(1))
    assert await journal.read(last_whole_commit) == 1


async def test_close_drains_what_was_submitted(home: Home) -> None:
    journal = await Journal.open(home, KEY)
    waiting = [journal.submit(batch(number)) for number in range(200)]
    await journal.close()
    await asyncio.gather(*waiting)
    with Store.open(home, KEY) as store:
        assert last_whole_commit(store) == 199
        assert not store.unclean


async def test_after_close_nothing_is_taken_silently(home: Home) -> None:
    journal = await Journal.open(home, KEY)
    await journal.close()
    await journal.close()
    with pytest.raises(LocalError):
        await journal.submit(batch(0))
    with pytest.raises(LocalError):
        await journal.read(last_whole_commit)


async def test_an_unclean_end_is_known_at_the_next_start(home: Home) -> None:
    store = Store.open(home, KEY)
    store.db.close()  # as a kill does: nothing is written down
    journal = await Journal.open(home, KEY)
    assert journal.unclean
    await journal.close()
    journal = await Journal.open(home, KEY)
    assert not journal.unclean
    await journal.close()


async def test_a_cancelled_read_is_interrupted_and_the_next_one_answered(journal: Journal) -> None:
    started = threading.Event()

    def endless(store: Store) -> object:
        started.set()
        sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        return store.db.execute(sql).fetchall()

    reading = asyncio.ensure_future(journal.read(endless))
    await asyncio.to_thread(started.wait, 10)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await journal.read(lambda store: store.frontier(NOTEBOOK), deadline_s=10) == {}
    with pytest.raises(TimeoutError):
        await journal.read(endless, deadline_s=0.05)
    assert await journal.read(lambda store: store.frontier(NOTEBOOK), deadline_s=10) == {}


async def test_a_reader_can_change_nothing(journal: Journal) -> None:
    await journal.submit(batch(0))
    with pytest.raises(apsw.ReadOnlyError):
        await journal.read(lambda store: store.db.execute("DELETE FROM entries"))
    with pytest.raises(LocalError):
        await journal.read(lambda store: store.write(batch(1)))


async def test_damage_found_while_writing_is_told_to_everybody_who_waits(home: Home) -> None:
    told: list[NotesError | None] = []
    journal = await Journal.open(home, KEY, trouble=told.append)
    await journal.submit(batch(0))

    def rot(db: apsw.Connection) -> None:
        raise apsw.CorruptError("database disk image is malformed")

    results = await asyncio.gather(journal.submit(Batch(also=(rot,))), journal.submit(batch(1)), return_exceptions=True)
    assert [type(r) for r in results] == [StoreDamaged, StoreDamaged]
    with pytest.raises(StoreDamaged):
        await journal.submit(batch(1))
    assert [type(t) for t in told] == [StoreDamaged]
    assert isinstance(journal.trouble, StoreDamaged)
    await journal.close()
    with Store.open(home, KEY) as store:
        assert last_whole_commit(store) == 0


async def test_a_start_that_fails_says_why_and_leaves_no_thread(home: Home) -> None:
    with Store.open(home, KEY) as store:
        store.db.pragma("user_version", 99)
    with pytest.raises(StoreNewer):
        await Journal.open(home, KEY)
    with pytest.raises(StoreDamaged):
        await Journal.open(home, b"another key, of just 32 bytes !!")
    assert not [t for t in threading.enumerate() if t.name == "journal"]


async def test_what_a_read_leaves_unfinished_hides_nothing_newer(journal: Journal) -> None:
    for number in range(100):
        await journal.submit(batch(number))

    def first_rows(store: Store) -> list[int]:
        found = []
        for row in store.entries(FEED):
            found.append(row.index)
            assert store.signed_head(FEED) is not None
            if len(found) == 3:
                break
        return found

    def careless(store: Store) -> None:
        for row in store.db.execute("SELECT idx FROM entries"):
            store.db.execute("SELECT idx FROM heads").fetchone()
            if row:
                break

    for read in (first_rows, careless):
        await journal.read(read)
        await journal.submit(batch(journal_end := await journal.read(last_whole_commit) + 1))
        assert await journal.read(last_whole_commit) == journal_end
        assert await journal.read(lambda store: [row.index for row in store.entries(FEED)]) == list(
            range(journal_end + 1)
        )


async def test_no_query_is_open_between_two_entries_that_are_read(journal: Journal) -> None:
    for number in range(70):
        await journal.submit(batch(number))
    states = await journal.read(lambda store: {store.db.txn_state("main") for _ in store.entries(FEED)})
    assert states == {0}
