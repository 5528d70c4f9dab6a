"""What a device says of where it is: read back exactly, and bounded whatever the bytes are."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.errors import LocalError, RemoteError
from notesapp.net.address import PACKED_BYTES, Address
from notesapp.net.candidate import CANDIDATES, Candidate, Kind, NatClass, PeerRecord, PunchSlot, slot_mark

HOME = Candidate(Address("192.168.1.5", 45654), Kind.LAN)
OUTSIDE = Candidate(Address("198.51.100.7", 61000), Kind.REFLEXIVE)
SIX = Candidate(Address("2001:db8::7", 45654), Kind.V6)
ports = st.integers(1, 65_535)
candidates = st.builds(
    Candidate,
    st.builds(Address, st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(str), ports),
    st.sampled_from([Kind.LAN, Kind.V6, Kind.MAPPED, Kind.REFLEXIVE]),
)
slots = st.builds(PunchSlot, st.binary(min_size=8, max_size=8), st.integers(0, 2**64 - 1), st.integers(0, 65_535))
records = st.builds(
    PeerRecord,
    st.lists(candidates.filter(lambda it: it.address.usable), max_size=CANDIDATES, unique=True).map(tuple),
    st.sampled_from(NatClass),
    st.booleans(),
    st.none() | slots,
    st.integers(0, 2**63 - 1),
)


@given(records)
def test_a_record_is_read_as_it_was_written(record: PeerRecord) -> None:
    assert PeerRecord.unpacked(record.packed()) == record
    assert len(record.packed()) <= 350


@given(st.binary(max_size=400))
def test_any_bytes_are_a_record_or_refused(data: bytes) -> None:
    for bytes_ in (data, b"\1" + data):
        try:
            record = PeerRecord.unpacked(bytes_)
        except RemoteError:
            continue
        assert len(record.candidates) <= CANDIDATES
        assert all(it.address.usable for it in record.candidates)


@given(records, st.data())
def test_a_changed_or_cut_record_never_breaks_the_reader(record: PeerRecord, data: st.DataObject) -> None:
    whole = record.packed()
    at = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(RemoteError):
        PeerRecord.unpacked(whole[:at])
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    with suppress(RemoteError):
        assert len(PeerRecord.unpacked(bytes(changed)).candidates) <= CANDIDATES


def test_an_address_of_no_known_kind_or_in_another_form_is_refused() -> None:
    whole = PeerRecord((OUTSIDE,)).packed()
    kind_at = len(whole) - 1 - PACKED_BYTES
    for at, value in ((kind_at, 200), (kind_at, 0xFF), (kind_at + 1, 5), (kind_at + 6, 1)):  # kind, family, padding
        with pytest.raises(RemoteError, match="something else"):
            PeerRecord.unpacked(whole[:at] + bytes([value]) + whole[at + 1 :])


def test_hearsay_is_never_said_on() -> None:
    for kind in (Kind.LAST, Kind.RUMOUR):
        with pytest.raises(LocalError):
            PeerRecord((Candidate(OUTSIDE.address, kind),)).packed()
    with pytest.raises(LocalError):
        PeerRecord((OUTSIDE,) * 17).packed()


def test_an_address_where_nobody_can_be_is_left_out() -> None:
    group = Candidate(Address("224.0.0.1", 5), Kind.REFLEXIVE)
    assert PeerRecord.unpacked(PeerRecord((group, HOME)).packed()).candidates == (HOME,)


def test_a_frozen_record() -> None:
    slot = PunchSlot(bytes(range(8)), 5, 61001)
    record = PeerRecord((HOME, OUTSIDE, SIX), NatClass.CONSISTENT, relay=True, slot=slot, number=7)
    assert record.packed().hex() == (
        "01" "0000000000000007" "01" "03" "0001020304050607" "0000000000000005" "ee49" "03"
        "00" "04" "c0a80105000000000000000000000000" "b256"
        "03" "04" "c6336407000000000000000000000000" "ee48"
        "01" "06" "20010db8000000000000000000000007" "b256"
    )  # fmt: skip


def test_a_slot_is_known_by_whom_it_is_meant_for() -> None:
    secret = bytes(32)
    marks = {slot_mark(secret, number, side) for number in range(3) for side in (1, 2)}
    assert len(marks) == 6
    assert slot_mark(secret, 1, 1) != slot_mark(bytes(31) + b"\1", 1, 1)
