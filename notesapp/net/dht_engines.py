"""Which engine of the DHT this system has. Decides by trying, and says why if there is none."""

from __future__ import annotations

from notesapp.net.dht import DhtEngine, DhtOptions, DhtState, NoDht


def engine(options: DhtOptions) -> DhtEngine:
    """The engine of this system; `NoDht` with the reason where libtorrent can't be loaded."""
    try:
        from notesapp.net.libtorrent_dht import LibtorrentDht
    except (ImportError, OSError) as error:
        return NoDht(
            DhtState.MISSING,
            f"There is no libtorrent for this system ({error}), so people outside this network can't be looked up; "
            "a link or an address from them still works",
        )
    return LibtorrentDht(options)
