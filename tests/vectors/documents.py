"""The vectors of documents and of what devices say in a network: how they are made."""

from __future__ import annotations

from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.discovery import Announcement, written
from notesapp.net.packet import Probe, What, sealed
from notesapp.net.relay import mark
from notesapp.notes.replica import Origin, Replica
from notesapp.sync.naming import new_note_id
from notesapp.text import Splice
from tests.identity.people import NOON, dice


def documents() -> dict[str, bytes]:
    """A note: created, written, changed by two at once, joined; an index with a note and an attachment in it."""
    ana, ben = dice("ana's feed")(16), dice("ben's feed")(16)
    note_id = new_note_id(ana, dice("note id"))
    origin = Origin(dice("origin notebook")(32), dice("origin note")(16), dice("origin heads")(32))
    hers = Replica.create_note(ana, note_id, origin=origin)
    (created,) = hers.history()
    (typed,) = hers.edit([Splice(0, "", "Grüße 👋\n")])
    his = Replica.load(hers.save(), ben)
    (her_end,) = hers.edit([Splice(8, "", "Ana")])
    (his_change,) = his.edit([Splice(0, "G", "g"), Splice(6, "👋", "")])
    hers.receive([his_change.raw])
    (after,) = hers.edit([Splice(len(hers.text), "", "!")])
    index = Replica.create_index(ana, "Notes")
    (index_created,) = index.history()
    row, file = note_id.hex(), dice("attachment")(16).hex()
    listed = index.put(
        {
            ("notes", f"{row}.created"): NOON,
            ("notes", f"{row}.folder"): "Letters",
            ("notes", f"{row}.file_name"): "Greeting",
            ("attachments", f"{file}.name"): "Letters/wave.png",
            ("attachments", f"{file}.size"): 1234,
            ("attachments", f"{file}.hash"): dice("content hash")(32),
        }
    )
    trashed = index.put({("notes", f"{row}.trashed"): NOON + 1, ("notes", f"{row}.trashed_heads"): after.hash})
    untrashed = index.put({("notes", f"{row}.trashed"): None, ("notes", f"{row}.trashed_heads"): None})
    return {
        "ana_feed": ana,
        "ben_feed": ben,
        "note_id": note_id,
        "note_created": created.raw,
        "note_typed": typed.raw,
        "note_by_ana": her_end.raw,
        "note_by_ben_at_the_same_time": his_change.raw,
        "note_after_both": after.raw,
        "note_head": after.hash,
        "note_text": hers.text.encode(),
        "index_created": index_created.raw,
        "index_listed": listed.raw,
        "index_trashed": trashed.raw,
        "index_untrashed": untrashed.raw,
    }


def nearby() -> dict[str, bytes]:
    """What a device announces, a probe short and long, and how a member is named towards a relay."""
    bond = Bond(b"ben", dice("bond secret")(32), Side.FIRST)
    strings = written(Announcement(45654, None, (bond,), b"card"), dice("announcement"))
    probe = Probe(What.PING, bytes(range(8)), bytes(range(8, 16)), 7, Address("192.168.1.5", 45654))
    call = Probe(What.CALL, bytes(range(8)), bytes(range(8, 16)), 8, None, bytes(range(100)))
    return {
        "bond_secret": bond.secret,
        "announced_nonce": strings[b"n"],
        "announced_tags": strings[b"t0"],
        "sign_post": bond.sign_post(strings[b"n"]),
        "ping": sealed(probe, bond, dice("ping")),
        "call": sealed(call, bond, dice("call")),
        "knock": bond.knock(bytes(range(16)), bytes(range(8)), bytes(range(8, 16))),
        "relay_mark_of": dice("device")(32),
        "relay_mark": mark(dice("device")(32)),
    }
