"""Two ends of a link without a world around them: Alice's and Bob's devices, their circles, a pipe by hand."""

from __future__ import annotations

from collections.abc import Callable

from notesapp.identity.keys import Device, PeerId, PersonId
from notesapp.sync.handshake import Handshake
from notesapp.sync.hello import Acquaintance, Circle, Door, Run
from notesapp.sync.roles import Dialer, Listener
from tests.identity.people import NOON, device, dice

ALICE, BOB, CAROL = device("Alice"), device("Bob"), device("Carol")
BINDING = dice("binding")(32)
NOTEBOOK = dice("a notebook")(32)


def person_of(one: Device) -> PersonId:
    return PersonId(dice(f"person {one.device_id.hex()}")(32))


def acquaintance(one: Device, *, notebooks: bool = True, active: bool = True) -> Acquaintance:
    shared = frozenset({NOTEBOOK}) if notebooks else frozenset[bytes]()
    return Acquaintance(one.device_id, one.box, person_of(one), shared, active)


def circle(me: Device, *others: Acquaintance, run: str = "run", doors: tuple[Door, ...] = ()) -> Circle:
    began = Run(dice(f"{run} {me.device_id.hex()}")(16), NOON)
    return Circle(me, began, person_of(me), bytes(32), [acquaintance(me), *others], doors)


def dialer(of: Circle, to: Device, binding: bytes = BINDING, seed: str = "dialer") -> Dialer:
    return Dialer(of, [of.of_device(to.device_id, to.box)], binding, 0, dice(seed))


def listener(of: Circle, binding: bytes = BINDING, seed: str = "listener") -> Listener:
    return Listener(of, binding, 0, dice(seed))


def carry(
    one: Handshake, other: Handshake, change: Callable[[bytes], bytes] = lambda data: data, now_ms: int = 100
) -> None:
    """Carries bytes both ways until both are silent; what goes from `one` is changed on the way."""
    while True:
        there, back = one.data_to_send(), other.data_to_send()
        if not there and not back:
            return
        if there:
            other.receive_data(change(there), now_ms)
        if back:
            one.receive_data(back, now_ms)


def peers(*devices: Device) -> list[PeerId]:
    return [one.device_id for one in devices]
