"""Compares a picture with the one that was approved, with a small tolerance; new ones are written on demand.

`NOTESAPP_NEW_PICTURES=1 pytest tests/ui` approves what is drawn now. What differs is kept beside the test's folder in
`out/pictures`, for CI to show.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

APPROVED = Path(__file__).parent / "pictures"
DIFFERENT = Path(__file__).resolve().parents[2] / "out" / "pictures"
# Freetype's rounding differs by a shade between builds; a moved letter differs by far more.
SHADE, SHARE = 24, 0.002


def picture(widget: QWidget) -> QImage:
    """The widget as it is painted, without a caret that blinks."""
    QApplication.processEvents()
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def difference(one: QImage, other: QImage) -> float:
    """The share of pixels that differ by more than a shade; 1 if the sizes differ."""
    if one.size() != other.size():
        return 1.0
    a, b = bytes(one.constBits()), bytes(other.constBits())
    if a == b:
        return 0.0
    worse = sum(
        1
        for at in range(0, len(a), 4)
        if a[at : at + 4] != b[at : at + 4] and any(abs(a[at + part] - b[at + part]) > SHADE for part in range(3))
    )
    return worse / (one.width() * one.height())


def check(widget: QWidget, name: str) -> None:
    """Fails if the widget looks different from the approved picture of that name."""
    drawn = picture(widget)
    path = APPROVED / f"{name}.png"
    if os.environ.get("NOTESAPP_NEW_PICTURES"):
        APPROVED.mkdir(exist_ok=True)
        assert drawn.save(str(path))
        return
    approved = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert not approved.isNull(), f"there is no approved picture {path.name}"
    share = difference(drawn, approved)
    if share > SHARE:
        DIFFERENT.mkdir(parents=True, exist_ok=True)
        drawn.save(str(DIFFERENT / f"{name}.png"))
    assert share <= SHARE, f"{name}: {share:.2%} of the pixels differ; see {DIFFERENT / (name + '.png')}"
