"""Everything that lives on the app's port: mux, probes, paths and connections. Decides nothing; the swarm does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable

from notesapp.errors import LinkOver
from notesapp.identity.primitives import Entropy
from notesapp.net.address import Address
from notesapp.net.bond import Bond
from notesapp.net.connection import IDLE_S
from notesapp.net.disco import Answered, Disco, Heard, Said
from notesapp.net.link import End
from notesapp.net.mux import PathMux
from notesapp.net.paths import PathTable
from notesapp.net.quic import QuicEndpoint
from notesapp.net.quic_link import QuicLink
from notesapp.net.wall import WallWatch


class Station:
    """One open port. Set `on_link` and `on_probe` before `open`; both are called on the loop."""

    def __init__(self, entropy: Entropy = os.urandom, idle_s: float = IDLE_S) -> None:
        self.on_link: Callable[[QuicLink], None] = lambda link: None
        self.on_probe: Callable[[Answered | Heard | Said], None] = lambda probe: None
        self.on_frame: Callable[[bytes, Address], bool] = lambda data, address: False
        self._loop = asyncio.get_running_loop()
        self.paths = PathTable()
        self.mux = PathMux(self)
        self.wall = WallWatch(entropy, self.mux.send_to_self)
        self.mux.echo = self.wall.hear
        self.disco = Disco(entropy, self.mux.send, self.paths)
        self.quic = QuicEndpoint(
            self.disco, self.paths, self.mux.send, entropy, lambda link: self.on_link(link), idle_s=idle_s
        )

    @property
    def run(self) -> bytes:
        """8 random bytes that name this run in probes."""
        return self.disco.run

    async def open(self, port: int | None = None) -> None:
        """Binds; see `PathMux.open`."""
        await self.mux.open(port)

    def know(self, bonds: Iterable[Bond]) -> None:
        """Exactly these bonds from now on; links of others end."""
        self.disco.know(bonds)
        for link in self.quic.links:
            if self.disco.bond(link.bond) is None:
                link.abort(End.UNWANTED)

    def ping(
        self, name: bytes, address: Address, *, to_all: bool = False, vouched: bool = False, hops: int = 0
    ) -> bool:
        """See `Disco.ping`."""
        return self.disco.ping(name, address, self._loop.time(), to_all=to_all, vouched=vouched, hops=hops)

    async def dial(self, name: bytes, run: bytes) -> QuicLink:
        """See `QuicEndpoint.dial`."""
        bond = self.disco.bond(name)
        if bond is None:
            raise LinkOver(why=End.UNWANTED)
        return await self.quic.dial(bond, run)

    async def aclose(self) -> None:
        """Ends the links, then gives the port back."""
        await self.quic.aclose()
        self.mux.close()

    # -- what the mux calls -------------------------------------------------------------------------------------------

    def receive_probe(self, data: bytes, address: Address) -> bool:
        """A sealed probe, perhaps."""
        dropped = self.disco.dropped
        probe = self.disco.receive(data, address, self._loop.time())
        if isinstance(probe, Answered):
            for link in self.quic.links:
                if (link.bond, link.run) == (probe.remote.bond, probe.remote.run):
                    link.heard_at = self._loop.time()
            if probe.changed:
                self.quic.revive(probe.remote.bond, probe.remote.run)
        if probe is not None:
            self.on_probe(probe)
        return self.disco.dropped == dropped

    def receive_relayed(self, data: bytes, address: Address) -> bool:
        """A relay's frame, or one that we shall pass on."""
        return self.on_frame(data, address)

    def receive_packet(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """A packet of a connection, perhaps."""
        return self.quic.receive(data, connection_id, address)

    def receive_first(self, data: bytes, connection_id: bytes, address: Address) -> bool:
        """The first packet of a connection, perhaps."""
        return self.quic.receive_first(data, connection_id, address)

    def receive_end(self) -> None:
        """The end of a batch."""
        self.quic.end_batch()
