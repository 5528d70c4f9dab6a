"""Asking whether there is a new version: in time, within a limit, and believing only the makers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from notesapp.errors import FeedUnreachable, RemoteError
from notesapp.identity.primitives import signing_pair
from notesapp.identity.release import FEED_LIMIT_BYTES, Release
from notesapp.node.releases import newest

pytestmark = pytest.mark.socket

SEED = bytes(range(32))
KEYS = (signing_pair(SEED)[0],)
NEWEST = Release("9.0", 0, "https://notesapp.example/9")
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def site(answer: Answer) -> AsyncIterator[str]:
    """A web server of one answer, on loopback."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await answer(reader, writer)
            await writer.drain()
        except OSError:
            pass  # who asked has heard enough
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/release.feed"


def page(body: bytes, head: str = "200 OK", more: str = "") -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n".encode() + body
        )

    return answer


async def test_what_the_makers_announce_is_told() -> None:
    async with site(page(NEWEST.write(SEED))) as url:
        assert await newest(url, KEYS) == NEWEST


async def test_nothing_but_the_request_is_sent() -> None:
    heard: list[bytes] = []

    async with asyncio.timeout(20):

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            await page(NEWEST.write(SEED))(reader, writer)
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            await newest(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/release.feed", KEYS)
    lines = heard[0].decode().lower().split("\r\n")
    assert lines[0] == "get /release.feed http/1.1"
    names = {line.partition(":")[0] for line in lines[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert "user-agent: notesapp" in lines


async def test_what_somebody_else_announces_is_refused() -> None:
    async with site(page(NEWEST.write(bytes(32)))) as url:
        with pytest.raises(RemoteError, match="none of the makers"):
            await newest(url, KEYS)


async def test_a_page_without_end_is_left() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(1000):
            writer.write(bytes(FEED_LIMIT_BYTES))
            await writer.drain()

    async with site(endless) as url:
        with pytest.raises(RemoteError, match="more than"):
            await newest(url, KEYS)


async def test_a_site_that_says_nothing_is_given_up_in_time() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with site(silent) as url:
        began = time.monotonic()
        with pytest.raises(FeedUnreachable, match="can't be seen now"):
            await newest(url, KEYS, deadline_s=0.5)
        assert time.monotonic() - began < 20


async def test_a_site_that_drips_is_given_up_in_time() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with site(drip) as url:
        with pytest.raises(FeedUnreachable):
            await newest(url, KEYS, deadline_s=0.5)


async def test_nobody_there_is_no_bug() -> None:
    async with site(page(b"")) as url:
        pass
    with pytest.raises(FeedUnreachable):
        await newest(url, KEYS)
    for head in ("404 Not Found", "500 Oops"):
        async with site(page(b"", head)) as url:
            with pytest.raises(FeedUnreachable):
                await newest(url, KEYS)
    for nonsense in ("https://", "notesapp://join", "https://[", "https://a b/"):
        with pytest.raises(FeedUnreachable):
            await newest(nonsense, KEYS)


async def test_a_site_can_not_lead_to_an_open_way() -> None:
    async with site(page(b"", "302 Found", "Location: ftp://127.0.0.1/x\r\n")) as url:
        with pytest.raises(FeedUnreachable):
            await newest(url, KEYS)
