"""Invites of the notebooks here: made, shown, withdrawn, and the doors that they open while they are.

The seed of an invite lies among this device's secrets; without it nobody can come by it here. It is shared with the
other devices that may let people in, so a link works while its maker is away. Decides defaults: to write, one person
within three days, after approval; to read, whoever has the link, until it ends or is withdrawn. Decides who opens the
door where a person must approve: of those that are linked with each other one, the maker first, so that somebody who
knocks is seen by whoever waits for him; the others' doors are open too, and answer if that one can't be reached.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

import msgspec

from notesapp.errors import BadRequest, NotesError
from notesapp.identity.invite import HINTS_LIMIT, WRITING_LIFETIME_MS, InviteKeys, JoinLink
from notesapp.identity.record import Bytes32
from notesapp.identity.roles import RULERS, Role
from notesapp.identity.roster import Invite
from notesapp.identity.scribe import Scribe
from notesapp.identity.spare_key import holders, lacking, maker, open_spares, share_seed
from notesapp.node.acquainted import way_of
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.network import hints_of
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.node.people_views import InviteView
from notesapp.store.rows import Batch
from notesapp.sync.handshake import Proved

logger = logging.getLogger(__name__)

_SECRET = "invite "
_GUEST_MS = 5_000
OWED_S = 900.0
_SHORT_MS = 15 * 60_000  # an invite that ends so soon is for somebody who is here now: its seed isn't shared
_SHARE_S = 3.0  # so that not all who have a seed share it at the same time with a device that is new


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """What this device keeps of an invite that it made, or that was shared with it."""

    notebook: Bytes32
    seed: Bytes32
    made_ms: Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class Hosted:
    """An invite by which somebody may come to this device."""

    notebook: bytes
    keys: InviteKeys = field(repr=False)
    made_ms: int


class Inviting:
    """See the module."""

    def __init__(self, core: Core, peering: Peering) -> None:
        self._core = core
        self._peering = peering
        self.hosted: dict[bytes, Hosted] = {}  # by the invite's public key
        self.owed: dict[bytes, dict[bytes, float]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._sharing: asyncio.TimerHandle | None = None
        self.name: Callable[[], str] = lambda: ""  # what I call myself, told by the facade
        peering.on_proved.append(self._met)

    async def load(self) -> None:
        """Reads the seeds of the invites that stand on the rosters here, and opens their doors."""
        publics = [public for held in self._core.held.values() for public in held.roster.invites]
        secrets = await self._core.journal.read(lambda store: [store.secret(_SECRET + one.hex()) for one in publics])
        for public, data in zip(publics, secrets, strict=True):
            if data is not None:
                kept = msgspec.msgpack.decode(data, type=Kept)
                self.hosted[public] = Hosted(kept.notebook, InviteKeys.from_seed(kept.seed), kept.made_ms)
        await self.settle()

    async def make(
        self, notebook_id: bytes, role: Role, *, uses: int, ends_ms: int | None, approval: bool | None
    ) -> InviteView:
        """A new invite; BadRequest if that isn't for me to give."""
        held = self._core.notebook(notebook_id)
        self.check(held)
        writing = role is Role.WRITER
        if ends_ms is None and writing:
            ends_ms = self._core.clock() + WRITING_LIFETIME_MS
        if ends_ms is not None and ends_ms and ends_ms <= self._core.clock():
            raise BadRequest(what="An invite can't end before it begins; choose a later end.")
        keys = InviteKeys.generate(self._core.entropy)
        hearing = await self._peering.open_volume(held)
        kept = Kept(notebook_id, keys.seed, self._core.clock())
        secret = Batch(secrets={_SECRET + keys.public.hex(): msgspec.msgpack.encode(kept)})
        needs_approval = writing if approval is None else approval

        def write(scribe: Scribe) -> None:
            scribe.invite(keys.public, role, uses=uses, ends_ms=ends_ms or 0, approval=needs_approval)
            if self._lasts(scribe.roster.invites[keys.public]):
                share_seed(scribe, keys, self._core.entropy)

        await hearing.learn(act=write, also=secret)
        self.hosted[keys.public] = Hosted(notebook_id, keys, kept.made_ms)
        await self.settle()
        return self.view(held, held.roster.invites[keys.public])

    async def withdraw(self, notebook_id: bytes, invite_id: bytes) -> None:
        """Nobody may come by it any more."""
        held = self._core.notebook(notebook_id)
        self.check(held)
        if invite_id not in held.roster.invites:
            raise BadRequest(what="There is no such invite in this notebook.")
        hearing = await self._peering.open_volume(held)
        await hearing.learn(
            act=lambda scribe: scribe.withdraw(invite_id), also=Batch(secrets={_SECRET + invite_id.hex(): None})
        )
        await self.settle()

    def check(self, held: Held) -> None:
        """BadRequest unless I may invite people to this notebook."""
        if held.notebook_id == self._core.home_notebook:
            raise BadRequest(what="The home notebook is for your own devices; use `notesapp link-device` instead.")
        if held.role not in RULERS:
            raise BadRequest(what=f"Only the owner and admins of “{held.name}” can invite people to it.")

    async def settle(self) -> None:
        """The doors are those of the invites that are open now; looked at again when the next one ends."""
        now_ms = self._core.clock()
        self._take_up()
        self._share_later()
        ends: list[int] = []
        for public, one in list(self.hosted.items()):
            held = self._core.held.get(one.notebook)
            invite = held.roster.invites.get(public) if held is not None else None
            if held is None or invite is None or not self._opens(held, invite):
                if any(call.proved is not None and call.proved.invite_id == public for call in self._peering.calls):
                    ends.append(now_ms + _GUEST_MS)  # whoever came by it last has not heard all yet
                else:
                    await self._peering.close_way(public)
                continue
            if invite.terms.ends_ms and invite.open(now_ms):
                ends.append(invite.terms.ends_ms)
            if owed := self._owed(invite):
                ends.append(now_ms + int((min(owed) - asyncio.get_running_loop().time()) * 1000))
            if public not in self._peering.ways:
                await self._peering.open_volume(held)
                await self._peering.open_way(way_of(one.keys, host=True))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if ends and self._core.tasks.is_open:
            wait_s = min(max(0.0, (min(ends) - now_ms) / 1000) + 0.1, 86_400.0)
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._again)

    def _again(self) -> None:
        if self._core.tasks.is_open:
            self._core.tasks.start(self.settle(), "closing the doors of invites that have ended")

    def close(self) -> None:
        """The end."""
        for timer in (self._timer, self._sharing):
            if timer is not None:
                timer.cancel()

    # -- with others who may let people in ----------------------------------------------------------------------------

    def _lasts(self, invite: Invite) -> bool:
        """Whether it is worth the others' while."""
        ends_ms = invite.terms.ends_ms
        return invite.open(self._core.clock()) and not (ends_ms and ends_ms < self._core.clock() + _SHORT_MS)

    def _opens(self, held: Held, invite: Invite) -> bool:
        """Whether this device answers who comes by an invite now."""
        if held.role not in RULERS or invite.withdrawn:
            return False
        return invite.open(self._core.clock()) or bool(self._owed(invite))

    def _owed(self, invite: Invite) -> list[float]:
        """Until when (loop time) somebody may come back who was let in here and wasn't met since: he may not know."""
        now = asyncio.get_running_loop().time()
        owed = self.owed.get(invite.terms.public, {})
        return [until for until in owed.values() if until > now]

    def owe(self, public: bytes, device: bytes) -> None:
        """This device was let in; until it is met as a member's it may knock again."""
        if self._peering.session_with(device) is None:
            self.owed.setdefault(public, {})[device] = asyncio.get_running_loop().time() + OWED_S

    def is_first(self, held: Held, invite: Invite) -> bool:
        """Whether this device comes before all others that it is linked with, where a person must approve."""
        made_by = maker(held.roster, invite)
        person = None if made_by is None else held.roster.person_of(made_by)

        def rank(device: bytes) -> tuple[bool, bool, bytes]:
            return device != made_by, held.roster.person_of(device) != person, device

        calls = [call.proved for call in self._peering.sessions() if call.proved is not None]
        linked = {proved.device_id for proved in calls if proved.invite_id is None}
        mine = rank(self._core.persona.device.device_id)
        return not any(rank(device) < mine for device in linked & holders(held.roster, invite))

    def _take_up(self) -> None:
        """Keeps the seeds that others have shared with this device."""
        for held in self._core.held.values():
            if held.role not in RULERS or held.notebook_id == self._core.home_notebook:
                continue
            if not any(
                one.open(self._core.clock()) and public not in self.hosted
                for public, one in held.roster.invites.items()
            ):
                continue
            for public, keys in open_spares(held.roster, self._core.persona.device).items():
                if public not in self.hosted and held.roster.invites[public].open(self._core.clock()):
                    kept = Kept(held.notebook_id, keys.seed, self._core.clock())
                    self.hosted[public] = Hosted(held.notebook_id, keys, kept.made_ms)
                    secret = {_SECRET + public.hex(): msgspec.msgpack.encode(kept)}
                    self._core.outbox.put(Deed(rows=Batch(secrets=secret)))

    def _unshared(self) -> list[tuple[Held, Hosted]]:
        found = []
        for public, one in self.hosted.items():
            held = self._core.held.get(one.notebook)
            invite = held.roster.invites.get(public) if held is not None else None
            if held is None or invite is None or held.role not in RULERS or not self._lasts(invite):
                continue
            if lacking(held.roster, invite):
                found.append((held, one))
        return found

    def _share_later(self) -> None:
        if self._sharing is None and self._core.tasks.is_open and self._unshared():
            wait_s = _SHARE_S * (1 + self._core.entropy(1)[0] / 256)
            self._sharing = asyncio.get_running_loop().call_later(wait_s, self._share_now)

    def _share_now(self) -> None:
        self._sharing = None
        if self._core.tasks.is_open:
            self._core.tasks.start(self._share(), "sharing invites with those who may let people in")

    async def _share(self) -> None:
        for held, one in self._unshared():
            hearing = await self._peering.open_volume(held)
            try:
                await hearing.learn(act=partial(share_seed, keys=one.keys, entropy=self._core.entropy))
            except NotesError as error:
                logger.warning("! an invite of %s can't be shared: %s", held.notebook_id.hex()[:8], error)

    def _met(self, call: Call, proved: Proved) -> None:
        if proved.invite_id is None:
            met = [one.pop(proved.device_id, None) for one in self.owed.values()]
            if any(until is not None for until in met):
                self._again()

    def views(self, held: Held) -> tuple[InviteView, ...]:
        """All invites of a notebook, the newest first."""
        found = [self.view(held, invite) for invite in held.roster.invites.values()]
        return tuple(sorted(found, key=lambda view: -view.made_ms))

    def view(self, held: Held, invite: Invite) -> InviteView:
        """One invite as screens show it."""
        terms, hosted = invite.terms, self.hosted.get(invite.terms.public)
        link = self.link(held, invite, hosted) if hosted is not None and invite.open(self._core.clock()) else None
        record = next((one for one in held.roster.records if one.id == invite.record_id), None)
        return InviteView(
            invite_id=terms.public,
            role=terms.role,
            uses=terms.uses,
            used=len(invite.used_by),
            ends_ms=terms.ends_ms or None,
            approval=terms.approval,
            withdrawn=invite.withdrawn,
            open=invite.open(self._core.clock()),
            made_ms=record.time_ms if record is not None else 0,
            link=link.url() if link is not None else None,
            text=link.as_text() if link is not None else None,
        )

    def link(self, held: Held, invite: Invite, hosted: Hosted) -> JoinLink:
        """The link that leads here, with the addresses of now."""
        network = self._peering.network
        hints = tuple(str(address) for address in hints_of(network)) if network is not None else ()
        return JoinLink(
            held.notebook_id,
            hosted.keys.seed,
            invite.terms.role,
            held.name[:80],
            self.name()[:80],
            hints[:HINTS_LIMIT],
            invite.terms.ends_ms,
        )

    def forget(self, public: bytes) -> None:
        """The seed of an invite that is of no use any more."""
        self.hosted.pop(public, None)
        self._core.outbox.put(Deed(rows=Batch(secrets={_SECRET + public.hex(): None})))
