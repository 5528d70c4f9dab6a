"""Decides who owns a running task: one group, whose end cancels and awaits them all.

One task's failure is told to whoever asked to hear of it and never cancels the others; a bug is never swallowed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

logger = logging.getLogger(__name__)


class Tasks:
    """A TaskGroup that can be opened in one task and closed in another (a window's start and end)."""

    def __init__(self, on_failure: Callable[[str, Exception], None] | None = None) -> None:
        self._on_failure = on_failure
        self._live: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self._holder: asyncio.Task[None] | None = None

    async def open(self) -> Tasks:
        """Starts the group; `close` must follow."""
        ready = asyncio.Event()
        self._holder = asyncio.create_task(self._hold(ready), name="notesapp tasks")
        await ready.wait()
        return self

    @property
    def is_open(self) -> bool:
        """Whether something can still be started: not before `open`, and not once the end has begun."""
        return self._group is not None and not self._ended.is_set()

    def start(self, work: Coroutine[Any, Any, None], doing: str) -> asyncio.Task[None]:
        """Runs `work` until it ends or the group closes; a failure is reported as `doing`."""
        if self._group is None or not self.is_open:
            work.close()
            raise RuntimeError(f"{doing}: the group is closed")
        task = self._group.create_task(self._guard(work, doing), name=doing)
        self._live.add(task)
        task.add_done_callback(self._live.discard)
        task.add_done_callback(lambda _: work.close())  # a task that is cancelled before its first step never began it
        return task

    async def close(self, deadline_s: float = 5.0) -> None:
        """Cancels what still runs and waits for it, at most `deadline_s`."""
        if self._holder is None:
            return
        self._ended.set()
        for task in tuple(self._live):
            if task is not asyncio.current_task():
                task.cancel()
        done, _ = await asyncio.wait([self._holder], timeout=deadline_s)
        if not done:
            logger.error("! tasks did not end in %s s: %s", deadline_s, [task.get_name() for task in self._live])
            self._holder.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([self._holder], timeout=1)

    async def _hold(self, ready: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            ready.set()
            try:
                await self._ended.wait()
            finally:
                self._ended.set()  # also if the whole loop is being cancelled: a group that ends takes no more

    async def _guard(self, work: Coroutine[Any, Any, None], doing: str) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if self._on_failure is None:
                logger.exception("! %s failed", doing)
            else:
                self._on_failure(doing, error)
