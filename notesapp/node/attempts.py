"""One attempt to join a notebook by an invite link: what is known of it. Decides whose silence is one; does nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from notesapp.identity.invite import InviteKeys, JoinLink
from notesapp.identity.matching import Offered
from notesapp.identity.roles import Role
from notesapp.node.call import Call
from notesapp.node.people_views import JoinStage, JoinView, OfferView

SILENT_S = 40.0  # two heartbeats of an idle link were missed: its other end may be gone
TOLD_S = 4.0  # comparing frontiers takes a few round trips
ENDED = (JoinStage.DONE, JoinStage.FAILED)


@dataclass(slots=True)
class Attempt:
    """See the module."""

    view: JoinView
    link: JoinLink = field(repr=False)
    keys: InviteKeys = field(repr=False)
    knocked: dict[Call, Offered] = field(default_factory=dict)  # the doors where an answer may come from
    call: Call | None = None  # of them, the one that counts now
    genesis: bytes = b""
    records: list[bytes] = field(default_factory=list)
    is_given: bool = False  # all that a member needs
    since: float = 0.0  # when the present search began (loop time)
    current_at: float | None = None  # since when feeds flow from whoever has the notebook
    device: bytes = b""  # who let us in
    timer: asyncio.TimerHandle | None = None
    looks: asyncio.TimerHandle | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def turn_to(self, call: Call) -> None:
        """This door counts from now on."""
        self.call, self.genesis, self.records = call, b"", []
        self.device = call.proved.device_id if call.proved is not None else b""

    def caught_up(self, told: Mapping[bytes, int], have: Mapping[bytes, int], now: float) -> bool:
        """Whether all that was told is here, once there was time to tell everything.

        Where somebody writes without a pause both are never equal for a moment: what he wrote last is under way.
        """
        if self.current_at is None:
            self.current_at = now
        if now - self.current_at < TOLD_S or not told:
            return False
        return all(have.get(feed, -1) >= index for feed, index in told.items())


def offer_of(link: JoinLink) -> OfferView:
    """What a link claims."""
    approval = link.role is Role.WRITER
    return OfferView(link.notebook_name, link.inviter_name, link.role, link.ends_ms or None, approval)


def answers(call: Call | None) -> bool:
    """Whether anything is heard of whoever is at the other end."""
    return call is not None and call.live and call.link.quiet_s < SILENT_S


def stop(join: Attempt) -> None:
    """No timer of it runs any more."""
    for timer in (join.timer, join.looks):
        if timer is not None:
            timer.cancel()
