"""`perpools serve`: index, API and dashboard in one process."""

import inspect
import os
import sys
import threading
from collections.abc import Callable
from typing import Annotated, Any

import typer

from perpools.cli import output
from perpools.cli.options import parameter
from perpools.errors import ConfigError
from perpools.settings import NO_NODE, OwnWords
from perpools.web.options import ServeSettings

CHAIN = (
    "rpc",
    "config",
    "chain_id",
    "deployment",
    "factory",
    "market",
    "from_block",
    "confirmations",
    "timeout_s",
)
SERVER = ("database", "no_follow", "host", "port", "proxy")
OF_A_DEMO = ("host", "port", "proxy")

Demo = Annotated[
    bool, typer.Option("--demo", help="Serve a chain of its own, where nothing is worth anything.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Tell the address as one JSON object.")]

HELP = """
Index markets, and serve the API and the dashboard, until interrupted.

Without a factory or a market it is every market that the chain's factories announced. The database
is a file here unless you name another one; `--no-follow` serves one that another process writes.
docs/dashboard.md tells how to run it for others.

With --demo: a chain in this process, three markets with traders, keeper and claimer, and an account
for each browser.

For example: perpools serve --demo --port 0
"""


class _Own(OwnWords, ServeSettings):
    """Of a demo: what somebody's file says is about another chain."""


def _serve(demo: bool, as_json: bool, **flags: Any) -> None:
    given = {name: value or None for name, value in flags.items()}
    tell = _teller(as_json=as_json)
    if not demo:
        _real(ServeSettings.load(**given), tell)
        return
    strange = [name for name, value in given.items() if value and name not in OF_A_DEMO]
    if strange:
        flag = "--" + strange[0].replace("_", "-")
        raise ConfigError(f"{flag}: a demo has a chain and a database of its own: leave it away")
    try:
        from perpools.cli import serve_demo
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("perpools"):
            raise
        raise ConfigError("--demo needs more: pip install 'perpools[bot,demo,web]'") from None
    serve_demo.run(_Own.load(**given), tell)


def _real(settings: ServeSettings, tell: Callable[[str], None]) -> None:
    if not settings.rpc and not settings.no_follow:
        raise ConfigError(NO_NODE)
    from perpools.cli import following, serving

    with serving.opened(settings) as database:
        serving.run(settings, database, following.reach(settings, database), tell)


def _leave() -> None:
    """
    End the process without waiting for threads that still compute, or still ask a node: nobody
    wants their answers, and whatever is written is written whole or not at all.
    """
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _teller(*, as_json: bool) -> Callable[[str], None]:
    def tell(url: str) -> None:
        if as_json:
            output.print_json({"url": url})
        else:
            typer.echo(f"open {url} (Ctrl-C ends it)")

    return tell


def _command() -> Callable[..., None]:
    def serve(demo: bool = False, json_: bool = False, **flags: Any) -> None:
        _serve(demo, json_, **flags)
        _leave()

    keyword = inspect.Parameter.KEYWORD_ONLY
    switches = [
        inspect.Parameter("demo", keyword, default=False, annotation=Demo),
        inspect.Parameter("json_", keyword, default=False, annotation=AsJson),
    ]
    settings = [
        *(parameter(ServeSettings, name, "Chain") for name in CHAIN),
        *(parameter(ServeSettings, name, "Server") for name in SERVER),
    ]
    told = [*switches, *settings]
    serve.__signature__ = inspect.Signature(told)  # type: ignore[attr-defined]
    serve.__annotations__ = {one.name: one.annotation for one in told}
    serve.__doc__ = inspect.cleandoc(HELP)
    return serve


serve = _command()
