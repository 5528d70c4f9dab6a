"""News about people's devices that came through one notebook reaches the others where they matter, and myself."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from notesapp.errors import NotesError
from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.node.core import Core
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.node.persona import grown

logger = logging.getLogger(__name__)


class News:
    """Listens to judgements."""

    def __init__(self, core: Core, peering: Peering) -> None:
        self._core = core
        self._peering = peering
        peering.on_judged.append(self._judged)

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        if self._core.tasks.is_open and notebook in self._core.held:
            self._core.tasks.start(self._spread(notebook), "passing on news of devices")

    async def _spread(self, notebook: bytes) -> None:
        core, here = self._core, self._core.held[notebook]
        own = here.logs.get(core.persona.person_id)
        known = {record.id for record in core.persona.log.records}
        if own is not None and (new := [record for record in own.records if record.id not in known]):
            core.persona, rows = grown(core.persona, new)
            await core.outbox.put(Deed(rows=rows))
            for held in core.held.values():
                held.is_now(core.persona)
        for other, hearing in list(self._peering.volumes.items()):
            if other == notebook or not hearing.volume.is_open:
                continue
            there = hearing.volume.held
            lacking = [
                record
                for person, log in here.logs.items()
                if person in there.roster.members and person in there.logs
                for record in log.records
                if record.id not in {one.id for one in there.logs[person].records}
            ]
            if lacking:
                try:
                    await hearing.learn(persons=lacking)
                except NotesError as error:
                    logger.warning("! news of devices can't be passed on: %s", error)
