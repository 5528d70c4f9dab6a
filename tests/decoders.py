"""All decoders of foreign bytes with honest bytes for each: what the hour-long lane attacks, guided by coverage."""

from __future__ import annotations

from notesapp.errors import RecoveryKitOther, RemoteError
from tests.control import test_fuzz as control
from tests.fuzzing import Decoder
from tests.identity import test_fuzz as identity
from tests.net import test_fuzz as net
from tests.node import test_fuzz as node
from tests.notes import test_fuzz_files as notes
from tests.sync import test_fuzz as sync
from tests.sync import test_fuzz_parts as parts
from tests.sync import test_fuzz_talk as talk


def every() -> dict[str, Decoder]:
    """All of them, by package and name."""
    found: dict[str, Decoder] = {}
    for package, table in (("identity", identity.DECODERS | identity.SLOW), ("sync", sync.DECODERS | talk.DECODERS)):
        for name, (read, honest) in table.items():
            raises = (RemoteError, RecoveryKitOther) if name == "recovery slot" else (RemoteError,)
            found[f"{package}: {name}"] = Decoder(read, honest, raises)
    tables = {"sync": parts, "net": net, "notes": notes, "control": control, "node": node}
    for package, module in tables.items():
        found |= {f"{package}: {name}": decoder for name, decoder in module.DECODERS.items()}
    return found
