"""`notesapp --self-test`: does an installed program have all that it needs? Writes one line of JSON; exit code 0 or 1.

It looks at what packaging can break: libraries, shipped files, helper processes, the window. Everything happens in a
folder of its own that is gone afterwards; nobody's notes are touched.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import os
import platform
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from notesapp import __version__

FLAG = "--self-test"
_STARTED_S = time.monotonic()
# Brought by the packages; a name that the bundle lacks would be missed only in the middle of work.
LIBRARIES = (
    "automerge", "apsw", "nacl.bindings", "nacl.pwhash.argon2id", "msgspec", "zstandard", "mnemonic", "spake2",
    "keyring.backends", "yaml", "pygments.lexers", "markdown_it", "segno", "aioquic.quic.connection",
    "cryptography.x509", "zeroconf.asyncio", "ifaddr", "rich.console", "typer",
)  # fmt: skip
OPTIONAL = ("libtorrent", "zxingcpp")  # not everywhere; where they are, they must load
_NOTE = "# Self-test\n\nA kettle, a spoon, and a note to find. #probe\n\n```python\nprint('colours')\n```\n"


def main(words: Sequence[str]) -> int:
    """`--self-test` writes to standard output, `--self-test=FILE` to a file (a windowed .exe has no output)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["NOTESAPP_KEYRING"] = "off"
    found = look()
    line = json.dumps(found, sort_keys=True) + "\n"
    target = words[0].partition("=")[2] if words else ""
    if target:
        Path(target).write_text(line, encoding="utf-8")
    elif sys.stdout is not None:
        sys.stdout.write(line)
        sys.stdout.flush()
    return 0 if not found["wrong"] else 1


def look() -> dict[str, Any]:
    """All findings; `wrong` says in a few words each what failed."""
    found: dict[str, Any] = {
        "version": __version__,
        "frozen": bool(getattr(sys, "frozen", False)),
        "python": platform.python_version(),
        "system": platform.system(),
        "tls": ssl.OPENSSL_VERSION,
        "wrong": [],
    }
    for name in LIBRARIES + OPTIONAL:
        if name not in OPTIONAL or importlib.util.find_spec(name) is not None:
            _try(found, name, partial(_load, name, found))
    _try(found, "shipped files", _files)
    _try(found, "notes and window", lambda: _use(found))
    return found


def _try(found: dict[str, Any], what: str, look_at: Callable[[], dict[str, Any]]) -> None:
    try:
        found.update(look_at())
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a package is to be told, not to end the look
        found["wrong"].append(f"{what}: {type(error).__name__}: {error}")


def _load(name: str, found: dict[str, Any]) -> dict[str, Any]:
    importlib.import_module(name)
    return {"libraries": found.get("libraries", 0) + 1}


def _files() -> dict[str, Any]:
    from notesapp.ui.languages import languages
    from notesapp.ui.style.resources import resource

    fonts, icons = len(list(resource("fonts").glob("*.ttf"))), len(list(resource("icons").glob("*.svg")))
    if not fonts or not icons or not resource("app", "notesapp.svg").exists() or len(languages()) < 3:
        raise FileNotFoundError(f"{fonts} fonts, {icons} icons, {len(languages())} languages")
    return {"fonts": fonts, "icons": icons}


def _use(found: dict[str, Any]) -> dict[str, Any]:
    from qasync import QEventLoop

    from notesapp.ui.program import application

    app = application()
    found["screen"] = app.platformName()
    with (
        tempfile.TemporaryDirectory(prefix="notesapp-self-test-") as folder,
        asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner,
    ):
        return runner.run(asyncio.wait_for(_write(Path(folder)), 60))


async def _write(folder: Path) -> dict[str, Any]:
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QImageReader

    from notesapp.control.door import NearDoor
    from notesapp.node.home import Unlock
    from notesapp.node.node import Node
    from notesapp.node.worker import Workers
    from notesapp.store.places import Home
    from notesapp.ui.editor.paper import write_pdf
    from notesapp.ui.settings import SettingsFile
    from notesapp.ui.shell import Shell
    from notesapp.ui.style.fonts import load_fonts
    from notesapp.ui.style.theme import Appearance, Theme
    from notesapp.ui.window import app_icon

    missing, theme = load_fonts(), Theme(Appearance.LIGHT)
    node = await Node.open(Home(folder / "home"), Unlock())
    try:
        note_id = await node.create_note(None, _NOTE)
        hits = (await node.search("kettle tag:probe")).total
        shell = Shell(node, NearDoor(node), theme, SettingsFile(folder / "window.json"))
        try:
            await shell.begin()
            shell.appear()
            shell.open_this(f"notesapp://note/{note_id.hex()}")
            pages = write_pdf(folder / "note.pdf", _NOTE, shell.editor.pictures, title="Self-test")
            picture = not shell.window.grab().isNull()
        finally:
            await shell.close()
    finally:
        await node.close()
    helpers = Workers()
    try:
        helper = await helpers.run("facts", text=_NOTE, file_name="probe.md")
    finally:
        helpers.close()
    formats = {bytes(one.data()).decode() for one in QImageReader.supportedImageFormats()}
    pdf = (folder / "note.pdf").stat().st_size
    facts = {
        "fonts readable": not missing, "icon": not app_icon().isNull(), "search": hits == 1, "helper": bool(helper),
        "picture": picture, "pdf": pages == 1 and pdf > 1_000, "jpeg, svg, webp": {"jpeg", "svg", "webp"} <= formats,
    }  # fmt: skip
    wrong = [name for name, good in facts.items() if not good]
    if wrong:
        raise RuntimeError(", ".join(wrong))
    return {"qt": qVersion(), "used_ms": round((time.monotonic() - _STARTED_S) * 1000), "pdf_bytes": pdf}
