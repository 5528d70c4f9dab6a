"""The right panel: outline, links to this note, previous versions."""
