"""The one status in words: which of the five states, why, and where the text is. Pure; shows nothing.

*Just you · Sharing · Waiting for … · Offline · Needs help*: only what is true now is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from notesapp.node.events import Failed, Saving, Status


def _tr(text: str) -> str:
    return QCoreApplication.translate("Status", text)


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone` is a token's name; the icon says the same without colour. Causes in full are the banner's."""

    tone: str
    icon: str
    title: str
    detail: str


def standing(troubles: Mapping[str, str]) -> Standing:
    """The state of all notes on this computer."""
    if troubles:
        return Standing("err", "triangle-alert", _tr("Needs help"), _tr("Read the notice above the note"))
    return Standing("ok", "circle-check", _tr("Just you"), _tr("Saved on this computer"))


def note_standing(status: Status | None) -> Standing:
    """The state of the open note; None = its status is not known yet."""
    match status:
        case Failed():
            return Standing("err", "triangle-alert", _tr("Not saved"), _tr("Not saved yet"))
        case Saving():
            return Standing("text3", "circle-dashed", _tr("Saving"), _tr("Saving…"))
        case _:
            return Standing("ok", "circle-check", _tr("Saved"), _tr("Saved on this computer"))
