"""What a look at a connection from both ends says, one finding each. Pure: decides words."""

from __future__ import annotations

from collections.abc import Iterator

from notesapp.net.clock import FINE_MS, span
from notesapp.net.dht import DhtState
from notesapp.node.people_views import CloserView
from notesapp.node.reach import router_words
from notesapp.store.doctor import Finding, Level

LOST = "Some got lost on the way: a weak radio link, or a line that is full."


def closer_findings(it: CloserView) -> tuple[Finding, ...]:
    """The way in use first, then what the other end tells of itself."""
    return (_way(it), *_there(it))


def _way(it: CloserView) -> Finding:
    told = f"{it.answered} of {it.sent} probes were answered"
    said = f"From both ends: {it.name} is reached by the path “{it.path}”; {told}"
    if it.lag_ms is not None:
        said += f", in {it.lag_ms:g} ms (at worst {it.worst_ms:g} ms)"
    if it.answered < it.sent:
        return Finding(Level.WARN, "way", f"{said}.", LOST)
    return Finding(Level.OK, "way", f"{said}.", f"The address there is {it.address}." if it.address else "")


def _there(it: CloserView) -> Iterator[Finding]:
    if it.sees_us_at:
        yield Finding(Level.OK, "seen", f"{it.name} sees this computer at {it.sees_us_at}.")
    if not it.told:
        sentence = f"The device of {it.name} doesn't say how it stands there."
        yield Finding(Level.WARN, "there", sentence, "It may need a newer Notesapp.")
        return
    parts = [f"It is seen at {it.external}."] if it.external else []
    parts += [f"The router there keeps {it.mapped} open."] if it.mapped else []
    yield Finding(Level.OK, "there", f"The router of {it.name}: {router_words(it.nat)}.", " ".join(parts))
    if it.relays:
        yield Finding(Level.OK, "relays", f"{it.name} carries for members who can't reach each other.")
    if it.dht == DhtState.READY:
        yield Finding(Level.OK, "dht", f"The phone book (DHT) answers there: {it.dht_nodes} nodes.")
    else:
        yield Finding(Level.WARN, "dht", "The phone book (DHT) doesn't answer there.")
    yield _clock(it)


def _clock(it: CloserView) -> Finding:
    ahead = it.clock_ahead_ms or 0
    if abs(ahead) < FINE_MS:
        return Finding(Level.OK, "clock", "The clocks of both say the same.")
    if ahead > 0:
        return Finding(Level.WARN, "clock", f"The clock of {it.name} is {span(ahead)} ahead of this one.")
    return Finding(Level.WARN, "clock", f"The clock of {it.name} is {span(ahead)} behind this one.")
