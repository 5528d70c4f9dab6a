"""The store's patient face for the event loop. Decides on which thread a read or write happens; stores nothing.

`submit` answers when the batch survives a power cut. Everything that is submitted while a commit runs goes into the
next one together (group commit), so a slow disk makes larger groups, not a longer queue.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self, TypeVar

import apsw

from notesapp.errors import LocalError, NotesError
from notesapp.store import aftermath, database, space
from notesapp.store.highwater import Highwater
from notesapp.store.places import Home
from notesapp.store.rows import Batch
from notesapp.store.store import Store
from notesapp.store.writer import RETRY_S, Job, Wiring, Writer

T = TypeVar("T")
logger = logging.getLogger(__name__)

READ_DEADLINE_S = 60.0  # no query of ours takes a second; what takes a minute is a fault
CLOSE_DEADLINE_S = 20.0

Trouble = Callable[[NotesError | None], None]


class Journal:
    """Writes batches on one thread and reads on another. Use on one event loop."""

    def __init__(self, home: Home, writer: Writer, reader: _Reader, highwater: Highwater | None) -> None:
        self._home = home
        self._writer = writer
        self._reader = reader
        self.highwater = highwater  # ask `may_resume` before the first submit; the writer's thread marks it afterwards
        self.unclean = False  # the last run ended without `close`
        self._closed = False

    @classmethod
    async def open(
        cls,
        home: Home,
        key: bytes,
        *,
        trouble: Trouble = lambda error: None,
        highwater: Highwater | None = None,
        before_migration: Callable[[apsw.Connection, int], None] = lambda db, found: None,
        vfs: str | None = None,
        reserve: space.Reserve | None = None,
        retry_s: float = RETRY_S,
    ) -> Self:
        """Opens the store on its own thread. Raises what `Store.open` raises.

        `trouble(error)` is called on the loop when the disk begins to refuse, and `trouble(None)` when that is over.
        `highwater`: else the one of `home`.
        """
        loop = asyncio.get_running_loop()
        marks = highwater or await asyncio.to_thread(Highwater.open, home.highwater, key)

        def tell(error: NotesError | None) -> None:
            _call(loop, trouble, error)

        wiring = Wiring(
            home=home,
            open_store=lambda: Store.open(home, key, vfs=vfs, before_migration=before_migration),
            trouble=tell,
            highwater=marks,
            reserve=reserve or space.Reserve(home.reserve),
            retry_s=retry_s,
        )
        journal = cls(home, Writer(wiring), _Reader(lambda: Store.open_reader(home, key, vfs=vfs)), marks)
        journal._writer.start()
        try:
            journal.unclean = await asyncio.wrap_future(journal._writer.ready)
        except BaseException:
            await journal.close()
            raise
        return journal

    def submit(self, batch: Batch) -> asyncio.Future[None]:
        """Queues `batch`; the future is done when it is durable, or carries what kept it out (nothing of it is in).

        While the disk refuses the future just waits. Cancelling it doesn't take the batch back.
        """
        return self._put(Job(batch=batch))

    async def settled(self) -> None:
        """Returns when all that was submitted so far is durable or refused."""
        await self.write_with(lambda store: None)

    async def write_with(self, step: Callable[[Store], T]) -> T:
        """The result of `step` on the writing store and its thread, between two commits (maintenance, collection)."""
        answer: asyncio.Future[T] = self._put(Job(step=step))
        return await asyncio.shield(answer)

    async def read(self, fn: Callable[[Store], T], *, deadline_s: float = READ_DEADLINE_S) -> T:
        """The result of `fn` on a reading store and its thread; it sees all that is durable.

        When the deadline is over (TimeoutError) or the caller is cancelled, a running query is interrupted.
        """
        if self._closed:
            raise LocalError(what="a read after the journal was closed")
        running = self._reader.ask(fn)
        try:
            async with asyncio.timeout(deadline_s):
                return await asyncio.wrap_future(running)
        except (asyncio.CancelledError, TimeoutError):
            self._reader.interrupt(running)
            raise
        except (*database.DAMAGE, apsw.IOError, apsw.CantOpenError) as error:
            if isinstance(error, database.DAMAGE):
                aftermath.suspect(self._home)
            raise database.explain(error, self._home.database) from error

    def retry(self) -> None:
        """Tries again now what the disk refused (a person says that there is room)."""
        self._writer.retry()

    @property
    def trouble(self) -> NotesError | None:
        """What keeps the disk from taking more, or None."""
        return self._writer.trouble

    @property
    def refuses(self) -> bool:
        """Whether the disk takes nothing now; while there is `trouble`, it may still take what the reserve holds."""
        return self._writer.refuses

    @property
    def waiting(self) -> int:
        """How many batches and steps are not done yet."""
        return self._writer.waiting

    @property
    def low_space(self) -> bool:
        """Whether bulk sync, compaction and backups should wait (below 200 MB free)."""
        return space.is_low(self._home.folder)

    async def close(self, deadline_s: float = CLOSE_DEADLINE_S) -> None:
        """Drains the queue and closes the files. Raises the trouble if batches could not be written in time."""
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._reader.close)
        await asyncio.to_thread(self._writer.finish, deadline_s)
        if self._writer.gave_up is not None:
            raise self._writer.gave_up

    def _put(self, job: Job) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        try:
            self._writer.put(job)
        except NotesError as error:
            refused: asyncio.Future[Any] = loop.create_future()
            refused.set_exception(error)
            return refused
        return asyncio.wrap_future(job.answer, loop=loop)


class _Reader:
    """A reading store on its own thread, opened at the first question."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal-read")
        self._store: Store | None = None
        self._guard = threading.Lock()
        self._current: Future[Any] | None = None
        self._unwanted = False  # asked by every statement: an interrupt between two of them would be forgotten

    def ask(self, fn: Callable[[Store], T]) -> Future[T]:
        answer: Future[T] = Future()
        self._thread.submit(self._run, fn, answer)
        return answer

    def _run(self, fn: Callable[[Store], T], answer: Future[T]) -> None:
        if not answer.set_running_or_notify_cancel():
            return
        try:
            if self._store is None:
                self._store = self._open_store()
                self._store.db.set_progress_handler(lambda: self._unwanted, 10_000)
            with self._guard:
                self._current, self._unwanted = answer, False
            try:
                result = fn(self._store)
            finally:
                with self._guard:
                    self._current = None
                self._let_go_of_the_past()
        except BaseException as error:  # noqa: BLE001 - raised where the caller waits
            answer.set_exception(error)
        else:
            answer.set_result(result)

    def _let_go_of_the_past(self) -> None:
        """A query that was left open would show each later read the database as it was then: it ends with the store."""
        if self._store is not None and self._store.db.txn_state("main"):
            logger.error("! a read left a query open")
            self._store.close()
            self._store = None

    def interrupt(self, answer: Future[Any]) -> None:
        """Ends the query of `answer` if it is the one that runs; else it never begins, or is over."""
        answer.cancel()
        with self._guard:
            if self._current is answer:
                self._stop()

    def close(self) -> None:
        with self._guard:
            if self._current is not None:
                self._stop()
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._store is not None:
            self._store.close()

    def _stop(self) -> None:
        self._unwanted = True
        if self._store is not None:
            self._store.db.interrupt()


def _call(loop: asyncio.AbstractEventLoop, fn: Callable[..., object], *args: object) -> None:
    try:
        loop.call_soon_threadsafe(fn, *args)
    except RuntimeError:
        return  # the loop is gone: nobody is left to be told
