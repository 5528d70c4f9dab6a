"""The ways into notebooks, in one place: invites, codes, people nearby, devices of mine. Decides who answers what.

A part of `People`: each way has its module, and each attempt and request is with exactly one of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.errors import BadRequest
from notesapp.identity.roles import Role
from notesapp.identity.three_words import CodeKey, Purpose
from notesapp.net.address import Address
from notesapp.node.call import Call
from notesapp.node.codes import Codes
from notesapp.node.core import Core
from notesapp.node.events import PeopleChanged
from notesapp.node.homing import Homing
from notesapp.node.hosting import Hosting
from notesapp.node.inviting import Inviting
from notesapp.node.joining import Joining
from notesapp.node.linking import Linking
from notesapp.node.luggage import Luggage
from notesapp.node.nearby import Nearby
from notesapp.node.peering import Peering
from notesapp.node.people_views import CodeView, InviteView, JoinRequest, JoinStage, JoinView, NearbyView, OfferView
from notesapp.node.profiles import Profile
from notesapp.node.revoking import revoke
from notesapp.node.ruling import Ruling

_ENDED = (JoinStage.DONE, JoinStage.FAILED)


class Doors:
    """See the module."""

    def __init__(self, core: Core, peering: Peering, petnames: dict[bytes, str], luggage: Luggage) -> None:
        self._core = core
        self.peering = peering
        self._profile = Profile("", 0, "")
        self._ruling = Ruling(core, peering)
        self._homing = Homing(core, peering, petnames)
        self._inviting = Inviting(core, peering)
        self._hosting = Hosting(core, peering, self._inviting)
        self._joining = Joining(core, peering)
        self._codes = Codes(core, peering)
        self._nearby = Nearby(core, peering, self._mine, self._sure_link, self._follow_nearby)
        self._linking = Linking(core, peering, self._codes, self._homing, self._ruling, luggage)
        luggage.device_name = lambda: self._profile.device
        self._inviting.name = self._joining.name = lambda: self._profile.name
        self._ruling.profile = self._mine

    def _mine(self) -> Profile:
        return self._profile

    def _close_doors(self) -> None:
        for one in (self._inviting, self._joining, self._codes, self._nearby, self._linking, self._ruling):
            one.close()

    # -- invites ------------------------------------------------------------------------------------------------------

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
        """Who waits to be let in; new devices of mine among them, without a notebook."""
        return (*self._hosting.requests(), *self._nearby.requests(), *self._linking.requests())

    async def approve(self, request_id: bytes, yes: bool) -> str:
        """Lets somebody in, or doesn't; what is to be told, if another person was faster."""
        if await self._nearby.agree(request_id, yes) or await self._linking.approve(request_id, yes):
            return ""
        return await self._hosting.approve(request_id, yes)

    async def _sure_link(self, notebook: bytes, role: Role) -> str:
        """A link for somebody whose words were compared: nobody is asked again."""
        return await self._short_link(notebook, role, approval=False)

    async def _short_link(self, notebook: bytes, role: Role, approval: bool | None, to: Call | None = None) -> str:
        """A link for one person who is there now, at the other end of a call."""
        ends_ms = self._core.clock() + 600_000
        made = await self.share(notebook, role, uses=1, ends_ms=ends_ms, approval=approval)
        if made.link is None:
            raise BadRequest(what="The invite ended before it was used; try again.")
        if to is not None:
            self.peering.hint(made.invite_id, [to.link.remote])
        return made.link

    # -- joining ------------------------------------------------------------------------------------------------------

    def look(self, text: str) -> OfferView:
        """What an invite claims; never joins."""
        return self._joining.look(text)

    async def join(self, text: str | tuple[str, ...], at: Iterable[str] = ()) -> bytes:
        """Begins to join by an invite or three words; `at` are addresses that a person typed."""
        where = tuple(Address.parse(one) for one in at)
        if isinstance(text, str):
            return await self._joining.join(text, where)
        return await self._codes.enter(" ".join(text), Purpose.INVITE, self._follow_code, where)

    def joins(self) -> tuple[JoinView, ...]:
        """My attempts to join in this run."""
        return (*self._codes.joins(), *self._nearby.joins(), *self._linking.joins(), *self._joining.views())

    def a_join(self, join_id: bytes) -> JoinView:
        """One of them; BadRequest."""
        found = next((view for view in self.joins() if view.join_id == join_id), None)
        if found is None:
            raise BadRequest(what="There is no such attempt to join.")
        return found

    async def joined(self, join_id: bytes) -> JoinView:
        """How an attempt by a link ended."""
        return await self._joining.finished(join_id)

    async def confirm(self, join_id: bytes, yes: bool) -> None:
        """The words of an attempt match, or don't."""
        if not (await self._nearby.confirm(join_id, yes) or await self._linking.confirm(join_id, yes)):
            raise BadRequest(what="Nothing is to be compared there (any more).")

    async def cancel(self, join_id: bytes) -> None:
        """Gives an attempt up."""
        if self.a_join(join_id).stage in _ENDED or self._codes.cancel(join_id):
            return
        if not (await self._nearby.confirm(join_id, False) or await self._linking.confirm(join_id, False)):
            await self._joining.cancel(join_id)

    async def _follow_code(self, call: Call, key: CodeKey, sealed: bytes, join_id: bytes) -> None:
        link = key.open(sealed).decode("utf-8", "replace")
        await self._joining.join(link, [call.link.remote], join_id)
        self._codes.done(join_id)

    async def _follow_nearby(self, link: str, call: Call, join_id: bytes) -> None:
        await self._joining.join(link, [call.link.remote], join_id)

    # -- codes --------------------------------------------------------------------------------------------------------

    async def code(self, notebook_id: bytes, role: Role) -> CodeView:
        """A code of three words by which one person can join; to write, he is let in by a person as by any link."""
        self._inviting.check(self._core.notebook(notebook_id))

        async def opened(call: Call, key: CodeKey) -> bytes:
            link = await self._short_link(notebook_id, role, approval=None, to=call)
            return key.seal(link.encode(), self._core.entropy)

        return await self._codes.make(Purpose.INVITE, role, opened)

    def end_code(self, code_id: bytes) -> None:
        """Nobody comes by it any more."""
        self._codes.end(code_id)

    def codes(self) -> tuple[CodeView, ...]:
        """The codes made in this run."""
        return self._codes.views()

    async def look_again(self) -> None:
        """Looks for everybody anew, now."""
        await self.peering.look_again()

    # -- nearby -------------------------------------------------------------------------------------------------------

    async def show_nearby(self, on: bool) -> None:
        """Shows me to everybody in this network, or not."""
        await self._nearby.show(on)

    def nearby(self) -> tuple[NearbyView, ...]:
        """Who shows himself in this network."""
        return self._nearby.views()

    async def invite_nearby(self, nearby_id: str, notebook_id: bytes, role: Role) -> bytes:
        """Begins to invite somebody nearby; the id of the request with the words to compare."""
        self._inviting.check(self._core.notebook(notebook_id))
        return await self._nearby.invite(nearby_id, notebook_id, role)

    # -- devices of mine ----------------------------------------------------------------------------------------------

    async def link_device(self) -> CodeView:
        """A code by which a new device becomes mine."""
        return await self._linking.make()

    async def join_as_device(
        self, words: str | tuple[str, ...], at: Iterable[str] = (), *, bring: bool = False
    ) -> bytes:
        """Makes this device one of the person's who made the code; `bring`: its own notes come along."""
        typed = words if isinstance(words, str) else " ".join(words)
        return await self._linking.enter(typed, tuple(Address.parse(one) for one in at), bring=bring)

    def own_notes(self) -> int:
        """How many notes there are to be brought along when this device becomes another person's."""
        return self._linking.luggage.own().notes

    async def revoke_device(self, device_id: bytes) -> None:
        """A device of mine is mine no more."""
        await revoke(self.peering, self._ruling, device_id)
        self._core.hook.tell(PeopleChanged(None))
