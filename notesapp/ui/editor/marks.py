"""Commands that put markers around words: bold, italic, strike, highlight, code, links."""

from __future__ import annotations

import re

from PySide6.QtGui import QTextCursor

from notesapp.ui.editor.inline import Mark, Span, spans, units
from notesapp.ui.editor.pen import Pen

MARKERS = {Mark.STRONG: "**", Mark.EM: "*", Mark.STRIKE: "~~", Mark.HIGHLIGHT: "==", Mark.CODE: "`"}
PAIRS = {"*": "*", "_": "_", "`": "`", "~": "~", "=": "=", "(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
_URL = re.compile(r"(?:https?|ftp|mailto|notesapp)://?\S+$|www\.\S+\.\S+$", re.IGNORECASE)


def looks_like_url(text: str) -> bool:
    """Whether pasted text is one address and nothing else."""
    return bool(_URL.match(text.strip())) and "\n" not in text.strip()


class Marks:
    """Puts markers around the selection or the word at the caret, or takes them away."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def toggle(self, mark: Mark) -> None:
        """Makes the selection (or word) bold, and so on; takes it back if it is so already."""
        pen, marker = self._pen, MARKERS[mark]
        cursor = pen.cursor
        around = self._around(cursor, mark)
        if around is not None:
            self._strip(cursor, around)
            return
        if not cursor.hasSelection():
            word = pen.cursor
            word.select(QTextCursor.SelectionType.WordUnderCursor)
            position = cursor.position()
            if word.selectedText().strip() and word.selectionStart() < position < word.selectionEnd():
                self._wrap(word.selectionStart(), word.selectionEnd(), marker, caret=position + len(marker))
                return
            pen.replace(position, position, marker * 2, caret=position + len(marker))
            return
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        text = units(pen.text(start, end))
        start += len(text) - len(text.lstrip())
        end -= len(text) - len(text.rstrip())
        if start < end:
            self._wrap(start, end, marker)

    def _around(self, cursor: QTextCursor, mark: Mark) -> Span | None:
        """The construct of that kind that holds the selection."""
        block = cursor.block()
        low, high = cursor.selectionStart() - block.position(), cursor.selectionEnd() - block.position()
        found = None
        for span in spans(units(block.text())):
            if span.mark is mark and span.start <= low and high <= span.end:
                found = span
        return found

    def _strip(self, cursor: QTextCursor, span: Span) -> None:
        base = cursor.block().position()
        start, end = base + span.start, base + span.end
        inner = self._pen.text(start + span.opening, end - span.closing)
        low = max(start, cursor.selectionStart() - span.opening)
        high = max(start, cursor.selectionEnd() - span.opening)
        limit = start + len(units(inner))
        anchor = min(low, limit) if cursor.hasSelection() else None
        self._pen.replace(start, end, inner, caret=min(high, limit), anchor=anchor)

    def _wrap(self, start: int, end: int, marker: str, *, caret: int | None = None) -> None:
        """Wraps each line of the stretch by itself, because a construct doesn't cross lines."""
        text = self._pen.text(start, end)
        wrapped = "\n".join(_wrapped(line, marker) for line in text.split("\n"))
        if caret is not None:
            self._pen.replace(start, end, wrapped, caret=caret)
            return
        new_end = start + len(units(wrapped))
        if "\n" in text:
            self._pen.replace(start, end, wrapped, caret=new_end, anchor=start)
        else:
            inside = len(marker)
            self._pen.replace(start, end, wrapped, caret=new_end - inside, anchor=start + inside)

    def surround(self, typed: str) -> bool:
        """Typing `*` and the like over a selection surrounds it; False if there is none."""
        cursor = self._pen.cursor
        if not cursor.hasSelection() or typed not in PAIRS or "\n" in self._pen.selected():
            return False
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        inner = self._pen.selected()
        self._pen.replace(start, end, typed + inner + PAIRS[typed], caret=end + 1, anchor=start + 1)
        return True

    def link(self, address: str = "") -> None:
        """Makes a link of the selection; the caret goes where something is still to be written."""
        cursor = self._pen.cursor
        start, end, text = cursor.selectionStart(), cursor.selectionEnd(), self._pen.selected()
        if looks_like_url(text) and not address:
            self._pen.replace(start, end, f"[]({text.strip()})", caret=start + 1)
            return
        label = text.replace("\n", " ")
        made = f"[{label}]({_safe(address)})"
        size = len(units(made))
        self._pen.replace(start, end, made, caret=start + (size if address and label else size - 1 if label else 1))


def _safe(address: str) -> str:
    address = address.strip()
    if re.search(r"[\s()]", address):
        return "<" + address.replace("<", "%3C").replace(">", "%3E") + ">"
    return address


_LEAD = re.compile(r"\s*(?:[-*+] (?:\[[ xX]\] )?|\d+[.)] |#{1,6} |> )*")


def _wrapped(line: str, marker: str) -> str:
    lead = _LEAD.match(line)
    head = lead.group() if lead else ""
    body = line[len(head) :]
    tail = body[len(body.rstrip()) :]
    body = body.rstrip()
    return head + marker + body + marker + tail if body else line
