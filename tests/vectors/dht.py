"""Makes the vectors of what lies in the DHT: `python -m tests.vectors.dht` writes the file if there is none."""

from __future__ import annotations

import json

from notesapp.identity.keys import Device
from notesapp.net.address import Address
from notesapp.net.bond import Side
from notesapp.net.candidate import Candidate, Kind, NatClass, PeerRecord, PunchSlot, slot_mark
from notesapp.net.topics import Meet, Topic, occasion
from tests.identity.people import dice
from tests.vectors.generate import HERE, Vector

FILE = HERE / "dht-1.json"
DAY = 20_785
RECORD = PeerRecord(
    (
        Candidate(Address("192.168.1.5", 45654), Kind.LAN),
        Candidate(Address("2001:db8::7", 45654), Kind.V6),
        Candidate(Address("198.51.100.7", 61000), Kind.REFLEXIVE),
    ),
    NatClass.CONSISTENT,
    relay=True,
    slot=PunchSlot(slot_mark(bytes(range(9, 41)), 5, Side.FIRST), 5, 61001),
    number=7,
)


def dht() -> Vector:
    """Topics of all kinds, a device's blinded key, slots, and a sealed record."""
    secret, laptop = bytes(range(7, 39)), Device.from_seed(bytes(range(1, 33)))
    values = {"secret": secret, "day": DAY.to_bytes(4, "big"), "laptop_id": laptop.device_id}
    for kind in Meet:
        topic = Topic(kind, secret)
        values |= {f"{kind}_key": topic.key, f"{kind}_info_hash": topic.info_hash(DAY)}
    book = Topic(Meet.NOTEBOOK, secret)
    place = book.place_of(laptop.device_id, DAY)
    key = laptop.blinded(book.key, occasion(DAY))
    invite = Topic(Meet.INVITE, secret)
    values |= {
        "blinded": place.public,
        "blinded_expanded": key.expanded,
        "signed": b"hello",
        "signature": key.sign(b"hello"),
        "host_slot": invite.slot(Side.FIRST, 2, DAY).public,
        "joiner_slot": invite.slot(Side.SECOND, 2, DAY).public,
        "slot_secret": bytes(range(9, 41)),
        "slot_mark": RECORD.slot.meant if RECORD.slot is not None else b"",
        "record": RECORD.packed(),
        "sealed": book.sealed(RECORD, place, dice("nonce")),
    }
    midnight = {
        "midnight_days": " ".join(f"{at}:{','.join(map(str, book.days(at)))}" for at in range(0, 172_800, 7_200))
    }
    return {name: value.hex() for name, value in values.items()} | midnight


if __name__ == "__main__":
    if not FILE.exists():
        FILE.write_text(json.dumps(dht(), indent=1) + "\n", encoding="utf-8")
