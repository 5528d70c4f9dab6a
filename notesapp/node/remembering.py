"""What is remembered of devices for the next start: what they have, where they were reached, when they were seen."""

from __future__ import annotations

import asyncio
import logging

import msgspec

from notesapp.errors import BadAddress
from notesapp.net.address import Address
from notesapp.node import shelf
from notesapp.node.call import Call
from notesapp.node.core import Core
from notesapp.node.network import Network
from notesapp.node.outbox import Deed
from notesapp.node.volume import Volume
from notesapp.store.rows import Batch

logger = logging.getLogger(__name__)

_REST_S = 1.0  # what is told in a second is written once: it is only for sentences
_ADDRESSES = 4
_PORT = "network-port"


class Remembering:
    """See the module. `seen` is by device, ms of the wall clock."""

    def __init__(self, core: Core) -> None:
        self.seen: dict[bytes, int] = {}
        self.port: int | None = None  # of the last run: others remember where we were
        self._core = core
        self._volumes: set[Volume] = set()
        self._writing = False

    async def load(self) -> dict[bytes, tuple[Address, ...]]:
        """Where devices were reached last."""
        found: dict[bytes, tuple[Address, ...]] = {}
        port = await self._core.journal.read(lambda store: store.setting(_PORT))
        self.port = int.from_bytes(port or b"", "big") or None
        for device, data in (await self._core.journal.read(lambda store: store.peers())).items():
            try:
                seen_ms, where = msgspec.msgpack.decode(data, type=tuple[int, list[str]])
                self.seen[device] = seen_ms
                found[device] = tuple(Address.parse(text) for text in where)
            except (msgspec.MsgspecError, BadAddress) as error:
                logger.info("! a remembered address is none any more: %s", error)
        return found

    def listened(self, port: int) -> None:
        """This port was opened: the next run tries it first."""
        if port != self.port:
            self.port = port
            self._core.outbox.put(Deed(rows=Batch(settings={_PORT: port.to_bytes(2, "big")})))

    def alive(self, call: Call) -> None:
        """Something was heard of a device now."""
        if call.proved is not None:
            self.seen[call.proved.device_id] = self._core.clock()

    def remember(self, call: Call, network: Network | None) -> None:
        """A device is reached over this call."""
        self.alive(call)
        if call.proved is None or network is None:
            return
        device = call.proved.device_id
        where = dict.fromkeys(str(address) for address in (call.link.remote, *network.good_addresses(device)))
        data = msgspec.msgpack.encode((self.seen[device], list(where)[:_ADDRESSES]))
        self._core.outbox.put(Deed(rows=Batch(peers={device: data})))

    def keep_line(self, volume: Volume, device: bytes) -> None:
        """More is known of what a device has."""
        volume.unkept.add(device)
        self._volumes.add(volume)
        if not self._writing and self._core.tasks.is_open:
            self._writing = True
            self._core.tasks.start(self._write(), "remembering what others have")

    async def _write(self) -> None:
        await asyncio.sleep(_REST_S)
        self._writing = False
        self.flush()

    def flush(self) -> None:
        """Writes it now."""
        volumes, self._volumes = self._volumes, set()
        for volume in volumes:
            devices, volume.unkept = volume.unkept, set()
            lines = {device: volume.ledger.write(device) for device in devices}
            self._core.outbox.put(Deed(rows=shelf.ledger_batch(volume.held.notebook_id, lines)))
