"""Everything that screens and commands ask about people, in one place. Decides nothing: each matter has its module."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from notesapp.errors import BadRequest
from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.node.acts import Acts
from notesapp.node.arrivals import Arrivals
from notesapp.node.aside import Asides
from notesapp.node.attachments import Attachments
from notesapp.node.bringing import Bringing
from notesapp.node.core import Core
from notesapp.node.doors import Doors
from notesapp.node.elsewhere import Elsewhere
from notesapp.node.events import PeopleChanged
from notesapp.node.faraway import Faraway
from notesapp.node.heirs import Heirs
from notesapp.node.indexes import Indexes
from notesapp.node.looking import Looking
from notesapp.node.luggage import Luggage
from notesapp.node.moving import Moving
from notesapp.node.network import Opener
from notesapp.node.network_doctor import ClockView, NetworkDoctor
from notesapp.node.news import News
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering, is_shared
from notesapp.node.people_views import (
    COLOURS,
    CaretView,
    CloserView,
    MemberView,
    NetworkView,
    PeopleView,
    ReachView,
    RecoveredView,
)
from notesapp.node.portrait import Names, Portrait
from notesapp.node.presence import Presence
from notesapp.node.profiles import PROFILE, Profile, own_colour
from notesapp.node.receipts import Receipts
from notesapp.node.receiving import Receiving
from notesapp.store.doctor import Finding
from notesapp.store.rows import Batch

_PROFILE = "my-profile"


class People(Doors):
    """See the module. Hangs on the node as `node.people`."""

    def __init__(
        self, core: Core, opened: Opened, indexes: Indexes, files: Attachments, acts: Acts, moves: Moving
    ) -> None:
        petnames: dict[bytes, str] = {}
        luggage = Luggage(core, opened, indexes, acts, files)
        super().__init__(core, Peering(core, Receiving(core, opened, indexes)), petnames, luggage)
        self._elsewhere = Elsewhere(core, files, self.peering)
        Bringing(core, indexes, files, self.peering, self._elsewhere)
        News(core, self.peering)
        self._receipts = Receipts(core, self.peering)
        self.looking = Looking(core, self.peering, opened)
        self._acts, self._moves = acts, moves
        self._heirs = Heirs(core, self.peering, self._ruling)
        self._asides = Asides(
            core, opened, self.peering, lambda notebook, text: acts.create_note(notebook, text, "", "")
        )
        self._presence = Presence(core, opened, self.peering)
        opened.has_company = self._presence.is_company
        self._portrait = Portrait(core, self.peering, Names(petnames, self._hosting.claimed, self._mine))
        self._doctor = NetworkDoctor(core, self.peering, self._portrait.reaches)
        self._login = _login_name()
        self._profile = Profile(self._login, own_colour(core.persona.person_id), platform.node()[:80])
        for way in (self._joining, self._homing):
            way.taken_up.append(self.looking.joined)
        self._joining.welcomed.append(self._welcomed)
        core.on_made.append(self._made)
        self.peering.on_judged.append(self._judged)
        self._arrivals = Arrivals(core, self.peering, self._portrait)

    # -- life ---------------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Reads what is remembered."""
        data = await self._core.journal.read(lambda store: store.setting(_PROFILE))
        if data is not None:
            self._profile = PROFILE.decode(data)
        await self.looking.begin()
        await self._moves.late.begin()
        await self.peering.faraway.load()
        self._homing.begin()
        self._note_shared()
        self._core.tasks.start(self._linking.luggage.unpack(), "bringing along the notes of before")

    async def go_online(self, opener: Opener | None = None, port: int | None = None) -> None:
        """From now on the people of my notebooks are looked for, if there are any."""
        await self.peering.go_online(opener, port)
        await self._inviting.load()
        await self._homing.take_up()
        await self._asides.begin()
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
        self._close_doors()
        self._receipts.close()
        self._presence.close()
        self._arrivals.close()
        self._elsewhere.close()
        await self.peering.close()
        self.peering.memory.flush()
        await self._core.outbox.patiently(self._core.outbox.settled())

    # -- me -----------------------------------------------------------------------------------------------------------

    def me(self) -> MemberView:
        """Myself."""
        return self._portrait.me(self._core.held[self._core.home_notebook])

    @property
    def chosen_name(self) -> str:
        """What I chose to be called; empty as long as I am called like the account of this computer."""
        return self._profile.name if self._profile.name != self._login else ""

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

    async def petname(self, person_id: bytes, name: str) -> None:
        """How I call somebody, on all my devices; an empty name forgets it."""
        await self._homing.call(PersonId(person_id), name.strip())

    # -- who is there -------------------------------------------------------------------------------------------------

    def of(self, notebook_id: bytes) -> PeopleView:
        """The people of a notebook, and how it stands with them."""
        held = self._core.notebook(notebook_id)
        view = self._portrait.of(held, self._inviting.views(held), self._asides.count(notebook_id))
        files = self._elsewhere.only_here(notebook_id) if notebook_id in self.peering.volumes and is_shared(held) else 0
        return replace(view, offered=self._heirs.is_offered(held.roster), files_only_here=files)

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

    async def hand_over(self, notebook_id: bytes, person_id: bytes) -> None:
        """Offers a notebook of mine to a member, who owns it as soon as he agrees; I stay an admin."""
        await self._heirs.offer(notebook_id, PersonId(person_id))

    async def take_over(self, notebook_id: bytes) -> None:
        """I agree to own a notebook that was offered to me."""
        await self._heirs.accept(notebook_id)

    async def share_note(self, note_id: bytes, name: str) -> bytes:
        """A notebook of its own for one note, which moves there; share that one."""
        notebook_id = await self._acts.create_notebook(name)
        await self._moves.move(note_id, notebook_id, None)
        return notebook_id

    # -- what was set aside -------------------------------------------------------------------------------------------

    def names_in(self, notebook_id: bytes) -> dict[bytes, str]:
        """What those are called here who are or were in a notebook."""
        return self._portrait.names_in(self._core.notebook(notebook_id))

    async def recovered(self, notebook_id: bytes) -> tuple[RecoveredView, ...]:
        """Edits that don't count, and may be put back."""
        return await self._asides.all(notebook_id, self.names_in(notebook_id))

    async def put_back(self, recovered_id: bytes) -> None:
        """Writes an edit that was set aside again, as mine."""
        await self._asides.put_back(recovered_id)

    async def dismiss(self, recovered_id: bytes) -> None:
        """An edit that was set aside isn't offered any more."""
        await self._asides.dismiss(recovered_id)

    # -- presence -----------------------------------------------------------------------------------------------------

    def show(self, note_id: bytes | None, at: int = 0, anchor: int = 0) -> None:
        """My caret and the other end of my selection, in code points of the text on my screen; None: in no note."""
        self._presence.show(note_id, at, anchor)

    def hide_me(self, hidden: bool) -> None:
        """Whether others don't see where I am."""
        self._presence.hide_me(hidden)

    def carets(self, note_id: bytes) -> tuple[CaretView, ...]:
        """Where others are in an open note."""
        if (held := self._core.holder(note_id)) is None:
            return ()
        members = {view.person_id: view for view in self._portrait.members(held, None)}
        return tuple(
            CaretView(
                one.device_id,
                one.person_id,
                members[one.person_id].name,
                members[one.person_id].colour,
                note_id,
                one.at or 0,
                one.anchor,
                self._presence.typing(one),
                one.seen_ms,
            )
            for one in self._presence.carets(note_id)
            if one.person_id in members
        )

    def who_is_in(self, note_id: bytes) -> tuple[MemberView, ...]:
        """Who has his caret in a note."""
        if (held := self._core.holder(note_id)) is None:
            return ()
        there = {one.person_id for one in self._presence.everybody_in(note_id)}
        members = self._portrait.members(held, None)
        return tuple(one for one in members if one.person_id in there)

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

    @property
    def internet(self) -> Faraway:
        """Whether we are found on the internet: `view` says how it stands, `choose` changes it."""
        return self.peering.faraway

    def reach(self) -> tuple[ReachView, ...]:
        """How each other device is reached, or why it isn't."""
        return self._portrait.reaches.all()

    async def network_findings(self) -> tuple[Finding, ...]:
        """What the doctor says of the network, members asked anew."""
        await self._doctor.ask_anew()
        return self._doctor.findings(self.me(), self.reach())

    def clock(self) -> ClockView:
        """This computer's clock beside the members'."""
        return self._doctor.clock()

    async def look_closer(self, member: MemberView) -> tuple[CloserView, ...]:
        """Looks at the connection with a person from both ends; `NobodyToLookWith`."""
        return await self._doctor.look_closer(member)

    # -- what happens -------------------------------------------------------------------------------------------------

    def _welcomed(self, notebook: bytes) -> None:
        self._core.tasks.start(self._settle_in(notebook), "saying how I am called")

    def _made(self, notebook: bytes) -> None:
        if self._core.tasks.is_open:
            self._core.tasks.start(self._homing.name_notebooks(), "telling my devices of a notebook")

    async def _settle_in(self, notebook: bytes) -> None:
        await self._ruling.introduce(notebook)
        await self._homing.name_notebooks()

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        if notebook not in self._core.held:
            return
        self._note_shared()
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
