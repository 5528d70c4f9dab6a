"""Asks where the makers publish, once, whether there is a new version. Decides how long, how much, and over what.

Only called when the person agreed. Nothing is sent but the request itself: no version, no name, no cookie.
"""

from __future__ import annotations

import asyncio
import time
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from notesapp.errors import FeedUnreachable
from notesapp.identity.release import FEED_LIMIT_BYTES, Release

DEADLINE_S = 20.0
_STEP_S = 5.0  # how long one step of the conversation may be silent
_PIECE_BYTES = 4096


class _StaysSecure(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme != urlsplit(req.full_url).scheme:
            return None  # never from https to something that anybody on the way can read or change
        return super().redirect_request(req, fp, code, msg, headers, newurl)


async def newest(url: str, keys: tuple[bytes, ...], deadline_s: float = DEADLINE_S) -> Release:
    """What is announced there. FeedUnreachable if nobody answers in time, RemoteError if it isn't the makers' word."""
    try:
        async with asyncio.timeout(deadline_s):
            feed = await asyncio.to_thread(_fetch, url, time.monotonic() + deadline_s)
    except TimeoutError:
        raise FeedUnreachable(why=f"no answer within {deadline_s:g} seconds") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
        raise FeedUnreachable(why=str(reason)[:100]) from error
    return Release.read(feed, keys)


def _fetch(url: str, ends_s: float) -> bytes:
    opener = urllib.request.build_opener(_StaysSecure)
    opener.addheaders = [("User-Agent", "Notesapp"), ("Accept", "application/octet-stream")]
    with opener.open(url, timeout=min(_STEP_S, max(0.1, ends_s - time.monotonic()))) as answer:
        found = bytearray()
        # one byte more than allowed is enough to know that it is too long
        while len(found) <= FEED_LIMIT_BYTES and (piece := answer.read1(_PIECE_BYTES)):
            found += piece
            if time.monotonic() > ends_s:
                raise TimeoutError
        return bytes(found)
