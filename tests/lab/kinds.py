"""The routers of the lab: which NAT each kind is, in words and as nft rules.

Two traps are kept in mind here: a router that lets new packets in from its WAN side makes a conntrack entry of the
other side's first probe, and that moves our own port (`nodrop` is such a router on purpose); and `in` and `fwd` are
words of nft, so no chain may be called so.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

PORT_BLOCK: Final = (40_000, 42_047)  # what a carrier gives to one customer
STEPS: Final = 400  # ports that a sequential NAT hands out before it begins again


class Kind(StrEnum):
    """What stands between a host and the internet."""

    LAN = "lan"  # no further than the other one's own network
    OPEN = "open"  # a public address
    FULL = "full"  # full cone: whoever knows the outside port gets in
    ADDRESS = "address"  # address-restricted: whoever was written to gets in, from any port
    PORT = "port"  # port-restricted: only an answer gets in; plain masquerade
    SYMMETRIC = "symmetric"  # another random outside port for each destination
    SEQUENTIAL = "sequential"  # another outside port for each, one after the other
    BLOCK = "block"  # random ports out of a block
    CARRIER = "carrier"  # a home router behind a carrier's NAT
    HAIRPIN = "hairpin"  # a router that sends its own outside address back inside
    BLOCKED = "blocked"  # no UDP at all
    V6 = "v6"  # a symmetric NAT, and IPv6 behind a firewall
    V6ONLY = "v6only"  # no IPv4 at all, and IPv6 behind a firewall
    NATPMP = "natpmp"  # a symmetric NAT that opens ports on request
    UPNP = "upnp"  # the same, asked by UPnP: a real miniupnpd
    NODROP = "nodrop"  # port-restricted, and without the drop of new packets from the WAN side

    @property
    def shares_router(self) -> bool:
        """Whether two of this kind stand behind one router."""
        return self in (Kind.LAN, Kind.HAIRPIN)


# What each pair of the design's table should come to: path words, and seconds for half of the runs and for 95 %.
CONES: Final = (Kind.OPEN, Kind.FULL, Kind.ADDRESS, Kind.PORT)
RANDOM: Final = (Kind.SYMMETRIC, Kind.SEQUENTIAL, Kind.BLOCK)


def rules(kind: Kind, host: str, outside: str) -> str:
    """The nft rules of a router of this kind; `host` is behind it, `outside` its own address."""
    return "\n".join(
        [
            "table ip nat {",
            "  set known { type ipv4_addr; flags dynamic,timeout; timeout 120s; }",
            "  chain before { type nat hook prerouting priority dstnat; policy accept;",
            *(f"    {it}" for it in _before(kind, host)),
            "  }",
            "  chain after { type nat hook postrouting priority srcnat; policy accept;",
            *(f"    {it}" for it in _after(kind, outside)),
            "  }",
            "}",
            "table inet wall {",
            "  chain through { type filter hook forward priority filter; policy accept;",
            *(f"    {it}" for it in _through(kind)),
            "  }",
            "  chain inwards { type filter hook input priority filter; policy accept;",
            *(f"    {it}" for it in _inwards(kind)),
            "  }",
            "}",
            *(_known() if kind is Kind.ADDRESS else ()),
        ]
    )


def _before(kind: Kind, host: str) -> list[str]:
    match kind:
        case Kind.FULL:
            return [f'iifname "wan" meta l4proto udp udp dport 1024-65535 dnat to {host}']
        case Kind.ADDRESS:
            return [f'iifname "wan" meta l4proto udp ip saddr @known udp dport 1024-65535 dnat to {host}']
        case _:
            return []


def _after(kind: Kind, outside: str) -> list[str]:
    match kind:
        case Kind.OPEN:
            return []
        case Kind.SYMMETRIC | Kind.V6 | Kind.V6ONLY | Kind.NATPMP | Kind.UPNP:
            return ['oifname "wan" masquerade random,fully-random']
        case Kind.BLOCK:
            low, high = PORT_BLOCK
            return [
                f'oifname "wan" meta l4proto udp masquerade to :{low}-{high} random,fully-random',
                'oifname "wan" masquerade',
            ]
        case Kind.SEQUENTIAL:
            ports = ", ".join(f"{n} : {30_000 + n}" for n in range(STEPS))
            return [
                f'oifname "wan" meta l4proto udp snat to {outside}:numgen inc mod {STEPS} map {{ {ports} }}',
                'oifname "wan" masquerade',
            ]
        case _:
            return ['oifname "wan" masquerade']


def _through(kind: Kind) -> list[str]:
    drop = 'iifname "wan" ct state new drop'
    match kind:
        case Kind.OPEN:
            return []
        case Kind.FULL | Kind.ADDRESS | Kind.HAIRPIN | Kind.NATPMP | Kind.UPNP:
            return ['iifname "wan" ct state new ct status dnat accept', drop]
        case Kind.BLOCKED:
            return ["meta l4proto udp drop", drop]
        case Kind.NODROP:
            return []
        case _:
            return [drop]


def _inwards(kind: Kind) -> list[str]:
    return [] if kind in (Kind.OPEN, Kind.NODROP) else ['iifname "wan" ct state new drop']


def _known() -> list[str]:
    return [
        "table ip nat {",
        "  chain learn { type filter hook forward priority filter + 1; policy accept;",
        '    oifname "wan" meta l4proto udp update @known { ip daddr }',
        "  }",
        "}",
    ]


def hairpin(lans: list[tuple[str, str]], outside: str) -> str:
    """The rules of one router for several hosts `(interface, host)` that meet only by its outside address.

    Ports are kept where they are free, so the router knows by the port whom a packet from inside to its own outside
    address is for: each host's ports are a range of its own.
    """
    before = [
        f'iifname "{lan}" ip daddr {outside} meta l4proto udp udp dport {low}-{low + 1999} dnat to {host}'
        for lan, _ in lans
        for low, (other, host) in zip((45_000, 47_000), lans, strict=False)
        if other != lan
    ]
    return "\n".join(
        [
            "table ip nat {",
            "  chain before { type nat hook prerouting priority dstnat; policy accept;",
            *(f"    {it}" for it in before),
            "  }",
            "  chain after { type nat hook postrouting priority srcnat; policy accept;",
            '    oifname "wan" masquerade',
            f"    ct status dnat snat to {outside}",
            "  }",
            "}",
            "table inet wall {",
            "  chain through { type filter hook forward priority filter; policy accept;",
            '    iifname "wan" ct state new drop',
            *(
                f'    iifname "{a}" oifname "{b}" ct status & dnat != dnat drop'
                for a, _ in lans
                for b, _ in lans
                if a != b
            ),
            "  }",
            "  chain inwards { type filter hook input priority filter; policy accept;",
            '    iifname "wan" ct state new drop',
            "  }",
            "}",
        ]
    )
