"""What the doctor says of the network, and the command `internet`. Decides words only."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from notesapp.cli import output
from notesapp.cli.context import Context, as_json
from notesapp.cli.folders import AsJson
from notesapp.control import calls_people as calls
from notesapp.control.rows_people import InternetRow, NetworkRow, ReachRow
from notesapp.errors import BadRequest


def network_doctor(known: Context, *, json: bool) -> None:
    """Prints how this computer can be reached and how each other device is, or why it isn't."""
    network, others = known.ask(calls.Network()), known.ask(calls.Reach())
    far, me = known.ask(calls.Internet()), known.ask(calls.Me())
    if json:
        here = {"identity": as_json(me), "network": as_json(network), "internet": as_json(far)}
        return output.data(here | {"devices": as_json(others)})
    for line in (*_of_here(network), *_of_far(far), *(_of(row) for row in others)):
        output.out.print(line)
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
    bootstrap = None if nodes is None else (() if nodes == "public" else tuple(nodes.replace(",", " ").split()))
    row = known.ask(calls.Internet(agreed, be_found, mapping, relay, bootstrap))
    if json:
        return output.data(as_json(row))
    for line in _of_far(row):
        output.out.print(line)
    return None


def _of_far(row: InternetRow) -> list[str]:
    if row.agreed is not True:
        return ["[yellow]![/] People far away are not looked for; `notesapp internet on` does it (see --help)."]
    if not row.on:
        return ["[green]✓[/] People far away are looked for as soon as there is somebody to look for."]
    dht = f"DHT {row.dht}, {row.dht_nodes} nodes"
    lines = [f"[yellow]![/] {dht}. {escape(row.dht_trouble)}." if row.dht_trouble else f"[green]✓[/] {dht}."]
    where = f", seen at {row.external}" if row.external else ""
    lines.append(f"[green]✓[/] Router: {row.nat}{where} ({len(row.mirrors)} of {row.asked} mirrors answered).")
    if row.mapped:
        lines.append(f"[green]✓[/] The router keeps {row.mapped} open for us.")
    elif row.mapping and row.mapping_trouble:
        lines.append(f"[yellow]![/] The router opens no port: {escape(row.mapping_trouble)}.")
    lines.append(f"[green]✓[/] This computer's clock says {row.clock_utc}; if that is hours wrong, nobody is found.")
    return lines


def _of_here(row: NetworkRow) -> list[str]:
    if not row.on:
        return ["[yellow]![/] Sharing is switched off."]
    where = ", ".join(row.addresses) or "no address"
    lines = [f"[green]✓[/] UDP port {row.port}; this computer is at {escape(where)}."]
    if row.trouble is not None:
        lines.append(f"[yellow]![/] {escape(row.trouble)} {escape(row.remedy or '')}".rstrip())
    return lines


def _of(row: ReachRow) -> str:
    nats = f"routers: {row.my_nat} here, {row.their_nat} there"
    if row.path:
        lag = f", {row.lag_ms} ms" if row.lag_ms is not None else ""
        mark = "[yellow]![/]" if row.stage == "silent" else "[green]✓[/]"
        quiet = ", silent now" if row.stage == "silent" else ""
        return f"{mark} {escape(row.name)}: {row.path}{lag}{quiet} ({nats})"
    why = " ".join(filter(None, (row.cause, row.remedy))) or (f"Last: {row.error}." if row.error else "")
    return f"[yellow]![/] {escape(row.name)}: {row.stage} ({nats}). {escape(why)}".rstrip()
