"""How it stands with each bond. Decides the words from links, ways, plan and errors; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from notesapp.net.address import Address, Reach
from notesapp.net.candidate import NatClass
from notesapp.net.diagnosis import EARLY_S, REMEDIES, Cause, Facts, cause, kinds
from notesapp.net.paths import PathTable, Way
from notesapp.net.plan import DialPlan
from notesapp.net.quic_link import QuicLink
from notesapp.net.relay import Rides
from notesapp.net.standing import BondState, Stage
from notesapp.net.wall import WallWatch

SEARCHING_S: Final = 30.0  # then the person reads "offline" and why, while the search goes on
SILENT_S: Final = 8.0  # a link on which nothing is heard counts as lost to a person after that, while it is kept
UNANSWERED_S: Final = 3.0  # and that long it must have been asked in vain: one each second, and one may be lost
LOOK_S: Final = 4.0  # between looks while somebody is missing: what is said changes with time alone


class States:
    """Asks the swarm's parts; remembers since when each bond is searched, and the last error."""

    def __init__(
        self,
        links: Mapping[tuple[bytes, bytes], QuicLink],
        paths: PathTable,
        plan: DialPlan,
        rides: Rides,
        addresses: Callable[[], Collection[Address]],
        wall: WallWatch,
    ) -> None:
        self._wall = wall
        self._links, self._paths, self._plan, self._rides, self._addresses = links, paths, plan, rides, addresses
        self._told: dict[bytes, BondState] = {}
        self._errors: dict[bytes, str] = {}
        self._since: dict[bytes, float] = {}
        self._is_cut = False  # this computer has no network at all, as was seen when it changed last

    def keep(self, names: Collection[bytes], now: float) -> None:
        """Exactly these bonds from now on."""
        for held in (self._told, self._errors, self._since):
            for name in [name for name in held if name not in names]:
                del held[name]
        for name in names:
            self._since.setdefault(name, now)

    def searches(self, name: bytes, now: float) -> None:
        """The search begins anew."""
        self._since[name] = now

    def moved(self, now: float) -> None:
        """The network is another one, or there is none any more: then nobody needs to be asked to know it."""
        self._since = dict.fromkeys(self._since, now)
        self._is_cut = not self._addresses()

    def failed(self, name: bytes, error: str | None) -> None:
        """The last error; None: all is well."""
        self._errors.pop(name, None)
        if error is not None:
            self._errors[name] = error

    def news(self, name: bytes, now: float) -> BondState | None:
        """How it stands, if that is worth telling."""
        state, before = self.state(name, now), self._told.get(name)
        if before is not None and before.essence == state.essence:
            return None
        self._told[name] = state
        return state

    def is_missing(self, names: Collection[bytes]) -> bool:
        """Whether somebody has no link, or one on which nothing is heard; then also whether a firewall is why."""
        missing = bool(set(names) - {name for name, _ in self._links})
        if missing or any(link.quiet_s > SILENT_S for link in self._links.values()):
            self._wall.look()
            return True
        self._wall.rest()
        return False

    def state(self, name: bytes, now: float) -> BondState:
        """How it stands with a bond now."""
        nats = (self._plan.nat, self._plan.their_nat(name))
        mine = {run: link for (bond, run), link in self._links.items() if bond == name}
        if mine:  # a device that was killed and started again has two for a while: the dead one says nothing of it
            run = min(mine, key=lambda it: mine[it].quiet_s)
            link, remote = mine[run], self._paths.remote(name, run)
            way = remote.current if remote is not None else None
            cut = self._cut_off(link)
            silent = cut or way is None or way.suspect(now)
            why = self._silence(name, way, nats, link.quiet_s, now) if silent and not cut else None
            why = Cause.NO_NETWORK if cut else why
            ride, at = self._rides.at(link.remote), link.remote
            stage = Stage.SILENT if silent else Stage.RELAYED if ride is not None else Stage.DIRECT
            through = ride.via if ride is not None else None
            remedy = REMEDIES[why] if why is not None else None
            return BondState(stage, at.reach, at, link.lag_s, link.quiet_s, None, through, nats, why, remedy)
        return self._without(name, now)

    def _cut_off(self, link: QuicLink) -> bool:
        """Whether a link leads out of this computer, and nothing does."""
        self._is_cut = self._is_cut and not self._addresses()
        return self._is_cut and link.remote.reach is not Reach.HERE

    def _silence(
        self, name: bytes, way: Way | None, nats: tuple[NatClass, NatClass], quiet_s: float, now: float
    ) -> Cause | None:
        """Why nothing is heard over a link; None for its first seconds: a link outlives many a lost path."""
        asked_s = quiet_s if way is None or way.waiting_since is None else now - way.waiting_since
        if quiet_s < SILENT_S or asked_s < UNANSWERED_S:
            return None
        facts = self._facts(name, nats, quiet_s + EARLY_S)
        found = cause(facts)
        return found if found is not None and found is not Cause.NOT_SEEN else Cause.NO_ANSWER

    def _facts(self, name: bytes, nats: tuple[NatClass, NatClass], lasts_s: float, *, answered: bool = False) -> Facts:
        mine, theirs = self._addresses(), self._plan.their_addresses(name)
        chance, both = self._plan.chance(name), (kinds(mine), kinds(theirs))
        return Facts(bool(mine), *nats, chance, answered, lasts_s, self._wall.found, both)

    def _without(self, name: bytes, now: float) -> BondState:
        """How it stands with a bond that has no link."""
        since = self._since.get(name)
        if since is None:  # not looked for (yet): there is no cause to tell
            return BondState(Stage.OFFLINE, error=self._errors.get(name))
        searched_s = now - since
        answered = any(it.current is not None for it in self._paths.of_bond(name))
        nats = (self._plan.nat, self._plan.their_nat(name))
        why = cause(self._facts(name, nats, searched_s, answered=answered))
        stage = Stage.OFFLINE if searched_s > SEARCHING_S else Stage.SEARCHING
        if self._plan.is_punching(name, now):
            stage = Stage.PUNCHING
        remedy = REMEDIES[why] if why is not None else None
        return BondState(stage, error=self._errors.get(name), nats=nats, cause=why, remedy=remedy)
