"""The editor: Markdown that looks like what it means, and never moves under the caret."""
