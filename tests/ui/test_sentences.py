"""Whatever the rooms below the window say to a person is said in the window's language, too.

Their sentences are found in the source: what stands between a capital and a full stop, and what an error is told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget

from notesapp.errors import LocalError, NotesError, RemoteError
from notesapp.node.history import SOMEBODY, YOU, Version
from notesapp.ui.languages import speak
from notesapp.ui.panel.versions import Versions
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme

pytestmark = pytest.mark.gui
ROOT = Path(__file__).resolve().parents[2] / "notesapp"
ROOMS = ("identity", "net", "node", "notes", "store", "sync")
# Parts of a sentence that is put together and known as a whole; what is sent to somebody else.
ELSEWHERE = (
    "<x> invites you to <x> “<x>”.",
    "<x>, brought by <x>.",
    "<x> Move it away, and it is written anew.",
    "A firewall on this computer lets nothing <x> UDP port <x>.",
    "<x>: <x>, silent now (<x>).",
    "<x>: one of the two is wrong.",
    "No router is in the way: others see this computer<x>. <x><x>.",
    "The router is friendly: all see this computer<x>. <x><x>.",
)
ERRORS_ELSEWHERE = {
    "NotesError", "LocalError", "BadRequest",  # say nothing by themselves
    "NoDisplay", "OtherVersion", "NoAnswer", "BrokenOff", "CloseFirst", "AmbiguousNote",
}  # fmt: skip


def kinds(kind: type[NotesError]) -> Iterator[type[NotesError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from kinds(one)


QUIET = {one.__name__ for base in (LocalError, RemoteError) for one in kinds(base)} - {"InviteDamaged"}
TOLD = {one.__name__ for one in kinds(NotesError)} - QUIET


def filled(node: ast.expr) -> str | None:
    """A text as it is said, with something in its holes."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(one.value) if isinstance(one, ast.Constant) else "<x>" for one in parts)
        case _:
            return None


def choices(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from choices(node.body)
        yield from choices(node.orelse)
    else:
        yield node


def is_sentence(text: str) -> bool:
    return text.count(" ") > 2 and (text[0].isupper() or text[0] in "“<") and text.endswith(".") and "%s" not in text


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each with its line. What is logged, and what is told of bugs and of bytes that can't be right, is in English."""
    passed: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        match node:
            case ast.Expr(value=ast.Constant()):  # a docstring
                passed.add(id(node.value))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
                passed.update(map(id, ast.walk(node)))
            case ast.Call(func=ast.Name(id=name), keywords=_) if name in QUIET:
                passed.update(map(id, ast.walk(node)))
            case ast.Call(func=ast.Name(id=name), keywords=words) if name in TOLD:
                for word in words:
                    for choice in choices(word.value):
                        text = filled(choice)
                        if text is not None and " " in text and any(map(str.islower, text.replace("<x>", ""))):
                            yield node.lineno, text
                passed.update(map(id, ast.walk(node)))
            case ast.JoinedStr() | ast.Constant(value=str()):
                passed.update(map(id, ast.walk(node)))
                text = filled(node)
                if text and is_sentence(text):
                    yield node.lineno, text
            case _:
                pass


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_says_is_said_in_german(room: str, qapp: QApplication) -> None:
    speak(qapp, "de")
    try:
        english = [
            f"{path.relative_to(ROOT)}:{line} {text}"
            for path in sorted((ROOT / room).rglob("*.py"))
            for line, text in sentences(ast.parse(path.read_text("utf-8")))
            if not text.startswith(ELSEWHERE) and said(text) == text
        ]
        assert english == [], "these belong into ui/sentences.py"
    finally:
        speak(qapp, "en")


def test_what_errors_say_is_said_in_german(qapp: QApplication) -> None:
    speak(qapp, "de")
    try:
        family = [one for one in kinds(NotesError) if one.__module__ == "notesapp.errors"]
        told = {one.__name__: (one.__doc__ or "").strip() for one in family if one.__name__ not in ERRORS_ELSEWHERE}
        english = {name: text for name, text in told.items() if said(text) == text}
        assert english == {}
    finally:
        speak(qapp, "en")


def test_versions_tell_who_wrote_in_the_windows_language(qapp: QApplication, theme: Theme) -> None:
    speak(qapp, "de")
    try:
        versions = Versions(theme)
        versions.show_versions([Version(3, 0, YOU, ()), Version(2, 0, "note", ()), Version(1, 0, SOMEBODY, ())])
        rows = versions.findChild(QListWidget)
        assert rows is not None
        told = [rows.item(at).text().splitlines()[1].split(" · ")[0] for at in range(3)]
        assert told == ["Du", "note", "Jemand"], "a person's name is no word of ours"
        assert "Du, 0 Zeichen" in rows.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    finally:
        speak(qapp, "en")
