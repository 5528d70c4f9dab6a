"""Makes the Windows installer with NSIS; its script compiles on Linux, too, so that CI sees mistakes in it.

Signing is the release job's: NOTESAPP_SIGN names a command that signs the file given last, for example
`signtool sign /fd SHA256 /tr http://timestamp.example /td SHA256 /n "Name"`. Unset, nothing is signed.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from common import DIST, HERE, BuildFailed, run, version

_FOLDER = HERE / "windows"


def make_setup(bundle: Path, made: Path) -> Path:
    """dist/notesapp-VERSION-windows-x64-setup.exe; the programs in the bundle are signed before they are packed."""
    sign = os.environ.get("NOTESAPP_SIGN", "")
    if sign:
        for program in sorted(bundle.glob("*.exe")):
            _sign(sign, program)
    DIST.mkdir(exist_ok=True)
    target = DIST / f"notesapp-{version()}-windows-x64-setup.exe"
    return compile_script(bundle, target, sign)


def compile_script(bundle: Path, target: Path, sign: str = "") -> Path:
    """Runs makensis on the script; any warning is a failure."""
    size_kb = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) // 1024
    defines = {
        "VERSION": version(),
        "NUMBERS": numbers(version()),
        "BUNDLE": str(bundle),
        "TARGET": str(target),
        "SIZE_KB": str(size_kb),
    }
    if sign:
        defines["SIGN"] = sign
    words = ["makensis", "-WX", "-V2", "-INPUTCHARSET", "UTF8"]
    run([*words, *(f"-D{name}={value}" for name, value in defines.items()), "notesapp.nsi"], cwd=_FOLDER)
    return target


def numbers(pep440: str) -> str:
    """Four numbers, as Windows wants a version: `0.1.0rc1` → `0.1.0.0`."""
    found = []
    for part in pep440.split("."):
        digits = part[: next((at for at, sign in enumerate(part) if not sign.isdigit()), len(part))]
        if not digits:
            break
        found.append(digits)
        if digits != part:
            break
    return ".".join([*found[:4], *["0"] * (4 - len(found[:4]))])


def _sign(command: str, file: Path) -> None:
    done = subprocess.run([*shlex.split(command, posix=os.name != "nt"), str(file)], check=False)
    if done.returncode != 0:
        raise BuildFailed(f"{file.name} could not be signed (exit code {done.returncode}).")
