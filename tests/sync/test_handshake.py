"""The handshake: who gets in, who is refused under which name, and what a stranger learns (nothing)."""

from __future__ import annotations

import random

import pytest

from notesapp.errors import LocalError
from notesapp.identity.primitives import digest
from notesapp.sync.frames import Frames, frame
from notesapp.sync.handshake import (
    AUTH,
    DEADLINE_MS,
    HELLO,
    KIND_AUTH,
    KIND_HELLO,
    KIND_WELCOME,
    SILENCE_MS,
    WELCOME,
    Auth,
    Failed,
    Hello,
    Proved,
    Proving,
    Refusal,
    Silent,
    stays,
)
from notesapp.sync.hello import TAG_BYTES, TAGS, Circle, Door, Run, hello_tag, padded, pair_key
from notesapp.sync.roles import Dialer, Listener
from tests.identity.people import NOON, device, dice
from tests.sync.ends import ALICE, BINDING, BOB, CAROL, acquaintance, carry, circle, dialer, listener, person_of


def pair() -> tuple[Dialer, Listener]:
    return dialer(circle(ALICE, acquaintance(BOB)), BOB), listener(circle(BOB, acquaintance(ALICE)))


def refusal(of: Dialer | Listener) -> Refusal:
    assert isinstance(of.state, Failed), of.state
    return of.state.refusal


def test_two_devices_that_know_each_other_prove_it() -> None:
    alice, bob = pair()
    carry(alice, bob)
    assert isinstance(alice.state, Proved)
    assert isinstance(bob.state, Proved)
    assert (alice.state.device_id, alice.state.person_id, alice.state.dialled) == (BOB.device_id, person_of(BOB), True)
    assert (bob.state.device_id, bob.state.person_id, bob.state.dialled) == (ALICE.device_id, person_of(ALICE), False)
    assert alice.events() == [alice.state]
    assert (alice.deadline(), bob.deadline()) == (None, None)


def test_bytes_behind_the_handshake_are_the_sessions() -> None:
    alice, bob = pair()
    bob.receive_data(alice.data_to_send(), 1)
    alice.receive_data(bob.data_to_send(), 2)
    bob.receive_data(alice.data_to_send() + b"and more", 3)
    bob.receive_data(b" of it", 4)
    assert bob.leftover() == b"and more of it"


class Wordy(Dialer):
    """Writes msgpack as another program may: the length of the greeting in two bytes."""

    def _send(self, kind: int, payload: bytes) -> None:
        if kind == KIND_HELLO:
            payload = self._said = b"\xdc\0\3" + payload[1:]
        super()._send(kind, payload)


def test_what_is_signed_are_the_bytes_that_were_said_in_whatever_form() -> None:
    of = circle(ALICE, acquaintance(BOB))
    a = Wordy(of, [of.of_device(BOB.device_id, BOB.box)], BINDING, 0, dice("dialer"))
    b = listener(circle(BOB, acquaintance(ALICE)))
    carry(a, b)
    assert isinstance(a.state, Proved)
    assert isinstance(b.state, Proved)


@pytest.mark.parametrize("step", range(1, 400, 7))
def test_bytes_may_come_in_any_pieces(step: int) -> None:
    alice, bob = pair()
    for _ in range(4):
        for one, other in ((alice, bob), (bob, alice)):
            data = one.data_to_send()
            for at in range(0, len(data), step):
                other.receive_data(data[at : at + step], 5)
    assert isinstance(alice.state, Proved)
    assert isinstance(bob.state, Proved)


def test_stranger_hears_nothing_and_then_the_end() -> None:
    stranger = dialer(circle(CAROL, acquaintance(BOB)), BOB)
    bob = listener(circle(BOB, acquaintance(ALICE)))
    bob.receive_data(stranger.data_to_send(), 1000)
    assert bob.data_to_send() == b""
    assert bob.state == Silent(1000 + SILENCE_MS, Refusal.STRANGER)
    assert bob.events() == []
    bob.receive_data(b"anything more", 1500)
    bob.receive_time(1000 + SILENCE_MS - 1)
    assert bob.events() == []
    bob.receive_time(1000 + SILENCE_MS)
    assert bob.events() == [Failed(Refusal.STRANGER)]
    assert bob.data_to_send() == b""


@pytest.mark.parametrize(
    "said",
    [
        b"\x05hello",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff" * 600,
        b"\x00",
        frame(KIND_AUTH, bytes(200)),
        frame(KIND_HELLO, b"\x93"),
        frame(KIND_HELLO, bytes(513)),
        frame(KIND_WELCOME, HELLO.encode(Hello(1, bytes(32), (bytes(16),) * TAGS))),
        frame(KIND_HELLO, HELLO.encode(Hello(9, bytes(32), (bytes(16),) * TAGS))),
    ],
)
def test_port_scan_learns_zero_bytes_and_always_waits_as_long(said: bytes) -> None:
    bob = listener(circle(BOB, acquaintance(ALICE)))
    bob.receive_data(said, 50)
    assert bob.data_to_send() == b""
    assert bob.deadline() == 50 + SILENCE_MS


def test_silence_from_the_other_side_ends_it_too() -> None:
    for one in pair():
        assert one.deadline() == DEADLINE_MS
        one.data_to_send()
        one.receive_time(DEADLINE_MS)
        assert one.events() == [Failed(Refusal.TOO_SLOW)]
        assert one.data_to_send() == b""


def test_link_that_ends_is_named() -> None:
    alice, _ = pair()
    alice.receive_end(5)
    assert refusal(alice) is Refusal.CUT_OFF


def test_inactive_device_and_one_without_a_common_notebook_are_refused_by_name() -> None:
    for known, expected in (
        (acquaintance(ALICE, notebooks=False), Refusal.NOTHING_COMMON),
        (acquaintance(ALICE, active=False), Refusal.STRANGER),
    ):
        alice, bob = dialer(circle(ALICE, acquaintance(BOB)), BOB), listener(circle(BOB, known))
        carry(alice, bob)
        bob.receive_time(DEADLINE_MS)
        assert refusal(bob) is expected
        if expected is Refusal.NOTHING_COMMON:
            assert refusal(alice) is Refusal.NOTHING_COMMON


def test_device_that_was_revoked_is_refused_by_name_by_whoever_dials_it() -> None:
    alice = dialer(circle(ALICE, acquaintance(BOB, active=False)), BOB)
    bob = listener(circle(BOB, acquaintance(ALICE)))
    carry(alice, bob)
    assert refusal(alice) is Refusal.INACTIVE
    assert not isinstance(bob.state, Proved)


def test_member_whose_tag_is_right_and_who_signs_with_a_made_up_key_is_refused_by_name() -> None:
    tag = circle(CAROL, acquaintance(BOB)).of_device(BOB.device_id, BOB.box)
    made_up = Dialer(circle(device("made up"), acquaintance(BOB)), [tag], BINDING, 0, dice("made up"))
    bob = listener(circle(BOB, acquaintance(CAROL)))
    carry(made_up, bob)
    assert bob.state == Failed(Refusal.OTHER_DEVICE)
    assert refusal(made_up) is Refusal.OTHER_DEVICE


def test_replayed_greeting_on_another_link_is_a_strangers() -> None:
    alice, _ = pair()
    bob = listener(circle(BOB, acquaintance(ALICE)), binding=digest(b"another link"))
    bob.receive_data(alice.data_to_send(), 1)
    assert isinstance(bob.state, Silent)


def test_replayed_flights_on_the_same_link_name_prove_nothing() -> None:
    alice, bob = pair()
    greeting = alice.data_to_send()
    bob.receive_data(greeting, 1)
    alice.receive_data(bob.data_to_send(), 1)
    proof = alice.data_to_send()
    again = listener(circle(BOB, acquaintance(ALICE)), seed="another run of dice")
    again.receive_data(greeting, 1)
    again.receive_data(proof, 1)
    assert refusal(again) is Refusal.BAD_SIGNATURE


def test_reflected_bytes_prove_nothing() -> None:
    alice, _ = pair()
    alice.receive_data(alice.data_to_send(), 1)
    assert refusal(alice) is Refusal.MALFORMED
    mirror = dialer(circle(ALICE, acquaintance(BOB)), BOB)
    said = Frames(lambda kind: 512)
    said.receive(mirror.data_to_send())
    hello = said.next()
    assert hello is not None
    mirror.receive_data(frame(KIND_WELCOME, hello.payload), 1)
    assert refusal(mirror) is Refusal.NOBODY


def test_man_in_the_middle_has_two_bindings_and_so_no_tag_fits() -> None:
    alice = dialer(circle(ALICE, acquaintance(BOB)), BOB, binding=digest(b"Alice to Mallory"))
    bob = listener(circle(BOB, acquaintance(ALICE)), binding=digest(b"Mallory to Bob"))
    carry(alice, bob)
    assert isinstance(bob.state, Silent)


def test_member_can_not_pass_for_another_member() -> None:
    """Carol, whom Alice knows, answers a greeting for Bob; then with her own tag but Bob's name."""
    alice = dialer(circle(ALICE, acquaintance(BOB), acquaintance(CAROL)), BOB)
    carol = listener(circle(CAROL, acquaintance(ALICE)))
    carry(alice, carol)
    assert isinstance(carol.state, Silent)
    alice = dialer(circle(ALICE, acquaintance(BOB), acquaintance(CAROL)), CAROL)
    carol = listener(circle(CAROL, acquaintance(ALICE)))
    carol.receive_data(alice.data_to_send(), 1)
    frames = Frames(lambda kind: 512)
    frames.receive(carol.data_to_send())
    welcome, auth = frames.next(), frames.next()
    assert welcome is not None
    assert auth is not None
    real = AUTH.decode(auth.payload)
    forged = Auth(BOB.device_id, person_of(BOB), real.log_digest, real.run_id, real.began_ms, real.signature)
    alice.receive_data(frame(KIND_WELCOME, welcome.payload) + frame(KIND_AUTH, AUTH.encode(forged)), 1)
    assert refusal(alice) in (Refusal.BAD_SIGNATURE, Refusal.OTHER_DEVICE)


@pytest.mark.parametrize("liar", ["dialer", "listener"])
def test_device_that_calls_itself_another_persons_is_refused_by_name(liar: str) -> None:
    """Alice's own key signs, and the tag is hers; but she says that she is Carol's device."""
    run = Run(b"1" * 16, NOON)
    alice = Circle(ALICE, run, person_of(CAROL), bytes(32), [acquaintance(ALICE), acquaintance(BOB)])
    bob = circle(BOB, acquaintance(ALICE), acquaintance(CAROL))
    dials, listens = (dialer(alice, BOB), listener(bob)) if liar == "dialer" else (dialer(bob, ALICE), listener(alice))
    carry(dials, listens)
    if liar == "dialer":
        assert listens.state == Failed(Refusal.OTHER_DEVICE)
        assert refusal(dials) is Refusal.OTHER_DEVICE
    else:
        assert dials.state == Failed(Refusal.OTHER_DEVICE)
        listens.receive_end(1_000)
        assert listens.state == Failed(Refusal.CUT_OFF)  # the dialer owes him no word


def test_this_very_run_is_recognised() -> None:
    me = circle(ALICE)
    alice, mirror = dialer(me, ALICE), listener(me)
    carry(alice, mirror)
    assert refusal(alice) is Refusal.SELF


def test_two_runs_of_one_device_find_out_and_the_younger_is_to_yield() -> None:
    old = Circle(ALICE, Run(bytes(16), NOON), person_of(ALICE), bytes(32), [acquaintance(ALICE)])
    young = Circle(ALICE, Run(b"1" * 16, NOON + 1), person_of(ALICE), bytes(32), [acquaintance(ALICE)])
    dialling, listening = dialer(young, ALICE), listener(old)
    carry(dialling, listening)
    assert dialling.state == Failed(Refusal.TWIN, ALICE.device_id, old.run)
    assert listening.state == Failed(Refusal.TWIN, ALICE.device_id, young.run)
    assert young.run.is_younger_than(old.run)
    assert not old.run.is_younger_than(young.run)


def test_invite_lets_a_stranger_through_as_far_as_asking() -> None:
    door = Door(b"invite", dice("seed")(32))
    host = circle(BOB, doors=(door,))
    guest_circle = circle(CAROL, doors=(door,))
    guest = Dialer(guest_circle, [guest_circle.of_door(door)], BINDING, 0, dice("guest"))
    bob = listener(host)
    carry(guest, bob)
    assert isinstance(guest.state, Proved)
    assert isinstance(bob.state, Proved)
    assert (guest.state.invite_id, bob.state.invite_id) == (b"invite", b"invite")
    assert bob.state.device_id == CAROL.device_id


def test_invite_that_was_withdrawn_is_a_strangers() -> None:
    door = Door(b"invite", dice("seed")(32))
    guest_circle = circle(CAROL, doors=(door,))
    guest = Dialer(guest_circle, [guest_circle.of_door(door)], BINDING, 0, dice("guest"))
    bob = listener(circle(BOB))
    carry(guest, bob)
    assert isinstance(bob.state, Silent)


def test_invite_that_died_while_its_host_was_dialled_is_refused_by_name() -> None:
    door = Door(b"invite", dice("seed")(32))
    key = circle(CAROL, doors=(door,)).of_door(door)
    guest = Dialer(circle(CAROL), [key], BINDING, 0, dice("guest"))  # her circle lists the invite no more
    bob = listener(circle(BOB, doors=(door,)))
    carry(guest, bob)
    assert guest.state == Failed(Refusal.DEAD_INVITE, BOB.device_id)
    assert isinstance(bob.state, Proving)  # and hears nothing of who she is
    bob.receive_end(1_000)
    assert refusal(bob) is Refusal.CUT_OFF


def test_newer_version_is_named_to_those_whom_we_know() -> None:
    me = circle(ALICE, acquaintance(BOB))
    nonce = dice("nonce")(32)
    tag = hello_tag(pair_key(ALICE, BOB.box), BINDING, nonce)
    hello = Hello(2, nonce, (tag, *(dice("pad")(16) for _ in range(TAGS - 1))))
    bob = listener(circle(BOB, acquaintance(ALICE)))
    bob.receive_data(frame(KIND_HELLO, HELLO.encode(hello)), 1)
    assert refusal(bob) is Refusal.NEWER
    frames = Frames(lambda kind: 512)
    frames.receive(bob.data_to_send())
    welcome = frames.next()
    assert welcome is not None
    assert WELCOME.decode(welcome.payload).version == 1
    assert me.me == ALICE


def test_lists_of_tags_all_have_eight_and_dialling_several_finds_the_one() -> None:
    me = circle(ALICE, acquaintance(BOB), acquaintance(CAROL))
    keys = [me.of_device(one.device_id, one.box) for one in (CAROL, BOB)]
    alice, bob = Dialer(me, keys, BINDING, 0, dice("d")), listener(circle(BOB, acquaintance(ALICE)))
    greeting = alice.data_to_send()
    one_key = len(dialer(me, BOB).data_to_send())
    assert len(greeting) == one_key
    bob.receive_data(greeting, 1)
    carry(alice, bob)
    assert isinstance(alice.state, Proved)
    assert alice.state.device_id == BOB.device_id


def test_tags_that_fill_up_a_list_are_new_each_time_and_nobody_is_greeted_beyond_eight() -> None:
    real, entropy = [bytes([nth]) * TAG_BYTES for nth in range(TAGS + 1)], dice("padding")
    lists = [padded(real[:count], entropy) for count in range(TAGS + 1)]
    assert [len(one) for one in lists] == [TAGS] * (TAGS + 1)
    assert [list(one[:count]) for count, one in enumerate(lists)] == [real[:count] for count in range(TAGS + 1)]
    fillers = [tag for count, one in enumerate(lists) for tag in one[count:]]
    assert len(set(fillers)) == len(fillers) == sum(range(TAGS + 1))
    assert {len(tag) for tag in fillers} == {TAG_BYTES}
    with pytest.raises(LocalError, match="at most 8"):
        padded(real, entropy)


def test_link_dialled_by_the_smaller_key_stays() -> None:
    small, large = sorted((ALICE.device_id, BOB.device_id))
    for me, peer in ((small, large), (large, small)):
        mine_is_new = stays(me, peer, old_dialled=False, new_dialled=True)
        mine_is_old = not stays(me, peer, old_dialled=True, new_dialled=False)
        assert mine_is_new == mine_is_old == (me == small)
    assert stays(small, large, old_dialled=True, new_dialled=True)


def test_changed_bytes_never_prove_anything() -> None:
    """Whatever a man in the middle changes: at most nobody is proved, and nothing escapes."""
    chance = random.Random(5)
    for _ in range(150):
        alice, bob = pair()
        at, bit = chance.randrange(800), 1 << chance.randrange(8)
        seen = 0

        def change(data: bytes, at: int = at, bit: int = bit) -> bytes:
            nonlocal seen
            out = bytearray(data)
            if seen <= at < seen + len(out):
                out[at - seen] ^= bit
            seen += len(data)
            return bytes(out)

        carry(alice, bob, change)
        if at < seen:
            assert not isinstance(bob.state, Proved), at  # even a random tag is in what is signed
