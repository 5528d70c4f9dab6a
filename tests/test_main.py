"""Which skin a start chooses."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from notesapp import __version__
from notesapp.__main__ import main, wants_window


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--home", "x"],
        ["--home=x"],
        ["--quick-note"],
        ["--hidden", "--home", "x"],
        ["notesapp://note/00"],
        ["a.md", "B.Markdown"],
        ["file:///tmp/a%20b.md"],
        [os.path.abspath(os.sep + "a folder")],
        ["--home", "x", "plan.md"],
    ],
)
def test_a_start_for_the_window(words: list[str]) -> None:
    assert wants_window(words)


@pytest.mark.parametrize("words", [["ls"], ["--home", "x", "ls"], ["cat", "a.md"], ["--help"], ["new", "--quick-note"]])
def test_a_start_for_a_command(words: list[str]) -> None:
    assert not wants_window(words)


def test_the_version_is_told_without_loading_anything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"notesapp {__version__}\n"


def test_a_shell_that_asks_for_completions_opens_no_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_NOTESAPP_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "notesapp sea")
    monkeypatch.setenv("COMP_CWORD", "1")
    with contextlib.suppress(SystemExit):
        main([])
    assert capsys.readouterr().out.split() == ["search"]


def test_ctrl_c_while_the_program_loads_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Loading(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "notesapp.cli.app", Loading("notesapp.cli.app"))
    assert main(["ls"]) == 130
    assert capsys.readouterr().err == "notesapp: Stopped; what was finished before is kept.\n"


def test_the_self_test_finds_nothing_wrong_with_this_very_program(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    done = subprocess.run(
        [sys.executable, "-m", "notesapp", f"--self-test={told}"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, told.read_text()
    found = json.loads(told.read_text())
    assert found["wrong"] == []
    assert (found["version"], found["screen"], found["frozen"]) == (__version__, "offscreen", False)
    assert found["pdf_bytes"] > 1_000
