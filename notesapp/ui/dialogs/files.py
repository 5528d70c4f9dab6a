"""The system's own file dialogs, awaited: opened, never executed, so that the loop goes on below."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from notesapp.errors import CannotWrite


async def _chosen(dialog: QFileDialog) -> list[Path]:
    future: asyncio.Future[list[Path]] = asyncio.get_running_loop().create_future()

    def done(result: int) -> None:
        if not future.done():
            future.set_result([Path(name) for name in dialog.selectedFiles()] if result else [])

    dialog.finished.connect(done)
    dialog.open()
    try:
        return await future
    finally:
        dialog.deleteLater()


async def save_file(over: QWidget, title: str, name: str, kinds: str = "") -> Path | None:
    """Where to save; `kinds` is Qt's filter text, e.g. `PDF (*.pdf)`. Overwriting is asked by the dialog.

    A name that is typed without an ending gets that of `name`, and is asked about as such.
    """
    dialog = QFileDialog(over, title, "", kinds)  # no folder: Qt begins where the last dialog ended
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(name)
    chosen = await _chosen(dialog)
    return chosen[0] if chosen else None


async def open_files(over: QWidget, title: str, kinds: str = "") -> list[Path]:
    """Files that exist; an empty list if the person left."""
    dialog = QFileDialog(over, title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return await _chosen(dialog)


async def open_folder(over: QWidget, title: str) -> Path | None:
    """A folder that exists."""
    dialog = QFileDialog(over, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    chosen = await _chosen(dialog)
    return chosen[0] if chosen else None


def write_file(path: Path, data: bytes) -> None:
    """Writes a file that the person asked for; CannotWrite says why it can't be."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CannotWrite(path=path, why=error.strerror or str(error)) from error
