"""Programs that nobody here wrote, from npm, below `out/`. Decides how they are installed and where they run.

Packages are named with exact versions and nothing of them runs while they are installed. Where there is neither Node.js
nor a way to get it, the test that asked is skipped and says why.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "out" / "npm"
INSTALL_S = 300.0


@cache
def why_not() -> str | None:
    """Why no such program can run here; None if they can. On Debian, as root, Node.js is brought."""
    if shutil.which("npm") is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        command = "apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm"
        subprocess.run(["sh", "-c", command], check=False, capture_output=True, timeout=INSTALL_S)
    if shutil.which("npm") is None or shutil.which("node") is None:
        return "it needs Node.js 18 or newer with npm (on Debian: sudo apt-get install nodejs npm)"
    return None


def installed(name: str, packages: Mapping[str, str]) -> Path:
    """The folder `name` with these packages (name → exact version) in it; installs them if they aren't there."""
    if (lacking := why_not()) is not None:
        pytest.skip(lacking)
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "type": "module", "dependencies": dict(packages)}, indent=1, sort_keys=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several tests may want it at once
        ready = folder / ".ready"
        if not ready.is_file() or ready.read_text() != wanted:
            ready.unlink(missing_ok=True)
            (folder / "package.json").write_text(wanted)
            npm = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(npm, cwd=folder, check=True, timeout=INSTALL_S)
            ready.write_text(wanted)
    return folder


def script(folder: Path, source: Path) -> Path:
    """A copy of a script beside its packages: Node.js looks for these from where the script lies."""
    target = folder / source.name
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        partial = target.with_suffix(f".{os.getpid()}")
        partial.write_bytes(source.read_bytes())
        os.replace(partial, target)
    return target
