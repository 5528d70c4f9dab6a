"""The fonts that are shipped: loads them once and builds QFonts by pixel size and weight.

Sizes are in pixels everywhere: the layout is drawn in device-independent pixels, and Qt scales both alike.
"""

from __future__ import annotations

import logging

from PySide6.QtGui import QFont, QFontDatabase

from notesapp.ui.style.resources import resource
from notesapp.ui.style.tokens import BODY_PX, CODE_PX, UI_PX

log = logging.getLogger(__name__)

UI_FAMILY, CODE_FAMILY = "Inter", "JetBrains Mono"
_FALLBACK = {UI_FAMILY: QFont.StyleHint.SansSerif, CODE_FAMILY: QFont.StyleHint.Monospace}
_loaded: list[int] = []


def load_fonts() -> tuple[str, ...]:
    """Registers the shipped fonts with Qt, once; returns the names of the files that could not be read.

    A missing font is a blemish, not an end: Qt then falls back to the system's own.
    """
    if _loaded:
        return ()
    missing = []
    for path in sorted(resource("fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            missing.append(path.name)
        else:
            _loaded.append(number)
    for name in missing:
        log.warning("! font %s can't be read; the system's font is used", name)
    return tuple(missing)


def lacks_fonts() -> bool:
    """Whether a shipped font is not there, after `load_fonts`."""
    return not (QFontDatabase.hasFamily(UI_FAMILY) and QFontDatabase.hasFamily(CODE_FAMILY))


def _font(family: str, px: float, weight: int, italic: bool) -> QFont:
    font = QFont()
    font.setFamilies([family])
    font.setStyleHint(_FALLBACK[family])
    font.setPixelSize(max(1, round(px)))
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    # Hinting moves the advance widths to whole pixels, so text would breathe when zoomed.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def ui_font(px: float = UI_PX, weight: int = 400, *, italic: bool = False) -> QFont:
    """Inter at `px` pixels; weights 400, 500, 600 and 700 have their own cuts."""
    return _font(UI_FAMILY, px, weight, italic)


def body_font(px: float = BODY_PX, weight: int = 400, *, italic: bool = False) -> QFont:
    """The font of a note's text."""
    return _font(UI_FAMILY, px, weight, italic)


def code_font(px: float = CODE_PX, weight: int = 400, *, italic: bool = False) -> QFont:
    """JetBrains Mono at `px` pixels; weights 400 and 700 have their own cuts."""
    return _font(CODE_FAMILY, px, weight, italic)
