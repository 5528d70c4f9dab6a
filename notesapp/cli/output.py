"""Decides how a command shows things: plain tables for people, JSON for programs, progress only on a terminal.

Data goes to standard output, everything else to standard error, so that a pipe carries data alone.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from notesapp.control.client import Progress as Report

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def data(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def text(value: str) -> None:
    """Text as it is, without a line end of our own."""
    sys.stdout.write(value)


def say(sentence: str) -> None:
    """A sentence for a person, beside the data."""
    err.print(escape(sentence))


def fail(sentence: str) -> None:
    """Why a command could not do its work."""
    err.print(f"[bold red]notesapp:[/] {escape(sentence)}")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Aligned columns; `empty` is said instead when there is no row. In a pipe: one row a line, tab-separated."""
    listed = [tuple(row) for row in rows]
    if not listed:
        say(empty)
        return
    if not out.is_terminal:
        for row in listed:
            sys.stdout.write("\t".join(" ".join(cell.split()) for cell in row) + "\n")
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        grid.add_column(head, overflow="ellipsis", no_wrap=True, ratio=3 if number == 1 else None)
    for row in listed:
        grid.add_row(*(escape(cell) for cell in row))
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
