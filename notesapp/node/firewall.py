"""How this computer's firewall is told to let Notesapp in: the command for those that are known. Changes nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_SYSTEM = "/usr/sbin:/sbin"  # where such tools lie, outside of a person's path
_UFW_CONF = Path("/etc/ufw/ufw.conf")


def allowing(port: int) -> str | None:
    """What to type in a terminal; None if it is a firewall that we don't know."""
    path = os.pathsep.join(filter(None, (os.environ.get("PATH"), _SYSTEM)))
    if shutil.which("ufw", path=path) is not None and _is_on(_UFW_CONF):
        return f"sudo ufw allow {port}/udp"
    if shutil.which("firewall-cmd", path=path) is not None:
        return f"sudo firewall-cmd --permanent --add-port={port}/udp && sudo firewall-cmd --reload"
    return None


def remedy(port: int, command: str | None) -> str:
    """The next step in a sentence."""
    return f"Allow UDP port {port} in it: {command}" if command else f"Allow UDP port {port} in it, in both directions."


def _is_on(conf: Path) -> bool:
    try:
        return "ENABLED=yes" in conf.read_text("utf-8", "replace")
    except OSError:  # not to be read by everybody: installed is all that we know
        return True
