"""What the doctor says of the network: everything a connection needs, one finding each. Decides words; changes nothing.

A look from both ends takes a member's device that is linked now: pings over the way in use, and what the other end
says of its own router, mapping, clock and DHT.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from notesapp.errors import NobodyToLookWith
from notesapp.net.address import Reach
from notesapp.net.candidate import NatClass
from notesapp.net.clock import ClockReport, judged, span
from notesapp.net.dht import DhtState
from notesapp.net.diagnosis import ONLY_V6, Wall, kinds
from notesapp.net.grapevine import Closer, Grapevine
from notesapp.net.internet import InternetReport
from notesapp.net.nat import FOR_A_CLASS, NatReport
from notesapp.net.nearby import OFF
from notesapp.node import firewall
from notesapp.node.core import Core
from notesapp.node.peering import Peering
from notesapp.node.people_views import CloserView, MemberView, ReachView
from notesapp.node.reach import Reaches, path_words, router_words, stage_words
from notesapp.store.doctor import Finding, Level

SOON = "Look again soon."
LOG_IN_OR = (
    "Log in if the network asks for it, use another one (a phone's hotspot), or ask its owner to allow UDP. If other "
    "nodes are set to be asked first, look whether they are right."
)
LOG_IN = "Log in if the network asks for it, use another one (a phone's hotspot), or ask its owner to allow UDP."
OTHERS = "If people aren't reached, name other nodes to ask first, or use another network."
MEET = "Meet once in one network, or join by a link of somebody who is reached without it."
SET_IT = "Let the system set its clock by itself; more than three hours off, nobody is found on the internet."


@dataclass(frozen=True, slots=True)
class ClockView:
    """`with_whom`: whose clocks were compared."""

    unix_ms: int
    report: ClockReport
    with_whom: tuple[str, ...]


class NetworkDoctor:
    """See the module."""

    def __init__(self, core: Core, peering: Peering, reaches: Reaches) -> None:
        self._core, self._peering, self._reaches = core, peering, reaches

    # -- what is seen from here ---------------------------------------------------------------------------------------

    def findings(self, me: MemberView, reaches: tuple[ReachView, ...]) -> tuple[Finding, ...]:
        """All of them, in the order in which one thing needs the other."""
        internet = self._peering.faraway.view
        report = internet.report
        found = [self._identity(me), *self._here()]
        if internet.choice.agreed is not True:
            sentence = "People far away are not looked for."
            found.append(
                Finding(
                    Level.WARN,
                    "internet",
                    sentence,
                    "`notesapp internet on`, or the switch in the settings, changes that.",
                )
            )
        elif report is not None:
            found += [dht_finding(report), self._nat(report), _mapping(report, wanted=internet.choice.mapping)]
        return (*found, self._clock(), *(_reach(it) for it in reaches))

    async def ask_anew(self) -> None:
        """Lets members say how it stands there now; takes a second at most."""
        if (vine := self._vine()) is not None:
            await vine.ask_anew()

    def clock(self) -> ClockView:
        """Ours beside the members'."""
        vine = self._vine()
        heard = vine.heard if vine is not None else {}
        names = dict.fromkeys(self._reaches.owner(device) or "a device of yours" for device in heard)
        return ClockView(self._core.clock(), judged([it.ahead_ms for it in heard.values()]), tuple(names))

    def _identity(self, me: MemberView) -> Finding:
        device = self._core.persona.device.device_id.hex()[:8]
        sentence = f"You are {me.name} ({' '.join(me.words)}); this device is {device}."
        return Finding(Level.OK, "identity", sentence)

    def _here(self) -> Iterator[Finding]:
        network, trouble = self._peering.network, self._core.troubles.get("network")
        if network is None:
            if trouble is not None:
                yield Finding(Level.BAD, "port", trouble)
            elif self._peering.online:
                yield Finding(
                    Level.OK, "port", "No port is open, because nobody is to be reached: nothing is shared yet."
                )
            else:
                yield Finding(Level.WARN, "port", "Sharing is switched off, so nobody is reached.")
            return
        report, where = network.report, ", ".join(str(it) for it in network.addresses())
        if not where:
            yield Finding(Level.BAD, "addresses", "This computer has no network.", "Connect it to one.")
        else:
            usual = "" if report.is_usual_port else " (not the usual one, so a broadcast can't find it)"
            yield Finding(Level.OK, "addresses", f"UDP port {report.port}{usual}; this computer is at {where}.")
        if report.wall is not Wall.NONE:
            way = "in to" if report.wall is Wall.IN else "out of"
            sentence = f"A firewall on this computer lets nothing {way} UDP port {report.port}."
            yield Finding(Level.BAD, "firewall", sentence, firewall.remedy(report.port, firewall.allowing(report.port)))
        if report.announcing_fails is None and (not where or report.wall is not Wall.NONE):
            return  # what was just said holds for multicast, too
        if report.announcing_fails is None:
            yield Finding(Level.OK, "mdns", "Devices in the same network are found by multicast DNS.")
        elif report.announcing_fails == OFF:
            yield Finding(Level.OK, "mdns", "Nothing is announced in this network: it is switched off.")
        elif report.announcing_fails is not None:
            remedy = "Allow multicast (UDP port 5353) in the firewall; links with addresses work without it."
            sentence = f"Nobody in the same network sees this device by multicast DNS: {report.announcing_fails}."
            yield Finding(Level.WARN, "mdns", sentence, remedy)

    def _nat(self, report: InternetReport) -> Finding:
        network = self._peering.network
        if network is None or kinds(network.addresses()) != ONLY_V6:
            return nat_finding(report)
        remedy = "People who have only IPv4 are reached through a member who has both."
        return Finding(Level.OK, "nat", "This computer has only IPv6, where no router changes ports.", remedy)

    def _clock(self) -> Finding:
        it = self.clock()
        now = datetime.fromtimestamp(it.unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
        report, whose = it.report, _joined(it.with_whom)
        if not report.compared:
            sentence = f"The clock says {now}; nobody is connected with whose clock it could be compared."
            return Finding(Level.OK, "clock", sentence, "If that is hours wrong, nobody is found on the internet.")
        if report.fine:
            return Finding(Level.OK, "clock", f"The clock says {now}, and so it does at {whose}.")
        behind = "behind" if report.ahead_ms > 0 else "ahead of"
        sentence = f"This computer's clock ({now}) is {span(report.ahead_ms)} {behind} the clock of {whose}"
        if not report.sure:
            return Finding(Level.WARN, "clock", f"{sentence}: one of the two is wrong.", SET_IT)
        return Finding(Level.BAD, "clock", f"{sentence}.", SET_IT)

    # -- from both ends -----------------------------------------------------------------------------------------------

    async def look_closer(self, member: MemberView) -> tuple[CloserView, ...]:
        """Looks at each linked device of a person from both ends; `NobodyToLookWith`."""
        vine, found = self._vine(), []
        for device in member.devices:
            closer = await vine.look_closer(device.device_id) if vine is not None and not device.this else None
            if closer is not None:
                found.append(self._closer(member.name, device.device_id, closer))
        if not found:
            views = [it for it in self._reaches.all() if it.person_id == member.person_id]
            why = next(
                (f"{it.cause} {it.remedy or ''}".strip() for it in views if it.cause), "no device is linked now."
            )
            raise NobodyToLookWith(name=member.name, why=why)
        return tuple(found)

    def _closer(self, name: str, device: bytes, it: Closer) -> CloserView:
        theirs = it.theirs.tidings if it.theirs is not None else None
        return CloserView(
            name=name,
            device_id=device,
            path=self._reaches.path(device, it.way.reach),
            address=str(it.way) if it.way.reach is not Reach.RELAY else "",
            sent=it.sent,
            answered=len(it.lags_s),
            lag_ms=round(statistics.median(it.lags_s) * 1000, 1) if it.lags_s else None,
            worst_ms=round(max(it.lags_s) * 1000, 1) if it.lags_s else None,
            sees_us_at=str(it.seen_as) if it.seen_as is not None else "",
            told=theirs is not None,
            nat=theirs.nat.value if theirs is not None else "",
            external=str(theirs.external or "") if theirs is not None else "",
            mapped=str(theirs.mapped or "") if theirs is not None else "",
            relays=theirs is not None and theirs.relays,
            dht=theirs.dht.value if theirs is not None else "",
            dht_nodes=theirs.answering if theirs is not None else 0,
            clock_ahead_ms=it.theirs.ahead_ms if it.theirs is not None else None,
        )

    def _vine(self) -> Grapevine | None:
        return self._peering.faraway.grapevine


def dht_finding(report: InternetReport) -> Finding:
    """How it stands with the phone book."""
    dht = report.dht
    if dht.state is DhtState.READY:
        return Finding(Level.OK, "dht", f"The phone book (DHT) answers: {dht.nodes} nodes.")
    if dht.state is DhtState.JOINING:
        return Finding(Level.WARN, "dht", f"The phone book (DHT) is being joined: {dht.nodes} nodes so far.", SOON)
    off = "it is switched off" if dht.state is DhtState.OFF else "there is no engine for it on this system"
    why = dht.trouble or off
    if dht.state is DhtState.MISSING:  # nothing of the network's can mend that
        return Finding(Level.WARN, "dht", f"The phone book (DHT) can't be used: {why}.", MEET)
    remedy = "Look at the firewall, at a page to log in on (hotels, trains), or name other nodes to ask first."
    return Finding(Level.BAD, "dht", f"The phone book (DHT) can't be used: {why}.", remedy)


def nat_finding(report: InternetReport) -> Finding:
    """What mirrors see of the router, and who told."""
    nat = report.nat
    told = f"{len(nat.answers)} of {nat.asked} mirrors answered"
    seen = f" at {nat.external}" if nat.external is not None else ""
    heard = _heard(nat)
    behind = f" ({heard})" if heard else ""
    match nat.nat.value:
        case "open":
            return Finding(Level.OK, "nat", f"No router is in the way: others see this computer{seen}. {told}{behind}.")
        case "consistent":
            return Finding(Level.OK, "nat", f"The router is friendly: all see this computer{seen}. {told}{behind}.")
        case "sequential" | "random":
            how = "one after the other" if nat.nat is NatClass.SEQUENTIAL else "at random"
            sentence = f"The router is strict: it uses another port for each connection ({how}). {told}{behind}."
            remedy = "People behind friendly routers are reached all the same; port mapping or IPv6 helps with others."
            return Finding(Level.WARN, "nat", sentence, remedy)
        case "blocked":
            sentence = f"This network lets no UDP through: none of {nat.asked} mirrors answered."
            return Finding(Level.BAD, "nat", sentence, LOG_IN)
        case _ if not nat.asked and report.dht.state is DhtState.ALONE:
            sentence = (
                "What the router does can't be told, because nobody outside answers: this network may let no UDP "
                "through."
            )
            return Finding(Level.WARN, "nat", sentence, LOG_IN_OR)
        case _ if len({it.us.host for it in nat.answers}) >= FOR_A_CLASS:
            sentence = f"Who sees this computer from outside doesn't agree where it is. {told}{behind}."
            return Finding(Level.WARN, "nat", sentence, OTHERS)
        case _ if not nat.asked and report.dht.state is not DhtState.READY:
            sentence = "What the router does isn't known yet: nobody who could see it from outside has answered so far."
            remedy = "It shows as soon as the phone book (DHT) or a member answers."
            return Finding(Level.WARN, "nat", sentence, remedy)
        case _:
            return Finding(Level.WARN, "nat", f"What the router does isn't known yet. {told}{behind}.", SOON)


def _heard(nat: NatReport) -> str:
    """Who sees us where, those together who see the same."""
    seen: dict[str, list[str]] = {}
    for it in nat.answers[:5]:
        seen.setdefault(str(it.us), []).append(str(it.mirror))
    return "; ".join(f"seen at {us} by {', '.join(them)}" for us, them in seen.items())


def _mapping(report: InternetReport, *, wanted: bool) -> Finding:
    if report.mapped is not None:
        return Finding(Level.OK, "mapping", f"The router keeps {report.mapped} open for this computer.")
    if not wanted:
        return Finding(Level.OK, "mapping", "The router isn't asked to open a port.")
    return Finding(Level.OK, "mapping", f"The router opens no port: {report.mapping_fails or 'it was not asked yet'}.")


def _reach(it: ReachView) -> Finding:
    routers = f"routers: {router_words(it.my_nat)} here, {router_words(it.their_nat)} there"
    if it.path and it.stage != "silent":
        lag = f", {it.lag_ms} ms" if it.lag_ms is not None else ""
        if it.path == path_words(Reach.LAN, ""):  # no router is between them
            return Finding(Level.OK, "reach", f"{it.name}: {it.path}{lag}.")
        return Finding(Level.OK, "reach", f"{it.name}: {it.path}{lag} ({routers}).")
    if it.path:
        return Finding(Level.WARN, "reach", f"{it.name}: {it.path}, silent now ({routers}).")
    why = it.cause or (f"Last: {it.error}." if it.error else "")
    sentence = f"{it.name}: {stage_words(it.stage)} ({routers}). {why}".rstrip()
    return Finding(Level.WARN, "reach", sentence, it.remedy or "")


def _joined(names: tuple[str, ...]) -> str:
    return ", ".join([*names[:3], *([f"{len(names) - 3} more"] if len(names) > 3 else [])])
