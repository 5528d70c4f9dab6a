"""Decides where a note's lines may be broken: between words, or anywhere if a word is too long for that.

Qt looks for the end of the word from each line of it: the work grows with the square of a word's length (100,000
characters 0.2 s, 1,000,000 characters 20 s); broken anywhere, a million characters take 0.1 s. Qt has one such rule for
a whole document.
"""

from __future__ import annotations

from PySide6.QtGui import QTextOption

LONGEST_WORD = 20_000
WORDS = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
ANYWHERE = QTextOption.WrapMode.WrapAnywhere


def wrap_of(text: str) -> QTextOption.WrapMode:
    """How a text is broken into lines."""
    for line in text.split("\n"):
        if len(line) > LONGEST_WORD and any(len(word) > LONGEST_WORD for word in line.split()):
            return ANYWHERE
    return WORDS
