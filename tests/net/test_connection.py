"""The contract with aioquic: everything private that `connection` uses still does what is thought of it."""

from __future__ import annotations

import os

import pytest
from aioquic.quic import events

from notesapp.errors import LocalError
from notesapp.net.certificate import Certificate
from notesapp.net.connection import STREAM, PatientConnection, configuration
from notesapp.net.link import RECEIVE_WINDOW

VIRTUAL = ("link", 0)


class Wire:
    """Two connections and a clock; packets pass unless `cut`."""

    def __init__(self) -> None:
        self.now = 100.0
        self.cut = False
        self.first_id = os.urandom(16)
        self.certificate = Certificate.fresh()
        self.dialer = PatientConnection(configuration(None), first_id=self.first_id)
        self.listener = PatientConnection(configuration(self.certificate), first_id=self.first_id)
        self.read = 0
        self.first_packet = b""
        self.dialer.connect(VIRTUAL, self.now)

    def step(self, *, taking: bool = True) -> int:
        """Passes what there is, both ways; how many packets that were."""
        count = 0
        for here, there in ((self.dialer, self.listener), (self.listener, self.dialer)):
            for packet, _ in here.datagrams_to_send(self.now):
                self.first_packet = self.first_packet or packet
                count += 1
                if not self.cut:
                    there.receive_datagram(packet, VIRTUAL, self.now)
            while (event := there.next_event()) is not None:
                if isinstance(event, events.StreamDataReceived) and there is self.listener:
                    self.read += len(event.data)
                    there.taken = self.read if taking else there.taken
            if (at := here.get_timer()) is not None and at <= self.now:
                here.handle_timer(self.now)
        self.now += 0.001
        return count

    def settle(self, *, taking: bool = True) -> None:
        """Until nothing moves for 50 ms."""
        quiet = 0
        while quiet < 50:
            quiet = 0 if self.step(taking=taking) else quiet + 1


@pytest.fixture
def wire() -> Wire:
    it = Wire()
    with pytest.raises(LocalError):
        _ = it.dialer.binding
    it.settle()
    return it


def test_the_first_packet_carries_the_id_that_the_dialer_chose(wire: Wire) -> None:
    assert wire.first_packet[5] == 16
    assert wire.first_packet[6:22] == wire.first_id
    assert len(wire.first_packet) >= 1_200


def test_both_ends_know_the_listeners_certificate(wire: Wire) -> None:
    assert wire.dialer.binding == wire.listener.binding == wire.certificate.binding
    assert wire.dialer.lag_s is not None


def test_a_reader_who_takes_nothing_stops_the_sender_at_the_window(wire: Wire) -> None:
    wire.dialer.send_stream_data(STREAM, bytes(3 * RECEIVE_WINDOW))
    wire.settle(taking=False)
    assert wire.read == RECEIVE_WINDOW
    assert wire.listener.window_left == 0
    wire.listener.taken = wire.read
    assert wire.listener.read_on()
    wire.settle()
    assert wire.read == 3 * RECEIVE_WINDOW
    assert wire.dialer.waiting == 0


def test_a_second_stream_cannot_be_opened(wire: Wire) -> None:
    wire.dialer.send_stream_data(4, b"more")
    wire.listener.send_stream_data(1, b"more")
    wire.settle()
    assert wire.dialer._streams[4].is_blocked
    assert wire.listener._streams[1].is_blocked


def test_after_a_long_pause_a_revived_connection_sends_at_once(wire: Wire) -> None:
    wire.cut = True
    wire.dialer.send_stream_data(STREAM, b"hello")
    for _ in range(20_000):
        wire.step()
    wire.cut = False
    read = wire.read
    due = wire.dialer.get_timer()
    assert due is not None
    assert due - wire.now > 1.0  # the pause doubled each time
    wire.dialer.revive(wire.now)
    wire.step()
    assert wire.read == read + 5


def test_a_close_is_known_at_once_with_its_code(wire: Wire) -> None:
    assert wire.listener.close_code is None
    wire.dialer.close(error_code=3)
    wire.step()
    assert wire.listener.is_over
    assert wire.listener.close_code == 3


def test_silence_ends_without_a_code(wire: Wire) -> None:
    wire.now += 91
    wire.dialer.handle_timer(wire.now)
    assert wire.dialer.is_over
    assert wire.dialer.close_code is None
