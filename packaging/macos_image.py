"""Signs Notesapp.app, puts it into a .dmg, and has it notarised. Runs on macOS only.

Keys are the release job's. NOTESAPP_SIGN_IDENTITY: a “Developer ID Application” identity in the keychain; unset, it
is signed ad hoc, and macOS asks before it opens it. NOTESAPP_NOTARY_PROFILE: a profile that `notarytool
store-credentials` made; unset, nothing is sent to Apple.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

from common import DIST, HERE, BuildFailed, run, version
from freeze import PYTHON

_FOLDER = HERE / "macos"


def make_image(app: Path) -> Path:
    """dist/notesapp-VERSION-macos-ARCH.dmg."""
    if not app.is_dir():
        raise BuildFailed(f"{app} is missing; PyInstaller makes it on macOS only.")
    identity = os.environ.get("NOTESAPP_SIGN_IDENTITY", "")
    _sign(app, identity)
    DIST.mkdir(exist_ok=True)
    target = DIST / f"notesapp-{version()}-macos-{platform.machine()}.dmg"
    target.unlink(missing_ok=True)
    run([PYTHON, "-m", "dmgbuild", "-s", _FOLDER / "dmg_settings.py", "-D", f"app={app}", "Notesapp", target])
    if identity:
        run(["codesign", "--force", "--timestamp", "--sign", identity, target])
    profile = os.environ.get("NOTESAPP_NOTARY_PROFILE", "")
    if profile:
        run(["xcrun", "notarytool", "submit", target, "--keychain-profile", profile, "--wait", "--timeout", "30m"])
        run(["xcrun", "stapler", "staple", target])
        run(["spctl", "--assess", "--type", "open", "--context", "context:primary-signature", "-v", target])
    return target


def _sign(app: Path, identity: str) -> None:
    words: list[str | Path] = ["codesign", "--force", "--deep", "--entitlements", _FOLDER / "entitlements.plist"]
    hardened = ["--options", "runtime", "--timestamp"] if identity else []
    run([*words, *hardened, "--sign", identity or "-", app])
    run(["codesign", "--verify", "--deep", "--strict", app])
