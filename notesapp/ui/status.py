"""The one status in words: which of the five states, why, and where the text is. Pure; shows nothing.

*Just you · Sharing · Waiting for … · Offline · Needs help*: only what is true now is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from notesapp.node.events import Failed, Saving, Status
from notesapp.node.people_views import Company, PeopleView
from notesapp.ui.faces.phrases import names, only_here_short
from notesapp.ui.sayings import said


def _tr(text: str, n: int = -1) -> str:
    return QCoreApplication.translate("Status", text, "", n)


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone` is a token's name; the icon says the same without colour. Causes in full are the banner's."""

    tone: str
    icon: str
    title: str
    detail: str


def standing(troubles: Mapping[str, str], view: PeopleView | None = None, here: Sequence[str] = ()) -> Standing:
    """The state of all notes: the disk's trouble first, then how it stands with people. `here`: who is online."""
    if troubles:
        return Standing("err", "triangle-alert", _tr("Needs help"), _tr("Read the notice above the note"))
    if view is None:
        return Standing("ok", "circle-check", _tr("Just you"), _tr("Saved on this computer"))
    kept = only_here_short(view.only_here, view.files_only_here)
    cause = said(view.cause or "")
    match view.company:
        case Company.NEEDS_HELP:
            return Standing("err", "triangle-alert", _tr("Needs help"), cause or _tr("Press to read why"))
        case Company.OFFLINE:
            return Standing("text3", "wifi-off", _tr("Offline"), kept or cause or _tr("Saved on this computer"))
        case Company.WAITING:
            who = names(view.waiting_for)
            title = _tr("Waiting for %1").replace("%1", who) if who else _tr("Waiting")
            return Standing("warn", "hourglass", title, kept or cause or _tr("Saved on this computer"))
        case Company.SHARING:
            with_whom = _tr("With %1").replace("%1", names(here)) if here else _tr("Everybody has everything")
            return Standing("ok", "users", _tr("Sharing"), kept or with_whom)
        case _:
            return Standing("ok", "circle-check", _tr("Just you"), _tr("Saved on this computer"))


def note_standing(status: Status | None, view: PeopleView | None = None, here: Sequence[str] = ()) -> Standing:
    """The state of the open note; None = its status is not known yet. `here`: who else is in it now."""
    match status:
        case Failed():
            return Standing("err", "triangle-alert", _tr("Not saved"), _tr("Not saved yet"))
        case Saving():
            return Standing("text3", "circle-dashed", _tr("Saving"), _tr("Saving…"))
        case _:
            return Standing("ok", "circle-check", _tr("Saved"), _saved(view, here))


def _saved(view: PeopleView | None, here: Sequence[str]) -> str:
    if here:
        sentence = _tr("Saved · %1 are here") if len(here) > 1 else _tr("Saved · %1 is here")
        return sentence.replace("%1", names(here))
    if view is not None and view.removed:  # nobody tells who was removed what he has
        return _tr("Saved on this computer")
    have = [one.name for one in view.members if one.has_all and not one.me] if view is not None else []
    if have:
        sentence = _tr("Saved · %1 have it") if len(have) > 1 else _tr("Saved · %1 has it")
        return sentence.replace("%1", names(have))
    return _tr("Saved on this computer")
