"""Where in the DHT this node meets whom. Pure: from notebooks, devices and ways to meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from notesapp.errors import RemoteError
from notesapp.net.bond import Side
from notesapp.net.dht_plan import Meeting
from notesapp.net.topics import Meet, Topic
from notesapp.node.acquainted import Way
from notesapp.node.held import Held
from notesapp.sync.hello import Circle


def meetings(known: Circle, held: Mapping[bytes, Held], ways: Iterable[Way]) -> list[Meeting]:
    """The ways first, because somebody waits for these; then one of each notebook, then one of each two devices."""
    found = [
        Meeting(way.topic, (way.name,), Side.FIRST if way.host else Side.SECOND)
        for way in ways
        if way.topic is not None
    ]
    people = [one for one in known.people.values() if one.active and one.notebooks]
    for notebook_id, one in held.items():
        epoch = one.roster.epoch_among(one.keys)
        there = tuple(sorted(it.device_id for it in people if notebook_id in it.notebooks))
        if epoch is not None and there:
            found.append(Meeting(Topic(Meet.NOTEBOOK, one.keys[epoch.epoch_id].topic), there))
    for it in people:
        try:
            secret = known.of_device(it.device_id, it.box).secret
        except RemoteError:
            continue  # a device that named an unusable key can't be met
        found.append(Meeting(Topic(Meet.PAIR, secret), (it.device_id,)))
    return found
