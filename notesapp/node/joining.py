"""Our own attempts to join a notebook by an invite link. Decides their stages; every one ends.

A link is opened as a way, whoever answers is asked, what he gives is judged before it is kept; then it is ours.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from notesapp.errors import BadRequest, NotesError, RemoteError
from notesapp.identity import person, roster
from notesapp.identity.genesis import Genesis
from notesapp.identity.invite import InviteKeys, JoinLink, read_link
from notesapp.identity.matching import DIALER, begin_matching, matching_context
from notesapp.identity.record import Record
from notesapp.identity.redeem import Redeem
from notesapp.net.address import Address
from notesapp.net.standing import BondState, Stage
from notesapp.node import doorwords as words
from notesapp.node.acquainted import addresses_in, way_of
from notesapp.node.attempts import ENDED, Attempt, answers, offer_of, stop
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.events import JoinChanged
from notesapp.node.held import Held, rows_of
from notesapp.node.hosting import PURPOSE
from notesapp.node.indexes import name_setting
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.node.people_views import JoinStage, JoinView, OfferView
from notesapp.node.seeking import AGAIN_S, AWAY, Why, explained
from notesapp.store.rows import Batch
from notesapp.sync.events import Answered, Event, PeerHas, Synced
from notesapp.sync.handshake import Proved

logger = logging.getLogger(__name__)

ANSWER_S = 5.0  # at the door; then another is knocked at, if there is one
LIFETIME_S = 3600.0  # of a search, of the wait for approval
LINGER_S = 5.0  # the link by the invite lives until the devices have found each other as members
RECORDS_LIMIT = 65_536
REMEDY = "Ask the other person to open Notesapp, and check that both computers are online."
NOBODY = Why("Nobody who can let you in by this invite was found yet.", REMEDY)


class Joining:
    """See the module."""

    def __init__(self, core: Core, peering: Peering) -> None:
        self._core = core
        self._peering = peering
        self._joins: dict[bytes, Attempt] = {}
        self.name: Callable[[], str] = lambda: ""
        self.taken_up: list[Callable[[bytes], None]] = []  # told of it before anything of it comes
        self.welcomed: list[Callable[[bytes], None]] = []  # told of a notebook that has just become one of ours
        peering.on_proved.append(self._proved)
        peering.on_event.append(self._heard)
        peering.on_over.append(self._over)

    def look(self, text: str) -> OfferView:
        """What an invite claims; never joins. BadRequest if it is of no use here: ended, my own, or for a member."""
        return offer_of(self._useful(text))

    def _useful(self, text: str) -> JoinLink:
        link = read_link(text)
        if link.ends_ms and self._core.clock() >= link.ends_ms:
            raise BadRequest(what="That invite has ended; ask for a new one.")
        held = self._core.held.get(link.notebook)
        if held is not None and held.role is not None:
            raise BadRequest(what=f"You are a member of “{held.name}” already; that invite is for somebody else.")
        way = self._peering.ways.get(InviteKeys.from_seed(link.seed).public)
        if way is not None and way.host:
            raise BadRequest(what="That is your own invite; send it to somebody else.")
        return link

    def views(self) -> tuple[JoinView, ...]:
        """All attempts of this run."""
        return tuple(join.view for join in self._joins.values())

    async def join(self, text: str, at: Iterable[Address] = (), join_id: bytes | None = None) -> bytes:
        """Begins to join by an invite; the attempt's id, the given one if it goes on with another."""
        link = self._useful(text)
        keys = InviteKeys.from_seed(link.seed)
        if (running := self._joins.get(keys.public)) is not None and running.view.stage not in ENDED:
            return running.view.join_id
        view = JoinView(join_id or keys.public, offer_of(link), JoinStage.SEARCHING)
        join = self._joins[keys.public] = Attempt(view, link, keys, since=asyncio.get_running_loop().time())
        self._wait(join, LIFETIME_S, self._unanswered)
        self._look(join)
        self._core.hook.tell(JoinChanged(view.join_id))
        await self._peering.open_way(way_of(keys, host=False), (*at, *addresses_in(link)))
        return view.join_id

    async def cancel(self, join_id: bytes) -> None:
        """The person has had enough."""
        join = next((one for one in self._joins.values() if one.view.join_id == join_id), None)
        if join is not None and join.view.stage not in ENDED:
            await self._end(join, JoinStage.FAILED, "It was cancelled.")

    async def finished(self, join_id: bytes) -> JoinView:
        """How it ended."""
        if (join := next((one for one in self._joins.values() if one.view.join_id == join_id), None)) is None:
            raise BadRequest(what="There is no such attempt to join.")
        await join.over.wait()
        return join.view

    # -- what happens -------------------------------------------------------------------------------------------------

    def _proved(self, call: Call, proved: Proved) -> None:
        join = self._joins.get(proved.invite_id or b"")
        if join is None or not proved.dialled or call.session is None or join.view.stage in ENDED or join.is_given:
            return
        if join.view.stage is JoinStage.FETCHING:
            return
        if answers(join.call) and proved.device_id != join.device and not self._stands(join):
            return  # another is asked if this one doesn't answer
        join.turn_to(call)
        me, binding = self._core.persona, call.link.binding
        context = matching_context(binding, me.device.device_id, proved.device_id, PURPOSE)
        matching = join.knocked[call] = begin_matching(DIALER, context, self._core.entropy)
        name = self.name()[:80]
        redeem = Redeem.make(join.keys, join.link.notebook, me.log, me.device.device_id, binding, name)
        self._stage(join, JoinStage.PROVING)
        self._say(join, words.Knock(redeem.write(), matching.out))
        self._wait(join, ANSWER_S, self._unheard)

    def _heard(self, call: Call, event: Event) -> None:
        match event:
            case Answered(data):
                join = next((one for one in self._joins.values() if call in one.knocked), None)
                if join is not None and join.view.stage not in ENDED and not join.is_given:
                    self._answered(join, call, data)
            case PeerHas(notebook) | Synced(notebook):
                for join in self._joins.values():
                    if join.view.stage is JoinStage.FETCHING and join.view.notebook_id == notebook:
                        self._fetched(join, call, complete=isinstance(event, Synced))
            case _:
                pass

    def _stands(self, join: Attempt) -> bool:
        """Whether he who was asked lets us stand, where a person must approve: then another may come first."""
        return join.view.stage is JoinStage.PROVING and join.view.offer.approval

    def _answered(self, join: Attempt, call: Call, data: bytes) -> None:
        """Of several doors that were knocked at the first to answer counts, and whoever lets us in."""
        try:
            word = words.read(data)
            if call is not join.call:
                if join.genesis or not (isinstance(word, words.Admitted) or join.view.stage is JoinStage.PROVING):
                    return
                join.turn_to(call)
            match word:
                case words.Wait(commitment, nonce):
                    revealed = join.knocked[call].receive(commitment)
                    matched = revealed.receive(nonce)
                    self._say(join, words.Reveal(revealed.out))
                    self._stage(join, JoinStage.WAITING, words=matched.words)
                    self._wait(join, LIFETIME_S, self._unanswered)
                case words.Refused(reason):
                    self._fail(join, f"You can't join: {reason}.", "Ask for a new invite.")
                case words.Admitted(genesis, records, more):
                    join.genesis = genesis
                    join.records += records
                    if len(join.records) > RECORDS_LIMIT:
                        raise RemoteError(reason="a notebook has too many records")
                    if not more:
                        join.is_given = True
                        self._core.tasks.start(self._welcome(join), "joining a notebook")
                case _:
                    raise RemoteError(reason="something else was answered at the door of an invite")
        except RemoteError as error:
            self._fail(join, error.sentence, "Ask for a new invite.")

    async def _welcome(self, join: Attempt) -> None:
        """We are a member, if what was given says so."""
        try:
            held, rows = self._judged(join)
        except NotesError as error:
            self._fail(join, error.sentence, "Ask for a new invite.")
            return
        core, notebook = self._core, held.notebook_id
        held.name = join.link.notebook_name or "Shared"
        rows = replace(rows, settings={name_setting(notebook): held.name.encode()})
        if (before := core.held.get(notebook)) is not None:  # we were a member once: what we have stays
            hearing = await self._peering.open_volume(before)
            persons = [record for log in held.logs.values() for record in log.records]
            await hearing.learn(rosters=held.roster.records, persons=persons)
            held = before
        else:
            await core.outbox.put(Deed(rows=rows))
            core.held[notebook] = held
            core.library.put_notebook(notebook, held.name)
            core.hook.list_changed(None)
        for hear in self.taken_up:
            hear(notebook)
        self._stage(join, JoinStage.FETCHING, notebook_id=notebook)
        self._wait(join, LIFETIME_S, self._unanswered)
        if join.call is not None and join.call.proved is not None:
            self._peering.hint(join.call.proved.device_id, [join.call.link.remote])
            self._peering.memory.remember(join.call, self._peering.network)
        await self._peering.open_volume(held)
        await self._peering.refresh()
        for hear in self.welcomed:
            hear(notebook)

    def _judged(self, join: Attempt) -> tuple[Held, Batch]:
        core, genesis = self._core, Genesis.read(join.genesis)
        if genesis.notebook_id != join.link.notebook:
            raise RemoteError(reason="another notebook was given than the one in the invite")
        persons: list[Record] = []
        rosters: list[Record] = []
        for data in join.records:
            if data.startswith(person.DOMAIN):
                persons.append(person.read_record(data))
            else:
                rosters.append(roster.read_record(data))
        held = Held(genesis, core.persona, core.openings, core.clock, core.entropy, rosters=rosters, persons=persons)
        if held.role is None:
            raise RemoteError(reason="the records that were given don't make you a member")
        return held, Batch(records=rows_of(held.notebook_id, rosters, persons, genesis=genesis.data))

    def _fetched(self, join: Attempt, call: Call, *, complete: bool) -> None:
        notebook = join.view.notebook_id
        hearing = self._peering.volumes.get(notebook or b"")
        if hearing is None or notebook is None or call.session is None:
            return
        told = call.session.told(notebook)
        have = {feed: mark.index for feed, mark in hearing.volume.book.frontier.marks().items()}
        total = sum(index + 1 for index in told.values())
        done = sum(index + 1 for index in have.values())
        if call.session.is_current(notebook):
            complete = complete or join.caught_up(told, have, asyncio.get_running_loop().time())
        join.view = replace(join.view, done=done, total=max(total, done))
        if complete:
            self._core.tasks.start(self._end(join, JoinStage.DONE), "ending a join")
        else:
            self._core.hook.tell(JoinChanged(join.view.join_id))

    def _over(self, call: Call) -> None:
        for join in self._joins.values():
            join.knocked.pop(call, None)
            if join.call is call:
                join.call, join.since = None, asyncio.get_running_loop().time()
                if not join.is_given and join.view.stage in (JoinStage.PROVING, JoinStage.WAITING):
                    self._stage(join, JoinStage.SEARCHING)  # it is dialled again by itself
                    self._wait(join, LIFETIME_S, self._unanswered)
                    self._knock_elsewhere(join)

    def _knock_elsewhere(self, join: Attempt, *, again: bool = True) -> None:
        """Several may open the same invite's door: asks another one that is linked, best one who wasn't asked yet."""
        doors = [
            call for call in self._peering.sessions() if call is not join.call and (again or call not in join.knocked)
        ]
        for call in sorted(doors, key=lambda call: call in join.knocked):
            proved = call.proved
            if proved is not None and proved.dialled and proved.invite_id == join.keys.public:
                join.call = None
                self._proved(call, proved)
                return

    # -- while nobody is found ----------------------------------------------------------------------------------------

    def _unheard(self, join: Attempt) -> None:
        """Whoever has the door lets us stand there; what he answers later counts as well."""
        self._wait(join, LIFETIME_S, self._unanswered)
        self._knock_elsewhere(join, again=False)

    def _look(self, join: Attempt) -> None:
        """Whoever waits before the screen reads how far it is, and why it lasts, while the search goes on."""
        if join.view.stage in ENDED or not self._core.tasks.is_open:
            return
        if join.call is not None and not answers(join.call) and join.view.stage is not JoinStage.FETCHING:
            self._knock_elsewhere(join)
        loop = asyncio.get_running_loop()
        join.looks = loop.call_later(AGAIN_S, self._look, join)
        otherwise = AWAY if join.view.stage is JoinStage.FETCHING else NOBODY
        lasts_s = loop.time() - join.since
        view = explained(join.view, self._state(join), self._peering.faraway.view, otherwise, lasts_s)
        if view != join.view:
            join.view = view
            self._core.hook.tell(JoinChanged(view.join_id))

    def _state(self, join: Attempt) -> BondState | None:
        """How it stands with the one who is looked for; None if nobody is."""
        network = self._peering.network
        match join.view.stage:
            case JoinStage.SEARCHING | JoinStage.PROVING:
                return network.state(join.keys.public) if network is not None else BondState(Stage.OFFLINE)
            case JoinStage.FETCHING if self._peering.session_with(join.device) is None and join.call is None:
                return network.state(join.device) if network is not None else BondState(Stage.OFFLINE)
            case _:
                return None

    # -- ends ---------------------------------------------------------------------------------------------------------

    def _unanswered(self, join: Attempt) -> None:
        self._fail(join, join.view.cause or "The other device didn't answer in time.", REMEDY)

    def _fail(self, join: Attempt, cause: str, remedy: str) -> None:
        if self._core.tasks.is_open:
            self._core.tasks.start(self._end(join, JoinStage.FAILED, cause, remedy), "ending a join")

    async def _end(self, join: Attempt, stage: JoinStage, cause: str | None = None, remedy: str | None = None) -> None:
        if join.view.stage in ENDED:
            return
        stop(join)
        self._stage(join, stage, cause=cause, remedy=remedy)
        join.over.set()
        if stage is JoinStage.DONE:
            await asyncio.sleep(LINGER_S)
        await self._peering.close_way(join.keys.public)

    def close(self) -> None:
        """The end of the program."""
        for join in self._joins.values():
            stop(join)

    def _stage(self, join: Attempt, stage: JoinStage, **facts: object) -> None:
        told = {"cause": None, "remedy": None, "seen": False} | facts
        join.view = replace(join.view, stage=stage, **told)  # type: ignore[arg-type]  # fields of the view
        self._core.hook.tell(JoinChanged(join.view.join_id))

    def _wait(self, join: Attempt, wait_s: float, then: Callable[[Attempt], None]) -> None:
        if join.timer is not None:
            join.timer.cancel()
        join.timer = asyncio.get_running_loop().call_later(wait_s, then, join)

    def _say(self, join: Attempt, word: words.Word) -> None:
        if join.call is not None:
            join.call.ask(words.write(word))
