"""Who we are and whom we let in: keys, person logs, genesis, roster records, fingerprint words. Pure."""
