"""Asks DHT nodes under which address they see our port. Decides whom and how often; `nat` concludes.

Invariants: 1. a node is asked at most once in 15 s from one network (nodes block who asks 50 times in 10 s), and 30 in
a round; 2. an answer counts only from whom it was asked of, with its own transaction, within 5 s; 3. nobody else is
remembered.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from notesapp.identity.primitives import Entropy
from notesapp.net import krpc
from notesapp.net.address import Address, Reach
from notesapp.net.nat import FOR_A_CLASS, NatReport, Seen, classified, network_of

AT_ONCE = 5  # each in another network
ROUNDS_S = (0.0, 0.4, 1.0, 2.0, 16.0, 32.0)  # after the beginning; while fewer than three have answered
AGAIN_S = 300.0  # a router may have been restarted
EACH_S = 15.0
DOUBT_S = 5.0  # from one round to the next, if somebody fell silent: others are asked then
ANSWER_S = 5.0
SOON_S = 1.0  # in another network a node is asked again as soon: it sees another address of us
STILL_S = 4.0  # what was heard before a cable came or went counts for so long, unless somebody says otherwise
KNOWN = 200
PENDING = 64
SEEN = 16
IN_VAIN_S = 1.5

Answers = OrderedDict[bytes, tuple[Seen, float]]  # by the mirror's network, the latest last


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Where one more port of ours (`mine`) is seen."""

    mine: int
    outside: Address


class Mirror:
    """Give it nodes, answers and the time (seconds); it calls `send(packet, address)`."""

    def __init__(self, entropy: Entropy, send: Callable[[bytes, Address], bool]) -> None:
        self._entropy, self._send = entropy, send
        self._nodes: OrderedDict[Address, float] = OrderedDict()  # when it was asked last; the least recent first
        self._pending: OrderedDict[bytes, tuple[Address, float]] = OrderedDict()
        self._seen: Answers = OrderedDict()
        self._members: Answers = OrderedDict()
        self._asked = set[Address]()  # in this network
        self._began_at, self._round, self._answers = -math.inf, len(ROUNDS_S), 0
        self._doubted = False

    def know(self, nodes: Iterable[Address]) -> None:
        """Nodes that may be asked, beside those known."""
        for node in nodes:
            if node.usable and ":" not in node.host:
                self._nodes.setdefault(node, -math.inf)
        while len(self._nodes) > KNOWN:
            self._nodes.popitem(last=False)

    def begin(self, now: float, *, keeps: bool = False) -> None:
        """Another network, or the first: asks anew, what was heard is void; later, if it `keeps` its addresses."""
        if not keeps:
            self._seen.clear()
            self._members.clear()
        self._pending.clear()
        for node, asked_at in self._nodes.items():
            self._nodes[node] = min(asked_at, now + SOON_S - EACH_S)
        self._begin(now)

    def _begin(self, now: float) -> None:
        self._doubted = False
        self._asked.clear()
        self._began_at, self._round, self._answers = now, 0, 0

    def doubt(self, now: float) -> None:
        """Somebody fell silent: our router may have been restarted, which no cable tells. Asks anew, soon."""
        self._doubted = True
        self._look_again(now)

    def _look_again(self, now: float) -> None:
        if self._doubted and now - self._began_at >= DOUBT_S:
            self._begin(now)

    def more(self, now: float) -> None:
        """More nodes are known: goes on with them, if fewer than three have answered."""
        if self._answers < FOR_A_CLASS:
            self._began_at, self._round = now, 0

    def due(self, now: float) -> None:
        """Asks whom it is time to ask."""
        self._look_again(now)
        if now - self._began_at >= AGAIN_S:
            self._began_at, self._round, self._answers = now, 0, 0
        while self._round < len(ROUNDS_S) and now >= self._began_at + ROUNDS_S[self._round]:
            self._round += 1
            if self._answers < FOR_A_CLASS:
                self._asked |= self._ask(AT_ONCE, 0, now)

    def wake_at(self) -> float:
        """When `due` has something next."""
        next_s = ROUNDS_S[self._round] if self._round < len(ROUNDS_S) else AGAIN_S
        return self._began_at + min(next_s, DOUBT_S if self._doubted else next_s)

    def ask(self, mine: int, now: float) -> None:
        """Asks two nodes from one more port of ours."""
        self._ask(2, mine, now)

    def receive(self, data: bytes, address: Address, now: float) -> Mirrored | bool:
        """Whether this was an answer that we wait for; what it says of another port than the app's."""
        said = krpc.answer(data)
        if said is None:
            return False
        us = said.us
        asked, at = self._pending.get(said.transaction, (None, 0.0))
        if asked != address or now - at > ANSWER_S:
            return False
        del self._pending[said.transaction]
        if us is None:
            return True
        if address.mine:
            return Mirrored(address.mine, us)
        self._answers += 1
        _keep(self._seen, Seen(address, us), now)
        return True

    def told_by(self, server: Address, us: Address, now: float) -> None:
        """A server that the person named told where it sees the app's port."""
        self._answers += 1
        _keep(self._seen, Seen(server, us), now)

    def seen_by(self, member: Address, us: Address, now: float) -> None:
        """A member told where it sees the app's port."""
        if member.reach in (Reach.V4, Reach.V6):
            _keep(self._members, Seen(member, us), now)

    def report(self, ours: Iterable[Address], now: float) -> NatReport:
        """What follows from all that was heard: in this round, if that is enough."""
        kept = [*self._members.values(), *self._seen.values()]
        recent = [seen for seen, at in kept if at >= self._began_at]
        answers = recent if len(recent) >= FOR_A_CLASS else [seen for seen, _ in kept]
        if self._asked and not self._answers and now - self._began_at >= STILL_S:
            answers = recent
        waited = self._answers > 0 or now - self._began_at >= IN_VAIN_S
        return classified(answers, ours, len(self._asked) if waited else 0)

    def _ask(self, count: int, mine: int, now: float) -> set[Address]:
        """Whom it asked."""
        networks = {it for it, (_, at) in self._seen.items() if at >= self._began_at and not mine}
        chosen: list[Address] = []
        for node, asked_at in self._nodes.items():
            if len(chosen) < count and now - asked_at >= EACH_S and network_of(node) not in networks:
                networks.add(network_of(node))
                chosen.append(node)
        sent = set[Address]()
        for node in chosen:
            self._nodes[node] = now
            self._nodes.move_to_end(node)
            transaction = self._entropy(krpc.TRANSACTION_BYTES)
            there = Address(node.host, node.port, 0, mine)
            if self._send(krpc.ping(transaction, self._entropy(krpc.NODE_ID_BYTES)), there):
                self._pending[transaction] = (there, now)
                sent.add(node)
        while len(self._pending) > PENDING:
            self._pending.popitem(last=False)
        return sent


def _keep(into: Answers, seen: Seen, now: float) -> None:
    network = network_of(seen.mirror)
    into.pop(network, None)
    into[network] = (seen, now)
    while len(into) > SEEN:
        into.popitem(last=False)
