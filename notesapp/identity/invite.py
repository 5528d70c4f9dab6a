"""An invite's secret and what grows from it, and the link that carries it. Decides both formats; admits nobody.

The seed (32 bytes) is all that the inviter gives away: whoever has it can find the inviter, be let in at the door, and
sign a request. A link is `notesapp://join#1.` and base32 of msgpack and a checksum; the secret stands in the fragment,
which no web server ever sees. What a link says about names and rights are claims: the roster decides.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from notesapp.errors import InviteDamaged, InviteMissing, InviteNewer, LocalError, RemoteError
from notesapp.identity.primitives import KEY_BYTES, Entropy, derive, digest, domain, sign, signing_pair
from notesapp.identity.record import Bytes32, Form, TimeMs
from notesapp.identity.roles import INVITABLE, Role

LINK = "notesapp://join#"
VERSION = "1"
LINK_DOMAIN = domain("join-link")
HINTS_LIMIT = 8
WRITING_LIFETIME_MS = 72 * 3600 * 1000  # an invite to write ends after three days, lets in one, and asks for approval
_NAME_LIMIT = 80  # characters of a claimed name
_HINT_LIMIT = 80  # characters of an address: an IPv6 address with a zone and a port has 60
_LINK_LIMIT = 1600  # bytes behind base32; a QR code of level L holds 2,953
_TEXT_LIMIT = 20_000  # characters that a person may have pasted around a link
_CHECK_BYTES = 4
_FOUND = re.compile(r"notesapp://join/?#([0-9]{1,4})\.([a-z2-7]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class InviteKeys:
    """All keys of an invite. `public` names it on the roster; the others are for finding and for the door."""

    public: bytes
    topic: bytes
    disco: bytes = field(repr=False)
    hello: bytes = field(repr=False)
    seed: bytes = field(repr=False)
    _signing: bytes = field(repr=False)

    @classmethod
    def generate(cls, entropy: Entropy) -> InviteKeys:
        """A new invite."""
        return cls.from_seed(entropy(KEY_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> InviteKeys:
        """The invite of this seed of 32 bytes."""
        if len(seed) != KEY_BYTES:
            raise LocalError(what=f"an invite's seed has {len(seed)} bytes instead of 32")
        public, signing = signing_pair(derive(seed, "invite-sign"))
        topic, disco, hello = (derive(seed, f"invite-{purpose}") for purpose in ("topic", "disco", "hello"))
        return cls(public, topic, disco, hello, seed, signing)

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes) by the invite's key."""
        return sign(message, self._signing)


# No control characters and none that turn the direction of writing: names are shown in dialogs as claims.
Name = Annotated[
    str, msgspec.Meta(max_length=_NAME_LIMIT, pattern="^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*\\Z")
]
Hint = Annotated[str, msgspec.Meta(min_length=1, max_length=_HINT_LIMIT, pattern=r"^[\x21-\x7e]+\Z")]


class JoinLink(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What a link says: which notebook, the invite's seed, and claims about role, names, addresses and the end."""

    notebook: Bytes32
    seed: Bytes32
    role: Role
    notebook_name: Name
    inviter_name: Name
    hints: Annotated[tuple[Hint, ...], msgspec.Meta(max_length=HINTS_LIMIT)] = ()
    ends_ms: TimeMs = 0

    def __repr__(self) -> str:
        return f"JoinLink({self.role} of “{self.notebook_name}”)"  # never the seed

    def url(self) -> str:
        """The link, in small letters; in capitals it makes a smaller QR code and is read as well."""
        data = _FORM.encode(self)
        text = b32encode(data + _check(data)).decode("ascii").rstrip("=").lower()
        return f"{LINK}{VERSION}.{text}"

    def as_text(self) -> str:
        """What to send to a person in any messenger: what it is, what to do, and the link on a line of its own."""
        may = "read and write" if self.role is Role.WRITER else "read"
        return (
            f"{self.inviter_name or 'Somebody'} invites you to {may} “{self.notebook_name or 'a notebook'}”.\n"
            "Open Notesapp, choose “Join a notebook”, and paste this whole message:\n\n"
            f"{self.url()}\n\n"
            "Whoever has this message can ask to join, so don't pass it on."
        )


_FORM: Form[JoinLink] = Form(JoinLink, _LINK_LIMIT, "an invite link")


def read_link(pasted: str) -> JoinLink:
    """The invite in what a person pasted, clicked or scanned: the link, or a whole message with it inside.

    `InviteMissing`, `InviteDamaged` or `InviteNewer` (all `RemoteError`) say what is wrong and what to do.
    """
    found = _FOUND.search(pasted[:_TEXT_LIMIT])
    if found is None:
        raise InviteMissing
    version, text = found.groups()
    if version != VERSION:
        raise InviteNewer(version=version)
    if len(text) > 2 * _LINK_LIMIT:
        raise InviteDamaged(how="it is too long")
    try:
        data = b32decode(text.upper() + "=" * (-len(text) % 8))
    except Base32Error:
        raise InviteDamaged(how="a part of it is missing") from None
    data, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
    if _check(data) != check:
        raise InviteDamaged(how="a part of it is missing or was changed")
    try:
        link = _FORM.decode(data)
    except RemoteError as error:
        raise InviteDamaged(how=str(error.facts["reason"])) from None
    if link.role not in INVITABLE:
        raise InviteDamaged(how=f"nobody is invited as {link.role}")
    return link


def _check(data: bytes) -> bytes:
    return digest(LINK_DOMAIN + data)[:_CHECK_BYTES]
