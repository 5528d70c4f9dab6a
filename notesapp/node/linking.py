"""Makes a second device one's own. Decides the order of the talk after a code was proved.

trusted: code → welcome …… words …… consent → the person agrees here → log          (answers)
new:            enters the code → words → the person agrees there → consent →       (asks)

A device that was added already and killed before it kept that is told again; one that was taken away stays away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from notesapp.errors import BadRequest, NotesError, RemoteError
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import PeerId
from notesapp.identity.linking import Consented, Greeted, NewSide, TrustedSide
from notesapp.identity.matching import DIALER, LISTENER, Offered, Revealed, begin_matching, matching_context
from notesapp.identity.person import DEVICES_LIMIT
from notesapp.identity.record import Record
from notesapp.identity.roles import Role
from notesapp.identity.scribe import Scribe
from notesapp.identity.three_words import CodeKey, Purpose
from notesapp.net.address import Address
from notesapp.node import doorwords as words
from notesapp.node.call import Call
from notesapp.node.codes import Codes
from notesapp.node.core import Core
from notesapp.node.events import JoinChanged, RequestsChanged
from notesapp.node.held import Held
from notesapp.node.home import RECOVERY_SLOT, keep_recoverable
from notesapp.node.homing import Homing
from notesapp.node.luggage import Luggage
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.node.people_views import CodeView, JoinRequest, JoinStage, JoinView, OfferView
from notesapp.node.persona import becoming, grown
from notesapp.node.ruling import Ruling
from notesapp.sync.events import Answered, Asked, Event

logger = logging.getLogger(__name__)

PURPOSE = "link"
PATIENCE_S = 180.0


@dataclass(slots=True)
class _Trusted:
    """A new device at our door."""

    call: Call
    side: TrustedSide
    matching: Revealed | None = None
    request: JoinRequest | None = None
    consented: Consented | None = None
    agreed: bool = False


@dataclass(slots=True)
class _New:
    """We are the new device."""

    view: JoinView
    call: Call
    greeted: Greeted
    matching: Offered | None = None
    timer: asyncio.TimerHandle | None = None


class Linking:
    """See the module."""

    def __init__(
        self, core: Core, peering: Peering, codes: Codes, homing: Homing, ruling: Ruling, luggage: Luggage
    ) -> None:
        self.luggage = luggage
        self._core = core
        self._peering = peering
        self._codes = codes
        self._homing = homing
        self._ruling = ruling
        self._guests: dict[bytes, _Trusted] = {}  # by the new device's id
        self._new: dict[bytes, _New] = {}  # by the attempt's id
        peering.on_event.append(self._heard)
        peering.on_over.append(self._over)

    # -- the trusted device -------------------------------------------------------------------------------------------

    async def make(self) -> CodeView:
        """A code for a new device."""
        own = self._core.persona.log.device(self._core.persona.device.device_id)
        if own is None or not own.active:
            raise BadRequest(what="This device is not trusted any more, so it can't link another.")
        if sum(not one.revoked_by for one in self._core.persona.log.devices) >= DEVICES_LIMIT:
            raise BadRequest(what=f"A person has at most {DEVICES_LIMIT} devices; take one away that you don't use.")
        return await self._codes.make(Purpose.LINK, Role.OWNER, self._opened)

    async def _opened(self, call: Call, key: CodeKey) -> bytes:
        persona = self._core.persona
        side = TrustedSide(persona.log, persona.device, key)
        if call.proved is not None:
            self._guests[call.proved.device_id] = _Trusted(call, side)
        return side.welcome(self._ruling.profile().name, self._core.entropy)

    def requests(self) -> tuple[JoinRequest, ...]:
        """New devices whose words are to be compared here."""
        return tuple(one.request for one in self._guests.values() if one.request is not None and not one.agreed)

    async def approve(self, request_id: bytes, yes: bool) -> bool:
        """The person's word; whether it was about one of ours."""
        guest = self._guests.get(request_id)
        if guest is None or guest.request is None:
            return False
        known = self._core.persona.log.device(PeerId(request_id))
        gone = known is not None and not known.active
        if yes and not gone:
            guest.agreed = True
            await self._admit(request_id)
        else:
            guest.call.answer(words.write(words.Agree(False)))
            del self._guests[request_id]
        self._core.hook.tell(RequestsChanged())
        if yes and gone:
            raise BadRequest(
                what="That device was taken away from you before, and it can't come back as what it was: put its "
                "folder of Notesapp aside, start the program on it anew, and link it then."
            )
        return True

    async def _admit(self, device: bytes) -> None:
        guest = self._guests.get(device)
        if guest is None or not guest.agreed or guest.consented is None:
            return
        core, persona = self._core, self._core.persona
        home = core.held[core.home_notebook]
        record, last = guest.consented.agree(
            home.genesis.data, persona.recovery_box, now_ms=core.clock(), entropy=core.entropy
        )
        await self._take_record(record)
        for held in list(core.held.values()):
            if held.role is None:
                continue
            hearing = await self._peering.open_volume(held)
            await hearing.learn(act=self._give_keys(), persons=[record])
        await self._homing.name_notebooks()
        self._peering.hint(device, [guest.call.link.remote])
        self._peering.memory.remember(guest.call, self._peering.network)
        guest.call.answer(words.write(words.Sealed(last)))
        del self._guests[device]
        await self._peering.refresh()
        logger.info("= device %s is ours from now on, of %s", device.hex()[:8], persona.person_id.hex()[:8])

    def _give_keys(self) -> Callable[[Scribe], object]:
        core = self._core

        def act(scribe: Scribe) -> None:
            scribe.hear(core.persona.log)
            scribe.give_keys(scribe.roster.keys_for(core.persona.device), entropy=core.entropy)

        return act

    async def _take_record(self, record: Record) -> None:
        """My person log has grown."""
        core = self._core
        core.persona, rows = grown(core.persona, [record])
        await core.outbox.put(Deed(rows=rows))
        for held in core.held.values():
            held.is_now(core.persona)

    # -- the new device -----------------------------------------------------------------------------------------------

    async def enter(self, typed: str, at: tuple[Address, ...] = (), *, bring: bool = False) -> bytes:
        """Begins to become a device of the person who made this code (`bring`: with its notes); the attempt's id."""
        await self.luggage.check(bring)
        return await self._codes.enter(typed, Purpose.LINK, self._led, at)

    async def _led(self, call: Call, key: CodeKey, sealed: bytes, join_id: bytes) -> None:
        greeted = NewSide(self._core.persona.device, key).receive(sealed)
        view = JoinView(join_id, OfferView("", greeted.name, Role.OWNER), JoinStage.PROVING)
        one = self._new[join_id] = _New(view, call, greeted)
        one.timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._fail, join_id, "Nobody agreed in time.")
        one.matching = begin_matching(DIALER, self._context(call, dialled=True), self._core.entropy)
        call.ask(words.write(words.Offer(b"", one.matching.out)))

    def joins(self) -> tuple[JoinView, ...]:
        """Our attempts to become somebody's device."""
        return tuple(one.view for one in self._new.values())

    async def confirm(self, join_id: bytes, yes: bool) -> bool:
        """The person's word; whether it was about one of ours."""
        one = self._new.get(join_id)
        if one is None or one.view.stage is not JoinStage.MATCHING:
            return False
        if yes:
            one.call.ask(words.write(words.Sealed(one.greeted.consent(self._core.entropy))))
            self._stage(one, replace(one.view, stage=JoinStage.WAITING))
        else:
            self._fail(join_id, "The words didn't match.")
        return True

    async def _become(self, one: _New, sealed: bytes) -> None:
        core, join_id = self._core, one.view.join_id
        try:
            log, linked = one.greeted.receive(sealed)
            genesis = Genesis.read(linked.home)
            become = partial(becoming, core.persona, log, linked.recovery_box, genesis)
            core.keyfile = await asyncio.to_thread(core.keyfile.with_recovery, RECOVERY_SLOT, None)
            # on the disk no later than that we are theirs: after a kill there may be no other way back to them
            self._peering.memory.remember(one.call, self._peering.network)
            try:
                core.persona = await self.luggage.go(become)
            finally:  # a kit opens this store at any time: the old person's, or the new one's
                core.keyfile = await asyncio.to_thread(
                    keep_recoverable, core.keyfile, core.key, core.persona.recovery_box
                )
        except NotesError as error:
            self._fail(join_id, error.sentence)
            return
        for notebook_id in core.library.names():
            core.library.forget_notebook(notebook_id)
        core.held.clear()
        self._peering.forget_volumes()
        core.home_notebook = genesis.notebook_id
        core.held[genesis.notebook_id] = held = Held(genesis, core.persona, core.openings, core.clock, core.entropy)
        core.hook.list_changed(None)
        if one.call.proved is not None:
            self._peering.hint(one.call.proved.device_id, [one.call.link.remote])
        self._stage(one, replace(one.view, stage=JoinStage.FETCHING, notebook_id=genesis.notebook_id))
        await self._peering.open_volume(held)
        await self._peering.refresh()
        if one.timer is not None:
            one.timer.cancel()
        self._stage(one, replace(one.view, stage=JoinStage.DONE))
        self._codes.done(join_id)
        core.tasks.start(self.luggage.unpack(), "bringing along the notes of before")

    def _fail(self, join_id: bytes, cause: str) -> None:
        one = self._new.get(join_id)
        if one is None or one.view.stage in (JoinStage.FAILED, JoinStage.DONE):
            return
        if one.timer is not None:
            one.timer.cancel()
        again = "Make a new code and try again."
        self._stage(one, replace(one.view, stage=JoinStage.FAILED, cause=cause, remedy=again))
        self._codes.done(join_id)

    def _stage(self, one: _New, view: JoinView) -> None:
        one.view = view
        self._core.hook.tell(JoinChanged(view.join_id))

    # -- what comes ---------------------------------------------------------------------------------------------------

    def _context(self, call: Call, *, dialled: bool) -> bytes:
        me = self._core.persona.device.device_id
        other = call.proved.device_id if call.proved is not None else me
        dialer, listener = (me, other) if dialled else (other, me)
        return matching_context(call.link.binding, dialer, listener, PURPOSE)

    def _heard(self, call: Call, event: Event) -> None:
        if call.proved is None or not isinstance(event, Answered | Asked):
            return
        guest = self._guests.get(call.proved.device_id)
        one = next((one for one in self._new.values() if one.call is call), None)
        try:
            if isinstance(event, Asked) and guest is not None and guest.call is call:
                self._asked(call, guest, event.data)
            elif isinstance(event, Answered) and one is not None:
                self._answered(call, one, event.data)
        except RemoteError as error:
            logger.warning("! linking a device: %s", error)
            call.close("what was said while linking can't be right")

    def _asked(self, call: Call, guest: _Trusted, data: bytes) -> None:
        device = call.proved.device_id if call.proved is not None else PeerId(b"")
        match words.read(data):
            case words.CodeProof():
                return  # the code's own last word
            case words.Offer(_, commitment) if guest.matching is None:
                offered = begin_matching(LISTENER, self._context(call, dialled=False), self._core.entropy)
                guest.matching = offered.receive(commitment)
                call.answer(words.write(words.Counter(offered.out, guest.matching.out)))
            case words.Reveal(nonce) if guest.matching is not None and guest.request is None:
                matched = guest.matching.receive(nonce)
                guest.request = JoinRequest(
                    device, b"", "", "A new device of yours", Role.OWNER, matched.words, self._core.clock()
                )
                self._core.hook.tell(RequestsChanged())
            case words.Sealed(sealed) if guest.request is not None and guest.consented is None:
                guest.consented = guest.side.receive(sealed)
                self._core.tasks.start(self._admit(device), "linking a device")
            case words.Agree(False):
                del self._guests[device]
                self._core.hook.tell(RequestsChanged())
            case _:
                raise RemoteError(reason="something else was said while linking a device")

    def _answered(self, call: Call, one: _New, data: bytes) -> None:
        match words.read(data):
            case words.Counter(commitment, nonce) if one.matching is not None:
                revealed = one.matching.receive(commitment)
                matched = revealed.receive(nonce)
                call.ask(words.write(words.Reveal(revealed.out)))
                self._stage(one, replace(one.view, stage=JoinStage.MATCHING, words=matched.words))
            case words.Sealed(sealed) if one.view.stage is JoinStage.WAITING:
                self._core.tasks.start(self._become(one, sealed), "becoming a device of somebody")
            case words.Agree(False):
                self._fail(one.view.join_id, "The other device declined.")
            case words.CodeOpen():
                return
            case _:
                raise RemoteError(reason="something else was answered while linking a device")

    def _over(self, call: Call) -> None:
        for device, guest in list(self._guests.items()):
            if guest.call is call:
                del self._guests[device]
                self._core.hook.tell(RequestsChanged())
        for join_id, one in list(self._new.items()):
            if one.call is call:
                self._fail(join_id, "The other device broke off.")

    def close(self) -> None:
        """The end of the program."""
        for one in self._new.values():
            if one.timer is not None:
                one.timer.cancel()
