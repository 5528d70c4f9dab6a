"""Makes the vectors of what is said on a link: `python -m tests.vectors.session` writes the file if there is none."""

from __future__ import annotations

import json

from notesapp.identity.keys import Device, PersonId
from notesapp.sync.frontier import Frontier, Mark
from notesapp.sync.hello import Acquaintance, Circle, Run, pair_key
from notesapp.sync.messages import FEEDS, BookLine, Books, Entries, Have, Table, write
from notesapp.sync.receipt import Receipt
from notesapp.sync.roles import Dialer, Listener
from tests.identity.people import NOON, dice
from tests.vectors.generate import HERE, Vector

FILE = HERE / "session-1.json"
LOW, HIGH = bytes(16), b"\xff" * 16 + b"\0"


def session() -> Vector:
    """A handshake byte by byte, a receipt, and some messages."""
    laptop, phone = Device.from_seed(bytes(range(1, 33))), Device.from_seed(bytes(range(2, 34)))
    person, binding, notebook = PersonId(dice("person")(32)), dice("binding")(32), dice("notebook")(32)
    shared = frozenset({notebook})
    people = [Acquaintance(one.device_id, one.box, person, shared) for one in (laptop, phone)]
    circles = [Circle(one, Run(dice("run")(16), NOON), person, bytes(32), people) for one in (laptop, phone)]
    key = circles[0].of_device(phone.device_id, phone.box)
    dialer = Dialer(circles[0], [key], binding, 0, dice("dialer"))
    listener = Listener(circles[1], binding, 0, dice("listener"))
    hello = dialer.data_to_send()
    listener.receive_data(hello, 1)
    welcome_and_auth = listener.data_to_send()
    dialer.receive_data(welcome_and_auth, 2)
    auth = dialer.data_to_send()
    listener.receive_data(auth, 3)
    frontier = Frontier({bytes(15) + b"\1": Mark(300, bytes(32))})
    receipt = Receipt.make(laptop, notebook, 7, frontier)
    assert receipt is not None
    rows, feed = frontier.write(), bytes(15) + b"\1"
    values = {
        "dialer_seed": laptop.seed,
        "listener_seed": phone.seed,
        "person": person,
        "binding": binding,
        "pair_secret": pair_key(laptop, phone.box),
        "hello": hello,
        "welcome_and_auth": welcome_and_auth,
        "auth": auth,
        "verdict": listener.data_to_send(),
        "notebook": notebook,
        "receipt": receipt.data,
        "books": write(Books((BookLine(0, notebook, bytes(32), bytes(32)),))),
        "table": write(Table(0, FEEDS, LOW, HIGH, rows, False)),
        "have": write(Have(0, rows)),
        "entries": write(Entries(0, feed, 3, b"packed", bytes(64), True, (b"state",))),
    }
    return {name: value.hex() for name, value in values.items()}


def main() -> None:
    if FILE.exists():
        print(f"{FILE.name} is frozen")
    else:
        FILE.write_text(json.dumps(session(), indent=1) + "\n", encoding="utf-8")
        print(f"{FILE.name} written")


if __name__ == "__main__":
    main()
