"""The local door: a socket on which a second start, the command line and tests reach the running node."""
