"""What dmgbuild reads: the program beside a link to Applications. `defines` comes from its command line."""

# mypy: ignore-errors
import os

application = defines["app"]  # noqa: F821 - dmgbuild puts it there
name = os.path.basename(application)
format = "UDZO"
files = [application]
symlinks = {"Applications": "/Applications"}
icon_locations = {name: (140, 120), "Applications": (500, 120)}
window_rect = ((200, 120), (640, 280))
icon_size = 128
