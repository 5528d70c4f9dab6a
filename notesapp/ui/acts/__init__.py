"""What a person can do, noun by noun. Acts ask, call the node, and say what happened; they draw nothing."""
