"""Drives the real widget with keys, pastes, input methods, undo and other people's edits: the text stays one text."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from notesapp.text import Splice, apply
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.style.theme import Appearance, Theme

pytestmark = pytest.mark.gui

START = """---
tags: [a]
---
# Title 😀

Some **bold** text, *it*, a [link](http://x.y) and [[Wiki|label]] #tag 漢字

- one
- two
  - [ ] three
1. first
2. second

> quote
> > deeper

```python
x = "😀"
```
| a | b |
|---|---|
| 1 | 😀 |

![p](p.png)
שלום **עולם**
"""
PIECES = [
    "a",
    "word ",
    "\n",
    "\n\n",
    "- ",
    "- [ ] ",
    "1. ",
    "# ",
    "> ",
    "```\n",
    "**",
    "*",
    "`",
    "[[",
    "]]",
    "|",
    "| a | b |\n|---|---|\n",
    "---\n",
    "😀",
    "👩‍👩‍👧",
    "é",
    "\u00a0",
    "\t",
    "שלום",
    "==x==",
]
DIRTY = ["a\r\nb\rc", "x\u2028y\u2029z", "nul\x00", "\ufdd0\ufffc", "plain"]


class World:
    """A widget, the model that its splices make, and another person who writes into both."""

    def __init__(self, theme: Theme, seed: int) -> None:
        self.dice = random.Random(seed)
        self.model = START
        self.edit = NoteEdit(theme)
        self.edit.resize(700, 500)
        self.binding = EditorBinding(self.edit.make_sheet(START), self._spliced, clock=self._clock)
        self.now = 0
        self.edit.show_binding(self.binding)
        self.edit.show()
        self.edit.activateWindow()
        self.edit.setFocus()
        self.composing = False

    def _clock(self) -> int:
        self.now += self.dice.choice((20, 200, 900))
        return self.now

    def _spliced(self, splice: Splice) -> None:
        self.model = apply(self.model, splice)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str = "") -> None:
        QApplication.sendEvent(self.edit, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))

    def choose(self) -> str:
        acts = ["type"] * 8 + ["move"] * 4 + ["delete"] * 3 + ["remote"] * 5
        acts += ["undo", "undo", "redo", "paste", "command", "compose", "jump", "select", "reload"]
        act = self.dice.choice(acts)
        if self.composing and act not in ("remote", "compose"):
            act = "commit"
        return act

    def step(self) -> str:
        act = self.choose()
        getattr(self, f"do_{act}")()
        return act

    def do_type(self) -> None:
        none = Qt.KeyboardModifier.NoModifier
        for char in self.dice.choice(PIECES):
            if char == "\n":
                self.key(Qt.Key.Key_Return, none, "\r")
            elif char == "\t":
                self.key(Qt.Key.Key_Tab, none, "\t")
            else:
                self.key(Qt.Key.Key_A, none, char)

    def do_move(self) -> None:
        keys = [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End]
        shift = self.dice.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
        for _ in range(self.dice.randint(1, 5)):
            self.key(self.dice.choice(keys), shift)

    def do_delete(self) -> None:
        key = self.dice.choice([Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
        modifier = self.dice.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
        for _ in range(self.dice.randint(1, 4)):
            self.key(key, modifier)

    def do_undo(self) -> None:
        self.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "\x1a")

    def do_redo(self) -> None:
        self.key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier, "\x19")

    def do_jump(self) -> None:
        at = self.dice.randint(0, self.edit.document().characterCount() - 1)
        self.edit.place_caret(at, at)

    def do_select(self) -> None:
        end = self.edit.document().characterCount() - 1
        self.edit.place_caret(self.dice.randint(0, end), self.dice.randint(0, end))

    def do_paste(self) -> None:
        data = QMimeData()
        if self.dice.random() < 0.3:
            data.setHtml("<p>Hello <b>you</b></p><ul><li>x<li>y</ul>")
        data.setText(self.dice.choice(DIRTY + PIECES))
        self.edit.insertFromMimeData(data)

    def do_command(self) -> None:
        names = ["bold", "italic", "code", "link", "bullets", "numbers", "tasks", "quote", "heading2", "text", "toggle"]
        names += ["line_up", "line_down", "duplicate_line", "delete_line", "indent", "outdent", "align_table", "strike"]
        self.edit.keys.run(self.dice.choice(names))

    def do_compose(self) -> None:
        self.composing = True
        QApplication.sendEvent(self.edit, QInputMethodEvent(self.dice.choice(["に", "ni", "😀x"]), []))

    def do_commit(self) -> None:
        self.composing = False
        event = QInputMethodEvent("", [])
        event.setCommitString(self.dice.choice(["日本", "", "か"]))
        QApplication.sendEvent(self.edit, event)

    def remote(self) -> Splice:
        at = self.dice.randint(0, len(self.model))
        removed = self.model[at : at + self.dice.choice((0, 0, 0, 1, 5, 30))]
        splice = Splice(at, removed, self.dice.choice([*PIECES, ""]))
        self.model = apply(self.model, splice)
        return splice

    def do_remote(self) -> None:
        self.binding.apply([self.remote() for _ in range(self.dice.randint(1, 4))])

    def do_reload(self) -> None:
        if self.dice.random() < 0.2:
            self.binding.apply([self.remote() for _ in range(160)])

    def check(self) -> None:
        binding = self.binding
        assert binding.text == binding.sheet.text()
        assert len(binding.sheet.rows) == self.edit.document().blockCount()
        if not self.composing:
            assert binding.text == self.model


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(Appearance.LIGHT)
    yield made
    made.deleteLater()


def play(theme: Theme, seed: int, steps: int) -> None:
    world = World(theme, seed)
    acts = []
    for _ in range(steps):
        acts.append(world.step())
        try:
            world.check()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, step {len(acts)} ({acts[-4:]})") from error
    world.composing = False
    world.do_commit()
    world.check()
    world.edit.close()
    world.edit.deleteLater()


@pytest.mark.parametrize("seed", range(12))
def test_widget_shadow_and_model_are_one_text_after_every_step(theme: Theme, seed: int) -> None:
    play(theme, seed, 120)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_the_same_for_longer(theme: Theme, seed: int) -> None:
    play(theme, seed, 800)
