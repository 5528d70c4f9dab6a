"""Decides how a command shows things: plain tables for people, JSON for programs, progress only on a terminal.

Data goes to standard output, everything else to standard error, so that a pipe carries data alone.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from notesapp.control.client import Progress as Report
from notesapp.errors import CannotWrite

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

# What a terminal would obey instead of show: control characters, and what turns the direction of text around
# (Unicode TR 36, section 2.9). Line ends and tabs stay.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST_SENTENCE = 600


def open_streams() -> None:
    """Makes the standard streams carry any text: UTF-8 in pipes and files, escapes on terminals that lack letters."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # it lives as long as the program
    if sys.stdout is None:
        raise CannotWrite(path="standard output", why="it is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def close_out() -> None:
    """Lets go of a standard output that takes nothing more, so that the end of the program isn't a second error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def shown(text: str) -> str:
    """The text without what a terminal would obey; each such character is shown as a box."""
    return _OBEYED.sub("\N{REPLACEMENT CHARACTER}", text)


def count(number: int, noun: str) -> str:
    """A number and its noun in the right form."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def data(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def text(value: str) -> None:
    """Text as it is, without a line end of our own; on a terminal, what it would obey is shown as boxes."""
    sys.stdout.write(shown(value) if sys.stdout.isatty() else value)


def say(sentence: str) -> None:
    """A sentence for a person, beside the data."""
    if sentence:
        err.print(escape(shown(sentence)))


def ask(question: str) -> None:
    """A question whose answer is typed on the same line."""
    err.print(escape(shown(question)), end="")
    err.file.flush()


def fail(sentence: str) -> None:
    """Why a command could not do its work."""
    line = " ".join(shown(sentence).split())
    if len(line) > _LONGEST_SENTENCE:
        line = f"{line[: _LONGEST_SENTENCE // 2]} … {line[-_LONGEST_SENTENCE // 2 :]}"
    err.print(f"[bold red]notesapp:[/] {escape(line)}")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Aligned columns; `empty` is said instead when there is no row. In a pipe: one row a line, tab-separated."""
    listed = [tuple(row) for row in rows]
    if not listed:
        say(empty)
        return
    if not out.is_terminal:
        for row in listed:
            sys.stdout.write("\t".join(" ".join(shown(cell).split()) for cell in row) + "\n")
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        grid.add_column(head, overflow="ellipsis", no_wrap=True, ratio=3 if number == 1 else None)
    for row in listed:
        grid.add_row(*(escape(shown(cell)) for cell in row))
    out.print(grid, soft_wrap=False)


def when(at_ms: int) -> str:
    """A moment as the local clock of this computer writes it, to the minute."""
    return datetime.datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M")


def size(count_bytes: int) -> str:
    """A size in the largest unit that leaves a number of at least one."""
    amount = float(count_bytes)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """A bar on a terminal's standard error; silence elsewhere. Gives the callback `(done, total, what)`."""
    if not err.is_terminal:
        yield lambda done, total, what: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("[dim]{task.fields[what]}"),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None, what="")
        yield lambda done, total, what: bar.update(task, completed=done, total=total or None, what=escape(what[-40:]))
