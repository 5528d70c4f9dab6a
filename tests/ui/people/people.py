"""People as the screens see them, kept in memory: what the screens for people are tested with beside the real node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from notesapp.errors import InviteMissing, JoinRefused, NotesError
from notesapp.identity.roles import Role
from notesapp.node.events import (
    CodesChanged,
    Event,
    JoinChanged,
    NearbyChanged,
    PeopleChanged,
    RecoveredChanged,
    RequestsChanged,
)
from notesapp.node.people_views import (
    CaretView,
    CodeView,
    Company,
    DeviceView,
    InviteView,
    JoinRequest,
    JoinStage,
    JoinView,
    MemberView,
    NearbyView,
    NetworkView,
    OfferView,
    PeopleView,
    RecoveredView,
)
from tests.ui.fakes import HOUR, MINUTE, NOW_MS

WORDS = ("orbit", "canvas", "meadow", "silver", "tunnel", "basket")
LINK = "notesapp://join#1." + "mfrggzdfmztwq2lknnwg23tpoa" * 9
GARDEN = b"g" * 32
_COLOURS = {"Ana": 5, "Maya": 0, "Jonas": 1, "Bo": 4}


def device(name: str, number: int, **facts: object) -> DeviceView:
    known: dict[str, object] = {"mine": False, "this": False, "active": True, "linked": False, **facts}
    return DeviceView(bytes([number]) * 32, name, **known)  # type: ignore[arg-type] # the facts of the test


def member(name: str, role: Role = Role.WRITER, **facts: object) -> MemberView:
    known: dict[str, object] = {"me": False, "words": WORDS, "online": False, **facts}
    colour = _COLOURS.get(name, 2)
    return MemberView(name.encode().ljust(32, b"."), name, name, "", colour, role, **known)  # type: ignore[arg-type]


ANA = member("Ana", Role.OWNER, me=True, online=True, has_all=True,
             devices=(device("This laptop", 1, mine=True, this=True, linked=True),))  # fmt: skip
MAYA = member("Maya", online=True, has_all=True, last_seen_ms=NOW_MS,
              devices=(device("Maya’s laptop", 2, linked=True, path="same network", lag_ms=3),))  # fmt: skip
JONAS = member("Jonas", Role.READER, last_seen_ms=NOW_MS - 3 * HOUR, waiting=4, has_until_ms=NOW_MS - 3 * HOUR,
               devices=(device("Desk", 3, last_seen_ms=NOW_MS - 3 * HOUR),))  # fmt: skip


class FakePeople:
    """Answers from its fields; `done` lists what was asked of it, `refuse` is raised by the next act."""

    def __init__(self, view: PeopleView | None = None, tell: Callable[[Event], None] = lambda _: None) -> None:
        self.view = view or PeopleView(GARDEN, "Garden", Role.OWNER, (ANA, MAYA, JONAS), company=Company.SHARING)
        self.tell = tell
        self.done: list[tuple[object, ...]] = []
        self.refuse: NotesError | None = None
        self.is_shown_nearby = False
        self.own = 0
        self.near: tuple[NearbyView, ...] = ()
        self.code_list: list[CodeView] = []
        self.asking: list[JoinRequest] = []
        self.attempts: dict[bytes, JoinView] = {}
        self.aside: list[RecoveredView] = []
        self.caret_list: dict[bytes, tuple[CaretView, ...]] = {}
        self.offer = OfferView("Garden", "Maya", Role.WRITER, NOW_MS + 24 * HOUR, True)
        self.net = NetworkView(True, 45654, ("192.168.1.7",), 1, 1)
        self.hidden = False
        self.myself = ANA

    def _do(self, *what: object) -> None:
        refused, self.refuse = self.refuse, None
        if refused is not None:
            raise refused
        self.done.append(what)

    def change(self, **fields: object) -> None:
        """Another state of the notebook, told as the node tells it."""
        self.view = replace(self.view, **fields)  # type: ignore[arg-type] # the fields of the test
        self.tell(PeopleChanged(self.view.notebook_id))

    # -- who is who

    def me(self) -> MemberView:
        return self.myself

    @property
    def chosen_name(self) -> str:
        return self.myself.name if any(one[0] == "set_me" for one in self.done) else ""

    async def set_me(self, name: str, colour: int | None = None) -> None:
        self._do("set_me", name, colour)
        self.myself = replace(self.myself, name=name, claimed_name=name, colour=colour or 0)
        self.tell(PeopleChanged(None))

    async def petname(self, person_id: bytes, name: str) -> None:
        self._do("petname", person_id, name)
        self._change_member(person_id, name=name, petname=name)

    def _change_member(self, person_id: bytes, **facts: object) -> None:
        known = self.view.members
        self.change(members=tuple(replace(m, **facts) if m.person_id == person_id else m for m in known))  # type: ignore[arg-type] # the facts of the test

    def of(self, notebook_id: bytes) -> PeopleView:
        if notebook_id == self.view.notebook_id:
            return self.view
        return PeopleView(notebook_id, "Other", Role.OWNER, (self.myself,))

    def everyone(self) -> tuple[MemberView, ...]:
        return tuple(one for one in self.view.members if not one.me)

    def company(self) -> PeopleView:
        return replace(self.view, notebook_id=b"", members=(), my_role=Role.OWNER)

    # -- sharing

    async def share(
        self,
        notebook_id: bytes,
        role: Role,
        *,
        uses: int = 1,
        ends_ms: int | None = None,
        approval: bool | None = None,
    ) -> InviteView:
        self._do("share", notebook_id, role, uses, ends_ms)
        wanted = role is not Role.READER if approval is None else approval
        number = len(self.view.invites) + 1
        made = InviteView(
            bytes([number]) * 16,
            role,
            uses,
            0,
            ends_ms,
            wanted,
            False,
            True,
            NOW_MS,
            LINK + str(number),
            f"Go: {LINK}",
        )
        self.change(invites=(*self.view.invites, made))
        return made

    async def withdraw(self, notebook_id: bytes, invite_id: bytes) -> None:
        self._do("withdraw", notebook_id, invite_id)
        gone = (replace(i, open=False, withdrawn=True) if i.invite_id == invite_id else i for i in self.view.invites)
        self.change(invites=tuple(gone))

    async def code(self, notebook_id: bytes, role: Role) -> CodeView:
        self._do("code", notebook_id, role)
        made = CodeView(b"c" * 16, ("orbit", "canvas", "meadow"), NOW_MS + 10 * MINUTE, 3, role)
        self.code_list = [made]
        self.tell(CodesChanged())
        return made

    def end_code(self, code_id: bytes) -> None:
        self._do("end_code", code_id)
        self.code_list = []
        self.tell(CodesChanged())

    def codes(self) -> tuple[CodeView, ...]:
        return tuple(self.code_list)

    def requests(self) -> tuple[JoinRequest, ...]:
        return tuple(self.asking)

    def knock(self, name: str, role: Role = Role.WRITER) -> JoinRequest:
        """Somebody asks to be let in."""
        made = JoinRequest(name.encode().ljust(16, b"."), GARDEN, "Garden", name, role, WORDS, NOW_MS)
        self.asking.append(made)
        self.tell(RequestsChanged())
        return made

    async def approve(self, request_id: bytes, yes: bool) -> str:
        self._do("approve", request_id, yes)
        self.asking = [one for one in self.asking if one.request_id != request_id]
        self.tell(RequestsChanged())
        return ""

    async def set_role(self, notebook_id: bytes, person_id: bytes, role: Role) -> None:
        self._do("set_role", notebook_id, person_id, role)
        self._change_member(person_id, role=role)

    async def remove(self, notebook_id: bytes, person_id: bytes) -> None:
        self._do("remove", notebook_id, person_id)
        self.change(members=tuple(m for m in self.view.members if m.person_id != person_id))

    async def leave(self, notebook_id: bytes) -> None:
        self._do("leave", notebook_id)

    async def take_over(self, notebook_id: bytes) -> None:
        self._do("take_over", notebook_id)
        self.change(offered=False)

    async def hand_over(self, notebook_id: bytes, person_id: bytes) -> None:
        self._do("hand_over", notebook_id, person_id)

    async def share_note(self, note_id: bytes, name: str) -> bytes:
        self._do("share_note", note_id, name)
        return GARDEN

    # -- joining

    def look(self, text: str) -> OfferView:
        if "notesapp://join#" not in text:
            raise InviteMissing
        return self.offer

    async def join(self, text: str | tuple[str, ...]) -> bytes:
        self._do("join", text)
        join_id = bytes([len(self.attempts) + 1]) * 16
        self.attempts[join_id] = JoinView(join_id, self.offer, JoinStage.SEARCHING)
        return join_id

    def further(self, join_id: bytes, stage: JoinStage, **facts: object) -> None:
        """The attempt comes further."""
        self.attempts[join_id] = replace(self.attempts[join_id], stage=stage, **facts)  # type: ignore[arg-type]
        self.tell(JoinChanged(join_id))

    def joins(self) -> tuple[JoinView, ...]:
        return tuple(self.attempts.values())

    async def confirm(self, join_id: bytes, yes: bool) -> None:
        self._do("confirm", join_id, yes)
        if not yes:
            refused = JoinRefused(reason="the words were not the same")
            self.further(join_id, JoinStage.FAILED, cause=refused.sentence)

    async def cancel(self, join_id: bytes) -> None:
        self._do("cancel", join_id)
        self.attempts.pop(join_id, None)

    # -- nearby

    async def show_nearby(self, on: bool) -> None:
        self.is_shown_nearby = on

    def nearby(self) -> tuple[NearbyView, ...]:
        return self.near if self.is_shown_nearby else ()

    def appear(self, *names: str) -> None:
        """People show up in the network."""
        self.near = tuple(NearbyView(name.lower(), name, _COLOURS.get(name, 3)) for name in names)
        self.tell(NearbyChanged())

    async def invite_nearby(self, nearby_id: str, notebook_id: bytes, role: Role) -> bytes:
        self._do("invite_nearby", nearby_id, notebook_id, role)
        return nearby_id.encode()

    # -- edits that were set aside

    async def recovered(self, notebook_id: bytes) -> tuple[RecoveredView, ...]:
        return tuple(self.aside)

    def _set_aside_less(self, recovered_id: bytes) -> None:
        self.aside = [one for one in self.aside if one.recovered_id != recovered_id]
        self.view = replace(self.view, recovered=len(self.aside))
        self.tell(RecoveredChanged(self.view.notebook_id))

    async def put_back(self, recovered_id: bytes) -> None:
        self._do("put_back", recovered_id)
        self._set_aside_less(recovered_id)

    async def dismiss(self, recovered_id: bytes) -> None:
        self._do("dismiss", recovered_id)
        self._set_aside_less(recovered_id)

    # -- my devices

    async def link_device(self) -> CodeView:
        self._do("link_device")
        made = CodeView(b"d" * 16, ("winter", "pencil", "harbor"), NOW_MS + 10 * MINUTE, 3, Role.OWNER)
        self.code_list = [made]
        return made

    async def join_as_device(self, words: str | tuple[str, ...], *, bring: bool = False) -> bytes:
        self._do("join_as_device", words, *(("bring",) if bring else ()))
        return await self.join(words)

    def own_notes(self) -> int:
        return self.own

    async def revoke_device(self, device_id: bytes) -> None:
        self._do("revoke_device", device_id)
        devices = tuple(
            replace(one, active=False) if one.device_id == device_id else one for one in self.myself.devices
        )
        self.myself = replace(self.myself, devices=devices)
        self.tell(PeopleChanged(None))

    # -- presence and network

    def show(self, note_id: bytes | None, at: int, anchor: int) -> None:
        self.done.append(("show", note_id, at, anchor))

    def carets(self, note_id: bytes) -> tuple[CaretView, ...]:
        return self.caret_list.get(note_id, ())

    def who_is_in(self, note_id: bytes) -> tuple[MemberView, ...]:
        here = {caret.person_id for caret in self.carets(note_id)}
        return tuple(one for one in self.view.members if one.person_id in here)

    def hide_me(self, on: bool) -> None:
        self.hidden = on

    def network(self) -> NetworkView:
        return self.net

    async def look_again(self) -> None:
        self._do("look_again")

    async def online(self, on: bool) -> None:
        self.net = replace(self.net, on=on)
