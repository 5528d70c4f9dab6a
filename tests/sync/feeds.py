"""A feed of Alice's laptop, and changes such as typing makes."""

from __future__ import annotations

from notesapp.identity.primitives import Entropy
from notesapp.sync.body import Under
from notesapp.sync.entry import Entry, Tip
from notesapp.sync.feed import FeedReader, FeedWriter
from tests.identity.people import NOON, device, dice

LAPTOP = device("laptop")
NOTEBOOK = dice("notebook")(32)
NOTE = dice("note")(16)
UNDER = Under(dice("epoch")(32), dice("content key")(32), dice("roster")(32))
KEYS = {UNDER.epoch: UNDER.content_key}


class Typed:
    """A writer, all that it wrote, and the clock that moved meanwhile."""

    def __init__(self, seed: str = "feed", changes: int = 0) -> None:
        self.entropy: Entropy = dice(seed)
        self.now_ms = NOON
        self.writer, opened = FeedWriter.begin(NOTEBOOK, LAPTOP, UNDER, now_ms=NOON, entropy=self.entropy)
        self.start = Tip.before_first(NOTEBOOK, self.writer.feed)
        self.entries: list[Entry] = [opened]
        for number in range(changes):
            self.type(b"change %d" % number)

    def type(self, raw: bytes) -> Entry:
        self.now_ms += 300
        entry = self.writer.append_change(NOTE, raw, now_ms=self.now_ms, entropy=self.entropy)
        self.entries.append(entry)
        return entry

    def reader(self) -> FeedReader:
        return FeedReader(self.start)

    @property
    def nonce(self) -> bytes:
        return (self.entries[0].body or b"")[32:]
