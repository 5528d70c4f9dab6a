"""What helper processes do: bytes in, bytes out, no key and no store. Decides how each answer is proved before it goes.

Everything here may be heavy, or may meet a change that the engine can't bear: then only the helper dies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from notesapp.errors import LocalError
from notesapp.notes.markup import parse
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind

_NOBODY = bytes(16)  # helpers edit nothing


def build_snapshot(kind: str, base: bytes | None, changes: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """The snapshot of a document: `base` and what came after, (feed, raw change), taken in, compacted, proved.

    It was loaded again, and both have the same heads and text; `held` counts changes that still wait for others.
    """
    replica = Replica.load(base, _NOBODY) if base is not None else Replica.empty(Kind(kind), _NOBODY)
    received = replica.receive([raw for _, raw in changes], feeds=[feed for feed, _ in changes])
    data = replica.save(compact=True)
    replica.verify()
    again = Replica.load(data, _NOBODY)
    if again.heads != replica.heads or again.text != replica.text:
        raise LocalError(what="a snapshot reads differently from what was saved")
    return {"data": data, "heads": replica.heads, "text": replica.text, "held": len(received.held)}


def check_snapshot(data: bytes) -> dict[str, Any]:
    """What a snapshot holds, after the engine has agreed with all of it."""
    replica = Replica.load(data, _NOBODY)
    replica.verify()
    return {"heads": replica.heads, "text": replica.text, "kind": replica.kind.value}


def read_text(base: bytes | None, changes: list[tuple[bytes, bytes]]) -> str:
    """The text of a note that is not open."""
    replica = Replica.load(base, _NOBODY) if base is not None else Replica.empty(Kind.NOTE, _NOBODY)
    replica.receive([raw for _, raw in changes], feeds=[feed for feed, _ in changes])
    return replica.text


def text_at(base: bytes | None, changes: list[tuple[bytes, bytes]], heads: list[bytes]) -> str:
    """The text of a note as it was at earlier heads."""
    replica = Replica.load(base, _NOBODY) if base is not None else Replica.empty(Kind.NOTE, _NOBODY)
    replica.receive([raw for _, raw in changes], feeds=[feed for feed, _ in changes])
    return replica.text_at(heads)


def automerge_file(base: bytes | None, changes: list[tuple[bytes, bytes]]) -> bytes:
    """A note with its history in Automerge's own format."""
    replica = Replica.load(base, _NOBODY) if base is not None else Replica.empty(Kind.NOTE, _NOBODY)
    replica.receive([raw for _, raw in changes], feeds=[feed for feed, _ in changes])
    return replica.automerge()


def sizes(base: bytes | None, changes: list[tuple[bytes, bytes]], steps: list[list[bytes]]) -> list[tuple[int, int]]:
    """How many letters each step between successive heads writes and strikes."""
    replica = Replica.load(base, _NOBODY) if base is not None else Replica.empty(Kind.NOTE, _NOBODY)
    replica.receive([raw for _, raw in changes], feeds=[feed for feed, _ in changes])
    found: list[tuple[int, int]] = []
    for old, new in pairwise(steps):
        splices = replica.splices_between(old, new)
        found.append((sum(len(s.inserted) for s in splices), sum(len(s.removed) for s in splices)))
    return found


def facts(text: str, file_name: str) -> dict[str, Any]:
    """What a card shows of a text."""
    found = parse(text, file_name)
    return {
        "title": found.title,
        "snippet": found.snippet,
        "tags": found.tags,
        "aliases": found.aliases,
        "words": found.words,
        "tasks_open": sum(not task.done for task in found.tasks),
        "tasks_done": sum(task.done for task in found.tasks),
        "size_chars": len(text),
    }


JOBS: Mapping[str, Callable[..., Any]] = {
    "build_snapshot": build_snapshot,
    "check_snapshot": check_snapshot,
    "read_text": read_text,
    "text_at": text_at,
    "automerge_file": automerge_file,
    "sizes": sizes,
    "facts": facts,
}
