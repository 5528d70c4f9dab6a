"""The frozen bytes of what people say about one another: suspensions, every kind of roster record, invites, codes."""

from __future__ import annotations

import msgspec

from notesapp.identity.epoch import EpochKeys
from notesapp.identity.genesis import Genesis
from notesapp.identity.home import HomeLog
from notesapp.identity.invite import InviteKeys, JoinLink
from notesapp.identity.keys import Device, Root
from notesapp.identity.linking import NewSide, TrustedSide
from notesapp.identity.matching import DIALER, LISTENER, begin_matching, matching_context
from notesapp.identity.person import PersonLog, offer_device
from notesapp.identity.redeem import Redeem
from notesapp.identity.roles import Role
from notesapp.identity.roster import found_notebook, heads_digest
from notesapp.identity.roster_bodies import INLINE_MARKS
from notesapp.identity.scribe import Scribe, consent_to_own
from notesapp.identity.spare_key import share_seed
from notesapp.identity.three_words import Asked, CodeWords, Purpose, SharedCode, code_context
from tests.identity.people import NOON, dice

Vector = dict[str, str]


def people() -> dict[str, tuple[Root, Device, PersonLog]]:
    """Alice, Ben and Cleo, each with one device."""
    found = {}
    for n, name in enumerate(("alice", "ben", "cleo")):
        root, device = Root.from_seed(bytes([64 + n]) * 32), Device.from_seed(bytes([96 + n]) * 32)
        empty = PersonLog.judge(root.person_id, ())
        add = empty.add(offer_device(device, root.person_id), root, now_ms=NOON)
        found[name] = (root, device, PersonLog.judge(root.person_id, [add]))
    return found


def roster() -> Vector:
    """Every kind of roster record, in one notebook, and the state that they make."""
    all_ = people()
    alice, ben, cleo = (all_[name] for name in ("alice", "ben", "cleo"))
    genesis = Genesis.make(alice[0].person_id, now_ms=NOON, entropy=dice("trust genesis"))
    keys = EpochKeys.generate(dice("trust epoch"))
    founded = found_notebook(genesis, alice[2], alice[1], keys, now_ms=NOON, entropy=dice("trust boxes"))
    start = founded.joined((), [log for _, _, log in all_.values()])
    invite = InviteKeys.from_seed(bytes(range(32)))
    have = {n.to_bytes(16, "big"): (n, bytes([n]) * 32) for n in range(INLINE_MARKS + 2)}
    scribe = Scribe(start, alice[1], now_ms=NOON)
    scribe.invite(invite.public, Role.WRITER, uses=2, ends_ms=NOON + 259_200_000, approval=True)
    scribe.grant(ben[0].person_id, Role.WRITER, invite.public)
    scribe.give_keys({founded.epochs[0].epoch_id: keys}, entropy=dice("trust more boxes"))
    scribe.withdraw(invite.public)
    scribe.grant(cleo[0].person_id, Role.READER)
    scribe.change(cleo[0].person_id, Role.ADMIN, {})
    named = scribe.roster.heads
    scribe.remove(ben[0].person_id, have)
    scribe.rotate(EpochKeys.generate(dice("trust next")), {founded.epochs[0].epoch_id: keys}, entropy=dice("t"))
    consent = consent_to_own(scribe.roster, cleo[0].person_id, cleo[1])
    device = cleo[1].device_id
    scribe.hand_over(cleo[0].person_id, device, consent, Role.WRITER, {bytes(16): (3, bytes(32))})
    scribe.devices(alice[2], {})
    scribe.leave({})
    vector = {f"{n:02d} {record.kind}": record.data.hex() for n, record in enumerate(scribe.records)}
    return vector | {
        "genesis": genesis.data.hex(),
        "founding": "".join(record.data.hex() for record in founded.records),
        "person_logs": " ".join(log.records[0].data.hex() for _, _, log in all_.values()),
        "invite_seed": invite.seed.hex(),
        "named_heads": b"".join(named).hex(),
        "named_digest": heads_digest(genesis.notebook_id, named).hex(),
        "last_digest": scribe.roster.digest.hex(),
    }


def spare_key() -> Vector:
    """An invite's seed for a device of the owner's, in the record that brings it there."""
    root, laptop, log = people()["alice"]
    phone = Device.from_seed(bytes([120]) * 32)
    both = PersonLog.judge(
        root.person_id, [*log.records, log.add(offer_device(phone, root.person_id), root, now_ms=NOON)]
    )
    genesis = Genesis.make(root.person_id, now_ms=NOON, entropy=dice("trust genesis"))
    keys = EpochKeys.generate(dice("trust epoch"))
    scribe = Scribe(
        found_notebook(genesis, both, laptop, keys, now_ms=NOON, entropy=dice("trust boxes")), laptop, now_ms=NOON
    )
    invite = InviteKeys.from_seed(bytes(range(32)))
    scribe.invite(invite.public, Role.READER, uses=5, ends_ms=0, approval=False)
    share_seed(scribe, invite, dice("trust spare"))
    return {
        "genesis": genesis.data.hex(),
        "invite_seed": invite.seed.hex(),
        "invite_public": invite.public.hex(),
        "phone_seed": phone.seed.hex(),
        "phone_id": phone.device_id.hex(),
        "phone_box": phone.box.hex(),
        "record": scribe.records[-1].data.hex(),
    }


def suspension() -> Vector:
    """A suspension, its end, and another."""
    root, laptop, log = people()["alice"]
    phone = Device.from_seed(bytes([120]) * 32)
    records = [*log.records, log.add(offer_device(phone, root.person_id), root, now_ms=NOON)]
    suspend = PersonLog.judge(root.person_id, records).suspend(laptop.device_id, phone, now_ms=NOON)
    lift = PersonLog.judge(root.person_id, [*records, suspend]).lift(suspend.id, root, now_ms=NOON)
    again = PersonLog.judge(root.person_id, [*records, suspend, lift])
    last = again.suspend(laptop.device_id, phone, now_ms=NOON)
    return {
        "add": records[0].data.hex(),
        "add_phone": records[1].data.hex(),
        "suspend": suspend.data.hex(),
        "lift": lift.data.hex(),
        "suspend_again": last.data.hex(),
        "phone": phone.device_id.hex(),
        "digest": PersonLog.judge(root.person_id, [*records, suspend, lift, last]).digest.hex(),
    }


def _code_context(binding: bytes) -> bytes:
    return code_context(
        binding=binding,
        joiner_certificate=bytes(32),
        joiner=b"\1" * 32,
        sharer=b"\2" * 32,
        nonces=(b"\3" * 32, b"\4" * 32),
    )


def linking() -> Vector:
    """The last message to a new device, which names the recovery box; its code, and the key that both have by then."""
    _, laptop, log = people()["alice"]
    code = CodeWords.generate(Purpose.LINK, dice("code"))
    bound = _code_context(dice("binding")(32))
    asked = Asked(code, bound, dice("asked"))
    answered = SharedCode(code).answer(asked.out, bound, dice("answered"))
    proving = asked.receive(answered.out)
    proof, ours = answered.receive(proving.out)
    theirs = proving.receive(proof)
    phone = Device.from_seed(bytes([120]) * 32)
    trusted = TrustedSide(log, laptop, ours)
    greeted = NewSide(phone, theirs).receive(trusted.welcome("Alice", dice("welcome")))
    agreed = trusted.receive(greeted.consent(dice("consent")))
    record, last = agreed.agree(b"home", bytes(range(32)), now_ms=NOON, entropy=dice("linked"))
    old = msgspec.msgpack.encode([[known.data for known in (*log.records, record)], b"home"])
    assert greeted.receive(last)[1].recovery_box == bytes(range(32))
    assert greeted.receive(ours.seal(old, dice("linked")))[1].recovery_box == b""
    parts = {"link_last": last, "home": b"home", "recovery_box": bytes(range(32)), "added": record.data}
    return {name: value.hex() for name, value in parts.items()}


def joining() -> Vector:
    """An invite's keys, its link, a request, matching words, a code's conversation, a linked device, a petname."""
    root, laptop, log = people()["alice"]
    notebook, binding = dice("notebook")(32), dice("binding")(32)
    keys = InviteKeys.from_seed(bytes(range(32)))
    link = JoinLink(notebook, keys.seed, Role.WRITER, "Reise", "Ana", ("192.0.2.7:4433", "[2001:db8::7]:4433"), NOON)
    redeem = Redeem.make(keys, notebook, log, laptop.device_id, binding, "Alice")
    context = matching_context(binding, b"\1" * 32, b"\2" * 32, "join")
    dialer, listener = begin_matching(DIALER, context, dice("dialer")), begin_matching(LISTENER, context, dice("l"))
    revealed = dialer.receive(listener.out)
    words = revealed.receive(listener.receive(dialer.out).out).words
    code = CodeWords.generate(Purpose.LINK, dice("code"))
    bound = _code_context(binding)
    asked = Asked(code, bound, dice("asked"))
    answered = SharedCode(code).answer(asked.out, bound, dice("answered"))
    proving = asked.receive(answered.out)
    proof, ours = answered.receive(proving.out)
    theirs = proving.receive(proof)
    phone = Device.from_seed(bytes([120]) * 32)
    trusted = TrustedSide(log, laptop, ours)
    welcome = trusted.welcome("Alice", dice("welcome"))
    greeted = NewSide(phone, theirs).receive(welcome)
    consent = greeted.consent(dice("consent"))
    record, _ = trusted.receive(consent).agree(b"home", b"", now_ms=NOON, entropy=dice("linked"))
    records = [known.data for known in (*log.records, record)]
    linked = ours.seal(msgspec.msgpack.encode([records, b"home"]), dice("linked"))  # before it named a recovery box
    petname = HomeLog.judge(notebook, log, ()).call(root.person_id, "Me", verified=True, by=laptop, now_ms=NOON)
    parts = {
        "invite_public": keys.public,
        "invite_topic": keys.topic,
        "invite_disco": keys.disco,
        "invite_hello": keys.hello,
        "notebook": notebook,
        "binding": binding,
        "redeem": redeem.write(),
        "matching_context": context,
        "matching_dialer": dialer.out + revealed.out,
        "code_topic": code.topic,
        "code_hello": code.hello,
        "code_context": bound,
        "code_ask": asked.out,
        "code_answer": answered.out,
        "code_joiners_proof": proving.out,
        "code_sharers_proof": proof,
        "link_welcome": welcome,
        "link_consent": consent,
        "link_last": linked,
        "home_petname": petname.data,
    }
    texts = {"link": link.url(), "matching_words": " ".join(words), "code": str(code)}
    return {name: value.hex() for name, value in parts.items()} | texts
