"""What people call themselves, their devices and their colour, in the notebooks that they share.

A roster record of the kind `profile`, which the roster keeps and passes on without judging it: [name, colour, device's
name]. A device speaks for its own person only; the newest counts. It is a claim: petnames beat it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from notesapp.errors import RemoteError
from notesapp.identity.invite import Name
from notesapp.identity.keys import PersonId
from notesapp.identity.record import Form, Record
from notesapp.identity.roster import Roster
from notesapp.node.people_views import COLOURS

KIND = "profile"
_LIMIT = 1024


class Profile(msgspec.Struct, array_like=True, frozen=True):
    """The body of a `profile` record."""

    name: Name
    colour: Annotated[int, msgspec.Meta(ge=0, lt=COLOURS)]
    device: Name


PROFILE: Form[Profile] = Form(Profile, _LIMIT, "a profile")


@dataclass(frozen=True, slots=True)
class Claims:
    """Of one notebook: by person, and by device."""

    persons: dict[bytes, Profile]
    devices: dict[bytes, Profile]


def claims(roster: Roster) -> Claims:
    """What the members of a roster claim."""
    found: list[tuple[Record, PersonId, Profile]] = []
    for record in roster.records:
        if record.kind != KIND or (person := roster.person_of(record.author)) is None:
            continue
        try:
            found.append((record, person, PROFILE.decode(record.body)))
        except RemoteError:
            continue  # a later version's, or a broken device's
    found.sort(key=lambda one: (one[0].lamport, one[0].id))
    return Claims(
        {person: profile for _, person, profile in found}, {record.author: profile for record, _, profile in found}
    )


def own_colour(person_id: bytes) -> int:
    """The colour of somebody who chose none: stable, and the same on all devices."""
    return person_id[0] % COLOURS
