"""Everything that screens and commands ask about people, in one place. Decides nothing: each matter has its module."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Iterable, Mapping

import msgspec

from notesapp.errors import BadRequest
from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.net.address import Address
from notesapp.node.core import Core
from notesapp.node.events import PeopleChanged, PersonJoined, PersonRemoved
from notesapp.node.hosting import Hosting
from notesapp.node.inviting import Inviting
from notesapp.node.joining import Joining
from notesapp.node.network import Opener
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.node.people_views import (
    COLOURS,
    InviteView,
    JoinRequest,
    JoinView,
    MemberView,
    NetworkView,
    OfferView,
    PeopleView,
)
from notesapp.node.portrait import Names, Portrait
from notesapp.node.profiles import PROFILE, Profile, own_colour
from notesapp.node.receiving import Receiving
from notesapp.node.ruling import Ruling
from notesapp.store.rows import Batch

_PROFILE = "my-profile"


class People:
    """See the module. Hangs on the node as `node.people`."""

    def __init__(self, core: Core, receiving: Receiving) -> None:
        self._core = core
        self.peering = Peering(core, receiving)
        self._inviting = Inviting(core, self.peering)
        self._hosting = Hosting(core, self.peering, self._inviting)
        self._joining = Joining(core, self.peering)
        self._ruling = Ruling(core, self.peering)
        self._names = Names(at_the_door=self._hosting.claimed, mine=self._mine)
        self._portrait = Portrait(core, self.peering, self._names)
        self._profile = Profile(_login_name(), own_colour(core.persona.person_id), platform.node()[:80])
        self._inviting.name = self._joining.name = lambda: self._profile.name
        self._ruling.profile = self._mine
        self._joining.welcomed.append(self._welcomed)
        self.peering.on_judged.append(self._judged)

    # -- life ---------------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Reads what is remembered."""
        data = await self._core.journal.read(lambda store: store.setting(_PROFILE))
        if data is not None:
            self._profile = PROFILE.decode(data)
        self._note_shared()

    async def go_online(self, opener: Opener | None = None, port: int | None = None) -> None:
        """From now on the people of my notebooks are looked for, if there are any."""
        await self.peering.go_online(opener, port)
        await self._inviting.load()
        for notebook_id in list(self.peering.volumes):
            self._ruling.look_after(notebook_id)

    async def online(self, on: bool) -> None:
        """Switches sharing on or off."""
        if on:
            await self.go_online()
        else:
            await self.peering.go_offline()
        self._core.hook.tell(PeopleChanged(None))

    async def close(self) -> None:
        """The end."""
        self._inviting.close()
        self._joining.close()
        self._ruling.close()
        await self.peering.close()

    # -- me -----------------------------------------------------------------------------------------------------------

    def me(self) -> MemberView:
        """Myself."""
        held = self._core.held[self._core.home_notebook]
        return next(view for view in self._portrait.members(held, None) if view.me)

    async def set_me(self, name: str, colour: int | None = None) -> None:
        """What I am called, and my colour, in all notebooks."""
        name = name.strip()
        if not name or len(name) > 80:
            raise BadRequest(what="A name has 1 to 80 letters.")
        if colour is not None and not 0 <= colour < COLOURS:
            raise BadRequest(what=f"There are {COLOURS} colours, from 0 to {COLOURS - 1}.")
        changed = self._profile.colour if colour is None else colour
        try:
            profile = msgspec.convert((name, changed, self._profile.device), Profile)
        except msgspec.ValidationError:
            raise BadRequest(what="That name has characters that can't be shown.") from None
        await self._core.outbox.put(Deed(rows=Batch(settings={_PROFILE: PROFILE.encode(profile)})))
        self._profile = profile
        for notebook_id in list(self.peering.volumes):
            await self._ruling.introduce(notebook_id)
        self._core.hook.tell(PeopleChanged(None))

    def _mine(self) -> Profile:
        return self._profile

    # -- who is there -------------------------------------------------------------------------------------------------

    def of(self, notebook_id: bytes) -> PeopleView:
        """The people of a notebook, and how it stands with them."""
        held = self._core.notebook(notebook_id)
        return self._portrait.of(held, self._inviting.views(held), 0)

    def everyone(self) -> tuple[MemberView, ...]:
        """All people of all my notebooks."""
        return self._portrait.everyone()

    def company(self) -> PeopleView:
        """How it stands with all notebooks together."""
        return self._portrait.all([self.of(notebook_id) for notebook_id in self._core.library.names()])

    def find(self, notebook_id: bytes, said: str) -> MemberView:
        """The member that a person means: a name, or the beginning of the words; BadRequest."""
        folded = said.strip().casefold()
        members = self.of(notebook_id).members
        found = [one for one in members if folded in (one.name.casefold(), one.claimed_name.casefold())]
        found = found or [one for one in members if " ".join(one.words).startswith(folded) and folded]
        if len(found) != 1:
            names = ", ".join(f"{one.name} ({' '.join(one.words[:2])})" for one in members)
            many = "nobody" if not found else f"{len(found)} people"
            raise BadRequest(what=f"“{said}” is {many} in this notebook; its members are {names}.")
        return found[0]

    # -- inviting -----------------------------------------------------------------------------------------------------

    async def share(
        self,
        notebook_id: bytes,
        role: Role,
        *,
        uses: int = 1,
        ends_ms: int | None = None,
        approval: bool | None = None,
    ) -> InviteView:
        """An invite to a notebook."""
        made = await self._inviting.make(notebook_id, role, uses=uses, ends_ms=ends_ms, approval=approval)
        await self._ruling.introduce(notebook_id)
        self._core.hook.tell(PeopleChanged(notebook_id))
        held = self._core.notebook(notebook_id)
        return self._inviting.view(held, held.roster.invites[made.invite_id])

    async def withdraw(self, notebook_id: bytes, invite_id: bytes) -> None:
        """Nobody may come by this invite any more."""
        await self._inviting.withdraw(notebook_id, invite_id)
        self._core.hook.tell(PeopleChanged(notebook_id))

    def requests(self) -> tuple[JoinRequest, ...]:
        """Who waits to be let in."""
        return self._hosting.requests()

    async def approve(self, request_id: bytes, yes: bool) -> None:
        """Lets somebody in, or doesn't."""
        await self._hosting.approve(request_id, yes)

    # -- joining ------------------------------------------------------------------------------------------------------

    def look(self, text: str) -> OfferView:
        """What an invite claims; never joins."""
        return self._joining.look(text)

    async def join(self, text: str, at: Iterable[str] = ()) -> bytes:
        """Begins to join by an invite; `at` are addresses that a person typed."""
        return await self._joining.join(text, [Address.parse(one) for one in at])

    def joins(self) -> tuple[JoinView, ...]:
        """My attempts to join in this run."""
        return self._joining.views()

    async def joined(self, join_id: bytes) -> JoinView:
        """How an attempt ended."""
        return await self._joining.finished(join_id)

    async def cancel(self, join_id: bytes) -> None:
        """Gives an attempt up."""
        await self._joining.cancel(join_id)

    # -- ruling -------------------------------------------------------------------------------------------------------

    async def set_role(self, notebook_id: bytes, person_id: bytes, role: Role) -> None:
        """Gives a member another role."""
        await self._ruling.set_role(notebook_id, PersonId(person_id), role)

    async def remove(self, notebook_id: bytes, person_id: bytes) -> None:
        """Ends somebody's membership."""
        await self._ruling.remove(notebook_id, PersonId(person_id))

    async def leave(self, notebook_id: bytes) -> None:
        """Ends mine."""
        await self._ruling.leave(notebook_id)

    # -- the network --------------------------------------------------------------------------------------------------

    def network(self) -> NetworkView:
        """How it stands with this computer's network."""
        network, trouble = self.peering.network, self._core.troubles.get("network")
        if network is None:
            return NetworkView(self.peering.online, None, (), 0, 0, trouble)
        report = network.report
        return NetworkView(
            self.peering.online,
            report.port,
            tuple(str(address) for address in network.addresses()),
            len(self.peering.sessions()),
            network.generation,
            trouble or report.announcing_fails,
        )

    # -- what happens -------------------------------------------------------------------------------------------------

    def _welcomed(self, notebook: bytes) -> None:
        self._core.tasks.start(self._ruling.introduce(notebook), "saying how I am called")

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        held, me = self._core.held[notebook], self._core.persona.person_id
        self._note_shared()
        members = {view.person_id: view for view in self._portrait.members(held, None)}
        for person in held.roster.members.keys() - before.keys():
            if person != me and before:
                self._core.hook.tell(PersonJoined(notebook, members[person].name))
        for person in before.keys() - held.roster.members.keys():
            self._core.hook.tell(PersonRemoved(notebook, self._portrait.name_of(person), person == me))
        self._core.hook.tell(PeopleChanged(notebook))
        self._core.hook.list_changed(None)
        self._core.tasks.start(self._inviting.settle(), "looking at the doors")

    def _note_shared(self) -> None:
        self._core.library.shared = {
            notebook_id for notebook_id, held in self._core.held.items() if len(held.roster.members) > 1
        }


def _login_name() -> str:
    try:
        return getpass.getuser()[:80]
    except (OSError, KeyError):
        return ""
