"""Tasks that somebody owns: none is lost, none outlives its owner, none fails unheard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

log = logging.getLogger(__name__)


class Tasks:
    """The running tasks of one owner; `on_failure` hears of an error that a task didn't handle."""

    def __init__(self, on_failure: Callable[[BaseException], None] = lambda error: None) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._on_failure = on_failure

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Runs it until it ends or `aclose`."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def aclose(self) -> None:
        """Cancels what runs and waits until it has ended."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("! a task failed", exc_info=error)
            self._on_failure(error)
