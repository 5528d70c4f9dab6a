"""One random life of a small world: typing, crashes, partitions, wrong clocks, then peace."""

from __future__ import annotations

from notesapp.identity.roles import RULERS, Role
from notesapp.sync.body import INDEX_ID
from tests.world.time import YEAR_MS
from tests.world.world import World

NAMES = ("Alice", "Bob", "Carol", "Dave", "Eve", "Frank", "Grace")


def word(step: int) -> str:
    """One letter, so that nobody types into the middle of it."""
    return chr(0x4E00 + step)


def rule(world: World, by: str, name: str) -> None:
    """A ruler makes somebody a reader, a writer again, or removes him, as far as he may and knows."""
    ruler, person = world[by], world.household.person(name)
    member, own = ruler.roster.members.get(person), ruler.roster.members.get(ruler.person)
    if own is None or own.role not in RULERS or member is None or member.role in RULERS:
        return
    world.unlucky.add(name)
    if member.role is Role.READER:
        ruler.rule(lambda scribe: scribe.change(person, Role.WRITER, {}))
    elif world.clock.chance.random() < 0.7:
        ruler.rule(lambda scribe: scribe.change(person, Role.READER, ruler.have_of(person)))
    else:
        ruler.remove(person)


def live(seed: int, steps: int = 40) -> World:
    """A world after its adventures, healed and checked; in every third one people lose and get rights."""
    ruled = seed % 3 == 0
    world = World(
        seed,
        list(NAMES[: 3 + seed % 5 if seed % 10 == 0 else 3 + seed % 2]),
        roles={"Bob": Role.ADMIN} if ruled else None,
    )
    chance, names = world.clock.chance, list(world.replicas)
    world.weather.loss = chance.choice((0.0, 0.1, 0.3))
    world.weather.piece_bytes = chance.choice((100, 1400, 40_000))
    for replica in world.replicas.values():
        replica.skew_ms = chance.choice((0, 0, -YEAR_MS, YEAR_MS, chance.randrange(-10_000, 10_000)))
    for step in range(steps):
        replica = world[chance.choice(names)]
        match chance.randrange(12):
            case 0 if replica.notes:
                replica.create_note(word(step))
            case 1:
                world.part(*chance.sample(names, 2))
            case 2:
                world.join(*chance.sample(names, 2))
            case 3 if chance.random() < 0.2:
                world.part_all()
            case 4 if chance.random() < 0.5:
                world.join_all()
            case 5 if chance.random() < 0.4:
                world.crash(replica.name)
            case 6:
                world.dial(*chance.sample(names, 2))
            case 7 if ruled and chance.random() < 0.3:
                rule(world, chance.choice(("Alice", "Bob")), chance.choice(names[2:]))
            case _:
                notes = sorted(note for note in replica.notes if note != INDEX_ID)
                if notes:
                    replica.type(chance.choice(notes), word(step), chance.choice((None, 0, 5)))
                else:
                    replica.create_note(word(step))
        world.run(chance.choice((0, 5, 30, 300, 2000)))
        if step % 10 == 9:
            world.check()
        if world.clock.deeds % 200 < 3:
            world.crash(chance.choice(names))
    world.settle()
    return world
