"""People as small values on the screen: faces, the words about them, and what is asked of the node."""
