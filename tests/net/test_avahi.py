"""Beside avahi, the multicast DNS of most Linux systems: it sees our service, and we see one that it announces."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from notesapp.net.bond import Bond, Side
from notesapp.net.discovery import Announcement, written
from tests.net.lab import Process, Room, need_lab, room

pytestmark = pytest.mark.lab

SECRET = bytes(range(32))
PORT = 4777
PROGRAMS = ("avahi-daemon", "avahi-browse", "dbus-daemon")
CONF = "[server]\nuse-ipv4=yes\nuse-ipv6=yes\nallow-interfaces=lan\n[publish]\npublish-workstation=no\n[rlimits]\n"
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><type>system</type><listen>unix:path={}</listen>
<auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""
LISTENER = """
import json, socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("0.0.0.0", {port}))
print(json.dumps({{"at": time.monotonic(), "what": "listening"}}), flush=True)
while True:
    data, source = sock.recvfrom(2048)
    print(json.dumps({{"at": time.monotonic(), "what": "probed", "by": source[0], "data": data.hex()}}), flush=True)
"""


@pytest.fixture(scope="module")
def avahi_installed() -> None:
    """Debian's packages, installed by this test if it may."""
    need_lab()
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and shutil.which("apt-get") is not None:
        packages = ["avahi-daemon", "avahi-utils", "dbus"]
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command, capture_output=True, check=False, timeout=300, env=environment)
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        why = f"avahi can't be installed here (missing: {', '.join(missing)}; Debian: avahi-daemon, avahi-utils)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must run this: {why}")
        pytest.skip(why)


@pytest.fixture
def beside_avahi(avahi_installed: None, tmp_path: Path) -> Iterator[tuple[Room, dict[str, str]]]:
    """A room whose second host runs avahi on a bus of its own, with one service of ours announced by it."""
    (tmp_path / "bus.conf").write_text(BUS.format(tmp_path / "bus"))
    (tmp_path / "avahi.conf").write_text(CONF)
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "notesapp.service").write_text(service())
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path / 'bus'}"}
    daemon = (
        "mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon"
        f" && mount --bind {tmp_path / 'services'} /etc/avahi/services"
        f" && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f {tmp_path / 'avahi.conf'}"
    )
    with ExitStack() as cleanup, room("v") as lan:
        lan.host()
        host = lan.host()
        bus = subprocess.Popen(["dbus-daemon", f"--config-file={tmp_path / 'bus.conf'}", "--nofork", "--nopidfile"])
        cleanup.callback(ended, bus)
        deadline = time.monotonic() + 10
        while not (tmp_path / "bus").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        avahi = subprocess.Popen(
            ["ip", "netns", "exec", host, "unshare", "-m", "sh", "-c", daemon], env=environment,
            stderr=(tmp_path / "avahi.log").open("w"),
        )  # fmt: skip
        cleanup.callback(ended, avahi)
        yield lan, environment


def ended(process: subprocess.Popen[bytes]) -> None:
    """Stops one of our own processes."""
    process.terminate()
    process.wait(10)


def service() -> str:
    """What avahi announces: a service as another device of ours would."""
    strings = written(Announcement(PORT, PORT, (Bond(b"us", SECRET, Side.SECOND),)), os.urandom)
    records = "".join(
        f'<txt-record value-format="binary-hex">{key.decode()}={value.hex()}</txt-record>'
        for key, value in strings.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd"><service-group>'
        f"<name>0123456789abcdef</name><service><type>_notesapp._udp</type><port>{PORT}</port>{records}"
        "</service></service-group>"
    )


def browsed(host: str, environment: dict[str, str]) -> str:
    """What avahi's own browser finds in this host."""
    command = ["ip", "netns", "exec", host, "avahi-browse", "-rpt", "_notesapp._udp"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=30)
    return done.stdout


def test_avahi_sees_our_service_and_we_see_avahis(beside_avahi: tuple[Room, dict[str, str]]) -> None:
    lan, environment = beside_avahi
    listener = Process(lan.hosts[1], "-c", LISTENER.format(port=PORT))
    alice = Process(lan.hosts[0], "-m", "tests.net.peer", "alice", "us", SECRET.hex(), "FIRST")
    try:
        listener.until("listening", 10)
        port = int(alice.until("ready", 10)["addresses"][0].rpartition(":")[2])
        found, deadline = "", time.monotonic() + 25
        while f";10.77.0.1;{port};" not in found and time.monotonic() < deadline:
            found = browsed(lan.hosts[1], environment)
        # avahi tells a service once for each of IPv4 and IPv6 by which it heard of it
        ours = [line for line in found.splitlines() if line.startswith("=") and f";10.77.0.1;{port};" in line]
        assert ours
        assert all('"v=1"' in line for line in ours)
        probe = bytes.fromhex(listener.until("probed", 20, by="10.77.0.1")["data"])
        mark, nonce = probe[6:14], probe[14:38]
        assert Bond(b"alice", SECRET, Side.SECOND).expects_tag(nonce) == mark  # meant for the one that avahi announced
    finally:
        alice.close()
        listener.close()
