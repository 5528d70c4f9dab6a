"""How two peers talk: entries, feeds, signed heads and frontiers. Sans-IO: no asyncio, clock, dice or socket."""
