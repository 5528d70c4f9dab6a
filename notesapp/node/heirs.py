"""Handing a notebook over: the owner offers it, the heir agrees, the owner's device writes it down.

Both words travel as records that the roster keeps without judging them, so it works though the two never meet: an
`heir-offer` by the owner, an `heir-consent` by a device of the heir. An offer counts while its author is the owner.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from notesapp.errors import BadRequest, NotesError, RemoteError
from notesapp.identity.keys import PersonId
from notesapp.identity.record import Bytes32, Bytes64, Form, Record
from notesapp.identity.roles import Role
from notesapp.identity.roster import Roster
from notesapp.identity.scribe import consent_to_own
from notesapp.node.core import Core
from notesapp.node.peering import Peering
from notesapp.node.ruling import Ruling

logger = logging.getLogger(__name__)

OFFER, CONSENT = "heir-offer", "heir-consent"
_LIMIT = 512
T = TypeVar("T")


class Offer(msgspec.Struct, array_like=True, frozen=True):
    """The body of an offer: to whom, in which term."""

    heir: Bytes32
    term: Bytes32


class Consent(msgspec.Struct, array_like=True, frozen=True):
    """The body of a consent: the heir's signature (see `scribe.consent_to_own`), for one term."""

    term: Bytes32
    signature: Bytes64


_OFFER: Form[Offer] = Form(Offer, _LIMIT, "an offer of a notebook")
_CONSENT: Form[Consent] = Form(Consent, _LIMIT, "a consent to own a notebook")


class Heirs:
    """See the module."""

    def __init__(self, core: Core, peering: Peering, ruling: Ruling) -> None:
        self._core = core
        self._peering = peering
        self._ruling = ruling
        peering.on_judged.append(self._judged)

    async def offer(self, notebook_id: bytes, heir: PersonId) -> None:
        """Offers a notebook of mine to a member."""
        held, me = self._core.notebook(notebook_id), self._core.persona.person_id
        if held.roster.owner != me:
            raise BadRequest(what="Only the owner can hand a notebook over.")
        if heir == me or heir not in held.roster.members:
            raise BadRequest(what="A notebook is handed over to another member of it.")
        body = _OFFER.encode(Offer(heir, held.roster.term))
        await self._ruling.write(notebook_id, lambda scribe, volume: scribe.say(OFFER, body))

    def is_offered(self, roster: Roster) -> bool:
        """Whether it is offered to me, and I have not agreed yet."""
        me = self._core.persona.person_id
        return self._heir(roster) == me and self._consent(roster) is None

    async def accept(self, notebook_id: bytes) -> None:
        """I agree to own it."""
        held = self._core.notebook(notebook_id)
        if not self.is_offered(held.roster):
            raise BadRequest(what="Nobody offers you this notebook (any more).")
        me = self._core.persona
        signature = consent_to_own(held.roster, me.person_id, me.device)
        body = _CONSENT.encode(Consent(held.roster.term, signature))
        await self._ruling.write(notebook_id, lambda scribe, volume: scribe.say(CONSENT, body))

    def _heir(self, roster: Roster) -> bytes | None:
        """To whom the present owner offers it, by his newest offer."""
        found: list[tuple[int, bytes, bytes]] = []
        for record in _said(roster, OFFER):
            offer = _read(_OFFER, record)
            if offer is not None and offer.term == roster.term and roster.person_of(record.author) == roster.owner:
                found.append((record.lamport, record.id, offer.heir))
        return max(found)[2] if found else None

    def _consent(self, roster: Roster) -> tuple[bytes, bytes] | None:
        """(the heir's device, its consent) to the present offer."""
        heir = self._heir(roster)
        for record in _said(roster, CONSENT):
            consent = _read(_CONSENT, record)
            if consent is None or consent.term != roster.term or roster.person_of(record.author) != heir:
                continue
            return record.author, consent.signature
        return None

    def _judged(self, notebook: bytes, before: Mapping[PersonId, Role]) -> None:
        held = self._core.held.get(notebook)
        if held is None or held.roster.owner != self._core.persona.person_id or not self._core.tasks.is_open:
            return
        heir, consent = self._heir(held.roster), self._consent(held.roster)
        if heir is not None and consent is not None:
            self._core.tasks.start(self._hand_over(notebook, PersonId(heir), *consent), "handing a notebook over")

    async def _hand_over(self, notebook: bytes, heir: PersonId, device: bytes, consent: bytes) -> None:
        if self._core.held[notebook].roster.owner != self._core.persona.person_id:
            return
        try:
            await self._ruling.hand_over(notebook, heir, device, consent)
        except NotesError as error:
            logger.warning("! a notebook can't be handed over: %s", error)


def _said(roster: Roster, kind: str) -> list[Record]:
    return [record for record in roster.records if record.kind == kind]


def _read(form: Form[T], record: Record) -> T | None:
    try:
        return form.decode(record.body)
    except RemoteError:
        return None  # a later version's, or a broken device's
