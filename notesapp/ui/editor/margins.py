"""Decides the room around a note's text: less beside it where there is little width, some below to write on in."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTextFrameFormat

from notesapp.ui.editor.formats import Look

TOP_PX, BOTTOM_PX = 36, 120
GUTTER, RIGHT, NARROW_GUTTER, NARROW_RIGHT = 72, 60, 46, 20
BELOW_SHARE = 0.4  # of the window's height can be scrolled past the end
STEP_PX = 60  # another margin lays the whole note out anew: not for every pixel of the window's height


@dataclass(frozen=True, slots=True)
class Margins:
    """The margins of one sheet in pixels. `gutter` is left of the text, headings' markers hang in it."""

    gutter: float
    right: float
    below: float
    column: float  # the width that is left for the text

    @classmethod
    def wide(cls, look: Look) -> Margins:
        """The margins where there is room."""
        return cls(look.scaled(GUTTER), look.scaled(RIGHT), look.scaled(BOTTOM_PX), look.column)

    @classmethod
    def fitting(cls, look: Look, wide: float, high: float) -> Margins:
        """The margins in a window of that size: the column keeps its width as long as it can."""
        full = cls.wide(look)
        short = max(0.0, full.gutter + look.column + full.right - wide)
        right = max(look.scaled(NARROW_RIGHT), full.right - short)
        gutter = max(look.scaled(NARROW_GUTTER), full.gutter - (short - (full.right - right)))
        below = max(full.below, round(high * BELOW_SHARE / STEP_PX) * STEP_PX)
        return cls(gutter, right, below, min(look.column, max(1.0, wide - gutter - right)))

    def frame(self, look: Look) -> QTextFrameFormat:
        """As Qt's format of a document."""
        frame = QTextFrameFormat()
        frame.setLeftMargin(self.gutter)
        frame.setRightMargin(self.right)
        frame.setTopMargin(look.scaled(TOP_PX))
        frame.setBottomMargin(self.below)
        return frame
