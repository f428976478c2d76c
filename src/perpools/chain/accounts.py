"""Accounts of one's own: keys in encrypted keystore files (Web3 Secret Storage, scrypt)."""

import json
import os
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import is_address, to_checksum_address

from perpools.errors import ConfigError
from perpools.spec.units import Address

MODE = 0o600
"""Readable by its owner alone."""


def create(path: Path | str, password: str, *, work: int | None = None) -> LocalAccount:
    """
    A new account, its key in a new file that only this user may read; directories are made.

    `work` is scrypt's cost, a power of two; None: the usual, about a second. A file that is there
    is never overwritten: `ConfigError`.
    """
    path = Path(path)
    if not password:
        raise ConfigError("the password is empty: a keystore needs one")
    account: LocalAccount = Account.create()
    content = Account.encrypt(account.key, password, kdf="scrypt", iterations=work)
    _write(path, json.dumps(content) + "\n")
    return account


def load(path: Path | str, password: str) -> LocalAccount:
    """The account of a keystore; `ConfigError` where file or password is wrong."""
    content = _content(Path(path))
    try:
        key = Account.decrypt(content, password)
    except ValueError:
        raise ConfigError(f"the password of {path} is wrong") from None
    except (KeyError, TypeError, NotImplementedError) as damaged:
        raise ConfigError(f"{path} is damaged: restore its backup ({damaged})") from None
    account: LocalAccount = Account.from_key(key)
    return account


def address_of(path: Path | str) -> Address:
    """Whose keystore it is, as the file itself says: no password is needed, nothing is proved."""
    address = _content(Path(path)).get("address", "")
    if not is_address(address):
        raise ConfigError(f"{path} does not say its address: it is no keystore of ours")
    return to_checksum_address(address)


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"no keystore at {path}: `perpools wallet new` makes one") from None
    except OSError as failed:
        raise ConfigError(f"{path} cannot be read: {failed.strerror}") from None
    except ValueError:
        raise ConfigError(f"{path} is no keystore: it is not JSON") from None
    if not isinstance(content, dict) or "crypto" not in {key.lower() for key in content}:
        raise ConfigError(f"{path} is no keystore: it holds no encrypted key")
    return content


def _write(path: Path, content: str) -> None:
    """A new file, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as failed:
        raise ConfigError(f"{path.parent} cannot be made: {failed.strerror}") from None
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    except FileExistsError:
        raise ConfigError(f"{path} is there already: name a new file") from None
    except OSError as failed:
        raise ConfigError(f"{path} cannot be written: {failed.strerror}") from None
    try:
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as failed:
        path.unlink(missing_ok=True)
        raise ConfigError(f"{path} cannot be written: {failed.strerror}") from None
