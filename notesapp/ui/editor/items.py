"""Commands for lists, tasks, quotes and headings: Enter goes on, Tab nests, numbers stay in order.

The pure parts (what Enter leaves on the new line, how numbers run) are functions of text; `Items` types them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtGui import QTextBlock

from notesapp.ui.editor.inline import units
from notesapp.ui.editor.pen import Pen

_ITEM = re.compile(
    r"(?P<lead>[ \t]*(?:>[ \t]?)*[ \t]*)(?P<marker>[-*+]|(?P<number>\d{1,9})(?P<point>[.)]))"
    r"(?P<space>[ \t]+|$)(?P<box>\[[ xX]\](?:[ \t]+|$))?"
)
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_HEADING = re.compile(r"(#{1,6})[ \t]+")


@dataclass(frozen=True)
class Item:
    """A line that begins with a marker: what stands before, the marker's end, the number if it has one."""

    lead: str
    marker: str
    number: int | None
    box: str
    end: int

    @property
    def indent(self) -> int:
        return len(self.lead.expandtabs(4))


def item_of(text: str) -> Item | None:
    """The list item that a line is, if it is one."""
    match = _ITEM.match(text)
    if match is None or (not match["space"] and match.end() < len(text)):
        return None
    number = int(match["number"]) if match["number"] else None
    return Item(match["lead"], match["marker"] + (match["space"] or " "), number, match["box"] or "", match.end())


def next_marker(item: Item) -> str:
    """What stands before the text of the item that follows."""
    marker = item.marker
    if item.number is not None:
        marker = re.sub(r"\d+", str(item.number + 1), marker, count=1)
    return item.lead + marker + ("[ ] " if item.box else "")


def renumbered(lines: list[str], around: int) -> dict[int, str]:
    """The lines of the numbered list around line `around` whose number is wrong, with the right one."""
    here = item_of(lines[around])
    if here is None or here.number is None:
        return {}
    first = around
    for at in range(around - 1, -1, -1):
        item = item_of(lines[at])
        if item is None or item.indent < here.indent:
            if item is None and lines[at].strip() and _indent(lines[at]) > here.indent:
                continue
            break
        if item.indent == here.indent:
            if item.number is None:
                break
            first = at
    start = item_of(lines[first])
    changed: dict[int, str] = {}
    number = start.number if start is not None and start.number is not None else 1
    for at in range(first, len(lines)):
        item = item_of(lines[at])
        if item is None:
            if lines[at].strip() and _indent(lines[at]) > here.indent:
                continue
            break
        if item.indent > here.indent:
            continue
        if item.indent < here.indent or item.number is None:
            break
        if item.number != number:
            changed[at] = re.sub(r"\d+", str(number), lines[at], count=1)
        number += 1
    return changed


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


class Items:
    """List commands on one editor."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def enter(self) -> bool:
        """Goes on with the list or quote; an empty item ends it. False where Enter is just a new line."""
        pen = self._pen
        cursor = pen.cursor
        block = cursor.block()
        text = units(block.text())
        at = cursor.positionInBlock()
        if cursor.hasSelection():
            return False
        start = block.position()
        item = item_of(text)
        if item is not None and at >= item.end:
            if not text[item.end :].strip():
                self._leave(block, item)
                return True
            pen.replace(cursor.position(), cursor.position(), "\n" + next_marker(item))
            self.renumber(pen.block)
            return True
        quote = _QUOTE.match(text)
        if quote and at >= quote.end() and item is None:
            if not text[quote.end() :].strip():
                pen.replace(start, start + len(text), "")
            else:
                pen.replace(cursor.position(), cursor.position(), "\n" + quote.group().rstrip() + " ")
            return True
        return False

    def _leave(self, block: QTextBlock, item: Item) -> None:
        """Ends the list, or goes one level up."""
        start, end = block.position(), block.position() + block.length() - 1
        if item.indent >= 2 and ">" not in item.lead:
            self._shift(block, deeper=False)
            return
        self._pen.replace(start, end, item.lead.rstrip() + (" " if ">" in item.lead else ""))

    def backspace(self) -> bool:
        """At the start of an item's text takes the marker away, or goes one level up."""
        cursor = self._pen.cursor
        text = units(cursor.block().text())
        item = item_of(text)
        if cursor.hasSelection() or item is None or cursor.positionInBlock() != item.end or not item.end:
            return False
        start = cursor.block().position()
        if item.box:
            low = start + item.end - len(item.box)
            self._pen.replace(low, start + item.end, "")
        elif item.indent >= 2 and ">" not in item.lead:
            self._shift(cursor.block(), deeper=False)
        else:
            self._pen.replace(start + len(item.lead), start + item.end, "")
        return True

    def indent(self, *, deeper: bool) -> bool:
        """Tab and Shift+Tab on items: moves them with what they hold. False where there is no item."""
        first, last = self._pen.lines()
        block, any_item = first, False
        while block.isValid():
            any_item = any_item or item_of(units(block.text())) is not None
            if block == last:
                break
            block = block.next()
        if not any_item:
            return False
        if first == last:
            self._shift(first, deeper=deeper)
        else:
            self._shift_many(first, last, deeper=deeper)
        return True

    def _step(self, block: QTextBlock, item: Item, *, deeper: bool) -> int:
        """How many columns in or out: to the text of the item above, or to the marker of the one it is in."""
        above = block.previous()
        while above.isValid():
            other = item_of(units(above.text()))
            if other is None and not above.text().strip():
                break
            if other is not None and deeper and other.indent <= item.indent:
                return max(0, other.indent + len(other.marker) - item.indent)
            if other is not None and not deeper and other.indent < item.indent:
                return other.indent - item.indent
            above = above.previous()
        return 0 if deeper else -min(item.indent, 4)

    def _shift(self, block: QTextBlock, *, deeper: bool) -> None:
        text = units(block.text())
        item = item_of(text)
        if item is None or ">" in item.lead:
            return
        step = self._step(block, item, deeper=deeper)
        if not step:
            return
        caret = self._pen.cursor.position()
        start = block.position()
        new_lead = " " * (item.indent + step)
        marker = item.marker
        if item.number is not None and deeper:
            marker = re.sub(r"\d+", "1", marker, count=1)
        old_end = len(item.lead) + len(item.marker)
        grown = len(new_lead) + len(marker) - old_end
        self._pen.replace(start, start + min(old_end, len(text)), new_lead + marker, caret=max(start, caret + grown))
        self.renumber(self._pen.block)
        below = self._pen.block.next()
        if below.isValid():
            self.renumber(below)

    def _shift_many(self, first: QTextBlock, last: QTextBlock, *, deeper: bool) -> None:
        start, end = first.position(), last.position() + last.length() - 1
        lines = self._pen.text(start, end).split("\n")
        top = item_of(lines[0])
        step = self._step(first, top, deeper=deeper) if top is not None else (2 if deeper else -2)
        if not step:
            return
        moved = [
            " " * step + line if step > 0 else line[min(-step, len(line) - len(line.lstrip(" "))) :] for line in lines
        ]
        text = "\n".join(moved)
        self._pen.replace(start, end, text, anchor=start, caret=start + len(units(text)))

    def renumber(self, block: QTextBlock) -> None:
        """Puts the numbers of the list around a block in order; the caret stays."""
        first, last = block, block
        for _ in range(500):
            if not first.previous().isValid() or not first.previous().text().strip():
                break
            first = first.previous()
        for _ in range(500):
            if not last.next().isValid() or not last.next().text().strip():
                break
            last = last.next()
        start = first.position()
        lines = self._pen.text(start, last.position() + last.length() - 1).split("\n")
        around = block.blockNumber() - first.blockNumber()
        changed = renumbered([units(line) for line in lines], around)
        caret = self._pen.cursor.position()
        document = block.document()
        for number in changed:
            target = document.findBlockByNumber(first.blockNumber() + number)
            old = re.search(r"\d+", units(target.text()))
            new = re.search(r"\d+", changed[number])
            if old is None or new is None:
                continue
            low = target.position() + old.start()
            grown = len(new.group()) - len(old.group())
            self._pen.replace(low, low + len(old.group()), new.group(), caret=caret if caret < low else caret + grown)
            caret = self._pen.cursor.position()

    def make(self, kind: str) -> None:
        """Makes items of the selected lines: `bullet`, `number` or `task`; text again if they are that already."""
        first, last = self._pen.lines()
        start, end = first.position(), last.position() + last.length() - 1
        lines = self._pen.text(start, end).split("\n")
        full = [line for line in lines if line.strip()] or lines
        already = all(_is(line, kind) for line in full)
        made, number = [], 1
        for line in lines:
            if not line.strip() and len(lines) > 1:
                made.append(line)
                continue
            item = item_of(line)
            heading = _HEADING.match(line)
            lead = item.lead if item else line[: len(line) - len(line.lstrip())]
            body = line[item.end :] if item else line[heading.end() :] if heading else line.lstrip()
            marker = "" if already else {"bullet": "- ", "number": f"{number}. ", "task": "- [ ] "}[kind]
            made.append(lead + marker + body)
            number += 1
        self._put(start, end, made, keep_selection=first != last)

    def heading(self, level: int) -> None:
        """Makes the selected lines headings of a level; 0, or the same level again, makes them text."""
        first, last = self._pen.lines()
        start, end = first.position(), last.position() + last.length() - 1
        made = []
        for line in self._pen.text(start, end).split("\n"):
            found = _HEADING.match(line)
            body = line[found.end() :] if found else re.sub(r"^#{1,6}$", "", line)
            same = found is not None and len(found[1]) == level
            made.append(("" if same or not level else "#" * level + " ") + body)
        self._put(start, end, made, keep_selection=first != last)

    def quote(self) -> None:
        """Quotes the selected lines, or takes the quote away."""
        first, last = self._pen.lines()
        start, end = first.position(), last.position() + last.length() - 1
        lines = self._pen.text(start, end).split("\n")
        if all(line.startswith(">") for line in lines):
            made = [re.sub(r"^> ?", "", line) for line in lines]
        else:
            made = ["> " + line if line else ">" for line in lines]
        self._put(start, end, made, keep_selection=first != last)

    def _put(self, start: int, end: int, lines: list[str], *, keep_selection: bool) -> None:
        from_end = end - self._pen.cursor.position()
        text = "\n".join(lines)
        new_end = start + len(units(text))
        if keep_selection:
            self._pen.replace(start, end, text, anchor=start, caret=new_end)
        else:
            self._pen.replace(start, end, text, caret=max(start, new_end - max(0, from_end)))


def _is(line: str, kind: str) -> bool:
    item = item_of(line)
    if item is None:
        return False
    found = "number" if item.number is not None else "task" if item.box else "bullet"
    return found == kind


class Tasks:
    """Ticks tasks."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def toggle(self, block: QTextBlock) -> bool:
        """Ticks or unticks the task of a line; the caret stays. False if it is none."""
        item = item_of(units(block.text()))
        if item is None or not item.box:
            return False
        at = block.position() + item.end - len(item.box) + 1
        cursor = self._pen.cursor
        tick = " " if item.box[1] in "xX" else "x"
        anchor = cursor.anchor() if cursor.hasSelection() else None
        self._pen.replace(at, at + 1, tick, caret=cursor.position(), anchor=anchor)
        return True
