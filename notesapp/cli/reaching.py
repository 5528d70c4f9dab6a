"""What the doctor says of the network, and the command `internet`. Decides words only."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from notesapp.cli import output
from notesapp.cli.context import Context, as_json
from notesapp.cli.folders import AsJson
from notesapp.control import calls_people as calls
from notesapp.control.rows_people import InternetRow
from notesapp.errors import BadRequest
from notesapp.node.reach import router_words

_MARKS = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "bad": "[red]✗[/]"}


def network_doctor(known: Context, *, json: bool) -> None:
    """Prints how this computer can be reached and how each other device is, or why it isn't."""
    found = known.ask(calls.NetworkDoctor())
    if json:
        network, others = known.ask(calls.Network()), known.ask(calls.Reach())
        far, me = known.ask(calls.Internet()), known.ask(calls.Me())
        here = {"identity": as_json(me), "network": as_json(network), "internet": as_json(far)}
        findings = [
            {"about": about, "state": row.state, "sentence": row.sentence}
            for about, row in zip(found.about, found.findings, strict=True)
        ]
        return output.data(here | {"clock": as_json(found.clock), "devices": as_json(others), "findings": findings})
    for row in found.findings:
        output.out.print(f"{_MARKS[row.state]} {escape(row.sentence)}")
    return None


def look_closer(known: Context, person: str, *, json: bool) -> None:
    """Prints what a look from both ends shows."""
    rows = known.ask(calls.LookCloser(person), title="Looking from both ends")
    if json:
        return output.data(as_json(rows))
    for row in rows:
        for found in row.findings:
            output.out.print(f"{_MARKS[found.state]} {escape(found.sentence)}")
    return None


def internet(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Argument(help="“on” or “off”; nothing: tell how it is.")] = None,
    be_found: Annotated[
        bool | None, typer.Option("--found/--hidden", help="Whether others may find you, or only you them.")
    ] = None,
    mapping: Annotated[
        bool | None, typer.Option("--mapping/--no-mapping", help="Whether to ask the router to open a port.")
    ] = None,
    relay: Annotated[
        bool | None, typer.Option("--relay/--no-relay", help="Whether to carry for members who can't reach each other.")
    ] = None,
    nodes: Annotated[
        str | None, typer.Option("--nodes", help="DHT nodes of a network of your own; “public”: the public one.")
    ] = None,
    pairs: Annotated[int | None, typer.Option("--relay-pairs", help="For how many pairs at once to carry.")] = None,
    rate: Annotated[int | None, typer.Option("--relay-rate", help="KiB a second to carry for each pair.")] = None,
    stun: Annotated[
        str | None, typer.Option("--stun", help="STUN servers to ask where you are seen, if nobody else tells; “none”.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Find the people of your notebooks on the internet, and be found by them; nothing is looked up before you say on.

    Your IP address is seen by nodes of BitTorrent's public phone book (DHT), with keys that change each day; no node
    learns who you are, whom you look for, or anything of your notes.
    """
    if state not in (None, "on", "off"):
        raise BadRequest(what=f"“{state}” is neither on nor off.")
    known: Context = ctx.obj
    agreed = None if state is None else state == "on"
    bootstrap, servers = _named("--nodes", nodes, "public"), _named("--stun", stun, "none")
    row = known.ask(calls.Internet(agreed, be_found, mapping, relay, bootstrap, pairs, rate, servers))
    if json:
        return output.data(as_json(row))
    for line in _of_far(row):
        output.out.print(line)
    return None


def _named(option: str, said: str | None, nothing: str) -> tuple[str, ...] | None:
    """The addresses that an option names, none of them for the word `nothing`; None if it wasn't given."""
    if said is None or said == nothing:
        return None if said is None else ()
    found = tuple(said.replace(",", " ").split())
    if not found:
        raise BadRequest(what=f"{option} names nothing; give host:port, several with commas between, or “{nothing}”.")
    return found


def _of_far(row: InternetRow) -> list[str]:
    if row.agreed is not True:
        return ["[yellow]![/] People far away are not looked for; `notesapp internet on` does it (see --help)."]
    if not row.on:
        return ["[green]✓[/] People far away are looked for as soon as there is somebody to look for."]
    dht = f"DHT {row.dht}, {row.dht_nodes} nodes"
    lines = [f"[yellow]![/] {dht}. {escape(row.dht_trouble)}." if row.dht_trouble else f"[green]✓[/] {dht}."]
    where = f", seen at {row.external}" if row.external else ""
    told = f"{len(row.mirrors)} of {row.asked} mirrors answered"
    lines.append(f"[green]✓[/] Router: {router_words(row.nat)}{where} ({told}).")
    if row.mapped:
        lines.append(f"[green]✓[/] The router keeps {row.mapped} open for us.")
    elif row.mapping and row.mapping_trouble:
        lines.append(f"[yellow]![/] The router opens no port: {escape(row.mapping_trouble)}.")
    lines.append(f"[green]✓[/] This computer's clock says {row.clock_utc}; if that is hours wrong, nobody is found.")
    return lines
