"""Makes the font in which hidden Markdown markers are set: every character is empty and has no width.

The result is kept in `resources/fonts`; run this again only to change it: `python scripts/make_hidden_font.py`.
"""

from __future__ import annotations

import struct
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.DefaultTable import DefaultTable

FAMILY = "Notesapp Hidden"
GLYPHS = 1024  # cmap format 12 numbers glyphs consecutively: a group may be as long as there are glyphs
# Inter's own metrics, so that a line or a caret is equally high with or without hidden characters.
UNITS, ASCENT, DESCENT = 2048, 1984, -494


def _groups() -> list[tuple[int, int, int]]:
    """Groups (first, last, glyph) that give each code point but the surrogates some empty glyph."""
    groups = []
    for start in range(0, 0x110000, GLYPHS - 1):
        first, last = max(start, 0x20), min(start + GLYPHS - 2, 0x10FFFF)
        for low, high in ((first, min(last, 0xD7FF)), (max(first, 0xE000), last)):
            if low <= high:
                groups.append((low, high, 1 + low - start))
    return groups


def _cmap() -> bytes:
    groups = _groups()
    table12 = struct.pack(">HHLLL", 12, 0, 16 + 12 * len(groups), 0, len(groups))
    table12 += b"".join(struct.pack(">LLL", *group) for group in groups)
    head = struct.pack(">HH", 0, 2)
    offset = len(head) + 2 * 8
    return head + struct.pack(">HHL", 0, 4, offset) + struct.pack(">HHL", 3, 10, offset) + table12


def make(path: Path) -> None:
    """Writes the font to `path` (about 15 kB)."""
    names = [".notdef", *(f"e{number}" for number in range(1, GLYPHS))]
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf(dict.fromkeys(names, empty))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (0, 0)))
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2(
        sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT, sxHeight=1118
    )
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 3_800_000_000  # the same bytes each time
    builder.font.recalcTimestamp = False
    cmap = DefaultTable("cmap")
    cmap.data = _cmap()
    builder.font["cmap"] = cmap
    builder.save(str(path))


if __name__ == "__main__":
    make(Path(__file__).parents[1] / "resources" / "fonts" / "NotesappHidden-Regular.ttf")
