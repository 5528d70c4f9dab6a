"""What a member may do. Decides the roles, their order, and which role each kind of record asks for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member may do, the highest right first; commenter and keeper are reserved in the format."""

    OWNER = "owner"
    ADMIN = "admin"
    WRITER = "writer"
    COMMENTER = "commenter"
    READER = "reader"
    KEEPER = "keeper"


_HEIGHT: dict[Role | None, int] = {role: len(Role) - place for place, role in enumerate(Role)} | {None: 0}

RULERS = frozenset({Role.OWNER, Role.ADMIN})  # they invite, add, remove and rotate
WRITERS = frozenset({Role.OWNER, Role.ADMIN, Role.WRITER})  # their entries count
READERS = WRITERS | {Role.COMMENTER, Role.READER}  # they get the keys; a keeper only carries sealed bytes
INVITABLE = frozenset({Role.WRITER, Role.COMMENTER, Role.READER, Role.KEEPER})
RESERVED = frozenset({Role.COMMENTER, Role.KEEPER})  # obeyed if a later version gives them, not given by this one

# The lowest role that may say a record of this kind; None: a member's own affair.
_NEEDS: dict[str, frozenset[Role]] = {
    "grant": RULERS,
    "change": RULERS,
    "revoke": RULERS,
    "invite": RULERS,
    "withdraw": RULERS,
    "rotate": RULERS,
    "hand-over": frozenset({Role.OWNER}),
    "leave": frozenset(Role) - {Role.OWNER},
}


def lowest(roles: Iterable[Role | None]) -> Role | None:
    """The lowest of some roles (no role is lower than all); None of none."""
    return min(roles, key=lambda role: _HEIGHT[role], default=None)


def below(one: Role | None, other: Role | None) -> bool:
    """Whether `one` is a lower role than `other`."""
    return _HEIGHT[one] < _HEIGHT[other]


def may_say(role: Role | None, kind: str) -> bool:
    """Whether a member of this role may say a record of this kind at all; whom it may concern is judged elsewhere."""
    return role is not None and role in _NEEDS.get(kind, frozenset(Role))


def may_give(role: Role | None, target: Role | None) -> bool:
    """Whether a member of this role may give, or take, the role `target`: only the owner makes and unmakes admins."""
    return (role is Role.OWNER and target is not Role.OWNER) or (
        role is Role.ADMIN and target not in (Role.OWNER, Role.ADMIN)
    )
