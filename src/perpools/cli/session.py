"""
One command's dealings with a chain: which node, who acts, which market, and whether to go on.

Nothing but the address of a node is needed to read or leave a market whose address is known: no
factory, no lens, no file of ours.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import typer
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from rich.console import Console
from rich.status import Status

from perpools.chain import accounts, connect
from perpools.chain.fees import FeePolicy
from perpools.chain.node import Node
from perpools.chain.rehearsal import Rehearsal
from perpools.chain.subject import Subject
from perpools.cli import output
from perpools.cli.output import Facts
from perpools.cli.whereabouts import Whereabouts
from perpools.errors import ConfigError, Refused
from perpools.settings import NO_NODE, Settings
from perpools.spec.units import Address, Timestamp

NO_ACCOUNT = (
    "no account: give --keystore FILE (`perpools wallet new` writes one), or --account ADDRESS "
    "where the node signs for it"
)
NOT_ASKED = "nobody can be asked: standard input is no terminal; agree with --yes"


@dataclass
class Session:
    """What a command knows beside its own arguments."""

    settings: Settings
    given: Node | None = None
    """A node of one's own, in place of the settings'."""
    as_json: bool = False
    yes: bool = False
    dry_run: bool = False

    @property
    def has_node(self) -> bool:
        """Whether there is a chain to ask."""
        return self.given is not None or bool(self.settings.rpc)

    @cached_property
    def node(self) -> Node:
        """The chain that the settings name."""
        return self.given or connected(self.settings)

    @cached_property
    def now(self) -> Timestamp:
        """The clock when it was looked at first: one command reckons with one moment."""
        return self.clock()

    def clock(self) -> Timestamp:
        """
        When a transaction sent now would be mined, at the earliest. The last block alone does not
        say it: a quiet development chain has no blocks in between.
        """
        return max(self.node.block("pending").timestamp, self.node.block().timestamp)

    def again(self) -> "Session":
        """The same command at a later moment."""
        return replace(self)

    @property
    def viewer(self) -> Address | None:
        """Whose holdings are shown; None where no account is set."""
        settings = self.settings
        if settings.keystore is None:
            return to_checksum_address(settings.account) if settings.account else None
        owner = accounts.address_of(settings.keystore)
        if settings.account not in (None, owner) and settings.account.lower() != owner.lower():
            raise ConfigError(f"account: {settings.account} is not the keystore's, {owner}")
        return owner

    @property
    def sender(self) -> Address:
        """Who acts."""
        viewer = self.viewer
        if viewer is None:
            raise ConfigError(NO_ACCOUNT)
        if self.settings.keystore is None and viewer not in self.node.accounts:
            raise ConfigError(f"account: the node does not sign for {viewer}: give --keystore FILE")
        return viewer

    @cached_property
    def hand(self) -> Node:
        """What sends: the node with the account's key; on a dry run, one that only tries."""
        if self.dry_run:
            return Rehearsal.of(self.node)
        keystore, sender = self.settings.keystore, self.sender
        policy = FeePolicy(self.settings.max_fee_wei, self.settings.priority_wei)
        self.node.fees(policy)  # refuses what is above the cap, whoever signs
        if keystore is None:
            return self.node
        signer = self.unlock(keystore)
        if signer.address != sender:
            raise ConfigError(f"{keystore} is damaged: its key is {signer.address}, not {sender}")
        return self.node.signing(signer, fees=policy)

    def publisher(self, keystore: Path | None = None) -> LocalAccount:
        """Who signs the values of a posted feed: the publisher, or the account itself."""
        found = keystore or self.settings.publisher or self.settings.keystore
        if found is None:
            raise ConfigError("no publisher: give --publisher FILE, the keystore of who signs")
        return self.unlock(found)

    def unlock(self, keystore: Path) -> LocalAccount:
        """The key of a keystore, its password from the password file or from who sits there."""
        told = password(self.settings, f"password of {keystore}")
        with self.waiting("opening the keystore"):
            return accounts.load(keystore, told)

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Where markets are found."""
        return Whereabouts(self.node, self.settings)

    def subject(self, named: str | None = None, *others: Address) -> Subject:
        """The market that is meant, as it is now, with the sender's accounts and others'."""
        viewer = self.viewer
        known = tuple(dict.fromkeys([*((viewer,) if viewer else ()), *others]))
        address = self.whereabouts.market(named)
        return Subject.read(self.node, address, known, self.now)

    def agree(self, title: str, plan: Facts, remarks: Sequence[str] = ()) -> None:
        """Say what will happen, and go on only if somebody says yes; a dry run sends nothing."""
        if not (self.as_json and (self.yes or self.dry_run)):
            output.print_facts(plan, title, remarks, aside=self.as_json)
        if self.yes or self.dry_run:
            return
        if not sys.stdin.isatty():
            raise ConfigError(NOT_ASKED)
        typer.echo("Go on? [y/N] ", nl=False, err=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise Refused("declined: nothing was sent")

    def report(self, title: str, plan: Facts, done: Facts) -> None:
        """Tell what came of it; programs also get the plan."""
        told = {"dry_run": True} if self.dry_run else dict(done)
        if self.as_json:
            output.print_json({**plan, **told})
        elif self.dry_run:
            typer.echo("tried on the chain as it is now: it would succeed; nothing was sent")
        else:
            output.print_facts(told, title)

    def waiting(self, what: str) -> Status:
        """A sign of life for people, while something takes its time."""
        return Console(stderr=True).status(what)


def connected(settings: Settings, *, meet: bool = True) -> Node:
    """The chain that the settings name; whether it is there is found out now, or when asked."""
    if not settings.rpc:
        raise ConfigError(NO_NODE)
    chain_id, timeout_s = settings.chain_id, settings.timeout_s
    return connect(*settings.rpc, chain_id=chain_id, timeout_s=timeout_s, meet=meet)


def password(settings: Settings, prompt: str, *, twice: bool = False) -> str:
    """From the password file, else from who sits at the terminal."""
    path = settings.password_file
    if path is not None:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as unreadable:
            reason = getattr(unreadable, "strerror", None) or "not a text file"
            raise ConfigError(f"password_file: {path}: {reason}") from None
        return lines[0] if lines else ""
    if not sys.stdin.isatty():
        raise ConfigError("no password: standard input is no terminal; give --password-file FILE")
    told: str = typer.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True)
    return told
