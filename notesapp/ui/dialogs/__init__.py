"""What opens above the window: sheets in it, and the few windows beside it. None of them blocks the event loop."""
