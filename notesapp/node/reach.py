"""How each other device is reached, or why it isn't: for the people screen and the connection doctor.

Decides the words for a path; what stands behind them is the network's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from notesapp.net.address import Reach
from notesapp.net.candidate import NatClass
from notesapp.net.standing import BondState, Stage
from notesapp.node.core import Core
from notesapp.node.peering import Peering
from notesapp.node.people_views import ReachView

NEAR = (Reach.HERE, Reach.LAN)


def path_words(reach: Reach | None, through: str) -> str:
    """How a link goes, as a person reads it; `through` is the member who carries it."""
    match reach:
        case None:
            return ""
        case Reach.RELAY:
            return f"through {through}" if through else "through another device"
        case Reach.HERE | Reach.LAN:
            return "same network"
        case _:
            return "direct"


_ROUTERS = {
    NatClass.OPEN: "none",
    NatClass.CONSISTENT: "friendly",
    NatClass.SEQUENTIAL: "strict",
    NatClass.RANDOM: "strict",
    NatClass.BLOCKED: "no UDP",
    NatClass.UNKNOWN: "not known yet",
}
_STAGES = {
    Stage.OFFLINE: "not linked",
    Stage.SEARCHING: "being looked for",
    Stage.PUNCHING: "its address is known, nothing came through yet",
    Stage.SILENT: "nothing is heard any more",
}


def router_words(nat: str) -> str:
    """What a person calls a router of this class; a class of newer programs stays as it is."""
    return _ROUTERS.get(NatClass(nat), nat) if nat in set(NatClass) else nat


def stage_words(stage: str) -> str:
    """How far it is with somebody who isn't linked."""
    return _STAGES.get(Stage(stage), stage)


class Reaches:
    """`name_of(person, claimed)` says what somebody is called here; `claimed(person)` what he calls himself."""

    def __init__(self, core: Core, peering: Peering, name_of: Callable[[bytes], str]) -> None:
        self._core, self._peering, self._name_of = core, peering, name_of

    def owner(self, device: bytes) -> str:
        """What the person is called whose device this is; empty if nobody's that is known."""
        return next((self._name_of(person) for person, it in self._devices() if it == device), "")

    def is_lost(self, device: bytes) -> bool:
        """Whether there is a link to a device, and nothing has been heard over it for long."""
        network = self._peering.network
        return network is not None and network.state(device).is_lost

    def path(self, device: bytes, reach: Reach) -> str:
        """How the link to a device goes."""
        network = self._peering.network
        state = network.state(device) if network is not None else None
        if state is None or state.is_lost:
            return ""
        through = state.through
        return path_words(reach, self.owner(through) if through is not None else "")

    def all(self) -> tuple[ReachView, ...]:
        """Each device of others, and of my own others: how it is reached, or why not and what would help."""
        network, me = self._peering.network, self._core.persona.device.device_id
        found: dict[bytes, ReachView] = {}
        for person, device in self._devices():
            if device == me or device in found:
                continue
            state = network.state(device) if network is not None else BondState(Stage.OFFLINE)
            found[device] = self._view(person, device, state)
        return tuple(sorted(found.values(), key=lambda view: (view.name.casefold(), view.device_id)))

    def _view(self, person: bytes, device: bytes, state: BondState) -> ReachView:
        linked = state.stage in (Stage.DIRECT, Stage.RELAYED, Stage.SILENT) and not state.is_lost
        through = self.owner(state.through) if state.through is not None else ""
        vine = self._peering.faraway.grapevine
        told = vine.heard.get(device) if vine is not None else None  # who needed no record told it all the same
        theirs = told.tidings.nat if told is not None and state.nats[1] is NatClass.UNKNOWN else state.nats[1]
        return ReachView(
            person_id=person,
            name=self._name_of(person),
            device_id=device,
            stage=state.stage.value,
            path=path_words(state.via, through) if linked else "",
            address=str(state.address) if state.address is not None and state.via is not Reach.RELAY else "",
            my_nat=state.nats[0].value,
            their_nat=theirs.value,
            lag_ms=round(state.lag_s * 1000) if state.lag_s is not None else None,
            quiet_ms=round(state.quiet_s * 1000) if state.quiet_s is not None else None,
            last_seen_ms=self._peering.memory.seen.get(device),
            error=state.error,
            cause=f"{state.cause}." if state.cause is not None else None,
            remedy=str(state.remedy) if state.remedy is not None else None,
        )

    def _devices(self) -> Iterator[tuple[bytes, bytes]]:
        """(person, device) of all rosters, those that still count."""
        for held in self._core.held.values():
            for member in held.roster.members.values():
                for one in member.devices:
                    if one.active:
                        yield member.person_id, one.device_id
