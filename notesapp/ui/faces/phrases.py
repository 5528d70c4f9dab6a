"""The sentences about people: roles, when somebody was seen, what a link gives, how many words wait. Pure words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from notesapp.identity.roles import Role
from notesapp.node.people_views import DeviceView, InviteView, JoinRequest, JoinStage, MemberView, OfferView
from notesapp.ui.when import long_time, short_time

NEARBY_PATH = "same network"


def _tr(text: str, n: int = -1) -> str:
    return QCoreApplication.translate("People", text, "", n)


def role_name(role: Role) -> str:
    """What a member may do, as it stands beside a name."""
    match role:
        case Role.OWNER:
            return _tr("Owner")
        case Role.ADMIN:
            return _tr("Can manage")
        case Role.WRITER:
            return _tr("Can edit")
        case _:
            return _tr("Can read")


def you_are_in(notebook: str, role: Role) -> str:
    """What somebody reads who has just come into a notebook."""
    match role:
        case Role.OWNER:
            words = _tr("You are in “%1” and own it.")
        case Role.ADMIN:
            words = _tr("You are in “%1” and can manage it.")
        case Role.WRITER:
            words = _tr("You are in “%1” and can edit it.")
        case _:
            words = _tr("You are in “%1” and can read it.")
    return words.replace("%1", notebook)


def role_gives(role: Role) -> str:
    """What a role allows, in a few words, for menus."""
    match role:
        case Role.OWNER:
            return _tr("Everything; there is one owner")
        case Role.ADMIN:
            return _tr("Read, edit, invite and remove people")
        case Role.WRITER:
            return _tr("Read and edit every note")
        case _:
            return _tr("Read every note, change nothing")


def link_gives(role: Role, approval: bool) -> str:
    """What a link of this kind gives, in one sentence."""
    if role is Role.READER:
        if approval:
            return _tr("Whoever you let in with this link can read every note in this notebook.")
        return _tr("Anyone with this link can read every note in this notebook.")
    if approval:
        return _tr("Whoever you let in with this link can read and edit every note in this notebook.")
    return _tr("Anyone with this link can read and edit every note in this notebook.")


def offer_gives(offer: OfferView) -> str:
    """What accepting an offer would let me do."""
    if offer.role is Role.READER:
        return _tr("You will be able to read every note in it.")
    return _tr("You will be able to read and edit every note in it.")


def offered_by(offer: OfferView) -> str:
    """Who offers what: both are claims until the two devices have met."""
    who = offer.inviter or _tr("Somebody")
    what = offer.notebook_name or _tr("a notebook")
    return _tr("%1 invites you to “%2”").replace("%1", who).replace("%2", what)


def asks_for(request: JoinRequest) -> str:
    """What somebody who knocks wants; without a notebook, it is a device of my own."""
    if not request.notebook_id:
        return _tr("A new device asks to become one of yours")
    sentence = _tr("%1 asks to read “%2”") if request.role is Role.READER else _tr("%1 asks to write in “%2”")
    return sentence.replace("%1", request.name).replace("%2", request.notebook_name)


def seen(member: MemberView, now_ms: int) -> str:
    """Whether somebody is here now, and else when he last was."""
    if member.online:
        return device_path(next((one for one in member.devices if one.linked), None))
    if member.last_seen_ms is None:
        return _tr("Not seen yet")
    if now_ms - member.last_seen_ms < 60_000:
        return _tr("Seen a moment ago")
    return _tr("Seen %1").replace("%1", ago(member.last_seen_ms, now_ms))


def ago(at_ms: int, now_ms: int) -> str:
    """“12 min ago”, “3 h ago”, “a day ago”, “on 18 Nov”."""
    minutes = (now_ms - at_ms) // 60_000
    if minutes < 60:
        return _tr("%n min ago", max(1, minutes))
    if minutes < 24 * 60:
        return _tr("%n h ago", minutes // 60)
    if minutes < 48 * 60:
        return _tr("a day ago")
    return _tr("on %1").replace("%1", short_time(at_ms, now_ms))


def device_path(device: DeviceView | None) -> str:
    """How a device is reached now; a path that the node words itself (“through Ana”) is shown as it is."""
    if device is None:
        return _tr("Here now")
    match device.path:
        case "same network":
            return _tr("Here now · same network")
        case "direct":
            return _tr("Here now · direct over the internet")
        case path if path.startswith("through "):
            return _tr("Here now · through %1").replace("%1", path.removeprefix("through "))
        case _:
            return _tr("Here now")


def lag(device: DeviceView | None) -> str:
    """How long a letter takes to that device; an empty text where it is not known."""
    if device is None or not device.linked or device.lag_ms is None:
        return ""
    return _tr("%n ms", max(1, device.lag_ms))


def has(member: MemberView) -> str:
    """What of my text that person has."""
    if member.has_all:
        return _tr("Has everything")
    if member.waiting and member.has_until_ms is not None:
        return _tr("Has everything up to %1").replace("%1", long_time(member.has_until_ms))
    if member.waiting:
        return _tr("Waits for %n edits", member.waiting)
    return _tr("Not known what is there")


def only_here(edits: int, files: int) -> str:
    """What would be lost with this computer; an empty text if nothing would."""
    parts = []
    if edits:
        parts.append(_tr("%n edits", edits))
    if files:
        parts.append(_tr("%n files", files))
    if not parts:
        return ""
    return _tr("Only on this computer: %1").replace("%1", names(parts))


def only_here_short(edits: int, files: int) -> str:
    """The same where there is room for a few words; what is more is in the tool tip."""
    if edits and files:
        return _tr("Only here: %1").replace("%1", names([_tr("%n edits", edits), _tr("%n files", files)]))
    if files:
        return _tr("%n files only here", files)
    return _tr("%n edits only here", edits) if edits else ""


def names(people: Sequence[str]) -> str:
    """“Ana”, “Ana and Bo”, “Ana, Bo and 3 more”."""
    match len(people):
        case 0:
            return ""
        case 1:
            return people[0]
        case 2:
            return _tr("%1 and %2").replace("%1", people[0]).replace("%2", people[1])
        case many:
            more = _tr("%1, %2 and %n more", many - 2)
            return more.replace("%1", people[0]).replace("%2", people[1])


def ends(at_ms: int | None, now_ms: int) -> str:
    """When a link stops working."""
    if at_ms is None:
        return _tr("Works until you withdraw it")
    if at_ms <= now_ms:
        return _tr("Has ended")
    return _tr("Works until %1").replace("%1", long_time(at_ms))


def invite_state(invite: InviteView, now_ms: int) -> str:
    """How it stands with a link: for how many, until when, whether it asks."""
    if invite.withdrawn:
        return _tr("Withdrawn")
    if invite.used >= invite.uses:
        return _tr("Used up")
    parts = [_tr("For %n people", invite.uses - invite.used) if invite.uses < MANY else _tr("For any number of people")]
    parts.append(ends(invite.ends_ms, now_ms))
    if invite.approval:
        parts.append(_tr("you let each one in"))
    return " · ".join(parts)


MANY = 1_000
"""An invite for so many people counts as one without a limit."""


def stage(stage_now: JoinStage, who: str, *, seen: bool = False, named: bool = True, words: bool = False) -> str:
    """What is being done for me now; `seen`: it is known where the other computer is; `named`: `who` is a name;
    `words`: there are some to compare.
    """
    match stage_now:
        case JoinStage.SEARCHING if not named and seen:
            return _tr("Found where the other computer is. Asking both routers to let you two through…")
        case JoinStage.SEARCHING if not named:
            return _tr("Looking for the other computer…")
        case JoinStage.SEARCHING if seen:
            return _tr("Found where %1’s computer is. Asking both routers to let you two through…").replace("%1", who)
        case JoinStage.SEARCHING:
            return _tr("Looking for %1’s computer…").replace("%1", who)
        case JoinStage.PROVING:
            return _tr("Found. Both computers are proving who they are…")
        case JoinStage.MATCHING:
            return _tr("Compare these words with %1: do both screens show the same?").replace("%1", who)
        case JoinStage.WAITING if words:
            return _tr("Waiting until %1 lets you in. Both screens must show these words:").replace("%1", who)
        case JoinStage.WAITING:
            return _tr("Waiting until %1 lets you in.").replace("%1", who)
        case JoinStage.FETCHING:
            return _tr("Fetching the notes…")
        case JoinStage.DONE:
            return _tr("You are in.")
        case _:
            return _tr("It didn’t work.")
