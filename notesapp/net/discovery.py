"""Who announces himself nearby: the interface, what an announcement holds, and whom we recognise in it.

An announcement has a random name and nonce, and for each bond 8 bytes that only the other end can tell from random
ones, padded so that their number says little. A recognised sign post is a reason to probe an address, never a proof.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from notesapp.identity.primitives import Entropy
from notesapp.net.address import Address
from notesapp.net.bond import TAG_BYTES, Bond

VERSION: Final = b"1"
NONCE_BYTES: Final = 16
TAGS_A_STRING: Final = 31  # a string of a TXT record holds 255 bytes, its key included
STRINGS: Final = 3
PADDED_TO: Final = 16
CARD_BYTES: Final = 200
NOTICES: Final = 64  # remembered: more people than a room holds
CARDS_A_HOST: Final = 4
ADDRESSES: Final = 16  # believed of one announcement


@dataclass(frozen=True, slots=True)
class Announcement:
    """What we say of ourselves. `card` (at most 200 bytes) is for everybody to read, or None: hidden."""

    port: int
    port_v6: int | None
    bonds: tuple[Bond, ...]
    card: bytes | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody announced; `gone`: he took it back."""

    instance: str
    addresses: tuple[Address, ...] = ()
    nonce: bytes = b""
    tags: frozenset[bytes] = frozenset()
    card: bytes | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody who may share these bonds (names) may be at these addresses."""

    instance: str
    addresses: tuple[Address, ...]
    bonds: tuple[bytes, ...]
    card: bytes | None


class Discovery(Protocol):
    """Announces us and tells what others announce."""

    trouble: str | None  # why nothing can be announced now

    async def start(self, on_notice: Callable[[Notice], None]) -> None:
        """Begins to look and listen; without a network it begins when there is one."""

    def announce(self, announcement: Announcement) -> None:
        """Says this of us from now on, instead of what was said before."""

    def refresh(self) -> None:
        """The network changed: look at the interfaces again, ask again, say it again."""

    async def aclose(self) -> None:
        """Takes the announcement back and stops."""


def written(announcement: Announcement, entropy: Entropy) -> dict[bytes, bytes]:
    """The strings of the TXT record."""
    nonce = entropy(NONCE_BYTES)
    tags = [bond.sign_post(nonce) for bond in announcement.bonds[: TAGS_A_STRING * STRINGS]]
    room = -(-max(1, len(tags)) // PADDED_TO) * PADDED_TO
    tags += [entropy(TAG_BYTES) for _ in range(min(room, TAGS_A_STRING * STRINGS) - len(tags))]
    tags.sort()  # their order would tell which bond is which
    strings = {b"v": VERSION, b"n": nonce}
    for number in range(STRINGS):
        piece = b"".join(tags[number * TAGS_A_STRING : (number + 1) * TAGS_A_STRING])
        if piece:
            strings[b"t%d" % number] = piece
    if announcement.card is not None:
        strings[b"c"] = announcement.card[:CARD_BYTES]
    return strings


def read(instance: str, strings: Mapping[bytes, bytes | None], addresses: Iterable[Address]) -> Notice | None:
    """What the strings of somebody's record say; None if they are not ours or can't be right."""
    nonce = strings.get(b"n") or b""
    if strings.get(b"v") != VERSION or len(nonce) != NONCE_BYTES:
        return None
    tags = set()
    for number in range(STRINGS):
        piece = strings.get(b"t%d" % number) or b""
        tags |= {piece[at : at + TAG_BYTES] for at in range(0, len(piece) - TAG_BYTES + 1, TAG_BYTES)}
    card = strings.get(b"c")
    there = tuple(it for it in addresses if it.usable)[:ADDRESSES]
    return Notice(instance, there, nonce, frozenset(tags), None if card is None else card[:CARD_BYTES])


class Lookout:
    """Remembers notices (at most 64) and recognises bonds in them, also those that are made later."""

    def __init__(self) -> None:
        self._notices: OrderedDict[str, Notice] = OrderedDict()
        self._bonds: tuple[Bond, ...] = ()

    @property
    def cards(self) -> dict[str, bytes]:
        """Who shows himself to everybody: instance and card; of one computer not more than a household has homes."""
        shown: dict[str, bytes] = {}
        count = Counter[str]()
        for it in self._notices.values():
            if it.card is not None and count[_host(it)] < CARDS_A_HOST:
                count[_host(it)] += 1
                shown[it.instance] = it.card
        return shown

    def saw(self, notice: Notice) -> Sighting | None:
        """What a new notice says to us; None if it was taken back."""
        self._notices.pop(notice.instance, None)
        if notice.gone:
            return None
        self._notices[notice.instance] = notice
        if len(self._notices) > NOTICES:
            self._drop_one()
        return self._sighting(notice)

    def know(self, bonds: Iterable[Bond]) -> list[Sighting]:
        """Looks for these bonds from now on; what the notices remembered say of them."""
        self._bonds = tuple(bonds)
        return [it for it in map(self._sighting, self._notices.values()) if it.bonds]

    def _sighting(self, notice: Notice) -> Sighting:
        found = tuple(bond.name for bond in self._bonds if bond.expects_post(notice.nonce) in notice.tags)
        return Sighting(notice.instance, notice.addresses, found, notice.card)

    def _drop_one(self) -> None:
        """The oldest of the computer that announces most of what says nothing to us.

        So a flood of names can push out neither those we look for nor strangers at other addresses.
        """
        idle = [it for it in self._notices.values() if not self._sighting(it).bonds]
        if not idle:
            self._notices.popitem(last=False)
            return
        count = Counter(map(_host, idle))
        loudest = max(count.values())
        del self._notices[next(it.instance for it in idle if count[_host(it)] == loudest)]


def _host(notice: Notice) -> str:
    """The computer that it says it is on."""
    return notice.addresses[0].host if notice.addresses else ""


class MemoryAir:
    """A room in memory where announcements are heard by all."""

    def __init__(self) -> None:
        self.present: list[MemoryDiscovery] = []


class MemoryDiscovery:
    """A `Discovery` in a `MemoryAir`; `host` is where this one is said to be."""

    def __init__(self, air: MemoryAir, instance: str, host: str, entropy: Entropy) -> None:
        self.instance = instance
        self.trouble: str | None = None
        self._air, self._host, self._entropy = air, host, entropy
        self._on_notice: Callable[[Notice], None] | None = None
        self._said: Notice | None = None

    async def start(self, on_notice: Callable[[Notice], None]) -> None:
        """See `Discovery.start`."""
        self._on_notice = on_notice
        self._air.present.append(self)
        self.refresh()

    def announce(self, announcement: Announcement) -> None:
        """See `Discovery.announce`."""
        strings = written(announcement, self._entropy)
        self._said = read(self.instance, strings, [Address(self._host, announcement.port)])
        self._tell(self._said)

    def refresh(self) -> None:
        """See `Discovery.refresh`."""
        for other in self._air.present:
            if other is not self and other._said is not None and self._on_notice is not None:
                self._on_notice(other._said)

    async def aclose(self) -> None:
        """See `Discovery.aclose`."""
        if self in self._air.present:
            self._air.present.remove(self)
        self._tell(Notice(self.instance, gone=True))

    def _tell(self, notice: Notice | None) -> None:
        for other in self._air.present:
            if other is not self and other._on_notice is not None and notice is not None:
                other._on_notice(notice)
