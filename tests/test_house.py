"""The house's own walls: imports go downwards, files stay small, nothing names a registry."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "notesapp"
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_imports_go_downwards_only() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "0 broken" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_every_module_says_what_it_decides() -> None:
    silent = [str(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_no_module_is_too_long_to_touch() -> None:
    code = [path for path in MODULES if path.name != "errors.py"]  # a list of sentences may be as long as it must
    long = {str(path): n for path in code if (n := path.read_text("utf-8").count("\n")) > 350}
    assert long == {}


def test_nothing_swallows_every_error() -> None:
    bare = re.compile(r"except\s*:|except (Base)?Exception\s*:\s*\n\s*pass\b")
    guilty = [str(path) for path in MODULES if bare.search(path.read_text("utf-8"))]
    assert guilty == []


def test_no_file_names_a_registry() -> None:
    git = shutil.which("git")
    tracked = git and subprocess.run(
        [git, "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if not tracked or tracked.returncode:
        pytest.skip("not a git checkout: the list of tracked files is not known")
    hosts = re.compile(
        "|".join(["files.python" + "hosted", "pypi" + r"\.org", "registry" + r"\.npmjs", "deb" + r"\.debian"])
    )
    guilty = []
    for name in filter(None, tracked.stdout.split("\0")):
        path = REPOSITORY / name
        if path.is_file() and path.stat().st_size < 2_000_000 and hosts.search(path.read_text("utf-8", "ignore")):
            guilty.append(name)
    assert guilty == []


def test_the_layers_contract_is_exhaustive() -> None:
    rooms = {path.name.partition(".")[0] for path in PACKAGE.iterdir()}
    rooms -= {"__init__", "__pycache__", "py"}
    assert rooms == {
        "__main__", "cli", "control", "errors", "identity", "net", "node", "notes", "store", "sync", "text", "ui",
    }  # fmt: skip
