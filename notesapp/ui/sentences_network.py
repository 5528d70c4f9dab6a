"""What the node says of the way to others: why nobody is found, what would help, and how routers are called.

A part of `sentences`.
"""

# ruff: noqa: E501 - a sentence stands in one piece, as it is said

from __future__ import annotations


def _N(context: str, text: str) -> str:
    return text


NETWORK: tuple[str, ...] = (
    # while somebody is looked for
    _N("Sayings", "This computer has only IPv6, and the other device has only IPv4"),
    _N("Sayings", "This computer has only IPv4, and the other device has only IPv6"),
    _N(
        "Sayings",
        "Keep a device of a member online that has both IPv4 and IPv6: it can relay. Or use a network that has both, for example a phone's hotspot.",
    ),
    # what routers are called, and how far a search is
    _N("Sayings", "none"),
    _N("Sayings", "friendly"),
    _N("Sayings", "strict"),
    _N("Sayings", "no UDP"),
    _N("Sayings", "not known yet"),
    _N("Sayings", "not linked"),
    _N("Sayings", "being looked for"),
    _N("Sayings", "its address is known, nothing came through yet"),
    _N("Sayings", "nothing is heard any more"),
    # the doctor
    _N("Sayings", "seen at {us} by {mirrors}"),
    _N("Sayings", "{heard}; seen at {us} by {mirrors}"),
    _N("Sayings", "a device of yours"),
    _N("Sayings", "{names}, {count} more"),
    _N("Sayings", "it is switched off"),
    _N("Sayings", "there is no engine for it on this system"),
    _N("Sayings", "The router is strict: it uses another port for each connection ({how}). {told}."),
    _N(
        "Sayings",
        "What the router does can't be told, because nobody outside answers: this network may let no UDP through.",
    ),
    _N(
        "Sayings",
        "Log in if the network asks for it, use another one (a phone's hotspot), or ask its owner to allow UDP. If other nodes are set to be asked first, look whether they are right.",
    ),
    _N("Sayings", "This computer has only IPv6, where no router changes ports."),
    _N("Sayings", "People who have only IPv4 are reached through a member who has both."),
    # a look from both ends
    _N("Sayings", "no device is linked now."),
    _N("Sayings", "From both ends: {name} is reached by the path “{path}”; {answered} of {sent} probes were answered."),
    _N(
        "Sayings",
        "From both ends: {name} is reached by the path “{path}”; {answered} of {sent} probes were answered, in {lag} ms (at worst {worst} ms).",
    ),
    _N("Sayings", "Some got lost on the way: a weak radio link, or a line that is full."),
    _N("Sayings", "The address there is {address}."),
    _N("Sayings", "{name} sees this computer at {address}."),
    _N("Sayings", "The device of {name} doesn't say how it stands there."),
    _N("Sayings", "It may need a newer Notesapp."),
    _N("Sayings", "The router of {name}: {kind}."),
    _N("Sayings", "It is seen at {address}."),
    _N("Sayings", "The router there keeps {address} open."),
    _N("Sayings", "It is seen at {address}. The router there keeps {mapped} open."),
    _N("Sayings", "{name} carries for members who can't reach each other."),
    _N("Sayings", "The phone book (DHT) answers there: {count} nodes."),
    _N("Sayings", "The phone book (DHT) doesn't answer there."),
    _N("Sayings", "The clock of {name} is {span} ahead of this one."),
    _N("Sayings", "The clock of {name} is {span} behind this one."),
    _N("Sayings", "The clocks of both say the same."),
)
