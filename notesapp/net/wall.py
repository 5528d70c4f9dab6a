"""Whether a firewall on this computer stands in the way. Asks by a packet to ourselves that never leaves the computer.

A multicast packet to all hosts that may pass no router and no cable (its time to live is 0) is handed back by the
system as if it came from the network: whatever the firewall drops of what comes in to our port, it drops of this. If it
forbids what goes out, sending fails at once. Only Linux does so for sure; elsewhere nothing is known, and nothing said.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from notesapp.identity.primitives import Entropy
from notesapp.net import interfaces
from notesapp.net.diagnosis import Wall

MISSED: Final = 3  # asked so often in a row and not heard: a busy loop or a full buffer loses one
FIRST: Final = 0  # the first byte: of no other packet that we read
_BYTES: Final = 16
_MULTICAST: Final = 0x1000  # IFF_MULTICAST in `linux/if.h`
_FORBIDDEN: Final = {errno.EPERM, errno.EACCES}


class WallWatch:
    """`send(data, host)` sends to ourselves by the interface that has this address; errors are its caller's: here."""

    def __init__(self, entropy: Entropy, send: Callable[[bytes, str], None]) -> None:
        self.found = Wall.NONE
        self._entropy, self._send = entropy, send
        self._asked = b""
        self._missed = 0

    def look(self) -> bool:
        """Asks anew, and judges the last answer; whether something else is found now."""
        before = self.found
        host = _where() if sys.platform == "linux" else None
        if host is None:
            self._asked, self._missed, self.found = b"", 0, Wall.NONE
            return self.found is not before
        self._missed = self._missed + 1 if self._asked else 0
        if self._missed >= MISSED:
            self.found = Wall.IN
        self._asked = bytes([FIRST]) + self._entropy(_BYTES)
        try:
            self._send(self._asked, host)
        except OSError as error:
            self._asked, self._missed = b"", 0
            self.found = Wall.OUT if error.errno in _FORBIDDEN else Wall.NONE
        else:
            if self.found is Wall.OUT:
                self.found = Wall.NONE
        return self.found is not before

    def rest(self) -> None:
        """Everybody is heard: nothing stands in the way, and nothing is asked."""
        self._asked, self._missed, self.found = b"", 0, Wall.NONE

    def hear(self, data: bytes) -> bool:
        """A packet that begins with 0; whether it was ours."""
        if not self._asked or data != self._asked:
            return False
        self._asked, self._missed, self.found = b"", 0, Wall.NONE
        return True


def _where() -> str | None:
    """The address of the first real interface that can do multicast."""
    for it in interfaces.networks():
        if ":" not in it.host and not it.is_virtual and _flags(it.interface) & _MULTICAST:
            return it.host
    return None


def _flags(interface: str) -> int:
    try:
        return int(Path("/sys/class/net", interface, "flags").read_text(), 16)
    except (OSError, ValueError):  # a name with a slash, or gone a moment ago
        return 0
