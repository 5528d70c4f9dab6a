"""Draws what screens show of people from rosters, ledgers and live sessions. Decides names, states and their sentences.

Petnames beat claimed names, which beat two words of the fingerprint. The state of a notebook is the worst that is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from notesapp.identity.keys import PersonId
from notesapp.identity.roles import Role
from notesapp.identity.roster import Member
from notesapp.identity.words import fingerprint
from notesapp.net.diagnosis import Cause
from notesapp.net.standing import BondState, Stage
from notesapp.node import firewall
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.peering import Peering, is_shared
from notesapp.node.people_views import Company, DeviceView, InviteView, MemberView, PeopleView, Step, worst
from notesapp.node.profiles import Profile, claims, own_colour
from notesapp.node.reach import Reaches
from notesapp.node.seeking import on_the_way
from notesapp.node.volume import Volume

_Stand = tuple[Company, str | None, str | None, Step]  # how it stands, why, what would help, what one press does
# The causes that are more than "he isn't there".
_WALLS = (Cause.WALL_IN, Cause.WALL_OUT)
_SORTS = (Cause.BOTH_RANDOM, Cause.V6_HERE, Cause.V6_THERE)  # two networks that don't fit together
_TELLING = (*_WALLS, Cause.BLOCKED_HERE, Cause.BLOCKED_THERE, *_SORTS, Cause.SEEN_NO_LINK)


@dataclass(slots=True)
class Names:
    """What people are called here: by petnames, by what they said at the door, and what I call myself."""

    petnames: dict[bytes, str] = field(default_factory=dict)
    at_the_door: Mapping[bytes, str] = field(default_factory=dict)
    mine: Callable[[], Profile] = lambda: Profile("", 0, "")


class Portrait:
    """See the module."""

    def __init__(self, core: Core, peering: Peering, names: Names) -> None:
        self._core = core
        self._peering = peering
        self._names = names
        self.reaches = Reaches(core, peering, self._called)
        core.owner = self.reaches.owner

    def of(self, held: Held, invites: tuple[InviteView, ...], recovered: int) -> PeopleView:
        """One notebook."""
        hearing = self._peering.volumes.get(held.notebook_id)
        volume = hearing.volume if hearing is not None else None
        members = self.members(held, volume)
        company, cause, remedy, step = self._company(held, members)
        others = [one for one in members if not one.me]
        return PeopleView(
            notebook_id=held.notebook_id,
            name=held.name,
            my_role=held.role or Role.READER,
            members=members,
            invites=invites,
            company=company,
            cause=cause,
            remedy=remedy,
            step=step,
            waiting_for=tuple(one.name for one in others if one.waiting),
            only_here=self._only_here(held, volume),
            recovered=recovered,
            removed=held.role is None,
        )

    def members(self, held: Held, volume: Volume | None) -> tuple[MemberView, ...]:
        """All members, me first, then by name."""
        said = claims(held.roster)
        found = [self._member(one, said.persons, said.devices, volume) for one in held.roster.members.values()]
        return tuple(sorted(found, key=lambda view: (not view.me, view.name.casefold(), view.person_id)))

    def me(self, home: Held) -> MemberView:
        """Myself; a device that has just been linked doesn't know the records of its home notebook yet."""
        found = next((view for view in self.members(home, None) if view.me), None)
        if found is not None:
            return found
        mine, person = self._names.mine(), self._core.persona.person_id
        return MemberView(person, mine.name, mine.name, "", mine.colour, Role.OWNER, True, fingerprint(person), True)

    def name_of(self, person: bytes, claimed: str = "") -> str:
        """What somebody is called here."""
        claimed = claimed or self._names.at_the_door.get(person, "")
        return self._names.petnames.get(person) or claimed or " ".join(fingerprint(person)[:2])

    def _called(self, person: bytes) -> str:
        """The same, with what he calls himself in any notebook."""
        if person == self._core.persona.person_id:
            return self._names.mine().name or self.name_of(person)
        for held in self._core.held.values():
            if (profile := claims(held.roster).persons.get(person)) is not None:
                return self.name_of(person, profile.name)
        return self.name_of(person)

    def is_named(self, held: Held, person: bytes) -> bool:
        """Whether more is known of somebody than his words: what I call him, or what he calls himself."""
        known = person in self._names.petnames or bool(self._names.at_the_door.get(person))
        return known or bool((profile := claims(held.roster).persons.get(person)) and profile.name)

    def name_in(self, held: Held, person: bytes) -> str:
        """What somebody is called here who is or was in a notebook."""
        if person == self._core.persona.person_id:
            return self._names.mine().name
        profile = claims(held.roster).persons.get(person)
        return self.name_of(person, profile.name if profile is not None else "")

    def names_in(self, held: Held) -> dict[bytes, str]:
        """The same of all who are or were in it."""
        return {person: self.name_in(held, person) for person in held.logs}

    def _member(
        self, member: Member, persons: Mapping[bytes, Profile], devices: Mapping[bytes, Profile], volume: Volume | None
    ) -> MemberView:
        person, me = member.person_id, member.person_id == self._core.persona.person_id
        profile = self._names.mine() if me else persons.get(person)
        claimed = profile.name if profile is not None else self._names.at_the_door.get(person, "")
        views = tuple(self._device(one.device_id, me, one.active, devices) for one in member.devices)
        seen = [view.last_seen_ms for view in views if view.last_seen_ms is not None]
        active = [one.device_id for one in member.devices if one.active]
        online = any(view.linked for view in views)
        apart = None if online or me else self._apart(active)
        standing = volume.ledger.standing(active) if volume is not None and not me else None
        return MemberView(
            person_id=person,
            name=self.name_of(person, claimed),
            claimed_name=claimed,
            petname=self._names.petnames.get(person, ""),
            colour=profile.colour if profile is not None else own_colour(person),
            role=member.role,
            me=me,
            words=fingerprint(person),
            online=online,
            devices=views,
            last_seen_ms=max(seen, default=None),
            has_all=standing.has_all if standing is not None else me,
            has_until_ms=(standing.complete_ms or None) if standing is not None else None,
            waiting=standing.waiting if standing is not None else 0,
            cause=f"{apart.cause}." if apart is not None else None,
            remedy=str(apart.remedy) if apart is not None else None,
        )

    def _apart(self, devices: Iterable[bytes]) -> BondState | None:
        """The first of these devices of which it is known why no way leads there."""
        network = self._peering.network
        states = [network.state(device) for device in devices] if network is not None else []
        return next((it for it in states if it.cause in _TELLING and it.remedy is not None), None)

    def _device(self, device: bytes, mine: bool, active: bool, claimed: Mapping[bytes, Profile]) -> DeviceView:
        call, this = self._peering.session_with(device), device == self._core.persona.device.device_id
        path, lag_ms = "", None
        if call is not None and self.reaches.is_lost(device):
            call = None
        if call is not None:
            path = self.reaches.path(device, call.link.remote.reach)
            lag = call.link.lag_s
            lag_ms = call.session.lag_ms if lag is None and call.session is not None else round((lag or 0) * 1000)
        name = claimed[device].device if device in claimed else ""
        seen_ms = self._peering.memory.seen.get(device)
        return DeviceView(device, name, mine, this, active, call is not None or this, path, lag_ms, seen_ms)

    def _company(self, held: Held, members: tuple[MemberView, ...]) -> _Stand:
        if held.role is None:
            said = "You are no member of this notebook any more."
            return Company.NEEDS_HELP, said, "Copy what you need from it.", Step.NOTEBOOK
        if (trouble := self._core.troubles.get("network")) is not None:
            return Company.NEEDS_HELP, trouble, "It is tried again by itself; what you write is kept.", Step.LOOK
        others = [one for one in members if not one.me or len(one.devices) > 1]
        if not is_shared(held):
            return Company.JUST_YOU, None, None, Step.NONE
        if not self._peering.online:
            return Company.OFFLINE, "Sharing is switched off.", "Switch it on in the settings.", Step.SETTINGS
        linked = [view for one in others for view in one.devices if view.linked and not view.this]
        if not linked:
            return self._alone(others)
        late = [one for one in others if one.waiting and one.online and not one.me]
        if late:
            names = ", ".join(one.name for one in late)
            return Company.WAITING, f"Changes are on their way to {names}.", None, Step.NONE
        return Company.SHARING, None, None, Step.NONE

    def _alone(self, others: list[MemberView]) -> _Stand:
        network = self._peering.network
        states = [
            network.state(device.device_id)
            for one in others
            for device in one.devices
            if network is not None and not device.this
        ]
        names = ", ".join(one.name for one in others if not one.me) or "your other devices"
        if network is not None and not network.addresses():
            return (
                Company.OFFLINE,
                "This computer has no network.",
                "Connect it to a network; nothing is lost meanwhile.",
                Step.LOOK,
            )
        why = next((it for it in states if it.cause in _TELLING and it.remedy is not None), None)
        if why is not None:
            apart = [one.name for one in others if one.cause == f"{why.cause}." and not one.me]
            names = ", ".join(apart) or names  # others may just not be there
            said = f"{names} can't be reached: {_lower(str(why.cause))}."
            if network is not None and why.cause in _WALLS:
                port = network.report.port
                command = firewall.allowing(port)
                return Company.OFFLINE, said, firewall.remedy(port, command), Step.ALLOW if command else Step.LOOK
            return Company.OFFLINE, said, str(why.remedy), Step.LOOK
        tried = [it.stage for it in states if it.stage in (Stage.SEARCHING, Stage.PUNCHING) and it.cause is None]
        if tried:
            said = f"Found where {names} is; asking both routers to let you two through."
            said = said if Stage.PUNCHING in tried else f"Looking for {names}."
            return Company.WAITING, said, "Nothing needs to be done; changes are kept until then.", Step.NONE
        if (found := on_the_way(self._peering.faraway.view)) is not None:
            return Company.OFFLINE, f"{names} can’t be reached: {_lower(found.cause)}", found.remedy, found.step
        kept = "Changes are kept here and sent when one of you is back."
        return Company.OFFLINE, f"{names} can't be reached.", kept, Step.LOOK

    def _only_here(self, held: Held, volume: Volume | None) -> int:
        """How many entries of this device are known to be with nobody else."""
        if volume is None or not is_shared(held):
            return 0
        me = self._core.persona.device.device_id
        others = [one.device_id for member in held.roster.members.values() for one in member.devices]
        best = min((volume.ledger.waiting(device) for device in others if device != me), default=None)
        own = sum(
            mark.index + 1
            for feed, mark in volume.book.frontier.marks().items()
            if (stored := volume.book.stored(feed)) is not None and stored.opened.device == me
        )
        return own if best is None else min(best, own)

    def all(self, views: list[PeopleView]) -> PeopleView:
        """What the pill says of all notebooks together."""
        company = worst([view.company for view in views])
        first = next((view for view in views if view.company is company), None)
        waiting = tuple(dict.fromkeys(name for view in views for name in view.waiting_for))
        return PeopleView(
            notebook_id=b"",
            name="",
            my_role=Role.OWNER,
            company=company,
            cause=first.cause if first is not None else None,
            remedy=first.remedy if first is not None else None,
            step=first.step if first is not None else Step.NONE,
            waiting_for=waiting,
            only_here=sum(view.only_here for view in views),
            files_only_here=sum(view.files_only_here for view in views),
            recovered=sum(view.recovered for view in views),
        )

    def everyone(self) -> tuple[MemberView, ...]:
        """All people of all notebooks, each once, me first."""
        found: dict[bytes, MemberView] = {}
        for held in self._core.held.values():
            hearing = self._peering.volumes.get(held.notebook_id)
            for view in self.members(held, hearing.volume if hearing is not None else None):
                found.setdefault(PersonId(view.person_id), view)
        return tuple(sorted(found.values(), key=lambda view: (not view.me, view.name.casefold())))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
