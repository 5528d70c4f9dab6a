"""What screens show of people: members, invites, codes, requests, joins, carets, the network. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from notesapp.identity.roles import WRITERS, Role

COLOURS = 8
"""How many colours the theme has for people; a person's colour is an index into them."""


class Company(StrEnum):
    """How it stands with the others of one notebook, or of all; the later in this list is the worse."""

    JUST_YOU = "just you"
    SHARING = "sharing"
    WAITING = "waiting"
    OFFLINE = "offline"
    NEEDS_HELP = "needs help"


class Step(StrEnum):
    """What one press would do about a cause."""

    NONE = ""
    LOOK = "look again"
    ALLOW = "copy the command that opens the firewall"
    SETTINGS = "open the settings"
    NOTEBOOK = "show the notebook"


def worst(states: list[Company]) -> Company:
    """The worst of some states; “just you” of none."""
    order = list(Company)
    return max(states, key=order.index, default=Company.JUST_YOU)


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device of a person. `path` says how it is reached now: "same network", "direct", "through Ana" or ""."""

    device_id: bytes
    name: str
    mine: bool
    this: bool
    active: bool
    linked: bool
    path: str = ""
    lag_ms: int | None = None
    last_seen_ms: int | None = None


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person in a notebook. `name` is the petname, else the claimed name, else two words of his fingerprint.

    `has_all`: one of his devices has told or signed that it has all that counts here; `has_until_ms`: the time of the
    newest of our edits that he is known to have; `waiting`: how many entries he is not known to have; `cause` and
    `remedy`: why he isn't reached, if more is known than that he isn't there.
    """

    person_id: bytes
    name: str
    claimed_name: str
    petname: str
    colour: int
    role: Role
    me: bool
    words: tuple[str, ...]
    online: bool
    devices: tuple[DeviceView, ...] = ()
    last_seen_ms: int | None = None
    has_all: bool = False
    has_until_ms: int | None = None
    waiting: int = 0
    cause: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class InviteView:
    """An invite of a notebook. `link` and `text` (what to send to a friend) only where this device holds its seed."""

    invite_id: bytes
    role: Role
    uses: int
    used: int
    ends_ms: int | None
    approval: bool
    withdrawn: bool
    open: bool
    made_ms: int
    link: str | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code of three words that waits for somebody; `over` says why it doesn't any more."""

    code_id: bytes
    words: tuple[str, str, str] = field(repr=False)
    ends_ms: int
    tries_left: int
    role: Role
    over: str | None = None


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Who is in a notebook and how it stands with them; of all notebooks together `notebook_id` is empty.

    `only_here` edits and `files_only_here` attachments are on no other device, as far as is known; `recovered` edits
    were set aside and may be put back by a writer; `removed`: I am no member any more; `offered`: its owner
    wants me to own it.
    """

    notebook_id: bytes
    name: str
    my_role: Role
    members: tuple[MemberView, ...] = ()
    invites: tuple[InviteView, ...] = ()
    company: Company = Company.JUST_YOU
    cause: str | None = None
    remedy: str | None = None
    step: Step = Step.NONE
    waiting_for: tuple[str, ...] = ()
    only_here: int = 0
    files_only_here: int = 0
    recovered: int = 0
    removed: bool = False
    offered: bool = False

    @property
    def may_write(self) -> bool:
        """Whether what is written here counts for anybody."""
        return not self.removed and self.my_role in WRITERS


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody asks to be let in; `words` are shown on his screen, too. `colour`: None where it isn't known yet."""

    request_id: bytes
    notebook_id: bytes
    notebook_name: str
    name: str
    role: Role
    words: tuple[str, ...]
    asked_ms: int
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class OfferView:
    """What a link, a code or somebody nearby claims before one joins."""

    notebook_name: str
    inviter: str
    role: Role
    ends_ms: int | None = None
    approval: bool = False


class JoinStage(StrEnum):
    """How far a join has come."""

    SEARCHING = "searching"
    PROVING = "proving"
    MATCHING = "compare the words"
    WAITING = "waiting for approval"
    FETCHING = "fetching"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JoinView:
    """One attempt to join; `done` of `total` entries have come.

    `seen`: it is known where the other end is, and both routers are being asked to let the two through. `cause` and
    `remedy` stand there while it is still tried, too: at the latest 30 s after a search began.
    """

    join_id: bytes
    offer: OfferView
    stage: JoinStage
    words: tuple[str, ...] = ()
    cause: str | None = None
    remedy: str | None = None
    notebook_id: bytes | None = None
    done: int = 0
    total: int = 0
    seen: bool = False


@dataclass(frozen=True, slots=True)
class NearbyView:
    """Somebody in this network who shows himself; `person_id` if we know him already (a claim until he is linked)."""

    nearby_id: str
    name: str
    colour: int
    person_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class CaretView:
    """Where somebody's caret is, in code points of the note's present text."""

    device_id: bytes
    person_id: bytes
    name: str
    colour: int
    note_id: bytes
    at: int
    anchor: int
    typing: bool
    seen_ms: int


@dataclass(frozen=True, slots=True)
class RecoveredView:
    """An edit that doesn't count any more, by whom, and why; `text` is what it had inserted."""

    recovered_id: bytes
    note_id: bytes
    notebook_id: bytes
    who: str
    when_ms: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class CloserView:
    """A connection, looked at from both ends. `told`: the other end said how it stands there; `dht` … are its words.

    `sees_us_at`: where the other end sees our packets come from; `clock_ahead_ms`: how much later its clock is.
    """

    name: str
    device_id: bytes
    path: str
    address: str
    sent: int
    answered: int
    lag_ms: float | None
    worst_ms: float | None
    sees_us_at: str
    told: bool
    nat: str
    external: str
    mapped: str
    relays: bool
    dht: str
    dht_nodes: int
    clock_ahead_ms: int | None


@dataclass(frozen=True, slots=True)
class ReachView:
    """How one other device is reached: `stage` and `path`, or why it isn't (`cause`) and what would help (`remedy`).

    `my_nat` and `their_nat` are open, consistent, sequential, random, blocked or unknown.
    """

    person_id: bytes
    name: str
    device_id: bytes
    stage: str
    path: str
    address: str
    my_nat: str
    their_nat: str
    lag_ms: int | None
    quiet_ms: int | None
    last_seen_ms: int | None
    error: str | None
    cause: str | None
    remedy: str | None


@dataclass(frozen=True, slots=True)
class NetworkView:
    """How it stands with this computer's network; `trouble` is why nobody nearby can see us, or None."""

    on: bool
    port: int | None
    addresses: tuple[str, ...]
    links: int
    generation: int
    trouble: str | None = None
    remedy: str | None = None
