"""Tells who came into a notebook, and who was removed. Decides when: whoever came is told of once his name is known.

That somebody is a member and what he calls himself come in two records, the second one written by himself; only the
device that let him in has heard it before. So the others wait some seconds for it, and else tell two of his words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.node.core import Core
from notesapp.node.events import PersonJoined, PersonRemoved
from notesapp.node.peering import Peering
from notesapp.node.portrait import Portrait

NAME_S = 20.0  # far away, what a guest says of himself comes some seconds after the news of him


class Arrivals:
    """Listens to judgements."""

    def __init__(self, core: Core, peering: Peering, portrait: Portrait) -> None:
        self._core = core
        self._portrait = portrait
        self._unnamed: dict[tuple[bytes, PersonId], asyncio.TimerHandle] = {}
        peering.on_judged.append(self._judged)

    def close(self) -> None:
        """The end of the program."""
        for timer in self._unnamed.values():
            timer.cancel()
        self._unnamed.clear()

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        held, me = self._core.held.get(notebook), self._core.persona.person_id
        if held is None:
            return
        now = held.roster.members.keys()
        for person in now - before.keys():
            if person != me and before:
                timer = asyncio.get_running_loop().call_later(NAME_S, self._tell, notebook, person)
                self._unnamed[notebook, person] = timer
        for where, person in list(self._unnamed):
            if where == notebook and person in now and self._portrait.is_named(held, person):
                self._tell(notebook, person)
        for person in before.keys() - now:
            if (waits := self._unnamed.pop((notebook, person), None)) is not None:
                waits.cancel()
            self._core.hook.tell(PersonRemoved(notebook, self._portrait.name_in(held, person), person == me))

    def _tell(self, notebook: bytes, person: PersonId) -> None:
        self._unnamed.pop((notebook, person)).cancel()
        held = self._core.held[notebook]
        self._core.hook.tell(PersonJoined(notebook, self._portrait.name_in(held, person)))
