"""Notesapp: notes for people who write together, on their own computers, without a server."""

__version__ = "0.1.0"
