"""A person at a command line: a fresh home, and the program called as a function."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from notesapp.cli.app import main


@dataclass(frozen=True)
class Ended:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ended]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NOTESAPP_KEYRING", "off")
    monkeypatch.delenv("NOTESAPP_PASSPHRASE", raising=False)
    return tmp_path / "home"


@pytest.fixture
def notesapp(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command in the home; standard input is `stdin` (None: closed) and never a terminal."""

    def run(*words: str, stdin: str | bytes | None = "") -> Ended:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", None if raw is None else io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        code = main(["--home", str(home), *words])
        found = capsys.readouterr()
        assert "Traceback" not in found.out + found.err
        return Ended(code, found.out, found.err)

    return run
