"""Decides how each character of a line is shown, hidden markers and revealed ones included. Pure.

A run is (start, end, style bits, colour token); runs come in order and cover only what differs from the line's base.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from notesapp.ui.editor.blocks import FRONT_MATTER, ITEMS, Kind, Line
from notesapp.ui.editor.inline import Mark, Span

# Style bits; they combine. HIDE takes no room, GHOST keeps it but isn't seen, MARKER is seen, in grey;
# ROOM keeps room for an icon, AIR a little behind a character, for what is painted around a word.
STRONG, EM, STRIKE, MONO, LINK, WIKI, TAG = 1, 2, 4, 8, 16, 32, 64
HIDE, MARKER, GHOST, SEMIBOLD, QUIET, BASE_CODE, ROOM, AIR = 128, 256, 512, 1024, 2048, 4096, 8192, 16384

Run = tuple[int, int, int, str]

_BITS = {
    Mark.STRONG: STRONG,
    Mark.EM: EM,
    Mark.STRIKE: STRIKE,
    Mark.HIGHLIGHT: 0,
    Mark.CODE: MONO,
    Mark.LINK: LINK,
    Mark.IMAGE: QUIET,
    Mark.FILE: LINK,
    Mark.WIKI: WIKI,
    Mark.EMBED: QUIET,
    Mark.TAG: TAG,
    Mark.URL: LINK,
    Mark.ESCAPE: 0,
    Mark.FOOTNOTE: LINK,
    Mark.COMMENT: MARKER,
}
CHIPS = frozenset({Mark.FILE, Mark.EMBED, Mark.IMAGE})


def touched(line: Line, caret: int) -> frozenset[int]:
    """The constructs that a caret at `caret` (UTF-16 units in the line) touches, by their number."""
    return frozenset(
        number
        for number, span in enumerate(line.spans)
        if span.start <= caret <= span.end and (span.opening or span.closing)
    )


def prefix_shown(line: Line, caret: int | None) -> bool:
    """Whether the line's own marker is to be seen: a heading's when the caret is in it, others when it is in them."""
    if caret is None:
        return False
    if line.kind is Kind.HEADING or line.kind in (Kind.FENCE, Kind.FENCE_END, Kind.RULE, Kind.UNDERLINE):
        return True
    if line.kind in FRONT_MATTER:
        return True
    return line.prefix > 0 and caret < line.prefix


def runs(line: Line, caret: int | None, revealed: Collection[int], *, always: bool, source: bool) -> list[Run]:
    """The runs of a line; `revealed` are the numbers of the constructs whose markers are seen."""
    layers: list[Run] = []
    # bullets, boxes and call-outs' icons are painted in place of their markers even where markers are always seen
    painted = line.kind in ITEMS or line.kind in (Kind.CALLOUT, Kind.RULE)
    shown = (always and not painted) or source or prefix_shown(line, caret)
    if line.kind in (Kind.FENCE, Kind.FENCE_END, Kind.RULE, Kind.UNDERLINE, Kind.TABLE_LINE):
        layers.append((0, line.length, MARKER if shown else GHOST, ""))
    elif line.kind is Kind.BLANK and line.quote:  # nothing but its quote's markers
        inside = caret is not None and caret < line.length
        layers.append((0, line.length, MARKER if shown or inside else GHOST, ""))
    elif line.prefix:
        number = line.kind is Kind.NUMBER and not source
        if number or shown:
            layers.append((0, line.prefix, MARKER, ""))
        elif line.kind in ITEMS or line.quote or line.kind is Kind.HEADING or line.level:
            layers.append((0, line.prefix, GHOST, ""))
    for order, span in enumerate(line.spans):
        chip = span.mark in CHIPS and line.kind is not Kind.PICTURE
        _layer(layers, span, always or source or order in revealed, chip=chip)
    if len(layers) < 2:
        return layers
    return _flat(layers)


def _layer(layers: list[Run], span: Span, shown: bool, *, chip: bool) -> None:
    bits = _BITS[span.mark]
    marker = MARKER if shown else HIDE
    inner_start, inner_end = span.start + span.opening, span.end - span.closing
    if bits and inner_start < inner_end:
        layers.append((inner_start, inner_end, bits, ""))
    if span.opening:
        layers.append((span.start, inner_start, marker, ""))
        if chip and not shown:
            layers.append((inner_start - 1, inner_start, ROOM, ""))
    if span.closing:
        layers.append((inner_end, span.end, marker, ""))
    if span.mark is Mark.CODE and not shown:
        layers += ((inner_start - 1, inner_start, AIR, ""), (inner_end, inner_end + 1, AIR, ""))
    elif span.mark is Mark.TAG:
        layers += ((max(0, span.start - 1), span.start, AIR, ""), (span.end - 1, span.end, AIR, ""))


def _flat(layers: list[Run]) -> list[Run]:
    """Overlapping layers as runs that don't overlap."""
    edges = sorted({edge for layer in layers for edge in layer[:2]})
    flat: list[Run] = []
    for start, end in pairwise(edges):
        bits = 0
        for low, high, more, _name in layers:
            if low <= start and high >= end:
                bits |= more
        if bits:
            flat.append((start, end, bits, ""))
    return flat
