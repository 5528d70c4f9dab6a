"""Frozen bytes of every signed or sealed format. If one changes, other versions can't read it any more."""
