"""The left pane: who I am, where to look, and how the text is kept."""
