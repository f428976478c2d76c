"""`perpools wallet`: a keystore of one's own, and what its account has."""

import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from perpools.chain import accounts
from perpools.cli import output
from perpools.cli.options import keeping
from perpools.cli.session import Session, password
from perpools.errors import ConfigError
from perpools.settings import Settings
from perpools.values import coin

FILE = Path("wallet.json")
PASSWORD_BYTES = 24
"""More than anybody guesses; nobody has to remember it."""

File = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="The keystore; wallet.json if not given.")
]


@keeping
def wallet(
    session: Session,
    action: Annotated[Literal["new", "show"], typer.Argument(help="Make one, or look at it.")],
    file: File = None,
) -> None:
    """Make a keystore, or show the account of one.

    For example: perpools wallet new wallet.json --password-file wallet.password

    The key is encrypted with a password: the first line of the password file, or what you type.
    Where the password file does not exist, a password is made up and written to it: keep both,
    and apart. Without either the money is gone.
    """
    settings = session.settings
    if action == "new":
        facts = _new(settings, file or settings.keystore or FILE)
    else:
        facts = _show(session, file)
    if session.as_json:
        output.print_json(facts)
    else:
        output.print_facts(facts, "wallet")


def _new(settings: Settings, file: Path) -> dict[str, Any]:
    if file.exists():
        raise ConfigError(f"{file}: is there already, and is never overwritten: name another file")
    made = settings.password_file is not None and not settings.password_file.exists()
    if made and settings.password_file is not None:
        _write_password(settings.password_file)
    account = accounts.create(file, password(settings, f"password for {file}", twice=True))
    return {"account": account.address, "keystore": str(file)}


def _show(session: Session, file: Path | None) -> dict[str, Any]:
    """The account, and where a node is set what it has."""
    settings = session.settings
    keystore = file or settings.keystore or (None if settings.account else FILE)
    account = settings.account if keystore is None else accounts.address_of(keystore)
    facts: dict[str, Any] = {"account": account, "keystore": str(keystore) if keystore else None}
    if session.has_node and account:
        facts |= {
            "chain": str(session.node.chain_id),
            "balance": coin(session.node.balance(account)),
        }
    return facts


def _write_password(path: Path) -> None:
    """A new password that only its owner can read."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as refused:
        raise ConfigError(f"password_file: {path}: {refused.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(PASSWORD_BYTES) + "\n")
