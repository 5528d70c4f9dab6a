"""What is shared: replicas of notes and notebooks, vetting, undo, Markdown facts. The only door to Automerge."""
