"""The page About: version, what it stands on, and the licences that are shipped."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from notesapp import __version__
from notesapp.ui.dialogs.form import Page
from notesapp.ui.herald import Herald
from notesapp.ui.parts import words
from notesapp.ui.style.fonts import code_font
from notesapp.ui.style.resources import resource
from notesapp.ui.window import app_icon

PACKAGES = (
    "automerge", "apsw-sqlite3mc", "PySide6-Essentials", "qasync", "PyNaCl", "msgspec", "zstandard", "mnemonic",
    "keyring", "platformdirs", "typer", "rich", "PyYAML", "pygments", "markdown-it-py", "segno",
)  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


def licences() -> list[tuple[str, str]]:
    """(name, text) of everything that is shipped: what an installed program was built with, else what is found here."""
    built = resource("parts.json")
    if built.exists():
        return [(title, text) for title, text in json.loads(built.read_text(encoding="utf-8"))]
    found = [
        ("Inter (SIL Open Font License)", _read("fonts", "Inter-OFL.txt")),
        ("JetBrains Mono (SIL Open Font License)", _read("fonts", "JetBrainsMono-OFL.txt")),
        ("Lucide icons (ISC)", _read("icons", "Lucide-ISC.txt")),
    ]
    for name in PACKAGES:
        try:
            facts = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        said = _field(facts, "License-Expression") or _field(facts, "License")
        classes = [text for text in facts.get_all("Classifier") or [] if text.startswith("License")]
        text = said if len(said) > 3 else "\n".join(classes)
        found.append((f"{name} {facts['Version']}", text or name))
    return found


def _field(facts: importlib.metadata.PackageMetadata, name: str) -> str:
    return "\n".join(facts.get_all(name) or [])


def _read(*parts: str) -> str:
    try:
        return resource(*parts).read_text(encoding="utf-8")
    except OSError:
        return _tr("This file is missing from the installation.")


def _versions(page: Page, herald: Herald) -> None:
    source = herald.source
    if source is None:
        where = _tr("This build comes from nobody who announces versions.")
    else:
        host = urlsplit(source.feed).hostname or ""
        where = _tr("Asks %1 once a day. Nothing about you or your notes is sent, nothing is installed.")
        where = where.replace("%1", host)
    look = page.group()
    look.switch(_tr("Tell me when there is a new version"), herald.wanted, herald.switch, where).setEnabled(
        source is not None
    )


def about(herald: Herald | None = None) -> QWidget:
    """The page; with `herald`, whether the program looks for new versions can be decided here."""
    page = Page(_tr("About Notesapp"))
    head = QWidget()
    line = QHBoxLayout(head)
    line.setContentsMargins(0, 0, 0, 8)
    picture = QLabel()
    picture.setPixmap(app_icon().pixmap(64, 64))
    line.addWidget(picture)
    column = QVBoxLayout()
    column.addWidget(words(f"Notesapp {__version__}", 15, 600))
    column.addWidget(
        words(
            _tr("Notes for people who write together, on their own computers, without a server."), tone="2", wrap=True
        )
    )
    facts = words(f"Python {platform.python_version()} · Qt {qVersion()} · {platform.system()}", 12, tone="3")
    facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(facts)
    line.addLayout(column, 1)
    page.add(head)
    if herald is not None:
        _versions(page, herald)
    page.say(_tr("Licences of what Notesapp is made of"))
    found = licences()
    box = QComboBox()
    box.setAccessibleName(_tr("Part"))
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setFont(code_font(12))
    text.setMinimumHeight(260)
    text.setAccessibleName(_tr("Licence"))
    box.currentIndexChanged.connect(lambda at: text.setPlainText(found[at][1]))
    for name, _ in found:
        box.addItem(name)
    page.add(box)
    page.add(text)
    return page
