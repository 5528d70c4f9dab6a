"""Gathers the window's words into .ts files and makes .qm files of them. `--check` fails if anything is missing.

Decides what is a word of the window: `tr(…)` (the class is the context), `_tr(…)` of a module, `translate(…)` and
QT_TRANSLATE_NOOP. Translations are kept in resources/translations/*.ts; people edit those (Qt Linguist reads them).
English holds only the forms for one and for many.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[1]
UI, FOLDER = ROOT / "notesapp" / "ui", ROOT / "resources" / "translations"
LANGUAGES = ("en", "de")
# Objects on which `tr` is called from outside their class.
RECEIVERS = {
    "panel": "Links",
    "sheet": "Sheet",
    "self.sheet": "Sheet",
    "self._sheet": "Sheet",
    "self._edit": "NoteEdit",
    "edit": "NoteEdit",
}


@dataclass(frozen=True, order=True)
class Message:
    """A text of the source in its context; `counted` if it has a form for one and one for many."""

    context: str
    text: str

    @property
    def counted(self) -> bool:
        return "%n" in self.text


def messages() -> list[Message]:
    """Everything that the window says, sorted."""
    found: set[Message] = set()
    for path in sorted(UI.rglob("*.py")):
        found.update(_in_module(ast.parse(path.read_text(encoding="utf-8")), path))
    return sorted(found)


def _in_module(tree: ast.Module, path: Path) -> Iterator[Message]:
    own = _own_context(tree)

    def walk(node: ast.AST, owner: str) -> Iterator[Message]:
        for child in ast.iter_child_nodes(node):
            inner = child.name if isinstance(child, ast.ClassDef) else owner
            if isinstance(child, ast.Call):
                yield from _in_call(child, inner, own, path)
            yield from walk(child, inner)

    yield from walk(tree, "")


def _own_context(tree: ast.Module) -> str:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "_tr":
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                    return str(call.args[0].value)
    return ""


def _in_call(call: ast.Call, owner: str, own: str, path: Path) -> Iterator[Message]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in call.args]
    match name:
        case "tr" if isinstance(call.func, ast.Attribute) and texts and texts[0]:
            receiver = ast.unparse(call.func.value)
            context = owner if receiver == "self" else RECEIVERS.get(receiver, "")
            if not context:
                raise SystemExit(f"{path}:{call.lineno}: whose words are these? Add “{receiver}” to RECEIVERS.")
            yield Message(context, texts[0])
        case "_tr" if texts and texts[0]:
            yield Message(own, texts[0])
        case "translate" | "QT_TRANSLATE_NOOP" | "_N" if len(texts) > 1 and texts[0] and texts[1]:
            yield Message(texts[0], texts[1])


def read(language: str) -> dict[Message, tuple[str, ...]]:
    """The finished translations of a language: one form, or two where it is counted."""
    path = FOLDER / f"notesapp_{language}.ts"
    if not path.exists():
        return {}
    found: dict[Message, tuple[str, ...]] = {}
    for context in ET.parse(path).getroot().findall("context"):
        for entry in context.findall("message"):
            said = entry.find("translation")
            if said is None or said.get("type") == "unfinished":
                continue
            forms = tuple(form.text or "" for form in said.findall("numerusform")) or (said.text or "",)
            found[Message(context.findtext("name", ""), entry.findtext("source", ""))] = forms
    return found


def write(language: str, wanted: list[Message], known: dict[Message, tuple[str, ...]]) -> None:
    """Writes a language's file: what is wanted, with what is known."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    for message in wanted:
        if message.context not in contexts:
            contexts[message.context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[message.context], "name").text = message.context
        entry = ET.SubElement(contexts[message.context], "message", {"numerus": "yes"} if message.counted else {})
        ET.SubElement(entry, "source").text = message.text
        forms = known.get(message, ())
        said = ET.SubElement(entry, "translation", {} if forms else {"type": "unfinished"})
        if message.counted:
            for form in forms or ("", ""):
                ET.SubElement(said, "numerusform").text = form
        elif forms:
            said.text = forms[0]
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")
    (FOLDER / f"notesapp_{language}.ts").write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8"
    )


def wanted_of(language: str) -> list[Message]:
    """What a language has to translate."""
    return [message for message in messages() if language != "en" or message.counted]


def missing(language: str) -> list[Message]:
    """What a language does not say yet."""
    known = read(language)
    return [message for message in wanted_of(language) if not all(known.get(message, ("",)))]


def release(language: str) -> None:
    """Makes the file that the program loads."""
    tool = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    source, target = FOLDER / f"notesapp_{language}.ts", FOLDER / f"notesapp_{language}.qm"
    subprocess.run([str(tool), "-silent", str(source), "-qm", str(target)], check=True)


def main() -> int:
    """The exit code: 1 if a language lacks something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only look whether everything is translated")
    only_look = parser.parse_args().check
    FOLDER.mkdir(exist_ok=True)
    lacking = 0
    for language in LANGUAGES:
        if not only_look:
            write(language, wanted_of(language), read(language))
            release(language)
        left = missing(language)
        lacking += len(left)
        sys.stdout.write(f"{language}: {len(wanted_of(language))} texts, {len(left)} missing\n")
        for message in left:
            sys.stdout.write(f"  {message.context}: {message.text}\n")
    return 1 if lacking and only_look else 0


if __name__ == "__main__":
    sys.exit(main())
