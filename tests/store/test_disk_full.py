"""A disk that is full, read-only or failing: nothing that was acknowledged is lost, nothing that waits is forgotten."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from notesapp.errors import CannotWrite, DiskFull, NotesError
from notesapp.store.journal import Journal
from notesapp.store.places import Home
from notesapp.store.rows import TextRow
from notesapp.store.space import Reserve, free_bytes, is_low
from notesapp.store.store import Store
from tests.store.disks import RefusingDisk, broken_sector, no_room
from tests.store.work import KEY, NOTEBOOK, batch, last_whole_commit, new_home

_names = iter(range(1_000_000))


class Setting:
    """A journal on a disk that refuses at will."""

    def __init__(self, folder: Path) -> None:
        self.disk = RefusingDisk(f"refusing{next(_names)}")
        self.home = new_home(folder)
        self.told: list[NotesError | None] = []
        self.news = asyncio.Event()
        self.reserve = Reserve(self.home.reserve, size_bytes=1 << 16, comfort_bytes=0)

    async def open(self) -> Journal:
        return await Journal.open(
            self.home,
            KEY,
            trouble=self.hear,
            vfs=f"multipleciphers-{self.disk.name}",
            reserve=self.reserve,
            retry_s=0.005,
        )

    def look(self) -> int:
        with Store.open(self.home, KEY) as store:
            assert store.db.pragma("integrity_check") == "ok"
            return last_whole_commit(store)

    def hear(self, error: NotesError | None) -> None:
        self.told.append(error)
        self.news.set()

    async def told_so(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not wanted():
                self.news.clear()
                await self.news.wait()


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path / "home")


async def test_edits_wait_in_memory_while_the_disk_is_full_and_are_saved_when_there_is_room(setting: Setting) -> None:
    journal = await setting.open()
    await journal.submit(batch(0))
    assert setting.reserve.held
    setting.disk.verdict = lambda what, number: no_room() if what == "write" else None
    waiting = [journal.submit(batch(number)) for number in range(1, 20)]
    await setting.told_so(lambda: bool(setting.told))
    assert not setting.reserve.path.exists(), "the reserve was not given back"
    assert [type(told) for told in setting.told] == [DiskFull]
    assert not any(future.done() for future in waiting)
    setting.disk.verdict = lambda what, number: None
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    await setting.told_so(lambda: setting.told[-1] is None)
    assert setting.reserve.held, "the reserve was not set aside again"
    await journal.close()
    assert setting.look() == 19


async def test_a_commit_larger_than_the_memory_for_it_waits_for_room_as_well(setting: Setting) -> None:
    """SQLite writes such a commit before its end, and takes all of it back itself when there is no room."""
    journal = await setting.open()
    await journal.submit(batch(0))
    setting.disk.verdict = lambda what, number: no_room() if what == "write" else None
    long = TextRow(b"L" * 16, NOTEBOOK, "long " * 1_000_000, b"")
    large = replace(batch(1), texts=(*batch(1).texts, long))
    waiting = [journal.submit(large), journal.submit(batch(2))]
    await setting.told_so(lambda: bool(setting.told))
    assert [type(told) for told in setting.told] == [DiskFull]
    setting.disk.verdict = lambda what, number: None
    await asyncio.wait_for(asyncio.gather(*waiting), 20)
    await journal.close()
    assert setting.look() == 2


async def test_a_person_can_ask_to_try_again_now(setting: Setting) -> None:
    setting.disk.verdict = lambda what, number: None
    journal = await Journal.open(
        setting.home, KEY, trouble=setting.hear, vfs=f"multipleciphers-{setting.disk.name}", retry_s=3600
    )
    await journal.submit(batch(0))
    setting.disk.verdict = lambda what, number: no_room()
    waiting = journal.submit(batch(1))
    await setting.told_so(lambda: bool(setting.told))
    setting.disk.verdict = lambda what, number: None
    journal.retry()
    await asyncio.wait_for(waiting, 10)
    await journal.close()


async def test_closing_on_a_full_disk_ends_in_time_and_says_what_was_not_saved(setting: Setting) -> None:
    journal = await setting.open()
    await journal.submit(batch(0))
    setting.disk.verdict = lambda what, number: no_room()
    waiting = journal.submit(batch(1))
    with pytest.raises(DiskFull):
        await journal.close(deadline_s=0.05)
    with pytest.raises(DiskFull):
        await waiting
    assert setting.look() == 0


@pytest.mark.parametrize("kind", ["full", "broken"])
async def test_a_disk_that_refuses_once_at_any_step_loses_nothing(tmp_path: Path, kind: str) -> None:
    """The n-th write, sync or truncation fails, for every n of a small life."""
    n = 0
    while True:
        n += 3 if kind == "full" else 4
        setting = Setting(tmp_path / f"home{n}")
        journal = await setting.open()
        await journal.write_with(lambda store: store.db.pragma("wal_autocheckpoint", 12))
        at = setting.disk.asked + n

        def verdict(what: str, number: int, at: int = at) -> Exception | None:
            if number != at:
                return None
            return no_room() if kind == "full" else broken_sector(what)

        setting.disk.verdict = verdict
        futures = [journal.submit(batch(number)) for number in range(3)]
        await asyncio.wait_for(asyncio.gather(*futures), 10)
        for number in range(3, 8):
            await asyncio.wait_for(journal.submit(batch(number)), 10)
        over = setting.disk.asked < at
        await journal.close()
        assert setting.look() == 7
        if over:
            break
    assert n > 60, "the life is too short to prove anything"


@pytest.mark.parametrize("n", range(2, 60, 7))
async def test_a_disk_that_dies_at_any_step_keeps_what_was_acknowledged(setting: Setting, n: int) -> None:
    journal = await setting.open()
    at = setting.disk.asked + n
    setting.disk.verdict = lambda what, number: broken_sector(what) if number >= at else None
    acknowledged = -1
    futures = [journal.submit(batch(number)) for number in range(3)]
    closing = asyncio.ensure_future(asyncio.wait(futures, timeout=0.2))
    await closing
    if all(f.done() for f in futures):
        acknowledged = 2
        futures.append(journal.submit(batch(3)))
    with contextlib.suppress(CannotWrite):  # the one way to fail; when all was in before, there is nothing to tell
        await journal.close(deadline_s=0.02)
    for number, future in enumerate(futures):
        if future.exception() is None:
            acknowledged = max(acknowledged, number)
    assert setting.look() >= acknowledged


async def test_a_store_that_became_read_only_is_told_in_a_sentence_and_loses_nothing(setting: Setting) -> None:
    import apsw

    journal = await setting.open()
    await journal.submit(batch(0))
    setting.disk.verdict = lambda what, number: apsw.ReadOnlyError("attempt to write a readonly database")
    waiting = journal.submit(batch(1))
    await setting.told_so(lambda: bool(setting.told))
    told = setting.told[0]
    assert isinstance(told, CannotWrite)
    assert "read-only" in told.sentence
    setting.disk.verdict = lambda what, number: None
    await asyncio.wait_for(waiting, 10)
    await journal.close()
    assert setting.look() == 1


def test_the_reserve_is_real_space_and_can_be_given_back(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve")
    assert reserve.take()
    assert reserve.path.stat().st_size == 8 << 20
    if os.name == "posix":
        assert reserve.path.stat().st_blocks * 512 >= 8 << 20, "a hole in a file reserves nothing"
    assert reserve.take()
    assert reserve.release()
    assert not reserve.held
    assert not reserve.release()


def test_no_reserve_is_taken_from_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", comfort_bytes=1 << 60)
    assert not reserve.take()
    assert not reserve.path.exists()


def test_low_space_is_below_200_mb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, low in ((199 << 20, True), (201 << 20, False)):
        monkeypatch.setattr("notesapp.store.space.free_bytes", lambda folder, free=free: free)
        assert is_low(tmp_path) is low


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 20 MB."""
    yield from mounted(tmp_path / "small", 20)


def mounted(folder: Path, megabytes: int) -> Iterator[Path]:
    """A real file system of this size at `folder`; gone afterwards."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root on Linux")
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"a small disk can't be mounted here: {done.stderr.decode()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_the_program_starts_on_a_full_disk(small_disk: Path) -> None:
    home = new_home(small_disk / "home")
    reserve = Reserve(home.reserve, size_bytes=1 << 20, comfort_bytes=1 << 20)
    journal = await Journal.open(home, KEY, reserve=reserve)
    await journal.submit(batch(0))
    await journal.close()
    fill(small_disk / "somebody else's film")
    home.prepare()
    told: list[NotesError | None] = []
    journal = await Journal.open(home, KEY, trouble=told.append, reserve=reserve, retry_s=0.01)
    assert await journal.read(last_whole_commit) == 0
    await asyncio.wait_for(journal.submit(batch(1)), 10)
    assert [type(trouble) for trouble in told] == [DiskFull]
    await journal.close()
    with Store.open(home, KEY) as store:
        assert last_whole_commit(store) == 1


def fill(path: Path) -> None:
    with open(path, "wb", buffering=0) as film, contextlib.suppress(OSError):
        while True:
            film.write(bytes(1 << 16))


async def test_on_a_really_full_disk_edits_wait_and_nothing_is_lost(small_disk: Path) -> None:
    home: Home = new_home(small_disk / "home")
    told: list[NotesError | None] = []
    over = asyncio.Event()

    def hear(error: NotesError | None) -> None:
        told.append(error)
        if error is None:
            over.set()

    reserve = Reserve(home.reserve, size_bytes=1 << 20, comfort_bytes=1 << 20)
    journal = await Journal.open(home, KEY, trouble=hear, reserve=reserve, retry_s=0.01)
    await journal.submit(batch(0))
    filler = small_disk / "somebody else's film"
    fill(filler)
    last = 0
    waiting: asyncio.Future[None] | None = None
    async with asyncio.timeout(30):
        while not told:  # the reserve feeds a while of typing before it is full for good
            last += 1
            waiting = journal.submit(batch(last))
            await asyncio.wait([waiting], timeout=0.05)
    assert isinstance(told[0], DiskFull)
    assert not reserve.held
    filler.unlink()
    assert waiting is not None
    await asyncio.wait_for(waiting, 10)
    await asyncio.wait_for(over.wait(), 10)
    await journal.close()
    assert free_bytes(small_disk) > 1 << 20
    with Store.open(home, KEY) as store:
        assert last_whole_commit(store) == last
