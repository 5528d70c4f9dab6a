"""What commands about people answer, as values that print as JSON. Decides their fields; ids are hex, times ms."""

from __future__ import annotations

from notesapp.control.rows import FindingRow, Row


class InviteRow(Row, frozen=True):
    """An invite; `link` and `text` only where this device can be joined by it."""

    id: str
    notebook: str
    role: str
    uses: int
    used: int
    ends_ms: int | None
    approval: bool
    open: bool
    link: str | None
    text: str | None


class DeviceRow(Row, frozen=True):
    """A device of a member."""

    id: str
    name: str
    this: bool
    active: bool
    linked: bool
    path: str
    lag_ms: int | None
    last_seen_ms: int | None


class MemberRow(Row, frozen=True):
    """A member of a notebook; `waiting` entries are not known to be with him, all up to `has_until_ms` are."""

    id: str
    name: str
    claimed_name: str
    role: str
    me: bool
    words: tuple[str, ...]
    online: bool
    has_all: bool
    waiting: int
    devices: tuple[DeviceRow, ...]
    has_until_ms: int | None = None


class PeopleRow(Row, frozen=True):
    """The people of a notebook."""

    notebook: str
    id: str
    my_role: str
    removed: bool
    state: str
    cause: str | None
    remedy: str | None
    only_here: int
    files_only_here: int
    recovered: int
    members: tuple[MemberRow, ...]
    invites: tuple[InviteRow, ...]


class RequestRow(Row, frozen=True):
    """Somebody who waits to be let in."""

    id: str
    notebook: str
    name: str
    role: str
    words: tuple[str, ...]


class JoinRow(Row, frozen=True):
    """An attempt to join."""

    id: str
    stage: str
    notebook: str
    notebook_id: str | None
    inviter: str
    role: str
    words: tuple[str, ...]
    done: int
    total: int
    cause: str | None
    remedy: str | None


class CodeRow(Row, frozen=True):
    """A code of three words."""

    id: str
    words: tuple[str, ...]
    ends_ms: int
    tries_left: int
    over: str | None


class NearbyRow(Row, frozen=True):
    """Somebody in this network who shows himself."""

    id: str
    name: str
    known: bool


class NetworkRow(Row, frozen=True):
    """How it stands with this computer's network."""

    on: bool
    port: int | None
    addresses: tuple[str, ...]
    links: int
    generation: int
    trouble: str | None
    remedy: str | None


class MirrorRow(Row, frozen=True):
    """Under which address a mirror sees this computer."""

    mirror: str
    sees: str


class InternetRow(Row, frozen=True):
    """How it stands with the internet; `agreed` is null as long as the person wasn't asked."""

    agreed: bool | None
    on: bool
    be_found: bool
    mapping: bool
    relay: bool
    bootstrap: tuple[str, ...]
    dht: str
    dht_nodes: int
    dht_trouble: str | None
    nat: str
    external: str | None
    mirrors: tuple[MirrorRow, ...]
    asked: int
    mapped: str | None
    mapping_trouble: str | None
    clock_utc: str
    relay_pairs: int = 16
    relay_kib_s: int = 256
    stun: tuple[str, ...] = ()


class ClockRow(Row, frozen=True):
    """This computer's clock: how many clocks it was compared with, whose, and how much later those are."""

    utc: str
    compared: int
    with_whom: tuple[str, ...]
    ahead_ms: int
    fine: bool
    sure: bool


class NetworkDoctorRow(Row, frozen=True):
    """What the doctor says of the network, in sentences; `about` names what each is about."""

    findings: tuple[FindingRow, ...]
    about: tuple[str, ...]
    clock: ClockRow


class CloserRow(Row, frozen=True):
    """A connection looked at from both ends."""

    name: str
    device: str
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
    findings: tuple[FindingRow, ...] = ()


class ReachRow(Row, frozen=True):
    """How one other device is reached, or why it isn't and what would help."""

    person: str
    name: str
    device: str
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
