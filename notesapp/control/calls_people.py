"""What may be asked of a node about people, as values. Decides names, arguments and answers; does nothing.

A person is named as people do: by name, or the first words of the fingerprint.
"""

from __future__ import annotations

from notesapp.control.calls import Call
from notesapp.control.rows import Done
from notesapp.control.rows_people import (
    InternetRow,
    InviteRow,
    JoinRow,
    MemberRow,
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


class Reach(Call[tuple[ReachRow, ...]], frozen=True):
    """How each other device is reached, or why it isn't."""
