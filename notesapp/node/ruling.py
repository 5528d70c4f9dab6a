"""Acts on who is in a notebook, and the duties that follow from them. Decides which records one deed needs.

A removal cuts where this device stands and rotates the keys at once. What another admin could not do (his device had
gone) every ruler's device does unattended, after a while, so that not all do it at the same time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from notesapp.errors import BadRequest, NotesError
from notesapp.identity.epoch import EpochKeys
from notesapp.identity.keys import PersonId
from notesapp.identity.roles import RULERS, Role
from notesapp.identity.scribe import Scribe
from notesapp.identity.spare_key import known_to
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.peering import Peering
from notesapp.node.profiles import KIND, PROFILE, Profile, claims
from notesapp.node.volume import Volume

logger = logging.getLogger(__name__)

DUTY_S = 2.0  # whoever removed somebody rotates himself, in the same deed; this is for what he could not know


class Ruling:
    """See the module."""

    def __init__(self, core: Core, peering: Peering) -> None:
        self._core = core
        self._peering = peering
        self._due: dict[bytes, asyncio.TimerHandle] = {}
        self.profile: Callable[[], Profile] = lambda: Profile("", 0, "")
        peering.on_judged.append(self._judged)

    # -- acts ---------------------------------------------------------------------------------------------------------

    async def set_role(self, notebook_id: bytes, person: PersonId, role: Role) -> None:
        """Gives a member another role; who loses the right to write keeps what counted until now."""

        def act(scribe: Scribe, volume: Volume) -> None:
            before = scribe.roster.members.get(person)
            if before is None:
                raise BadRequest(what="That person is no member of this notebook.")
            if before.role is role:
                raise BadRequest(what=f"That person's role is {role} already.")
            if role is Role.OWNER:
                raise BadRequest(what="A notebook has one owner; hand it over instead.")
            scribe.change(person, role, have_of(volume, person))
            if before.role in RULERS and role not in RULERS:
                self._withdraw_known(scribe, person)

        await self.write(notebook_id, act)

    async def remove(self, notebook_id: bytes, person: PersonId) -> None:
        """Ends a membership and changes the keys; what the person has stays with him."""

        def act(scribe: Scribe, volume: Volume) -> None:
            if person == self._core.persona.person_id:
                raise BadRequest(what="You can't remove yourself; leave the notebook instead.")
            if person not in scribe.roster.members:
                raise BadRequest(what="That person is no member of this notebook.")
            scribe.remove(person, have_of(volume, person))
            self._withdraw_known(scribe, person)
            self.rotate(scribe)

        await self.write(notebook_id, act)

    async def leave(self, notebook_id: bytes) -> None:
        """My membership ends; the notes stay here as they are."""

        def act(scribe: Scribe, volume: Volume) -> None:
            if scribe.roster.owner == self._core.persona.person_id:
                raise BadRequest(what="You own this notebook; hand it over to somebody before you leave it.")
            scribe.leave(have_of(volume, self._core.persona.person_id))

        await self.write(notebook_id, act)

    async def hand_over(self, notebook_id: bytes, heir: PersonId, device: bytes, consent: bytes) -> None:
        """Makes a member the owner, whose device agreed; I stay an admin."""

        def act(scribe: Scribe, volume: Volume) -> None:
            own = have_of(volume, self._core.persona.person_id)
            scribe.hand_over(heir, device, consent, Role.ADMIN, own)

        await self.write(notebook_id, act)

    async def introduce(self, notebook_id: bytes) -> None:
        """Says in a notebook how I am called, if it isn't said there already."""
        held, profile = self._core.notebook(notebook_id), self.profile()
        if held.role is None or claims(held.roster).devices.get(self._core.persona.device.device_id) == profile:
            return
        await self.write(notebook_id, lambda scribe, volume: scribe.say(KIND, PROFILE.encode(profile)))

    async def write(self, notebook_id: bytes, act: Callable[[Scribe, Volume], object]) -> None:
        """Writes records of one deed under the roster as it is when its turn comes."""
        hearing = await self._peering.open_volume(self._core.notebook(notebook_id))
        await hearing.learn(act=lambda scribe: act(scribe, hearing.volume))

    def rotate(self, scribe: Scribe) -> None:
        """New keys for all who may read now."""
        held = scribe.roster.keys_for(self._core.persona.device)
        scribe.rotate(EpochKeys.generate(self._core.entropy), held, entropy=self._core.entropy)

    def _withdraw_known(self, scribe: Scribe, person: PersonId) -> None:
        """He could come back by these, or send somebody."""
        for public in known_to(scribe.roster, person, self._core.clock()):
            scribe.withdraw(public)

    # -- duties -------------------------------------------------------------------------------------------------------

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        held = self._core.held.get(notebook)
        if held is None or notebook in self._due or not self._has_duties(held) or not self._core.tasks.is_open:
            return
        wait_s = DUTY_S * (1 + self._core.entropy(1)[0] / 256)
        self._due[notebook] = asyncio.get_running_loop().call_later(wait_s, self._begin, notebook)

    def look_after(self, notebook: bytes) -> None:
        """A notebook was opened: what is due there is done soon."""
        self._judged(notebook, {})

    def _begin(self, notebook: bytes) -> None:
        self._due.pop(notebook, None)
        if self._core.tasks.is_open:
            self._core.tasks.start(self._serve(notebook), "looking after a notebook's keys")

    def _has_duties(self, held: Held) -> bool:
        if held.role is None:
            return False
        if held.role in RULERS and held.roster.rotation_due:
            return True
        return bool(self._unboxed(held))

    def _unboxed(self, held: Held) -> bool:
        own = self._core.persona.person_id
        return any(
            held.role in RULERS or held.roster.person_of(device.device_id) == own
            for epoch in held.roster.tips
            if epoch.epoch_id in held.keys
            for device in held.roster.unboxed(epoch.epoch_id)
        )

    async def _serve(self, notebook: bytes) -> None:
        def act(scribe: Scribe, volume: Volume) -> None:
            if volume.held.role in RULERS and scribe.roster.rotation_due:
                self.rotate(scribe)
            scribe.give_keys(scribe.roster.keys_for(self._core.persona.device), entropy=self._core.entropy)

        try:
            await self.write(notebook, act)
        except NotesError as error:
            logger.warning("! keys of %s can't be looked after: %s", notebook.hex()[:8], error)

    def close(self) -> None:
        """The end."""
        for timer in self._due.values():
            timer.cancel()


def have_of(volume: Volume, person: bytes) -> dict[bytes, tuple[int, bytes]]:
    """What this device has of somebody's feeds, as far as it counts."""
    found: dict[bytes, tuple[int, bytes]] = {}
    for feed, mark in volume.book.frontier.marks().items():
        stored = volume.book.stored(feed)
        if stored is not None and volume.held.roster.person_of(stored.opened.device) == person:
            found[feed] = (mark.index, mark.hash)
    return found
