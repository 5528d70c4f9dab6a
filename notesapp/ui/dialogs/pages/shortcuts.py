"""The page of all keys: find a command, give it other keys, or its own ones back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from notesapp.ui.commands import Commands
from notesapp.ui.dialogs.form import Page
from notesapp.ui.fuzzy import fold
from notesapp.ui.parts import button, words

_NAME = Qt.ItemDataRole.UserRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


class ShortcutsPage(Page):
    """A filter, the list, and the keys of the chosen command."""

    def __init__(self, commands: Commands, changed: Callable[[str], object]) -> None:
        super().__init__(_tr("Keyboard shortcuts"))
        self._commands, self._changed = commands, changed
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_tr("Find a command"))
        self.filter.setAccessibleName(_tr("Find a command"))
        self.filter.setClearButtonEnabled(True)
        self.setFocusProxy(self.filter)
        self.add(self.filter)
        self.tree = QTreeWidget()
        self.tree.setObjectName("plain")
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setMinimumHeight(330)
        self.tree.setAccessibleName(_tr("Commands and their keys"))
        self.add(self.tree)
        self.keys = QKeySequenceEdit()
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.keys.setAccessibleName(_tr("Keys of the chosen command"))
        self._note = words("", 12, tone="warn", wrap=True)
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(words(_tr("Keys")))
        line.addWidget(self.keys)
        line.addWidget(button(_tr("Default"), pressed=self._default))
        line.addStretch()
        self.add(bar)
        self.add(self._note)
        self._fill()
        self.filter.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(lambda *_: self._chosen())
        self.keys.editingFinished.connect(self._typed)
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)

    def _fill(self) -> None:
        for command in self._commands:
            text = f"{command.group}: {command.title}" if command.group else command.title
            item = QTreeWidgetItem([text, self._shown(command.name)])
            item.setData(0, _NAME, command.name)
            self.tree.addTopLevelItem(item)
        self.tree.setColumnWidth(0, 330)

    def _shown(self, name: str) -> str:
        native = QKeySequence.SequenceFormat.NativeText
        return ", ".join(QKeySequence(key).toString(native) for key in self._commands.keys(name))

    def _filter(self, typed: str) -> None:
        wanted = fold(typed.strip())
        for number in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(number)
            if item is not None:
                item.setHidden(wanted not in fold(f"{item.text(0)} {item.text(1)}"))

    def _name(self) -> str | None:
        item = self.tree.currentItem()
        return item.data(0, _NAME) if item is not None else None

    def _chosen(self) -> None:
        name = self._name()
        keys = self._commands.keys(name) if name is not None else ()
        self.keys.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
        self._note.setText("")

    def _typed(self) -> None:
        name = self._name()
        if name is not None:
            keys = self.keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
            if keys not in self._commands.keys(name):
                self._give(name, keys)

    def _default(self) -> None:
        name = self._name()
        if name is not None:
            self._commands.remap(name, None)
            self._tell(name)
            self._chosen()

    def _give(self, name: str, keys: str) -> None:
        holder = self._commands.holder(keys, but=name) if keys else None
        if holder is not None:
            taken = _tr("“%1” has these keys already.").replace("%1", self._commands[holder].title)
            self._chosen()
            self._note.setText(taken)
            return
        self._commands.remap(name, keys)
        self._tell(name)

    def _tell(self, name: str) -> None:
        item = self.tree.currentItem()
        if item is not None:
            item.setText(1, self._shown(name))
        self._changed("shortcuts")
