"""The network interfaces of this computer. Decides their order: real ones first, virtual ones last, none left out."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from notesapp.net.address import Address

# Names that tunnels, containers and virtual machines give: they may lead to a peer, but rarely do.
_VIRTUAL = (
    "docker", "br-", "veth", "virbr", "vmnet", "vbox", "vEthernet", "tun", "tap", "wg", "zt", "tailscale", "utun",
    "ppp", "cni", "flannel", "podman", "lxc", "lxd", "awdl", "llw", "ham", "nordlynx", "proton",
)  # fmt: skip
MOST_ADDRESSES = 12  # in an announcement: it should fit one packet


@dataclass(frozen=True, slots=True)
class Network:
    """One address of one interface, with the length of its network's prefix."""

    interface: str
    index: int
    host: str
    prefix: int

    @property
    def is_virtual(self) -> bool:
        """Whether its name says that no cable or radio is behind it."""
        return self.interface.startswith(_VIRTUAL)

    @property
    def broadcast(self) -> str | None:
        """The address that reaches all of an IPv4 network; None where there is none."""
        if ":" in self.host or self.prefix > 30:
            return None
        return str(ipaddress.ip_interface(f"{self.host}/{self.prefix}").network.broadcast_address)


def networks() -> tuple[Network, ...]:
    """What the system says now, loopback left out; nothing if it has no interface."""
    found = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            host = ip.ip if isinstance(ip.ip, str) else ip.ip[0]
            if not ipaddress.ip_address(host).is_loopback:
                found.append(Network(adapter.name, adapter.index or 0, host, ip.network_prefix))
    return tuple(sorted(found, key=_order))


def plugged() -> tuple[Network, ...]:
    """The same without interfaces whose cable is pulled: Linux alone lets them keep their addresses."""
    return tuple(it for it in networks() if _state(it.interface) not in ("down", "lowerlayerdown"))


def _state(interface: str) -> str:
    """What Linux says of an interface (RFC 2863); an empty text where there is no such word."""
    try:
        return Path("/sys/class/net", interface, "operstate").read_text("ascii").strip()
    except (OSError, ValueError):  # another system, or an interface that has just gone
        return ""


def addresses(port: int, port_v6: int | None, among: Iterable[Network]) -> tuple[Address, ...]:
    """Where others may find us, best first; a link-local address is for those on the same link only."""
    out = []
    for it in among:
        if ":" not in it.host:
            out.append(Address(it.host, port))
        elif port_v6 is not None:
            out.append(Address(it.host, port_v6, it.index if it.host.startswith("fe80") else 0))
    return tuple(out[:MOST_ADDRESSES])


def _order(it: Network) -> tuple[bool, bool, bool, str, str]:
    ip = ipaddress.ip_address(it.host)
    return (it.is_virtual, ip.is_link_local, ip.version == 6, it.interface, it.host)
