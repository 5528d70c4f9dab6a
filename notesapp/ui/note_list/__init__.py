"""The middle pane: the notes of one place."""
