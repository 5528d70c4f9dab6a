"""Which key does what to the text, and the table of the editor's commands by name.

The window lists the commands and remaps their keys; the editor reads its keys itself, because QTextEdit would swallow
some of them (Ctrl+Z) and because Tab and Enter mean something else in a list or a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from notesapp.ui.editor.blocks import CODE
from notesapp.ui.editor.hits import link_at
from notesapp.ui.editor.inline import Mark
from notesapp.ui.editor.items import Items, Tasks
from notesapp.ui.editor.lines import Lines
from notesapp.ui.editor.marks import Marks
from notesapp.ui.editor.pen import Pen
from notesapp.ui.editor.table_keys import TableKeys

if TYPE_CHECKING:
    from notesapp.ui.editor.note_edit import NoteEdit


@dataclass(frozen=True, slots=True)
class EditCommand:
    """One command of the editor: a stable name, an English title to translate, default keys, an icon."""

    name: str
    title: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    writes: bool = True


def _c(name: str, title: object, *keys: str, icon: str = "", writes: bool = True) -> EditCommand:
    return EditCommand(name, str(title), keys, icon, writes)  # the stubs call a marked text an object


_N = QT_TRANSLATE_NOOP
COMMANDS: tuple[EditCommand, ...] = (
    _c("undo", _N("EditCommand", "Undo"), "Ctrl+Z", icon="undo-2"),
    _c("redo", _N("EditCommand", "Redo"), "Ctrl+Y", "Ctrl+Shift+Z", icon="redo-2"),
    _c("bold", _N("EditCommand", "Bold"), "Ctrl+B", icon="bold"),
    _c("italic", _N("EditCommand", "Italic"), "Ctrl+I", icon="italic"),
    _c("strike", _N("EditCommand", "Strike through"), "Ctrl+Shift+X", icon="strikethrough"),
    _c("highlight", _N("EditCommand", "Highlight"), "Ctrl+Shift+M", icon="highlighter"),
    _c("code", _N("EditCommand", "Code"), "Ctrl+E", icon="code"),
    _c("link", _N("EditCommand", "Link"), "Ctrl+L", icon="link"),
    _c("bullets", _N("EditCommand", "Bullet list"), "Ctrl+Shift+L", icon="list"),
    _c("numbers", _N("EditCommand", "Numbered list"), "Ctrl+Shift+O", icon="list-ordered"),
    _c("tasks", _N("EditCommand", "Task list"), "Ctrl+Shift+T", icon="list-checks"),
    _c("quote", _N("EditCommand", "Quote"), "Ctrl+Shift+.", "Ctrl+Shift+>", icon="quote"),
    _c("heading1", _N("EditCommand", "Heading 1"), "Ctrl+1", icon="heading-1"),
    _c("heading2", _N("EditCommand", "Heading 2"), "Ctrl+2", icon="heading-2"),
    _c("heading3", _N("EditCommand", "Heading 3"), "Ctrl+3", icon="heading-3"),
    _c("heading4", _N("EditCommand", "Heading 4"), "Ctrl+4"),
    _c("text", _N("EditCommand", "Plain paragraph"), "Ctrl+0"),
    _c("table", _N("EditCommand", "Insert a table"), icon="table"),
    _c("align_table", _N("EditCommand", "Align the table's source")),
    _c("rule", _N("EditCommand", "Insert a line"), icon="minus"),
    _c("code_block", _N("EditCommand", "Insert a code block"), icon="code"),
    _c("toggle", _N("EditCommand", "Tick the task or open the link"), "Ctrl+Return", "Ctrl+Enter", writes=False),
    _c("line_up", _N("EditCommand", "Move line up"), "Alt+Up"),
    _c("line_down", _N("EditCommand", "Move line down"), "Alt+Down"),
    _c("duplicate_line", _N("EditCommand", "Duplicate line"), "Ctrl+Shift+D"),
    _c("delete_line", _N("EditCommand", "Delete line"), "Ctrl+Shift+K"),
    _c("indent", _N("EditCommand", "Indent"), "Ctrl+]"),
    _c("outdent", _N("EditCommand", "Outdent"), "Ctrl+["),
    _c("paste_plain", _N("EditCommand", "Paste as plain text"), "Ctrl+Shift+V"),
)
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Keys:
    """The keys and commands of one editor."""

    def __init__(self, edit: NoteEdit) -> None:
        self._edit = edit
        self.pen = Pen(edit)
        self.marks = Marks(self.pen)
        self.items = Items(self.pen)
        self.lines = Lines(self.pen)
        self.tasks = Tasks(self.pen)
        self.tables = TableKeys(self.pen)
        self._by_keys: dict[str, str] = {}
        self._commands = {command.name: command for command in COMMANDS}
        self.remap({})
        self._runs = self._table()

    def remap(self, changed: Mapping[str, str]) -> None:
        """The person's own keys by command name (an empty text: none) over the defaults."""
        self._by_keys = {}
        for command in COMMANDS:
            keys = (changed[command.name],) if command.name in changed else command.keys
            for key in filter(None, keys):
                self._by_keys[QKeySequence(key).toString()] = command.name

    def run(self, name: str) -> None:
        """Runs a command by its name; one that writes does nothing in a note that can't be written."""
        command = self._commands[name]
        if self._edit.binding is None or (command.writes and self._edit.isReadOnly()):
            return
        self._runs[name]()

    def _table(self) -> dict[str, Callable[[], object]]:
        items, marks, lines, edit = self.items, self.marks, self.lines, self._edit
        table: dict[str, Callable[[], object]] = {
            "undo": self._undo,
            "redo": self._redo,
            "link": marks.link,
            "bullets": lambda: items.make("bullet"),
            "numbers": lambda: items.make("number"),
            "tasks": lambda: items.make("task"),
            "quote": items.quote,
            "text": lambda: items.heading(0),
            "table": self.tables.insert,
            "align_table": lambda: self.tables.align(self._rows()),
            "rule": lambda: self._insert_block("---"),
            "code_block": self._code_block,
            "toggle": self._toggle,
            "line_up": lambda: lines.move(down=False),
            "line_down": lambda: lines.move(down=True),
            "duplicate_line": lines.duplicate,
            "delete_line": lines.delete,
            "indent": lambda: items.indent(deeper=True),
            "outdent": lambda: items.indent(deeper=False),
            "paste_plain": edit.paste_plain,
        }
        for level in range(1, 5):
            table[f"heading{level}"] = lambda level=level: items.heading(level)  # type: ignore[misc] # mypy: default
        for name, mark in (
            ("bold", Mark.STRONG),
            ("italic", Mark.EM),
            ("strike", Mark.STRIKE),
            ("highlight", Mark.HIGHLIGHT),
            ("code", Mark.CODE),
        ):
            table[name] = lambda mark=mark: marks.toggle(mark)  # type: ignore[misc] # mypy: default
        return table

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key is the editor's, even if a shortcut of the window wants it."""
        if not event.modifiers() & _MODIFIERS:
            return False
        return self._name(event) in self._by_keys

    def _name(self, event: QKeyEvent) -> str:
        return QKeySequence(event.keyCombination()).toString()

    def press(self, event: QKeyEvent) -> bool:
        """Does what a key means; False leaves it to Qt."""
        if event.modifiers() & _MODIFIERS:
            name = self._by_keys.get(self._name(event))
            if name is not None:
                self.run(name)
                return True
            return False
        if self._edit.isReadOnly():
            return False
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._enter(plain=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                return True
            case Qt.Key.Key_Tab:
                self._tab(back=False)
                return True
            case Qt.Key.Key_Backtab:
                self._tab(back=True)
                return True
            case Qt.Key.Key_Backspace:
                return self.items.backspace()
        text = event.text()
        if text == "|" and self.tables.pipe(self._rows()):
            return True
        return len(text) == 1 and self.marks.surround(text)

    def _rows(self) -> list:  # type: ignore[type-arg] # rows of the sheet
        return self._edit.sheet.rows if self._edit.sheet is not None else []

    def _in_code(self) -> bool:
        return self._edit.kind_at_caret() in CODE

    def _enter(self, *, plain: bool) -> None:
        # Qt's own Shift+Enter writes U+2028, which no note may hold.
        if not plain:
            if self._in_code():
                text = self.pen.block.text()
                at = self.pen.cursor.positionInBlock()
                lead = text[: min(at, len(text) - len(text.lstrip(" \t")))]
                self._type("\n" + lead)
                return
            if self.tables.enter(self._rows()) or self.items.enter():
                return
        self._type("\n")

    def _type(self, text: str) -> None:
        cursor = self.pen.cursor
        self.pen.replace(cursor.selectionStart(), cursor.selectionEnd(), text)

    def _tab(self, *, back: bool) -> None:
        if self.tables.tab(self._rows(), back=back):
            return
        if not self._in_code() and self.items.indent(deeper=not back):
            return
        if back:
            self._unindent()
        elif self.pen.cursor.hasSelection() and self.pen.lines()[0] != self.pen.lines()[1]:
            self._indent_lines()
        else:
            self._type("    " if self._in_code() else "\t")

    def _indent_lines(self) -> None:
        first, last = self.pen.lines()
        start, end = first.position(), last.position() + last.length() - 1
        text = "\n".join("    " + line if line else line for line in self.pen.text(start, end).split("\n"))
        self.pen.replace(start, end, text)
        self.pen.put_caret(self.pen.cursor.position(), start)

    def _unindent(self) -> None:
        first, last = self.pen.lines()
        start, end = first.position(), last.position() + last.length() - 1
        lines = self.pen.text(start, end).split("\n")
        made = []
        for line in lines:
            lead = len(line) - len(line.lstrip(" "))
            made.append(line[1:] if line.startswith("\t") else line[min(4, lead) :])
        if made != lines:
            caret = self.pen.cursor.position() - (len(lines[0]) - len(made[0]))
            self.pen.replace(start, end, "\n".join(made), caret=max(start, caret) if first == last else None)

    def _insert_block(self, text: str) -> None:
        block = self.pen.block
        at = block.position() + block.length() - 1
        lead = "\n\n" if block.text().strip() else ""
        self.pen.replace(at, at, f"{lead}{text}\n")

    def _code_block(self) -> None:
        chosen = self.pen.selected()
        cursor = self.pen.cursor
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        lead = "" if cursor.block().position() == start else "\n"
        self.pen.replace(start, end, f"{lead}```\n{chosen}\n```\n", caret=start + len(lead) + 3)

    def _toggle(self) -> None:
        edit = self._edit
        cursor = self.pen.cursor
        if edit.sheet is not None and (link := link_at(edit.sheet, cursor.block(), cursor.positionInBlock())):
            edit.link_opened.emit(*link)
        elif not edit.isReadOnly() and not self.tasks.toggle(cursor.block()):
            self.items.make("task")

    def _undo(self) -> None:
        if self._edit.binding is not None and self._edit.binding.undo():
            self._edit.ensureCursorVisible()

    def _redo(self) -> None:
        if self._edit.binding is not None and self._edit.binding.redo():
            self._edit.ensureCursorVisible()
