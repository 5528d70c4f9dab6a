"""What libtorrent tells, as values of our own: an alert itself is dead memory after the next `pop_alerts()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import libtorrent as lt

from notesapp.net.address import Address
from notesapp.net.dht import Item

ALERTS: Final = int(lt.alert.category_t.dht_notification | lt.alert.category_t.dht_operation_notification)


@dataclass(frozen=True, slots=True)
class Peers:
    info_hash: bytes
    peers: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Got:
    key: tuple[bytes, bytes]
    item: Item | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class Put:
    key: tuple[bytes, bytes]
    nodes: int


@dataclass(frozen=True, slots=True)
class Stats:
    nodes: int


def copied(alert: Any) -> Peers | Got | Put | Stats | None:
    """All that is of use in an alert; None if nothing is."""
    match alert:
        case lt.dht_get_peers_reply_alert():
            peers = tuple(Address(str(host), int(port)) for host, port in alert.peers())
            return Peers(bytes(alert.info_hash.to_bytes()), tuple(it for it in peers if it.usable))
        case lt.dht_mutable_item_alert():
            value, key = alert.item, (bytes(alert.key), bytes(alert.salt))
            item = Item(bytes(value), int(alert.seq)) if isinstance(value, bytes) and value else None
            return Got(key, item, bool(alert.authoritative))
        case lt.dht_put_alert():
            return Put((bytes(alert.public_key), bytes(alert.salt)), int(alert.num_success))
        case lt.dht_stats_alert():
            return Stats(sum(int(bucket["num_nodes"]) for bucket in alert.routing_table))
    return None
