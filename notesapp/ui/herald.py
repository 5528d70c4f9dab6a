"""Tells that there is a new version, if the person wants to be told. Decides when is looked, and says one sentence.

Off until it is switched on. Where is looked, and whose word counts, comes with the installed program
(`resources/release.json`, written by whoever builds it); without that there is nowhere to look.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from notesapp import __version__
from notesapp.errors import FeedUnreachable, LocalError
from notesapp.node.releases import newest
from notesapp.ui.desk import Desk
from notesapp.ui.settings import SettingsFile
from notesapp.ui.style.resources import resource

log = logging.getLogger(__name__)

BETWEEN_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Publisher:
    """Where new versions are announced, and the public keys of those whose announcements count."""

    feed: str
    keys: tuple[bytes, ...]


def publisher() -> Publisher | None:
    """Who published this very program; None for one that nobody published, like a checkout."""
    path = resource("release.json")
    if not path.exists():
        return None
    try:
        found = msgspec.json.decode(path.read_bytes())
        feed, keys = str(found["feed"]), tuple(bytes.fromhex(key) for key in found["keys"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise LocalError(what="release.json of this installation can't be read") from error
    return Publisher(feed, keys) if re.match(r"https://", feed) and keys else None


class Herald(QObject):
    """Looks once a day, from the start on, while it is switched on."""

    def __init__(
        self,
        desk: Desk,
        settings: SettingsFile,
        source: Publisher | None,
        open_page: Callable[[QUrl], object] = QDesktopServices.openUrl,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        super().__init__()
        self._desk, self._settings, self.source = desk, settings, source
        self._open_page, self._clock = open_page, clock

    @property
    def wanted(self) -> bool:
        """What the person decided."""
        return self._settings.now.look_for_versions

    @property
    def due(self) -> bool:
        """Whether it is switched on, there is somewhere to look, and the last look is a day old."""
        now = self._settings.now
        since = self._clock() - now.looked_ms
        return now.look_for_versions and self.source is not None and not 0 <= since < BETWEEN_MS

    def look_if_due(self) -> None:
        """Looks, in the background; whoever is offline hears nothing of it."""
        if self.due:
            self._desk.start(self._look(), "look for a new version")

    def switch(self, on: bool) -> None:
        """What the person decides."""
        self._settings.now.look_for_versions = on
        self._settings.save()
        self.look_if_due()

    async def _look(self) -> None:
        source = self.source
        if source is None:
            return
        self._settings.now.looked_ms = self._clock()
        self._settings.save()
        try:
            found = await newest(source.feed, source.keys)
        except FeedUnreachable as error:
            log.info("! %s", error.facts["why"])
            return
        if found.is_newer_than(__version__):
            said = self.tr("There is a new version of Notesapp: %1").replace("%1", found.version)
            self._desk.say(said, self.tr("Show"), lambda: self._open_page(QUrl(found.page)))
