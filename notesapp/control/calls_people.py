"""What may be asked of a node about people, as values. Decides names, arguments and answers; does nothing.

A person is named as people do: by name, or the first words of the fingerprint.
"""

from __future__ import annotations

from notesapp.control.calls import Call
from notesapp.control.rows import Done
from notesapp.control.rows_people import (
    CloserRow,
    CodeRow,
    InternetRow,
    InviteRow,
    JoinRow,
    MemberRow,
    NearbyRow,
    NetworkDoctorRow,
    NetworkRow,
    PeopleRow,
    ReachRow,
    RequestRow,
)


class Share(Call[InviteRow], frozen=True):
    """Makes an invite to a notebook."""

    notebook: str | None = None
    role: str = "writer"
    uses: int = 1
    ends_ms: int | None = None
    approval: bool | None = None


class Withdraw(Call[Done], frozen=True):
    """Nobody may come by an invite (the beginning of its id) any more."""

    invite: str
    notebook: str | None = None


class Join(Call[JoinRow], frozen=True):
    """Begins to join by an invite; `at` are addresses that a person typed."""

    text: str
    at: tuple[str, ...] = ()


class Joins(Call[tuple[JoinRow, ...]], frozen=True):
    """My attempts to join in this run."""


class CancelJoin(Call[Done], frozen=True):
    """Gives an attempt up."""

    id: str


class People(Call[PeopleRow], frozen=True):
    """The people of a notebook."""

    notebook: str | None = None


class Requests(Call[tuple[RequestRow, ...]], frozen=True):
    """Who waits to be let in."""


class Approve(Call[Done], frozen=True):
    """Lets somebody in (the beginning of a request's id, or his name), or doesn't."""

    request: str
    yes: bool = True


class SetRole(Call[Done], frozen=True):
    """Gives a member another role."""

    person: str
    role: str
    notebook: str | None = None


class Remove(Call[Done], frozen=True):
    """Ends somebody's membership."""

    person: str
    notebook: str | None = None


class Leave(Call[Done], frozen=True):
    """Ends mine."""

    notebook: str


class Me(Call[MemberRow], frozen=True):
    """Tells or changes what I am called."""

    name: str | None = None
    colour: int | None = None


class Network(Call[NetworkRow], frozen=True):
    """How it stands with this computer's network."""


class Internet(Call[InternetRow], frozen=True):
    """How it stands with the internet; changes first what is given."""

    agreed: bool | None = None
    be_found: bool | None = None
    mapping: bool | None = None
    relay: bool | None = None
    bootstrap: tuple[str, ...] | None = None
    relay_pairs: int | None = None
    relay_kib_s: int | None = None
    stun: tuple[str, ...] | None = None


class NetworkDoctor(Call[NetworkDoctorRow], frozen=True):
    """What the doctor says of the network."""


class LookCloser(Call[tuple[CloserRow, ...]], frozen=True):
    """Looks at the connection with a person from both ends."""

    person: str


class Reach(Call[tuple[ReachRow, ...]], frozen=True):
    """How each other device is reached, or why it isn't."""


class ConfirmJoin(Call[Done], frozen=True):
    """The words of an attempt match, or don't."""

    id: str
    yes: bool = True


class HandOver(Call[Done], frozen=True):
    """Makes a member the owner."""

    person: str
    notebook: str | None = None


class Petname(Call[Done], frozen=True):
    """What I call somebody; an empty name forgets it."""

    person: str
    name: str
    notebook: str | None = None


class ShareNote(Call[Done], frozen=True):
    """Moves one note into a notebook of its own, to be shared."""

    note: str
    name: str


class Code(Call[CodeRow], frozen=True):
    """Makes a code of three words."""

    notebook: str | None = None
    role: str = "writer"


class Codes(Call[tuple[CodeRow, ...]], frozen=True):
    """The codes of this run."""


class EndCode(Call[Done], frozen=True):
    """Ends a code."""

    id: str


class LinkDevice(Call[CodeRow], frozen=True):
    """Makes a code by which a new device becomes mine."""


class JoinAsDevice(Call[JoinRow], frozen=True):
    """Makes this device one of the person's who made the code."""

    words: str
    at: tuple[str, ...] = ()
    bring: bool = False


class RevokeDevice(Call[Done], frozen=True):
    """A device of mine is mine no more: its name or the beginning of its id."""

    device: str


class Nearby(Call[tuple[NearbyRow, ...]], frozen=True):
    """Shows me to everybody in this network while `on`, and tells who shows himself."""

    on: bool = True


class InviteNearby(Call[Done], frozen=True):
    """Invites somebody nearby, by the name or id that `Nearby` tells."""

    person: str
    notebook: str | None = None
    role: str = "writer"


class TakeOver(Call[Done], frozen=True):
    """I agree to own a notebook that was offered to me."""

    notebook: str | None = None


class JoinByCode(Call[JoinRow], frozen=True):
    """Begins to join by three words."""

    words: str
    at: tuple[str, ...] = ()
