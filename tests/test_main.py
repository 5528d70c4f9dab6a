"""Which skin a start chooses."""

from __future__ import annotations

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
