"""
The options that commands share: each is a setting, under its own name and explained by it.

A command is written as a function of a session and its own arguments; `reading` and `sending` give
it the options of a chain, read the settings, and open the session.
"""

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, get_type_hints

import typer

from perpools.cli.session import Session
from perpools.settings import Settings

CHAIN = ("rpc", "config", "chain_id", "factory", "market", "account")
SENDING = ("keystore", "password_file", "max_fee_gwei")

_SHOWN_AS = {
    "rpc": "URL",
    "config": "FILE",
    "market": "MARKET",
    "account": "ADDRESS",
    "factory": "ADDRESS",
    "keystore": "FILE",
    "password_file": "FILE",
    "deployment": "FILE",
    "database": "URL",
    "metrics_addr": "HOST:PORT",
    "log_level": "LEVEL",
    "host": "HOST",
    "proxy": "ADDRESS",
    "publisher": "FILE",
    "alert_webhook": "URL",
}

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object.", rich_help_panel="Output")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.", rich_help_panel="Sending")]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Try it on the chain as it is now; send nothing.",
        rich_help_panel="Sending",
    ),
]

_CONTEXT = inspect.Parameter(
    "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
)
"""Its object is a node of one's own, where whoever runs the command line has one."""

Command = Callable[..., None]


def reading(command: Command) -> Command:
    """A command that only reads."""
    return _shared(command, _settings(CHAIN, "Chain"), {"as_json": AsJson})


def reading_as(model: type[Settings], *names: str) -> Callable[[Command], Command]:
    """A command that only reads, and knows these settings of a kind of its own."""

    def shared(command: Command) -> Command:
        settings = {name: option(model, name, "Settings") for name in names}
        return _shared(command, settings, {"as_json": AsJson}, model)

    return shared


def keeping(command: Command) -> Command:
    """A command about a keystore, which may do without a chain."""
    settings = _settings(CHAIN, "Chain") | _settings(SENDING[:2], "Account")
    return _shared(command, settings, {"as_json": AsJson})


def sending(command: Command) -> Command:
    """A command that sends transactions once somebody agreed."""
    settings = _settings(CHAIN, "Chain") | _settings(SENDING, "Sending")
    return _shared(command, settings, {"as_json": AsJson, "yes": Yes, "dry_run": DryRun})


def option(model: type[Settings], name: str, panel: str | None = None) -> Any:
    """The flag of one setting, as an annotation."""
    field = model.model_fields[name]
    is_list = "tuple" in str(field.annotation)
    text = " ".join((field.description or "").split())
    flag = typer.Option(
        "--" + name.replace("_", "-"),
        metavar=_shown_as(name, str(field.annotation)),
        help=text + (" May be repeated." if is_list else ""),
        show_default=False,
        rich_help_panel=panel,
    )
    return Annotated[list[str] | None if is_list else str | None, flag]


def parameter(model: type[Settings], name: str, panel: str | None = None) -> inspect.Parameter:
    """The parameter of one setting, a switch or an option, for a command put together by hand."""
    kind, default = option(model, name, panel), None
    if model.model_fields[name].annotation is bool:
        said = " ".join((model.model_fields[name].description or "").split())
        flag = typer.Option("--" + name.replace("_", "-"), help=said, rich_help_panel=panel)
        kind, default = Annotated[bool, flag], False
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _shown_as(name: str, annotation: str) -> str:
    """What stands for a setting's value in a command's help."""
    if name in _SHOWN_AS:
        return _SHOWN_AS[name]
    for ending, unit in {"_s": "SECONDS", "_gwei": "GWEI"}.items():
        if name.endswith(ending):
            return unit
    if "Literal" in annotation:
        return "|".join(re.findall(r"'(\w+)'", annotation))
    return "NUMBER" if re.search("int|float|Decimal", annotation) else "TEXT"


def _settings(names: Sequence[str], panel: str) -> dict[str, Any]:
    return {name: option(Settings, name, panel) for name in names}


def _shared(
    command: Command,
    settings: dict[str, Any],
    switches: dict[str, Any],
    model: type[Settings] = Settings,
) -> Command:
    """The command with so many options more, which its session knows in their place."""

    @functools.wraps(command)
    def run(context: typer.Context, **given: Any) -> None:
        flags = {name: given.pop(name) for name in settings}
        asked = {name: given.pop(name) for name in switches}
        command(Session(model.load(**flags), context.obj, **asked), **given)

    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for kinds, default in ((settings, None), (switches, False))
        for name, kind in kinds.items()
    ]
    parameters = [_CONTEXT, *_own(command), *shared]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__ = _reflowed(command.__doc__ or "")
    del run.__wrapped__
    return run


def _reflowed(text: str) -> str:
    """Paragraphs without line breaks of their own: the terminal breaks them where it ends."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def _own(command: Command) -> list[inspect.Parameter]:
    """A command's own parameters: all but the session."""
    hints = get_type_hints(command, include_extras=True)
    _, *parameters = inspect.signature(command).parameters.values()
    return [
        parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in parameters
    ]
