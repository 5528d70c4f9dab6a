"""A device that has just been linked is called like the person whose it is now: its own name was only its account's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from notesapp.node.core import Core
from notesapp.node.events import Event, JoinChanged
from notesapp.node.people_views import JoinStage, JoinView


class Namesake:
    """Hears of the attempts to become somebody's device, and takes the name over when one is done."""

    def __init__(
        self, core: Core, joins: Callable[[], tuple[JoinView, ...]], set_me: Callable[[str], Awaitable[None]]
    ) -> None:
        self._core, self._joins, self._set_me = core, joins, set_me
        self._done: set[bytes] = set()
        core.hook.subscribe(self._heard)

    def _heard(self, event: Event) -> None:
        if not isinstance(event, JoinChanged) or event.join_id in self._done:
            return
        found = next((one for one in self._joins() if one.join_id == event.join_id), None)
        if found is None or found.stage is not JoinStage.DONE or not found.offer.inviter.strip():
            return
        self._done.add(event.join_id)
        if self._core.tasks.is_open:
            self._core.tasks.start(self._take(found.offer.inviter), "taking the person's name over")

    async def _take(self, name: str) -> None:
        await self._set_me(name[:80])
