"""What a typed change costs: `python -m tests.sync.bench_feed` prints bytes and µs, with the engine's real changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter

from automerge.core import ROOT, Document, ObjType, ScalarType

from notesapp.sync.body import read_entry
from notesapp.sync.entry import Tip, pack, unpack
from notesapp.sync.feed import FeedReader, FeedWriter
from tests.identity.people import NOON
from tests.sync.feeds import KEYS, LAPTOP, NOTE, NOTEBOOK, UNDER

BURSTS = 2000
KEYS_PER_BURST = 20
PROSE = "It was a bright cold day in April, and the clocks were striking thirteen. "


def typed_changes() -> list[bytes]:
    """Raw changes of a note that is typed at its end, 20 keys a burst."""
    document = Document(actor_id=os.urandom(16))
    with document.transaction() as tx:
        body = tx.put_object(ROOT, "body", ObjType.Text)
    for burst in range(BURSTS):
        with document.transaction() as tx:
            for key in range(burst * KEYS_PER_BURST, (burst + 1) * KEYS_PER_BURST):
                tx.insert(body, key, ScalarType.Str, PROSE[key % len(PROSE)])
    return [bytes(change.raw_bytes) for change in document.get_changes([])][1:]


def timed(name: str, count: int, act: Callable[[], object]) -> None:
    begin = perf_counter()
    act()
    print(f"{name:28} {(perf_counter() - begin) / count * 1e6:7.1f} µs per change")


def main() -> None:
    raws = typed_changes()
    writer, opened = FeedWriter.begin(NOTEBOOK, LAPTOP, UNDER, now_ms=NOON, entropy=os.urandom)
    before = writer.tip
    entries = []

    def write() -> None:
        for number, raw in enumerate(raws):
            now_ms = NOON + 300 * number
            entries.append(writer.append_change(NOTE, raw, now_ms=now_ms, entropy=os.urandom))

    reader = FeedReader(Tip.before_first(NOTEBOOK, writer.feed))
    reader.advance(opened)
    timed("append", len(raws), write)
    timed("verify and unseal", len(raws), lambda: [(reader.advance(e), read_entry(e, KEYS)) for e in entries])
    timed("pack", len(raws), lambda: pack(entries, before))
    packed = pack(entries, before)
    timed("unpack", len(raws), lambda: unpack(packed, before))
    timed("sign a head", 100, lambda: [writer.signed_head() for _ in range(100)])
    print(f"raw change {sum(map(len, raws)) / len(raws):.1f} B, packed {len(packed) / len(raws):.1f} B,", end=" ")
    print(f"with a signed head for each {len(packed) / len(raws) + 64:.1f} B, full header {len(entries[0].header)} B")


if __name__ == "__main__":
    main()
