"""One walk through the DHT towards a target: whom to ask next. Pure: knows answers and times (seconds).

Kademlia's iterative lookup with little patience: a node that hasn't answered in 0.7 s is passed by, so that one dead
node doesn't hold up the rest. It ends when the 8 nearest that answer have been asked, or after 4 s, or 80 questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notesapp.net.address import Address
from notesapp.net.krpc import Answer, Node

WIDTH = 8  # nearest nodes that count
AT_ONCE = 6
FIRST = 10  # of the nodes known before, whose ids aren't
PATIENCE_S = 0.7
LATE_S = 2.5  # before the walk ends for lack of answers: a busy machine is no dead one
WALK_S = 4.0
QUESTIONS = 80


@dataclass(frozen=True, slots=True)
class Near:
    """A node that answered: what is near the target may be stored there with its token."""

    node_id: bytes
    address: Address
    token: bytes | None


class Walk:
    """Ask `due` whom to ask, tell `answered`; `nearest` says who answered, the nearest first."""

    def __init__(self, target: bytes, known: Iterable[Address], now: float) -> None:
        self._target = int.from_bytes(target, "big")
        self._first = list(dict.fromkeys(known))[:FIRST]
        self._found: dict[Address, bytes] = {}
        self._asked: dict[Address, float] = {}
        self._answered: dict[Address, Near] = {}
        self._passed = set[Address]()
        self._ends_at = now + WALK_S

    def due(self, now: float) -> list[Address]:
        """Whom to ask now."""
        if self.is_over(now):
            return []
        waiting = sum(1 for it, at in self._asked.items() if it not in self._answered and now - at < PATIENCE_S)
        room = min(AT_ONCE - waiting, QUESTIONS - len(self._asked))
        chosen = self._next(now)[: max(0, room)]
        self._asked |= dict.fromkeys(chosen, now)
        return chosen

    def passed(self, address: Address) -> None:
        """A node that was due was not asked: nobody waits for it."""
        del self._asked[address]
        self._passed.add(address)

    def answered(self, address: Address, answer: Answer) -> None:
        """A node that was asked answered."""
        if address not in self._asked or address in self._answered:
            return
        self._answered[address] = Near(answer.node_id, address, answer.token)
        self._found[address] = answer.node_id
        for node in answer.nodes:
            self._found.setdefault(node.address, node.node_id)

    def is_over(self, now: float) -> bool:
        """Whether there is nothing more to ask or to wait for."""
        if now >= self._ends_at:
            return True
        enough = PATIENCE_S if len(self._answered) >= WIDTH else LATE_S
        waiting = any(it not in self._answered and now - at < enough for it, at in self._asked.items())
        return not waiting and not self._next(now)

    def wake_at(self, now: float) -> float:
        """When patience with somebody ends."""
        ends = [at + s for it, at in self._asked.items() if it not in self._answered for s in (PATIENCE_S, LATE_S)]
        return min([self._ends_at, *(it for it in ends if it > now)])

    @property
    def nearest(self) -> list[Near]:
        """Those who answered."""
        return sorted(self._answered.values(), key=lambda it: self._distance(it.node_id))[:WIDTH]

    def _next(self, now: float) -> list[Address]:
        """Not asked yet, and nearer than the eighth that answered or may still answer."""
        first = [it for it in self._first if it not in self._asked and it not in self._passed]
        if first:
            return first
        if len(self._asked) >= QUESTIONS:
            return []
        alive = [
            it
            for it in self._found
            if it not in self._passed
            and (it in self._answered or it not in self._asked or now - self._asked[it] < PATIENCE_S)
        ]
        alive.sort(key=lambda it: self._distance(self._found[it]))
        return [it for it in alive[:WIDTH] if it not in self._asked]

    def _distance(self, node_id: bytes) -> int:
        return self._target ^ int.from_bytes(node_id, "big")


def usable_nodes(nodes: Iterable[Node], *, private: bool, like: Address) -> tuple[Node, ...]:
    """Those on the internet; in a network of one's own all. Of the family of whoever named them."""
    return tuple(it for it in nodes if it.address.family == like.family and (private or it.address.ip.is_global))
