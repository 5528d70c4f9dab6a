"""All that aioquic lacks, in one place. Decides windows, first ids and how a connection revives; sends nothing.

aioquic (pinned) doubles a receive window whenever half of it came, read or not: here a window moves only with what the
reader took. It has no public way to learn how much waits to be sent, to name the first connection id, to see the
peer's certificate, or to try again at once after a pause. `tests/net/test_connection.py` is the contract: it fails
if a new aioquic changes what is used here.
"""

from __future__ import annotations

import ssl
from typing import Final

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.packet import QuicProtocolVersion
from aioquic.quic.packet_builder import QuicPacketBuilder
from aioquic.quic.recovery import QuicPacketSpace
from aioquic.quic.stream import QuicStream

from notesapp.errors import LocalError
from notesapp.net.certificate import Certificate, binding_of
from notesapp.net.link import RECEIVE_WINDOW

ALPN: Final = "notesapp/1"
IDLE_S: Final = 90.0
CONNECTION_ID_BYTES: Final = 8
STREAM: Final = 0  # the one stream of a link: the dialer's first


def configuration(certificate: Certificate | None, idle_s: float = IDLE_S) -> QuicConfiguration:
    """Of a listener if it has a certificate, else of a dialer, who trusts any: identity is proven above."""
    made = QuicConfiguration(
        alpn_protocols=[ALPN],
        is_client=certificate is None,
        idle_timeout=idle_s,
        max_data=RECEIVE_WINDOW,
        max_stream_data=RECEIVE_WINDOW,
        connection_id_length=CONNECTION_ID_BYTES,
        verify_mode=ssl.CERT_NONE,
        supported_versions=[QuicProtocolVersion.VERSION_1],
        congestion_control_algorithm="cubic",
        initial_rtt=0.05,
    )
    if certificate is not None:
        made.certificate, made.private_key = certificate.chain, certificate.key
    return made


class PatientConnection(QuicConnection):
    """A QUIC connection with one stream, whose receive window follows its reader."""

    def __init__(self, settings: QuicConfiguration, *, first_id: bytes) -> None:
        """`first_id`: the connection id of the first packet, chosen by the dialer, read by the listener."""
        if settings.is_client:
            super().__init__(configuration=settings)
            self._peer_cid.cid = first_id
            self._original_destination_connection_id = first_id
        else:
            super().__init__(configuration=settings, original_destination_connection_id=first_id)
        for limit in (self._local_max_streams_bidi, self._local_max_streams_uni):
            limit.value = limit.sent = 0 if settings.is_client or limit is self._local_max_streams_uni else 1
        self.taken = 0  # bytes of the stream that the reader has no more need to hold

    @property
    def has_begun(self) -> bool:
        """Whether a first packet was sent or could be read."""
        return bool(self._network_paths)

    @property
    def waiting(self) -> int:
        """Bytes written and not yet acknowledged."""
        stream = self._streams.get(STREAM)
        return 0 if stream is None else len(stream.sender._buffer)

    @property
    def owed(self) -> int | None:
        """How many bytes were confirmed, if the other end has room for more and some are on their way to it."""
        stream = self._streams.get(STREAM)
        if stream is None or not stream.sender._buffer:
            return None
        confirmed = int(stream.sender._buffer_start)
        return confirmed if confirmed < stream.max_stream_data_remote else None

    @property
    def window_left(self) -> int:
        """How many more bytes the other end may send now."""
        stream = self._streams.get(STREAM)
        return RECEIVE_WINDOW if stream is None else stream.max_stream_data_local - stream.receiver.highest_offset

    @property
    def lag_s(self) -> float | None:
        """The smoothed round trip, once there was one."""
        return self._loss._rtt_smoothed if self._loss._rtt_initialized else None

    @property
    def binding(self) -> bytes:
        """SHA-256 of the listener's certificate; `LocalError` before the handshake is complete."""
        held = self._configuration.certificate if not self._is_client else self.tls._peer_certificate
        if held is None:
            raise LocalError(what="a link was asked for its binding before its handshake")
        return binding_of(held)

    @property
    def is_over(self) -> bool:
        """Whether either side closed it: known at once, aioquic's own event comes after a pause."""
        return self._close_event is not None

    @property
    def close_code(self) -> int | None:
        """The number that the closing side gave, if it is the other side's program that closed."""
        event = self._close_event
        return event.error_code if event is not None and event.frame_type is None else None

    def revive(self, now: float) -> None:
        """The path carries again: what waits is sent at once, instead of after a pause that doubled each time."""
        if self._handshake_confirmed:
            self._loss._pto_count = 0
            self._loss.reschedule_data(now=now)

    def read_on(self) -> bool:
        """Whether the window should be told to the other end now: the reader took half of it."""
        stream = self._streams.get(STREAM)
        return stream is not None and self._due(stream) > stream.max_stream_data_local

    def _due(self, stream: QuicStream) -> int:
        room = stream.max_stream_data_local - self.taken
        return self.taken + RECEIVE_WINDOW if room <= RECEIVE_WINDOW // 2 else stream.max_stream_data_local

    def _write_connection_limits(self, builder: QuicPacketBuilder, space: QuicPacketSpace) -> None:
        limit = self._local_max_data
        if limit.value - self.taken <= RECEIVE_WINDOW // 2:
            limit.value = self.taken + RECEIVE_WINDOW
        used, limit.used = limit.used, 0  # aioquic would double it
        try:
            super()._write_connection_limits(builder, space)
        finally:
            limit.used = used

    def _write_stream_limits(self, builder: QuicPacketBuilder, space: QuicPacketSpace, stream: QuicStream) -> None:
        stream.max_stream_data_local = self._due(stream)
        receiver = stream.receiver
        highest, receiver.highest_offset = receiver.highest_offset, 0  # aioquic would double it
        try:
            super()._write_stream_limits(builder, space, stream)
        finally:
            receiver.highest_offset = highest
