"""The high-water mark: no fork is possible, and no crash costs a new feed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from notesapp.errors import CannotWrite
from notesapp.store import durable
from notesapp.store.highwater import Highwater, machine_id
from notesapp.store.rows import Mark

KEY = b"k" * 32
ALICE, BOB = b"A" * 16, b"B" * 16


def mark(index: int) -> Mark:
    return Mark(index, index.to_bytes(32, "big"))


def stored_up_to(last: int) -> Callable[[int], bytes | None]:
    return lambda index: mark(index).hash if index <= last else None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "highwater"


def test_a_clean_run_is_resumed(path: Path) -> None:
    marks = Highwater.open(path, KEY)
    for index in range(10):
        marks.mark({ALICE: mark(index)})
    again = Highwater.open(path, KEY)
    assert again.marked(ALICE) == mark(9)
    assert again.may_resume(ALICE, stored_up_to(9))


def test_a_crash_between_commit_and_mark_costs_no_new_feed(path: Path) -> None:
    Highwater.open(path, KEY).mark({ALICE: mark(9)})
    assert Highwater.open(path, KEY).may_resume(ALICE, stored_up_to(12))


def test_a_crash_before_the_first_mark_costs_no_new_feed(path: Path) -> None:
    Highwater.open(path, KEY).announce([ALICE])
    again = Highwater.open(path, KEY)
    assert again.marked(ALICE) is None
    assert again.may_resume(ALICE, stored_up_to(2))
    again.mark({ALICE: mark(0)})
    again.announce([ALICE])
    final = Highwater.open(path, KEY)
    assert final.marked(ALICE) == mark(0)
    assert not final.may_resume(ALICE, stored_up_to(-1))


def test_a_restored_backup_is_noticed(path: Path) -> None:
    Highwater.open(path, KEY).mark({ALICE: mark(9)})
    assert not Highwater.open(path, KEY).may_resume(ALICE, stored_up_to(8))


def test_a_store_that_went_another_way_is_noticed(path: Path) -> None:
    Highwater.open(path, KEY).mark({ALICE: mark(9)})
    assert not Highwater.open(path, KEY).may_resume(ALICE, lambda index: b"other" * 6 + b"!!")


def test_an_unknown_feed_and_a_lost_file_are_not_resumed(path: Path) -> None:
    assert not Highwater.open(path, KEY).may_resume(ALICE, stored_up_to(9))
    Highwater.open(path, KEY).mark({ALICE: mark(9)})
    assert not Highwater.open(path, KEY).may_resume(BOB, stored_up_to(9))
    path.unlink()
    assert not Highwater.open(path, KEY).may_resume(ALICE, stored_up_to(9))


def test_a_copied_folder_is_noticed(path: Path, tmp_path: Path) -> None:
    Highwater.open(path, KEY).mark({ALICE: mark(9)})
    shutil.copytree(path.parent, tmp_path / "copy")
    copied = Highwater.open(tmp_path / "copy" / "highwater", KEY)
    assert not copied.may_resume(ALICE, stored_up_to(9))
    copied.mark({BOB: mark(0)})  # the copy lives on with a feed of its own
    again = Highwater.open(tmp_path / "copy" / "highwater", KEY)
    assert again.marked(ALICE) is None
    assert again.marked(BOB) == mark(0)


def test_a_file_put_back_by_a_backup_program_is_noticed(path: Path, tmp_path: Path) -> None:
    marks = Highwater.open(path, KEY)
    marks.mark({ALICE: mark(5)})
    shutil.copy(path, tmp_path / "saved")
    marks.mark({ALICE: mark(9)})
    shutil.copy(tmp_path / "saved", path.with_name("new"))
    os.replace(path.with_name("new"), path)
    assert not Highwater.open(path, KEY).may_resume(ALICE, stored_up_to(5))


def test_another_machine_or_another_key_is_noticed(path: Path) -> None:
    Highwater.open(path, KEY, machine=b"one").mark({ALICE: mark(9)})
    assert Highwater.open(path, KEY, machine=b"one").may_resume(ALICE, stored_up_to(9))
    assert not Highwater.open(path, KEY, machine=b"two").may_resume(ALICE, stored_up_to(9))
    assert not Highwater.open(path, b"x" * 32, machine=b"one").may_resume(ALICE, stored_up_to(9))


def test_a_mark_never_goes_back(path: Path) -> None:
    marks = Highwater.open(path, KEY)
    marks.mark({ALICE: mark(9)})
    marks.mark({ALICE: mark(3)})
    assert Highwater.open(path, KEY).marked(ALICE) == mark(9)


def test_many_feeds_keep_their_places_over_many_runs(path: Path) -> None:
    chance = random.Random(1)
    feeds = [bytes([n]) * 16 for n in range(30)]
    last = dict.fromkeys(feeds, -1)
    for _ in range(40):
        marks = Highwater.open(path, KEY)
        for _ in range(5):
            some = chance.sample(feeds, 4)
            for feed in some:
                last[feed] += chance.randint(1, 3)
            marks.mark({feed: mark(last[feed]) for feed in some})
    final = Highwater.open(path, KEY)
    assert {f: final.marked(f) for f in feeds} == {f: mark(n) if n >= 0 else None for f, n in last.items()}


def test_a_torn_write_leaves_the_mark_before(path: Path) -> None:
    """Every way in which the last write may be torn gives the new mark or the one before, for every feed."""
    marks = Highwater.open(path, KEY)
    marks.mark({ALICE: mark(1), BOB: mark(1)})
    for index in (2, 3, 4):
        before = path.read_bytes()
        marks.mark({ALICE: mark(index)})
        after = path.read_bytes()
        differing = [at for at in range(len(after)) if before[at : at + 1] != after[at : at + 1]]
        for cut in differing:
            _overwrite(path, after[:cut] + before[cut:].ljust(len(after) - cut, b"\0"))
            torn = Highwater.open(path, KEY)
            assert torn.marked(ALICE) in (mark(index - 1), mark(index))
            assert torn.may_resume(ALICE, stored_up_to(index))
            assert torn.marked(BOB) == mark(1)
        _overwrite(path, after)


def test_rot_in_any_byte_forges_no_mark(path: Path) -> None:
    marks = Highwater.open(path, KEY)
    for index in range(3):
        marks.mark({ALICE: mark(index), BOB: mark(index)})
    good = path.read_bytes()
    for at in range(len(good)):
        _overwrite(path, good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        rotten = Highwater.open(path, KEY)
        for feed in (ALICE, BOB):
            assert rotten.marked(feed) in (None, mark(1), mark(2))
    for junk in (b"", b"x", good[:20], good[:30], os.urandom(5000)):
        _overwrite(path, junk)
        Highwater.open(path, KEY).mark({ALICE: mark(7)})
        assert Highwater.open(path, KEY).marked(ALICE) == mark(7)


def test_a_rotten_pair_does_not_move_the_others(path: Path) -> None:
    marks = Highwater.open(path, KEY)
    marks.mark({ALICE: mark(1)})
    marks.mark({BOB: mark(1)})
    data = bytearray(path.read_bytes())
    data[24:80] = bytes(56)  # Alice's only written slot
    _overwrite(path, bytes(data))
    again = Highwater.open(path, KEY)
    again.mark({b"C" * 16: mark(1)})
    again.mark({BOB: mark(2)})
    final = Highwater.open(path, KEY)
    assert (final.marked(ALICE), final.marked(BOB), final.marked(b"C" * 16)) == (None, mark(2), mark(1))


def test_a_failed_write_is_told_and_tried_again_on_the_same_slot(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = Highwater.open(path, KEY)
    marks.mark({ALICE: mark(1)})
    real = durable.sync

    def refuse(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable, "sync", refuse)
    for _ in range(2):
        with pytest.raises(CannotWrite):
            marks.mark({ALICE: mark(2)})
    assert marks.marked(ALICE) == mark(1)
    monkeypatch.setattr(durable, "sync", real)
    data = bytearray(path.read_bytes())
    data[24 + 96 : 24 + 96 + 56] = b"\xff" * 56  # the unsynced slot is torn by a power cut
    _overwrite(path, bytes(data))
    assert Highwater.open(path, KEY).marked(ALICE) == mark(1)


def test_the_machine_is_the_same_machine_each_time() -> None:
    assert machine_id() == machine_id()
    assert len(machine_id()) == 16


def _overwrite(path: Path, data: bytes) -> None:
    with open(path, "r+b") as file:  # in place: another inode would be another file
        file.truncate(0)
        file.write(data)
