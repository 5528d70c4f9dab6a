"""Keeps the order of all characters of a text, deleted ones included, so that a change becomes exact splices.

Rules over order only: where a new run belongs (RGA: after its reference, past following characters with a greater id),
which characters a position names, and what a deletion takes away. It judges nothing; `vet` has checked every id before.
Characters lie in runs (`Span`), runs in chunks with the visible text of each: an edit costs a chunk, not a text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Sequence as Row

from notesapp.notes.deeds import Id
from notesapp.notes.spans import Chunk, Span, byte_size

_MAX_SPANS = 128  # per chunk: a walk over them stays under 10 µs
_MAX_TEXT = 8_192  # per chunk: a string splice stays under 1 µs


class Sequence:
    """The characters of one text in document order; `actors` is the replica's table, shared and growing."""

    def __init__(self, actors: Row[bytes]) -> None:
        self._actors = actors
        self._chunks = [Chunk(0)]
        self._lengths = [0]
        self._offsets = [0]  # where each chunk starts in the text
        self._valid = 0  # offsets up to this index hold
        self._starts: list[list[int]] = []  # per actor: first number of each span, ascending
        self._spans: list[list[Span]] = []  # per actor: those spans
        self._newest = 0  # greatest operation number of any character
        self._text: str | None = ""
        self.length = 0
        self.size_bytes = 0

    @property
    def text(self) -> str:
        """The visible text; joined anew after a change."""
        if self._text is None:
            self._text = "".join([chunk.text for chunk in self._chunks])
        return self._text

    # -- questions ------------------------------------------------------------------------------------------------

    def holds(self, actor: int, start: int, count: int = 1) -> bool:
        """Whether all of these characters exist, visible or deleted."""
        end = start + count
        while start < end:
            nth = self._find(actor, start)
            if nth < 0:
                return False
            start = self._starts[actor][nth] + self._spans[actor][nth].count
        return True

    def anchor(self, at: int) -> Id | None:
        """The character before the position; None at the beginning."""
        if at == 0:
            return None
        actor, number, _ = next(self.runs(at - 1, 1))
        return (number, actor)

    def runs(self, at: int, count: int) -> Iterator[tuple[int, int, int]]:
        """The visible characters from `at`, as (actor, first number, how many)."""
        if not count:
            return
        index = self._chunk_at(at)
        skip = at - self._offsets[index]
        while count > 0:
            for span in self._chunks[index].spans:
                if not span.live:
                    continue
                if skip >= span.count:
                    skip -= span.count
                    continue
                here = min(count, span.count - skip)
                yield span.actor, span.start + skip, here
                count -= here
                skip = 0
                if not count:
                    return
            index += 1

    def slice(self, at: int, count: int) -> str:
        """`count` characters of the text from `at` (fewer at its end), without joining the whole."""
        if not count:
            return ""
        index = self._chunk_at(at)
        begin = at - self._offsets[index]
        parts = [self._chunks[index].text[begin : begin + count]]
        count -= len(parts[0])
        while count > 0 and index + 1 < len(self._chunks):
            index += 1
            parts.append(self._chunks[index].text[:count])
            count -= len(parts[-1])
        return "".join(parts)

    def spans(self) -> Iterator[Span]:
        """All runs in document order, deleted ones too."""
        for chunk in self._chunks:
            yield from chunk.spans

    # -- changes --------------------------------------------------------------------------------------------------

    def insert(self, after: Id | None, first: Id, text: str) -> int:
        """Put the characters of `text`, numbered from `first`, after a character; returns their position."""
        number, actor = first
        chunk, nth = self._place(after, first)
        if len(chunk.text) > _MAX_TEXT // 2 and nth == len(chunk.spans) and chunk is not self._chunks[-1]:
            chunk, nth = self._chunks[chunk.index + 1], 0  # the same place; a long run keeps its chunk to itself
        inside = 0
        for span in chunk.spans[:nth]:
            if span.live:
                inside += span.count
        before = chunk.spans[nth - 1] if nth else None
        if before is not None and before.live and before.actor == actor and before.start + before.count == number:
            before.count += len(text)
        else:
            span = Span(actor, number, len(text), True, chunk)
            chunk.spans.insert(nth, span)
            chunk.least = min(chunk.least, number)
            self._register(span)
        chunk.text = chunk.text[:inside] + text + chunk.text[inside:]
        at = self._offset(chunk.index) + inside
        self._newest = max(self._newest, number + len(text) - 1)
        self._resized(chunk, len(text), byte_size(text))
        if len(chunk.spans) > _MAX_SPANS or len(chunk.text) > _MAX_TEXT:
            self._halve(chunk)
        return at

    def delete(self, actor: int, start: int, count: int) -> list[tuple[int, str]]:
        """Hide these characters; what was visible of them, each as it was found: (position, text)."""
        end = start + count
        gone: list[tuple[int, str]] = []
        while start < end:
            span = self._spans[actor][self._find(actor, start)]
            offset = start - span.start
            here = min(end - start, span.count - offset)
            if span.live:
                at, text = self._hide(span, offset, here)
                if gone and gone[-1][0] == at:
                    gone[-1] = (at, gone[-1][1] + text)
                else:
                    gone.append((at, text))
            start += here
        return gone

    def _hide(self, span: Span, offset: int, count: int) -> tuple[int, str]:
        chunk = span.chunk
        nth = chunk.spans.index(span)
        inside = offset
        for earlier in chunk.spans[:nth]:
            if earlier.live:
                inside += earlier.count
        text = chunk.text[inside : inside + count]
        chunk.text = chunk.text[:inside] + chunk.text[inside + count :]
        at = self._offset(chunk.index) + inside
        if offset:
            span = self._split(chunk, nth, offset)
            nth += 1
        if count < span.count:
            self._split(chunk, nth, count)
        span.live = False
        self._fuse(chunk, nth)
        self._fuse(chunk, nth - 1)
        self._resized(chunk, -count, -byte_size(text))
        if len(chunk.spans) > _MAX_SPANS:
            self._halve(chunk)
        return at, text

    def _place(self, after: Id | None, first: Id) -> tuple[Chunk, int]:
        """The chunk and the index in it where the new span belongs; splits the span it falls into."""
        number, actor = first
        name = self._actors[actor]
        if after is None:
            chunk, nth = self._chunks[0], 0
        else:
            span = self._spans[after[1]][self._find(after[1], after[0])]
            chunk = span.chunk
            nth = chunk.spans.index(span) + 1
            offset = after[0] - span.start + 1
            if offset < span.count and not self._greater(span.actor, span.start + offset, number, name):
                self._split(chunk, nth - 1, offset)
                return chunk, nth
        if number > self._newest:
            return chunk, nth
        while True:
            while nth < len(chunk.spans):
                span = chunk.spans[nth]
                if not self._greater(span.actor, span.start, number, name):
                    return chunk, nth
                nth += 1
            index = chunk.index + 1
            while index < len(self._chunks) and self._chunks[index].least > number:
                index += 1
            if index == len(self._chunks):
                last = self._chunks[-1]
                return last, len(last.spans)
            if index > chunk.index + 1:
                chunk = self._chunks[index - 1]
                nth = len(chunk.spans)
            span = self._chunks[index].spans[0]
            if not self._greater(span.actor, span.start, number, name):
                return chunk, nth
            chunk, nth = self._chunks[index], 1

    def _greater(self, actor: int, number: int, than: int, name: bytes) -> bool:
        return number > than or (number == than and self._actors[actor] > name)

    # -- bookkeeping ----------------------------------------------------------------------------------------------

    def _find(self, actor: int, number: int) -> int:
        """Index among the actor's spans of the one that holds the number; -1 if none does."""
        if actor >= len(self._starts):
            return -1
        nth = bisect_right(self._starts[actor], number) - 1
        if nth < 0:
            return -1
        span = self._spans[actor][nth]
        return nth if number < span.start + span.count else -1

    def _register(self, span: Span) -> None:
        while len(self._starts) <= span.actor:
            self._starts.append([])
            self._spans.append([])
        starts = self._starts[span.actor]
        nth = bisect_right(starts, span.start)
        starts.insert(nth, span.start)
        self._spans[span.actor].insert(nth, span)

    def _split(self, chunk: Chunk, nth: int, offset: int) -> Span:
        """Cut the chunk's nth span; returns its second part, which now follows it."""
        span = chunk.spans[nth]
        second = Span(span.actor, span.start + offset, span.count - offset, span.live, chunk)
        span.count = offset
        chunk.spans.insert(nth + 1, second)
        self._register(second)
        return second

    def _fuse(self, chunk: Chunk, nth: int) -> None:
        """Join the nth span with its follower if both are deleted and consecutive: tombstones stay few."""
        if nth < 0 or nth + 1 >= len(chunk.spans):
            return
        span, second = chunk.spans[nth], chunk.spans[nth + 1]
        if span.live or second.live or span.actor != second.actor or span.start + span.count != second.start:
            return
        span.count += second.count
        del chunk.spans[nth + 1]
        where = bisect_right(self._starts[second.actor], second.start) - 1
        del self._starts[second.actor][where]
        del self._spans[second.actor][where]

    def _resized(self, chunk: Chunk, characters: int, size_bytes: int) -> None:
        self._lengths[chunk.index] = len(chunk.text)
        self._valid = min(self._valid, chunk.index)
        self.length += characters
        self.size_bytes += size_bytes
        self._text = None

    def _offset(self, index: int) -> int:
        offsets, lengths = self._offsets, self._lengths
        nth = self._valid
        if nth < index:
            at = offsets[nth]
            while nth < index:
                at += lengths[nth]
                nth += 1
                offsets[nth] = at
            self._valid = nth
        return offsets[index]

    def _chunk_at(self, at: int) -> int:
        last = len(self._chunks) - 1
        offsets, lengths = self._offsets, self._lengths
        nth = self._valid
        reach = offsets[nth]
        while nth < last and reach + lengths[nth] <= at:
            reach += lengths[nth]
            nth += 1
            offsets[nth] = reach
        self._valid = max(self._valid, nth)
        return bisect_right(offsets, at, 0, self._valid + 1) - 1

    def _halve(self, chunk: Chunk) -> None:
        if len(chunk.spans) < 2:
            return
        half = chunk.middle(_MAX_SPANS)
        second = Chunk(chunk.index + 1)
        second.spans = chunk.spans[half:]
        del chunk.spans[half:]
        for span in second.spans:
            span.chunk = second
            second.least = min(second.least, span.start)
        chunk.least = min(span.start for span in chunk.spans)
        cut = sum([span.count for span in chunk.spans if span.live])
        second.text = chunk.text[cut:]
        chunk.text = chunk.text[:cut]
        self._chunks.insert(second.index, second)
        for later in self._chunks[second.index + 1 :]:
            later.index += 1
        self._lengths[chunk.index] = len(chunk.text)
        self._lengths.insert(second.index, len(second.text))
        self._offsets.append(0)
        self._valid = min(self._valid, chunk.index)

    # -- snapshots ------------------------------------------------------------------------------------------------

    def dump(self) -> list[int]:
        """All spans in document order, four numbers each: actor, start, count, visible."""
        flat: list[int] = []
        for chunk in self._chunks:
            for span in chunk.spans:
                flat += (span.actor, span.start, span.count, span.live)
        return flat

    @classmethod
    def restore(cls, actors: Row[bytes], flat: Row[int], text: str) -> Sequence:
        """The order that `dump` described; ValueError if it doesn't fit the text."""
        sequence = cls(actors)
        sequence._chunks.clear()
        registry: list[list[tuple[int, Span]]] = [[] for _ in actors]
        at = newest = 0
        for first in range(0, max(len(flat), 1), 4 * (_MAX_SPANS // 2)):
            chunk = Chunk(len(sequence._chunks))
            begin = at
            for nth in range(first, min(first + 4 * (_MAX_SPANS // 2), len(flat)), 4):
                actor, start, count, live = flat[nth : nth + 4]
                span = Span(actor, start, count, bool(live), chunk)
                chunk.spans.append(span)
                registry[actor].append((start, span))
                newest = max(newest, start + count - 1)
                chunk.least = min(chunk.least, start)
                if live:
                    at += count
            chunk.text = text[begin:at]
            sequence._chunks.append(chunk)
        if at != len(text) or len(flat) % 4:
            raise ValueError("the spans don't fit the text")
        for entries in registry:
            entries.sort(key=lambda entry: entry[0])
            sequence._starts.append([start for start, _ in entries])
            sequence._spans.append([span for _, span in entries])
        sequence._lengths = [len(chunk.text) for chunk in sequence._chunks]
        sequence._offsets = [0] * len(sequence._chunks)
        sequence._valid, sequence._newest, sequence._text = 0, newest, text
        sequence.length, sequence.size_bytes = len(text), byte_size(text)
        return sequence
