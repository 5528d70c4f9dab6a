"""Says a time the short way a person would: “now”, “12 min”, “Yesterday”, “18 Nov”."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000


def _tr(text: str, n: int = -1) -> str:
    return QCoreApplication.translate("When", text, "", n)


def short_time(at_ms: int, now_ms: int) -> str:
    """A past moment (ms since 1970, UTC) as seen from `now_ms`, in the local time zone and language."""
    ago = now_ms - at_ms
    if ago < _MINUTE_MS:
        return _tr("now")
    if ago < _HOUR_MS:
        return _tr("%n min", ago // _MINUTE_MS)
    then, now = datetime.fromtimestamp(at_ms / 1000), datetime.fromtimestamp(now_ms / 1000)
    days = (now.date() - then.date()).days
    if days == 0:
        return _tr("%n h", ago // _HOUR_MS)
    if days == 1:
        return _tr("Yesterday")
    locale = QLocale()
    if days < 7:
        return locale.dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)
    pattern = "d MMM" if then.year == now.year else "d MMM yyyy"
    return locale.toString(QDate(then.year, then.month, then.day), pattern)


def long_time(at_ms: int) -> str:
    """A moment with date and minute, in the local time zone and language."""
    then = datetime.fromtimestamp(at_ms / 1000)
    moment = QDateTime(QDate(then.year, then.month, then.day), QTime(then.hour, then.minute))
    return QLocale().toString(moment, "d MMM yyyy, HH:mm")
