"""Makes the vectors from fixed seeds.

`python -m tests.vectors.generate` writes the files that don't exist yet; a format that changes on purpose gets a new
version, and new files beside the old ones.
"""

from __future__ import annotations

import json
from pathlib import Path

from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, Root
from notesapp.identity.person import PersonLog, offer_device
from notesapp.identity.recovery import wrap_store_key
from notesapp.identity.roster import found_notebook
from notesapp.identity.words import fingerprint, kit_words
from notesapp.sync.attachment import Sealer, write_manifest
from notesapp.sync.body import Under
from notesapp.sync.entry import Entry, Tip, compact, pack
from notesapp.sync.feed import FeedWriter
from notesapp.sync.frontier import Frontier, Mark
from notesapp.sync.head import Fork
from tests.identity.people import NOON, dice
from tests.vectors import documents, trust

HERE = Path(__file__).parent
Vector = dict[str, str]


def identity() -> Vector:
    """Keys, person log, genesis, roster of epoch 0, recovery kit."""
    root = Root.from_seed(bytes(range(32)))
    laptop, phone = Device.from_seed(bytes(range(1, 33))), Device.from_seed(bytes(range(2, 34)))
    person = root.person_id
    add = PersonLog.judge(person, []).add(offer_device(laptop, person), root, now_ms=NOON)
    more = PersonLog.judge(person, [add]).add(offer_device(phone, person), laptop, now_ms=NOON + 1)
    revoke = PersonLog.judge(person, [add, more]).revoke(phone.device_id, laptop, now_ms=NOON + 2)
    genesis = Genesis.make(person, now_ms=NOON, entropy=dice("genesis"))
    keys, later = EpochKeys.generate(dice("epoch 0")), EpochKeys.generate(dice("epoch 1"))
    log = PersonLog.judge(person, [add])
    roster = found_notebook(genesis, log, laptop, keys, now_ms=NOON, entropy=dice("boxes"))
    rotation = roster.rotate(laptop, later, roster.keys_for(laptop), now_ms=NOON + 3, entropy=dice("rotation"))
    return _hex(
        {
            "root_seed": root.seed,
            "person_id": person,
            "recovery_box": root.recovery_box,
            "laptop_seed": laptop.seed,
            "laptop_id": laptop.device_id,
            "laptop_box": laptop.box,
            "phone_seed": phone.seed,
            "person_add_laptop_by_root": add.data,
            "person_add_laptop_id": add.id,
            "person_add_phone_by_laptop": more.data,
            "person_revoke_phone_by_laptop": revoke.data,
            "person_digest": PersonLog.judge(person, [add, more, revoke]).digest,
            "genesis": genesis.data,
            "notebook_id": genesis.notebook_id,
            "content_key": keys.content,
            "topic_key": keys.topic,
            "commitment": keys.commitment,
            "roster_rotate": roster.records[0].data,
            "roster_keybox": roster.records[1].data,
            "roster_rotate_again": rotation.data,
            "later_content_key": later.content,
            "roster_digest": roster.digest,
            "store_key": dice("store")(32),
            "wrapped_store_key": wrap_store_key(dice("store")(32), root.recovery_box, dice("wrap")),
        }
    ) | {"kit_words": " ".join(kit_words(root.seed)), "fingerprint": " ".join(fingerprint(person))}


def sync() -> Vector:
    """A feed with each kind of entry, its heads, packed forms, a fork, a frontier, an attachment."""
    laptop = Device.from_seed(bytes(range(1, 33)))
    notebook, note = dice("notebook")(32), dice("note")(16)
    under = Under(dice("epoch")(32), dice("content")(32), dice("roster")(32))
    roll = dice("feed")
    writer, opened = FeedWriter.begin(notebook, laptop, under, now_ms=NOON, entropy=roll)
    first = writer.append_change(note, b"\x85oJ\x83" + bytes(range(100)), now_ms=NOON + 300, entropy=roll)
    at_first, head_one = writer.tip, writer.signed_head()
    large = writer.append_change(note, b"Every word of it. " * 40, now_ms=NOON + 200, entropy=roll)
    sealer = Sealer(dice("attachment")(16), dice("blob key"))
    assert list(sealer.add(b"a picture")) == []  # it stays below one chunk
    (chunk,), manifest = sealer.finish()
    blob = writer.append_blob(manifest, now_ms=NOON + 900, entropy=roll)
    end = writer.close(now_ms=NOON + 1000, entropy=roll)
    head = writer.signed_head()
    other = FeedWriter(laptop, at_first, Under(under.epoch, under.content_key, bytes(32)))
    other.append_change(note, b"another history", now_ms=NOON + 400, entropy=roll)
    nonce = (opened.body or b"")[32:]
    later_headers = blob.header + end.header
    fork = Fork(laptop.device_id, nonce, head.data, later_headers, other.signed_head().data, b"")
    frontier = Frontier({writer.feed: Mark(4, end.hash), bytes(15) + b"\1": Mark(300, first.hash)})
    entries = [opened, first, large, blob, end]
    return _hex(
        {
            "device_seed": laptop.seed,
            "notebook": notebook,
            "note": note,
            "epoch": under.epoch,
            "content_key": under.content_key,
            "roster": under.roster,
            "feed": writer.feed,
            "head_of_change": head_one.data,
            "head_of_close": head.data,
            "fork": fork.write(),
            "frontier": frontier.write(),
            "frontier_digest": frontier.span().digest,
            "packed": pack(entries, Tip.before_first(notebook, writer.feed)),
            "compact_change_without_body": compact(first, Tip.at(opened), with_body=False),
            "manifest": write_manifest(manifest),
            "chunk": chunk.sealed,
            "chunk_hash": chunk.hash,
        }
        | _parts("open", opened)
        | _parts("change", first)
        | _parts("packed_change", large)
        | _parts("blob", blob)
        | _parts("close", end)
    )


def _documents() -> Vector:
    return _hex(documents.documents())


def _nearby() -> Vector:
    return _hex(documents.nearby())


def _parts(name: str, entry: Entry) -> dict[str, bytes]:
    return {f"{name}_header": entry.header, f"{name}_body": entry.body or b"", f"{name}_hash": entry.hash}


def _hex(values: dict[str, bytes]) -> Vector:
    return {name: value.hex() for name, value in values.items()}


VECTORS = {
    "identity-1": identity,
    "sync-1": sync,
    "roster-1": trust.roster,
    "suspension-1": trust.suspension,
    "joining-1": trust.joining,
    "linking-2": trust.linking,
    "spare-key-1": trust.spare_key,
    "documents-1": _documents,
    "nearby-1": _nearby,
}


def main() -> None:
    for name, make in VECTORS.items():
        path = HERE / f"{name}.json"
        if path.exists():
            print(f"{path.name} is frozen")
        else:
            path.write_text(json.dumps(make(), indent=1) + "\n", encoding="utf-8")
            print(f"{path.name} written")


if __name__ == "__main__":
    main()
