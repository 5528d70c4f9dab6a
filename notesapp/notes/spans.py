"""The pieces of which the order of a text is kept. They hold; `sequence` decides."""

from __future__ import annotations


class Span:
    """Consecutive characters of one actor, numbered from `start`, all visible or all deleted."""

    __slots__ = ("actor", "chunk", "count", "live", "start")

    def __init__(self, actor: int, start: int, count: int, live: bool, chunk: Chunk) -> None:
        self.actor = actor
        self.start = start
        self.count = count
        self.live = live
        self.chunk = chunk


class Chunk:
    """Some spans in document order, with their visible text."""

    __slots__ = ("index", "spans", "text")

    def __init__(self, index: int) -> None:
        self.index = index
        self.spans: list[Span] = []
        self.text = ""


def byte_size(text: str) -> int:
    """Length of the text in UTF-8 bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8"))
