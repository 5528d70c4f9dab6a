"""How bytes stay: an encrypted SQLite file, its journal, search, blobs and backups. Knows ids and bytes only."""
