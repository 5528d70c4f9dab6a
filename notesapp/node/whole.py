"""One transaction of several steps on the writing store. Decides how a full disk in the middle of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from notesapp.store import database
from notesapp.store.store import Store


@contextmanager
def whole(store: Store) -> Iterator[None]:
    """All that the block writes, or nothing; DiskFull, CannotWrite or StoreDamaged say why not."""
    try:
        store.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            store.db.execute("COMMIT")
        except BaseException:
            if store.db.in_transaction:  # SQLite rolls back by itself when the disk is full
                store.db.execute("ROLLBACK")
            raise
    except apsw.Error as error:
        cause = _cause(error)
        if isinstance(cause, (*database.DISK_TROUBLE, *database.DAMAGE)):
            raise database.explain(cause, store.path) from error
        raise


def _cause(error: BaseException) -> BaseException:
    """The first trouble of the disk: what it broke on the way out (a savepoint that is gone) hides it."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, (*database.DISK_TROUBLE, *database.DAMAGE)):
            return found
        found = found.__context__
    return error
