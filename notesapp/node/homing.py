"""What my devices remember together, in the home notebook: petnames, and which notebooks I have.

Decides when a notebook is named there (as soon as I have a second device), and takes up those that another device
named. Its records are shared with my own devices only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from notesapp.errors import NotesError, RemoteError
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.node.core import Core
from notesapp.node.events import PeopleChanged
from notesapp.node.held import Held, rows_of
from notesapp.node.indexes import name_setting
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.store.rows import Batch

logger = logging.getLogger(__name__)

NOTEBOOK = "notebook/"
"""Beginning of the keys whose values are notebooks' beginnings (their genesis)."""


class Homing:
    """See the module."""

    def __init__(self, core: Core, peering: Peering, petnames: dict[bytes, str]) -> None:
        self._core = core
        self._peering = peering
        self._petnames = petnames
        self.taken_up: list[Callable[[bytes], None]] = []  # told of a notebook that has just become one of this device
        peering.on_judged.append(self._judged)

    @property
    def held(self) -> Held:
        """The home notebook."""
        return self._core.held[self._core.home_notebook]

    def begin(self) -> None:
        """Reads what is there."""
        self._read_petnames()

    async def call(self, person: PersonId, name: str) -> None:
        """How I call somebody; an empty name forgets it."""
        me, now_ms = self._core.persona.device, self._core.clock()
        record = self.held.home.call(person, name, verified=False, by=me, now_ms=now_ms)
        hearing = await self._peering.open_volume(self.held)
        await hearing.learn(homes=[record])
        self._core.hook.tell(PeopleChanged(None))

    async def name_notebooks(self) -> None:
        """Other devices of mine, if there are any, hear of all my notebooks."""
        if len(self._core.persona.log.active) < 2 or self.held.role is None:
            return
        for notebook_id, one in list(self._core.held.items()):
            key = NOTEBOOK + notebook_id.hex()
            if one is self.held or one.role is None or self.held.home.values.get(key) == one.genesis.data:
                continue
            hearing = await self._peering.open_volume(self.held)
            me, now_ms = self._core.persona.device, self._core.clock()
            await hearing.learn(homes=[self.held.home.set(key, one.genesis.data, me, now_ms=now_ms)])
            await self._peering.open_volume(one)

    async def take_up(self) -> None:
        """Notebooks that another device of mine named become notebooks of this one."""
        core = self._core
        for key, value in list(self.held.home.values.items()):
            if not key.startswith(NOTEBOOK):
                continue
            try:
                genesis = Genesis.read(value)
            except RemoteError as error:
                logger.warning("! the home notebook names a notebook that is none: %s", error)
                continue
            notebook_id = genesis.notebook_id
            if notebook_id in core.held or key != NOTEBOOK + notebook_id.hex():
                continue
            held = Held(genesis, core.persona, core.openings, core.clock, core.entropy)
            held.name = "…"
            rows = Batch(
                records=rows_of(notebook_id, genesis=genesis.data),
                settings={name_setting(notebook_id): held.name.encode()},
            )
            await core.outbox.put(Deed(rows=rows))
            core.held[notebook_id] = held
            core.library.put_notebook(notebook_id, held.name)
            core.hook.list_changed(None)
            for hear in self.taken_up:
                hear(notebook_id)
            await self._peering.open_volume(held)

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        if not self._core.tasks.is_open:
            return
        if notebook == self._core.home_notebook:
            self._read_petnames()
            self._core.tasks.start(self._follow(), "following the home notebook")

    async def _follow(self) -> None:
        try:
            await self.take_up()
            await self.name_notebooks()  # also those that were made before my place in it was known here
        except NotesError as error:
            logger.warning("! a notebook of mine can't be taken up: %s", error)

    def _read_petnames(self) -> None:
        self._petnames.clear()
        self._petnames.update({person: one.name for person, one in self.held.home.petnames().items()})
