"""The one thread that writes. Decides what goes into one commit, and what happens when the disk refuses.

Invariants:
1. A job is answered once: after its commit is durable *and* our own feeds' marks are, or with what kept it out.
2. Jobs are done in the order in which they came; a batch that fails by itself takes no other with it.
3. Trouble of the disk (full, read-only, input/output error, no memory) loses no job: they wait in memory, the reserve
   is given back, and the step is tried again until it succeeds or the deadline of `finish` is over.
4. Damage of the file ends writing: every job, waiting or later, is answered with StoreDamaged.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import apsw

from notesapp.errors import CannotWrite, DiskFull, LocalError, NotesError
from notesapp.store import aftermath, database, space
from notesapp.store.highwater import Highwater
from notesapp.store.places import Home
from notesapp.store.rows import Batch, Mark
from notesapp.store.store import Store

HANG_S = 30.0  # a disk that wakes up or retries a sector takes seconds; one that takes this long is gone
GROUP_BYTES = 8 << 20  # of entries and texts in one commit: bounds the WAL and the wait of the first in the group
RETRY_S = 2.0  # a full disk tells nobody when it has room again

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A batch to commit, or a step that needs the writing store for itself."""

    batch: Batch | None = None
    step: Callable[[Store], Any] | None = None
    answer: Future[Any] = field(default_factory=Future)


Answer = tuple[Job, Any, BaseException | None]


class _GaveUp(Exception):
    """The deadline of closing is over while the disk still refuses."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the writer works on, and whom it tells on its own thread; `trouble(None)` says that it is over."""

    home: Home
    open_store: Callable[[], Store]
    trouble: Callable[[NotesError | None], None]
    highwater: Highwater | None = None
    reserve: space.Reserve | None = None
    retry_s: float = RETRY_S


class Writer:
    """Owns the writing `Store` and its thread."""

    def __init__(self, wiring: Wiring) -> None:
        self._to = wiring
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._finish_by: float | None = None  # monotonic; set by `finish`
        self._store: Store | None = None
        self._trouble: NotesError | None = None
        self._broken: NotesError | None = None
        self._gave_back = False  # the reserve went into this trouble: a commit that succeeds now lives on it
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self.refuses = False  # whether the disk kept the running step out when it was last tried
        self.gave_up: NotesError | None = None  # what kept the last jobs off the disk until `finish` was over
        self.ready: Future[bool] = Future()  # whether the last run ended uncleanly

    # called by others

    def start(self) -> None:
        """Begins; `ready` tells when the store is open, or why it can't be."""
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queues a job; raises LocalError after `finish`, or the damage that ended writing."""
        with self._changed:
            if self._broken is not None:
                raise self._broken
            if self._finish_by is not None:
                raise LocalError(what="a write after the journal was closed")
            job.answer.set_running_or_notify_cancel()  # from now on nobody can call it back
            self._jobs.append(job)
            self._changed.notify()

    def retry(self) -> None:
        """Tries again now what the disk refused."""
        with self._changed:
            self._changed.notify()

    def finish(self, deadline_s: float) -> None:
        """Takes no more jobs; waits until all are done, or `deadline_s` over: then they get the trouble."""
        with self._changed:
            if self._finish_by is None:
                self._finish_by = time.monotonic() + deadline_s
            self._changed.notify()
        self._thread.join(deadline_s + HANG_S)
        if self._thread.is_alive():
            self.gave_up = CannotWrite(path=self._to.home.database, why="the disk doesn't answer")

    @property
    def trouble(self) -> NotesError | None:
        """What stands between the queue and the disk."""
        return self._trouble

    @property
    def waiting(self) -> int:
        """How many jobs are not done."""
        return len(self._jobs)

    # on the writer's thread

    def _run(self) -> None:
        try:
            self._store = self._first_open()
        except BaseException as error:  # noqa: BLE001 - raised again where the caller waits for `ready`
            self._finish_by = time.monotonic()
            self.ready.set_exception(error)
            return
        if self._to.reserve is not None:
            self._to.reserve.take()
        self.ready.set_result(self._store.unclean)
        try:
            while group := self._next_group():
                self._do(group)
        except _GaveUp:
            self.gave_up = self._trouble
            self._answer([(job, None, self._trouble) for job in self._jobs])
            self._jobs.clear()
        finally:
            if self._store is not None:
                self._store.close()

    def _first_open(self) -> Store:
        try:
            return self._to.open_store()
        except DiskFull:
            if self._to.reserve is None or not self._to.reserve.release():
                raise
            self._gave_back = True
            store = self._to.open_store()
            self._tell(DiskFull(path=self._to.home.database))
            return store

    def _next_group(self) -> list[Job]:
        """The jobs for one commit, still in the queue; empty when all is done and no more will come."""
        while True:
            with self._changed:
                if not self._jobs and self._finish_by is None:
                    self._changed.wait(self._to.retry_s if self._trouble and not self._broken else None)
                if self._jobs:
                    return self._group()
                if self._finish_by is not None:
                    return []
            self._all_is_well(committed=False)  # but is there room again? (not under the lock: it writes)

    def _group(self) -> list[Job]:
        first = self._jobs[0]
        if first.batch is None:
            return [first]
        group: list[Job] = []
        size = 0
        for job in self._jobs:
            if job.batch is None or size > GROUP_BYTES:
                break
            size += _size(job.batch)
            group.append(job)
        return group

    def _do(self, group: list[Job]) -> None:
        try:
            answers = [self._step(group[0])] if group[0].batch is None else self._commit(group)
        except _GaveUp:
            raise
        except Exception as error:  # noqa: BLE001 - damage, or a bug of ours: told to everybody who waits, and loud
            answers = self._break(error)
        with self._changed:
            for _ in range(min(len(group), len(self._jobs))):
                self._jobs.popleft()
        self._answer(answers)

    def _commit(self, group: list[Job]) -> list[Answer]:
        batches = tuple(job.batch for job in group if job.batch is not None)
        highwater = self._to.highwater
        if highwater is not None and (feeds := {feed for batch in batches for feed in batch.marks}):
            self._patiently(lambda: highwater.announce(feeds))
        outcome = self._patiently(lambda: self._opened().write_group(batches))
        marks: dict[bytes, Mark] = {}
        for batch, failed in zip(batches, outcome, strict=True):
            if failed is None:
                for feed, mark in batch.marks.items():
                    if feed not in marks or marks[feed].index < mark.index:
                        marks[feed] = mark
        if marks and highwater is not None:
            self._patiently(lambda: highwater.mark(marks))
        self._all_is_well(committed=True)
        return [(job, None, failed) for job, failed in zip(group, outcome, strict=True)]

    def _step(self, job: Job) -> Answer:
        try:
            store = self._patiently(self._opened)
            assert job.step is not None
            return job, job.step(store), None
        except (_GaveUp, *database.DAMAGE):
            raise
        except Exception as error:  # noqa: BLE001 - it is the caller's, and is raised where the caller waits
            return job, None, error

    def _patiently(self, step: Callable[[], T]) -> T:
        """The result of `step`, tried until the disk allows it (invariant 3)."""
        while True:
            try:
                result = step()
                self.refuses = False
                return result
            except (
                *database.DISK_TROUBLE,
                apsw.BusyError,
                apsw.NoMemError,
                MemoryError,
                CannotWrite,
                DiskFull,
            ) as error:
                cause = self._cause(error)
                reserve = self._to.reserve
                gave_back = isinstance(cause, DiskFull) and reserve is not None and reserve.release()
                self._gave_back |= gave_back
                self._tell(cause)
                if isinstance(error, apsw.IOError | apsw.CantOpenError | apsw.ReadOnlyError):
                    self._let_go()  # after a failed sync nobody knows what the connection believes: begin afresh
                if gave_back:
                    continue
                self.refuses = True
            with self._changed:
                if self._finish_by is not None and time.monotonic() >= self._finish_by:
                    raise _GaveUp
                self._changed.wait(self._to.retry_s)

    def _cause(self, error: Exception) -> NotesError:
        path = self._to.home.database
        if isinstance(error, NotesError):
            return error
        if isinstance(error, MemoryError | apsw.NoMemError):
            return CannotWrite(path=path, why="the computer's memory is used up")
        if isinstance(error, apsw.BusyError):
            return CannotWrite(path=path, why="another program holds it")
        assert isinstance(error, apsw.Error)
        return database.explain(error, path)

    def _is_full(self) -> bool:
        return isinstance(self._trouble, DiskFull)

    def _opened(self) -> Store:
        if self._store is None:
            self._store = self._to.open_store()
        return self._store

    def _let_go(self) -> None:
        if self._store is not None:
            store, self._store = self._store, None
            try:
                store.db.close(True)
            except apsw.Error:
                return  # the file is closed all the same

    def _tell(self, trouble: NotesError | None) -> None:
        changed = (trouble is None) != (self._trouble is None) or str(trouble) != str(self._trouble)
        self._trouble = trouble
        if changed:
            self._to.trouble(trouble)

    def _all_is_well(self, *, committed: bool) -> None:
        """Ends the trouble, if it is over: a commit that lived on the reserve alone is no sign of room."""
        if self._trouble is None or self._broken is not None:
            return
        if self._is_full() and not self._has_room(committed):
            return
        self._gave_back = False
        self._tell(None)

    def _has_room(self, committed: bool) -> bool:
        reserve = self._to.reserve
        if reserve is None or reserve.take() or (committed and not self._gave_back):
            return True
        need = reserve.size_bytes * 5 // 4 if self._gave_back else database.FULL_BYTES
        return space.free_bytes(self._to.home.folder) >= need

    def _break(self, error: Exception) -> list[Answer]:
        path = self._to.home.database
        if isinstance(error, NotesError):
            broken = error
        elif isinstance(error, apsw.Error):
            broken = database.explain(error, path)
            if isinstance(error, database.DAMAGE):
                aftermath.suspect(self._to.home)
        else:
            broken = LocalError(what=f"the journal stopped: {type(error).__name__}: {error}")
        broken.__cause__ = error
        with self._changed:
            self._broken = broken
            lost = list(self._jobs)
            self._jobs.clear()
        self._tell(broken)
        return [(job, None, broken) for job in lost]

    @staticmethod
    def _answer(answers: list[Answer]) -> None:
        for job, result, error in answers:
            if error is None:
                job.answer.set_result(result)
            else:
                job.answer.set_exception(error)


def _size(batch: Batch) -> int:
    entries = sum(len(e.header) + len(e.body or b"") for e in batch.entries)
    return entries + sum(len(t.text) for t in batch.texts) + sum(len(s.data) for s in batch.snapshots)
