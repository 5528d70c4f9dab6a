"""Nodes of the DHT that members told us: which of them are asked, and which are kept. Pure; asks nobody by itself.

A member may be wrong, or wicked: what he names is a rumour until it has answered as a node. Invariants: 1. each address
is asked once a day, with one packet of about 60 bytes, whoever names it how often; 2. at most `ASKED` in ten minutes
for all members together, `EACH` of one list; 3. at most `PER_NETWORK` of one /16 are ever kept, so that nobody can
surround us with nodes of his own; 4. a list of one member counts once in ten minutes.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import Final

from notesapp.identity.primitives import Entropy
from notesapp.net.address import Address, Reach
from notesapp.net.nat import network_of

EACH: Final = 8
ASKED: Final = 32
WINDOW_S: Final = 600.0
DAY_S: Final = 86_400.0
ANSWER_S: Final = 5.0
PER_NETWORK: Final = 2
KEPT: Final = 32
REMEMBERED: Final = 4_096


class Vetting:
    """`private`: a DHT of one's own, whose nodes may be anywhere; else only addresses of the internet count."""

    def __init__(self, entropy: Entropy, *, private: bool) -> None:
        self._entropy, self._private = entropy, private
        self._asked: OrderedDict[Address, float] = OrderedDict()
        self._lists: dict[bytes, float] = {}
        self._pending: dict[bytes, tuple[Address, float]] = {}
        self._window: tuple[float, int] = (-WINDOW_S, 0)
        self.kept: OrderedDict[Address, None] = OrderedDict()

    def told(self, member: bytes, nodes: Iterable[Address], known: Iterable[Address], now: float) -> list[Address]:
        """A member named these: whom to ask now."""
        if now - self._lists.get(member, -WINDOW_S) < WINDOW_S:
            return []
        self._lists[member] = now
        since, count = self._window
        if now - since >= WINDOW_S:
            since, count = now, 0
        mine = set(known)
        fresh = [it for it in dict.fromkeys(nodes) if it not in mine and self._may_be_asked(it, now)]
        chosen: list[Address] = []
        there = Counter(network_of(it) for it in self.kept)
        for it in sorted(fresh, key=lambda it: self._entropy(4)):
            if len(chosen) < min(EACH, ASKED - count) and there[network_of(it)] < PER_NETWORK:
                there[network_of(it)] += 1
                chosen.append(it)
        self._window = (since, count + len(chosen))
        for it in chosen:
            self._asked[it] = now
        while len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return chosen

    def asked(self, transaction: bytes, node: Address, now: float) -> None:
        """The question went out."""
        self._pending = {key: it for key, it in self._pending.items() if now - it[1] <= ANSWER_S}
        self._pending[transaction] = (node, now)

    def answered(self, transaction: bytes, by: Address, now: float) -> Address | None:
        """A node that is one, if this answers a question of ours; the oldest make room."""
        node, at = self._pending.get(transaction, (None, 0.0))
        if node is None or node != by or now - at > ANSWER_S:
            return None
        del self._pending[transaction]
        self.kept[node] = None
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return node

    def _may_be_asked(self, node: Address, now: float) -> bool:
        if not node.usable or ":" in node.host:
            return False
        at = self._asked.get(node)
        return (self._private or node.reach is Reach.V4) and (at is None or now - at >= DAY_S)
