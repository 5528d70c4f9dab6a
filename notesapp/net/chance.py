"""What two NAT classes leave to hope for. Pure."""

from __future__ import annotations

from enum import StrEnum

from notesapp.net.candidate import NatClass


class Chance(StrEnum):
    """What can be hoped for between two IPv4 NATs without help."""

    PROBES = "probes"
    BIRTHDAY_HERE = "birthday here"  # we open many ports
    BIRTHDAY_THERE = "birthday there"  # we spray
    NONE = "none"  # both random: only a mapping, IPv6 or a member helps
    BLOCKED = "blocked"


def chance(mine: NatClass, theirs: NatClass) -> Chance:
    """The chance of two classes; an unknown one counts as consistent."""
    if NatClass.BLOCKED in (mine, theirs):
        return Chance.BLOCKED
    if mine.is_random and theirs.is_random:
        return Chance.NONE
    if mine.is_random:
        return Chance.PROBES if theirs is NatClass.OPEN else Chance.BIRTHDAY_HERE
    if theirs.is_random:
        return Chance.PROBES if mine is NatClass.OPEN else Chance.BIRTHDAY_THERE
    return Chance.PROBES
