"""The headless skin: the same node without a window."""
