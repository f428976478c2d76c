"""The command `perpools`: every subcommand is a module of its own, loaded when it is asked for."""

import sys
from importlib import import_module, metadata
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import Abort, TyperException
from typer.main import get_command

from perpools.cli.advice import advised
from perpools.errors import ConfigError, PoolsError
from perpools.spec.errors import Rejected

CHAIN = {
    "cancel": "take an order back before its cut-off",
    "claim": "fetch everything that was executed",
    "deploy": "deploy a market from its file",
    "markets": "list the markets of a factory",
    "operator": "show who may act for you, appoint or dismiss",
    "order": "mint, burn or flip long or short",
    "pair": "mint or redeem both sides at once",
    "pay-fees": "send a market's management fees to who earns them",
    "portfolio": "show what an account has, waits for and earned",
    "publish": "post a value to a posted feed",
    "quote": "show what an order would come to",
    "rebalance": "close an epoch that is due",
    "recipient": "pass on who earns a market's management fees",
    "redeem": "give back tokens of a wound-down market",
    "sandbox": "set up everything on a development chain",
    "show": "show a market and what comes next",
    "vault": "deploy an ERC-7540 vault of a side",
    "wallet": "make a keystore, or show its account",
    "watch": "follow a market's orders and events",
    "wind-down": "stop a market whose feed is dead",
    "withdraw": "send part of your escrow, to any account",
}
"""What needs a chain: its address is all that most of them need."""

BOTS = {
    "balancer": "order into the smaller side, on paper or with a budget",
    "claimer": "claim for others where they left a tip",
    "keeper": "close every epoch of the factory's markets in time",
    "watcher": "tell what happens in markets, and alert when something is wrong",
}
"""What runs until it is stopped."""

INDEX = {
    "index": "keep markets' past and present in a database",
}
"""What needs a database."""

SIM = {
    "backtest": "play a market over past prices",
    "simulate": "play a market over many prices that could be",
    "sweep": "play many settings of a market over the same prices",
}
"""What simulates."""

WEB = {
    "serve": "show markets in the browser, and to programs",
}
"""What others look at."""

COMMANDS = {
    "check": "show what a market file means",
    "demo": "a market's story on an embedded chain",
    "transfer": "what the losing side pays when the price moves",
    **CHAIN,
    **BOTS,
    **INDEX,
    **SIM,
    **WEB,
}
"""Each is the function of its name in `perpools.cli.<name>`, dashes as underscores."""

EXTRAS = {
    "demo": "demo",
    **dict.fromkeys(CHAIN, "chain"),
    **dict.fromkeys(BOTS, "bot"),
    **dict.fromkeys(INDEX, "index"),
    **dict.fromkeys(SIM, "sim"),
    **dict.fromkeys(WEB, "web"),
}
"""Which extra brings the packages that a subcommand needs beyond a plain installation."""

REFUSED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


class Subcommand(TyperCommand):
    """One whose help names no type for an option that takes no value."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The command's own, and `--help`."""
        parameters: list[Any] = super().get_params(ctx)
        for parameter in parameters:
            if getattr(parameter, "is_flag", False):
                parameter.metavar = ""
        return parameters


class Commands(TyperGroup):
    """The subcommands, none imported before it is asked for: it may need packages you lack."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One of them, or None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        app = typer.Typer(add_completion=False, rich_markup_mode="markdown")
        name = cmd_name.replace("-", "_")
        function = getattr(import_module(f"perpools.cli.{name}"), name)
        app.command(cmd_name, cls=Subcommand)(function)
        return get_command(app)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """A list that loads nothing."""
        formatter.write_usage("perpools", "COMMAND [OPTIONS]")
        with formatter.section("Commands (perpools COMMAND --help says more)"):
            formatter.write_dl(sorted(COMMANDS.items()))


app = typer.Typer(cls=Commands, add_completion=False, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"perpools {metadata.version('perpools')}")
        raise typer.Exit


@app.callback()
def perpools(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Perpetual Pools: one price, two tokens, long and short, leveraged, never liquidated."""


def run(node: Any = None) -> None:
    """
    Run the command line, on a node of one's own where one is given; whatever goes wrong is one
    line on standard error.
    """
    arguments = sys.argv[1:] or ["--help"]
    try:
        sys.exit(app(arguments, prog_name="perpools", standalone_mode=False, obj=node))
    except Abort:
        sys.exit(INTERRUPTED)
    except TyperException as wrong:
        told = wrong.format_message().rstrip(".").replace("Value error, ", "")
        _fail(f"{told} (see perpools --help)", WRONG_USAGE)
    except ModuleNotFoundError as missing:
        extra = EXTRAS.get(sys.argv[1])
        if extra is None or (missing.name or "").startswith("perpools"):
            raise
        _fail(f"{sys.argv[1]} needs more: pip install 'perpools[{extra}]'", WRONG_USAGE)
    except ConfigError as wrong:
        _fail(str(wrong), WRONG_USAGE)
    except Rejected as refusal:
        _fail(advised(refusal), REFUSED)
    except PoolsError as failed:
        _fail(str(failed), REFUSED)


def _fail(message: str, code: int) -> None:
    print(f"perpools: {message}", file=sys.stderr)
    sys.exit(code)
