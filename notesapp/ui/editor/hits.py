"""Finds what a person points at: a task's box, a link, the folded front matter."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextBlock

from notesapp.ui.editor.blocks import Kind, Line
from notesapp.ui.editor.geometry import stretches, text_cell
from notesapp.ui.editor.inline import Mark, Span, is_attachment
from notesapp.ui.editor.picture_paint import picture_rect
from notesapp.ui.editor.screen import Screen
from notesapp.ui.editor.sheet import Sheet


@dataclass(frozen=True)
class Hit:
    """`what` is task, link or front; a link has a `kind` (wiki, url, tag, attachment) and a `target`."""

    what: str
    block: QTextBlock
    kind: str = ""
    target: str = ""


def link_of(sheet: Sheet, line: Line, text: str, span: Span) -> tuple[str, str] | None:
    """Kind and target of a construct that leads somewhere."""
    target = sheet.cut(text, line, *span.target).strip()
    match span.mark:
        case Mark.WIKI | Mark.EMBED:
            return ("attachment" if span.mark is Mark.EMBED and is_attachment(target) else "wiki"), target
        case Mark.TAG:
            return "tag", target
        case Mark.LINK | Mark.FILE | Mark.IMAGE | Mark.URL:
            if span.mark is Mark.URL and "@" in target and ":" not in target:
                target = "mailto:" + target
            return ("attachment" if is_attachment(target) else "url"), target
    return None


def link_at(sheet: Sheet, block: QTextBlock, at: int) -> tuple[str, str] | None:
    """The innermost link at a position of a block."""
    number = block.blockNumber()
    if number >= len(sheet.rows):
        return None
    line, found = sheet.rows[number].line, None
    for span in line.spans:
        if span.start <= at <= span.end:
            found = link_of(sheet, line, block.text(), span) or found
    return found


def hit_at(screen: Screen, point: QPointF) -> Hit | None:
    """What is under a point of the document."""
    sheet = screen.sheet
    layout = sheet.document.documentLayout()
    position = layout.hitTest(point, Qt.HitTestAccuracy.FuzzyHit)
    block = sheet.document.findBlock(max(0, position))
    number = block.blockNumber()
    if not block.isValid() or number >= len(sheet.rows) or not block.layout().lineCount():
        return None
    row = sheet.rows[number]
    if sheet.formats.look.source:
        return None
    if row.line.kind is Kind.TASK and screen.decorations.task_box(block, row).adjusted(-5, -6, 5, 6).contains(point):
        return Hit("task", block)
    if row.line.kind is Kind.FRONT and sheet.folded and screen.decorations.front_chip(block, row).contains(point):
        return Hit("front", block)
    if row.line.kind is Kind.PICTURE and picture_rect(sheet, block, row).contains(point):
        found = link_of(sheet, row.line, block.text(), row.line.spans[0])
        return Hit("link", block, *found) if found else None
    for span in reversed(row.line.spans):
        found = link_of(sheet, row.line, block.text(), span)
        if found is None:
            continue
        for line, left, right in stretches(block, span.start + span.opening, span.end - span.closing):
            cell = text_cell(block, line)
            if left <= point.x() <= right and cell.top() - 3 <= point.y() <= cell.bottom() + 3:
                return Hit("link", block, *found)
    return None
