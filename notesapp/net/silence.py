"""Networks from which nothing answers: how often they may be asked. Pure: the caller brings the time.

Whoever is in the DHT may name any address as a node near what is looked for: a victim's, with a thousand ports. So a
network (a /24 of IPv4, a /64 of IPv6) that never answers gets `BURST` questions and then one in ten seconds, whatever
is said of it; each answer from it makes room for two more.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from notesapp.net.address import Address
from notesapp.net.limits import Bucket

BURST: Final = 16  # more than walk at once: each may begin with the same node
A_SECOND: Final = 0.1
AN_ANSWER: Final = 2
NETWORKS: Final = 2_048  # remembered


class Silence:
    """Ask `may` before each question, tell `answered`; `forget` in another network of our own."""

    def __init__(self) -> None:
        self._left: OrderedDict[bytes, Bucket] = OrderedDict()

    def may(self, address: Address, now: float) -> bool:
        """Whether it may be asked; that counts as a question. This computer itself always."""
        if address.ip.is_loopback:
            return True
        network = _network(address)
        left = self._left.pop(network, None) or Bucket(A_SECOND, BURST)
        self._left[network] = left
        while len(self._left) > NETWORKS:
            self._left.popitem(last=False)
        return left.take(now)

    def answered(self, address: Address) -> None:
        """Somebody is there."""
        if (left := self._left.get(_network(address))) is not None:
            left.give(AN_ANSWER)

    def forget(self) -> None:
        """Who was out of reach may not be so from here."""
        self._left.clear()


def _network(address: Address) -> bytes:
    return address.ip.packed[: 3 if address.ip.version == 4 else 8]
