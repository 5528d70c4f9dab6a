"""The operating system's keyring. Decides which of its backends keep a secret, and never waits for one for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from notesapp.errors import KeyringSilent

if TYPE_CHECKING:  # loaded where it is used: it looks for plug-ins, and a passphrase needs none of it
    import keyring.backend

SERVICE = "Notesapp"
DEADLINE_S = 5.0  # a Secret Service without a session to ask in never answers; a start must not hang on it

# Backends that encrypt for the person who is logged in. Others (plain files, `null`, `fail`, scripts) keep no secret.
REAL_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)

T = TypeVar("T")


class Ring(Protocol):
    """Keeps one short secret per name. Every method may raise KeyringSilent."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, secret: str) -> None: ...

    def drop(self, name: str) -> None: ...


class SystemRing:
    """The keyring of the person who is logged in."""

    def __init__(self, backend: keyring.backend.KeyringBackend, deadline_s: float = DEADLINE_S) -> None:
        self._backend = backend
        self._deadline_s = deadline_s

    @classmethod
    def find(cls, deadline_s: float = DEADLINE_S) -> SystemRing | None:
        """The best real keyring here, or None (also when looking for one takes too long)."""
        try:
            backend = within(deadline_s, _best_backend)
        except KeyringSilent:
            return None
        return None if backend is None else cls(backend, deadline_s)

    def get(self, name: str) -> str | None:
        """The secret, or None if there is none by this name."""
        return within(self._deadline_s, lambda: self._backend.get_password(SERVICE, name))

    def put(self, name: str, secret: str) -> None:
        """Keeps the secret."""
        within(self._deadline_s, lambda: self._backend.set_password(SERVICE, name, secret))

    def drop(self, name: str) -> None:
        """Takes the secret away; none by this name is no error."""
        import keyring.errors

        def delete() -> None:
            try:
                self._backend.delete_password(SERVICE, name)
            except keyring.errors.PasswordDeleteError:
                return

        within(self._deadline_s, delete)


def _best_backend() -> keyring.backend.KeyringBackend | None:
    import keyring
    import keyring.backend

    # a person's own choice in keyringrc.cfg counts, if it is a real one
    chosen = keyring.get_keyring()
    usable = [chosen, *(b for b in keyring.backend.get_all_keyring() if b.priority > 0)]
    inner = [b for each in usable for b in getattr(each, "backends", [each])]  # the chainer is only a list
    real = [b for b in inner if is_real(b)]
    if chosen in real:
        return chosen
    return max(real, key=lambda b: b.priority, default=None)


def is_real(backend: object) -> bool:
    """Whether a backend of `keyring` encrypts for this person."""
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}" in REAL_BACKENDS


def within(deadline_s: float, ask: Callable[[], T]) -> T:
    """What `ask` returns, if it does so in time; raises KeyringSilent if not, or if the keyring refuses.

    The thread of a call that never returns is left behind: it holds nothing of ours, and a daemon ends with us.
    """
    answers: list[T] = []
    troubles: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(ask())
        except BaseException as trouble:  # noqa: BLE001 - handed to the waiting thread, which raises it
            troubles.append(trouble)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(deadline_s)
    if answers:
        return answers[0]
    if troubles:
        # backends raise what their bus raises (jeepney, ctypes, OSError): to a person it is all "the keyring refuses"
        raise KeyringSilent(why=f"{type(troubles[0]).__name__}: {troubles[0]}") from troubles[0]
    raise KeyringSilent(why=f"no answer within {deadline_s:g} seconds")
