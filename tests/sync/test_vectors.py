"""The formats' bytes are frozen: today writes what was written then, and the frozen bytes are still read."""

from __future__ import annotations

import json

import pytest

from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, Root
from notesapp.identity.person import PersonLog
from notesapp.identity.person import read_record as read_person
from notesapp.identity.recovery import unwrap_store_key
from notesapp.identity.roster import Roster
from notesapp.identity.roster import read_record as read_roster
from notesapp.identity.words import fingerprint, parse_kit
from notesapp.sync.attachment import open_all, read_manifest
from notesapp.sync.body import Attached, Changed, Closed, Opened, read_entry
from notesapp.sync.entry import Entry, Tip, unpack
from notesapp.sync.feed import FeedReader, Vouched
from notesapp.sync.frontier import read_frontier
from notesapp.sync.head import Fork
from tests.vectors.generate import HERE, VECTORS


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_what_is_written_today_is_what_was_written_then(name: str) -> None:
    assert VECTORS[name]() == json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def frozen(name: str) -> dict[str, bytes]:
    values = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return {key: bytes.fromhex(value) for key, value in values.items() if key not in ("kit_words", "fingerprint")}


def test_frozen_identity_is_still_read() -> None:
    it = frozen("identity-1")
    words = json.loads((HERE / "identity-1.json").read_text(encoding="utf-8"))
    root, laptop = Root.from_seed(it["root_seed"]), Device.from_seed(it["laptop_seed"])
    assert parse_kit(words["kit_words"]) == it["root_seed"]
    assert " ".join(fingerprint(root.person_id)) == words["fingerprint"]
    assert unwrap_store_key(it["wrapped_store_key"], root) == it["store_key"]
    names = ("person_add_laptop_by_root", "person_add_phone_by_laptop", "person_revoke_phone_by_laptop")
    log = PersonLog.judge(root.person_id, [read_person(it[name]) for name in names])
    assert log.digest == it["person_digest"]
    assert [own.device_id for own in log.active] == [it["laptop_id"]]
    genesis = Genesis.read(it["genesis"])
    records = [read_roster(it[name]) for name in ("roster_rotate", "roster_keybox", "roster_rotate_again")]
    roster = Roster.judge(genesis, [log], records)
    keys = EpochKeys(it["content_key"], it["topic_key"])
    assert roster.keys_for(laptop) == {records[0].id: keys}
    assert [epoch.epoch_id for epoch in roster.epochs] == [records[0].id, records[2].id]


def test_frozen_feed_is_still_read() -> None:
    it = frozen("sync-1")
    kinds = ("open", "change", "packed_change", "blob", "close")
    entries = [Entry(it[f"{kind}_header"], it[f"{kind}_body"], it[f"{kind}_hash"]) for kind in kinds]
    start = Tip.before_first(it["notebook"], it["feed"])
    assert unpack(it["packed"], start) == entries
    reader = FeedReader(start)
    reader.take(it["packed"])
    vouched = reader.vouch(it["head_of_close"])
    assert isinstance(vouched, Vouched)
    assert vouched.entries == tuple(entries)
    said = [read_entry(entry, {it["epoch"]: it["content_key"]}) for entry in entries]
    manifest = read_manifest(it["manifest"])
    assert [type(what) for what in said] == [Opened, Changed, Changed, Attached, Closed]
    assert said[2] == Changed(it["note"], b"Every word of it. " * 40)
    assert said[3] == Attached(manifest)
    assert b"".join(open_all(manifest, [it["chunk"]])) == b"a picture"
    assert Fork.read(it["fork"]).check() == (it["feed"], 2)
    assert read_frontier(it["frontier"]).span().digest == it["frontier_digest"]
