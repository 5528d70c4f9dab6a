"""Measures the editor: keys, paint, Enter, remote edits, loading. `pytest -m slow -s tests/bench` prints them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from notesapp.text import Splice
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.style.theme import Appearance, Theme

pytestmark = [pytest.mark.gui, pytest.mark.slow]
WORDS = [
    "the",
    "quick",
    "**brown",
    "fox**",
    "jumps",
    "over",
    "[a",
    "lazy",
    "dog](http://x.org)",
    "and",
    "`runs`",
    "#away",
    "from",
    "[[Here]]",
    "again",
]

CODE = "```python\ndef f(x):\n    return x + 1  # why\n```"
TABLE = "| a | b | c |\n|---|---|---|\n| 1 | **2** | 3 |\n| 4 | 5 | 6 |"


def long_text(size: int) -> str:
    """A note with a bit of everything, of about `size` characters."""
    dice = random.Random(1)
    parts: list[str] = []
    total = 0
    while total < size:
        words = " ".join(dice.choice(WORDS) for _ in range(dice.randint(5, 60)))
        kinds = [words, words, f"## {words[:40]}", f"- {words}\n- {words[:50]}\n  - [ ] {words[:60]}", f"> {words}"]
        part = dice.choice([*kinds, CODE, TABLE])
        parts.append(part)
        total += len(part) + 2
    return "\n\n".join(parts)


class Bench:
    """One editor with a long note, and a stop-watch."""

    def __init__(self, size: int) -> None:
        self.text = long_text(size)
        theme = Theme(Appearance.LIGHT)
        self.edit = NoteEdit(theme)
        self.edit.resize(860, 820)
        self.edit.show()
        self.edit.activateWindow()
        self.edit.setFocus()
        started = time.perf_counter()
        self.binding = EditorBinding(self.edit.make_sheet(self.text), lambda splice: None)
        self.edit.show_binding(self.binding)
        self.edit.viewport().repaint()
        self.load_ms = (time.perf_counter() - started) * 1e3
        self.edit.place_caret(len(self.text) // 2, len(self.text) // 2)
        self.edit.ensureCursorVisible()
        self.edit.laying_out.ensure(self.edit.document().blockCount())
        QApplication.processEvents()

    def key(self, key: Qt.Key, text: str) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(self.edit, event)

    def times(self, act: Callable[[int], None], count: int) -> list[float]:
        """Milliseconds of processor time for `act` and the paint after it, sorted: other programs don't count."""
        found = []
        for number in range(count):
            started = time.process_time()
            act(number)
            self.edit.viewport().repaint()
            found.append((time.process_time() - started) * 1e3)
            QApplication.processEvents()
        return sorted(found)


def _p95(times: list[float]) -> float:
    return times[int(len(times) * 0.95)]


@pytest.mark.parametrize(("size", "limit_ms"), [(100_000, 16.0), (1_000_000, 50.0)])
def test_a_key_and_its_paint_are_quick(qapp: QApplication, size: int, limit_ms: float) -> None:
    bench = Bench(size)
    typed = bench.times(lambda n: bench.key(Qt.Key.Key_A, "abcdefg "[n % 8]), 200)
    entered = bench.times(lambda n: bench.key(Qt.Key.Key_Return, "\r"), 30)
    dice = random.Random(2)

    def both(number: int) -> None:
        bench.key(Qt.Key.Key_B, "b")
        at = dice.randint(0, len(bench.binding.text))
        bench.binding.apply([Splice(at, "", "x")])

    shared = bench.times(both, 100)
    moved = bench.times(lambda n: bench.key(Qt.Key.Key_Right, ""), 100)
    fence = bench.times(lambda n: bench.key(Qt.Key.Key_QuoteLeft, "`"), 3)
    lines = bench.edit.document().blockCount()
    print(
        f"\n{size // 1000} kB, {lines} lines: load {bench.load_ms:.0f} ms; key+paint p50 {typed[100]:.1f} "
        f"p95 {_p95(typed):.1f} max {typed[-1]:.1f}; Enter p95 {_p95(entered):.1f}; key+remote+paint p95 "
        f"{_p95(shared):.1f}; arrow p95 {_p95(moved):.1f}; fence {fence[-1]:.1f} ms"
    )
    assert _p95(typed) < limit_ms
    assert _p95(shared) < limit_ms * 2


def test_showing_a_cached_note_is_quick(qapp: QApplication) -> None:
    bench = Bench(100_000)
    other = EditorBinding(bench.edit.make_sheet("# Other\n"), lambda splice: None)
    times = []
    for number in range(10):
        started = time.perf_counter()
        bench.edit.show_binding(other if number % 2 == 0 else bench.binding)
        bench.edit.viewport().repaint()
        times.append((time.perf_counter() - started) * 1e3)
    print(f"\nswitch to a cached 100 kB note: {max(times):.0f} ms")
    assert sorted(times)[-2] < 100
