"""Which skin a start wants, and that asking for the version costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from notesapp import __version__
from notesapp.__main__ import wants_window
from notesapp.node.worker import WORKER_FLAG


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ([], True),
        (["notesapp://join#1.abc"], True),
        (["/home/ana/Plan.md", "b.MARKDOWN"], True),
        (["--home", "/tmp/x"], True),
        (["--home=/tmp/x", "notesapp://note/1"], True),
        (["ls"], False),
        (["--home", "/tmp/x", "ls"], False),
        (["--help"], False),
        (["new", "Plan.md"], False),
    ],
)
def test_the_words_of_a_start_choose_the_skin(words: list[str], window: bool) -> None:
    assert wants_window(words) is window


def test_the_version_is_told_without_loading_the_program() -> None:
    code = "import sys; from notesapp.__main__ import main; main(['--version']); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, modules = done.stdout.splitlines()
    assert version == f"notesapp {__version__}"
    assert not {"asyncio", "apsw", "typer", "PySide6", "notesapp.node.node"} & set(modules.split())


def test_a_frozen_program_starts_its_helpers_by_calling_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "notesapp", WORKER_FLAG], input=b"", capture_output=True, check=True, timeout=30
    )
    assert done.stdout == b""  # its input ended at once, and so did it
