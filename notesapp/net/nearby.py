"""Who is in the same network: announces us, and turns what others announce into addresses. Dials nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from notesapp.net import interfaces
from notesapp.net.address import Address
from notesapp.net.bond import Bond
from notesapp.net.discovery import CARD_BYTES, Announcement, Discovery, Lookout, Notice
from notesapp.net.mux import PORT
from notesapp.net.station import Station

OFF = "it is switched off"


class Nearby:
    """`on_found(bond, addresses)` and `on_cards(cards)` are called on the loop. Without a discovery it is silent."""

    def __init__(
        self,
        station: Station,
        discovery: Discovery | None,
        on_found: Callable[[bytes, tuple[Address, ...]], None],
        on_cards: Callable[[dict[str, bytes]], None],
    ) -> None:
        self._station, self._discovery, self._on_found, self._on_cards = station, discovery, on_found, on_cards
        self._lookout = Lookout()
        self._bonds: tuple[Bond, ...] = ()
        self._card: bytes | None = None
        self._closed = False

    @property
    def trouble(self) -> str | None:
        """Why nobody nearby can see us."""
        return self._discovery.trouble if self._discovery is not None else OFF

    @property
    def cards(self) -> dict[str, bytes]:
        """Who shows himself now: announced name and card."""
        return self._lookout.cards

    async def open(self) -> None:
        """Begins to look and announce."""
        if self._discovery is not None:
            await self._discovery.start(self._noticed)
        self._announce()

    def know(self, bonds: Iterable[Bond]) -> None:
        """Exactly these bonds are announced and recognised from now on."""
        self._bonds = tuple(bonds)
        for sighting in self._lookout.know(self._bonds):
            for name in sighting.bonds:
                self._on_found(name, sighting.addresses)
        self._announce()

    def show(self, card: bytes | None) -> None:
        """Shows these bytes (at most 200) to everybody in the network, or nothing any more."""
        self._card = None if card is None else card[:CARD_BYTES]
        self._announce()

    def refresh(self) -> None:
        """The network is another one."""
        if self._discovery is not None:
            self._discovery.refresh()
        self._announce()

    def broadcast(self, bond: bytes) -> None:
        """Asks all of each IPv4 network for this bond's other end."""
        for it in interfaces.networks():
            if it.broadcast is not None:
                self._station.ping(bond, Address(it.broadcast, PORT), to_all=True)

    async def aclose(self) -> None:
        """Takes the announcement back."""
        self._closed = True
        if self._discovery is not None:
            await self._discovery.aclose()

    def _noticed(self, notice: Notice) -> None:
        before = self._lookout.cards
        sighting = self._lookout.saw(notice)
        for name in sighting.bonds if sighting is not None else ():
            self._on_found(name, sighting.addresses if sighting is not None else ())
        if self._lookout.cards != before:
            self._on_cards(self._lookout.cards)

    def _announce(self) -> None:
        if self._discovery is not None and not self._closed:
            mux = self._station.mux
            self._discovery.announce(Announcement(mux.port, mux.port_v6, self._bonds, self._card))
