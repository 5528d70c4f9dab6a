"""Everything a person can do, as one table: names, keys, and what runs. The palette, menus, shortcuts and the
settings page all read it; nothing else binds a key of the window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """One act: `name` is stable (settings keep it), `keys` are the default shortcuts (portable text)."""

    name: str
    title: str
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    group: str = ""
    icon: str = ""
    possible: Callable[[], bool] = _always
    in_palette: bool = True
    # The editor reads its own keys in keyPressEvent; the table shows and triggers them but binds nothing.
    bound: bool = True


class Commands(QObject):
    """The table, with the person's own keys over the defaults."""

    changed = Signal()

    def __init__(self, owner: QWidget, remapped: Mapping[str, str]) -> None:
        super().__init__(owner)
        self._owner = owner
        self._remapped = dict(remapped)
        self._table: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, command: Command) -> None:
        """Adds one command and binds its keys; a name can be added once."""
        if command.name in self._table:
            raise ValueError(command.name)
        self._table[command.name] = command
        action = QAction(command.title, self._owner)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda: self.run(command.name))
        self._actions[command.name] = action
        self._owner.addAction(action)
        self._bind(command)

    def __iter__(self) -> Iterator[Command]:
        return iter(self._table.values())

    def __getitem__(self, name: str) -> Command:
        return self._table[name]

    def run(self, name: str) -> None:
        """Runs a command if it is possible now; otherwise does nothing."""
        command = self._table[name]
        if command.possible():
            command.run()

    def action(self, name: str) -> QAction:
        """The QAction for menus: same title, same keys."""
        return self._actions[name]

    def keys(self, name: str) -> tuple[str, ...]:
        """The shortcuts in force, as portable text."""
        if name in self._remapped:
            return (self._remapped[name],) if self._remapped[name] else ()
        return self._table[name].keys

    def shown_keys(self, name: str) -> str:
        """The first shortcut as this system writes it, or an empty text."""
        keys = self.keys(name)
        return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def holder(self, keys: str, but: str = "") -> str | None:
        """The name of the command that has these keys already."""
        wanted = QKeySequence(keys)
        for name in self._table:
            if name != but and any(QKeySequence(key) == wanted for key in self.keys(name)):
                return name
        return None

    def remap(self, name: str, keys: str | None) -> None:
        """Gives a command other keys (an empty text: none), or with None its default ones."""
        if keys is None or (keys,) == self._table[name].keys:
            self._remapped.pop(name, None)
        else:
            self._remapped[name] = keys
        self._bind(self._table[name])
        self.changed.emit()

    @property
    def remapped(self) -> dict[str, str]:
        """What differs from the defaults, for the settings file."""
        return dict(self._remapped)

    def _bind(self, command: Command) -> None:
        action = self._actions[command.name]
        keys = [QKeySequence(key) for key in self.keys(command.name)]
        action.setShortcuts(keys if command.bound else [])
