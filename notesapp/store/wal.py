"""Looks into a write-ahead log after an unclean end. Decides whether SQLite left saves unread in it; mends the chain.

SQLite stops reading a log at the first frame whose checksum is wrong and says nothing; what was saved behind is gone.
All frames of one log carry the same salts, so frames behind the stop that carry them were once written: after a power
cut unfinished ones, after a rotten bit acknowledged ones. Format: https://sqlite.org/fileformat2.html#walformat
"""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HEADER, FRAME = 32, 24
MAGIC = (0x377F0682, 0x377F0683)  # checksums little- or big-endian
VERSION = 3007000


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in a log: frames that belong to it, and after which of them a save was complete."""

    frames: int
    commits: tuple[int, ...]  # number of frames up to and including each commit
    header_good: bool

    def unread_commits(self, accepted: int) -> int:
        """How many saves lie behind the frames that SQLite accepts."""
        return sum(1 for end in self.commits if end > accepted)


def look(path: Path, page_size: int) -> Look:
    """What lies in the log at `path`; nothing if there is none. Reads frame headers only."""
    try:
        with open(path, "rb") as file:
            header = file.read(HEADER)
            frames: list[bytes] = []
            while len(frame := file.read(FRAME)) == FRAME:
                frames.append(frame)
                file.seek(page_size, 1)
            size = file.seek(0, 2)
    except FileNotFoundError:
        return Look(0, (), True)
    if size > HEADER and (size - HEADER) % (FRAME + page_size):
        frames = frames[: (size - HEADER) // (FRAME + page_size)]  # the last one is cut off
    salts = _salts(header, frames)
    last = max((n for n, frame in enumerate(frames, 1) if frame[8:16] == salts), default=0)
    commits = tuple(
        n for n, frame in enumerate(frames[:last], 1) if frame[8:16] == salts and struct.unpack(">I", frame[4:8])[0]
    )
    return Look(last, commits, _header_good(header))


def mend(path: Path, page_size: int) -> int:
    """Make the log's chain of checksums right again in place, so that SQLite reads to its last complete save.

    What is wrong in a page stays wrong and shows when it is read (each page has a MAC of its own). Returns how many
    frames don't have their checksum: one of them may stand for a page that nobody can name any more.
    """
    data = bytearray(path.read_bytes())
    step = FRAME + page_size
    frames = [bytes(data[at : at + FRAME]) for at in range(HEADER, len(data) - step + 1, step)]
    salts = _salts(bytes(data[:HEADER]), frames)
    last = max((n for n, frame in enumerate(frames, 1) if frame[8:16] == salts), default=0)
    little = struct.unpack(">I", data[:4])[0] != MAGIC[1]
    sequence = data[12:16] if _header_good(bytes(data[:HEADER])) else b"\0\0\0\1"
    data[:24] = struct.pack(">III", MAGIC[0] if little else MAGIC[1], VERSION, page_size) + sequence + salts
    told = struct.unpack(">II", data[24:32])  # as it was written, right or wrong
    running = _checksum(bytes(data[:24]), (0, 0), little)
    data[24:32] = struct.pack(">II", *running)
    good, doubtful = bytearray(data[:HEADER]), 0
    for at in range(HEADER, HEADER + last * step, step):
        frame = data[at : at + step]
        expected = _frame_checksum(frame, told, little)
        told = struct.unpack(">II", frame[16:24])
        doubtful += expected != told or frame[8:16] != salts
        if frame[:4] == bytes(4):
            continue  # no page has the number 0: SQLite would stop here
        frame[8:16] = salts
        running = _frame_checksum(frame, running, little)
        frame[16:24] = struct.pack(">II", *running)
        good += frame
    path.write_bytes(good)
    return doubtful


def _frame_checksum(frame: bytearray, start: tuple[int, int], little: bool) -> tuple[int, int]:
    return _checksum(bytes(frame[FRAME:]), _checksum(bytes(frame[:8]), start, little), little)


def _salts(header: bytes, frames: list[bytes]) -> bytes:
    """The salts of this log: those of its header, or of most of its first frames if the header is rotten."""
    if _header_good(header) or not frames:
        return header[16:24].ljust(8, b"\0")
    return Counter(frame[8:16] for frame in frames[:9]).most_common(1)[0][0]


def _header_good(header: bytes) -> bool:
    if len(header) < HEADER:
        return False
    magic, version = struct.unpack(">II", header[:8])
    if magic not in MAGIC or version != VERSION:
        return False
    return struct.unpack(">II", header[24:32]) == _checksum(header[:24], (0, 0), magic == MAGIC[0])


def _checksum(data: bytes, start: tuple[int, int], little: bool) -> tuple[int, int]:
    one, two = start
    words = struct.unpack(f"{'<' if little else '>'}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        one = (one + words[at] + two) & 0xFFFFFFFF
        two = (two + words[at + 1] + one) & 0xFFFFFFFF
    return one, two
