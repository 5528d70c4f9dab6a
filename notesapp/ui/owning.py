"""Runs the acts of a person: each has an owner, a failure is said in one sentence, and nobody waits without a word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from notesapp.errors import NotesError, NotSavedYet

if TYPE_CHECKING:
    from notesapp.node.node import Node

log = logging.getLogger(__name__)

REFUSED_S = 3.0  # so long the disk may refuse before a person who waits for an act is told; as for commands
ACTS_END_S = 4.0  # the node has 10 s of its own; a system that shuts down gives about 20


class Owner:
    """The acts that run; `say` shows a sentence, `broke` hears of a bug."""

    def __init__(self, node: Node, say: Callable[[str], object], broke: Callable[[Exception], object]) -> None:
        self._node, self._say, self._broke = node, say, broke
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, object], doing: str) -> asyncio.Task[None]:
        """Runs an act."""
        task = asyncio.get_running_loop().create_task(self._guard(work, doing), name=doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # ended before it began, nobody else would
        return task

    async def close(self) -> None:
        """Lets acts that run come to their end, and ends those that don't."""
        me = asyncio.current_task()
        running = [task for task in self._tasks if task is not me]
        if running:
            _, late = await asyncio.wait(running, timeout=ACTS_END_S)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)

    async def _guard(self, work: Coroutine[Any, Any, object], doing: str) -> None:
        late = asyncio.get_running_loop().call_later(REFUSED_S, self._not_saved_yet, self._node.waiting)
        try:
            await work
        except NotesError as error:
            log.warning("! %s: %s", doing, type(error).__name__)
            self._say(error.sentence)
        except Exception as error:  # noqa: BLE001 - shown to the person and kept in the crash log
            self._broke(error)
        finally:
            late.cancel()

    def _not_saved_yet(self, before: int) -> None:
        """An act still runs: that the disk refuses what it did is said, for nothing else shows that it was heard."""
        refused = self._node.refused
        if refused is not None and self._node.waiting > before:
            self._say(NotSavedYet(why=refused.sentence).sentence)
