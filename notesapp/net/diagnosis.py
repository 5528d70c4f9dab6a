"""Why somebody isn't reached, and what would help. Pure: from what is known follow a cause and a next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from notesapp.net.address import Address, Reach
from notesapp.net.candidate import NatClass
from notesapp.net.chance import Chance

TOLD_AFTER_S = 20.0  # a person waits no longer than 30 s for a cause; most ways are found sooner than this
ONLY_V4, ONLY_V6 = frozenset({4}), frozenset({6})


class Wall(StrEnum):
    """What a firewall on this computer forbids, as far as is known; `wall` finds it out."""

    NONE = "nothing"
    IN = "what comes in"
    OUT = "what goes out"


class Cause(StrEnum):
    """Why there is no way, as a person reads it."""

    NO_NETWORK = "This computer has no network"
    WALL_OUT = "A firewall on this computer lets nothing of Notesapp out"
    WALL_IN = "A firewall on this computer lets nothing in to Notesapp"
    BLOCKED_HERE = "The network here lets no UDP through"
    BLOCKED_THERE = "The other device's network lets no UDP through"
    BOTH_RANDOM = "Both routers use another port for each connection, so neither end can tell where to knock"
    V6_HERE = "This computer has only IPv6, and the other device has only IPv4"
    V6_THERE = "This computer has only IPv4, and the other device has only IPv6"
    NOT_SEEN = "The other device has not been seen"
    NO_ANSWER = "Nothing answers where the other device said it is"
    SEEN_NO_LINK = "The other device answers, but no link comes about"


class Remedy(StrEnum):
    """What would help."""

    CONNECT = "Connect this computer to a network."
    ALLOW = "Allow Notesapp’s UDP port in it."
    OTHER_NETWORK = "Use another network here, for example a phone's hotspot, or ask its owner to allow UDP."
    OTHER_NETWORK_THERE = "The other device needs another network, or one that allows UDP."
    MAPPING = (
        "Switch on port mapping (UPnP or NAT-PMP) or IPv6 in one of the two routers, "
        "or keep a third device of a member online: it can relay."
    )
    BOTH_KINDS = (
        "Keep a device of a member online that has both IPv4 and IPv6: it can relay. "
        "Or use a network that has both, for example a phone's hotspot."
    )
    ONLINE = "Make sure that it is switched on, online and has Notesapp open."
    WAIT = "It may just have gone offline or changed its network: keep Notesapp open on both, the search goes on."
    UPDATE = "Make sure that both use the newest Notesapp; starting it again may help."


REMEDIES = {
    Cause.NO_NETWORK: Remedy.CONNECT,
    Cause.WALL_OUT: Remedy.ALLOW,
    Cause.WALL_IN: Remedy.ALLOW,
    Cause.BLOCKED_HERE: Remedy.OTHER_NETWORK,
    Cause.BLOCKED_THERE: Remedy.OTHER_NETWORK_THERE,
    Cause.BOTH_RANDOM: Remedy.MAPPING,
    Cause.V6_HERE: Remedy.BOTH_KINDS,
    Cause.V6_THERE: Remedy.BOTH_KINDS,
    Cause.NOT_SEEN: Remedy.ONLINE,
    Cause.NO_ANSWER: Remedy.WAIT,
    Cause.SEEN_NO_LINK: Remedy.UPDATE,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a bond that has no link."""

    has_network: bool
    mine: NatClass
    theirs: NatClass
    chance: Chance | None  # None: nothing was read of the other end
    answered: bool  # a way is valid
    searched_s: float
    wall: Wall = Wall.NONE
    kinds: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())  # what they have of IP: ours, theirs


def cause(facts: Facts) -> Cause | None:
    """Why there is no link; None while it is too early to say."""
    if not facts.has_network:
        return Cause.NO_NETWORK
    if facts.wall is Wall.OUT:
        return Cause.WALL_OUT
    if facts.answered:
        return Cause.SEEN_NO_LINK if facts.searched_s >= TOLD_AFTER_S else None
    if (apart := _apart(*facts.kinds)) is not None:
        return apart if facts.searched_s >= EARLY_S else None
    # mirrors are asked over IPv4: who has none is not blocked
    if facts.mine is NatClass.BLOCKED and facts.kinds[0] != ONLY_V6:
        return Cause.BLOCKED_HERE
    if facts.theirs is NatClass.BLOCKED and facts.kinds[1] != ONLY_V6:
        return Cause.BLOCKED_THERE
    if facts.wall is Wall.IN:  # those who were there before it, or know where we are, still find a way: not at once
        return Cause.WALL_IN if facts.searched_s >= EARLY_S else None
    if facts.searched_s < TOLD_AFTER_S and facts.chance is not Chance.NONE:
        return None
    if facts.chance is None:
        return Cause.NOT_SEEN
    if facts.chance is Chance.NONE:
        return Cause.BOTH_RANDOM if facts.searched_s >= EARLY_S else None
    return Cause.NO_ANSWER


def kinds(addresses: Iterable[Address]) -> frozenset[int]:
    """Of which versions of IP somebody has addresses; of IPv6 those only that are known in the world."""
    return frozenset(4 if it.ip.version == 4 else 6 for it in addresses if it.ip.version == 4 or it.reach is Reach.V6)


def _apart(mine: frozenset[int], theirs: frozenset[int]) -> Cause | None:
    """Whether no packet of one can be written to the other."""
    if (mine, theirs) == (ONLY_V6, ONLY_V4):
        return Cause.V6_HERE
    return Cause.V6_THERE if (mine, theirs) == (ONLY_V4, ONLY_V6) else None


EARLY_S = 8.0  # a relay, IPv6 or a mapping may still come
