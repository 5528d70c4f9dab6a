"""How bytes travel: links over real networks. Knows keys and addresses, no notes."""
