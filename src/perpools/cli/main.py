"""The command `perpools`: every subcommand is a module of its own, loaded when it is asked for."""

import sys
from importlib import import_module, metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, TyperException
from typer.main import get_command

from perpools.errors import ConfigError, PoolsError
from perpools.spec.errors import Rejected

COMMANDS = {
    "check": "show what a market file means",
    "demo": "a market's story on an embedded chain",
    "transfer": "what the losing side pays when the price moves",
}
"""Each is the function of its name in `perpools.cli.<name>`."""

EXTRAS = {"demo": "demo"}
"""Which extra brings the packages that a subcommand needs beyond a plain installation."""

REFUSED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


class Commands(TyperGroup):
    """The subcommands, none imported before it is asked for: it may need packages you lack."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in alphabetical order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One of them, or None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        app = typer.Typer(add_completion=False)
        function = getattr(import_module(f"perpools.cli.{cmd_name}"), cmd_name)
        app.command(cmd_name)(function)
        return get_command(app)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """A list that loads nothing."""
        formatter.write_usage("perpools", "COMMAND [OPTIONS]")
        with formatter.section("Commands (perpools COMMAND --help says more)"):
            formatter.write_dl(list(COMMANDS.items()))


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


def run() -> None:
    """Run the command line; whatever goes wrong is one line on standard error."""
    try:
        sys.exit(app(sys.argv[1:] or ["--help"], prog_name="perpools", standalone_mode=False))
    except Abort:
        sys.exit(INTERRUPTED)
    except TyperException as wrong:
        _fail(f"{wrong.format_message().rstrip('.')} (see perpools --help)", WRONG_USAGE)
    except ModuleNotFoundError as missing:
        extra = EXTRAS.get(sys.argv[1])
        if extra is None or (missing.name or "").startswith("perpools"):
            raise
        _fail(f"{sys.argv[1]} needs more: pip install 'perpools[{extra}]'", WRONG_USAGE)
    except ConfigError as wrong:
        _fail(str(wrong), WRONG_USAGE)
    except (PoolsError, Rejected) as refusal:
        _fail(str(refusal), REFUSED)


def _fail(message: str, code: int) -> None:
    print(f"perpools: {message}", file=sys.stderr)
    sys.exit(code)
