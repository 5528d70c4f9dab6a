"""Decides how screens hear of the node: each once per event, in order of subscription, none hurting another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from notesapp.node.events import Event, NoteListChanged

logger = logging.getLogger(__name__)

Listener = Callable[[Event], None]


class Hook:
    """The one fan-out to screens. Plain calls; changes of lists are gathered until the loop's next turn."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._listed: set[bytes] | None = set()
        self._gathering: asyncio.Handle | None = None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` with every event until the returned function is called (twice is fine)."""
        self._listeners.append(listener)

        def cancel() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return cancel

    def tell(self, event: Event) -> None:
        """Tells everybody now. A listener that fails is logged: what it was told of has happened all the same."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                logger.exception("! a listener failed at %s", type(event).__name__)

    def list_changed(self, note_ids: frozenset[bytes] | set[bytes] | None) -> None:
        """Tells of changed lists soon, together with what else changes in this turn; None: everything changed."""
        if note_ids is None or self._listed is None:
            self._listed = None
        else:
            self._listed |= note_ids
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Tells of changed lists now, if any did."""
        if self._gathering is None:
            return
        self._gathering.cancel()
        self._gathering = None
        changed, self._listed = self._listed, set()
        self.tell(NoteListChanged(None if changed is None else frozenset(changed)))
