"""The running program without a window: the only place where layers meet."""
