"""Benchmarks: figures that a command in this repository prints."""
