"""Real histories of editing as bursts of splices, and a replay of several writers through replicas."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notesapp.notes.change import Change
from notesapp.notes.replica import Replica
from notesapp.text import Splice
from tests.notes.forge import NOTE_ID, joined


@dataclass(frozen=True)
class Trace:
    """A document's history; `transactions` as in the file."""

    end: str
    transactions: list[dict[str, Any]]

    def bursts(self, size: int, first: int | None = None) -> Iterator[list[Splice]]:
        """The first transactions of one writer, so many a burst, as splices."""
        text = ""
        transactions = self.transactions[:first]
        for start in range(0, len(transactions), size):
            burst = []
            for transaction in transactions[start : start + size]:
                for at, removed, inserted in transaction["patches"]:
                    burst.append(Splice(at, text[at : at + removed], inserted))
                    text = text[:at] + inserted + text[at + removed :]
            yield burst


def read_trace(shared_data: Path, name: str) -> Trace:
    """One of the traces of the shared folder."""
    data = json.loads(gzip.decompress((shared_data / "traces" / f"{name}.json.gz").read_bytes()))
    return Trace(data["endContent"], data["txns"])


class Writers:
    """Replays a history of several writers; each writer's replica has exactly what the writer had seen."""

    def __init__(self, trace: Trace, agents: int) -> None:
        first = Replica.create_note(b"\x01" * 16, NOTE_ID)
        self.trace = trace
        self.replicas = [first, *[joined(first, bytes((n + 1,)) * 16) for n in range(1, agents)]]
        self.heads: list[tuple[bytes, ...]] = []  # after each transaction, as its writer saw the note
        self.changes: dict[bytes, Change] = {}
        self.refused: list[tuple[bytes, str]] = []

    def replay(self, first: int | None = None) -> None:
        """All transactions in the order of the file."""
        for nth, transaction in enumerate(self.trace.transactions[:first]):
            self._play(nth, transaction)

    def _play(self, nth: int, transaction: dict[str, Any]) -> None:
        replica = self.replicas[transaction["agent"]]
        for parent in transaction["parents"]:
            received = replica.receive(self._lacking(replica, self.heads[parent]))
            assert not received.waiting
            self.refused += received.refused
        for at, removed, inserted in transaction["patches"]:
            changes = replica.edit([Splice(at, replica.text[at : at + removed], inserted)])
            self.changes |= {change.hash: change for change in changes}
        self.heads.append(replica.heads)

    def _lacking(self, replica: Replica, heads: tuple[bytes, ...]) -> list[bytes]:
        """What the replica lacks of the note as it was at these heads, in no useful order."""
        found: dict[bytes, bytes] = {}
        todo = [head for head in heads if head not in replica]
        while todo:
            change = self.changes[todo.pop()]
            if change.hash not in found:
                found[change.hash] = change.raw
                todo += [dep for dep in change.deps if dep not in replica]
        return list(found.values())
